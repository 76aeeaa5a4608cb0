"""`giaoban template`: which files it writes, which it leaves alone, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.cli.blank_forms import template
from pipeline.errors import UsageError
from pipeline.forms.files import file_name, is_as_written
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests import tiny
from tests.forms.conftest import with_files


@pytest.fixture
def home(tiny_programme: Programme) -> Path:
    return tiny_programme.home


def test_a_quarter_nobody_reported_yet(home: Path, capsys: pytest.CaptureFixture[str]):
    template("thu", "III/2030", home=home)
    folder = home / "build" / tiny.PROGRAMME_ID / "forms" / "2030-Q3"
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["001 - Quận Đông - 2030-Q3.xlsx", "002 - Huyện Tây Hòa - 2030-Q3.xlsx"]
    told = capsys.readouterr().out
    assert "Đã tạo 2 tệp biểu trống quý III/2030" in told and str(folder) in told
    assert "chỉ có số liệu báo cáo năm, gửi ở quý IV): Sở Một" in told
    assert "Chưa có số liệu kỳ trước" in told


@pytest.mark.parametrize("named", ["002", "Tây Hòa", "H. Tây Hòa", "tay hoa"])
def test_for_one_reporter(home: Path, tmp_path: Path, named: str):
    template("thu", "2030-Q4", reporter=named, out=tmp_path / "bieu", home=home)
    assert [path.name for path in (tmp_path / "bieu").iterdir()] == ["002 - Huyện Tây Hòa - 2030-Q4.xlsx"]
    assert not (home / "build").exists()


def test_a_wrong_reporter_lists_those_that_exist(home: Path):
    with pytest.raises(UsageError, match=r"(?s)Không rõ đơn vị 'Nam'.*002  Huyện Tây Hòa.*so_mot  Sở Một"):
        template("thu", "2030-Q4", reporter="Nam", home=home)


def test_a_reporter_that_owes_nothing_is_told_why(home: Path):
    with pytest.raises(UsageError, match=r"(?s)Sở Một: chỉ có số liệu báo cáo năm.*001  Quận Đông"):
        template("thu", "2030-Q1", reporter="so_mot", home=home)


@pytest.mark.parametrize("quarter", ["2029-Q4", "2032-Q1"])
def test_a_quarter_outside_the_term(home: Path, quarter: str):
    with pytest.raises(UsageError, match="2030-Q1 đến 2031-Q4"):
        template("thu", quarter, home=home)


def test_a_form_somebody_saved_is_never_written_over(home: Path, capsys: pytest.CaptureFixture[str]):
    template("thu", "2030-Q4", home=home)
    folder = home / "build" / tiny.PROGRAMME_ID / "forms" / "2030-Q4"
    filled, blank, *_ = sorted(folder.iterdir())
    before = blank.read_bytes()
    assert is_as_written(before)
    workbook = load_workbook(filled)
    workbook.save(filled)
    content = filled.read_bytes()
    assert not is_as_written(content)
    blank.write_bytes(b"half a workbook")
    capsys.readouterr()
    template("thu", "2030-Q4", home=home)
    told = capsys.readouterr().out
    assert "Đã tạo 1 tệp" in told and "Giữ nguyên 2 tệp" in told and filled.name in told
    assert filled.read_bytes() == content
    blank.unlink()
    template("thu", "2030-Q4", home=home)
    assert blank.read_bytes() == before


def test_file_names_are_legal_everywhere(tmp_path: Path):
    programme = with_files(tmp_path, {"owners.csv": ("so_mot,Sở Một", 'so_mot,"../Sở: ""Một"" / <Hai>?"')})
    assert file_name(programme, Quarter(2030, 4), "so_mot") == "so_mot - .. Sở Một Hai - 2030-Q4.xlsx"
