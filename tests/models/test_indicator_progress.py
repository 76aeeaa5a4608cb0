"""Every comparison, every status of the table, records, the counts of the meeting."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns

MODEL = "marts/indicator_progress"


def progress(run_model: RunModel, returns: Returns, quarter: str, indicator: str = "I") -> dict[str, Any]:
    rows = run_model(MODEL, returns.tables)
    return next(row for row in rows if (row["quarter"], row["indicator_code"]) == (quarter, indicator))


def with_stock(**more: Any) -> Returns:
    """One indicator: an agency's figure for the city, higher is better unless told."""
    returns = Returns()
    returns.measure("level", level="city", reported_by="agency", reporter="so")
    returns.indicator("I", "level", **{"aggregation": "city_only", "decimals": 2, **more})
    return returns


def with_flow(**more: Any) -> Returns:
    returns = Returns()
    returns.measure("jobs", period_kind="flow")
    returns.indicator("I", "jobs", **more)
    return returns


def agency(returns: Returns, quarter: str, value: Any) -> None:
    returns.send(quarter, "so", {"level@city": value}, form="bieu05")


def status_of(run_model: RunModel, returns: Returns, quarter: str = "2023-Q4") -> str:
    return progress(run_model, returns, quarter)["computed_status"]


# --- every comparison --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "plan", "high", "value", "status"),
    [
        ("ge", 10, None, 9.9999, "missed"),
        ("ge", 10, None, 10, "year_met"),
        ("ge", 10, None, 10.0001, "year_exceeded"),
        ("gt", 10, None, 10, "missed"),
        ("gt", 10, None, 10.0001, "year_exceeded"),
        ("le", 10, None, 10, "year_met"),
        ("le", 10, None, 2, "year_met"),
        ("le", 10, None, 10.0001, "missed"),
        ("lt", 3, None, 2.9999, "year_met"),
        ("lt", 3, None, 3, "missed"),
        ("range", 73, 75, 72.9999, "missed"),
        ("range", 73, 75, 73, "year_met"),
        ("range", 73, 75, 75, "year_met"),
        ("range", 73, 75, 75.0001, "year_exceeded"),
        ("approx", 75, None, 74.995, "year_met"),
        ("approx", 75, None, 74.9949, "missed"),
        ("approx", 75, None, 80, "year_met"),
        ("yes", None, None, 1, "year_met"),
        ("yes", None, None, 0, "missed"),
    ],
)
def test_a_value_is_compared_by_the_operator_of_its_plan(
    run_model: RunModel, op: str, plan: float | None, high: float | None, value: float, status: str
) -> None:
    returns = with_stock()
    returns.target("I", "year", op, plan, high=high, year=2023)
    agency(returns, "2023-Q4", value)
    assert status_of(run_model, returns) == status


@pytest.mark.parametrize(("value", "status"), [(75.0049, "year_met"), (75.005, "missed")])
def test_about_is_a_ceiling_where_less_is_better(run_model: RunModel, value: float, status: str) -> None:
    returns = with_stock(direction="lower")
    returns.target("I", "year", "approx", 75, year=2023)
    agency(returns, "2023-Q4", value)
    assert status_of(run_model, returns) == status


