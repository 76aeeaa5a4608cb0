"""What a district's pages say, read from the marts once for all districts; plain values that go to another process.

A figure the briefing prints is that very fact; what only these pages print is traced in the same way.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.briefing.facts.area_plans import area_year_goal
from pipeline.briefing.facts.areas import AreaName, area_names
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.facts.corrections import Corrected
from pipeline.briefing.facts.figure import Fact, FactBook, Origin, facts_json
from pipeline.briefing.facts.goals import Goal, GoalTables, goal_tables
from pipeline.briefing.facts.indicators import value_fact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.briefing.facts.poverty import PovertyRow
from pipeline.briefing.facts.quality import Doubt, reporter_names
from pipeline.briefing.facts.trends import Trend, trend_facts
from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter
from pipeline.remarks import collated
from pipeline.vietnamese import short_date

_STATES = {
    "accepted": "đã nhận, dùng được", "rejected": "đã gửi nhưng chưa dùng được", "missing": "chưa gửi báo cáo",
    "locked": "gửi sau ngày khóa số liệu, không tính",
}  # fmt: skip
_KINDS = {"difficulty": "Khó khăn", "practice": "Cách làm hay", "proposal": "Kiến nghị"}


@dataclass(frozen=True)
class AreaLine:
    """One indicator: the district's value beside that of the whole; is_tied: others share the rank.

    is_below: the district is below the whole, of an indicator that counts.
    """

    order: int
    name: str
    unit: str
    value: Fact
    whole: Fact
    rank: Fact | None
    is_tied: bool
    is_below: bool
    goal: Goal | None


@dataclass(frozen=True)
class Returned:
    """How the district's own report came: state in words, the day, and what else is to be said of it."""

    state: str
    received_on: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class AreaRemark:
    """What the district wrote: 'Khó khăn', on which subject, the words."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class AreaPage:
    """Everything one district's pages print; below counts its indicators that are below the whole."""

    area: AreaName
    quarter: Quarter
    programme: str
    data_date: date
    is_illustrative: bool
    lines: tuple[AreaLine, ...]
    below: Fact | None
    poverty: PovertyRow | None
    whole_poverty: PovertyRow | None
    trends: tuple[tuple[Trend, Trend], ...]  # the district's and the whole's
    returned: Returned | None
    doubts: tuple[Doubt, ...]
    corrections: tuple[Corrected, ...]
    remarks: tuple[AreaRemark, ...]
    own_files: frozenset[str]  # sha256 of what the district and its communes sent, up to the quarter

    @property
    def has_plans(self) -> bool:
        return any(line.goal is not None for line in self.lines)

    @property
    def below_names(self) -> list[str]:
        return [line.name for line in self.lines if line.is_below]

    def facts(self) -> dict[str, Fact]:
        """Every figure the pages may print, by key."""
        return {fact.key: fact for fact in _facts_in(self)}

    def as_json(self, printed: Container[str]) -> bytes:
        """facts.json: the figures whose keys are printed, as that of the briefing has them.

        Those of the whole are told in words only: a sum that moves by what nobody sees leaves these pages as they are.
        """
        shown = (fact for key, fact in self.facts().items() if key in printed)
        return facts_json((fact.in_words if fact.area == TOP_AREA else fact for fact in shown), self.programme)


def area_pages(marts: Marts, facts: BriefingFacts) -> list[AreaPage]:
    """The pages of every district of the quarter, in the order of the districts."""
    sources = _Sources(marts, facts)
    return [sources.page(area) for area in facts.districts if area.code in sources.compared]


class _PageBook(FactBook):
    """The figures of one page: what the briefing prints already is that very fact."""

    def __init__(self, briefing: FactBook) -> None:
        super().__init__(briefing.quarter, briefing.programme)
        self._briefing = briefing.facts

    def _keep(self, fact: Fact, origin: Origin) -> Fact:
        return self._briefing.get(fact.key) or self.facts.get(fact.key) or super()._keep(fact, origin)


