"""Districts side by side."""

from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns


def compare(run_model: RunModel, returns: Returns) -> dict[str, dict[str, Any]]:
    rows = run_model("marts/area_comparison", returns.tables)
    return {row["area_code"]: row for row in rows if row["indicator_code"] == "I"}


def ratio(**more: Any) -> Returns:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", **more)
    return returns


@pytest.mark.parametrize(
    ("direction", "ranks", "below"),
    [
        ("higher", [3, 1, 2], [True, False, False]),
        ("range", [3, 1, 2], [True, False, False]),
        ("lower", [1, 3, 2], [False, True, False]),
        ("not_assessable", [None, None, None], [None, None, None]),
    ],
)
def test_the_best_is_first_by_direction(
    run_model: RunModel, direction: str, ranks: list[int | None], below: list[bool | None]
) -> None:
    returns = ratio(direction=direction)
    returns.send_all("2023-Q4", part=(1, 3, 2), whole=(4, 4, 4))
    areas = compare(run_model, returns)
    assert [areas[code]["rank"] for code in ("01", "02", "03")] == ranks
    assert [areas[code]["is_below_city"] for code in ("01", "02", "03")] == below
    assert areas["01"]["city_value"] == pytest.approx(50)
    assert areas["01"]["gap"] == pytest.approx(-25)


def test_ties_share_a_rank_and_equal_is_not_below(run_model: RunModel) -> None:
    returns = ratio()
    returns.send_all("2023-Q4", part=(1, 2, 5), whole=(3, 6, 15))
    areas = compare(run_model, returns)
    assert [areas[code]["rank"] for code in ("01", "02", "03")] == [1, 1, 1]
    assert not any(row["is_below_city"] for row in areas.values())


def test_an_area_without_a_value_has_no_rank(run_model: RunModel) -> None:
    returns = ratio()
    returns.send_all("2023-Q4", part=(1, None, "x"), whole=(3, 6, "x"))
    areas = compare(run_model, returns)
    assert {code: row["state"] for code, row in areas.items()} == {
        "01": "value",
        "02": "missing",
        "03": "not_applicable",
    }
    assert [areas[code]["rank"] for code in ("01", "02", "03")] == [1, None, None]
    assert areas["02"]["is_below_city"] is None
    assert areas["02"]["areas_ranked"] == 1


def test_counts_are_ranked_but_not_held_against_their_sum(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("jobs", period_kind="flow")
    returns.indicator("I", "jobs")
    returns.send_all("2023-Q4", jobs=(10, 30, 20))
    areas = compare(run_model, returns)
    assert [areas[code]["rank"] for code in ("01", "02", "03")] == [3, 1, 2]
    assert {(row["city_value"], row["gap"], row["is_below_city"]) for row in areas.values()} == {(None, None, None)}


def test_who_shares_a_rank_is_counted(run_model: RunModel) -> None:
    returns = ratio()
    returns.send_all("2023-Q4", part=(1, 2, 1), whole=(3, 6, 9))
    areas = compare(run_model, returns)
    assert [(areas[code]["rank"], areas[code]["areas_at_rank"]) for code in ("01", "02", "03")] == [
        (1, 2),
        (1, 2),
        (3, 1),
    ]


def test_an_area_is_compared_with_its_own_past(run_model: RunModel) -> None:
    returns = ratio()
    returns.send_all("2022-Q3", part=(1, None, 1), whole=(4, None, 4))
    returns.send_all("2022-Q4", part=(2, 2, None), whole=(4, 4, None))
    for position, district in enumerate(("01", "02", "03")):
        stated = {"part:last_year": 3, "whole:last_year": 4} if position < 2 else {}
        returns.send("2023-Q3", district, {"part": 4, "whole": 4, **stated})
    rows = run_model("marts/area_comparison", returns.tables)
    areas = {row["area_code"]: row for row in rows if row["quarter"] == "2023-Q3"}
    assert [(row["same_period_change"], row["same_period_source"]) for row in areas.values()] == [
        (75, "record"),
        (25, "form"),
        (75, "record"),
    ]
    assert [row["year_end_change"] for row in areas.values()] == [50, 50, None]


def test_an_area_is_not_compared_across_a_break(run_model: RunModel) -> None:
    returns = ratio()
    returns.add("method_breaks", indicator_code="I", from_quarter="2023-Q1", note="mới", basis="published")
    for quarter in ("2022-Q4", "2023-Q4"):
        returns.send_all(quarter, part=(1, 1, 1), whole=(4, 4, 4))
    rows = run_model("marts/area_comparison", returns.tables)
    assert {(row["same_period_change"], row["same_period_source"]) for row in rows if row["quarter"] == "2023-Q4"} == {
        (None, "break")
    }


def test_equal_ratios_of_other_decimals_are_a_tie(run_model: RunModel) -> None:
    """1.1 of 1.1 is one as 1 of 1 is, although neither 1.1 nor its percentage is exact in binary."""
    returns = ratio()
    returns.send_all("2023-Q4", part=(1, 1.1, 2.3), whole=(1, 1.1, 2.3))
    areas = compare(run_model, returns)
    assert [(row["rank"], row["areas_at_rank"]) for row in areas.values()] == [(1, 3)] * 3
