"""Runs whose process died without a word (power cut, SIGKILL): the next run marks them as failed."""

from __future__ import annotations

import os

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipeline.errors import GiaobanError
from pipeline.warehouse.process import is_alive, process_mark

PROCESS_TAG = "giaoban/process"
RESUMED_TAGS = ("dagster/is_resume_retry", "dagster/is_asset_resume_retry")


def begin_run(instance: DagsterInstance, run: dg.DagsterRun) -> None:
    """Sign the run with its process and mark runs of dead processes as failed.

    A re-execution of only the failed steps is refused: what the other steps had made was never published.
    """
    if any(run.tags.get(tag) == "true" for tag in RESUMED_TAGS):
        raise GiaobanError(
            "Không chạy tiếp được từ bước bị lỗi: kết quả của các bước trước không được lưu lại. "
            "Đề nghị chạy lại toàn bộ (Re-execute all)."
        )
    for stopped in instance.get_runs(filters=RunsFilter(statuses=[DagsterRunStatus.STARTED])):
        mark = stopped.tags.get(PROCESS_TAG)
        if mark and not is_alive(mark):
            instance.report_run_failed(stopped, "Tiến trình của lần chạy này đã dừng đột ngột; kho số liệu giữ nguyên.")
    instance.add_run_tags(run.run_id, {PROCESS_TAG: process_mark(os.getpid()) or ""})
