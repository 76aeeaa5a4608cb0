"""What the briefing says of poverty: stocks, rates, movements, areas without, and who made the change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from pipeline.briefing.facts.areas import AreaName, leading
from pipeline.briefing.facts.figure import PERCENT, Fact, FactBook, Form, Origin, counted_as, exact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.vietnamese import number

CONTRIBUTORS_SHOWN = 5
PLAIN_RATE = Form("%", 100, 2, 2)  # of a rate that is no indicator of the programme


@dataclass(frozen=True)
class Stock:
    """The poor or the near-poor of one area; less, more and change are households since the start of the year."""

    opening: Fact
    less: Fact
    more: Fact
    households: Fact
    change: Fact | None
    rate: Fact
    persons: Fact
    person_rate: Fact
    minority_households: Fact
    minority_rate: Fact


@dataclass(frozen=True)
class PovertyRow:
    """One area's poor and near-poor; level is city, zone or district."""

    area: AreaName
    level: str
    households: Fact
    persons: Fact
    minority_households: Fact
    poor: Stock
    near: Stock
    multidimensional_rate: Fact
    coverage: Fact

    @property
    def is_by_commune(self) -> bool:
        """Whether a zone sums communes by their class, or districts as a whole."""
        return self.area.code.endswith("_communes")


@dataclass(frozen=True)
class Flow:
    """One movement of the whole city; sign is -1, 0 or 1."""

    printed: str
    sign: int
    households: Fact
    persons: Fact


@dataclass(frozen=True)
class FlowLine:
    """A movement of the poor beside the like one of the near-poor."""

    printed: str
    sign: int
    poor: Flow | None
    near: Flow | None


@dataclass(frozen=True)
class Without:
    """The districts that report no household of a kind; urban is None where no district is urban."""

    count: Fact
    areas: tuple[AreaName, ...]
    urban: Fact | None


@dataclass(frozen=True)
class Contribution:
    """What one district adds to the city's change: 'giảm 243 hộ' and its share of that change."""

    area: AreaName
    change: Fact
    share: Fact


@dataclass(frozen=True)
class Poverty:
    """Poverty of the quarter; the counts of areas without are of all areas, reported or not."""

    city: PovertyRow
    zones: tuple[PovertyRow, ...]
    districts: tuple[PovertyRow, ...]
    without_poor: Without
    without_near: Without
    flows: tuple[FlowLine, ...]
    contributions: tuple[Contribution, ...]  # the largest with the direction of the city's change
    against: tuple[Contribution, ...]  # the largest against it
    is_partial: bool

    @property
    def has_moved(self) -> bool:
        moves = [flow for line in self.flows if line.sign for flow in (line.poor, line.near) if flow]
        return any(not flow.households.is_zero or not flow.persons.is_zero for flow in moves)


def poverty_facts(marts: Marts, book: FactBook, names: dict[str, AreaName], urban_term: str) -> Poverty | None:
    """Poor and near-poor households by area; None where nothing of them was reported."""
    rows = marts.select(
        "select rates.* from marts.poverty_rates as rates"
        " join raw.quarters as quarters on rates.quarter = quarters.quarter"
        " where rates.quarter = ? and rates.area_level <> 'commune'"
        " and (quarters.poverty_standard is null or rates.standard = quarters.poverty_standard)"
        " order by rates.area_sort, rates.area_code",
        book.quarter,
    )  # fmt: skip
    flows = marts.of_quarter("marts.poverty_flows", "sort, area_code")
    forms = _rate_forms(marts)
    made = [_poverty_row(row, book, names, flows, forms) for row in rows]
    city = next((row for row in made if row.level == "city"), None)
    if city is None or not city.poor.households.is_known:
        return None
    districts = tuple(row for row in made if row.level == "district")
    contributions, against = _contributions(marts, book, names)
    return Poverty(
        city=city, zones=tuple(row for row in made if row.level == "zone"), districts=districts,
        without_poor=_without(marts, book, "poor", districts, urban_term, names),
        without_near=_without(marts, book, "near_poor", districts, urban_term, names),
        flows=_city_flows(flows, book), contributions=contributions, against=against,
        is_partial=any(not row.poor.households.is_known for row in districts),
    )  # fmt: skip


