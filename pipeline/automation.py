"""What the daemon does by itself: the monthly refresh, taking in new files, telling of runs that failed."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipeline.errors import GiaobanError
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter
from pipeline.warehouse import (
    DuckDBError,
    changed_quarters,
    quarter_fingerprint,
    reading_fingerprint,
    taken_in,
    warehouse_file,
)
from pipeline.warehouse.fingerprint import quarter_files
from pipeline.warehouse.journal import RECEIVE, TIME_ZONE, enter_attempts, entries
from pipeline.warehouse.old_runs import RANGE_TAGS
from pipeline.warehouse.resource import enter_begin, enter_end

SECONDS_AT_REST = 30  # a file that did not change for so long has been copied whole
READING = "khai báo hoặc mã nguồn"  # what decides how the files of every quarter are read
MENDABLE = (GiaobanError, OSError, DuckDBError)


def monthly_refresh(programme: Programme, job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """On the 6th: read the quarter of last month again, and every other that changed, and rebuild every model."""

    def request(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        last_month = context.scheduled_execution_time.date().replace(day=1) - timedelta(days=1)
        quarter = Quarter.of(last_month)
        if quarter not in programme.quarters:
            return dg.SkipReason(f"{quarter} nằm ngoài thời hạn của {programme.short_title}.")
        try:
            changed = changed_quarters(programme)
        except MENDABLE as error:
            changed = []  # an unreadable file of another quarter; this one is due all the same
            context.log.warning("%s", _cause(error))
        return _request(sorted({*changed, quarter}))

    return dg.ScheduleDefinition(
        name=f"{programme.id}_monthly_refresh",
        job=job,
        cron_schedule="0 6 6 * *",
        execution_timezone=TIME_ZONE.key,
        execution_fn=request,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{programme.short_title}: 6 giờ ngày 06 hằng tháng, làm mới số liệu quý của tháng trước.",
    )


@dataclass(frozen=True)
class Looked:
    """The cursor: what the last look found and what was dealt with, as part of what a refresh reads -> digest;
    and how often runs were asked for, so that no two are taken for one."""

    found: dict[str, str]
    done: dict[str, str]
    asked: int = 0


def new_files(programme: Programme, job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Registers files that came and asks for one refresh of the quarters they belong to, old quarters included.

    What is wrong with a file does not matter here: it is dealt with once, and again only when it changes. What cannot
    be looked at, such as a spoiled register, is told in the notice file and tried again until it can; the rest goes on.
    """

    def look_around(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            return _look_around(context, load_programme(programme.home, programme.id))
        except MENDABLE as error:
            _tell(programme, {(): _cause(error)})
            return dg.SkipReason(_cause(error))

    return dg.SensorDefinition(
        name=f"{programme.id}_new_files",
        job=job,
        evaluation_fn=look_around,
        minimum_interval_seconds=SECONDS_AT_REST,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"{programme.short_title}: vào sổ tệp mới, làm mới số liệu của quý có tệp hoặc khai báo thay đổi.",
    )


def _look_around(context: dg.SensorEvaluationContext, programme: Programme) -> dg.SensorResult:
    last = Looked(**json.loads(context.cursor)) if context.cursor else _first_look(programme)
    now = look(programme)
    waiting = {part for part in now if now[part] not in (last.found.get(part), last.done.get(part))}
    rested = {part for part in now if now[part] != last.done.get(part)} - waiting
    still = f"Đang đợi chép xong: {'; '.join(sorted(waiting))}." if waiting else "Không có gì mới."
    if READING in waiting:
        return dg.SensorResult(skip_reason=still, cursor=_cursor(replace(last, found=now)))

    changed, failing = _take_in(context, programme, rested, waiting) if rested else ({}, {})
    tried = [str(quarter) for quarter in programme.quarters if str(quarter) not in waiting]
    _tell(programme, {(): None} | {(quarter,): failing.get(quarter) for quarter in tried})

    registers = {_register_part(quarter) for quarter in rested}  # they have changed by our own hand
    now |= {part: digest for part, digest in look(programme).items() if part in registers}
    again = {*failing, *map(_register_part, failing)}
    dealt_with = (rested | registers & now.keys()) - again
    done = {part: digest for part, digest in last.done.items() if part not in again}
    looked = Looked(now, done | {part: now[part] for part in dealt_with}, last.asked)
    if dealt_with and changed:
        looked = replace(looked, asked=last.asked + 1)
        requests = _requests(programme, changed, waiting | failing.keys(), looked.asked)
        return dg.SensorResult(run_requests=requests, cursor=_cursor(looked))
    told = "\n".join(failing.values()) or ("Số liệu đã được làm mới." if rested else still)
    return dg.SensorResult(skip_reason=told, cursor=_cursor(looked))


def look(programme: Programme) -> dict[str, str]:
    """Digest of what files are read with; of names, sizes and times of each quarter's files and of its register."""
    from pipeline.intake.register import REGISTER

    parts = {READING: reading_fingerprint(programme)}
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


def _take_in(
    context: dg.SensorEvaluationContext, programme: Programme, rested: Collection[str], waiting: Collection[str]
) -> tuple[dict[Quarter, str], dict[str, str]]:
    """Register what rests; the changed quarters with what they would be made from, and why others cannot be read."""
    from pipeline.intake.register import registered_rows

    published, reading = taken_in(programme.home / "build" / programme.id), reading_fingerprint(programme)
    submitted = programme.submitted_quarters()
    changed: dict[Quarter, str] = {}
    failing: dict[str, str] = {}
    for quarter in programme.quarters:
        if str(quarter) in waiting or (quarter not in submitted and str(quarter) not in published):
            continue
        try:
            if str(quarter) in rested:
                _register(context, programme, quarter)
            registered_rows(programme, quarter)  # one that was spoiled by hand would stop the run of all quarters
            made_from = quarter_fingerprint(programme, quarter, reading)
        except MENDABLE as error:
            failing[str(quarter)] = _cause(error)
        else:
            if published.get(str(quarter)) != made_from:
                changed[quarter] = made_from
    return changed, failing


def _register(context: dg.SensorEvaluationContext, programme: Programme, quarter: Quarter) -> None:
    """Enter what lies in the folder of a quarter, as `giaoban receive` does."""
    from pipeline.intake import receive

    for arrival in receive(programme, quarter, [], None, datetime.now(TIME_ZONE).date()):
        refused = arrival.receipt is None and arrival.findings
        context.log.info("%s: %s, %s", quarter, arrival.file, "không nhận" if refused else "đã vào sổ")


def _tell(programme: Programme, causes: Mapping[tuple[str, ...], str | None]) -> None:
    enter_attempts(programme.home, programme.id, f"{programme.id}_{RECEIVE}", causes)


def _cause(error: Exception) -> str:
    """What stands in the way, in Vietnamese; of a file that cannot be read, which."""
    said = str(error)
    if isinstance(error, OSError):
        where = error.filename or "tệp"
        said = f"Không đọc hoặc ghi được {where}: {error.strerror or error}. Kiểm tra quyền đọc, ghi và ổ đĩa."
    return said.encode(errors="replace").decode()  # a file's name may be no text


def _requests(
    programme: Programme, changed: Mapping[Quarter, str], apart: Collection[str], number: int
) -> list[dg.RunRequest]:
    """One run for all changed quarters; where one that is to be left alone lies between them, one on either side."""
    found = []
    for _, stretch in groupby(programme.quarters, lambda quarter: str(quarter) in apart):
        quarters = [quarter for quarter in stretch if quarter in changed]
        if quarters:
            made_from = hashlib.sha256("".join(changed[quarter] for quarter in quarters).encode())
            found.append(_request(quarters, f"{number}: {made_from.hexdigest()[:16]}"))
    return found


def _request(quarters: list[Quarter], run_key: str | None = None) -> dg.RunRequest:
    """One run from the first quarter to the last, as `giaoban refresh` makes it."""
    first, last = quarters[0], quarters[-1]
    return dg.RunRequest(
        run_key=run_key,
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
