"""What changed since the quarter before: counts of the headline, and which indicators moved between its groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.briefing.facts.figure import Fact, FactBook, Origin, counted_as
from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.marts import Marts
from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter

NAMED = 2  # indicators of one move that are named
_KEY = "last_quarter"


@dataclass(frozen=True)
class Move:
    """Indicators that came into a group since, or left the difficult one; has_more: several more are not named."""

    said: str
    named: tuple[IndicatorFacts, ...]
    has_more: bool


@dataclass(frozen=True)
class LastQuarter:
    """counts by status group; poor is None where the standard of poverty is another one or nothing was reported.

    poor_coverage is there only where some of the areas had not reported.
    """

    quarter: Quarter
    counts: dict[str, Fact]
    poor: Fact | None
    poor_coverage: Fact | None
    moves: tuple[Move, ...]


def last_quarter_facts(marts: Marts, book: FactBook, indicators: Iterable[IndicatorFacts]) -> LastQuarter | None:
    """None before there was any quarter; the figures of the last one go into the book, traced in their own quarter."""
    now = Quarter.parse(book.quarter)
    earlier = FactBook(str(now.previous), book.programme)
    counts = marts.select("select * from marts.status_summary where quarter = ? order by sort", earlier.quarter)
    if not any(row["indicators"] for row in counts):
        return None
    groups = marts.select(
        "select indicator_code, status_group from marts.indicator_progress where quarter = ? and is_counted",
        earlier.quarter,
    )
    found = LastQuarter(
        now.previous,
        {
            row["status_group"]: earlier.part(
                f"{_KEY}.{row['status_group']}.count", row["indicators"], row["counted_total"], "chỉ tiêu",
                counted_as(f"status_summary.{row['status_group']}"),
            )
            for row in counts
        },
        *_poor(marts, earlier, book.quarter),
        tuple(_moves([one for one in indicators if one.is_counted],
                     {row["indicator_code"]: row["status_group"] for row in groups})),
    )  # fmt: skip
    book.facts |= earlier.facts
    return found


def _poor(marts: Marts, earlier: FactBook, quarter: str) -> tuple[Fact | None, Fact | None]:
    """The poor households of the whole area then, by the standard that counts now, and how many areas they are of."""
    rows = marts.select(
        "select earlier.* from marts.poverty_rates as earlier"
        " join marts.poverty_rates as latest"
        " on earlier.area_code = latest.area_code and earlier.standard = latest.standard"
        " join raw.quarters as quarters on latest.quarter = quarters.quarter"
        " and (quarters.poverty_standard is null or latest.standard = quarters.poverty_standard)"
        " where earlier.quarter = ? and latest.quarter = ? and latest.area_code = ?"
        " and earlier.poor_households is not null order by earlier.standard",
        earlier.quarter, quarter, TOP_AREA,
    )  # fmt: skip
    if not rows:
        return None, None
    reported, expected = rows[0]["areas_reported"], rows[0]["areas_expected"]
    origin = Origin(None, TOP_AREA, rows[0]["basis"] or "", f"{reported}/{expected}", "poor_households")
    poor = earlier.count(f"{_KEY}.poor_households", rows[0]["poor_households"], "hộ", origin)
    if reported == expected:
        return poor, None
    origin = Origin(None, TOP_AREA, origin.basis, origin.coverage, "poverty_coverage")
    return poor, earlier.part(f"{_KEY}.poor_coverage", reported, expected, origin=origin)


def _moves(indicators: list[IndicatorFacts], before: dict[str, str]) -> Iterable[Move]:
    known = [(one, before[one.code]) for one in indicators if one.code in before]
    for said, ones in (
        ("vào nhóm hoàn thành kế hoạch giai đoạn",
         [one for one, then in known if one.status_group == "term_done" != then]),
        ("vào nhóm hoàn thành kế hoạch năm",
         [one for one, then in known if one.status_group == "year_done" and then not in ("year_done", "term_done")]),
        ("không còn gặp khó khăn",
         [one for one, then in known if then == "difficult" and one.status_group == "on_track"]),
        ("vào nhóm gặp khó khăn", [one for one, then in known if one.status_group == "difficult" != then]),
    ):  # fmt: skip
        # "and others" are never a single one
        named = ones if len(ones) <= NAMED + 1 else ones[:NAMED]
        if ones:
            yield Move(said, tuple(named), len(named) < len(ones))
