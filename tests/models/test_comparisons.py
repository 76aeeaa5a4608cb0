"""Comparisons in time: own record, the form's column, versions of an indicator, breaks of its method."""

from datetime import date

import pytest

from .conftest import RunModel
from .one_indicator import agency, progress, status_of, with_flow, with_stock
from .returns import Returns

# --- comparisons in time -----------------------------------------------------------------------------


def test_our_own_record_goes_before_the_column_of_the_form(run_model: RunModel) -> None:
    returns = with_flow()
    returns.send_all("2022-Q4", jobs=(100, 0, 0))
    for position, district in enumerate(("01", "02", "03")):
        returns.send("2023-Q4", district, {"jobs": 50, "jobs:last_year": (90, 0, 0)[position]})
        returns.send("2022-Q3", district, {"jobs": 50, "jobs:last_year": (70, 1, 0)[position]})
    row = progress(run_model, returns, "2023-Q4")
    assert (row["same_period_value"], row["same_period_source"]) == (100, "record")
    earlier = progress(run_model, returns, "2022-Q3")
    assert (earlier["same_period_value"], earlier["same_period_source"]) == (71, "form")
    assert earlier["year_end_value"] is None


def test_without_record_and_column_nothing_is_compared(run_model: RunModel) -> None:
    returns = with_flow()
    returns.send_all("2023-Q4", jobs=(1, 1, 1))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["same_period_value"], row["same_period_source"]) == (None, None)


def test_a_record_of_too_few_districts_is_not_compared_with(run_model: RunModel) -> None:
    returns = with_flow()
    returns.send_all("2022-Q4", jobs=(100, None, None))
    returns.send_all("2023-Q4", jobs=(1, 1, 1))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["same_period_value"], row["year_end_value"]) == (None, None)


def test_poverty_under_another_standard_is_another_series(run_model: RunModel) -> None:
    returns = Returns(standards={2021: "cu"})
    returns.measure("poor_households")
    returns.measure("households")
    returns.indicator("I", "poor_households", "households", direction="lower")
    returns.indicator("ALL", "households")
    returns.target("I", "year", "le", 10, year=2022)
    for quarter, poor in (("2021-Q4", 4), ("2022-Q1", 6), ("2022-Q4", 6), ("2023-Q1", 5)):
        returns.send_all(quarter, poor_households=(poor, 0, 0), households=(10, 5, 5))
    row = progress(run_model, returns, "2022-Q1")
    assert (row["year_end_value"], row["computed_status"]) == (None, "behind")
    assert progress(run_model, returns, "2022-Q1", "ALL")["year_end_value"] == 20
    assert progress(run_model, returns, "2023-Q1")["year_end_value"] == pytest.approx(30)


# --- the same areas on both sides ------------------------------------------------------------------------


COMPARED = ("same_period_value", "same_period_source", "same_period_areas", "is_same_period_partial")


@pytest.mark.parametrize(
    ("before", "now", "compared"),
    [
        ((10, 20, 30), (11, 21, 31), (60, "record", 3, False)),
        ((10, 20, 30), (11, 21, None), (30, "record", 2, True)),  # district 03 is left out of last year too
        ((10, 20, None), (11, 21, None), (30, "record", 2, False)),
        ((10, 20, None), (11, 21, 31), (None, None, None, False)),  # 03 reports now and did not then
        ((10, 20, None), (11, None, 31), (None, None, None, False)),
        ((10, 20, 30), (11, None, None), (None, None, None, False)),  # one of three is too little
        ((10, 20, 30), (None, None, None), (None, None, None, False)),
        ((10, 20, 30), (11, 21, "x"), (60, "record", 3, False)),  # nothing is missing on either side
        ((10, 20, "x"), (11, 21, 31), (30, "record", 2, False)),
        ((10, 20, 0), (11, 21, None), (30, "record", 2, True)),
    ],
)
def test_the_city_is_compared_over_the_areas_that_report_now(
    run_model: RunModel, before: tuple, now: tuple, compared: tuple
) -> None:
    returns = with_flow()
    returns.send_all("2022-Q4", jobs=before)
    returns.send_all("2023-Q4", jobs=now)
    row = progress(run_model, returns, "2023-Q4")
    assert tuple(row[name] for name in COMPARED) == compared
    assert (row["year_end_value"], row["year_end_areas"], row["is_year_end_partial"]) == (compared[0], *compared[2:])


