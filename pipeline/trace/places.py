"""Where a figure is of: the city, a zone, a district, a commune, and the areas that are summed for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.programme import TOP_AREA
from pipeline.trace.records import Records, Row
from pipeline.trace.subjects import OPENINGS, Subject

# columns of marts.poverty_rates that are a measure's sum but do not have its name
POVERTY_COLUMNS = {opening: f"opening_{closing}" for closing, opening in OPENINGS.items()}
# the measures whose sums over a zone the mart holds
_COUNTS = {
    "households", "persons", "minority_households", *POVERTY_COLUMNS,
    *(f"{stem}_{unit}" for stem in ("poor", "near_poor") for unit in ("households", "persons")),
    *(f"minority_{stem}_households" for stem in ("poor", "near_poor")),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The area a figure is of, and the areas whose figures are summed for it, in their order."""

    code: str
    name: str
    level: str  # city | zone | district | commune
    units: tuple[Row, ...]  # rows of staging.areas
    not_applicable: tuple[Row, ...]  # units to which the indicator does not apply

    @property
    def is_city(self) -> bool:
        return self.code == TOP_AREA


def find_place(records: Records, subject: Subject, code: str, only: frozenset[str] | None = None) -> Place:
    """The units of `subject` inside an area; UsageError where there is no such area, or no such figure of it.

    `only` narrows the units to those of some districts.
    """
    here = find_area(records, code)
    is_zone = here["area_level"] == "zone"
    if is_zone and not _has_zones(subject, code):
        raise _without(subject, here, f"--area {TOP_AREA}")

    if here["area_level"] == "commune" and subject.level != "commune":
        raise _without(subject, here, "cấp trên của địa bàn này")
    if not is_zone and code != TOP_AREA and (subject.level == "city" or subject.kind == "zeros"):
        raise _without(subject, here, f"--area {TOP_AREA}")
    units = records.kept(("units", subject.level, code, only), lambda: _units(records, subject.level, here, only))
    held: dict[bool, list[Row]] = {True: [], False: []}
    for row in units:
        held[subject.is_rural_only and bool(_district_of(records, row)["is_urban"])].append(row)
    return Place(code, here["area_full_name"], here["area_level"], tuple(held[False]), tuple(held[True]))


def _units(records: Records, level: str, here: Row, only: Collection[str] | None) -> list[Row]:
    """The areas of a level inside an area or a zone, in their order."""
    code = here["area_code"]

    def lies_here(unit: Row) -> bool:
        if only is not None and unit["district_code"] not in only:
            return False
        if here["area_level"] == "zone":
            place = _district_of(records, unit) if code.endswith("_districts") else unit
            return bool(place["is_urban"]) is code.startswith("urban_")
        return here["area_level"] == "city" or code in (unit["area_code"], unit["district_code"])

    units = [row for row in records.areas.values() if row["area_level"] == level and lies_here(row)]
    return sorted(units, key=lambda row: (_district_of(records, row)["area_sort"], row["area_sort"], row["area_code"]))


def _district_of(records: Records, unit: Row) -> Row:
    return records.areas.get(unit["district_code"], unit)


def find_area(records: Records, code: str) -> Row:
    """The row of an area, or of a zone of marts.poverty_rates; UsageError lists the areas."""
    here = records.areas.get(code) or zones(records).get(code)
    if here is None:
        listing = ", ".join(f"{row['area_code']} {row['area_name']}" for row in records.districts)
        raise UsageError(
            f"Không có địa bàn '{code}' trong {records.quarter.title}. Các địa bàn: {TOP_AREA}, {listing}. "
            + (f"Các khu vực, của số liệu hộ nghèo: {', '.join(zones(records))}." if zones(records) else "")
        )
    return here


def zones(records: Records) -> dict[str, Row]:
    """The zones of the poverty marts (urban_communes, ...), by code."""
    return records.kept(
        "zones",
        lambda: {row["area_code"]: row for row in records.of_quarter(
            "select area_code, area_full_name, area_level from marts.poverty_rates"
            " where quarter = ? and area_level = 'zone' order by area_sort, area_code"
        )},
    )  # fmt: skip


def _has_zones(subject: Subject, code: str) -> bool:
    """Whether the marts hold this figure of zones."""
    if subject.kind == "zeros":
        return code.endswith("_districts")
    return subject.kind in ("rate", "opening_change") or (
        subject.kind == "measure" and _COUNTS.issuperset(subject.measures)
    )


def _without(subject: Subject, here: Row, instead: str) -> UsageError:
    return UsageError(
        f"{subject.name} ({subject.code}) không có số riêng của {here['area_full_name']}; đề nghị hỏi {instead}."
    )
