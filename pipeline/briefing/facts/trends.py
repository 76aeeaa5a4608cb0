"""Rates over the quarters, of the whole and of single areas, and where their method of counting broke."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.briefing.facts.figure import Fact, FactBook
from pipeline.briefing.facts.indicators import value_fact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter

QUARTERS_SHOWN = 12  # of a trend, the printed quarter among them
FOLLOWED = ("poor_households", "near_poor_households")  # numerators of the rates that are followed over time


@dataclass(frozen=True)
class TrendPoint:
    """A value at a quarter; broken says why nothing before it may be compared with it, '' where it may.

    order grows with time, so that points of several trends fall into line.
    """

    label: str
    order: int
    value: Fact
    is_partial: bool
    broken: str


@dataclass(frozen=True)
class Trend:
    """One indicator over the quarters, the earliest first; points stand at every quarter, known or not."""

    code: str
    name: str
    points: tuple[TrendPoint, ...]

    @property
    def known(self) -> tuple[TrendPoint, ...]:
        return tuple(point for point in self.points if point.value.is_known)


def trend_facts(marts: Marts, book: FactBook, area: str = TOP_AREA) -> tuple[Trend, ...]:
    """The trends of FOLLOWED, of those that the programme has; one with less than two values is none."""
    parts = marts.of_quarter("staging.indicators", "sort, indicator_code")
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
    made = []
    for numerator in FOLLOWED:
        codes = [row["indicator_code"] for row in parts if row["numerator"] == numerator and row["denominator"]]
        if codes and codes[0] in about and marts.has("marts.indicator_values"):
            made.append(_trend(marts, book, about[codes[0]], area))
    return tuple(trend for trend in made if len(trend.known) > 1)


def _trend(marts: Marts, book: FactBook, about: Row, area: str) -> Trend:
    code, quarter = about["indicator_code"], Quarter.parse(marts.quarter)
    rows = marts.select(
        "select * from marts.indicator_values where indicator_code = ? and area_code = ? and quarter <= ?"
        " order by quarter", code, area, marts.quarter,
    )[-QUARTERS_SHOWN:]  # fmt: skip
    while rows and rows[0]["state"] != "value":  # before the first return there is nothing to follow
        rows = rows[1:]
    breaks = marts.select(
        "select from_quarter, note from raw.method_breaks where indicator_code = ? order by from_quarter", code
    )
    points = []
    before = str(quarter)  # the last moment with a value: a break counts from there
    baseline, year = book.facts.get(f"indicator.{code}.baseline"), about["baseline_year"]
    if area == TOP_AREA and rows and baseline is not None and year:
        year_end = f"{year}-Q4"
        # without a break in between, the years up to the first return are simply not known
        if any(year_end < one["from_quarter"] <= rows[0]["quarter"] for one in breaks):
            points.append(TrendPoint(f"Năm {year}", year * 4, baseline, False, ""))
            before = year_end
    for row in rows:
        here = row["quarter"]
        broken = [one["note"] for one in breaks if before < one["from_quarter"] <= here]
        at = Quarter.parse(here)
        points.append(TrendPoint(
            f"{at.roman}/{at.year}", at.year * 4 + at.number, _value(book, row, about, area, at == quarter),
            is_partial=0 < (row["areas_reported"] or 0) < (row["areas_expected"] or 0),
            broken=broken[-1] if broken and row["state"] == "value" else "",
        ))  # fmt: skip
        before = here if row["state"] == "value" else before
    return Trend(code, about["name_vi"], tuple(points))


def _value(book: FactBook, row: Row, about: Row, area: str, is_now: bool) -> Fact:
    """That of the printed quarter is the figure the document has anyway."""
    code, when = about["indicator_code"], row["quarter"]
    own = book.facts.get(f"indicator.{code}.value") if is_now and area == TOP_AREA else None
    key = f"area.{area}.{code}" if is_now and area != TOP_AREA else f"trend.{code}.{area}.{when}"
    return own or value_fact(book, key, row, about, area, "" if is_now else when)
