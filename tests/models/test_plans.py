"""Which plan is in force, its expected shares, and completions only where they mean something."""

from datetime import date
from decimal import Decimal

import pytest

from .conftest import RunModel
from .one_indicator import agency, progress, status_of, with_flow, with_stock
from .returns import Returns

# --- which plan is in force -----------------------------------------------------------------------


def test_the_latest_document_gives_the_plan_of_the_year(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 890, year=2023, issued_on=date(2022, 12, 8))
    returns.target("I", "year", "ge", 642, year=2023, issued_on=date(2023, 2, 7))
    returns.target("I", "year", "ge", 5, year=2023)
    returns.target("I", "year", "ge", 6, year=2022, issued_on=date(2024, 1, 1))
    returns.target("I", "year", "ge", 7, year=2023, area_code="01", issued_on=date(2024, 1, 1))
    returns.target("I", "each_year", "ge", 8, issued_on=date(2024, 1, 1))
    agency(returns, "2023-Q4", 700)
    row = progress(run_model, returns, "2023-Q4")
    assert row["year_value"] == 642
    assert (row["year_completion_numerator"], row["year_completion_denominator"]) == (700, 642)


def test_of_two_plans_of_one_day_the_later_line_holds(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 1, year=2023)
    returns.target("I", "year", "ge", 2, year=2023)
    agency(returns, "2023-Q4", 700)
    assert progress(run_model, returns, "2023-Q4")["year_value"] == 2


def test_what_holds_each_year_is_year_plan_and_term_target(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "each_year", "ge", 160000, completion_decimals=1)
    returns.send_all("2023-Q1", jobs=(50019, 0, 0))
    returns.send_all("2023-Q4", jobs=(214258, 0, 0))
    early = progress(run_model, returns, "2023-Q1")
    assert (early["computed_status"], early["year_value"]) == ("on_track", 160000)
    assert early["year_completion"] == pytest.approx(31.261875)
    late = progress(run_model, returns, "2023-Q4")
    assert (late["computed_status"], late["term_year"]) == ("term_exceeded", 2025)
    assert late["year_completion"] == pytest.approx(133.91125)


def test_the_nearest_milestone_that_is_not_past_is_the_term_target(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "term_end", "ge", 30, year=2030, issued_on=date(2024, 1, 1))
    returns.target("I", "term_end", "ge", 25, year=2025)
    returns.target("I", "term_end", "ge", 22, year=2022)
    agency(returns, "2023-Q4", 25)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["term_value"], row["computed_status"]) == (25, "term_met")


def test_a_target_on_a_measure_judges_that_measure(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("poor_households")
    returns.measure("households")
    returns.measure("lifted", period_kind="flow")
    returns.indicator("I", "poor_households", "households", direction="lower")
    returns.target("I", "term_end", "le", 0, year=2025)
    returns.target("I", "year", "ge", 640, year=2023, measure="lifted", completion_decimals=1)
    returns.send_all("2023-Q1", poor_households=(0, 1, 2), households=(10, 10, 10), lifted=(100, 30, 30))
    returns.send_all("2023-Q4", poor_households=(0, 1, 2), households=(10, 10, 10), lifted=(1000, 300, 100))
    early = progress(run_model, returns, "2023-Q1")
    assert (early["computed_status"], early["year_judged"]) == ("on_track", 160)
    assert early["gap_value"] == 480
    late = progress(run_model, returns, "2023-Q4")
    assert (late["computed_status"], late["year_measure"]) == ("year_exceeded", "lifted")
    assert late["year_completion"] == pytest.approx(218.75)
    assert (late["value"], late["gap_value"]) == (pytest.approx(10), None)


def test_a_plan_on_a_measure_nobody_sent_is_no_data(run_model: RunModel) -> None:
    returns = with_stock()
    returns.measure("lifted", period_kind="flow")
    returns.target("I", "year", "ge", 640, year=2023, measure="lifted")
    agency(returns, "2023-Q4", 5)
    assert status_of(run_model, returns) == "no_data"


@pytest.mark.parametrize(
    ("third", "status"), [(600, "term_met"), (601, "term_exceeded"), (200, "on_track"), (199, "behind_term")]
)
def test_a_total_over_the_term_adds_the_years_before(run_model: RunModel, third: int, status: str) -> None:
    """Three of five years have passed: 600 of 1000 is on the path."""
    returns = with_flow()
    returns.target("I", "term_total", "ge", 1000, year=2025)
    returns.send_all("2021-Q4", jobs=(200, 0, 0))
    returns.send_all("2022-Q3", jobs=(77, 0, 0))
    returns.send_all("2022-Q4", jobs=(200, 0, 0))
    returns.send_all("2023-Q4", jobs=(third, 0, 0))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["term_judged"], row["computed_status"]) == (400 + third, status)


