"""Runs that nobody asks about any more: their record, events and logs go, so that the record stays small."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipeline.quarters import Quarter, quarters_between

KEPT_FOR = timedelta(days=92)
AT_ONCE = 10  # each takes some 25 ms
PARTITION_TAG = "dagster/partition"
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def forget_old_runs(instance: DagsterInstance, now: datetime) -> list[str]:
    """Delete some ended runs of more than a quarter ago with their events and logs, the oldest first; their ids.

    Called at the start of each run, it keeps up without making anybody wait. The last success of each job and
    quarter stays: the interface knows by it what was made, and when.
    """
    old = {run.run_id for run in instance.get_runs(filters=RunsFilter(statuses=_ENDED, created_before=now - KEPT_FOR))}
    if not old:
        return []
    made: set[Hashable] = set()
    forgotten = []
    for run in instance.get_runs(filters=RunsFilter(statuses=_ENDED)):  # the latest first
        makes = set(_made_by(run)) - made if run.status == DagsterRunStatus.SUCCESS else set()
        made |= makes
        if run.run_id in old and not makes:
            forgotten.append(run.run_id)
    forgotten = forgotten[-AT_ONCE:]
    for run_id in forgotten:
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.delete_run(run_id)
    return forgotten


def _made_by(run: dg.DagsterRun) -> Iterable[Hashable]:
    """What a run made, as far as the interface tells: a job or selection of assets, once for each quarter."""
    what = (run.job_name, run.asset_selection)
    first, last = (run.tags.get(tag) for tag in RANGE_TAGS)
    if first and last:
        return [(*what, str(one)) for one in quarters_between(Quarter.parse(first), Quarter.parse(last))]
    return [(*what, run.tags.get(PARTITION_TAG))]
