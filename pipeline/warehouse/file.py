"""The DuckDB file of one programme: the copy a run works on, its publication, and reading it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import duckdb
import polars as pl

from pipeline.errors import GiaobanError
from pipeline.warehouse.lock import FileLock
from pipeline.warehouse.makings import MADE_FROM, Makings, table_columns
from pipeline.warehouse.swap import discard_leftovers, swap_file, swap_link, sync

DuckDBError = duckdb.Error
MEMORY_LIMIT = "1GB"
HEADERS = 3 * 4096  # bytes before the first block of a DuckDB file: its own and two of the database
THREADS = 2
TAKEN_IN = "raw.taken_in"
SIGNS_OF_DAMAGE = ("not a valid DuckDB", "Could not read enough bytes", "orrupt", "checksum")


def warehouse_file(folder: Path) -> Path:
    """The published file in a programme's build folder."""
    return folder / "warehouse.duckdb"


def _connect(path: Path, spill: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(path),
        read_only=read_only,
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,  # a table name never means a Python variable
        },
    )


def _whole_size(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes of the headers and of all blocks the file counts."""
    blocks = connection.execute("select block_size * total_blocks from pragma_database_size()").fetchall()[0][0]
    return HEADERS + int(blocks)


class DamagedError(GiaobanError):
    """The published file is cut short or is no database; the next refresh makes it anew from raw/."""

    def __init__(self, path: Path, programme_id: str) -> None:
        super().__init__(
            f"Kho số liệu {path} bị hỏng (bị cắt ngắn hoặc không phải tệp DuckDB). "
            f"Báo cáo đã in không bị ảnh hưởng. Đề nghị chạy lại: giaoban refresh {programme_id} QUÝ."
        )


def _connect_whole(path: Path, spill: Path, read_only: bool, programme_id: str) -> duckdb.DuckDBPyConnection:
    """A connection to an existing file; DamagedError where it is cut short or DuckDB cannot read its tables."""
    try:
        connection = _connect(path, spill, read_only)
    except duckdb.Error as error:
        if any(sign in str(error) for sign in SIGNS_OF_DAMAGE):
            raise DamagedError(path, programme_id) from error
        raise GiaobanError(f"Không mở được kho số liệu {path}: {error}") from error
    # DuckDB opens a file whose end is missing, and fails only when it comes to a block that is not there.
    if path.stat().st_size < _whole_size(connection):
        connection.close()
        raise DamagedError(path, programme_id)
    return connection


def _read_through(connection: duckdb.DuckDBPyConnection, path: Path, programme_id: str) -> Makings:
    """What the raw tables hold, each read whole; DamagedError where a block is spoiled, which opening does not tell.

    Models are made anew from these, or are not read.
    """
    try:
        makings = Makings(connection)
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        for (name,) in tables:
            makings.content_of(f"raw.{name}")
    except duckdb.Error as error:
        connection.close()
        raise DamagedError(path, programme_id) from error
    return makings


def open_for_reading(home: Path, programme_id: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to what was last published; GiaobanError if nothing was built yet or it is damaged.

    A later refresh does not disturb it: it keeps the file it opened.
    """
    return open_folder_for_reading(home / "build" / programme_id, programme_id)


def open_folder_for_reading(folder: Path, programme_id: str) -> duckdb.DuckDBPyConnection:
    path = warehouse_file(folder)
    if not path.is_file():
        raise GiaobanError(
            f"Chương trình '{programme_id}' chưa có kho số liệu (không có tệp {path}). "
            f"Đề nghị chạy trước: giaoban refresh {programme_id} QUÝ."
        )
    spill = Path(tempfile.gettempdir()) / f"giaoban-{os.getuid()}"
    return _connect_whole(path, spill, read_only=True, programme_id=programme_id)


def open_in_memory(spill: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse that is gone once it is closed, under the same limits; `spill` takes what memory cannot hold."""
    return _connect(Path(":memory:"), spill, read_only=False)


def taken_in(folder: Path) -> dict[str, str]:
    """Fingerprint by quarter of what the published file holds; empty where nothing was built yet."""
    if not warehouse_file(folder).is_file():
        return {}
    try:
        with closing(open_folder_for_reading(folder, folder.name)) as connection:
            return dict(connection.execute(f"select quarter, fingerprint from {TAKEN_IN}").fetchall())
    except (duckdb.CatalogException, DamagedError):
        return {}


class Warehouse:
    """One programme's warehouse during one run: nothing is seen outside before `publish`.

    Opening takes the lock of `folder` (build/<programme>, or a private folder for `--as-of`), removes
    what dead runs left and copies the published file, or that of `start_from`. `publish` swaps the copy in once;
    `close` without it throws the copy away.
    """

    def __init__(
        self,
        folder: Path,
        programme_id: str,
        waiting: Callable[[str], None] | None = None,
        start_from: Path | None = None,
    ) -> None:
        self.folder = folder
        self._lock = FileLock(folder / "warehouse.lock", f"Kho số liệu của chương trình '{programme_id}'", waiting)
        self._lock.acquire()
        try:
            discard_leftovers(folder, ".work-*")
            discard_leftovers(folder, ".marts-*", keep=folder / "marts")
            self._work = folder / f".work-{uuid4().hex}"
            self._work.mkdir()
            start = next((path for path in (warehouse_file(folder), start_from) if path and path.is_file()), None)
            self._connection = self._open_copy(start, programme_id, waiting or (lambda _: None))
        except BaseException:
            self._lock.release()
            raise

    def _open_copy(
        self, start: Path | None, programme_id: str, tell: Callable[[str], None]
    ) -> duckdb.DuckDBPyConnection:
        """This run's own copy of `start`; an empty one where there is none, or where it is damaged, which is told."""
        copy, spill = warehouse_file(self._work), self._work / "spill"
        if start is not None:
            shutil.copyfile(start, copy)
            try:
                connection = _connect_whole(copy, spill, read_only=False, programme_id=programme_id)
                self.makings = _read_through(connection, start, programme_id)
                return connection
            except DamagedError:
                tell(f"Kho số liệu {start} bị hỏng; đang dựng lại từ các tệp đã nhận.")
                copy.unlink()
        connection = _connect(copy, spill, read_only=False)
        self.makings = Makings(connection)
        return connection

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection of this run; whoever uses it leaves it open."""
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All of what is written inside, or nothing."""
        self._connection.execute("begin")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query, each as column -> value."""
        result = self._connection.execute(sql)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def count(self, table: str) -> int:
        return int(self._connection.execute(f"select count(*) from {table}").fetchall()[0][0])

    def has_table(self, table: str) -> bool:
        return bool(self._table_columns(table))

    def rebuild(self, table: str, sql: str, inputs: Sequence[str] = (), keep: bool = False) -> int:
        """Make `table` anew from a select over `inputs`, in the order the select gives; returns its row count.

        With `keep` it stays as it is where neither the select nor anything behind the inputs changed since it was made.
        """
        made_from = self.makings.of(sql, inputs)
        if not (keep and self.makings.known.get(table) == made_from and self.has_table(table)):
            self._make_schema(table)
            self._connection.execute(f"create or replace table {table} as\n{sql}")
            self.makings.known[table] = made_from
        return self.count(table)

    def drop_all_but(self, schemas: Collection[str], tables: Collection[str]) -> None:
        """Drop what the schemas hold beside `tables`: models and checks that are no more."""
        held = self.rows("select schema_name || '.' || table_name as name from duckdb_tables()")
        names = {row["name"] for row in held if row["name"].split(".")[0] in schemas} - {*tables}
        for table in sorted(names):
            self._connection.execute(f"drop table {table}")
            self.makings.known.pop(table, None)

    def replace_table(self, table: str, frame: pl.DataFrame) -> int:
        """Make `table` anew from a frame; returns its row count."""
        self.makings.forget(table)
        self._make_schema(table)
        with self._as_parquet(frame) as source:
            self._connection.execute(f"create or replace table {table} as from {source}")
        return frame.height

    def read_with(self, quarter: str) -> dict[tuple[str, str], str]:
        """What each file (sha256, name) of a quarter was read with; empty where that is not known."""
        if "read_with" not in self._table_columns("raw.submissions"):
            return {}
        rows = self._connection.execute(
            "select sha256, file, read_with from raw.submissions where quarter = ?", [quarter]
        ).fetchall()
        return {(sha256, file): read_with for sha256, file, read_with in rows}

    def replace_quarter(
        self,
        quarter: str,
        frames: Mapping[str, pl.DataFrame],
        fingerprint: str,
        kept: Collection[tuple[str, str]] = (),
    ) -> dict[str, int]:
        """Replace the rows of `quarter` in every table of `frames` in one transaction.

        Each frame has a column `quarter` and no other quarter's rows. The rows of a kept file (sha256, file) stay
        where the frame has none of it. Where the columns of a table changed, its older rows cannot be kept: every
        quarter is forgotten, so that the next run reads them all again. Returns the rows written by table.
        """
        written = {}
        with self.transaction():
            self._make_schema(TAKEN_IN)
            self._connection.execute(
                f"create table if not exists {TAKEN_IN} (quarter varchar primary key, fingerprint varchar not null)"
            )
            keys = pl.DataFrame(sorted(kept), schema={"sha256": pl.String, "file": pl.String}, orient="row")
            with self._as_parquet(keys) as kept_files:
                for table, frame in frames.items():
                    with self._as_parquet(frame) as source:
                        self._prepare(table, source)
                        gone = (
                            f" and ((sha256, file) not in (from {kept_files})"
                            f" or (sha256, file) in (select sha256, file from {source}))"
                        )
                        self._connection.execute(
                            f"delete from {table} where quarter = ?{gone if kept else ''}", [quarter]
                        )
                        self._connection.execute(f"insert into {table} by name from {source}")
                    written[table] = frame.height
            self._connection.execute(f"insert or replace into {TAKEN_IN} values (?, ?)", [quarter, fingerprint])
        self.makings.forget()
        return written

    def _prepare(self, table: str, source: str) -> None:
        """Make sure that `table` has the columns of `source`; nothing is known any more where it had others."""
        self._make_schema(table)
        described = self._connection.execute(f"describe from {source}").fetchall()
        if self._table_columns(table) not in ({}, {row[0]: row[1] for row in described}):
            self._connection.execute(f"drop table {table}")
            self._connection.execute(f"delete from {TAKEN_IN}")
        self._connection.execute(f"create table if not exists {table} as from {source} limit 0")

    def publish(self) -> None:
        """Swap this run's copy in for the published file, and its marts as Parquet; then close."""
        marts = self._write_marts()
        makings = pl.DataFrame(sorted(self.makings.known.items()), schema=["name", "made_from"], orient="row")
        self.replace_table(MADE_FROM, makings.cast(pl.String))
        self._connection.execute("checkpoint")
        self._connection.close()
        copy = warehouse_file(self._work)
        with closing(_connect(copy, self._work / "spill", read_only=True)) as connection:
            whole = _whole_size(connection)
        if copy.stat().st_size < whole:  # free blocks were counted and never written; a cut file is known by its size
            os.truncate(copy, whole)
        # what a program left that opened the published file to write would make the new one unreadable
        Path(f"{warehouse_file(self.folder)}.wal").unlink(missing_ok=True)
        swap_file(copy, warehouse_file(self.folder))
        swap_link(marts, self.folder / "marts")
        discard_leftovers(self.folder, ".marts-*", keep=marts)
        self.close()

    def close(self) -> None:
        """Let go of the copy and the lock; what was not published is gone."""
        self._connection.close()
        shutil.rmtree(self._work, ignore_errors=True)
        self._lock.release()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write_marts(self) -> Path:
        """Every mart as Parquet, in the order of its table, in a new folder beside the warehouse."""
        folder = self.folder / f".marts-{uuid4().hex}"
        folder.mkdir()
        tables = self.rows("select table_name from duckdb_tables() where schema_name = 'marts' order by 1")
        for name in (row["table_name"] for row in tables):
            target = str(folder / f"{name}.parquet").replace("'", "''")
            self._connection.execute(f"copy marts.{name} to '{target}' (format parquet)")
        sync(folder)
        return folder

    def _make_schema(self, table: str) -> None:
        self._connection.execute(f"create schema if not exists {table.split('.')[0]}")

    def _table_columns(self, table: str) -> dict[str, str]:
        return table_columns(self._connection, table)

    @contextmanager
    def _as_parquet(self, frame: pl.DataFrame) -> Iterator[str]:
        """DuckDB and Polars share no memory here: a frame travels as a temporary Parquet file."""
        path = self._work / f"{uuid4().hex}.parquet"
        frame.write_parquet(path)
        try:
            yield "read_parquet('" + str(path).replace("'", "''") + "')"
        finally:
            path.unlink()
