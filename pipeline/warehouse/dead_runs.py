"""Runs whose process died without a word (power cut, SIGKILL): the next run marks them as failed."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipeline.errors import GiaobanError

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
        if mark and process_mark(int(mark.partition(":")[0])) != mark:
            instance.report_run_failed(stopped, "Tiến trình của lần chạy này đã dừng đột ngột; kho số liệu giữ nguyên.")
    instance.add_run_tags(run.run_id, {PROCESS_TAG: process_mark(os.getpid()) or ""})


def process_mark(pid: int) -> str | None:
    """`pid:start` of a living process, so that a number used again is not mistaken; None if it is dead."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except ProcessLookupError:
        return None
    except (PermissionError, FileNotFoundError):
        return f"{pid}:"  # not ours, or a system without /proc: the number must do
    return None if state[0] == "Z" else f"{pid}:{state[19]}"