def test_a_rate_equal_to_its_plan_is_not_lost_to_rounding(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole")
    returns.target("I", "year", "ge", 93.3, year=2023)
    returns.send_all("2023-Q4", part=(933, 0, 0), whole=(1000, 0, 0))
    assert status_of(run_model, returns) == "year_met"


def test_the_largest_figures_do_not_overflow(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", scale=10000)
    returns.target("I", "year", "ge", 9000, year=2023)
    for quarter in ("2022-Q4", "2023-Q1"):
        returns.send_all(quarter, part=(999999999, 0, 0), whole=(1000000000, 0, 0))
    returns.measure("money", period_kind="flow")
    returns.indicator("MONEY", "money")
    returns.target("MONEY", "year", "ge", 1e12, year=2023)
    returns.send("2023-Q1", "02", {"money": 999999999999}, form="bieu02")
    returns.send("2023-Q1", "03", {"money": 1}, form="bieu02")
    assert progress(run_model, returns, "2023-Q1")["computed_status"] == "year_exceeded"
    assert progress(run_model, returns, "2023-Q1", "MONEY")["computed_status"] == "year_met"


# --- the table of statuses, first match wins -----------------------------------------------------


def test_not_assessable_goes_first(run_model: RunModel) -> None:
    returns = with_stock(direction="not_assessable", frequency="yearly")
    agency(returns, "2023-Q3", None)
    row = progress(run_model, returns, "2023-Q3")
    assert (row["computed_status"], row["status_group"]) == ("not_assessable", "difficult")


def test_a_yearly_indicator_is_not_due_before_the_fourth_quarter(run_model: RunModel) -> None:
    returns = with_stock(frequency="yearly")
    returns.target("I", "year", "ge", 10, year=2023)
    agency(returns, "2023-Q3", None)
    agency(returns, "2023-Q4", None)
    assert status_of(run_model, returns, "2023-Q3") == "not_due"
    assert status_of(run_model, returns, "2023-Q4") == "no_data"


def test_a_yearly_figure_that_came_early_is_judged(run_model: RunModel) -> None:
    returns = with_stock(frequency="yearly")
    returns.target("I", "year", "ge", 10, year=2023)
    agency(returns, "2023-Q3", 11)
    assert status_of(run_model, returns, "2023-Q3") == "year_exceeded"


@pytest.mark.parametrize(("minimum", "status"), [(0.6, "year_exceeded"), (0.7, "no_data")])
def test_too_few_districts_give_a_value_but_no_status(run_model: RunModel, minimum: float, status: str) -> None:
    returns = with_flow(minimum_coverage=minimum)
    returns.target("I", "year", "ge", 10, year=2023)
    returns.send_all("2023-Q4", jobs=(8, 8, None))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["value"], row["areas_reported"], row["areas_expected"]) == (16, 2, 3)
    assert row["computed_status"] == status


def test_above_a_range_exceeds_the_term_and_completion_is_on_the_lower_bound(run_model: RunModel) -> None:
    returns = with_stock(direction="range")
    returns.target("I", "term_end", "range", 30, high=35, year=2025, completion_decimals=2)
    agency(returns, "2023-Q4", 36.44)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["computed_status"], row["status_group"]) == ("term_exceeded", "term_done")
    assert row["term_completion"] == pytest.approx(121.4667, abs=1e-4)
    assert (row["term_completion_numerator"], row["term_completion_denominator"]) == (Decimal("36.44"), 30)
    assert (row["term_year"], row["term_completion_decimals"]) == (2025, 2)


def test_the_term_goes_before_the_year(run_model: RunModel) -> None:
    returns = with_stock(direction="lower")
    returns.target("I", "term_end", "lt", 3, year=2025)
    returns.target("I", "year", "lt", 1, year=2023)
    agency(returns, "2023-Q4", 2.01)
    row = progress(run_model, returns, "2023-Q4")
    assert row["computed_status"] == "term_met"
    assert row["year_completion"] is None, "no completion for what should be small"


@pytest.mark.parametrize(
    ("quarter", "value", "status"),
    [
        ("2023-Q1", 25, "on_track"),
        ("2023-Q1", 24, "behind"),
        ("2023-Q3", 75, "on_track"),
        ("2023-Q3", 74, "behind"),
        ("2023-Q3", 100, "year_met"),
        ("2023-Q4", 99, "missed"),
    ],
)
def test_a_flow_is_held_to_the_elapsed_share_of_the_year(
    run_model: RunModel, quarter: str, value: int, status: str
) -> None:
    returns = with_flow()
    returns.target("I", "year", "ge", 100, year=2023)
    returns.send_all(quarter, jobs=(value, 0, 0))
    assert status_of(run_model, returns, quarter) == status


@pytest.mark.parametrize(
    ("quarter", "value", "status"),
    [
        ("2023-Q1", 25, "on_track"),
        ("2023-Q1", 26, "behind"),
        ("2023-Q4", 100, "year_met"),
        ("2023-Q4", 101, "missed"),
    ],
)
def test_a_flow_keeps_below_its_ceiling_only_at_year_end(
    run_model: RunModel, quarter: str, value: int, status: str
) -> None:
    returns = with_flow(direction="lower")
    returns.target("I", "year", "le", 100, year=2023)
    returns.send_all(quarter, jobs=(value, 0, 0))
    assert status_of(run_model, returns, quarter) == status


