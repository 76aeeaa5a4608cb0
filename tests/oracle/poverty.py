"""Poverty counts, rates and movements, each place as the list of its communes."""

from __future__ import annotations

from fractions import Fraction

from .reading import BASES, UNIT, Reading, Row

COUNTS = {
    "households": "households",
    "persons": "persons",
    "minority_households": "minority_households",
    "poor_households": "poor_households",
    "poor_persons": "poor_persons",
    "minority_poor_households": "minority_poor_households",
    "near_poor_households": "near_poor_households",
    "near_poor_persons": "near_poor_persons",
    "minority_near_poor_households": "minority_near_poor_households",
    "opening_poor_households": "poor_opening_households",
    "opening_near_poor_households": "near_poor_opening_households",
}
RATES = {
    "poverty_rate": (["poor_households"], "households"),
    "near_poverty_rate": (["near_poor_households"], "households"),
    "multidimensional_poverty_rate": (["poor_households", "near_poor_households"], "households"),
    "poverty_person_rate": (["poor_persons"], "persons"),
    "near_poverty_person_rate": (["near_poor_persons"], "persons"),
    "multidimensional_poverty_person_rate": (["poor_persons", "near_poor_persons"], "persons"),
    "minority_poverty_rate": (["minority_poor_households"], "minority_households"),
    "minority_near_poverty_rate": (["minority_near_poor_households"], "minority_households"),
}
STOCKS = ("households", "poor_households", "near_poor_households")
OUT, IN = "gross_decrease", "gross_increase"
UNITS = ("households", "persons")
MOVEMENTS = {
    "poor": {
        "poor_opening": None,
        "poor_to_near_poor": OUT,
        "poor_above_near_poor": OUT,
        "poor_other_decrease": OUT,
        "poor_from_near_poor": IN,
        "poor_returned": IN,
        "poor_new": IN,
        "poor_other_increase": IN,
        "poor": None,
    },
    "near_poor": {
        "near_poor_opening": None,
        "near_poor_to_poor": OUT,
        "near_poor_above": OUT,
        "near_poor_other_decrease": OUT,
        "near_poor_from_poor": IN,
        "near_poor_returned": IN,
        "near_poor_new": IN,
        "near_poor_other_increase": IN,
        "near_poor": None,
    },
}


def count_of(reading: Reading, quarter: str, measure: str, commune: str) -> int | None:
    figure = reading.figure(quarter, "actual", measure, commune)
    return figure.amount if figure and figure.state == "value" else None


def places(reading: Reading, quarter: str) -> dict[str, tuple[str, list[str]]]:
    """Each place as what it counts its coverage in (district or commune) and its communes; both readings of urban
    and rural: by the class of the commune, and districts as a whole."""
    communes = reading.of_level(quarter, "commune")
    districts = {area["code"]: area for area in reading.of_level(quarter, "district")}
    inside = [area for area in communes if area["parent_code"] in districts]

    def those(condition: bool | None, of_district: bool) -> list[str]:
        return [
            area["code"]
            for area in inside
            if (districts[area["parent_code"]] if of_district else area)["is_urban"] == condition
        ]

    found = {"urban_communes": ("commune", those(True, False)), "rural_communes": ("commune", those(False, False))}
    for is_urban, name in ((True, "urban_districts"), (False, "rural_districts")):
        if any(area["is_urban"] == is_urban for area in districts.values()):
            found[name] = ("district", those(is_urban, True))
    found |= {
        city["code"]: ("district", [area["code"] for area in inside]) for city in reading.of_level(quarter, "city")
    }
    found |= {code: ("commune", reading.communes(quarter, code)) for code in districts}
    return found | {area["code"]: ("commune", [area["code"]]) for area in communes}


def poverty_rates(reading: Reading) -> list[Row]:
    if "poor_households" not in reading.measures:
        return []
    return [
        {"quarter": quarter, "area_code": place, "standard": reading.calendar[quarter]["poverty_standard"] or ""}
        | rates_of(reading, quarter, counted_in, communes)
        for quarter in reading.quarters
        for place, (counted_in, communes) in places(reading, quarter).items()
    ]