class _Sources:
    """The rows that all pages are made of, by district."""

    def __init__(self, marts: Marts, facts: BriefingFacts) -> None:
        self._marts, self._facts = marts, facts
        self._about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
        self._whole = {one.code: one for one in (*facts.indicators, *facts.context)}
        self._measures = marts.all_rows("raw.measures", "code")
        self._goals: GoalTables = goal_tables(marts, {row["code"]: row for row in self._measures})
        self.compared = _by(marts.of_quarter("marts.area_comparison", "indicator_code, area_code"), "area_code")
        self._below = {one.area.code: one.below for one in facts.comparison.areas}
        self._poverty = {row.area.code: row for row in facts.poverty.districts} if facts.poverty else {}
        self._received = {row["reporter"]: row for row in marts.of_quarter("marts.submission_status", "reporter")}
        self._remarks = _by(marts.of_quarter("marts.remarks", "row_label, text, reporter_sort, reporter"), "reporter")
        self._indicators = marts.of_quarter("staging.indicators", "sort")
        self._senders = self._names_of_senders(marts)
        self._files = self._files_of_districts(marts)

    @staticmethod
    def _names_of_senders(marts: Marts) -> dict[str, set[str]]:
        """By district: its own name and those of its communes, as the tables of doubts have them."""
        names = reporter_names(marts)
        found: dict[str, set[str]] = {code: set() for code in area_names(marts)}
        for row in marts.all_rows("raw.areas", "code"):
            district = row["parent_code"] if row["level"] == "commune" else row["code"]
            found.setdefault(district, set()).add(names[row["code"]])
        return found

    @staticmethod
    def _files_of_districts(marts: Marts) -> dict[str, set[str]]:
        district_of = {
            row["code"]: row["parent_code"] if row["level"] == "commune" else row["code"]
            for row in marts.all_rows("raw.areas", "code")
        }
        found: dict[str, set[str]] = {}
        for row in marts.select("select reporter, sha256 from raw.submissions where quarter <= ?", marts.quarter):
            found.setdefault(district_of.get(row["reporter"], ""), set()).add(row["sha256"])
        return found

    def page(self, area: AreaName) -> AreaPage:
        facts = self._facts
        book = _PageBook(facts.book)
        lines = sorted((self._line(book, row, area) for row in self.compared[area.code]
                        if row["indicator_code"] in self._whole), key=lambda line: line.order)  # fmt: skip
        whole = {trend.code: trend for trend in facts.trends}
        poverty = facts.poverty
        return AreaPage(
            area=area, quarter=facts.quarter, programme=book.programme, data_date=facts.data_date,
            is_illustrative=facts.is_illustrative, lines=tuple(lines), below=self._below.get(area.code),
            poverty=self._poverty.get(area.code), whole_poverty=poverty.city if poverty else None,
            trends=tuple((own, _beside(own, whole[own.code]))
                         for own in trend_facts(self._marts, book, area.code) if own.code in whole),
            returned=self._returned(area),
            doubts=tuple(doubt for table in (*facts.findings, *facts.checks) for doubt in table.rows
                         if doubt.who in self._senders[area.code]),
            corrections=tuple(one for one in facts.corrections.rows if one.who in self._senders[area.code]),
            remarks=tuple(self._own_remarks(area)), own_files=frozenset(self._files.get(area.code, ())),
        )  # fmt: skip

    def _line(self, book: FactBook, row: Row, area: AreaName) -> AreaLine:
        code, about = row["indicator_code"], self._about[row["indicator_code"]]
        one, key = self._whole[code], f"area.{area.code}.{code}"
        here = Origin(code, area.code, row["basis"] or "")
        value, rank = value_fact(book, key, row, about, area.code), None
        # counts of districts of different size are not ranked
        if row["rank"] is not None and row["city_value"] is not None:
            place = f"{row['rank']}/{row['areas_ranked']}"
            rank = book.words(f"rank.{area.code}.{code}", place, place, "", Decimal(row["rank"]), here.of("rank"))
        return AreaLine(
            one.order, one.short_name, one.unit, value, one.value, rank, (row["areas_at_rank"] or 0) > 1,
            bool(row["is_below_city"]) and one.is_counted, area_year_goal(book, row, about, self._goals),
        )  # fmt: skip

    def _returned(self, area: AreaName) -> Returned | None:
        row = self._received.get(area.code)
        if row is None:
            return None
        noted = next((one.remarks for one in self._facts.submissions.noted if one.name == row["reporter_name"]), ())
        day = short_date(row["received_on"]) if row["received_on"] else ""
        return Returned(_STATES[row["state"]], day, () if row["state"] == "missing" else noted)

    def _own_remarks(self, area: AreaName) -> Iterator[AreaRemark]:
        rows = self._remarks.get(area.code, [])
        for kind, label, text in collated(rows, self._indicators, self._measures, self._facts.quarter):
            yield AreaRemark(_KINDS.get(kind, "Ý kiến"), label, text.rstrip(" ."))


def _beside(own: Trend, whole: Trend) -> Trend:
    """The trend of the whole over the quarters of the district's."""
    labels = {point.label for point in own.points}
    first, *others = (point for point in whole.points if point.label in labels)
    return replace(whole, points=(replace(first, broken=""), *others))


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _facts_in(value: Any) -> Iterator[Fact]:
    """Every fact somewhere inside a value made of dataclasses and tuples."""
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _facts_in(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _facts_in(getattr(value, field.name))
