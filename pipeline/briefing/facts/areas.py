"""What the briefing calls the areas, and which districts stand below the city's average."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from pipeline.briefing.facts.figure import Fact, FactBook, Origin, counted_as
from pipeline.briefing.facts.indicators import IndicatorFacts, value_fact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA

MOST_SHOWN = 3  # areas named in the summary
WORST_SHOWN = 3  # areas named per indicator in the body; the appendix has them all
EQUALS_SHOWN = 10
One = TypeVar("One")


@dataclass(frozen=True)
class AreaName:
    """An area as print names it: 'Ba Đình', 'Quận Ba Đình', kind word 'quận'; tile is its place on the tile map."""

    code: str
    name: str
    full_name: str
    kind: str
    is_urban: bool | None
    sort: int
    tile: tuple[int, int] | None = None

    @property
    def kind_word(self) -> str:
        return self.full_name.removesuffix(self.name).strip().lower()


@dataclass(frozen=True)
class ComparedIndicator:
    """One rate over the areas: the city's value, how many are below it, the lowest by name."""

    indicator: IndicatorFacts
    below: Fact
    lowest: tuple[tuple[AreaName, Fact], ...]


@dataclass(frozen=True)
class ComparedCell:
    """One area's value of one compared rate."""

    value: Fact
    is_below: bool
    is_revised: bool
    is_equal: bool = False  # to the city's


@dataclass(frozen=True)
class ComparedArea:
    """One area over the compared rates; cells are in the order of the compared indicators."""

    area: AreaName
    below: Fact
    below_names: tuple[str, ...]
    cells: tuple[ComparedCell | None, ...]


@dataclass(frozen=True)
class Comparison:
    total: Fact  # how many indicators can be compared
    indicators: tuple[ComparedIndicator, ...]
    areas: tuple[ComparedArea, ...]
    most_below: tuple[ComparedArea, ...]

    @property
    def has_revised(self) -> bool:
        return any(cell.is_revised for area in self.areas for cell in area.cells if cell)


def area_names(marts: Marts) -> dict[str, AreaName]:
    """Every area and the city, by code."""
    return {
        row["code"]: AreaName(
            row["code"],
            row["name"],
            row["full_name"] or row["name"],
            row["kind"],
            row["is_urban"],
            row["sort"],
            (row["tile_x"], row["tile_y"]) if row["tile_x"] and row["tile_y"] else None,
        )
        for row in marts.select("select * from raw.areas where level <> 'commune' order by sort, code")
    }


def name_list(areas: Iterable[AreaName], every: Iterable[AreaName] = ()) -> str:
    """'các quận Ba Đình, Tây Hồ; huyện Ba Vì': grouped by kind in the order given; 'toàn bộ các quận' if all."""
    groups: dict[str, list[str]] = {}
    for area in areas:
        groups.setdefault(area.kind_word, []).append(area.name)
    of_kind: dict[str, int] = {}
    for area in every:
        of_kind[area.kind_word] = of_kind.get(area.kind_word, 0) + 1
    parts = []
    for kind, names in groups.items():
        if len(names) > 1 and of_kind.get(kind) == len(names):
            parts.append(f"toàn bộ các {kind}".strip())
        else:
            parts.append(f"{'các ' if len(names) > 1 else ''}{kind} {', '.join(names)}".strip())
    return "; ".join(parts)


def leading(ordered: Sequence[One], measure: Callable[[One], Any], limit: int) -> tuple[One, ...]:
    """The first of an order, up to `limit`, never one without its equals: more where the very first are so many.

    Only of more than EQUALS_SHOWN that are all first, `limit` stand for all.
    """
    found: list[One] = []
    for _, equals in groupby(ordered, key=measure):
        held = list(equals)
        if found and len(found) + len(held) > limit:
            break
        found += held if len(held) <= EQUALS_SHOWN else held[:limit]
    return tuple(found)


def comparison_facts(
    marts: Marts, book: FactBook, indicators: list[IndicatorFacts], names: dict[str, AreaName]
) -> Comparison:
    """Every counted rate over every area, against the city's own rate."""
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
    rows = [row for row in marts.of_quarter("marts.area_comparison", "indicator_code, area_sort, area_code")
            if row["city_value"] is not None]  # fmt: skip
    by_place = {(row["indicator_code"], row["area_code"]): row for row in rows}
    compared = [one for one in indicators if one.is_counted and any(row["indicator_code"] == one.code for row in rows)]
    codes = sorted({row["area_code"] for row in rows}, key=lambda code: (names[code].sort, code))
    facts = {
        place: value_fact(book, f"area.{place[1]}.{place[0]}", row, about[place[0]], place[1])
        for place, row in by_place.items() if about[place[0]]["is_counted"]
    }  # fmt: skip
    made_indicators = []
    for one in compared:
        held = [row for row in rows if row["indicator_code"] == one.code and row["is_below_city"] is not None]
        below = sorted((row for row in held if row["is_below_city"]), key=lambda row: (-row["rank"], row["area_sort"]))
        made_indicators.append(ComparedIndicator(
            one, book.part(
                f"compare.{one.code}.below", len(below), len(held), "đơn vị", Origin(one.code, TOP_AREA).of("below")
            ),
            tuple((names[row["area_code"]], facts[one.code, row["area_code"]])
                  for row in leading(below, lambda row: row["rank"], WORST_SHOWN)),
        ))  # fmt: skip
    made_areas = []
    for code in codes:
        own = [(one, by_place.get((one.code, code))) for one in compared]
        judged = [(one, row) for one, row in own if row is not None and row["is_below_city"] is not None]
        worse = tuple(one.short_name for one, row in judged if row["is_below_city"])
        made_areas.append(ComparedArea(
            names[code],
            book.part(
                f"compare.area.{code}.below", len(worse), len(judged), "chỉ tiêu", counted_as("indicators_below", code)
            ),
            worse,
            tuple(
                _cell(facts[one.code, code], one, row) if row else None for one, row in own
            ),
        ))  # fmt: skip
    ranked = sorted(made_areas, key=lambda area: (-(area.below.value or 0), area.area.sort))
    return Comparison(
        book.count("compare.indicators", len(compared), "chỉ tiêu", counted_as("indicators_compared")),
        tuple(made_indicators), tuple(made_areas),
        leading([one for one in ranked if not one.below.is_zero], lambda one: one.below.value, MOST_SHOWN),
    )  # fmt: skip


def _cell(value: Fact, one: IndicatorFacts, row: Row) -> ComparedCell:
    is_equal = value.is_known and value.value == one.value.value
    return ComparedCell(value, bool(row["is_below_city"]), row["mark"] == "r", is_equal)
