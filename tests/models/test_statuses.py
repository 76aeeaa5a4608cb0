"""The table of statuses of the design: every line of it, the first that holds goes."""

from decimal import Decimal
from typing import Any

import pytest

from .conftest import RunModel
from .one_indicator import agency, progress, status_of, with_flow, with_stock
from .returns import Returns


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


@pytest.mark.parametrize(("sent", "gap"), [((10, 20, 10), None), ((40, 40, 30), 10)])
def test_a_flow_below_its_ceiling_lacks_nothing(
    run_model: RunModel, sent: tuple[int, int, int], gap: int | None
) -> None:
    returns = with_flow(direction="lower")
    returns.target("I", "year", "le", 100, year=2023)
    returns.send_all("2023-Q2", jobs=sent)
    assert progress(run_model, returns, "2023-Q2")["gap_value"] == gap


# --- yes or no -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "due", "quarter", "done", "status"),
    [
        ("term_end", 2025, "2022-Q4", 0, "not_yet"),
        ("term_end", 2025, "2025-Q3", 0, "not_yet"),
        ("term_end", 2025, "2025-Q4", 0, "behind_term"),
        ("term_end", 2025, "2022-Q1", 1, "term_met"),
        ("year", 2023, "2023-Q1", 0, "not_yet"),
        ("year", 2023, "2023-Q3", 0, "not_yet"),
        ("year", 2023, "2023-Q4", 0, "missed"),
        ("year", 2023, "2023-Q2", 1, "year_met"),
        ("term_end", 2025, "2022-Q4", None, "no_data"),
    ],
)
def test_what_is_not_done_yet_is_late_only_when_its_day_has_come(
    run_model: RunModel, scope: str, due: int, quarter: str, done: int | None, status: str
) -> None:
    returns = with_stock(unit="có/không")
    returns.target("I", scope, "yes", None, year=due)
    agency(returns, quarter, done)
    row = progress(run_model, returns, quarter)
    assert (row["computed_status"], row["gap_value"]) == (status, None)
    if status == "not_yet":
        assert (row["status_print"], row["status_group"]) == ("chưa đến hạn hoàn thành", "unknown")


def test_a_milestone_of_the_year_goes_before_one_of_the_term(run_model: RunModel) -> None:
    returns = with_stock(unit="có/không")
    returns.target("I", "term_end", "yes", None, year=2025)
    returns.target("I", "year", "yes", 1, year=2023)
    agency(returns, "2022-Q4", 0)
    agency(returns, "2023-Q4", 0)
    assert status_of(run_model, returns, "2022-Q4") == "not_yet"
    assert status_of(run_model, returns, "2023-Q4") == "missed"


# --- sums with something missing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "plan", "sent", "status"),
    [
        # two of three districts, which is enough to judge on; the third can only make the sum larger
        ("le", 50, (20, 20, None), "no_data"),
        ("lt", 50, (0, 0, None), "no_data"),
        ("approx", 50, (20, 20, None), "no_data"),
        ("le", 50, (20, 31, None), "missed"),
        ("le", 50, (20, 20, "x"), "year_met"),
        ("le", 50, (20, 20, 10), "year_met"),
        ("le", 50, (20, 20, 11), "missed"),
        ("ge", 40, (20, 20, None), "year_met"),
        ("gt", 40, (20, 21, None), "year_exceeded"),
        ("ge", 41, (20, 20, None), "missed"),
    ],
)
@pytest.mark.parametrize("period_kind", ["stock", "flow"])
def test_a_sum_keeps_below_a_ceiling_only_when_nothing_is_missing(
    run_model: RunModel, period_kind: str, op: str, plan: int, sent: tuple[Any, ...], status: str
) -> None:
    returns = Returns()
    returns.measure("huts", period_kind=period_kind)
    returns.indicator("I", "huts", direction="lower" if op in ("le", "lt", "approx") else "higher")
    returns.target("I", "year", op, plan, year=2023)
    returns.send_all("2023-Q4", huts=sent)
    assert status_of(run_model, returns) == status


@pytest.mark.parametrize(("period_kind", "status"), [("stock", "no_data"), ("flow", "behind")])
def test_before_it_is_due_a_stock_above_its_ceiling_may_still_come_down(
    run_model: RunModel, period_kind: str, status: str
) -> None:
    returns = Returns()
    returns.measure("huts", period_kind=period_kind)
    returns.indicator("I", "huts", direction="lower")
    returns.target("I", "year", "le", 50, year=2023)
    returns.send_all("2022-Q4", huts=(40, 40, 40))
    returns.send_all("2023-Q2", huts=(30, 30, None))
    row = progress(run_model, returns, "2023-Q2")
    assert (row["computed_status"], row["gap_value"]) == (status, None if period_kind == "stock" else 10)


def test_a_commune_missing_from_a_district_is_missing_from_the_sum(run_model: RunModel) -> None:
    returns = Returns()
    returns.communes("02", "0201", "0202")
    returns.measure("huts", level="commune")
    returns.indicator("I", "huts", direction="lower", minimum_coverage=0.2)
    returns.target("I", "year", "le", 50, year=2023)
    returns.target("I", "year", "le", 50, year=2023, area_code="02")
    for district in ("01", "03"):
        returns.communes(district, f"{district}01")
        returns.send("2023-Q4", district, {f"huts@{district}01": 1})
    returns.send("2023-Q4", "02", {"huts@0201": 1, "huts@0202": None})
    row = progress(run_model, returns, "2023-Q4")
    assert (row["areas_reported"], row["areas_expected"], row["computed_status"]) == (3, 3, "no_data")
    areas = {row["area_code"]: row["is_plan_met"] for row in run_model("marts/area_comparison", returns.tables)}
    assert areas["02"] is None


def test_a_rate_is_judged_on_who_reported(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", direction="lower")
    returns.target("I", "year", "le", 50, year=2023)
    returns.send_all("2023-Q4", part=(4, 4, None), whole=(10, 10, None))
    assert status_of(run_model, returns) == "year_met"


def test_a_total_below_its_ceiling_needs_every_year_complete(run_model: RunModel) -> None:
    returns = with_flow(direction="lower")
    returns.target("I", "term_total", "le", 100, year=2022)
    returns.send_all("2021-Q4", jobs=(10, 10, None))
    returns.send_all("2022-Q4", jobs=(10, 10, 10))
    row = progress(run_model, returns, "2022-Q4")
    assert (row["term_judged"], row["computed_status"]) == (50, "no_data")


def test_nothing_is_projected_from_a_sum_that_proves_nothing(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("huts")
    returns.indicator("I", "huts", direction="lower")
    returns.target("I", "year", "le", 50, year=2023)
    for quarter in ("2022-Q2", "2022-Q3", "2022-Q4"):
        returns.send_all(quarter, huts=(30, 30, 30))
    returns.send_all("2023-Q1", huts=(20, 20, None))
    rows = run_model("marts/indicator_outlook", returns.tables)
    row = next(row for row in rows if row["quarter"] == "2023-Q1")
    assert (row["projected_year_end"], row["no_projection_reason_vi"]) == (None, "chưa đủ số liệu của kỳ này")
