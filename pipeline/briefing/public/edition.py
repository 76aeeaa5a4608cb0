"""What the public edition shows: the indicators of the whole and poverty by district; what is not listed here stays."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pipeline.briefing.facts.areas import AreaName
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.facts.figure import Fact, Said, exact, facts_json
from pipeline.briefing.facts.goals import Goal, is_yes_or_no
from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.briefing.facts.poverty import Poverty, PovertyRow
from pipeline.briefing.public.suppression import withheld
from pipeline.programme import TOP_AREA

WITHHELD = "(*)"
LAST_YEAR = ", last year"  # of a measure's count then
_OF_UNITS = "share_of_units"  # such an indicator counts communes and the like, not people


@dataclass(frozen=True)
class PublicIndicator:
    """One indicator of the whole; figures are None where there is nothing to say."""

    about: IndicatorFacts
    value: Fact
    change: Fact | None
    year_plan: Fact | None
    year_completion: Fact | None
    term_plan: Fact | None
    term_completion: Fact | None


@dataclass(frozen=True)
class PublicArea:
    """The poor and the near-poor of the whole or of one district."""

    area: AreaName
    is_city: bool
    households: Fact
    poor: Fact
    poor_rate: Fact
    near: Fact
    near_rate: Fact


@dataclass(frozen=True)
class PublicEdition:
    """Every figure that is published; `facts` are those of its page, withheld ones without any number."""

    indicators: tuple[PublicIndicator, ...]
    areas: tuple[PublicArea, ...]  # the whole first; empty where nothing of poverty was reported
    facts: dict[str, Fact]
    threshold: int

    @property
    def has_withheld(self) -> bool:
        return any(fact.number == WITHHELD for fact in self.facts.values())

    def as_json(self, printed: Container[str], programme: str) -> bytes:
        """facts.json: the facts whose keys are printed, in the form of the full edition."""
        return facts_json((fact for key, fact in self.facts.items() if key in printed), programme)


Cell = tuple[str, str]  # what is counted, and where


class Counts:
    """The counts behind the published figures and the sums that tie them; `hidden` says which must not be told."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.cells: dict[Cell, Decimal] = {}
        self.relations: list[dict[Cell, int]] = []
        self.others: set[Cell] = set()  # a second value of one measure, over other areas

    def cell(self, measure: str, area: str, count: Decimal, user: str) -> Cell:
        """The cell of a measure. Where a user counts it over other areas, its cell is never open: two values of one
        measure would tell those areas' count by their difference."""
        key = (measure, area)
        if self.cells.setdefault(key, count) != count:
            key = (f"{measure} of {user}", area)
            self.cells[key] = count
            self.others.add(key)
        return key

    def share(self, part: Cell, whole: Cell) -> list[Cell]:
        """A part published beside its whole gives the rest away, which may be as small."""
        rest = self.cells[whole] - self.cells[part]
        if rest < 0:
            return [part, whole]
        key = (f"{whole[0]} without {part[0]}", part[1])
        self.cells[key] = rest
        self.relations.append({part: 1, key: 1, whole: -1})
        return [part, whole, key]

    def hidden(self) -> frozenset[Cell]:
        return withheld(self.cells, self.relations, self.threshold) | self.others


def public_edition(marts: Marts, facts: BriefingFacts, threshold: int) -> PublicEdition:
    """The figures of the public edition, counts below `threshold` and what would give them away withheld."""
    counts = Counts(threshold)
    areas = [facts.poverty.city, *facts.poverty.districts] if facts.poverty else []
    of_area = {row.area.code: _area_cells(counts, row) for row in areas}
    for measure in ("households", "poor_households", "near_poor_households"):
        parts = [(measure, row.area.code) for row in areas[1:] if (measure, row.area.code) in counts.cells]
        if parts and (measure, TOP_AREA) in counts.cells:
            counts.relations.append(dict.fromkeys(parts, 1) | {(measure, TOP_AREA): -1})
    progress = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "indicator_code")}
    made_of = {row["indicator_code"]: row for row in marts.of_quarter("staging.indicators", "indicator_code")}
    shown = [one for one in (*facts.indicators, *facts.context) if one.code in progress]
    behind = {one.code: _indicator_cells(counts, progress[one.code], made_of[one.code]) for one in shown}
    counts.relations += _sums(marts)
    _tie_movements(counts, facts.poverty)
    hidden = counts.hidden()

    found: dict[str, Fact] = {}

    def told(fact: Fact | None, is_open: bool = True) -> Any:
        if fact is None:
            return None
        found[fact.key] = fact if is_open or not fact.is_known else _without_number(fact)
        return found[fact.key]

    indicators = []
    for one in shown:
        cells = behind[one.code]
        is_open = not hidden.intersection(cells.now)
        year, term = (
            _goal(goal, is_open and cells.judged.get(which) not in hidden, told)
            for which, goal in (("year", one.year), ("term", one.term))
        )
        change = told(one.change, is_open and not hidden.intersection(cells.before))
        indicators.append(PublicIndicator(one, told(one.value, is_open), change, *year, *term))
    made = []
    for row in areas:
        counted = of_area[row.area.code]
        whole_open = not hidden.intersection(counted.households)
        poor_open = whole_open and not hidden.intersection(counted.poor)
        near_open = whole_open and not hidden.intersection(counted.near)
        made.append(PublicArea(
            row.area, row.level == "city", told(row.households, whole_open),
            told(row.poor.households, poor_open), told(row.poor.rate, poor_open),
            told(row.near.households, near_open), told(row.near.rate, near_open),
        ))  # fmt: skip
    told(facts.summary.total)
    for group in facts.summary.groups:
        told(group.count)
        told(group.share)
    return PublicEdition(tuple(indicators), tuple(made), found, threshold)


