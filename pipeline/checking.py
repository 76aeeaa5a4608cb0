"""Files checked by themselves, for the command line: read as a run reads them, judged in memory by the same SQL.

What concerns one sender alone is judged: totals, rates, conservation, agreement between the forms, and continuity
with earlier quarters where there is a published warehouse. Nothing is written or published.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.feedback.answers import collect
from pipeline.feedback.checked import judges_figures
from pipeline.feedback.records import Answer
from pipeline.intake.taking_in import SCHEMAS, as_frames
from pipeline.limits import limit_process, limited_time
from pipeline.models import CheckFile, SqlFiles, read_sql_files
from pipeline.programme import Programme, load_programmes
from pipeline.quarters import Quarter
from pipeline.warehouse import open_in_memory, warehouse_file
from pipeline.warehouse.file import THREADS

if TYPE_CHECKING:
    import polars as pl

    from pipeline.intake.readings import Reading
    from pipeline.intake.register import Receipt

# what an answer is collected from, beside the tables that the rules judge
_NEEDED = ("staging.receipts", "staging.forms", "staging.forms_in_force", "staging.cells", "staging.waivers")
WORKER_MEMORY_BYTES, SECONDS_PER_FILE = 2 << 30, 20
_READ = {f"raw.{name}" for name in SCHEMAS} - {"raw.receipts"}
_FIGURES = {"raw.observations", "raw.stated"}
_HISTORY = ("receipts", "submissions", "forms", "observations", "stated")


@dataclass(frozen=True)
class Checked:
    """One file and what its sender would be told; compared_with are the earlier quarters it was compared with."""

    programme: Programme
    quarter: Quarter
    path: Path
    answer: Answer
    compared_with: tuple[str, ...]


def check_files(
    programme: Programme, quarter: Quarter, receipts: Mapping[Path, Receipt], readings: Future[dict[Path, Reading]]
) -> Iterator[Checked]:
    """Judge each file alone, as if it were the sender's last; what is wrong with it is in its answer.

    The files may still be read while this process prepares to judge.
    """
    with _Judge(programme, quarter) as judge:
        if len(receipts) == 1:
            judge.prepare(*receipts.values())
        for path, receipt in receipts.items():
            yield judge.judged(path, receipt, readings.result()[path])


def stated_targets(home: Path, path: Path) -> set[tuple[str, Quarter | None]]:
    """Programmes one of whose layouts recognises a sheet of the file, each with the periods its titles name."""
    with ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=limit_process, initargs=(WORKER_MEMORY_BYTES,)
    ) as pool:
        try:
            return pool.submit(_stated_targets, home, path).result()
        except BrokenProcessPool:
            return set()


def _stated_targets(home: Path, path: Path) -> set[tuple[str, Quarter | None]]:
    from pipeline.intake.cells import read_sheets
    from pipeline.intake.recognition import stated_periods

    found = set()
    try:
        with limited_time(SECONDS_PER_FILE):
            sheets = read_sheets(path.read_bytes())
            for programme in load_programmes(home).loaded:
                found |= {(programme.id, period) for period in stated_periods(sheets, programme.layouts)}
    except Exception:  # what is wrong with the file is said once its programme is known
        return set()
    return found


def receipts_of(programme: Programme, quarter: Quarter, paths: Sequence[Path]) -> dict[Path, Receipt]:
    """The last receipt of each file's bytes, where the register has them; else one of its own without a date."""
    from pipeline.intake.register import Receipt, registered_rows

    rows = {row.sha256: row for row in registered_rows(programme, quarter)}
    found = {}
    for path in paths:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        row = rows.get(sha256)
        found[path] = (
            Receipt(row.seq, path.name, sha256, row.received_on, row.sent_by, row.basis, row.note, path)
            if row
            else Receipt(1, path.name, sha256, None, None, "reported", "", path)
        )
    return found


