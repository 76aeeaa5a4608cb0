"""The tiny programme sent in and computed: what a trace of it must name is known cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from pipeline.intake import Readers, receive, take_in
from pipeline.models import read_sql_files
from pipeline.programme import Programme, load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.steps import raw_tables
from pipeline.warehouse import Warehouse, open_for_reading, reading_fingerprint
from tests.tiny import PROGRAMME_ID, agency_workbook, district_workbook, write_programme

Q4 = Quarter(2030, 4)


READERS = Readers()  # the same workers for all tests of a process: their imports take longer than the reading


@pytest.fixture(scope="session", autouse=True)
def readers() -> Iterator[None]:
    yield
    READERS.close()


class Office:
    """A home with the tiny programme: files come in, models are computed, the result is read."""

    def __init__(self, home: Path) -> None:
        self.home = home
        write_programme(home)
        self._read_with = reading_fingerprint(self.programme)

    @property
    def programme(self) -> Programme:
        return load_programme(self.home, PROGRAMME_ID)

    @property
    def folder(self) -> Path:
        return self.home / "raw" / PROGRAMME_ID

    def receive(self, workbook: Workbook, name: str, sent_by: str, on: date) -> None:
        sent = self.home / "sent" / name
        sent.parent.mkdir(exist_ok=True)
        workbook.save(sent)
        receive(self.programme, Q4, [sent], sent_by, on)

    def receive_all(self) -> None:
        self.receive(district_workbook("Quận Đông"), "dong.xlsx", "001", date(2031, 1, 2))
        self.receive(district_workbook("Huyện Tây Hòa"), "tay hoa.xlsx", "002", date(2031, 1, 3))
        self.receive(agency_workbook(), "so mot.xlsx", "so_mot", date(2031, 1, 4))

    def compute(self, as_of: date | None = None) -> None:
        """Every model on what lies there, published as the warehouse of the home."""
        programme = self.programme
        if self._read_with != (read_with := reading_fingerprint(programme)):
            READERS.close()  # a worker keeps the definitions of a home it has seen
            self._read_with = read_with
        with Warehouse(self.home / "build" / PROGRAMME_ID, PROGRAMME_ID) as work:
            for name, frame in programme_frames(programme, as_of).items():
                work.replace_table(f"raw.{name}", frame)
            frames = take_in(programme, Q4, as_of, readers=READERS).frames
            work.replace_quarter(str(Q4), {f"raw.{name}": frame for name, frame in frames.items()}, "")
            for model in read_sql_files(raw_tables()).models:
                work.rebuild(model.table, model.text)
            work.publish()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def computed(office: Office) -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """`computed(as_of=None)`: the warehouse of the office as it is now; the one before is closed."""
    opened = ExitStack()

    def compute(as_of: date | None = None) -> duckdb.DuckDBPyConnection:
        opened.close()
        office.compute(as_of)
        return opened.enter_context(open_for_reading(office.home, PROGRAMME_ID))

    yield compute
    opened.close()


@pytest.fixture(scope="module")
def complete_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody sent once, nothing was corrected."""
    office = Office(tmp_path_factory.mktemp("office"))
    office.receive_all()
    office.compute()
    return office.home


@pytest.fixture(scope="module")
def complete(complete_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_for_reading(complete_home, PROGRAMME_ID) as connection:
        yield connection
