"""One figure with all that stands behind it, and the same figure made again from its cells."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipeline.models.sql_files import SQL_FOLDER, SqlFiles, read_sql_files
from pipeline.quarters import Quarter
from pipeline.trace.observations import Cell, LeftOut, Observations, Superseded
from pipeline.trace.subjects import Place, Records, Row, Subject, find_place, find_subject
from pipeline.vietnamese import exact_ratio, ratio_text, unit_text

OBSERVATIONS = "raw.observations"
_BASES = {1: "published", 2: "reported", 3: "illustrative"}
_QUALIFIERS = {2: "khoảng ", 1: "ước "}
# on the way to a mart, but not of its figure: the mark of what was revised; for a district, the city's sums
_ASIDE = frozenset({"intermediate.revised_figures"})
_CITY_ONLY = frozenset({"intermediate.city_indicators"})
_STATES = {"missing": "chưa có số liệu", "not_applicable": "không áp dụng"}


@dataclass(frozen=True)
class Goal:
    """A year plan or a target of the term, and what was completed of it.

    `measure` names another measure the goal is judged on; the completion is numerator * 100 / denominator.
    """

    year: int
    op: str
    value: Decimal | None
    high: Decimal | None
    unit: str
    measure: str | None
    measure_name: str | None
    document: str
    judged: Decimal | None
    completion_numerator: Decimal | None
    completion_denominator: Decimal | None
    completion_decimals: int

    @property
    def completion(self) -> str | None:
        """'133,9%'; None where a completion has no meaning."""
        if self.completion_numerator is None or not self.completion_denominator:
            return None
        text = ratio_text(self.completion_numerator, self.completion_denominator, 100, self.completion_decimals)
        return unit_text(text, "%")


@dataclass(frozen=True)
class Assessment:
    """The computed status and the recorded one, in print; `document` is the record's."""

    status: str
    computed: str
    recorded: str | None
    document: str | None
    recorded_on: date | None
    reason: str | None


@dataclass(frozen=True)
class Trace:
    """A figure of a mart: numerator, denominator and state are the mart's, the cells those it rests on.

    coverage is 'k/n' of the areas, units_used of units_expected that of the areas whose figures are paired.
    """

    subject: Subject
    place: Place
    quarter: Quarter
    state: str
    numerator: Decimal | None
    denominator: Decimal | None
    coverage: str
    measures: dict[str, Row]  # raw.measures by code
    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]
    units_used: int
    superseded: tuple[Superseded, ...]
    models: tuple[str, ...]  # sql files, in the order in which they are built
    assessment: Assessment | None
    plan: Goal | None
    target: Goal | None

    @property
    def value(self) -> Decimal | None:
        """In the subject's unit, to 50 digits; a count of areas is the count itself."""
        if self.state != "value" or self.numerator is None or self.denominator == 0:
            return None
        if self.subject.kind == "zeros":
            return self.numerator
        return exact_ratio(self.numerator, self.denominator, self.subject.scale)

    @property
    def printed(self) -> str:
        """As the briefing prints it: '0,03%', 'khoảng 85%', '18/30', 'chưa có số liệu'."""
        if self.value is None or self.numerator is None:
            return _STATES["not_applicable" if self.state == "not_applicable" else "missing"]
        if self.subject.kind == "zeros":
            return f"{self.numerator:f}/{self.denominator:f}"
        subject = self.subject
        text = ratio_text(self.numerator, self.denominator, subject.scale, subject.decimals, subject.min_significant)
        qualifier = _QUALIFIERS.get(max((cell.estimate_rank for cell in self.cells), default=0), "")
        return unit_text(qualifier + text, subject.unit)

    @property
    def basis(self) -> str | None:
        """The worst basis of the cells."""
        return _BASES.get(max((cell.basis_rank for cell in self.cells), default=0))