class _Judge:
    """A warehouse in memory with the definitions of a programme, in which one file after the other is judged."""

    def __init__(self, programme: Programme, quarter: Quarter) -> None:
        from pipeline.programme.frames import programme_frames

        self._programme, self._quarter = programme, quarter
        self._folder = tempfile.TemporaryDirectory(prefix="giaoban-")
        self._connection = open_in_memory(Path(self._folder.name))
        self._connection.execute("pragma disable_optimizer")  # costs more than it saves on one sender's rows
        for schema in ("raw", "staging", "intermediate", "marts", "checks"):
            self._connection.execute(f"create schema {schema}")
        definitions = programme_frames(programme)
        # an agreed correction concerns the office: the file is judged as it was sent
        definitions["corrections"] = definitions["corrections"].clear()
        self._files = _judging_files([f"raw.{name}" for name in definitions])
        read = {table for model in self._files.models for table in model.inputs}
        read |= {table for check in self._files.checks for table in check.inputs}
        for name, frame in definitions.items():
            if f"raw.{name}" in read:
                self._load(name, frame)
        self._connection.execute("create table raw.all_areas as from raw.areas")
        self._has_history = self._attach()
        self._ready: tuple[str | None, tuple[str, ...], set[str]] | None = None

    def __enter__(self) -> _Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def prepare(self, receipt: Receipt) -> None:
        """Build what does not depend on the reading of a file, where the register says who sent it."""
        if receipt.sent_by is not None:
            compared = self._begin(receipt, receipt.sent_by)
            built = self._build(lambda table: not self._files.ancestors[table] & _READ)
            self._ready = receipt.sent_by, compared, built

    def judged(self, path: Path, receipt: Receipt, reading: Reading) -> Checked:
        """What the sender of one file would be told, as if nothing else had come this quarter."""
        reporter, compared, built = self._ready or (None, (), set[str]())
        if self._ready is None or reporter != reading.reporter:
            compared, built = self._begin(receipt, reading.reporter), set()
        frames = as_frames(self._quarter, [receipt], {path: receipt}, {path: reading}, {path: ""})
        for name, frame in frames.items():
            if name != "receipts" and frame.height:
                self._load(name, frame, "insert into raw.{} from")
        self._build(lambda table: table not in built)
        self._run_checks()
        self._ready = None
        (answer,) = collect(self._connection, self._programme, self._quarter, self._files.checks)
        # the sender's other forms may lie in other files
        return Checked(self._programme, self._quarter, path, replace(answer, missing=()), compared)

    def _run_checks(self) -> None:
        """Every check as its table; they do not read each other, and the workers' processor is free by now."""

        def run(part: Sequence[CheckFile]) -> None:
            with self._connection.cursor() as cursor:
                for check in part:
                    cursor.execute(f"create or replace table checks.{check.name} as {check.text}")

        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(run, [self._files.checks[place::THREADS] for place in range(THREADS)]))

    def _begin(self, receipt: Receipt, reporter: str | None) -> tuple[str, ...]:
        """Empty intake tables but for the receipt and the sender's earlier quarters, which are returned."""
        for name, frame in as_frames(self._quarter, [receipt], {}, {}, {}).items():
            self._load(name, frame)
        # other senders' areas only cost time; of an agency, only the whole
        self._connection.execute(
            "create or replace table raw.areas as select * from raw.all_areas"
            " where level not in ('district', 'commune') or code = ? or parent_code = ?",
            [reporter, reporter],
        )
        return self._add_history(reporter) if reporter else ()

    def _build(self, is_wanted: Callable[[str], bool]) -> set[str]:
        built = {model.table: model.text for model in self._files.models if is_wanted(model.table)}
        for table, text in built.items():
            self._connection.execute(f"create or replace table {table} as {text}")
        return set(built)

    def _load(self, name: str, frame: pl.DataFrame, command: str = "create or replace table raw.{} as from") -> None:
        """DuckDB and Polars share no memory here: a frame travels as a temporary Parquet file."""
        path = Path(self._folder.name) / f"{name}.parquet"
        frame.write_parquet(path)
        source = str(path).replace("'", "''")
        self._connection.execute(f"{command.format(name)} read_parquet('{source}')")

    def _attach(self) -> bool:
        path = warehouse_file(self._programme.home / "build" / self._programme.id)
        if not path.is_file():
            return False
        source = str(path).replace("'", "''")
        try:
            self._connection.execute(f"attach '{source}' as published (read_only)")
        except duckdb.Error:
            return False
        return True

    def _add_history(self, reporter: str) -> tuple[str, ...]:
        """What the sender reported in the quarters since the same one last year; none where that cannot be read."""
        if not self._has_history:
            return ()
        since, until = str(self._quarter.same_last_year), str(self._quarter)
        try:
            self._connection.execute(
                "create or replace temp table earlier as select distinct quarter, sha256 from published.raw.forms"
                " where reporter = ? and quarter >= ? and quarter < ? and is_accepted",
                [reporter, since, until],
            )
            for table in _HISTORY:
                self._connection.execute(
                    f"insert into raw.{table} by name select held.* from published.raw.{table} as held"
                    " inner join earlier on held.quarter = earlier.quarter and held.sha256 = earlier.sha256"
                )
            found = self._connection.execute("select distinct quarter from earlier order by quarter").fetchall()
        except duckdb.Error:  # published by another version: the file is judged alone
            return ()
        return tuple(quarter for (quarter,) in found)


def _judging_files(definitions: Sequence[str]) -> SqlFiles:
    """The models and checks that judge one sender: those of figures that come before the marts."""
    files = read_sql_files([*definitions, *(f"raw.{name}" for name in SCHEMAS)])
    checks = tuple(
        check
        for check in files.checks
        if judges_figures(check) and not check.checks.startswith("marts.") and files.ancestors[check.checks] & _FIGURES
    )
    wanted = {*_NEEDED, *(check.checks for check in checks)}
    wanted |= {table for name in tuple(wanted) for table in files.ancestors[name]}
    return SqlFiles(tuple(model for model in files.models if model.table in wanted), checks)
