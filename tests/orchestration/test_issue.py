"""`giaoban issue`: what leaves the office goes on record once, and only if it is what was built from real figures."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.briefing.document import build_briefing
from pipeline.briefing.edition import Edition
from pipeline.briefing.facts.collecting import collect
from pipeline.briefing.provenance import CODE_ROOT, is_up_to_date
from pipeline.errors import GiaobanError, UsageError
from pipeline.intake import receive
from pipeline.programme import Programme, load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.warehouse import open_for_reading
from tests.issuing import issue_briefing
from tests.pdf_text import page_texts
from tests.tiny import PROGRAMME_ID, district_workbook, set_in

Q4 = Quarter(2030, 4)
ISSUED_ON = date(2031, 2, 3)


@pytest.fixture
def home(printed_office: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(printed_office, tmp_path / "home", symlinks=True, dirs_exist_ok=True)
    return tmp_path / "home"


def programme_of(home: Path) -> Programme:
    return load_programme(home, PROGRAMME_ID)


@pytest.fixture(scope="module")
def issued(printed_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose briefing was issued as 05/BC-TN on 03/02/2031; not to be spoiled."""
    home = tmp_path_factory.mktemp("issued") / "home"
    shutil.copytree(printed_office, home, symlinks=True)
    issue_briefing(programme_of(home), Q4, "05/BC-TN", ISSUED_ON)
    return home


def pages_of(home: Path) -> list[str]:
    return page_texts(set_in(home) / "briefing.pdf")


def test_number_date_hashes_and_figures_go_on_record(issued: Path) -> None:
    path = issued / "raw" / PROGRAMME_ID / "issued" / "2030-Q4.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (record["quarter"], record["number"], record["issued_on"]) == ("2030-Q4", "05/BC-TN", "2031-02-03")
    pdf = (set_in(issued) / "briefing.pdf").read_bytes()
    assert record["pdf_sha256"] == sha256(pdf).hexdigest()
    figures = {(one["indicator"], one["area"]): one for one in record["figures"]}
    assert len(figures) == 10  # three indicators of the city and two districts, one of the city alone
    assert figures["P1", "city"] == {
        "indicator": "P1", "area": "city", "numerator": 8, "denominator": 4000, "status": "no_plan",
        "printed": "0,2%",
    }  # fmt: skip
    assert figures["U1", "city"]["numerator"] == 2.01
    assert figures["W1", "001"]["numerator"] is None and figures["W1", "001"]["status"] is None
    assert sorted(path.name for path in path.parent.iterdir()) == ["2030-Q4.json", "2030-Q4.pdf"]
    assert path.with_suffix(".pdf").read_bytes() == pdf


def test_a_draft_says_so_on_every_page_until_it_is_issued(printed_office: Path, issued: Path) -> None:
    draft, final = pages_of(printed_office), pages_of(issued)
    assert all("DỰ THẢO" in page for page in draft)
    assert "Số: /BC-TN" in draft[0] and "tháng 01 năm 2031" in draft[0] and "Số liệu sơ bộ" in draft[0]
    assert not [page for page in final if "DỰ THẢO" in page or "ĐÍNH CHÍNH" in page]
    assert "Số: 05/BC-TN" in final[0] and "Thành Thử, ngày 03 tháng 02 năm 2031" in final[0]
    assert "Số liệu sơ bộ" not in final[0]


def test_an_issued_edition_stays_while_nothing_changes(issued: Path) -> None:
    assert is_up_to_date(programme_of(issued), Q4, set_in(issued))
    other = replace(programme_of(issued), issues=())
    assert not is_up_to_date(other, Q4, set_in(issued))


