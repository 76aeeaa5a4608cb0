"""The second programme runs on the same code: a province, forms of another family, yes-and-no indicators."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from pipeline.warehouse import open_for_reading
from tests.golden.conftest import ROOT, run_giaoban
from tests.golden.test_briefing import text_of
from tests.golden.tracing import Traces

PROGRAMME, QUARTER = "long_an_52_ctr_tu", "2024-Q4"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("second")
    shutil.copytree(ROOT / "raw" / PROGRAMME, home / "raw" / PROGRAMME)
    done = run_giaoban(home, "briefing", "long", "IV/2024", "--areas", "797")
    assert done.returncode == 0, done.stderr
    assert "15/15" in done.stdout and "Chưa có báo cáo: Sở Xây dựng" in done.stdout
    return home


def test_the_briefing_names_its_units_and_says_that_its_figures_are_illustrative(home: Path):
    text = text_of(home / "build" / PROGRAMME / QUARTER / "briefing.pdf")
    wanted = ["41 chỉ tiêu", "Toàn tỉnh", "chưa đạt", "SỐ LIỆU MINH HỌA", "trên 95%", "khoảng 75 tuổi"]
    wanted += ["chưa đến hạn hoàn thành", "(quý III/2024: 3.361 hộ, mới có 14/15 đơn vị báo cáo)"]
    wanted += [area.name for area in load_programme(home, PROGRAMME).districts(Quarter(2024, 4))]
    assert [words for words in wanted if words not in text] == []
    for words in ("Hà Nội", "08-CTr/TU"):
        assert words not in text
    assert not re.search(r"\d có/không", text)


def test_a_district_with_plans_of_its_own_has_two_pages(home: Path):
    pdf = home / "build" / PROGRAMME / QUARTER / "areas" / "797.pdf"
    assert len(PdfReader(pdf).pages) == 2
    text = text_of(pdf)
    for words in ("SỐ LIỆU QUÝ IV/2024 CỦA HUYỆN VĨNH HƯNG", "Kế hoạch năm của địa bàn", "không quá 25: đạt", "14/15"):
        assert words in text


def test_every_printed_number_and_every_mart_has_a_trace_that_gives_it(home: Path):
    with closing(open_for_reading(home, PROGRAMME)) as connection:
        traces = Traces(connection, home, PROGRAMME)
        assert list(traces.problems_of_facts()) == []
        assert list(traces.problems_of_marts(60)) == []


def test_every_counted_indicator_has_a_status(home: Path):
    done = run_giaoban(home, "figures", "long", QUARTER, "--format", "json")
    figures = json.loads(done.stdout)
    programme = load_programme(home, PROGRAMME)
    counted = {one.code for one in programme.indicators if one.counted}
    assert len(counted) == 41
    assert {figure["indicator"] for figure in figures if figure["status"]} >= counted
    assert {figure["basis"] for figure in figures if figure["value"] is not None} == {"illustrative"}
