"""Whether the tables are what files, definitions and models give now; a refresh that is on its way is waited for."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import GiaobanError
from pipeline.models import SqlFiles
from pipeline.programme import Programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.warehouse import Makings, open_for_reading, quarter_fingerprint
from pipeline.warehouse.journal import entries

if TYPE_CHECKING:
    import polars as pl
    from dagster import DagsterInstance

    from pipeline.warehouse.resource import WarehouseResource

DAEMON = "SENSOR"  # the part of Dagster's daemon that takes in files
HEARTBEAT_SECONDS = 90  # a daemon that lives beats every 30
COMING_SECONDS = 150  # files rest, are registered, a run is launched: so long the daemon may take to begin
LOOK_SECONDS = 1
_OF_ISSUES = ("issues", "issued_figures")
progress = logging.getLogger("giaoban")


class ChangedMeanwhileError(GiaobanError):
    """Files changed while a document was made of the tables: its inputs.json may name what its figures are not of."""


@dataclass(frozen=True)
class Tables:
    """Tables to print from, read-only; `confirm` raises where files changed: call it before anything is kept."""

    connection: duckdb.DuckDBPyConnection
    confirm: Callable[[], None]


@contextmanager
def published_tables(programme: Programme, quarter: Quarter, files: SqlFiles) -> Iterator[Tables]:
    """What was last published, whatever it is of: `confirm` raises GiaobanError where it is not of everything now.

    Whether it knows what was issued before is left to the issuing, which has more to say of it.
    """
    connection = open_for_reading(programme.home, programme.id)
    makings = Makings(connection)

    def confirm() -> None:
        if changed := what_changed(programme, quarter, connection, makings, files, left_out=_OF_ISSUES):
            raise GiaobanError(_refusal(programme, quarter, changed))

    try:
        yield Tables(connection, confirm)
    finally:
        connection.close()


@contextmanager
def current_tables(
    warehouse: WarehouseResource, programme: Programme, quarter: Quarter, files: SqlFiles, instance: DagsterInstance
) -> Iterator[Tables]:
    """The tables a run reads, once they are of all files, definitions and models up to `quarter`.

    While a refresh runs, or a living daemon is about to begin one, this waits and says so. GiaobanError where
    something changed and nobody is about to make the tables anew: inputs.json would not be what the figures are of.
    """
    asked = time.monotonic()
    told = False
    while True:
        with warehouse.reading(programme.id) as connection:
            makings = warehouse.makings(programme.id, connection)
            changed = what_changed(programme, quarter, connection, makings, files, warehouse.cut)
            if not changed:
                yield Tables(connection, lambda: _confirm(programme, quarter, connection))
                return
        running = _is_refreshing(programme)
        if running:
            asked = time.monotonic()
        is_coming = _daemon_lives(instance) and time.monotonic() - asked < COMING_SECONDS
        if warehouse.is_writing(programme.id) or not (running or is_coming):
            raise GiaobanError(_refusal(programme, quarter, changed))
        if not told:
            progress.warning("Đang đợi lần làm mới số liệu đọc những thay đổi ở %s.", ", ".join(changed))
            told = True
        time.sleep(LOOK_SECONDS)


def what_changed(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    makings: Makings,
    files: SqlFiles,
    cut: date | None = None,
    left_out: Collection[str] = (),
) -> list[str]:
    """What the tables are not made from as it is now: quarters up to `quarter` with their files, definitions, models.

    Decided by contents, so that it does not matter which runs brought the tables to where they are.
    """
    changed = _changed_quarters(programme, quarter, connection)
    if changed:
        return changed
    frames = programme_frames(programme, cut)
    if not all(_holds(connection, f"raw.{name}", frame) for name, frame in frames.items() if name not in left_out):
        return ["khai báo, hồ sơ ban hành của chương trình"]
    selects = [
        *((model.table, model.text, model.inputs) for model in files.models),
        *((f"checks.{check.name}", check.text, (check.checks, *check.inputs)) for check in files.checks),
    ]
    # each comes after its inputs: where those are as they should be, their hashes are
    is_as_given = all(makings.known.get(table) == makings.of(text, inputs) for table, text, inputs in selects)
    return [] if is_as_given else ["các bảng tính"]


def _refusal(programme: Programme, quarter: Quarter, changed: list[str]) -> str:
    return (
        f"Số liệu trong kho chưa tính theo thay đổi mới nhất ({', '.join(changed)}), báo cáo chưa được in. "
        f"Đề nghị chạy: giaoban briefing {programme.id} {quarter}"
    )


def _confirm(programme: Programme, quarter: Quarter, connection: duckdb.DuckDBPyConnection) -> None:
    if changed := _changed_quarters(programme, quarter, connection):
        raise ChangedMeanwhileError(
            f"Tệp hoặc khai báo của {', '.join(changed)} thay đổi trong khi in, nên chưa giữ bản nào. "
            f"Đề nghị chạy lại: giaoban briefing {programme.id} {quarter}"
        )


def _changed_quarters(programme: Programme, quarter: Quarter, connection: duckdb.DuckDBPyConnection) -> list[str]:
    read = dict(connection.execute("select quarter, fingerprint from raw.taken_in").fetchall())
    return [
        str(earlier)
        for earlier in programme.submitted_quarters()
        if earlier <= quarter and read.get(str(earlier)) != quarter_fingerprint(programme, earlier)
    ]


def _holds(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> bool:
    try:
        held = connection.execute(f"select {', '.join(frame.columns)} from {table}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return False
    return Counter(held) == Counter(frame.rows())


def _is_refreshing(programme: Programme) -> bool:
    runs = entries(Path(programme.home))
    return any(one.programme == programme.id and one.is_refresh and one.outcome == "running" for one in runs)


def _daemon_lives(instance: DagsterInstance) -> bool:
    beat = instance.get_daemon_heartbeats().get(DAEMON)
    return beat is not None and time.time() - beat.timestamp < HEARTBEAT_SECONDS
