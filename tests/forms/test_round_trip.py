"""A filled form is read without a single finding, and says exactly what was typed; a blank one says nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.forms import blank_workbook, owing_reporters
from pipeline.forms.earlier import Earlier
from pipeline.intake.readings import Reading
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests.forms.clerk import Clerk
from tests.forms.conftest import PROGRAMME_IDS, demonstration, read_back, two_lines, with_files
from tests.forms.figures import Truth, random_figures, typed

NO_WAREHOUSE: Earlier = {}


def last_quarter(programme: Programme) -> Quarter:
    """The fourth of a year of the term, in which yearly figures are due too."""
    return programme.submitted_quarters()[-1]


def said(reading: Reading) -> dict[tuple[str, str, str], Any]:
    return {
        (one.measure, one.area_code, one.series): "x" if one.state == "not_applicable" else one.value
        for one in reading.observations
        if one.state != "missing"
    }


def filled(clerk: Clerk, random: Random) -> tuple[dict[tuple[str, str], Any], Truth]:
    truth = random_figures(clerk.programme, clerk.quarter, clerk.places, random)
    asked = {(place.measure.code, place.area, place.series): place for place in clerk.places}
    entries = {(place.sheet, place.cell): typed(place.measure, truth[key], random) for key, place in asked.items()}
    return entries, {key: truth[key] for key in asked}


def assert_read_exactly(reading: Reading, truth: Truth, reporter: str, sheets: int) -> None:
    assert reading.findings == []
    assert reading.reporter == reporter
    assert len(reading.forms) == sheets and all(form.is_accepted for form in reading.forms)
    for form in reading.forms:
        assert form.rows_set_aside == 0
    assert said(reading) == truth


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_every_reporters_filled_forms_are_read_without_a_finding(programme_id: str):
    programme = demonstration(programme_id)
    quarter, random = last_quarter(programme), Random(programme_id)
    reporters = owing_reporters(programme, quarter)
    assert set(reporters) == set(programme.expected_reporters(quarter))
    figures = rates = totals = 0
    for reporter in reporters:
        clerk = Clerk(blank_workbook(programme, quarter, reporter, NO_WAREHOUSE), programme, quarter, reporter)
        entries, truth = filled(clerk, random)
        reading = read_back(clerk.filled(entries), programme, quarter)
        assert_read_exactly(reading, truth, reporter, len(clerk.forms))
        figures += len(truth)
        rates += sum(one.kind == "rate" for one in reading.stated)
        totals += sum(one.kind in ("total", "subtotal") for one in reading.stated)
    # the formulas of the forms were read too, and agreed with their parts
    assert figures > 5_000 and rates > 100 and totals > 300


@pytest.mark.parametrize("number", [1, 2])
def test_a_quarter_that_nobody_reported_yet(number: int):
    programme = demonstration(PROGRAMME_IDS[0])
    quarter = Quarter(last_quarter(programme).year + 1, number)
    assert quarter not in programme.submitted_quarters()
    random = Random(number)
    for reporter in random.sample(owing_reporters(programme, quarter), 3):
        clerk = Clerk(blank_workbook(programme, quarter, reporter, NO_WAREHOUSE), programme, quarter, reporter)
        entries, truth = filled(clerk, random)
        assert_read_exactly(read_back(clerk.filled(entries), programme, quarter), truth, reporter, len(clerk.forms))


@pytest.mark.parametrize("reporter", ["001", "002", "so_mot"])
def test_the_tiny_programme(tiny_programme: Programme, reporter: str):
    quarter = Quarter(2030, 4)
    clerk = Clerk(blank_workbook(tiny_programme, quarter, reporter, NO_WAREHOUSE), tiny_programme, quarter, reporter)
    entries, truth = filled(clerk, Random(reporter))
    assert len(truth) == {"001": 11, "002": 11, "so_mot": 1}[reporter]
    for content in (clerk.filled(entries), clerk.filled_without_calculation(entries)):
        assert_read_exactly(read_back(content, tiny_programme, quarter), truth, reporter, len(clerk.forms))


@pytest.mark.parametrize(
    "changed",
    [
        two_lines("lines: Phân tổ\n"),
        two_lines(""),
        {"layouts/dan_cu.yml": ("rows: areas", "rows: areas\nblank: zero")},
        {"layouts/chi_tieu.yml": ("rows: measures", "rows: measures\nblank: zero")},
        {
            "layouts/dan_cu.yml": ("rows: areas", "rows: areas\narea_level: district"),
            "measures.csv": ("stock,commune", "stock,district"),
        },
    ],
    ids=["line-column", "lines-below", "areas-zero", "measures-zero", "row-per-district"],
)
def test_forms_of_every_kind(tmp_path: Path, changed: dict[str, tuple[str, str]]):
    programme, quarter = with_files(tmp_path, changed), Quarter(2030, 4)
    for reporter in ("001", "002"):
        clerk = Clerk(blank_workbook(programme, quarter, reporter, NO_WAREHOUSE), programme, quarter, reporter)
        assert set(said(read_back(clerk.content, programme, quarter)).values()) <= {"x"}
        entries, truth = filled(clerk, Random(reporter))
        assert_read_exactly(read_back(clerk.filled(entries), programme, quarter), truth, reporter, 2)


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_a_program_that_does_not_calculate_formulas_may_save_it(programme_id: str):
    programme = demonstration(programme_id)
    quarter, random = last_quarter(programme), Random(programme_id)
    reporters = owing_reporters(programme, quarter)
    for reporter in (reporters[0], reporters[-1]):
        clerk = Clerk(blank_workbook(programme, quarter, reporter, NO_WAREHOUSE), programme, quarter, reporter)
        entries, truth = filled(clerk, random)
        reading = read_back(clerk.filled_without_calculation(entries), programme, quarter)
        assert_read_exactly(reading, truth, reporter, len(clerk.forms))


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_an_unfilled_form_says_nothing_but_that_it_is_blank(programme_id: str):
    programme = demonstration(programme_id)
    quarter = Quarter(last_quarter(programme).year, 3)
    owing = owing_reporters(programme, quarter)
    for reporter in (*owing[::8], owing[-1]):
        reading = read_back(blank_workbook(programme, quarter, reporter, NO_WAREHOUSE), programme, quarter)
        assert reading.reporter == reporter
        assert {finding.rule for finding in reading.findings} <= {"blank-cell"}
        assert [one for one in reading.observations if one.state == "value" and one.series != "plan"] == []
        assert reading.stated == []  # a sum of nothing is not said to be 0


def test_estimates_and_remarks_are_read_as_typed(tiny_programme: Programme):
    quarter = Quarter(2030, 4)
    clerk = Clerk(blank_workbook(tiny_programme, quarter, "002", NO_WAREHOUSE), tiny_programme, quarter, "002")
    entries, truth = filled(clerk, Random(7))
    jobs = next(place for place in clerk.places if (place.measure.code, place.series) == ("jobs_created", "actual"))
    entries[jobs.sheet, jobs.cell] = "khoảng 85"
    remark = next(cell for cell in reversed(clerk.open_cells(jobs.sheet)) if cell.number_format == "@")
    entries[jobs.sheet, remark.coordinate] = "- chưa đủ số liệu"
    reading = read_back(clerk.filled(entries), tiny_programme, quarter)
    assert reading.findings == []
    assert said(reading) == truth | {("jobs_created", "002", "actual"): Decimal(85)}
    estimated = [one for one in reading.observations if one.qualifier]
    assert [(one.measure, one.qualifier) for one in estimated] == [("jobs_created", "khoảng")]
    assert [(one.cell, one.text) for one in reading.remarks] == [(remark.coordinate, "- chưa đủ số liệu")]