@pytest.mark.parametrize(
    ("quarter", "value", "status"),
    [
        # from 80 at the end of 2022 to 90 at the end of 2023: 82.5, 85, 87.5
        ("2023-Q1", 82.5, "on_track"),
        ("2023-Q1", 82.4, "behind"),
        ("2023-Q3", 87.5, "on_track"),
        ("2023-Q3", 87.4, "behind"),
        ("2023-Q4", 89.9, "missed"),
    ],
)
def test_a_stock_is_held_to_the_straight_path(run_model: RunModel, quarter: str, value: float, status: str) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 90, year=2023)
    agency(returns, "2022-Q4", 80)
    agency(returns, quarter, value)
    row = progress(run_model, returns, quarter)
    assert row["computed_status"] == status
    assert row["year_end_value"] == 80


@pytest.mark.parametrize(("value", "status"), [(17.5, "on_track"), (17.6, "behind")])
def test_the_straight_path_goes_down_where_less_is_better(run_model: RunModel, value: float, status: str) -> None:
    returns = with_stock(direction="lower")
    returns.target("I", "year", "le", 10, year=2023)
    agency(returns, "2022-Q4", 20)
    agency(returns, "2023-Q1", value)
    assert status_of(run_model, returns, "2023-Q1") == status


@pytest.mark.parametrize(("part", "status"), [(1700, "on_track"), (1699, "behind")])
def test_the_straight_path_of_a_ratio_uses_both_denominators(run_model: RunModel, part: int, status: str) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole")
    returns.target("I", "year", "ge", 90, year=2023)
    returns.send_all("2022-Q4", part=(800, 0, 0), whole=(1000, 0, 0))
    returns.send_all("2023-Q2", part=(part, 0, 0), whole=(2000, 0, 0))
    row = progress(run_model, returns, "2023-Q2")
    assert row["computed_status"] == status
    assert (row["year_end_numerator"], row["year_end_denominator"]) == (800, 1000)
    if part == 1700:
        assert (row["year_completion_numerator"], row["year_completion_denominator"]) == (170000, 180000)


def test_without_a_start_a_stock_is_compared_with_the_plan_itself(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 90, year=2023)
    agency(returns, "2023-Q1", 89)
    agency(returns, "2023-Q2", 90)
    assert status_of(run_model, returns, "2023-Q1") == "behind"
    assert status_of(run_model, returns, "2023-Q2") == "year_met"


@pytest.mark.parametrize(
    ("quarter", "status"),
    [("2023-Q4", "on_track"), ("2023-Q3", "no_data")],
)
def test_in_quarter_iv_the_column_of_last_year_starts_the_path(run_model: RunModel, quarter: str, status: str) -> None:
    """From 80 at the end of 2022 to 92 at the end of 2025; before quarter IV the column is another date."""
    returns = with_stock()
    returns.target("I", "term_end", "ge", 92, year=2025)
    returns.send(quarter, "so", {"level@city": 84.5, "level@city:last_year": 80}, form="bieu05")
    row = progress(run_model, returns, quarter)
    assert row["computed_status"] == status
    assert (row["year_end_source"], row["year_end_value"]) == (("form", 80) if status == "on_track" else (None, None))


@pytest.mark.parametrize(
    ("quarter", "value", "status"),
    [
        # from 80 at the end of 2022 to 92 at the end of 2025: one point a quarter
        ("2023-Q1", 81, "on_track"),
        ("2023-Q1", 80.9, "behind_term"),
        ("2023-Q4", 84, "on_track"),
        ("2023-Q4", 83.9, "behind_term"),
    ],
)
def test_without_a_year_plan_the_path_leads_to_the_term_target(
    run_model: RunModel, quarter: str, value: float, status: str
) -> None:
    returns = with_stock()
    returns.target("I", "term_end", "ge", 92, year=2025)
    agency(returns, "2022-Q4", 80)
    agency(returns, quarter, value)
    assert status_of(run_model, returns, quarter) == status


def test_no_plan_is_said_and_has_no_gap(run_model: RunModel) -> None:
    returns = with_stock()
    agency(returns, "2023-Q4", 12)
    row = progress(run_model, returns, "2023-Q4")
    assert (row["computed_status"], row["status_group"], row["gap_value"]) == ("no_plan", "unknown", None)
    assert row["status_print"] == "chưa giao kế hoạch"


