"""A programme that exists only in this test runs from spreadsheet to PDF: adding a folder needs no code."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.briefing.document import build_briefing
from pipeline.briefing.provenance import REPORTS
from pipeline.programme import load_programme
from pipeline.proof.document import read_document
from pipeline.proof.linting import lint
from pipeline.proof.profile import load_profile
from pipeline.quarters import Quarter
from pipeline.warehouse import open_for_reading
from tests import tiny
from tests.golden.conftest import run_giaoban
from tests.golden.test_briefing import text_of
from tests.intake.conftest import to_bytes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("third")
    programme = tiny.write_programme(home)
    for quarter, period in (("2030-Q3", "Quý III năm 2030"), ("2030-Q4", "Quý IV/2030")):
        folder = programme.folder / "submissions" / quarter
        folder.mkdir(parents=True)
        (folder / "dong.xlsx").write_bytes(to_bytes(tiny.district_workbook("Quận Đông", period)))
        if quarter == "2030-Q4":
            (folder / "tay.xlsx").write_bytes(to_bytes(tiny.district_workbook("Huyện Tây Hòa", period)))
            (folder / "so mot.xlsx").write_bytes(to_bytes(tiny.agency_workbook()))
    done = run_giaoban(home, "briefing", "thu", "IV/2030")
    assert done.returncode == 0, done.stderr
    return home


def test_its_figures_come_out(home: Path):
    def figure(indicator: str, area: str = "city") -> dict[str, object]:
        words = ("figures", "thu", "2030-Q4", "--indicator", indicator, "--area", area, "--format", "json")
        return json.loads(run_giaoban(home, *words).stdout)

    poor = figure("P1")
    assert (poor["numerator"], poor["denominator"], poor["printed"], poor["coverage"]) == (8, 4000, "0,2%", "2/2")
    assert (figure("J1")["printed"], figure("W1")["printed"]) == ("500 người", "80%")
    assert (figure("W1")["coverage"], figure("W1", "001")["printed"]) == ("1/1", "không áp dụng")
    assert figure("U1")["printed"] == "2,01%"


def test_its_briefing_speaks_of_itself_and_of_nobody_else(home: Path):
    text = text_of(home / "build" / tiny.PROGRAMME_ID / "2030-Q4" / "briefing.pdf")
    for words in ("CƠ QUAN THỬ NGHIỆM", "Kết quả thử nghiệm quý IV/2030", "Tây Hòa", "chưa vào sổ"):
        assert words.casefold() in text.casefold()
    for words in ("Hà Nội", "Long An", "SỐ LIỆU MINH HỌA", "None", "nan", "Undefined"):
        assert words not in text


def test_the_quarter_with_a_missing_district_prints_too(home: Path):
    done = run_giaoban(home, "briefing", "thu", "2030-Q3")
    assert done.returncode == 0, done.stderr
    assert "Huyện Tây Hòa" in done.stdout
    text = text_of(home / "build" / tiny.PROGRAMME_ID / "2030-Q3" / "briefing.pdf")
    assert "1/2" in text
    appendix = text[text.rindex("Phụ lục III") :]
    assert "Chưa gửi: huyện Tây Hòa" in appendix and "để trống, không tính là 0" in appendix
    own = text_of(home / "build" / tiny.PROGRAMME_ID / "2030-Q3" / "areas" / "002.pdf")
    assert "Báo cáo quý: chưa gửi báo cáo" in own and "Hộ nghèo: chưa có số liệu" in own


PARTY = {
    "profile": "B", "parent_body": "THÀNH ỦY THÀNH THỬ", "issuing_body": "BAN CHỈ ĐẠO CHƯƠNG TRÌNH", "symbol": "BC/BCĐ",
    "authority": "T/M BAN CHỈ ĐẠO", "signatory_title": "PHÓ TRƯỞNG BAN",
}  # fmt: skip


def test_a_party_body_prints_by_its_own_profile_which_nobody_calls_vetted(home: Path, tmp_path: Path):
    programme = load_programme(home, tiny.PROGRAMME_ID)
    document = programme.document.model_copy(update=PARTY)
    party = replace(programme, heading=programme.heading.model_copy(update={"document": document}))
    with closing(open_for_reading(home, tiny.PROGRAMME_ID)) as connection:
        build_briefing(party, Quarter(2030, 4), connection, home, tmp_path)
    profile = load_profile(REPORTS, "B")
    verdicts = lint(read_document((tmp_path / "briefing.pdf").read_bytes()), profile)
    assert [(one.rule, one.checks) for one in verdicts if one.state == "broken"] == []
    assert sum(one.state == "met" for one in verdicts) > 60 and not profile.is_confirmed
    text = text_of(tmp_path / "briefing.pdf")
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Số -BC/BCĐ", "Phụ lục 1 KẾT QUẢ", "-----", "chi tiết tại Phụ lục 1"):
        assert words in text
    for words in ("CỘNG HÒA XÃ HỘI", "Phụ lục I", "/BC/BCĐ", "thẩm định"):
        assert words not in text


def test_its_trace_names_the_cells(home: Path):
    done = run_giaoban(home, "trace", "thu", "2030-Q4", "P1", "--format", "json")
    trace = json.loads(done.stdout)
    assert len(trace["cells"]) == 8
    assert {(cell["file"], cell["sheet"]) for cell in trace["cells"]} == {
        ("dong.xlsx", "Biểu 2"),
        ("tay.xlsx", "Biểu 2"),
    }
