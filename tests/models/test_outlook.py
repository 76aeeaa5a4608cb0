"""Pace needed and observed, and projections that say how they were made or why there are none."""

from typing import Any

import pytest

from .conftest import RunModel
from .one_indicator import agency, with_flow, with_stock
from .returns import Returns


def outlook(run_model: RunModel, returns: Returns, quarter: str) -> dict[str, Any]:
    rows = run_model("marts/indicator_outlook", returns.tables)
    return next(row for row in rows if row["quarter"] == quarter and row["indicator_code"] == "I")


def stock_of_2022(*values: float | None, **more: Any) -> Returns:
    """80, 81, ... from the first quarter of 2022 on; a year plan of 90 and a target of 100 in 2025."""
    returns = with_stock(**more)
    returns.target("I", "year", "ge", 90, year=2023)
    returns.target("I", "term_end", "ge", 100, year=2025)
    for position, value in enumerate(values):
        agency(returns, f"{2022 + position // 4}-Q{position % 4 + 1}", value)
    return returns


def test_a_stock_goes_on_by_its_mean_change(run_model: RunModel) -> None:
    row = outlook(run_model, stock_of_2022(80, 81, 81, 84, 85), "2023-Q1")
    assert (row["points_used"], row["pace_horizon"]) == (5, "year")
    assert (row["pace_needed"], row["pace_observed"]) == (pytest.approx(5 / 3), pytest.approx(1.25))
    assert row["projected_year_end"] == pytest.approx(85 + 3 * 1.25)
    assert row["projected_term_end"] == pytest.approx(85 + 11 * 1.25)
    assert (row["gap_to_year"], row["gap_to_term"]) == (5, 15)
    assert row["no_projection_reason_vi"] is None
    assert row["projection_method_vi"] == (
        "giá trị quý I/2023 cộng mức thay đổi bình quân mỗi quý của 5 kỳ cùng phương pháp, từ quý I/2022"
    )


def test_a_quarter_without_a_figure_leaves_the_mean_change_right(run_model: RunModel) -> None:
    row = outlook(run_model, stock_of_2022(80, None, 82, 83, 84), "2023-Q1")
    assert (row["points_used"], row["pace_observed"]) == (4, pytest.approx(1))


def test_three_figures_are_too_few(run_model: RunModel) -> None:
    row = outlook(run_model, stock_of_2022(None, None, 81, 84, 85), "2023-Q1")
    assert (row["points_used"], row["projected_year_end"], row["projected_term_end"]) == (3, None, None)
    assert row["no_projection_reason_vi"] == "mới có 3 kỳ có số liệu so sánh được (cần ít nhất 4)"
    assert row["projection_method_vi"] is None
    assert row["pace_needed"] == pytest.approx(5 / 3), "what is needed does not depend on the past"


def test_nothing_is_projected_across_a_break(run_model: RunModel) -> None:
    returns = stock_of_2022(80, 81, 81, 84, 85)
    returns.add("method_breaks", indicator_code="I", from_quarter="2022-Q3", note="phạm vi mới", basis="published")
    row = outlook(run_model, returns, "2023-Q1")
    assert (row["points_used"], row["projected_year_end"]) == (3, None)
    assert row["pace_observed"] == pytest.approx(2)
    assert row["no_projection_reason_vi"] == (
        "phương pháp tính thay đổi từ quý III/2022, mới có 3 kỳ cùng phương pháp (cần ít nhất 4)"
    )