def rates_of(reading: Reading, quarter: str, counted_in: str, communes: list[str]) -> Row:
    counts = {
        name: {code: count for code in communes if (count := count_of(reading, quarter, measure, code)) is not None}
        for name, measure in COUNTS.items()
    }
    row: Row = {name: total(list(known.values())) for name, known in counts.items()}
    for rate, (above, below) in RATES.items():
        both = [code for code in counts[below] if all(code in counts[part] for part in above)]
        numerator = total([counts[part][code] for code in both for part in above])
        denominator = total([counts[below][code] for code in both])
        row |= {f"{rate}_numerator": numerator, f"{rate}_denominator": denominator}
        row[rate] = numerator / denominator if numerator is not None and denominator else None
    reporting = [code for code in communes if code in counts["households"] and code in counts["poor_households"]]
    areas = reading.areas(quarter)

    def covered(codes: list[str]) -> int | None:
        """None for a place that has no communes at all."""
        units = {areas[code]["parent_code"] if counted_in == "district" else code for code in codes}
        return len(units) if communes else None

    bases = [
        figure.basis
        for measure in STOCKS
        for code in communes
        if (figure := reading.figure(quarter, "actual", measure, code)) and figure.state == "value"
    ]
    return row | {
        "areas_reported": covered(reporting),
        "areas_expected": covered(communes),
        "basis": BASES[max(bases)] if bases else None,
    }


def total(amounts: list[int]) -> Fraction | None:
    """Ten-thousandths to numbers; nothing reported is no zero."""
    return Fraction(sum(amounts), UNIT) if amounts else None


def poverty_flows(reading: Reading) -> list[Row]:
    rows = []
    for quarter in reading.quarters:
        districts = [area["code"] for area in reading.of_level(quarter, "district")]
        table = {code: flows_of_district(reading, quarter, code) for code in districts}
        for city in reading.of_level(quarter, "city"):
            table[city["code"]] = flows_of_city(list(table.values()))
        for place, flows in table.items():
            summed = flows | summaries(flows)
            rows += [{"quarter": quarter, "area_code": place, "flow": flow} | row for flow, row in summed.items()]
    return rows


def flows_of_district(reading: Reading, quarter: str, district: str) -> dict[str, Row]:
    communes = reading.communes(quarter, district)
    flows: dict[str, Row] = {}
    for movements in MOVEMENTS.values():
        for flow in (flow for flow in movements if f"{flow}_households" in reading.measures):
            written = {
                unit: [count_of(reading, quarter, f"{flow}_{unit}", code) for code in communes] for unit in UNITS
            }
            households, persons = ([count for count in written[unit] if count is not None] for unit in UNITS)
            flows[flow] = {
                "households": total(households),
                "persons": total(persons),
                "areas_reported": len(households),
                "areas_expected": len(communes),
            }
    return flows


def flows_of_city(districts: list[dict[str, Row]]) -> dict[str, Row]:
    flows: dict[str, Row] = {}
    for flow in districts[0] if districts else ():
        rows = [district[flow] for district in districts]
        flows[flow] = {
            "households": sum_of_known([row["households"] for row in rows]),
            "persons": sum_of_known([row["persons"] for row in rows]),
            "areas_reported": sum(row["households"] is not None for row in rows),
            "areas_expected": len(rows),
        }
    return flows


def sum_of_known(numbers: list[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Fraction(0)) if known else None


def summaries(flows: dict[str, Row]) -> dict[str, Row]:
    """Gross and net change of each class: known where every one of its movements is."""
    found: dict[str, Row] = {}
    for name, movements in MOVEMENTS.items():
        ways = {
            way: [flows[flow] for flow in movements if movements[flow] == way and flow in flows] for way in (OUT, IN)
        }
        changes = ways[OUT] + ways[IN]
        if not changes:
            continue
        coverage = {
            "areas_reported": min(row["areas_reported"] for row in changes),
            "areas_expected": max(row["areas_expected"] for row in changes),
        }
        for unit in UNITS:
            is_whole = all(row[unit] is not None for row in changes)
            gone, come = (sum_of_known([row[unit] for row in ways[way]]) if is_whole else None for way in (OUT, IN))
            net = come - gone if gone is not None and come is not None else None
            for summary, number in ((OUT, gone), (IN, come), ("net", net)):
                found.setdefault(f"{name}_{summary}", dict(coverage))[unit] = number
    return found
