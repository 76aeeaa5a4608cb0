"""Whether what was published is of the files as they lie there now; a refresh that is on its way is waited for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from dagster import DagsterInstance

from pipeline.errors import GiaobanError
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.warehouse import quarter_fingerprint
from pipeline.warehouse.journal import entries
from pipeline.warehouse.resource import WarehouseResource, progress

DAEMON = "SENSOR"  # the part of Dagster's daemon that takes in files
HEARTBEAT_SECONDS = 90  # a daemon that lives beats every 30
COMING_SECONDS = 150  # files rest, are registered, a run is launched: so long the daemon may take to begin
LOOK_SECONDS = 1


@contextmanager
def current_tables(
    warehouse: WarehouseResource, programme: Programme, quarter: Quarter, instance: DagsterInstance
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables, read-only, once they are of all files up to `quarter`.

    While a refresh runs, or a living daemon is about to begin one, this waits and says so. GiaobanError where files
    changed since they were read and nobody is about to read them again: inputs.json would not be what the figures
    are of.
    """
    asked = time.monotonic()
    told = False
    while True:
        with warehouse.reading(programme.id) as connection:
            changed = _changed(programme, quarter, connection)
            if not changed:
                yield connection
                return
        running = _is_refreshing(programme)
        if running:
            asked = time.monotonic()
        is_coming = _daemon_lives(instance) and time.monotonic() - asked < COMING_SECONDS
        if warehouse.is_writing(programme.id) or not (running or is_coming):
            raise GiaobanError(
                f"Tệp hoặc khai báo của {', '.join(changed)} đã thay đổi sau lần đọc gần nhất, báo cáo chưa được in. "
                f"Đề nghị chạy: giaoban briefing {programme.id} {quarter}"
            )
        if not told:
            progress.warning("Đang đợi lần làm mới số liệu của %s đọc tệp mới.", ", ".join(changed))
            told = True
        time.sleep(LOOK_SECONDS)


def _changed(programme: Programme, quarter: Quarter, connection: duckdb.DuckDBPyConnection) -> list[str]:
    read = dict(connection.execute("select quarter, fingerprint from raw.taken_in").fetchall())
    return [
        str(earlier)
        for earlier in programme.submitted_quarters()
        if earlier <= quarter and read.get(str(earlier)) != quarter_fingerprint(programme, earlier)
    ]


def _is_refreshing(programme: Programme) -> bool:
    runs = entries(Path(programme.home))
    return any(one.programme == programme.id and one.is_refresh and one.outcome == "running" for one in runs)


def _daemon_lives(instance: DagsterInstance) -> bool:
    beat = instance.get_daemon_heartbeats().get(DAEMON)
    return beat is not None and time.time() - beat.timestamp < HEARTBEAT_SECONDS