def _rate_forms(marts: Marts) -> dict[str, Form]:
    """How each poverty rate is printed, taken from the indicator that has the measure as numerator."""
    found: dict[str, Form] = {}
    for row in marts.of_quarter("staging.indicators", "sort"):
        if row["denominator"] is not None:
            found.setdefault(row["numerator"], Form("%", 100, row["decimals"], row["min_significant"]))
    return found


def _poverty_row(
    row: Row, book: FactBook, names: dict[str, AreaName], flows: list[Row], forms: dict[str, Form]
) -> PovertyRow:
    code, level = row["area_code"], row["area_level"]
    key = f"poverty.{code}"
    own_flows = {one["flow"]: one["households"] for one in flows if one["area_code"] == code}

    def here(subject: str) -> Origin:
        coverage = f"{row['areas_reported']}/{row['areas_expected']}"
        return Origin(None, code, row["basis"] or "", coverage, subject)

    def rate(name: str, column: str, form: Form) -> Fact:
        part, whole = row[f"{column}_numerator"], row[f"{column}_denominator"]
        state = "missing" if whole is None else "value"  # a ratio of nothing would be the part itself
        return book.ratio(f"{key}.{name}", part, whole, form, here(column), state=state)

    def count(name: str, column: str, unit: str) -> Fact:
        return book.count(f"{key}.{name}", row[column], unit, here(column))

    def moved(name: str, flow: str) -> Fact:
        # zones have no movements
        return book.count(f"{key}.{name}", own_flows.get(flow), "hộ", here("" if level == "zone" else flow))

    def stock(kind: str, rates: str) -> Stock:
        closing, opening = row[f"{kind}_households"], row[f"opening_{kind}_households"]
        return Stock(
            opening=book.count(f"{key}.{kind}_opening", opening, "hộ", here(f"{kind}_opening_households")),
            less=moved(f"{kind}_less", f"{kind}_gross_decrease"),
            more=moved(f"{kind}_more", f"{kind}_gross_increase"),
            households=count(kind, f"{kind}_households", "hộ"),
            change=_difference(
                book, f"{key}.{kind}_change", closing, opening, here(f"{kind}_households.opening_change")
            ),
            rate=rate(f"{kind}_rate", f"{rates}_rate", forms.get(f"{kind}_households", PLAIN_RATE)),
            persons=count(f"{kind}_persons", f"{kind}_persons", "khẩu"),
            person_rate=rate(f"{kind}_person_rate", f"{rates}_person_rate", PLAIN_RATE),
            minority_households=count(f"{kind}_minority", f"minority_{kind}_households", "hộ"),
            minority_rate=rate(f"{kind}_minority_rate", f"minority_{rates}_rate", PLAIN_RATE),
        )

    area = names.get(code) or AreaName(code, row["area_name"], row["area_name"], level, None, row["area_sort"])
    return PovertyRow(
        area=area, level=level, households=count("households", "households", "hộ"),
        persons=count("persons", "persons", "khẩu"),
        minority_households=count("minority_households", "minority_households", "hộ"),
        poor=stock("poor", "poverty"), near=stock("near_poor", "near_poverty"),
        # never below the rate of the near-poor, beside which it stands
        multidimensional_rate=rate(
            "multidimensional_rate", "multidimensional_poverty_rate", forms.get("near_poor_households", PLAIN_RATE)
        ),
        coverage=book.part(
            f"{key}.coverage", row["areas_reported"], row["areas_expected"], origin=here("poverty_coverage")
        ),
    )  # fmt: skip


