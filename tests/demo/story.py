"""What the story of a programme says: its areas and forms, the city totals of each quarter, and fixed facts.

The programme's own tables (areas, measures, indicators, owners) are read from `raw/<programme>/`, the story from the
folder of the same name beside this module. Read with the csv module, so that the reader under test is not trusted.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from pipeline.quarters import Quarter

STORIES = Path(__file__).parent


@dataclass(frozen=True)
class Area:
    """A district or a commune, as in areas.csv."""

    code: str
    name: str
    kind: str
    parent: str
    is_urban: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """A measure of the forms, as in measures.csv."""

    code: str
    name: str
    unit: str
    is_flow: bool
    reporter: str
    form: str
    is_yearly: bool
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """A counted indicator, as in indicators.csv."""

    code: str
    name: str
    group: str
    parts: tuple[str, ...]
    scale: int
    is_yearly: bool
    decimals: int
    min_significant: int
    only_rural: bool


@dataclass(frozen=True)
class Owner:
    """An agency, as in owners.csv."""

    name: str
    short_name: str


@dataclass(frozen=True)
class Total:
    """How a measure is told: its city totals by quarter, and how they are shared out among the districts."""

    measure: str
    part_of: str  # the measure it cannot exceed, or ""
    weight: str  # the column of districts.csv it follows, or ""
    spread: Decimal  # how far districts differ: points of the rate, or per cent of the weight
    urban_points: Decimal  # what urban districts have more, in points of the rate
    by_quarter: dict[Quarter, str]


@dataclass(frozen=True)
class Story:
    """Everything the generator knows of one programme."""

    programme: str
    districts: dict[str, Area]
    communes: dict[str, tuple[Area, ...]]  # by district
    measures: dict[str, Measure]
    indicators: tuple[Indicator, ...]
    owners: dict[str, Owner]
    district_facts: dict[str, dict[str, Decimal]]  # districts.csv
    totals: dict[str, Total]
    residents: dict[Quarter, dict[str, int]]  # poverty.csv: all households of the urban and rural districts
    poverty: dict[Quarter, dict[str, int]]  # poverty.csv from its first row with poor households, the opening
    facts: dict[str, Any]  # story.yml
    forms: dict[str, Any]  # forms.yml

    @property
    def seed(self) -> str:
        return str(self.facts["seed"])

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters whose submissions are written."""
        return tuple(Quarter.parse(text) for text in self.facts["quarters"])

    @property
    def district_form(self) -> str:
        return str(self.forms["workbooks"]["district"])

    @property
    def commune_forms(self) -> tuple[str, ...]:
        """The forms with a row for each commune; none in a programme without them."""
        return tuple(self.forms["workbooks"]["communes"])

    @property
    def agency_form(self) -> str:
        return str(self.forms["workbooks"]["agency"])

    def measures_of(self, form: str) -> list[Measure]:
        return [measure for measure in self.measures.values() if measure.form == form]

    def indicator_parts(self, indicator: Indicator) -> tuple[str, ...]:
        """The measures the form asks for, numerator first."""
        return tuple(self.forms[self.district_form]["parts"].get(indicator.code, indicator.parts))

    def district_indicators(self) -> list[Indicator]:
        """The indicators that stand on the district form, in order of code."""
        form = self.district_form
        found = [i for i in self.indicators if self.measures[self.indicator_parts(i)[0]].form == form]
        return sorted(found, key=lambda indicator: indicator.code)

    def applies(self, indicator: Indicator, district: Area) -> bool:
        """Whether the indicator has a meaning in the district; where it has none the form says "x"."""
        elsewhere = self.facts.get("not_applicable", {}).get(indicator.code, ())
        return not (indicator.only_rural and district.is_urban) and district.code not in elsewhere

    def missing(self, quarter: Quarter) -> list[str]:
        """The reporters that send nothing in a quarter."""
        return list(self.facts["receipts"].get("missing", {}).get(str(quarter), []))

    def remark(self, area: str, quarter: Quarter, form: str, row: str) -> str:
        """What an office writes beside a row, an indicator's or a commune's; of the district form if none is named."""
        for told in self.facts["remarks"]:
            where = (told["area"], Quarter.parse(told["quarter"]), told.get("form", self.district_form), told["row"])
            if where == (area, quarter, form, row):
                return str(told["text"])
        return ""

    def plan(self, subject: str, year: int) -> Decimal | None:
        """The city's plan for an indicator's rate or a measure's count."""
        value = self.facts["plans"].get(year, {}).get(subject)
        return None if value is None else Decimal(str(value))


def load_story(programme_folder: Path) -> Story:
    """Read the story of the programme in `raw/<programme>/`; FileNotFoundError where there is none."""
    folder = STORIES / programme_folder.name
    areas = [_area(row) for row in _rows(programme_folder / "areas.csv") if row["level"] != "city"]
    levels = {row["code"]: row["level"] for row in _rows(programme_folder / "areas.csv")}
    districts = {area.code: area for area in areas if levels[area.code] == "district"}
    counted = [row for row in _rows(programme_folder / "indicators.csv") if row["counted"] == "yes"]
    residents = {
        Quarter.parse(row.pop("quarter")): {name: int(value) for name, value in row.items() if value}
        for row in (_rows(folder / "poverty.csv") if (folder / "poverty.csv").exists() else [])
    }
    return Story(
        programme=programme_folder.name,
        districts=districts,
        communes={code: tuple(a for a in areas if a.parent == code) for code in districts},
        measures={row["code"]: _measure(row) for row in _rows(programme_folder / "measures.csv")},
        # an indicator with several versions stands on the form once
        indicators=tuple({row["code"]: _indicator(row) for row in reversed(counted)}.values())[::-1],
        owners={row["code"]: Owner(row["name"], row["short_name"]) for row in _rows(programme_folder / "owners.csv")},
        district_facts={
            row.pop("code"): {name: Decimal(value) for name, value in row.items()}
            for row in _rows(folder / "districts.csv")
        },
        totals={row["measure"]: _total(row) for row in _rows(folder / "totals.csv")},
        residents=residents,
        poverty={quarter: row for quarter, row in residents.items() if "poor" in row},
        facts=_document(folder / "story.yml"),
        forms=_document(folder / "forms.yml"),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _document(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _area(row: dict[str, str]) -> Area:
    return Area(
        row["code"], row["name"], row["kind"], row["parent_code"], row["urban"] == "yes", _listed(row["aliases"])
    )


def _measure(row: dict[str, str]) -> Measure:
    return Measure(
        row["code"],
        row["name_vi"],
        row["unit"],
        row["period_kind"] == "flow",
        row["reporter"],
        row["form"],
        row["frequency"] == "yearly",
        _listed(row["labels"]),
    )


def _indicator(row: dict[str, str]) -> Indicator:
    return Indicator(
        row["code"],
        row["name_vi"],
        row["group_name"],
        tuple(code for code in (row["numerator"], row["denominator"]) if code),
        int(row["scale"]),
        row["frequency"] == "yearly",
        int(row["decimals"]),
        int(row["min_significant"] or 0),
        row["applies_to"] == "rural_areas",
    )


def _total(row: dict[str, str]) -> Total:
    named = {"measure", "part_of", "weight", "spread", "urban_points"}
    quarters = {Quarter.parse(name): value for name, value in row.items() if name not in named and value}
    return Total(
        row["measure"],
        row["part_of"],
        row["weight"],
        Decimal(row["spread"] or 0),
        Decimal(row["urban_points"] or 0),
        quarters,
    )
