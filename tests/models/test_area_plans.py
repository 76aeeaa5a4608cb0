"""Plans given to single areas: which is in force, how the area stands to it, and that the city's are others."""

from datetime import date
from typing import Any

import pytest

from .conftest import RunModel
from .one_indicator import progress, with_flow
from .returns import Returns


def areas(run_model: RunModel, returns: Returns, quarter: str = "2023-Q4") -> dict[str, dict[str, Any]]:
    rows = run_model("marts/area_comparison", returns.tables)
    return {row["area_code"]: row for row in rows if row["quarter"] == quarter}


def rates(**more: Any) -> Returns:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", **more)
    returns.send_all("2023-Q4", part=(30, 20, 10), whole=(40, 40, 40))
    return returns


def test_an_area_is_judged_on_its_own_plan_and_only_on_it(run_model: RunModel) -> None:
    returns = rates()
    returns.target("I", "year", "ge", 10, year=2023)
    returns.target("I", "year", "ge", 60, year=2023, area_code="01", document="Kế hoạch quận", completion_decimals=2)
    returns.target("I", "year", "ge", 80, year=2023, area_code="02")
    rows = areas(run_model, returns)
    assert [rows[code]["is_plan_met"] for code in ("01", "02", "03")] == [True, False, None]
    own = rows["01"]
    assert (own["plan_op"], own["plan"], own["plan_document"]) == ("ge", 60, "Kế hoạch quận")
    assert (own["completion_numerator"], own["completion_denominator"]) == (3000, 2400)
    assert (own["completion"], own["completion_decimals"]) == (pytest.approx(125), 2)
    assert (own["plan_judged"], own["plan_gap"]) == (pytest.approx(75), None)
    assert rows["02"]["plan_gap"] == pytest.approx(30)
    assert (rows["03"]["plan_op"], rows["03"]["completion"]) == (None, None)
    city = progress(run_model, returns, "2023-Q4")
    assert (city["year_value"], city["computed_status"]) == (10, "year_exceeded")


def test_the_plan_of_an_area_is_none_of_the_city(run_model: RunModel) -> None:
    returns = rates()
    returns.target("I", "year", "ge", 60, year=2023, area_code="01")
    returns.target("I", "term_end", "ge", 90, year=2025, area_code="01")
    city = progress(run_model, returns, "2023-Q4")
    assert (city["year_op"], city["term_op"], city["computed_status"]) == (None, None, "no_plan")
    (outlook,) = run_model("marts/indicator_outlook", returns.tables)
    assert (outlook["pace_horizon"], outlook["no_projection_reason_vi"]) == (
        None,
        "chưa giao kế hoạch năm, mục tiêu giai đoạn",
    )


def test_the_latest_document_gives_the_plan_of_an_area_too(run_model: RunModel) -> None:
    returns = rates()
    returns.target("I", "year", "ge", 70, year=2023, area_code="01", issued_on=date(2023, 7, 1))
    returns.target("I", "year", "ge", 80, year=2023, area_code="01", issued_on=date(2023, 1, 1))
    returns.target("I", "year", "ge", 99, year=2023, issued_on=date(2023, 9, 1))
    returns.target("I", "year", "ge", 90, year=2022, area_code="01", issued_on=date(2023, 9, 1))
    returns.target("I", "each_year", "ge", 85, area_code="01", issued_on=date(2023, 9, 1))
    returns.target("I", "each_year", "ge", 45, area_code="02")
    rows = areas(run_model, returns)
    assert [rows[code]["plan"] for code in ("01", "02", "03")] == [70, 45, None]
    assert [(rows[code]["term_plan"], rows[code]["term_year"]) for code in ("01", "02")] == [(85, 2025), (45, 2025)]
    assert [rows[code]["is_term_met"] for code in ("01", "02", "03")] == [False, True, None]


@pytest.mark.parametrize(
    ("jobs", "met", "on_path"), [(24, False, False), (25, False, True), (100, True, True), (None, None, None)]
)
def test_before_the_year_is_over_an_area_is_on_its_way_or_not(
    run_model: RunModel, jobs: int | None, met: bool | None, on_path: bool | None
) -> None:
    returns = with_flow()
    returns.target("I", "year", "ge", 100, year=2023, area_code="02")
    returns.send_all("2023-Q1", jobs=(500, jobs, 500))
    row = areas(run_model, returns, "2023-Q1")["02"]
    assert (row["plan"], row["is_plan_met"], row["is_plan_on_path"]) == (100, met, on_path)
    assert row["is_on_plan"] == on_path


