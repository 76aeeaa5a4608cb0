"""What can be traced: indicators, measures of the forms, flows, poverty rates, counts of areas without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import duckdb

from pipeline.errors import UsageError
from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter

Row = dict[str, Any]
SUMMARY = "status_summary"


class Records:
    """The warehouse as a trace sees it: one quarter, its reference tables read once, in their order."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> None:
        self._connection = connection
        self.quarter = quarter

    def of_quarter(self, query: str, *parameters: Any) -> list[Row]:
        """The rows of a query whose first parameter is the quarter."""
        return self._select(query, str(self.quarter), *parameters)

    def _select(self, query: str, *parameters: Any) -> list[Row]:
        result = self._connection.execute(query, list(parameters))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    @cached_property
    def raw_tables(self) -> frozenset[str]:
        rows = self._select("select table_name from information_schema.tables where table_schema = 'raw'")
        return frozenset(f"raw.{row['table_name']}" for row in rows)

    @cached_property
    def measures(self) -> dict[str, Row]:
        return {row["code"]: row for row in self._select("select * from raw.measures order by code")}

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The measures of the forms that a derived measure is the sum of."""
        found: dict[str, list[str]] = {}
        for row in self._select("select * from raw.measure_parts order by measure_code, part_code"):
            found.setdefault(row["measure_code"], []).append(row["part_code"])
        return found

    @cached_property
    def indicators(self) -> dict[str, Row]:
        rows = self.of_quarter("select * from staging.indicators where quarter = ? order by sort, indicator_code")
        return {row["indicator_code"]: row for row in rows}

    @cached_property
    def areas(self) -> dict[str, Row]:
        rows = self.of_quarter("select * from staging.areas where quarter = ? order by area_sort, area_code")
        return {row["area_code"]: row for row in rows}

    @cached_property
    def communes(self) -> dict[str, list[str]]:
        """Codes of the communes of each district."""
        found: dict[str, list[str]] = {}
        for code, row in self.areas.items():
            if row["area_level"] == "commune":
                found.setdefault(row["district_code"], []).append(code)
        return found

    @cached_property
    def reporter_names(self) -> dict[str, str]:
        rows = self.of_quarter("select * from staging.expected_reporters where quarter = ?")
        return {row["reporter"]: row["reporter_name"] for row in rows}

    @cached_property
    def movements(self) -> list[Row]:
        return self._select("select * from staging.poverty_movements order by sort")

    @cached_property
    def replaced_forms(self) -> list[Row]:
        """Accepted forms of older receipts, each with the receipt that replaced it."""
        return self.of_quarter("""
            select distinct
                older.reporter, older.form, older.month, older.sha256,
                receipts.seq, receipts.file, receipts.received_on, current.seq as replaced_by
            from raw.forms as older
            inner join staging.forms_in_force as current
                on older.quarter = current.quarter and older.reporter = current.reporter
                and older.form = current.form and older.month = current.month and older.sha256 <> current.sha256
            inner join raw.receipts as receipts
                on older.quarter = receipts.quarter and older.sha256 = receipts.sha256 and receipts.seq < current.seq
            where older.quarter = ? and older.is_accepted
            order by receipts.seq, older.form
        """)


@dataclass(frozen=True)
class Subject:
    """A sum of measures over areas, or a quotient of two such sums taken over the areas that have both.

    Figures are paired at `level` (commune, district or city). kind flow: each measure is summed on its own,
    those in `subtracted` with a minus. kind zeros: how many districts, complete ones, sum to nothing.
    """

    kind: Literal["indicator", "measure", "flow", "rate", "zeros"]
    code: str
    name: str
    unit: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    scale: int = 1
    level: str = "district"
    decimals: int = 4
    min_significant: int | None = None
    is_rural_only: bool = False
    subtracted: frozenset[str] = frozenset()

    @property
    def measures(self) -> tuple[str, ...]:
        return self.numerator + self.denominator

    def part(self, role: str) -> tuple[str, ...]:
        return self.numerator if role == "numerator" else self.denominator


# figures of marts.poverty_rates and marts.areas_without that are no measure of a form
_POOR, _NEAR = "poor", "near_poor"
_RATES = {
    "poverty_rate": ("Tỷ lệ hộ nghèo", "{}_households", (_POOR,), "households"),
    "near_poverty_rate": ("Tỷ lệ hộ cận nghèo", "{}_households", (_NEAR,), "households"),
    "multidimensional_poverty_rate": ("Tỷ lệ nghèo đa chiều", "{}_households", (_POOR, _NEAR), "households"),
    "poverty_person_rate": ("Tỷ lệ nhân khẩu nghèo", "{}_persons", (_POOR,), "persons"),
    "near_poverty_person_rate": ("Tỷ lệ nhân khẩu cận nghèo", "{}_persons", (_NEAR,), "persons"),
    "multidimensional_poverty_person_rate": (
        "Tỷ lệ nhân khẩu nghèo đa chiều", "{}_persons", (_POOR, _NEAR), "persons",
    ),
    "minority_poverty_rate": (
        "Tỷ lệ hộ nghèo dân tộc thiểu số", "minority_{}_households", (_POOR,), "minority_households",
    ),
    "minority_near_poverty_rate": (
        "Tỷ lệ hộ cận nghèo dân tộc thiểu số", "minority_{}_households", (_NEAR,), "minority_households",
    ),
}  # fmt: skip
_ZEROS = {
    "areas_without_poor": ("Số địa bàn không còn hộ nghèo", "poor_households"),
    "areas_without_near_poor": ("Số địa bàn không còn hộ cận nghèo", "near_poor_households"),
}


def find_subject(records: Records, text: str) -> Subject:
    """The subject called `text`, in any case of letters: an indicator's code goes before a measure's.

    A flow of marts.poverty_flows stands for its households. UsageError lists what exists.
    """
    made = {subject.code: subject for subject in (*_rates(records), *_zeros(records))}
    known = {**dict.fromkeys(records.measures), **_flows(records), **made}
    known |= {code: _indicator(row) for code, row in records.indicators.items()}
    by_fold = {code.casefold(): code for code in known}
    code = by_fold.get(text.casefold()) or by_fold.get(f"{text}_households".casefold())
    if code is None:
        raise UsageError(
            f"Không có chỉ tiêu hay số liệu '{text}' trong {records.quarter.title}. "
            f"Mã chỉ tiêu: {', '.join(records.indicators)}. Ngoài ra: {', '.join([*made, SUMMARY])}, "
            "mã số liệu trong measures.csv và mã biến động hộ nghèo, ví dụ poor_returned."
        )
    return known[code] or _measure(records, code)


def _measure(records: Records, code: str) -> Subject:
    row = records.measures[code]
    return Subject("measure", code, row["name_vi"], row["unit"], (code,), level=row["level"])


def _rates(records: Records) -> Iterator[Subject]:
    for code, (name, pattern, stems, whole) in _RATES.items():
        numerator = tuple(pattern.format(stem) for stem in stems)
        if {*numerator, whole} <= set(records.measures):
            yield Subject("rate", code, name, "%", numerator, (whole,), 100, "commune", 2, min_significant=2)


def _zeros(records: Records) -> Iterator[Subject]:
    for code, (name, measure) in _ZEROS.items():
        if measure in records.measures:
            yield Subject("zeros", code, name, "", (measure,), level="district", decimals=0)


def _flows(records: Records) -> dict[str, Subject]:
    """Gross and net movements: sums of the changes of a class, which are no measure of a form."""
    found = {}
    for row in records.movements:
        if row["role"] in ("gross_decrease", "gross_increase", "net"):
            changes = [
                one for one in records.movements
                if one["class"] == row["class"] and one["role"] == "change"
                and (row["role"] == "net" or (one["sign"] < 0) == (row["role"] == "gross_decrease"))
            ]  # fmt: skip
            for unit in ("households", "persons"):
                parts = tuple(f"{one['flow']}_{unit}" for one in changes)
                if parts and set(parts) <= set(records.measures):
                    minus = frozenset(
                        f"{one['flow']}_{unit}" for one in changes if row["role"] == "net" and one["sign"] < 0
                    )
                    found[f"{row['flow']}_{unit}"] = Subject(
                        "flow", f"{row['flow']}_{unit}", row["flow_print"], records.measures[parts[0]]["unit"], parts,
                        level=records.measures[parts[0]]["level"], subtracted=minus,
                    )  # fmt: skip
    return found


def _indicator(row: Row) -> Subject:
    return Subject(
        kind="indicator", code=row["indicator_code"], name=row["name_vi"], unit=row["unit"],
        numerator=(row["numerator"],), denominator=(row["denominator"],) if row["denominator"] else (),
        scale=row["scale"] or 1, level=row["pair_level"], decimals=row["decimals"],
        min_significant=row["min_significant"], is_rural_only=row["applies_to"] == "rural_areas",
    )  # fmt: skip


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


def find_place(records: Records, subject: Subject, code: str) -> Place:
    """The units of `subject` inside an area; UsageError where there is no such area, or no such figure of it."""
    areas = records.areas
    districts = [row for row in areas.values() if row["area_level"] == "district"]
    zone = _zone(records, subject, code)
    if code not in areas and zone is None:
        listing = ", ".join(f"{row['area_code']} {row['area_name']}" for row in districts)
        raise UsageError(
            f"Không có địa bàn '{code}' trong {records.quarter.title}. Các địa bàn: {TOP_AREA}, {listing}."
        )
    here = areas.get(code) or zone
    assert here is not None

    def district_of(unit: Row) -> Row:
        return areas.get(unit["district_code"], unit)

    def lies_here(unit: Row) -> bool:
        if zone is not None:
            place = district_of(unit) if code.endswith("_districts") else unit
            return bool(place["is_urban"]) is code.startswith("urban_")
        return here["area_level"] == "city" or code in (unit["area_code"], unit["district_code"])

    units = [row for row in areas.values() if row["area_level"] == subject.level and lies_here(row)]
    units.sort(key=lambda row: (district_of(row)["area_sort"], row["area_sort"], row["area_code"]))
    is_too_fine = here["area_level"] == "commune" and subject.level != "commune"
    if is_too_fine or (subject.level == "city" and code != TOP_AREA) or (subject.kind == "zeros" and code != TOP_AREA):
        raise UsageError(
            f"{subject.name} ({subject.code}) không có số riêng của {here['area_full_name']}; "
            f"đề nghị hỏi {'--area ' + TOP_AREA if not is_too_fine else 'cấp trên của địa bàn này'}."
        )
    spared = [row for row in units if subject.is_rural_only and bool(district_of(row)["is_urban"])]
    return Place(
        code,
        here["area_full_name"],
        here["area_level"],
        tuple(row for row in units if row not in spared),
        tuple(spared),
    )


def _zone(records: Records, subject: Subject, code: str) -> Row | None:
    """A zone of marts.poverty_rates (urban_communes, ...), where the figure is one of that mart."""
    if subject.kind != "rate":
        return None
    rows = records.of_quarter(
        "select area_code, area_full_name, area_level from marts.poverty_rates"
        " where quarter = ? and area_code = ? and area_level = 'zone'",
        code,
    )
    return rows[0] if rows else None