def _difference(book: FactBook, key: str, now: object, before: object, here: Origin) -> Fact | None:
    """'giảm 1.444 hộ': the net change of a count."""
    top, base = exact(now), exact(before)
    if top is None or base is None:
        return None
    size = number(abs(top - base))
    word = "không đổi" if top == base else f"{'tăng' if top > base else 'giảm'} {size} hộ"
    bare = "0" if top == base else f"{'+' if top > base else '-'}{size}"
    return book.words(key, word, bare, "hộ", top - base, here)


def _without(
    marts: Marts, book: FactBook, kind: str, districts: tuple[PovertyRow, ...], urban_term: str,
    names: dict[str, AreaName],
) -> Without:  # fmt: skip
    rows = [row for row in marts.of_quarter("marts.areas_without", "area_sort, area_code") if row["kind"] == kind]
    areas = tuple(names[row["area_code"]] for row in rows)
    urban = sum(bool(row.area.is_urban) for row in districts)
    key = f"areas_without_{kind}"
    return Without(
        count=book.part(f"poverty.{key}", len(areas), len(districts), origin=counted_as(key)), areas=areas,
        urban=book.part(
            f"poverty.urban_{key}", sum(bool(area.is_urban) for area in areas), urban, urban_term,
            counted_as(key, "urban_districts"),
        ) if urban else None,
    )  # fmt: skip


def _city_flows(flows: list[Row], book: FactBook) -> tuple[FlowLine, ...]:
    """Openings, movements and closings; those of the poor and of the near-poor paired by role and direction."""
    held: dict[str, dict[tuple[str, int], list[Flow]]] = {"poor": {}, "near_poor": {}}
    for row in flows:
        if row["area_code"] == TOP_AREA and row["role"] in ("opening", "change", "closing"):
            key = f"flow.{row['class']}.{row['flow']}"
            households, persons = (
                book.count(f"{key}.{what}", row[what], unit, counted_as(f"{row['flow']}_{what}"))
                for what, unit in (("households", "hộ"), ("persons", "khẩu"))
            )
            flow = Flow(row["flow_print"], row["sign"], households, persons)
            held[row["class"]].setdefault((row["role"], row["sign"]), []).append(flow)
    lines = []
    for kind in dict.fromkeys([*held["poor"], *held["near_poor"]]):
        for poor, near in zip_longest(held["poor"].get(kind, ()), held["near_poor"].get(kind, ())):
            printed = dict.fromkeys(one.printed for one in (poor, near) if one)
            lines.append(FlowLine(" / ".join(printed), kind[1], poor, near))
    return tuple(lines)


def _contributions(
    marts: Marts, book: FactBook, names: dict[str, AreaName]
) -> tuple[tuple[Contribution, ...], tuple[Contribution, ...]]:
    """The districts that changed most, with the city and against it; none where the city did not change."""
    rows = [row for row in marts.of_quarter("marts.poverty_contributions", "area_sort, area_code") if row["change"]]
    rows.sort(key=lambda row: (-abs(row["change"]), row["area_sort"]))
    whole = exact(rows[0]["city_change"]) if rows else None
    if not whole:
        return (), ()

    def shown(is_with: bool) -> tuple[Contribution, ...]:
        same_way = [row for row in rows if (row["change"] * whole > 0) == is_with]
        chosen = leading(same_way, lambda row: row["change"], CONTRIBUTORS_SHOWN)
        made = []
        for row in chosen:
            key, subject = f"poverty.{row['area_code']}.contribution", "poor_households.contribution"
            change = _difference(book, key, row["change"], Decimal(0), counted_as(subject, row["area_code"]))
            assert change is not None
            share = book.ratio(
                f"{key}_share", row["change"], whole, Form(PERCENT.unit, PERCENT.scale, 1),
                counted_as(f"{subject}_share", row["area_code"]),
            )  # fmt: skip
            made.append(Contribution(names[row["area_code"]], change, share))
        return tuple(made)

    return shown(True), shown(False)