def trace(records: Records, code: str, area: str) -> Trace:
    """Everything behind the figure of an indicator, measure, flow or rate for one area of a quarter.

    UsageError for a code or an area the quarter does not have, listing those it has.
    """
    subject = find_subject(records, code)
    place = find_place(records, subject, area)
    seen = Observations(records, subject, place)
    figure, table = _figure(records, subject, place)
    row = figure or _from_observations(seen, subject)
    progress = _progress(records, subject) if place.is_city else None
    return Trace(
        subject, place, records.quarter, row["state"], row["numerator"], row["denominator"],
        _coverage(row, seen, place), records.measures, tuple(seen.used), tuple(seen.left_out), seen.units_used,
        tuple(seen.superseded()), models_between(records, table, _ASIDE if place.is_city else _ASIDE | _CITY_ONLY),
        _assessment(progress) if progress else None,
        _goal(progress, "year", records) if progress else None,
        _goal(progress, "term", records) if progress else None,
    )  # fmt: skip


def _figure(records: Records, subject: Subject, place: Place) -> tuple[Row | None, str]:
    """The row of the figure (state, numerator, denominator) and its table.

    No row for an area below those the mart holds: its figure is that of the forms.
    """
    if subject.kind == "indicator":
        rows = records.of_quarter(
            "select * from marts.indicator_values where quarter = ? and area_code = ? and indicator_code = ?",
            place.code, subject.code,
        )  # fmt: skip
        table = "marts.indicator_values" if rows else "staging.observations"
        return (rows[0] if rows else None), table
    if subject.kind == "zeros":
        rows = records.of_quarter(
            "select 'value' as state, cast(count(*) as decimal(18, 0)) as numerator"
            " from marts.areas_without where quarter = ? and kind || '_households' = ?",
            subject.numerator[0],
        )
        return rows[0] | {"denominator": Decimal(len(place.units))}, "marts.areas_without"
    if subject.kind == "rate":
        rows = records.of_quarter(
            f"select *, {subject.code}_numerator as numerator, {subject.code}_denominator as denominator,"
            f" case when {subject.code} is null then 'missing' else 'value' end as state"
            " from marts.poverty_rates where quarter = ? and area_code = ?",
            place.code,
        )  # fmt: skip
        return (rows[0] if rows else None), "marts.poverty_rates"
    return _measure_figure(records, subject, place)


def _measure_figure(records: Records, subject: Subject, place: Place) -> tuple[Row | None, str]:
    """A measure stands in the flows where it is one, else in the sums of areas or of the city."""
    flow, _, unit = subject.code.rpartition("_")
    # a derived measure is summed commune by commune, a gross flow measure by measure
    if unit in ("households", "persons") and subject.code not in records.parts:
        rows = records.of_quarter(
            f"select *, {unit} as numerator, null as denominator,"
            f" case when {unit} is null then 'missing' else 'value' end as state"
            " from marts.poverty_flows where quarter = ? and area_code = ? and flow = ?",
            place.code, flow,
        )  # fmt: skip
        if rows:
            return rows[0], "marts.poverty_flows"
    if place.is_city and subject.level != "city":
        rows = records.of_quarter(
            "select *, value as numerator, null as denominator, case when value is null then 'missing'"
            " else 'value' end as state from intermediate.city_measures where quarter = ? and measure = ?",
            subject.code,
        )  # fmt: skip
        return (rows[0] if rows else None), "intermediate.city_measures"
    rows = records.of_quarter(
        "select *, value as numerator, null as denominator from intermediate.area_measures"
        " where quarter = ? and area_code = ? and measure = ? and series = 'actual'",
        place.code, subject.code,
    )  # fmt: skip
    return (rows[0] if rows else None), "intermediate.area_measures"


def _from_observations(seen: Observations, subject: Subject) -> Row:
    """The figure of an area for which no mart has a row."""
    numerator, denominator = _sums(seen.used, subject)
    state = "value" if seen.units_used else "missing"
    if not seen.units_used and seen.left_out and all(one.state == "not_applicable" for one in seen.left_out):
        state = "not_applicable"
    return {"state": state, "numerator": numerator, "denominator": denominator}


def _coverage(row: Row, seen: Observations, place: Place) -> str:
    reported, expected = row.get("areas_reported"), row.get("areas_expected")
    return f"{reported}/{expected}" if expected is not None else f"{seen.units_used}/{len(place.units)}"