def test_a_rate_is_compared_as_sums_over_sums_of_the_same_areas(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole")
    returns.send_all("2022-Q2", part=(1, 9, 500), whole=(10, 90, 500))
    returns.send_all("2022-Q4", part=(2, 18, 500), whole=(10, 90, 500))
    returns.send_all("2023-Q2", part=(3, 30, None), whole=(10, 90, None))
    row = progress(run_model, returns, "2023-Q2")
    assert (row["same_period_numerator"], row["same_period_denominator"]) == (10, 100)
    assert (row["year_end_value"], row["year_end_areas"], row["is_year_end_partial"]) == (pytest.approx(20), 2, True)
    areas = {row["area_code"]: row for row in run_model("marts/area_comparison", returns.tables)}
    assert areas["03"]["same_period_change"] is None


def test_the_column_of_the_forms_is_summed_over_the_areas_that_report_now(run_model: RunModel) -> None:
    returns = with_flow()
    for district, now, before in (("01", 5, 4), ("02", 6, 5), ("03", None, 100)):
        returns.send("2023-Q4", district, {"jobs": now, "jobs:last_year": before})
    row = progress(run_model, returns, "2023-Q4")
    assert tuple(row[name] for name in COMPARED) == (9, "form", 2, True)
    assert (row["year_end_source"], row["year_end_areas"]) == ("form", 2)


def test_the_column_of_the_forms_serves_where_the_record_lacks_an_area(run_model: RunModel) -> None:
    returns = with_flow()
    returns.send_all("2022-Q4", jobs=(4, 5, None))
    for district, before in (("01", 4), ("02", 5), ("03", 7)):
        returns.send("2023-Q4", district, {"jobs": 10, "jobs:last_year": before})
    row = progress(run_model, returns, "2023-Q4")
    assert tuple(row[name] for name in COMPARED) == (16, "form", 3, False)


def test_districts_that_merged_are_compared_when_all_reported(run_model: RunModel) -> None:
    returns = with_flow()
    returns.tables["raw.areas"][3]["valid_to"] = date(2022, 12, 31)
    returns.area("05", valid_from=date(2023, 1, 1))
    returns.send_all("2022-Q4", jobs=(10, 20, 30))
    for district in ("01", "02", "05"):
        returns.send("2023-Q4", district, {"jobs": 25})
    row = progress(run_model, returns, "2023-Q4")
    assert tuple(row[name] for name in COMPARED) == (60, "record", 3, False)


def test_the_path_to_a_plan_starts_with_all_areas(run_model: RunModel) -> None:
    """The plan is one for all: 70 at the end of 2023, from 60, so 65 by the second quarter."""
    returns = Returns()
    returns.measure("beds")
    returns.indicator("I", "beds")
    returns.target("I", "year", "ge", 70, year=2023)
    returns.send_all("2022-Q4", beds=(20, 20, 20))
    returns.send_all("2023-Q2", beds=(32, 32, None))
    row = progress(run_model, returns, "2023-Q2")
    assert (row["year_end_value"], row["computed_status"]) == (40, "behind")


# --- versions of an indicator, breaks of its method ---------------------------------------------------


def versions() -> Returns:
    """A new owner from 2023 on; another indicator ends with 2022."""
    returns = Returns()
    returns.add("owners", code="moi", name="Sở mới", short_name="Mới")
    returns.measure("level", level="city", reported_by="agency", reporter="so")
    returns.indicator("I", "level", aggregation="city_only", valid_to=date(2022, 12, 31))
    returns.indicator("I", "level", aggregation="city_only", valid_from=date(2023, 1, 1), owner="moi")
    returns.indicator("OLD", "level", aggregation="city_only", valid_to=date(2022, 12, 31))
    agency(returns, "2022-Q4", 80)
    agency(returns, "2023-Q4", 85)
    return returns


def test_an_indicator_changes_its_owner_and_keeps_its_past(run_model: RunModel) -> None:
    returns = versions()
    assert progress(run_model, returns, "2022-Q4")["owner_name"] == "Sở"
    row = progress(run_model, returns, "2023-Q4")
    assert (row["owner_name"], row["same_period_value"], row["year_end_value"]) == ("Sở mới", 80, 80)


def test_the_set_of_indicators_shrinks(run_model: RunModel) -> None:
    rows = run_model("marts/status_summary", versions().tables)
    assert {row["quarter"]: row["counted_total"] for row in rows} == {"2022-Q4": 2, "2023-Q4": 1}


def test_another_definition_is_another_series(run_model: RunModel) -> None:
    returns = versions()
    returns.measure("other", level="city", reported_by="agency", reporter="so")
    returns.tables["raw.indicators"][1]["numerator"] = "other"
    returns.send("2023-Q4", "so", {"other@city": 5}, form="bieu06")
    row = progress(run_model, returns, "2023-Q4")
    assert (row["value"], row["same_period_value"], row["year_end_value"]) == (5, None, None)


@pytest.mark.parametrize(
    ("from_quarter", "quarter", "same_period", "year_end", "note"),
    [
        ("2023-Q2", "2023-Q2", (None, "break"), (None, "break"), "cách tính mới"),
        ("2023-Q2", "2023-Q1", (80, "record"), (82, "record"), None),
        ("2023-Q1", "2023-Q1", (None, "break"), (None, "break"), "cách tính mới"),
        ("2022-Q4", "2023-Q1", (None, "break"), (82, "record"), "cách tính mới"),
        ("2022-Q1", "2023-Q1", (80, "record"), (82, "record"), None),
    ],
)
def test_nothing_is_compared_across_a_break(
    run_model: RunModel, from_quarter: str, quarter: str, same_period: tuple, year_end: tuple, note: str | None
) -> None:
    returns = with_stock()
    returns.add("method_breaks", indicator_code="I", from_quarter="2021-Q1", note="cũ hơn", basis="published")
    returns.add("method_breaks", indicator_code="I", from_quarter=from_quarter, note="cách tính mới", basis="published")
    for earlier, value in (("2022-Q1", 80), ("2022-Q2", 81), ("2022-Q4", 82)):
        agency(returns, earlier, value)
    returns.send(quarter, "so", {"level@city": 85, "level@city:last_year": 79}, form="bieu05")
    row = progress(run_model, returns, quarter)
    assert (row["same_period_value"], row["same_period_source"]) == same_period
    assert (row["year_end_value"], row["year_end_source"]) == year_end
    assert row["break_note"] == note
    assert (row["same_period_numerator"] is None) == (same_period[0] is None)


@pytest.mark.parametrize(("breaks", "status"), [(False, "on_track"), (True, "behind")])
def test_the_straight_path_does_not_start_under_another_method(run_model: RunModel, breaks: bool, status: str) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 90, year=2023)
    if breaks:
        returns.add("method_breaks", indicator_code="I", from_quarter="2023-Q1", note="mới", basis="published")
    agency(returns, "2022-Q4", 80)
    agency(returns, "2023-Q1", 83)
    assert status_of(run_model, returns, "2023-Q1") == status


