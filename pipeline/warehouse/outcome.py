"""How a run ended, from its own record: what it planned and made, what failed and why, which rules were broken."""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg
from dagster import DagsterInstance
from dagster_shared.error import SerializableErrorInfo

INTERRUPTIONS = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")
_EVENTS = {
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_FAILURE,
}


@dataclass(frozen=True)
class Doubt:
    """A rule that some rows break without blocking what follows."""

    title: str
    rows: int


@dataclass(frozen=True)
class RunOutcome:
    """is_complete: all that was planned was made and no step failed, blocking checks included; a step that was
    skipped, cancelled or killed counts as not made. causes are Vietnamese and can be forwarded."""

    is_complete: bool
    is_interrupted: bool
    causes: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def run_outcome(instance: DagsterInstance, run_id: str) -> RunOutcome:
    """Read how a run ended, or how it stands while its resources are torn down."""
    planned: set[dg.AssetKey | None] = set()
    made: set[dg.AssetKey | None] = set()
    broken, failures, errors, doubts = [], [], [], []
    for entry in instance.all_logs(run_id, of_type=_EVENTS):
        event = entry.get_dagster_event()
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED:
            planned.add(event.asset_key)
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            made.add(event.asset_key)
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation_data
            title = evaluation.description or evaluation.check_name
            if evaluation.blocking and not evaluation.passed:
                preview = evaluation.metadata["preview"].value
                broken.append(f"Số liệu không qua được kiểm tra: {title}\n{preview}")
            elif not evaluation.passed:
                doubts.append(Doubt(title, int(str(evaluation.metadata["rows"].value))))
        else:
            error = _first_cause(event.step_failure_data.error)
            errors.append(error.cls_name if error else None)
            told = event.step_failure_data.user_failure_data
            if told:
                failures.append(told.description or told.label)
            elif error and error.cls_name not in ("DagsterAssetCheckFailedError", *INTERRUPTIONS):
                failures.append(f"Lỗi ngoài dự kiến ở bước {event.step_key}: {error.message.strip()}")
    return RunOutcome(
        is_complete=bool(planned) and planned <= made and not errors,
        is_interrupted=any(name in INTERRUPTIONS for name in errors),
        causes=(*broken, *failures),
        doubts=tuple(doubts),
    )


def _first_cause(error: SerializableErrorInfo | None) -> SerializableErrorInfo | None:
    while error and error.cause:
        error = error.cause
    return error
