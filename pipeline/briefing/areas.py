"""What the briefing says of the districts: poverty by area, and who stands below the city's average."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.briefing.figure import Fact, FactBook, Form, Origin, exact
from pipeline.briefing.indicators import IndicatorFacts, value_fact
from pipeline.briefing.marts import Marts, Row
from pipeline.programme import TOP_AREA

MOST_SHOWN = 5  # areas named in the summary
PLAIN_RATE = Form("%", 100, 2, 2)  # of a rate that is no indicator of the programme
WORST_SHOWN = 3  # areas named per indicator in the body; the appendix has them all


@dataclass(frozen=True)
class AreaName:
    """An area as print names it: 'Ba Đình', 'Quận Ba Đình', kind word 'quận'."""

    code: str
    name: str
    full_name: str
    kind: str
    is_urban: bool | None
    sort: int

    @property
    def kind_word(self) -> str:
        return self.full_name.removesuffix(self.name).strip().lower()


@dataclass(frozen=True)
class PovertyRow:
    """One area's poor and near-poor households; flows are totals of the year so far."""

    area: AreaName
    level: str
    households: Fact
    poor_opening: Fact
    poor_less: Fact
    poor_more: Fact
    poor: Fact
    poor_change: Fact | None
    poor_rate: Fact
    near_opening: Fact
    near_less: Fact
    near_more: Fact
    near: Fact
    near_change: Fact | None
    near_rate: Fact
    coverage: Fact


@dataclass(frozen=True)
class Flow:
    """One line of the table of flows of the whole city; sign is -1, 0 or 1."""

    printed: str
    sign: int
    households: Fact
    persons: Fact


@dataclass(frozen=True)
class Poverty:
    """Poverty of the quarter; the counts without poor households are of all areas, reported or not."""

    city: PovertyRow
    zones: tuple[PovertyRow, ...]
    districts: tuple[PovertyRow, ...]
    without_poor: Fact
    areas_without_poor: tuple[AreaName, ...]
    without_near: Fact
    areas_without_near: tuple[AreaName, ...]
    urban_without_near: Fact | None  # None where no district is urban
    poor_flows: tuple[Flow, ...]
    near_flows: tuple[Flow, ...]
    is_partial: bool


@dataclass(frozen=True)
class ComparedIndicator:
    """One rate over the areas: the city's value, how many are below it, the lowest by name."""

    indicator: IndicatorFacts
    below: Fact
    lowest: tuple[tuple[AreaName, Fact], ...]


@dataclass(frozen=True)
class ComparedArea:
    """One area over the compared rates; cells are in the order of the compared indicators."""

    area: AreaName
    below: Fact
    below_names: tuple[str, ...]
    cells: tuple[tuple[Fact, bool] | None, ...]


@dataclass(frozen=True)
class Comparison:
    total: Fact  # how many indicators can be compared
    indicators: tuple[ComparedIndicator, ...]
    areas: tuple[ComparedArea, ...]
    most_below: tuple[ComparedArea, ...]