def _progress(records: Records, subject: Subject) -> Row | None:
    rows = records.of_quarter(
        "select progress.*, statuses.print as recorded_print, status_groups.print as recorded_group_print"
        " from marts.indicator_progress as progress"
        " left join staging.statuses as statuses on progress.recorded_status = statuses.status"
        " left join staging.status_groups as status_groups on progress.recorded_status = status_groups.status_group"
        " where progress.quarter = ? and progress.indicator_code = ?",
        subject.code,
    )  # fmt: skip
    return rows[0] if rows and subject.kind == "indicator" else None


def _assessment(row: Row) -> Assessment:
    return Assessment(
        row["status_print"], row["computed_status_print"], row["recorded_print"] or row["recorded_group_print"],
        row["recorded_document"], row["recorded_on"], row["recorded_reason"],
    )  # fmt: skip


def _goal(row: Row, which: str, records: Records) -> Goal | None:
    if row[f"{which}_op"] is None:
        return None
    measure, decimals = row[f"{which}_measure"], row[f"{which}_completion_decimals"]
    judged = row[f"{which}_judged"]
    return Goal(
        records.quarter.year if which == "year" else row["term_year"], row[f"{which}_op"], row[f"{which}_value"],
        row[f"{which}_high"], row["unit"] if measure is None else records.measures[measure]["unit"], measure,
        records.measures[measure]["name_vi"] if measure else None,
        row[f"{which}_document"], None if judged is None else Decimal(str(judged)),
        row[f"{which}_completion_numerator"], row[f"{which}_completion_denominator"],
        1 if decimals is None else decimals,
    )  # fmt: skip


def models_between(records: Records, table: str, aside: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The sql files that carry the observations to `table`, by their headers, in the order they are built.

    Tables in `aside` are not gone through: they add another column, or the figure of another area.
    """
    files = _sql_files(records.raw_tables)
    inputs = {model.table: model.inputs for model in files.models if OBSERVATIONS in files.ancestors[model.table]}
    way: set[str] = set()
    ahead = [table]
    while ahead:
        here = ahead.pop()
        if here in inputs and here not in way | aside:
            way.add(here)
            ahead.extend(inputs[here])
    return tuple(f"sql/{model.layer}/{model.name}.sql" for model in files.models if model.table in way)


@cache
def _sql_files(raw_tables: frozenset[str]) -> SqlFiles:
    """The models as they are, also where they read a raw table that the warehouse does not have yet."""
    texts = (path.read_text(encoding="utf-8") for path in SQL_FOLDER.rglob("*.sql"))
    return read_sql_files(raw_tables.union(*(re.findall(r"\braw\.\w+", text) for text in texts)), SQL_FOLDER)


def parts(found: Trace) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator from the listed cells alone; None without cells."""
    if found.subject.kind == "zeros":
        unit_of = {cell.area: cell.unit for cell in found.cells}
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for (_, _, area), value in _figures(found.cells).items():
            totals[unit_of[area]] += value
        silent = sum(one.state == "missing" for one in found.left_out)
        return Decimal(sum(total == 0 for total in totals.values())), Decimal(len(totals) + silent)
    return _sums(found.cells, found.subject)


def recompute(found: Trace) -> Decimal | None:
    """The figure in its unit, from the listed cells alone: sums over sums, never a mean of rates."""
    numerator, denominator = parts(found)
    if numerator is None or denominator == 0:
        return None
    if found.subject.kind == "zeros":
        return numerator
    return exact_ratio(numerator, denominator, found.subject.scale)


def _figures(cells: tuple[Cell, ...] | list[Cell]) -> dict[tuple[str, str, str], Decimal]:
    """One value for each role, measure and area, however many cells repeat it."""
    return {(cell.role, cell.measure, cell.area): cell.value for cell in cells}


def _sums(cells: tuple[Cell, ...] | list[Cell], subject: Subject) -> tuple[Decimal | None, Decimal | None]:
    figures = _figures(cells)
    if not figures:
        return None, None

    def total(role: str) -> Decimal:
        signed = (
            -value if measure in subject.subtracted else value
            for (of, measure, _), value in figures.items() if of == role
        )  # fmt: skip
        return sum(signed, Decimal(0))

    return total("numerator"), total("denominator") if subject.denominator else None