def test_a_total_with_a_year_missing_is_not_judged(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "term_total", "ge", 1000, year=2025)
    returns.send_all("2021-Q4", jobs=(2000, 0, 0))
    returns.send_all("2023-Q4", jobs=(2000, 0, 0))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["term_judged"], row["computed_status"]) == (None, "no_data")


def test_a_total_below_the_path_is_behind_the_term(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "term_total", "ge", 1000, year=2025)
    returns.send_all("2021-Q1", jobs=(49, 0, 0))
    assert status_of(run_model, returns, "2021-Q1") == "behind_term"


@pytest.mark.parametrize(("op", "value", "gap"), [("ge", 8, 2), ("ge", 12, None), ("le", 12, 2), ("le", 8, None)])
def test_the_gap_is_what_is_missing_to_the_plan(run_model: RunModel, op: str, value: float, gap: float | None) -> None:
    returns = with_stock()
    returns.target("I", "term_end", op, 10, year=2025)
    agency(returns, "2023-Q4", value)
    assert progress(run_model, returns, "2023-Q4")["gap_value"] == gap


# --- expected shares, zero targets, completions ------------------------------------------------------


@pytest.mark.parametrize(
    ("quarter", "value", "status"),
    [
        # 10 %, 30 % and 60 % of the plan are expected; the third share is not given
        ("2023-Q1", 10, "on_track"),
        ("2023-Q1", 9, "behind"),
        ("2023-Q2", 30, "on_track"),
        ("2023-Q2", 29, "behind"),
        ("2023-Q3", 75, "on_track"),
        ("2023-Q3", 74, "behind"),
        ("2023-Q4", 99, "missed"),
    ],
)
@pytest.mark.parametrize("scope", ["year", "each_year"])
def test_a_flow_is_held_to_the_share_its_plan_expects(
    run_model: RunModel, scope: str, quarter: str, value: int, status: str
) -> None:
    returns = with_flow()
    returns.target("I", scope, "ge", 100, year=2023 if scope == "year" else None, share_q1=0.1, share_q2=0.3)
    returns.send_all(quarter, jobs=(value, 0, 0))
    row = progress(run_model, returns, quarter)
    assert row["computed_status"] == status
    assert row["year_expected_share"] == {"2023-Q1": Decimal("0.1"), "2023-Q2": Decimal("0.3")}.get(quarter)


def test_a_share_is_nothing_to_a_stock(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 90, year=2023, share_q1=0.9)
    agency(returns, "2022-Q4", 80)
    agency(returns, "2023-Q1", 82.5)
    assert status_of(run_model, returns, "2023-Q1") == "on_track"


@pytest.mark.parametrize(("value", "status"), [(0, "term_met"), (0.0001, "no_data")])
def test_a_target_of_zero_is_met_by_zero_alone(run_model: RunModel, value: float, status: str) -> None:
    returns = with_stock(direction="lower")
    returns.target("I", "term_end", "le", 0, year=2025)
    agency(returns, "2023-Q4", value)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["computed_status"], row["term_completion"]) == (status, None)


@pytest.mark.parametrize(
    ("op", "plan", "value", "completion"),
    [
        ("ge", 10, 5, 50),
        ("gt", 10, 5, 50),
        ("range", 10, 5, 50),
        ("le", 10, 5, None),
        ("lt", 10, 5, None),
        ("approx", 10, 5, None),
        ("yes", None, 1, None),
        ("ge", 0, 5, None),
        ("ge", 10, -5, None),
    ],
)
def test_a_completion_only_where_it_means_something(
    run_model: RunModel, op: str, plan: float | None, value: float, completion: float | None
) -> None:
    returns = with_stock()
    returns.target("I", "year", op, plan, high=20 if op == "range" else None, year=2023)
    agency(returns, "2023-Q4", value)
    assert progress(run_model, returns, "2023-Q4")["year_completion"] == completion


def test_year_plan_and_term_target_stand_side_by_side(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 93.5, year=2023, document="Kế hoạch năm")
    returns.target("I", "term_end", "ge", 95, year=2025, document="Chương trình")
    agency(returns, "2023-Q4", 94.1)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["year_op"], row["year_value"], row["year_document"]) == ("ge", Decimal("93.5"), "Kế hoạch năm")
    assert (row["term_op"], row["term_value"], row["term_document"]) == ("ge", 95, "Chương trình")
    assert row["computed_status"] == "year_exceeded"
    assert row["gap_value"] is None


def test_yes_or_no_has_no_gap(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "yes", None, year=2023)
    agency(returns, "2023-Q4", 0)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["computed_status"], row["gap_value"], row["year_judged"]) == ("missed", None, 0)
