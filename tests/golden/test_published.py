"""Every published figure marked golden comes out of the whole run, after rounding to that row's decimals.

The rows stand in raw/<programme>/published.csv; the others carry the reason why they cannot be reproduced.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipeline.vietnamese import exact_ratio, number, rounded
from tests.golden.conftest import PROGRAMME, QUARTER, ROOT

with (ROOT / "raw" / PROGRAMME / "published.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
GOLDEN = [row for row in ROWS if row["golden"] == "yes"]

Marts = duckdb.DuckDBPyConnection
Published = dict[str, str]


def one(marts: Marts, sql: str, *values: str) -> dict[str, Any]:
    """The only row of a query."""
    result = marts.execute(sql, values)
    columns = [column[0] for column in result.description]
    (row,) = result.fetchall()
    return dict(zip(columns, row, strict=True))


def progress(marts: Marts, row: Published) -> dict[str, Any]:
    where = "from marts.indicator_progress where quarter = ? and indicator_code = ?"
    return one(marts, f"select * {where}", row["quarter"], row["indicator"])


def figure(marts: Marts, row: Published) -> Decimal:
    """The value of an indicator, exact; of a zone or district from the poverty mart where it is one."""
    if row["area"] == "city":
        found = progress(marts, row)
        return exact_ratio(found["numerator"], found["denominator"], found["scale"])
    found = one(
        marts,
        "select * from marts.poverty_rates where quarter = ? and area_code = ?",
        row["quarter"],
        row["area"],
    )
    return exact_ratio(found["poor_households"], found["households"], 100)


def count(marts: Marts, row: Published) -> Decimal:
    if row["area"] == "city":
        return Decimal(progress(marts, row)["numerator"])
    sql = "select poor_households from marts.poverty_rates where quarter = ? and area_code = ?"
    return Decimal(one(marts, sql, row["quarter"], row["area"])["poor_households"])


def completion(marts: Marts, row: Published, against: str) -> Decimal:
    found = progress(marts, row)
    return exact_ratio(found[f"{against}_completion_numerator"], found[f"{against}_completion_denominator"], 100)


def same_period(found: dict[str, Any]) -> Decimal:
    return exact_ratio(found["same_period_numerator"], found["same_period_denominator"], found["scale"])


def growth(marts: Marts, row: Published) -> Decimal:
    found = progress(marts, row)
    return exact_ratio(found["numerator"] - same_period(found), same_period(found), 100)


def change_in_points(marts: Marts, row: Published) -> Decimal:
    return figure(marts, row) - same_period(progress(marts, row))


def areas_without(marts: Marts, row: Published) -> Decimal:
    kind = row["indicator"].removeprefix("areas_without_")
    urban = {"city": "true or not true", "urban_districts": "is_urban", "rural_districts": "not is_urban"}[row["area"]]
    sql = f"select count(*) as areas from marts.areas_without where quarter = ? and kind = ? and ({urban})"
    found = one(marts, sql, row["quarter"], kind)
    return Decimal(found["areas"])


def status_count(marts: Marts, row: Published) -> dict[str, Any]:
    sql = "select * from marts.status_summary where quarter = ? and status_group = ?"
    return one(marts, sql, row["quarter"], row["indicator"])


ANSWERS = {
    "count": count,
    "value": count,
    "rate": figure,
    "completion": lambda marts, row: completion(marts, row, "year"),
    "term_completion": lambda marts, row: completion(marts, row, "term"),
    "growth": growth,
    "change_points": change_in_points,
    "area_count": areas_without,
    "status_count": lambda marts, row: Decimal(status_count(marts, row)["indicators"]),
    "status_share": lambda marts, row: exact_ratio(
        Decimal(status_count(marts, row)["indicators"]), Decimal(status_count(marts, row)["counted_total"]), 100
    ),
}


@pytest.mark.parametrize(
    "row", GOLDEN, ids=lambda row: f"{row['quarter']}-{row['indicator']}-{row['area']}-{row['kind']}"
)
def test_a_golden_figure_comes_out(marts: Marts, row: Published):
    exact = ANSWERS[row["kind"]](marts, row)
    assert rounded(exact, int(row["decimals"])) == Decimal(row["value"]), number(exact, 6)


def test_the_golden_rows_are_the_reference_and_the_others_give_a_reason():
    assert len(GOLDEN) == 52
    assert all(row["reason"] for row in ROWS if row["golden"] != "yes")


def test_the_denominators_of_the_first_and_the_second_year_end_are_not_the_same(marts: Marts):
    for quarter, low, high in (("2022-Q1", 2_189_091, 2_194_618), ("2022-Q4", 2_234_555, 2_258_201)):
        found = progress(marts, {"quarter": quarter, "indicator": "A01"})
        assert low <= found["denominator"] <= high


def test_status_counts_and_how_they_were_reached(marts: Marts):
    rows = marts.execute(
        "select status_group, indicators, computed, recorded, counted_total from marts.status_summary"
        f" where quarter = '{QUARTER}' order by sort"
    ).fetchall()
    assert {group: indicators for group, indicators, *_ in rows} == {
        "term_done": 20,
        "year_done": 5,
        "on_track": 0,
        "difficult": 2,
        "unknown": 0,
    }
    assert {total for *_, total in rows} == {27}
    assert [sum(row[column] for row in rows) for column in (2, 3)] == [12, 15]