def test_a_total_is_not_made_of_two_methods(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "term_total", "ge", 1000, year=2025)
    returns.add("method_breaks", indicator_code="I", from_quarter="2022-Q1", note="mới", basis="published")
    returns.send_all("2021-Q4", jobs=(200, 0, 0))
    returns.send_all("2022-Q4", jobs=(200, 0, 0))
    assert progress(run_model, returns, "2022-Q4")["term_judged"] is None


def test_the_column_of_the_form_is_not_compared_across_standards(run_model: RunModel) -> None:
    returns = Returns(standards={2021: "cu"})
    returns.measure("poor_households")
    returns.measure("other")
    returns.indicator("I", "poor_households")
    returns.indicator("OTHER", "other")
    for position, district in enumerate(("01", "02", "03")):
        figures = {"poor_households": 5, "poor_households:last_year": (9, 0, 0)[position]}
        returns.send("2022-Q1", district, {**figures, "other": 1, "other:last_year": 2})
    row = progress(run_model, returns, "2022-Q1")
    assert (row["same_period_value"], row["same_period_source"], row["year_end_source"]) == (None, "break", "break")
    assert row["break_note"] == "Chuẩn nghèo thay đổi, không so sánh với số liệu trước đó"
    other = progress(run_model, returns, "2022-Q1", "OTHER")
    assert (other["same_period_value"], other["same_period_source"], other["break_note"]) == (6, "form", None)
