"""Who reports in a quarter: one rule, told twice (here and in the models), dated like the agencies themselves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import ProgrammeError
from pipeline.intake.identity import Names
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme, load_programme, programme_ids
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from tests import tiny
from tests.models.conftest import RAW_TABLES, build

ROOT = Path(__file__).parents[2]
OWNERS = """code,name,short_name,valid_from,valid_to,aliases
so_mot,Sở Một,Sở Một,,2030-08-31,
so_hai,Sở Hai,Sở Hai,,2031-02-28,
so_ba,Sở Ba,Sở Ba,2031-03-01,,
so_bon,Sở Bốn,Sở Bốn,,,
"""


def of_models(programme: Programme) -> dict[str, list[str]]:
    """Quarter -> reporters in the order of staging.expected_reporters, had every quarter of the term a receipt."""
    given: dict[str, Any] = {
        f"raw.{name}": frame.to_dicts() for name, frame in programme_frames(programme).items() if name in RAW_TABLES
    }
    given["raw.receipts"] = [{"quarter": str(quarter), "sha256": "a"} for quarter in programme.quarters]
    found: dict[str, list[str]] = {str(quarter): [] for quarter in programme.quarters}
    with duckdb.connect(config={"threads": 1}) as connection:
        build(connection, "staging.expected_reporters", given, set())
        rows = connection.execute("select quarter, reporter from staging.expected_reporters order by quarter, sort")
        for quarter, reporter in rows.fetchall():
            found[quarter].append(reporter)
    return found


@pytest.mark.parametrize("programme_id", programme_ids(ROOT))
def test_the_models_expect_the_same_reporters_in_every_quarter_of_the_term(programme_id: str):
    programme = load_programme(ROOT, programme_id)
    ours = {str(quarter): programme.expected_reporters(quarter) for quarter in programme.quarters}
    assert ours == of_models(programme)


def succession(home: Path, reporter: str = "so_mot", successors: str = "so_hai|so_ba", more: str = "") -> Programme:
    """The tiny programme, its yearly agency measure handed on; `more`: rows of further measures."""
    folder = tiny.write_programme(home).folder
    (folder / "owners.csv").write_text(OWNERS, encoding="utf-8")
    head, *rows = (folder / "measures.csv").read_text(encoding="utf-8").splitlines()
    columns = head.split(",")
    place = columns.index("reporter") + 1
    spread = [row.split(",") for row in rows]
    lines = [[*cells[:place], successors if cells[place - 1] else "", *cells[place:]] for cells in spread]
    for cells in lines:
        cells[place - 1] = cells[place - 1] and reporter
    table = [[*columns[:place], "successors", *columns[place:]], *lines]
    text = "\n".join(",".join(cells) for cells in table) + f"\n{more}"
    (folder / "measures.csv").write_text(text.replace(",yearly,", ",quarterly,"), encoding="utf-8")
    return load_programme(home, tiny.PROGRAMME_ID)


def test_whoever_took_over_answers_from_the_day_the_old_one_ended(tmp_path: Path):
    programme = succession(tmp_path)
    agencies = {
        str(quarter): [code for code in programme.expected_reporters(quarter) if code.startswith("so_")]
        for quarter in programme.quarters
    }
    assert agencies == {
        "2030-Q1": ["so_mot"], "2030-Q2": ["so_mot"], "2030-Q3": ["so_hai"], "2030-Q4": ["so_hai"],
        "2031-Q1": ["so_ba"], "2031-Q2": ["so_ba"], "2031-Q3": ["so_ba"], "2031-Q4": ["so_ba"],
    }  # fmt: skip
    assert [owner.code for owner in programme.owners_in_office(Quarter(2031, 1))] == ["so_ba", "so_bon"]
    assert of_models(programme) == {str(one): programme.expected_reporters(one) for one in programme.quarters}


def test_the_duties_of_one_agency_may_go_to_several(tmp_path: Path):
    more = "trained,Lao động qua đào tạo,%,2,stock,city,agency,so_mot,so_bon,cap_tren,quarterly,0,100,,\n"
    programme = succession(tmp_path, more=more)
    measures = {measure.code: measure for measure in programme.measures}
    kept, moved = measures["unemployment"], measures["trained"]
    before, after = Quarter(2030, 2), Quarter(2030, 3)
    assert [programme.reporter_of(one, before) for one in (kept, moved)] == ["so_mot", "so_mot"]
    assert [programme.reporter_of(one, after) for one in (kept, moved)] == ["so_hai", "so_bon"]
    assert programme.is_reported_by(moved, "so_bon", after) and not programme.is_reported_by(moved, "so_hai", after)
    assert programme.is_reported_by(measures["households"], "001", after)
    assert of_models(programme) == {str(one): programme.expected_reporters(one) for one in programme.quarters}


def test_a_form_counts_when_it_comes_from_whoever_is_in_charge(tmp_path: Path):
    names = Names(succession(tmp_path), Quarter(2030, 4))

    def read(office: str) -> tuple[list[str], list[str]]:
        book, content = tiny.agency_workbook(), io.BytesIO()
        book.worksheets[0]["A1"] = office
        book.save(content)
        reading = read_workbook(content.getvalue(), "bao cao.xlsx", names)
        refused = [one.expected for one in reading.findings if one.rule == "not-the-owner"]
        return [one.reporter for one in reading.observations], refused

    assert read("SỞ HAI") == (["so_hai"], [])
    assert read("SỞ BỐN") == ([], ["số liệu do Sở Hai báo cáo"])


def test_an_agency_that_ended_without_a_successor_owes_nothing(tmp_path: Path):
    programme = succession(tmp_path, successors="")
    assert programme.expected_reporters(Quarter(2030, 3)) == ["001", "002"]
    assert of_models(programme)["2030-Q3"] == ["001", "002"]


@pytest.mark.parametrize(
    ("reporter", "successors", "told"),
    [
        ("so_mot", "so_nam", "cột 'successors': thấy 'so_nam', cần: một mã có trong owners.csv"),
        ("so_bon", "so_ba", "ghi ngày kết thúc .valid_to. của so_bon trong owners.csv"),
        ("so_mot", "so_ba|so_hai", "ghi ngày kết thúc .valid_to. của so_ba trong owners.csv"),
    ],
)
def test_a_succession_that_cannot_be_is_told(tmp_path: Path, reporter: str, successors: str, told: str):
    with pytest.raises(ProgrammeError, match=told):
        succession(tmp_path, reporter, successors)


def test_only_what_an_agency_reports_has_a_successor(tmp_path: Path):
    more = "people,Số khẩu,người,0,stock,district,area,,so_hai,chi_tieu,quarterly,0,,,\n"
    with pytest.raises(ProgrammeError, match="thấy 'so_hai', cần: để trống khi không có reporter"):
        succession(tmp_path, more=more)
