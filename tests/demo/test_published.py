"""The demonstration comes out at every published figure: each golden row of published.csv, recomputed from the truth.

No SQL and no reader takes part: numerators and denominators are summed over what the offices meant to report.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest

from tests.demo.conftest import HOME, Told, rows_of
from tests.demo.figures import demo_truth

FOLDER = HOME / "raw" / "hanoi_08_ctr_tu"
ROWS = rows_of(FOLDER / "published.csv")
GOLDEN = [row for row in ROWS if row["golden"] == "yes"]
INDICATORS = {row["code"]: row for row in rows_of(FOLDER / "indicators.csv")}
MEASURES = {row["code"]: row for row in rows_of(FOLDER / "measures.csv")}
STOCKS = {"areas_without_poor": "poor_households", "areas_without_near_poor": "near_poor_households"}

Exact = Decimal | int
truth_of = cache(lambda quarter: demo_truth(FOLDER, quarter))


class Answers:
    """The exact answer to each kind of row; one method for one kind."""

    def __init__(self, told: Told, row: dict[str, str]) -> None:
        self.told, self.row, self.truth = told, row, truth_of(row["quarter"])

    def total(self, measure: str, series: str = "actual", area: str | None = None) -> Decimal:
        """A measure over an area: a sum of others where it is declared as one."""
        parts = MEASURES[measure]["sum_of"].split("|") if MEASURES[measure]["sum_of"] else [measure]
        inside = self.inside(area or self.row["area"])
        return sum(
            (
                value or Decimal(0)
                for (name, code, kind), value in self.truth.items()
                if name in parts and kind == series and inside(code)
            ),
            Decimal(0),
        )

    def inside(self, area: str) -> Callable[[str], bool]:
        story = self.told.story
        districts = {
            code
            for code, one in story.districts.items()
            if area in ("city", code) or area == ("urban_districts" if one.is_urban else "rural_districts")
        }
        codes = districts | {commune.code for code in districts for commune in story.communes[code]}
        return lambda code: code in codes or code == area == "city"

    def of_indicator(self, series: str = "actual") -> Decimal:
        indicator = INDICATORS[self.row["indicator"]]
        top = self.total(indicator["numerator"], series)
        if not indicator["denominator"]:
            return top
        return top * int(indicator["scale"]) / self.total(indicator["denominator"], series)

    def count(self) -> Exact:
        return self.total(INDICATORS[self.row["indicator"]]["numerator"])

    def rate(self) -> Exact:
        return self.of_indicator()

    def value(self) -> Exact:
        return self.count()

    def growth(self) -> Exact:
        before = self.of_indicator("last_year")
        return (self.of_indicator() - before) * 100 / before

    def change_points(self) -> Exact:
        return self.of_indicator() - self.of_indicator("last_year")

    def completion(self) -> Exact:
        """Against the plan of the year, judged on the measure the plan names."""
        plan = next(
            row
            for row in reversed(rows_of(FOLDER / "targets.csv"))
            if (row["indicator"], row["scope"], row["year"]) == (self.row["indicator"], "year", self.row["quarter"][:4])
        )
        done = self.total(plan["measure"]) if plan["measure"] else self.of_indicator()
        return done * 100 / Decimal(plan["value"])

    def term_completion(self) -> Exact:
        """Against the target of the term, on the lower bound of a range."""
        target = next(
            row
            for row in rows_of(FOLDER / "targets.csv")
            if (row["indicator"], row["scope"]) == (self.row["indicator"], "term_end")
        )
        return self.of_indicator() * 100 / Decimal(target["value"])

    def area_count(self) -> Exact:
        inside = self.inside(self.row["area"])
        return sum(
            not self.total(STOCKS[self.row["indicator"]], area=code)
            for code in self.told.story.districts
            if inside(code)
        )

    def status_count(self) -> Exact:
        recorded = rows_of(FOLDER / "assessments.csv")
        return sum((row["quarter"], row["status"]) == (self.row["quarter"], self.row["indicator"]) for row in recorded)

    def status_share(self) -> Exact:
        return Decimal(self.status_count() * 100) / sum(row["counted"] == "yes" for row in INDICATORS.values())


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: "-".join((row["quarter"], row["indicator"], row["kind"])))
def test_golden_row(hanoi: Told, row: dict[str, str]):
    exact = Decimal(getattr(Answers(hanoi, row), row["kind"])())
    assert exact.quantize(Decimal(1).scaleb(-int(row["decimals"])), ROUND_HALF_UP) == Decimal(row["value"])


def test_a_row_that_is_not_golden_says_why():
    assert len(GOLDEN) == 52
    assert all((row["golden"] == "yes") == (row["reason"] == "") for row in ROWS)


def test_parts_of_a_row_agree_with_the_truth(hanoi: Told):
    for row in GOLDEN:
        if row["numerator"] and row["kind"] in ("count", "rate", "growth"):
            assert Answers(hanoi, row).count() == Decimal(row["numerator"])
        if row["kind"] == "area_count" and row["denominator"]:
            inside = Answers(hanoi, row).inside(row["area"])
            assert sum(inside(code) for code in hanoi.story.districts) == int(row["denominator"])


def test_the_published_gross_decrease_contradicts_the_other_figures(hanoi: Told):
    """1.579 is flagged, not repaired: with 3.612 poor before, 2.134 after and 102 newly poor it is one too few."""
    row = next(row for row in ROWS if row["kind"] == "gross_decrease")
    answers = Answers(hanoi, row)
    assert row["golden"] == "no" and Decimal(row["value"]) == 1579
    assert answers.total("poor_gross_decrease_households") == 1580
    assert answers.total("poor_gross_increase_households") == 102


def test_the_first_quarter_of_2022_has_no_monthly_change(hanoi: Told):
    found = hanoi.figures.by_commune(hanoi.story.quarters[0])
    for stock in ("poor", "near_poor"):
        for what in ("households", "persons"):
            assert found[f"{stock}_opening_{what}"] == found[f"{stock}_{what}"]
