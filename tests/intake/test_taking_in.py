"""What was read once is not read again, unless the file, its sender, the definitions or the reader changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import Readers, TakenIn, receive, take_in
from pipeline.intake.readings import Reading
from pipeline.intake.register import receipts
from pipeline.programme import Programme
from tests import tiny
from tests.intake.conftest import QUARTER, to_bytes

DAY = date(2031, 1, 3)
READ_WITH = "definitions and code"


class Watched(Readers):
    """Readers that note which files they were given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []

    def read(self, programme, quarter, files: Mapping[Path, str | None], progress=None) -> dict[Path, Reading]:
        self.given = sorted(path.name for path in files)
        return super().read(programme, quarter, files, progress)


def known(taken: TakenIn) -> dict[tuple[str, str], str]:
    rows = taken.frames["submissions"].iter_rows(named=True)
    return {(row["sha256"], row["file"]): row["read_with"] for row in rows}


@pytest.fixture
def read_once(programme: Programme, tmp_path: Path):
    """Two districts' files taken in, and what the warehouse would know of them."""
    for name, district in (("dong.xlsx", "Quận Đông"), ("tay.xlsx", "Huyện Tây Hòa")):
        (tmp_path / name).write_bytes(to_bytes(tiny.district_workbook(district)))
        receive(programme, QUARTER, [tmp_path / name], None, DAY)
    return known(take_in(programme, QUARTER, read_with=READ_WITH))


def test_files_known_by_the_same_reading_are_kept_and_not_opened(programme, read_once):
    with Watched() as readers:
        again = take_in(programme, QUARTER, readers=readers, read_with=READ_WITH, known=read_once)
        assert readers.given == []
        assert again.kept == set(read_once)
        assert again.frames["receipts"].height == 2
        assert again.frames["submissions"].is_empty() and again.frames["observations"].is_empty()


def test_a_changed_file_is_read_and_the_others_are_kept(programme, read_once):
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 1"]["E9"] = 260
    (programme.submissions_folder(QUARTER) / "dong.xlsx").write_bytes(to_bytes(workbook))
    with Watched() as readers:
        again = take_in(programme, QUARTER, readers=readers, read_with=READ_WITH, known=read_once)
        assert readers.given == ["dong.xlsx"]
        assert [file for _, file in again.kept] == ["tay.xlsx"]
        # the registered bytes are gone: the finding says so, whatever else lies there under that name
        assert again.frames["findings"]["rule"].to_list() == ["file-missing"]


def test_other_definitions_or_another_sender_mean_another_reading(programme, read_once):
    with Watched() as readers:
        take_in(programme, QUARTER, readers=readers, read_with="others", known=read_once)
        assert readers.given == ["dong.xlsx", "tay.xlsx"]
        register = programme.submissions_folder(QUARTER) / "register.csv"
        register.write_text(register.read_text(encoding="utf-8").replace(",001,", ",002,"), encoding="utf-8")
        assert [one.sent_by for one in receipts(programme, QUARTER)] == ["002", "002"]
        take_in(programme, QUARTER, readers=readers, read_with=READ_WITH, known=read_once)
        assert readers.given == ["dong.xlsx"]
