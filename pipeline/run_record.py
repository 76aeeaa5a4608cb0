"""Dagster's record of runs, with its SQLite files kept open: a refresh writes hundreds of events.

The storage that comes with Dagster makes an engine and opens the file anew for every event, which took
40% of a refresh. Only the opening is replaced; tables and queries are Dagster's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from sqlalchemy.pool import StaticPool

from pipeline import finished_files
from pipeline.warehouse.lock import FileLock

MODULE = __name__
BUSY_SECONDS = 20
START_SECONDS, TICK_DAYS = 300, 92
KEPT_OPEN = 4  # the index of all runs and the latest runs; the interface may look at many more


class RunRecord(SqliteEventLogStorage):
    """Events of all runs: one file per run and one index, as Dagster lays them out."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sqlalchemy.Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> RunRecord:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        # one connection per file serves every thread: the lock of the storage is held while it is in use
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        engine = self._engines.pop(shard, None)
        if engine is None:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            # a killed process loses nothing, a power cut the last events of a record that nothing printed depends on
            sqlalchemy.event.listen(engine, "connect", lambda made, _: made.execute("pragma synchronous = normal"))
            self._initdb(engine)
        self._engines[shard] = engine  # the last one used stands last
        while len(self._engines) > KEPT_OPEN:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def delete_events(self, run_id: str) -> None:
        """Forget a run whole: its lines in the index, and its own file, which would stay empty."""
        with self._db_lock:
            if run_id in self._engines:
                self._engines.pop(run_id).dispose()
            for suffix in ("", "-wal", "-shm"):
                Path(self.path_for_shard(run_id) + suffix).unlink(missing_ok=True)
        with self.index_connection() as connection:
            self.delete_events_for_run(connection, run_id)

    def dispose(self) -> None:
        while self._engines:
            self._engines.popitem()[1].dispose()
        super().dispose()


def dagster_home(home: Path) -> Path:
    """build/dagster, where Dagster keeps the record of runs, with the settings for this place."""
    folder = home.resolve() / "build" / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    wanted = (
        # the interface asks nobody to give an address to its makers
        "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"
        f"compute_logs:\n  module: {finished_files.MODULE}\n  class: {finished_files.LogsAndFinishedFiles.__name__}\n"
        f'  config:\n    base_dir: "{folder / "storage"}"\n'
        f"event_log_storage:\n  module: {MODULE}\n  class: {RunRecord.__name__}\n"
        f'  config:\n    base_dir: "{folder / "history" / "runs"}"\n'
        # events go into the record whatever their level; the service's own log gets what is worth a look
        "python_logs:\n  python_log_level: WARNING\n"
        # a run whose process never came up fails, so that somebody is told of it
        f"run_monitoring:\n  enabled: true\n  start_timeout_seconds: {START_SECONDS}\n"
        f"retention:\n  schedule:\n    purge_after_days: {TICK_DAYS}\n  sensor:\n    purge_after_days:\n"
        f"      skipped: 2\n      success: {TICK_DAYS}\n      failure: {TICK_DAYS}\n"
    )
    if not settings.is_file() or settings.read_text(encoding="utf-8") != wanted:
        partial = folder / f".dagster.yaml.{os.getpid()}"
        partial.write_text(wanted, encoding="utf-8")
        partial.replace(settings)
    return folder


def open_record(home: Path) -> dg.DagsterInstance:
    """The record of a home. Two processes that set it up at once would leave it unusable for ever."""
    folder = dagster_home(home)
    with FileLock(folder / ".setup.lock", "Lịch sử chạy"):
        return dg.DagsterInstance.from_config(str(folder))