# --- records ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "quarter", "value", "status", "source"),
    [
        (None, "2023-Q4", 12, "year_exceeded", "computed"),
        ("year_done", "2023-Q4", 12, "year_exceeded", "computed"),
        ("year_met", "2023-Q4", 12, "year_met", "recorded"),
        ("year_exceeded", "2023-Q4", 12, "year_exceeded", "recorded"),
        ("term_done", "2023-Q4", 12, "term_met", "recorded"),
        ("year_done", "2023-Q4", 9, "year_met", "recorded"),
        ("on_track", "2023-Q3", 9, "on_track", "recorded"),
        ("difficult", "2023-Q3", 12, "behind", "recorded"),
        ("difficult", "2023-Q4", 12, "missed", "recorded"),
        ("difficult", "2023-Q3", 9, "behind", "computed"),
        ("unknown", "2023-Q4", 12, "no_data", "recorded"),
        ("difficult", "2023-Q4", None, "missed", "recorded"),
    ],
)
def test_a_record_goes_before_the_figures(
    run_model: RunModel, recorded: str | None, quarter: str, value: float | None, status: str, source: str
) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 10, year=2023)
    agency(returns, quarter, value)
    if recorded:
        returns.assess(quarter, "I", recorded, document="Hội nghị", assessed_on=date(2024, 1, 12), reason="lý do")
    row = progress(run_model, returns, quarter)
    assert (row["status"], row["status_source"]) == (status, source)
    assert row["recorded_status"] == recorded


def test_the_latest_record_holds(run_model: RunModel) -> None:
    returns = with_stock()
    agency(returns, "2023-Q4", 1)
    returns.assess("2023-Q4", "I", "difficult", assessed_on=date(2024, 1, 12))
    returns.assess("2023-Q4", "I", "year_done", assessed_on=date(2024, 2, 1))
    returns.assess("2023-Q3", "I", "term_done", assessed_on=date(2024, 3, 1))
    row = progress(run_model, returns, "2023-Q4")
    assert (row["recorded_status"], row["status"]) == ("year_done", "year_met")


# --- the counts of the meeting -------------------------------------------------------------------


def test_the_meeting_counts_twenty_five_and_two_of_twenty_seven(run_model: RunModel) -> None:
    returns = with_stock(is_counted=False)
    agency(returns, "2023-Q4", 1)
    for number in range(27):
        returns.indicator(f"C{number:02}", "level", aggregation="city_only")
        group = "term_done" if number < 20 else "year_done" if number < 25 else "difficult"
        if number != 26:
            returns.assess("2023-Q4", f"C{number:02}", group, assessed_on=date(2024, 1, 12))
    returns.target("C26", "year", "ge", 2, year=2023)
    returns.target("C25", "year", "ge", 2, year=2023)
    returns.assess("2023-Q4", "I", "term_done", assessed_on=date(2024, 1, 12))
    rows = run_model("marts/status_summary", returns.tables)
    assert {row["status_group"]: row["indicators"] for row in rows} == {
        "term_done": 20,
        "year_done": 5,
        "on_track": 0,
        "difficult": 2,
        "unknown": 0,
    }
    assert {row["counted_total"] for row in rows} == {27}
    difficult = next(row for row in rows if row["status_group"] == "difficult")
    assert (difficult["computed"], difficult["recorded"]) == (2, 0)
    done = next(row for row in rows if row["status_group"] == "term_done")
    assert (done["computed"], done["recorded"], done["by_figures"]) == (0, 20, 0)
    assert done["group_print"] == "hoàn thành và hoàn thành vượt kế hoạch giai đoạn"


@pytest.mark.parametrize(("sent", "gap"), [((10, 20, 10), None), ((40, 40, 30), 10)])
def test_a_flow_below_its_ceiling_lacks_nothing(
    run_model: RunModel, sent: tuple[int, int, int], gap: int | None
) -> None:
    returns = with_flow(direction="lower")
    returns.target("I", "year", "le", 100, year=2023)
    returns.send_all("2023-Q2", jobs=sent)
    assert progress(run_model, returns, "2023-Q2")["gap_value"] == gap
