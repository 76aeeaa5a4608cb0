"""Random figures that agree with each other, as an office without mistakes would report them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from pipeline.programme import Measure, Programme
from pipeline.quarters import Quarter
from tests.forms.clerk import Entry, Place

DECREASES = {"poor": ("to_near_poor", "above_near_poor", "other_decrease"),
             "near_poor": ("to_poor", "above", "other_decrease")}  # fmt: skip
INCREASES = {"poor": ("from_near_poor", "returned", "new", "other_increase"),
             "near_poor": ("from_poor", "returned", "new", "other_increase")}  # fmt: skip
Truth = dict[tuple[str, str, str], Decimal | str]  # (measure, area, series) -> figure, or "x"


def random_figures(programme: Programme, quarter: Quarter, places: Sequence[Place], random: Random) -> Truth:
    """A figure for every place; given figures stay, some rows do not apply (x)."""
    measures = {place.measure.code: place.measure for place in places}
    truth: Truth = {}
    for area in dict.fromkeys(place.area for place in places if place.measure.level == "commune"):
        given = {place.measure.code: int(place.given) for place in places
                 if place.area == area and isinstance(place.given, (int, float))}  # fmt: skip
        for code, value in _commune(given, random).items():
            truth[code, area, "actual"] = Decimal(value)
    pairs = {one.numerator: one.denominator for one in programme.indicators if one.denominator}
    skipped = set(random.sample(sorted(measures), len(measures) // 8))
    for place in places:
        if place.measure.level == "commune":
            truth.setdefault((place.measure.code, place.area, "actual"), Decimal(random.randrange(500)))
    # wholes before their parts, cumulative figures before those of the quarter
    order = {"actual": 0, "in_period": 1, "last_year": 2, "plan": 3}
    rest = [place for place in places if place.measure.level != "commune"]
    for place in sorted(rest, key=lambda place: (place.measure.code in pairs, order[place.series])):
        key = (place.measure.code, place.area, place.series)
        whole = truth.get((pairs.get(place.measure.code) or "", *key[1:]))
        of_communes = _sum_of_communes(truth, place)
        if of_communes is not None and place.series == "actual":
            truth[key] = of_communes
        elif place.given == "x" or (place.measure.code in skipped and place.measure.unit != "có/không"):
            truth[key] = "x"
        elif place.given is not None:
            truth[key] = Decimal(str({"Có": 1, "Không": 0}.get(place.given, place.given)))
        elif place.series == "in_period":
            actual = truth[place.measure.code, place.area, "actual"]
            is_first = quarter.number == 1
            truth[key] = actual if is_first or actual == "x" else Decimal(random.randrange(int(actual) + 1))
        else:
            truth[key] = _within(place.measure, whole if isinstance(whole, Decimal) else None, random)
    return truth


def typed(measure: Measure, figure: Decimal | str, random: Random) -> Entry:
    """How a person types a figure into its cell."""
    if isinstance(figure, str):
        return random.choice(["x", "X"])
    if measure.unit == "có/không":
        return "Có" if figure else "Không"
    return int(figure) if measure.decimals == 0 else float(figure)


def _sum_of_communes(truth: Truth, place: Place) -> Decimal | None:
    """What a district declares on one form is the sum of what its communes say on another."""
    code = place.measure.code.removeprefix("declared_")
    parts = [value for (measure, area, _), value in truth.items() if measure == code and area != place.area]
    if code == place.measure.code or not parts:
        return None
    return sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))


def _within(measure: Measure, whole: Decimal | None, random: Random) -> Decimal:
    highest = min(bound for bound in (measure.upper, whole, Decimal(200_000)) if bound is not None)
    return Decimal(random.randrange(int(highest) * 10**measure.decimals + 1)).scaleb(-measure.decimals)


def _commune(given: dict[str, int], random: Random) -> dict[str, int]:
    """Every poverty figure of one commune: conserved, bounded, the same on every form."""
    households = random.randrange(500, 3000)
    found = {"households": households, "persons": 3 * households, "minority_households": households // 20}
    flows = {f"{kind}_{flow}": random.randrange(5) for kind in INCREASES for flow in INCREASES[kind]}
    opening: dict[str, int] = {}
    for kind in DECREASES:
        opening[kind] = given.get(f"{kind}_opening_households", random.randrange(20, 60))
        flows |= {f"{kind}_{flow}": random.randrange(opening[kind] // 4 + 1) for flow in DECREASES[kind]}
    # who leaves one class enters the other
    flows["near_poor_from_poor"] = flows["poor_to_near_poor"]
    flows["poor_from_near_poor"] = flows["near_poor_to_poor"]
    for kind in DECREASES:
        change = sum(flows[f"{kind}_{flow}"] for flow in INCREASES[kind])
        change -= sum(flows[f"{kind}_{flow}"] for flow in DECREASES[kind])
        persons = given.get(f"{kind}_opening_persons", 2 * opening[kind])
        found |= {f"{kind}_opening_households": opening[kind], f"{kind}_opening_persons": persons}
        for stock in (kind, f"review_{kind}"):  # everybody who moves lives alone
            found |= {f"{stock}_households": opening[kind] + change, f"{stock}_persons": persons + change}
        found[f"minority_{kind}_households"] = (opening[kind] + change) // 20
    for flow, value in flows.items():
        found |= {f"{flow}_households": value, f"{flow}_persons": value}
    return found
