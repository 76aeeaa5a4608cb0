"""What somebody should be told today: a run that failed, was killed or never started; a deadline that passed.

Reads the journal, the register of files and the last warehouse; needs neither Dagster nor a running service.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipeline.errors import GiaobanError
from pipeline.programme import Programme, load_programmes
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date
from pipeline.warehouse import DuckDBError, open_for_reading, warehouse_file
from pipeline.warehouse.journal import TIME_ZONE, Entry, entries, unsettled

REFRESH_DAY, REFRESH_HOUR = 6, 6  # as scheduled in automation.py
LONG_RUN = timedelta(hours=2)
NEWS = timedelta(days=92)
FREE_BYTES = 1_000_000_000
NAMED = 8


@dataclass(frozen=True)
class Trouble:
    """One thing to see to: what is wrong and what to do, in Vietnamese."""

    what: str
    remedy: str


def troubles(home: Path, now: datetime) -> list[Trouble]:
    """Everything that needs a person, in the order in which it should be seen to; none where all is well.

    `now` without a zone is of this machine's clock; days and hours are counted in the office.
    """
    now = now.astimezone(TIME_ZONE)
    found = load_programmes(home)
    journal = entries(home)
    listed = [Trouble(str(error), "Sửa phần khai báo rồi chạy lại.") for error in found.broken.values()]
    for programme in found.loaded:
        listed += _run_troubles(programme, [one for one in journal if one.programme == programme.id], now)
        listed += _deadline_troubles(programme, now.date())
        listed += _warehouse_troubles(programme)
    return [*listed, *_disk_troubles(home)]


def _run_troubles(programme: Programme, runs: list[Entry], now: datetime) -> Iterator[Trouble]:
    for one in unsettled(runs, now):
        yield Trouble(f"{programme.id}: {one.what_happened} {one.cause}".rstrip(), one.remedy)
    for one in runs:
        if one.outcome == "running" and now - one.began > LONG_RUN:
            yield Trouble(
                f"{programme.id}: lần chạy lúc {one.began:%H:%M ngày %d/%m/%Y} đến nay chưa xong.",
                "Kiểm tra máy; nếu lần chạy đã treo thì dừng nó rồi chạy lại.",
            )
    due = _last_scheduled(now)
    quarter = Quarter.of(due.date().replace(day=1) - timedelta(days=1))
    done = (one for one in runs if one.is_refresh and one.outcome == "done" and one.ended and one.ended >= due)
    has_run = any(one.covers((str(quarter),)) for one in done)
    if quarter in programme.submitted_quarters() and not has_run:
        yield Trouble(
            f"{programme.id}: chưa làm mới số liệu {quarter.title} theo lịch ngày {short_date(due.date())}.",
            f"Kiểm tra dịch vụ hẹn giờ, hoặc chạy: giaoban refresh {programme.id} {quarter}",
        )


def _last_scheduled(now: datetime) -> datetime:
    """The last moment at which the monthly refresh was due."""
    due = now.replace(day=REFRESH_DAY, hour=REFRESH_HOUR, minute=0, second=0, microsecond=0)
    return due if due <= now else (due.replace(day=1) - timedelta(days=1)).replace(day=REFRESH_DAY)


def _deadline_troubles(programme: Programme, today: date) -> Iterator[Trouble]:
    """Who is missing for the quarter whose deadline passed last, while that is news."""
    passed = [one for one in programme.quarters if timedelta(0) < today - programme.due_on(one) <= NEWS]
    if not passed:
        return
    quarter = passed[-1]
    names = _missing(programme, quarter)
    if names:
        others = f" và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
        yield Trouble(
            f"{programme.id}: hết hạn gửi báo cáo {quarter.title} ngày {short_date(programme.due_on(quarter))}, "
            f"còn {len(names)} đơn vị chưa có báo cáo được nhận: {', '.join(names[:NAMED])}{others}.",
            f"Xem và đôn đốc: giaoban status {programme.id} {quarter}",
        )


def _missing(programme: Programme, quarter: Quarter) -> list[str]:
    try:
        with closing(open_for_reading(programme.home, programme.id)) as connection:
            rows = connection.execute(
                "select reporter_name, state from marts.submission_status where quarter = ? order by sort, reporter",
                [str(quarter)],
            ).fetchall()
    except (GiaobanError, DuckDBError):
        rows = []
    if rows:
        return [name for name, state in rows if state != "accepted"]
    return [programme.reporter_name(code) for code in programme.expected_reporters(quarter)]


def _warehouse_troubles(programme: Programme) -> Iterator[Trouble]:
    if not warehouse_file(programme.home / "build" / programme.id).is_file():
        return  # not yet made, which the runs tell
    try:
        open_for_reading(programme.home, programme.id).close()
    except (GiaobanError, DuckDBError) as error:
        yield Trouble(f"{programme.id}: {error}", f"Chạy lại: giaoban refresh {programme.id} QUÝ")


def _disk_troubles(home: Path) -> Iterator[Trouble]:
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES:
        yield Trouble(f"Ổ đĩa chỉ còn {free // 1_000_000} MB trống.", "Xóa bớt bản sao lưu cũ hoặc chuyển sang ổ khác.")
