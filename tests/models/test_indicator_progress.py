"""Every comparison with a plan, records, the counts of the meeting."""

from datetime import date

import pytest

from .conftest import RunModel
from .one_indicator import agency, progress, status_of, with_stock
from .returns import Returns

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