def test_who_materializes_an_issued_briefing_gets_no_draft_of_it(issued: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(issued, home, symlinks=True)
    before = set_in(home).resolve()
    with Runner(programme_of(home)) as runner:
        runner.briefing(Q4)
    assert set_in(home).resolve() == before and "DỰ THẢO" not in pages_of(home)[0]


def test_the_same_edition_can_be_printed_again(printed_office: Path, issued: Path, tmp_path: Path) -> None:
    with open_for_reading(printed_office, PROGRAMME_ID) as connection:
        edition = Edition("05/BC-TN", ISSUED_ON)
        build_briefing(programme_of(printed_office), Q4, connection, printed_office, tmp_path, edition=edition)
    assert (tmp_path / "briefing.pdf").read_bytes() == (set_in(issued) / "briefing.pdf").read_bytes()


def test_other_figures_are_a_correction_with_its_own_number_and_a_later_date(issued: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(issued, home, symlinks=True)
    with pytest.raises(UsageError, match="Số 05/BC-TN đã dùng"):
        issue_briefing(programme_of(home), Q4, "05/BC-TN", date(2031, 2, 20))
    with pytest.raises(UsageError, match="phải có ngày sau"):
        issue_briefing(programme_of(home), Q4, "09/BC-TN", ISSUED_ON)
    with pytest.raises(GiaobanError, match=r"chưa biết báo cáo số 05/BC-TN ngày 03/02/2031 .*giaoban briefing"):
        issue_briefing(programme_of(home), Q4, "09/BC-TN", date(2031, 2, 20))
    workbook = district_workbook("Quận Đông")
    workbook["Biểu 1"]["E9"] = 260
    workbook.save(home / "dong lai.xlsx")
    receive(programme_of(home), Q4, [home / "dong lai.xlsx"], "001", date(2031, 2, 6))
    with Runner(programme_of(home)) as runner:
        runner.briefing(Q4)
    draft = pages_of(home)
    assert all("DỰ THẢO - ĐÍNH CHÍNH" in page for page in draft)
    assert "(Đính chính Báo cáo số 05/BC-TN ngày 03/02/2031;" in draft[0]
    assert "(Số liệu tổng hợp đến 06/02/2031)" in draft[0]
    revised = next(page for page in draft if "Phụ lục V " in page)
    assert "So với Báo cáo số 05/BC-TN ngày 03/02/2031" in revised
    assert re.search(r"Quận Đông 250 người 260 người ?r ", revised)
    indicators = next(page for page in draft if "Phụ lục I KẾT QUẢ" in page)
    assert re.search(r"510 ?r ", indicators)

    path, _ = issue_briefing(programme_of(home), Q4, "09/BC-TN", date(2031, 2, 20))
    assert path.name == "2030-Q4-2.json"
    final = pages_of(home)
    assert all("ĐÍNH CHÍNH" in page and "DỰ THẢO" not in page for page in final)
    assert "Số: 09/BC-TN" in final[0] and "(Đính chính Báo cáo số 05/BC-TN" in final[0]

    def known(as_of: date | None) -> list[str]:
        frames = programme_frames(programme_of(home), as_of)
        assert frames["issued_figures"].height == 10 * frames["issues"].height
        return frames["issues"]["number"].to_list()

    assert known(None) == ["09/BC-TN"]
    assert known(date(2031, 2, 19)) == ["05/BC-TN"]
    assert known(date(2031, 2, 2)) == []


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


def test_figures_of_poverty_that_are_no_indicator_are_told_when_they_changed(issued: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(issued, home, symlinks=True)
    with Runner(programme_of(home)) as runner:
        runner.refresh(Q4)  # now the tables know of the issue
    programme = programme_of(home)
    (record,) = programme.issues
    assert record.printed["poverty.city.households"] == "4.000 hộ"
    other = record.model_copy(update={"printed": record.printed | {"poverty.city.households": "4.100 hộ"}})
    with open_for_reading(home, PROGRAMME_ID) as connection:
        same = collect(programme, Q4, connection, CODE_ROOT / "sql").revisions
        changed = collect(replace(programme, issues=(other,)), Q4, connection, CODE_ROOT / "sql").revisions
    assert not same.is_corrected
    assert changed.is_corrected and not changed.rows
    (only,) = changed.others
    assert (only.subject, only.area.code, only.old, str(only.new)) == ("Tổng số hộ dân", "city", "4.100 hộ", "4.000 hộ")