def _without_number(fact: Fact) -> Fact:
    """The figure with nothing left of its size."""
    sign = Said(WITHHELD, fact.key)
    return replace(fact, printed=sign, number=sign, value=None, numerator=None, denominator=None, state="withheld")


def _goal(goal: Goal | None, is_open: bool, told: Any) -> tuple[Fact | None, Fact | None]:
    return (told(goal.plan), told(goal.completion, is_open)) if goal else (None, None)


@dataclass(frozen=True)
class AreaCells:
    """The cells behind the three counts of an area and the rates between them; empty where a count is missing."""

    households: list[Cell]
    poor: list[Cell]
    near: list[Cell]


def _area_cells(counts: Counts, row: PovertyRow) -> AreaCells:
    def own(measure: str, fact: Fact) -> list[Cell]:
        return [] if fact.value is None else [counts.cell(measure, row.area.code, fact.value, "poverty")]

    households = own("households", row.households)
    poor, near = own("poor_households", row.poor.households), own("near_poor_households", row.near.households)
    shares = [counts.share(part[0], households[0]) if part and households else part for part in (poor, near)]
    return AreaCells(households, *shares)


@dataclass(frozen=True)
class IndicatorCells:
    """The cells behind a value, behind its change since last year, and behind what each goal is judged on."""

    now: list[Cell]
    before: list[Cell]
    judged: dict[str, Cell]


def _indicator_cells(counts: Counts, row: Row, parts: Row) -> IndicatorCells:
    code = row["indicator_code"]
    cells = IndicatorCells([], [], {})
    if row["state"] != "value" or is_yes_or_no(row) or parts["aggregation"] == _OF_UNITS:
        return cells
    for found, prefix, suffix in ((cells.now, "", ""), (cells.before, "same_period_", LAST_YEAR)):
        top, bottom = exact(row[f"{prefix}numerator"]), exact(row[f"{prefix}denominator"])
        if top is None or (bottom is None and not _is_count(row["unit"], row["decimals"], top)):
            continue
        part = counts.cell(parts["numerator"] + suffix, TOP_AREA, top, code)
        whole = bottom is not None and counts.cell(parts["denominator"] + suffix, TOP_AREA, bottom, code)
        found += counts.share(part, whole) if whole else [part]
    for which in ("year", "term"):
        measure, value = row[f"{which}_measure"], exact(row[f"{which}_judged"])
        if measure and value is not None and value >= 0 and value == value.to_integral_value():
            cells.judged[which] = counts.cell(measure, TOP_AREA, value, code)
    return cells


def _is_count(unit: str, decimals: int, value: Decimal) -> bool:
    return decimals == 0 and not unit.startswith("%") and value == value.to_integral_value() and value >= 0


def _tie_movements(counts: Counts, poverty: Poverty | None) -> None:
    """Opening - less + more = closing: who knows three of them knows the fourth, though it is not printed.

    The opening was published at the end of last year, so it counts as known, whatever is withheld now.
    """
    stocks = (("poor", poverty.city.poor), ("near_poor", poverty.city.near)) if poverty else ()
    for kind, stock in stocks:
        closing = (f"{kind}_households", TOP_AREA)
        less, more = ((f"{kind}_gross_{way}_households", TOP_AREA) for way in ("decrease", "increase"))
        if stock.opening.value is not None and {less, closing} <= set(counts.cells):
            increase = counts.cells[closing] - stock.opening.value + counts.cells[less]
            if increase >= 0:
                counts.cells.setdefault(more, increase)
                counts.relations.append({less: 1, more: -1, closing: 1})


def _sums(marts: Marts) -> Iterator[dict[Cell, int]]:
    """Measures of the whole that are sums of others; one that is not published here tells nothing."""
    totals: dict[str, dict[Cell, int]] = {}
    for row in marts.all_rows("raw.measure_parts", "measure_code, part_code"):
        whole = totals.setdefault(row["measure_code"], {(row["measure_code"], TOP_AREA): -1})
        whole[row["part_code"], TOP_AREA] = 1
    yield from totals.values()