@pytest.mark.parametrize(
    ("quarter", "done", "met", "on_plan"),
    [("2023-Q3", 0, False, None), ("2023-Q3", 1, True, True), ("2023-Q4", 0, False, False), ("2023-Q4", 1, True, True)],
)
def test_nothing_is_said_of_a_milestone_of_an_area_before_its_day(
    run_model: RunModel, quarter: str, done: int, met: bool, on_plan: bool | None
) -> None:
    returns = Returns()
    returns.measure("done")
    returns.indicator("I", "done", unit="có/không")
    returns.target("I", "year", "yes", None, year=2023, area_code="02")
    returns.send_all(quarter, done=(1, done, 1))
    row = areas(run_model, returns, quarter)["02"]
    assert (row["is_plan_met"], row["is_plan_on_path"], row["is_on_plan"]) == (met, on_plan, on_plan)


def test_the_path_of_an_area_starts_at_its_own_year_end(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("beds")
    returns.indicator("I", "beds")
    returns.target("I", "year", "ge", 20, year=2023, area_code="01")
    returns.target("I", "year", "ge", 20, year=2023, area_code="02")
    returns.send_all("2022-Q4", beds=(10, 18, 90))
    returns.send_all("2023-Q2", beds=(16, 18, 90))
    rows = areas(run_model, returns, "2023-Q2")
    assert [rows[code]["is_plan_on_path"] for code in ("01", "02")] == [True, False]


def test_at_the_end_of_the_year_only_what_is_met_is_on_plan(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "year", "gt", 10, year=2023, area_code="01")
    returns.target("I", "year", "gt", 9, year=2023, area_code="02")
    returns.send_all("2023-Q4", jobs=(10, 10, 0))
    rows = areas(run_model, returns)
    assert [(rows[code]["is_plan_on_path"], rows[code]["is_on_plan"]) for code in ("01", "02")] == [
        (True, False),
        (True, True),
    ]


def test_an_area_has_a_term_target_beside_its_year_plan(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "year", "ge", 40, year=2022, area_code="01")
    returns.target("I", "term_total", "ge", 100, year=2022, area_code="01")
    returns.send_all("2021-Q4", jobs=(60, 1000, 1000))
    returns.send_all("2022-Q4", jobs=(40, 1000, 1000))
    row = areas(run_model, returns, "2022-Q4")["01"]
    assert (row["completion"], row["is_plan_met"]) == (100, True)
    assert (row["term_judged"], row["term_completion"], row["is_term_met"]) == (100, 100, True)


@pytest.mark.parametrize(
    ("lifted", "judged", "met"),
    [
        ((4, 5, "x"), 9, True),  # a commune to which it does not apply is not waited for
        ((9, 9, None), 18, True),
        ((9, None, None), 9, None),  # one commune of three is too little to judge on
    ],
)
def test_an_area_is_judged_on_a_measure_summed_over_its_communes(
    run_model: RunModel, lifted: tuple[Any, ...], judged: int, met: bool | None
) -> None:
    returns = Returns()
    returns.communes("02", "0201", "0202", "0203")
    returns.measure("poor", level="commune")
    returns.measure("lifted", level="commune", period_kind="flow")
    returns.indicator("I", "poor", direction="lower", minimum_coverage=0.6)
    returns.target("I", "year", "ge", 9, year=2023, area_code="02", measure="lifted")
    figures = {f"poor@020{number}": 1 for number in (1, 2, 3)}
    figures |= {f"lifted@020{number}": value for number, value in enumerate(lifted, start=1)}
    returns.send("2023-Q4", "02", figures)
    row = areas(run_model, returns)["02"]
    assert (row["plan_measure"], row["plan_judged"], row["is_plan_met"]) == ("lifted", judged, met)
    assert (row["completion_numerator"], row["completion_denominator"]) == (judged, 9)


@pytest.mark.parametrize(
    ("part", "whole", "more", "state"),
    [(None, 40, {}, "missing"), ("x", "x", {}, "not_applicable"), (30, 40, {"direction": "not_assessable"}, "value")],
)
def test_what_cannot_be_judged_is_neither_met_nor_missed(
    run_model: RunModel, part: Any, whole: Any, more: dict[str, Any], state: str
) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", **more)
    returns.target("I", "year", "ge", 60, year=2023, area_code="02")
    returns.send_all("2023-Q4", part=(1, part, 1), whole=(1, whole, 1))
    row = areas(run_model, returns)["02"]
    assert (row["state"], row["plan"], row["is_plan_met"], row["is_plan_on_path"]) == (state, 60, None, None)
