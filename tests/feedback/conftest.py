"""An office that got files for one quarter of the tiny programme: read in this process, judged in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from pipeline.feedback.answers import collect
from pipeline.feedback.folder import write_feedback
from pipeline.feedback.records import Answer
from pipeline.feedback.summary import FeedbackSummary
from pipeline.intake.cells import read_sheets
from pipeline.intake.identity import Names
from pipeline.intake.register import Receipt
from pipeline.intake.taking_in import as_frames
from pipeline.intake.workbook import read_workbook
from pipeline.models import SqlFiles, read_sql_files
from pipeline.programme import Programme, load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.steps import raw_tables
from pipeline.warehouse import open_in_memory
from tests import tiny

Q4 = Quarter(2030, 4)


def to_bytes(workbook: Workbook | bytes) -> bytes:
    if isinstance(workbook, bytes):
        return workbook
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@dataclass
class Office:
    """Files come in with `send`; `compute` makes the warehouse of what came, with every model and check."""

    home: Path
    programme: Programme
    files: SqlFiles
    receipts: list[Receipt] = field(default_factory=list)
    connection: duckdb.DuckDBPyConnection | None = None

    def decide(self, lock_days: int | None = None, waivers: str = "", corrections: str = "") -> None:
        """What the office decided: when the quarter closes, what it lets pass all the same, which figures it uses."""
        heading = self.programme.folder / "programme.yml"
        if lock_days is not None:
            heading.write_text(f"{heading.read_text(encoding='utf-8')}\nlock_days: {lock_days}\n", encoding="utf-8")
        (self.programme.folder / "waivers.yml").write_text(waivers, encoding="utf-8")
        (self.programme.folder / "corrections.yml").write_text(corrections, encoding="utf-8")
        self.programme = load_programme(self.home, self.programme.id)

    def send(self, name: str, workbook: Workbook | bytes, sent_by: str | None, on: date | None) -> Path:
        """`on` None: the file lies in the folder, but not in the register."""
        path = self.programme.submissions_folder(Q4) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_bytes(workbook))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.receipts.append(Receipt(len(self.receipts) + 1, name, sha256, on, sent_by, "reported", "", path))
        return path

    def send_again(self, name: str, on: date) -> None:
        """The same bytes once more."""
        first = next(one for one in self.receipts if one.file == name)
        self.receipts.append(
            Receipt(len(self.receipts) + 1, name, first.sha256, on, first.sent_by, "reported", "", first.path)
        )

    def compute(self, folder: Path) -> None:
        names = Names(self.programme, Q4)
        latest = {one.path: one for one in self.receipts if one.path is not None}
        readings = {
            path: read_workbook(path.read_bytes(), path.name, names, one.sent_by) for path, one in latest.items()
        }
        frames = programme_frames(self.programme) | as_frames(
            Q4, self.receipts, latest, readings, dict.fromkeys(latest, "")
        )
        self.connection = connection = open_in_memory(folder)
        for schema in ("raw", "staging", "intermediate", "marts", "checks"):
            connection.execute(f"create schema {schema}")
        for name, frame in frames.items():
            frame.write_parquet(folder / f"{name}.parquet")
            connection.execute(f"create table raw.{name} as from read_parquet('{folder / name}.parquet')")
        for model in self.files.models:
            connection.execute(f"create table {model.table} as {model.text}")
        for check in self.files.checks:
            connection.execute(f"create table checks.{check.name} as {check.text}")

    def answers(self) -> dict[str, Answer]:
        assert self.connection is not None
        found = collect(self.connection, self.programme, Q4, self.files.checks)
        return {answer.reporter: answer for answer in found}

    def write(self, out: Path, earlier: Path | None = None) -> FeedbackSummary:
        assert self.connection is not None
        out.mkdir(parents=True, exist_ok=True)
        return write_feedback(self.programme, Q4, self.connection, self.files.checks, read_sheets, out, earlier)


@pytest.fixture(scope="module")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Office]]:
    files = read_sql_files(raw_tables())
    made: list[Office] = []

    def new() -> Office:
        home = tmp_path_factory.mktemp("office")
        made.append(Office(home, tiny.write_programme(home), files))
        return made[-1]

    yield new
    for office in made:
        if office.connection is not None:
            office.connection.close()