def test_figures_of_too_few_districts_are_no_points(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("level")
    returns.indicator("I", "level")
    returns.target("I", "year", "ge", 90, year=2023)
    for quarter in ("2022-Q1", "2022-Q2", "2022-Q3"):
        returns.send_all(quarter, level=(1, 1, 1))
    returns.send_all("2022-Q4", level=(1, None, None))
    returns.send_all("2023-Q1", level=(1, 1, 1))
    assert outlook(run_model, returns, "2023-Q1")["points_used"] == 4


def test_a_flow_goes_on_as_the_year_passed(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "year", "ge", 400, year=2023)
    for quarter in ("2022-Q2", "2022-Q3", "2022-Q4"):
        returns.send_all(quarter, jobs=(50, 0, 0))
    returns.send_all("2023-Q1", jobs=(60, 0, 0))
    row = outlook(run_model, returns, "2023-Q1")
    assert (row["projected_year_end"], row["pace_needed"], row["pace_observed"]) == (240, pytest.approx(340 / 3), 60)
    assert row["projection_method_vi"] == "lũy kế đến hết quý I/2023 chia cho phần thời gian đã qua của năm (1/4)"


def test_a_flow_goes_on_as_its_plan_spreads_it(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "year", "ge", 400, year=2023, share_q1=0.125)
    for quarter in ("2022-Q2", "2022-Q3", "2022-Q4"):
        returns.send_all(quarter, jobs=(50, 0, 0))
    returns.send_all("2023-Q1", jobs=(60, 0, 0))
    row = outlook(run_model, returns, "2023-Q1")
    assert row["projected_year_end"] == 480
    assert row["projection_method_vi"] == (
        "lũy kế đến hết quý I/2023 chia cho tỷ lệ kế hoạch dự kiến đến kỳ này (12,5%)"
    )


def test_a_total_over_the_term_goes_on_as_the_term_passed(run_model: RunModel) -> None:
    returns = with_flow()
    returns.target("I", "term_total", "ge", 1000, year=2025)
    for number in range(1, 5):
        returns.send_all(f"2021-Q{number}", jobs=(50 * number, 0, 0))
    row = outlook(run_model, returns, "2021-Q4")
    assert (row["projected_term_end"], row["pace_needed"], row["pace_observed"]) == (1000, 50, 50)
    assert "(4/20 quý)" in row["projection_method_vi"]


def test_a_projection_stays_within_what_can_be(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole", lower=0)
    returns.indicator("I", "part", "whole")
    returns.target("I", "term_end", "ge", 100, year=2025)
    for number in range(1, 5):
        returns.send_all(f"2022-Q{number}", part=(20 * number, 0, 0), whole=(100, 0, 0))
    assert outlook(run_model, returns, "2022-Q4")["projected_term_end"] == 100


@pytest.mark.parametrize(
    ("returns", "quarter", "reason"),
    [
        (stock_of_2022(80, direction="not_assessable"), "2022-Q1", "chưa có tiêu chí, hướng dẫn đánh giá"),
        (stock_of_2022(None), "2022-Q1", "chưa đủ số liệu của kỳ này"),
        (stock_of_2022(None, frequency="yearly"), "2022-Q1", "chưa đến kỳ báo cáo"),
        (with_stock(), "2023-Q4", "chưa giao kế hoạch năm, mục tiêu giai đoạn"),
        (with_flow(), "2023-Q4", "đã đến hạn của kế hoạch"),
    ],
)
def test_why_there_is_no_projection_is_said(run_model: RunModel, returns: Returns, quarter: str, reason: str) -> None:
    if reason.startswith("đã"):
        returns.target("I", "each_year", "ge", 10)
        returns.send_all(quarter, jobs=(5, 0, 0))
    elif reason.startswith("chưa giao"):
        agency(returns, quarter, 1)
    row = outlook(run_model, returns, quarter)
    assert (row["no_projection_reason_vi"], row["projection_method_vi"]) == (reason, None)
    assert (row["projected_year_end"], row["projected_term_end"]) == (None, None)


def test_a_met_plan_needs_no_pace(run_model: RunModel) -> None:
    row = outlook(run_model, stock_of_2022(80, 81, 82, 84, 90), "2023-Q1")
    assert (row["pace_needed"], row["gap_to_year"]) == (None, None)


def test_the_pace_of_a_plan_on_a_measure_is_that_of_the_measure(run_model: RunModel) -> None:
    returns = with_stock(direction="lower")
    returns.measure("lifted", period_kind="flow")
    returns.target("I", "year", "ge", 640, year=2023, measure="lifted")
    returns.target("I", "term_end", "le", 0, year=2025)
    agency(returns, "2023-Q1", 5)
    returns.send_all("2023-Q1", lifted=(100, 30, 30))
    row = outlook(run_model, returns, "2023-Q1")
    assert (row["pace_measure"], row["pace_needed"], row["pace_observed"]) == ("lifted", 160, 160)
    assert (row["gap_to_year"], row["gap_to_term"]) == (480, 5)
