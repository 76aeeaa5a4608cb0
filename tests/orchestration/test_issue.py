"""`giaoban issue`: what leaves the office goes on record once, and only if it is what was built from real figures."""

from __future__ import annotations

import json
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.briefing.issuing import issue_briefing
from pipeline.errors import GiaobanError, UsageError
from pipeline.intake import receive
from pipeline.programme import Programme, load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests.tiny import PROGRAMME_ID, agency_workbook, district_workbook, write_programme

Q4 = Quarter(2030, 4)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose briefing is built and complete, from published definitions and reported figures."""
    home = tmp_path_factory.mktemp("built")
    programme = write_programme(home)
    for workbook, name, reporter in (
        (district_workbook("Quận Đông"), "dong.xlsx", "001"),
        (district_workbook("Huyện Tây Hòa"), "tay hoa.xlsx", "002"),
        (agency_workbook(), "so mot.xlsx", "so_mot"),
    ):
        workbook.save(home / name)
        receive(programme, Q4, [home / name], reporter, date(2031, 1, 3))
    with Runner(programme) as runner:
        runner.briefing(Q4)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(built, tmp_path / "home", symlinks=True, dirs_exist_ok=True)
    return tmp_path / "home"


def programme_of(home: Path) -> Programme:
    return load_programme(home, PROGRAMME_ID)


def test_number_date_hashes_and_figures_go_on_record(home: Path) -> None:
    path, _ = issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))
    assert path == home / "raw" / PROGRAMME_ID / "issued" / "2030-Q4.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (record["quarter"], record["number"], record["issued_on"]) == ("2030-Q4", "05/BC-TN", "2031-01-15")
    pdf = home / "build" / PROGRAMME_ID / "2030-Q4" / "briefing.pdf"
    assert record["pdf_sha256"] == sha256(pdf.read_bytes()).hexdigest()
    figures = {(one["indicator"], one["area"]): one for one in record["figures"]}
    assert len(figures) == 10  # three indicators of the city and two districts, one of the city alone
    assert figures["P1", "city"] == {
        "indicator": "P1", "area": "city", "numerator": 8, "denominator": 4000, "status": "no_plan",
        "printed": "0,2%",
    }  # fmt: skip
    assert figures["U1", "city"]["numerator"] == 2.01
    assert figures["W1", "001"]["numerator"] is None and figures["W1", "001"]["status"] is None
    assert [path.name for path in path.parent.iterdir()] == ["2030-Q4.json"]


def test_a_corrected_briefing_has_its_own_number_a_later_date_and_counts_from_then(home: Path) -> None:
    issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))
    with pytest.raises(UsageError, match="Số 05/BC-TN đã dùng"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 20))
    with pytest.raises(UsageError, match="phải có ngày sau"):
        issue_briefing(programme_of(home), Q4, "09/BC-TN", date(2031, 1, 15))
    path, _ = issue_briefing(programme_of(home), Q4, "09/BC-TN", date(2031, 1, 20))
    assert path.name == "2030-Q4-2.json"

    def known(as_of: date | None) -> list[str]:
        frames = programme_frames(programme_of(home), as_of)
        assert frames["issued_figures"].height == 10 * frames["issues"].height
        return frames["issues"]["number"].to_list()

    assert known(None) == ["09/BC-TN"]
    assert known(date(2031, 1, 19)) == ["05/BC-TN"]
    assert known(date(2031, 1, 14)) == []


def test_illustrative_inputs_are_refused_and_counted(home: Path) -> None:
    for name, reported in (("targets.csv", "published"), (f"submissions/{Q4}/register.csv", "reported")):
        path = home / "raw" / PROGRAMME_ID / name
        path.write_text(path.read_text(encoding="utf-8").replace(reported, "illustrative"), encoding="utf-8")
    with Runner(programme_of(home)) as runner:
        runner.briefing(Q4)
    with pytest.raises(GiaobanError, match=r"số liệu minh họa trong đầu vào \(3 báo cáo gửi lên, 2 kế hoạch, mục tiêu"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))
    assert not (home / "raw" / PROGRAMME_ID / "issued").exists()


def test_inputs_that_changed_since_are_named(home: Path) -> None:
    targets = home / "raw" / PROGRAMME_ID / "targets.csv"
    targets.write_text(targets.read_text(encoding="utf-8").replace('"1000"', '"900"'), encoding="utf-8")
    with pytest.raises(GiaobanError, match=r"Đầu vào đã thay đổi sau khi in báo cáo: targets.csv.*giaoban briefing"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))


def test_what_was_not_built_or_was_touched_since_is_not_issued(home: Path) -> None:
    with pytest.raises(UsageError, match="sớm hơn số liệu mới nhất"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 2))
    pdf = home / "build" / PROGRAMME_ID / "2030-Q4" / "briefing.pdf"
    pdf.write_bytes(pdf.read_bytes() + b" ")
    with pytest.raises(GiaobanError, match=r"Tệp briefing\.pdf .* không còn như khi in ra"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))
    pdf.unlink()
    with pytest.raises(GiaobanError, match="Chưa có báo cáo hoàn chỉnh"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 1, 15))
