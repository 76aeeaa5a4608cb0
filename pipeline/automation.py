"""What the daemon does by itself: the monthly refresh, taking in new files, telling of runs that failed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipeline.errors import ProgrammeError
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter
from pipeline.warehouse import changed_quarters, quarter_fingerprint, warehouse_file
from pipeline.warehouse.fingerprint import definition_files, quarter_files
from pipeline.warehouse.journal import entries
from pipeline.warehouse.old_runs import RANGE_TAGS
from pipeline.warehouse.resource import enter_begin, enter_end

TIME_ZONE = "Asia/Ho_Chi_Minh"
SECONDS_AT_REST = 30  # a file that did not change for so long has been copied whole
DEFINITIONS = "khai báo"


def monthly_refresh(programme: Programme, job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """On the 6th: read the quarter of last month again and rebuild every model."""

    def request(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        last_month = context.scheduled_execution_time.date().replace(day=1) - timedelta(days=1)
        quarter = Quarter.of(last_month)
        if quarter not in programme.quarters:
            return dg.SkipReason(f"{quarter} nằm ngoài thời hạn của {programme.short_title}.")
        return dg.RunRequest(partition_key=str(quarter))

    return dg.ScheduleDefinition(
        name=f"{programme.id}_monthly_refresh",
        job=job,
        cron_schedule="0 6 6 * *",
        execution_timezone=TIME_ZONE,
        execution_fn=request,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{programme.short_title}: 6 giờ ngày 06 hằng tháng, làm mới số liệu quý của tháng trước.",
    )


@dataclass(frozen=True)
class Looked:
    """The cursor: what the last look found and what was dealt with, as part of raw/<programme>/ -> digest of
    names, sizes and times; and how many runs were asked for, so that no two are taken for one."""

    found: dict[str, str]
    done: dict[str, str]
    asked: int = 0


def new_files(programme: Programme, job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Registers files that came and asks for one refresh of the quarters they belong to, old quarters included.

    What is wrong with a file does not matter here: it is dealt with once, and again only when it changes.
    """

    def look_around(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            current = load_programme(programme.home, programme.id)
        except ProgrammeError as error:
            return dg.SkipReason(str(error))
        last = Looked(**json.loads(context.cursor)) if context.cursor else _first_look(current)
        now = look(current)
        waiting = {part for part in now if now[part] not in (last.found.get(part), last.done.get(part))}
        rested = {part for part in now if now[part] != last.done.get(part)} - waiting
        if DEFINITIONS in waiting or not rested:
            told = f"Đang đợi chép xong: {'; '.join(sorted(waiting))}." if waiting else "Không có gì mới."
            return dg.SensorResult(skip_reason=told, cursor=_cursor(replace(last, found=now)))
        for quarter in (one for one in current.submitted_quarters() if str(one) in rested):
            _register(context, current, quarter)
        registered = look(current)  # the registers have changed by our own hand
        now |= {part: registered[part] for part in map(_register_part, rested) if part in registered}
        rested |= {part for part in map(_register_part, rested) if part in registered}
        dealt_with = replace(last, found=now, done=last.done | {part: now[part] for part in rested})
        changed = [quarter for quarter in changed_quarters(current) if str(quarter) not in waiting]
        if not changed:
            return dg.SensorResult(skip_reason="Số liệu đã được làm mới.", cursor=_cursor(dealt_with))
        asked = replace(dealt_with, asked=last.asked + 1)
        return dg.SensorResult(run_requests=[_request(current, changed, asked.asked)], cursor=_cursor(asked))

    return dg.SensorDefinition(
        name=f"{programme.id}_new_files",
        job=job,
        evaluation_fn=look_around,
        minimum_interval_seconds=SECONDS_AT_REST,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"{programme.short_title}: vào sổ tệp mới, làm mới số liệu của quý có tệp hoặc khai báo thay đổi.",
    )


def look(programme: Programme) -> dict[str, str]:
    """Digest of names, sizes and times: of the definitions, of each quarter's files and of its register."""
    from pipeline.intake.register import REGISTER

    parts = {DEFINITIONS: _digest(definition_files(programme))}
    for quarter in programme.submitted_quarters():
        found = quarter_files(programme, quarter)
        parts[str(quarter)] = _digest(path for path in found if path.name != REGISTER)
        parts[_register_part(str(quarter))] = _digest(path for path in found if path.name == REGISTER)
    return parts


def _register_part(quarter: str) -> str:
    return f"{quarter} sổ nhận"


def _digest(files: Iterable[Path]) -> str:
    stats = [(str(path), path.lstat().st_size, path.lstat().st_mtime_ns) for path in files]
    return hashlib.sha256(json.dumps(stats).encode()).hexdigest()[:16]


def _first_look(programme: Programme) -> Looked:
    """Before the first refresh, made on purpose, nothing is taken in but what comes from now on."""
    published = warehouse_file(programme.home / "build" / programme.id)
    return Looked({}, {} if published.is_file() else look(programme))


def _cursor(looked: Looked) -> str:
    return json.dumps(asdict(looked), ensure_ascii=False)


def _register(context: dg.SensorEvaluationContext, programme: Programme, quarter: Quarter) -> None:
    """Enter what lies in the folder of a quarter, as `giaoban receive` does."""
    from pipeline.intake import receive

    for arrival in receive(programme, quarter, [], None, datetime.now(ZoneInfo(TIME_ZONE)).date()):
        refused = arrival.receipt is None and arrival.findings
        context.log.info("%s: %s, %s", quarter, arrival.file, "không nhận" if refused else "đã vào sổ")


def _request(programme: Programme, changed: list[Quarter], number: int) -> dg.RunRequest:
    """One run from the first changed quarter to the last, as `giaoban refresh` makes it."""
    first, last = changed[0], changed[-1]
    made_from = hashlib.sha256("".join(quarter_fingerprint(programme, one) for one in changed).encode())
    return dg.RunRequest(
        run_key=f"{number}: {made_from.hexdigest()[:16]}",
        partition_key=str(first) if first == last else None,
        tags={} if first == last else dict(zip(RANGE_TAGS, map(str, (first, last)), strict=True)),
    )


def notice_of_failures(home: Path) -> dg.SensorDefinition:
    """Sees to it that a run which failed before it could say so itself stands in the journal and the notice file."""

    @dg.run_failure_sensor(
        name="notice_of_failures",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=SECONDS_AT_REST,
        description="Ghi tệp CAN-XU-LY.txt khi một lần chạy không bắt đầu được hoặc dừng đột ngột.",
    )
    def told(context: dg.RunFailureSensorContext) -> None:
        run = context.dagster_run
        known = [one for one in entries(home) if one.run == run.run_id]
        if any(one.ended for one in known):
            return
        if known:
            enter_end(home, run, ["Tiến trình đã dừng đột ngột: bị tắt, mất điện hoặc hết bộ nhớ."])
        else:
            enter_begin(home, run)
            enter_end(home, run, [f"Lần chạy không bắt đầu được. {_technical(context.failure_event)}"])

    return told


def _technical(event: dg.DagsterEvent) -> str:
    """What to forward to a technician: the first cause where Dagster knows one, else its own words."""
    error = getattr(event.event_specific_data, "error", None)  # no data where the run never came to a process
    while error and error.cause:
        error = error.cause
    return f"Chi tiết kỹ thuật: {(error.message if error else event.message or '-').strip()}"