def area_names(marts: Marts) -> dict[str, AreaName]:
    """Every area and the city, by code."""
    return {
        row["code"]: AreaName(
            row["code"], row["name"], row["full_name"] or row["name"], row["kind"], row["is_urban"], row["sort"]
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


def poverty_facts(marts: Marts, book: FactBook, names: dict[str, AreaName], urban_term: str) -> Poverty | None:
    """Poor and near-poor households by area; None where the programme has no poverty forms."""
    rows = marts.select(
        "select rates.* from marts.poverty_rates as rates"
        " join raw.quarters as quarters on rates.quarter = quarters.quarter"
        " where rates.quarter = ? and rates.area_level <> 'commune'"
        " and (quarters.poverty_standard is null or rates.standard = quarters.poverty_standard)"
        " order by rates.area_sort, rates.area_code",
        book.quarter,
    ) if marts.has("marts.poverty_rates") else []  # fmt: skip
    flows = marts.of_quarter("marts.poverty_flows", "class, sort, area_code")
    forms = _rate_forms(marts)
    made = [_poverty_row(row, book, names, flows, forms) for row in rows]
    city = next((row for row in made if row.level == "city"), None)
    if city is None or not city.poor.is_known:
        return None
    districts = tuple(row for row in made if row.level == "district")

    def without(of: Callable[[PovertyRow], Fact]) -> tuple[AreaName, ...]:
        return tuple(row.area for row in districts if of(row).is_zero)

    no_poor, no_near = without(lambda row: row.poor), without(lambda row: row.near)
    urban = [row for row in districts if row.area.is_urban]
    city_wide = Origin(area=TOP_AREA)
    return Poverty(
        city=city,
        zones=tuple(row for row in made if row.level == "zone"),
        districts=districts,
        without_poor=book.part("poverty.areas_without_poor", len(no_poor), len(districts), origin=city_wide),
        areas_without_poor=no_poor,
        without_near=book.part("poverty.areas_without_near_poor", len(no_near), len(districts), origin=city_wide),
        areas_without_near=no_near,
        urban_without_near=book.part(
            "poverty.urban_areas_without_near_poor", sum(bool(area.is_urban) for area in no_near), len(urban),
            urban_term, city_wide,
        ) if urban else None,
        poor_flows=_city_flows(flows, "poor", book),
        near_flows=_city_flows(flows, "near_poor", book),
        is_partial=any(not row.poor.is_known for row in districts),
    )  # fmt: skip


def _rate_forms(marts: Marts) -> dict[str, Form]:
    """How each poverty rate is printed, taken from the indicator that has the measure as numerator."""
    found: dict[str, Form] = {}
    for row in marts.select(
        "select parts.numerator, progress.decimals, progress.min_significant"
        " from marts.indicator_progress as progress"
        " join raw.indicators as parts on progress.indicator_code = parts.code"
        " where progress.quarter = ? and parts.denominator is not null order by progress.sort",
        marts.quarter,
    ):
        found.setdefault(row["numerator"], Form("%", 100, row["decimals"], row["min_significant"]))
    return found


def _poverty_row(
    row: Row, book: FactBook, names: dict[str, AreaName], flows: list[Row], forms: dict[str, Form]
) -> PovertyRow:
    code = row["area_code"]
    key = f"poverty.{code}"
    here = Origin(None, code, row["basis"] or "", f"{row['areas_reported']}/{row['areas_expected']}")
    level = row["area_level"]

    def moved(kind: str, sign: int) -> Fact:
        parts = [one["households"] for one in flows
                 if one["area_code"] == code and one["class"] == kind and one["sign"] == sign]  # fmt: skip
        total = sum((Decimal(one) for one in parts), Decimal(0)) if parts and None not in parts else None
        return book.count(f"{key}.{kind}_{'less' if sign < 0 else 'more'}", total, "hộ", here)

    def stock(kind: str) -> tuple[Fact, Fact, Fact | None, Fact]:
        closing, opening = row[f"{kind}_households"], row[f"opening_{kind}_households"]
        return (
            book.count(f"{key}.{kind}_opening", opening, "hộ", here),
            book.count(f"{key}.{kind}", closing, "hộ", here),
            _difference(book, f"{key}.{kind}_change", closing, opening, here),
            book.ratio(f"{key}.{kind}_rate", closing, row["households"],
                       forms.get(f"{kind}_households", PLAIN_RATE), here),
        )  # fmt: skip

    poor_opening, poor, poor_change, poor_rate = stock("poor")
    near_opening, near, near_change, near_rate = stock("near_poor")
    area = names.get(code) or AreaName(code, row["area_name"], row["area_name"], level, None, row["area_sort"])
    return PovertyRow(
        area=area, level=level, households=book.count(f"{key}.households", row["households"], "hộ", here),
        poor_opening=poor_opening, poor_less=moved("poor", -1), poor_more=moved("poor", 1), poor=poor,
        poor_change=poor_change, poor_rate=poor_rate, near_opening=near_opening,
        near_less=moved("near_poor", -1), near_more=moved("near_poor", 1), near=near, near_change=near_change,
        near_rate=near_rate,
        coverage=book.part(f"{key}.coverage", row["areas_reported"], row["areas_expected"], origin=here),
    )  # fmt: skip


def _difference(book: FactBook, key: str, now: object, before: object, here: Origin) -> Fact | None:
    """'giảm 1.444 hộ': the net change of a count."""
    top, base = exact(now), exact(before)
    if top is None or base is None:
        return None
    size = book.count(f"{key}_size", abs(top - base), "hộ", here)
    word = "không đổi" if size.is_zero else f"{'tăng' if top > base else 'giảm'} {size}"
    bare = "0" if size.is_zero else f"{'+' if top > base else '-'}{size.number}"
    return book.words(key, word, bare, "hộ", top - base, here)


def _city_flows(flows: list[Row], kind: str, book: FactBook) -> tuple[Flow, ...]:
    return tuple(
        Flow(row["flow_print"], row["sign"],
             book.count(f"flow.{kind}.{row['flow']}.households", row["households"], "hộ", Origin(area=TOP_AREA)),
             book.count(f"flow.{kind}.{row['flow']}.persons", row["persons"], "khẩu", Origin(area=TOP_AREA)))
        for row in flows if row["area_code"] == "city" and row["class"] == kind
    )  # fmt: skip


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
            one, book.part(f"compare.{one.code}.below", len(below), len(held), "đơn vị", Origin(one.code, TOP_AREA)),
            tuple((names[row["area_code"]], facts[one.code, row["area_code"]]) for row in below[:WORST_SHOWN]),
        ))  # fmt: skip
    made_areas = []
    for code in codes:
        own = [(one, by_place.get((one.code, code))) for one in compared]
        judged = [(one, row) for one, row in own if row is not None and row["is_below_city"] is not None]
        worse = tuple(one.short_name for one, row in judged if row["is_below_city"])
        made_areas.append(ComparedArea(
            names[code],
            book.part(f"compare.area.{code}.below", len(worse), len(judged), "chỉ tiêu", Origin(area=code)),
            worse,
            tuple((facts[one.code, code], bool(row["is_below_city"])) if row else None for one, row in own),
        ))  # fmt: skip
    ranked = sorted(made_areas, key=lambda area: (-(area.below.value or 0), area.area.sort))
    return Comparison(
        book.count("compare.indicators", len(compared), "chỉ tiêu"), tuple(made_indicators), tuple(made_areas),
        tuple(one for one in ranked[:MOST_SHOWN] if not one.below.is_zero),
    )  # fmt: skip
