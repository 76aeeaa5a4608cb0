"""Figures that are sums over cells: the row of the mart, the cells behind it, what it is measured against."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.trace.figure import Assessment, Goal, Summed, sums
from pipeline.trace.models import models_between
from pipeline.trace.observations import Observations
from pipeline.trace.places import POVERTY_COLUMNS, Place, find_place
from pipeline.trace.records import Records, Row
from pipeline.trace.subjects import UNITS_OF_FLOWS, Subject

# on the way to a mart, but not of its figure: the mark of what was revised; for a district, the city's sums
_ASIDE = frozenset({"intermediate.revised_figures"})
_CITY_ONLY = frozenset({"intermediate.city_indicators"})


def summed(
    records: Records, subject: Subject, area: str, series: str = "actual", only: frozenset[str] | None = None
) -> Summed:
    """Everything behind the figure of a subject for one area of a quarter; made once.

    `only`: summed again over some districts. UsageError for an area the subject has no figure of.
    """
    return records.kept((subject, area, series, only), lambda: _summed(records, subject, area, series, only))


def _summed(records: Records, subject: Subject, area: str, series: str, only: frozenset[str] | None) -> Summed:
    place = find_place(records, subject, area, only)
    seen = Observations(records, subject, place, series)
    figure, table = (None, "") if only is not None else _figure(records, subject, place, series)
    row = figure or _from_observations(seen, subject)
    table = table or "intermediate.area_indicators"
    progress = _progress(records, subject) if place.is_city and series == "actual" and only is None else None
    numerator, denominator, cells = row["numerator"], row["denominator"], tuple(seen.used)
    if subject.shown:
        numerator, denominator = row[subject.shown], None
        cells = tuple(cell for cell in cells if cell.role == subject.shown)
    return Summed(
        subject, place, records.quarter, series, row["state"], numerator, denominator, _coverage(row, seen, place),
        records.measures, cells, tuple(seen.left_out), tuple(seen.units_used), tuple(seen.superseded()),
        models_between(records, table, _ASIDE if place.is_city else _ASIDE | _CITY_ONLY),
        _assessment(progress) if progress else None,
        _goal(progress, "year", records) if progress else None,
        _goal(progress, "term", records) if progress else None,
    )  # fmt: skip


def counts_of(records: Records, subject: Subject, area: str, role: str) -> Summed:
    """One of the two sums of a quotient, over the same areas; without unit."""
    only = replace(subject, shown="numerator" if role == "numerator" else "denominator", unit="", is_answer=False)
    return summed(records, only, area)


def _figure(records: Records, subject: Subject, place: Place, series: str) -> tuple[Row | None, str]:
    """The row of the figure (state, numerator, denominator) and its table.

    No row for an area below those the mart holds: its figure is that of the forms.
    """
    if subject.kind == "indicator":
        row = _indicator_row(records, subject, place, series)
        if series == "actual":
            return row, "marts.indicator_values" if row else "staging.observations"
        return row, "intermediate.indicator_figures"
    if subject.kind == "zeros":
        named = {unit["area_code"] for unit in place.units}
        rows = [row for row in records.rows("marts.areas_without")
                if f"{row['kind']}_households" == subject.numerator[0] and row["area_code"] in named]  # fmt: skip
        found = {"state": "value", "numerator": Decimal(len(rows)), "denominator": Decimal(len(named))}
        return found, "marts.areas_without"
    if subject.kind == "contribution":
        return _contribution(records, subject, place)
    poverty = records.one("marts.poverty_rates", area_code=place.code)
    if subject.kind == "rate":
        return poverty and {
            "state": "missing" if poverty[subject.code] is None else "value",
            "numerator": poverty[f"{subject.code}_numerator"], "denominator": poverty[f"{subject.code}_denominator"],
            "areas_reported": poverty["areas_reported"], "areas_expected": poverty["areas_expected"],
        }, "marts.poverty_rates"  # fmt: skip
    if subject.kind == "opening_change":
        closing, opening = (poverty[POVERTY_COLUMNS.get(one, one)] if poverty else None for one in subject.numerator)
        return _plain(None if closing is None or opening is None else closing - opening), "marts.poverty_rates"
    if place.level == "zone" and poverty and subject.code in records.measures:
        return _plain(poverty[POVERTY_COLUMNS.get(subject.code, subject.code)]), "marts.poverty_rates"
    return _measure_figure(records, subject, place, series)


def _indicator_row(records: Records, subject: Subject, place: Place, series: str) -> Row | None:
    if series == "actual":
        return records.one("marts.indicator_values", indicator_code=subject.code, area_code=place.code)
    rows = records.kept(("indicator_figures", series), lambda: records.of_quarter(
        "select * from intermediate.indicator_figures where quarter = ? and series = ?", series
    ))  # fmt: skip
    like = (subject.code, place.code)
    return next((row for row in rows if (row["indicator_code"], row["area_code"]) == like), None)


def _contribution(records: Records, subject: Subject, place: Place) -> tuple[Row | None, str]:
    """A district's change over the communes that gave both ends of it; the city's is the sum of the districts'."""
    column = "change" if subject.numerator[0] == "poor_households" else "near_poor_change"
    rows = records.rows("marts.poverty_contributions")
    if place.is_city:
        return _plain(rows[0][f"city_{column}"] if rows else None), "marts.poverty_contributions"
    row = records.one("marts.poverty_contributions", area_code=place.code)
    return row and _plain(row[column]), "marts.poverty_contributions"


def _plain(value: Decimal | None) -> Row:
    return {"state": "missing" if value is None else "value", "numerator": value, "denominator": None}


def _measure_figure(records: Records, subject: Subject, place: Place, series: str) -> tuple[Row | None, str]:
    """A measure stands in the flows where it is one, else in the sums of areas or of the city."""
    flow, _, unit = subject.code.rpartition("_")
    if unit not in UNITS_OF_FLOWS:
        flow, unit = subject.code, UNITS_OF_FLOWS[0]
    # a derived measure is summed commune by commune, a gross flow measure by measure
    if series == "actual" and (subject.kind == "flow" or subject.code not in records.parts):
        row = records.one("marts.poverty_flows", area_code=place.code, flow=flow)
        if row is not None:
            reported = {key: row[key] for key in ("areas_reported", "areas_expected")}
            return _plain(row[unit]) | reported, "marts.poverty_flows"
    if place.is_city and subject.level != "city":
        row = records.one("intermediate.city_measures", measure=subject.code) if series == "actual" else None
        return row and row | _plain(row["value"]), "intermediate.city_measures"
    rows = records.kept(("area_measures", subject.code, series), lambda: {
        row["area_code"]: row for row in records.of_quarter(
            "select * from intermediate.area_measures where quarter = ? and measure = ? and series = ?",
            subject.code, series,
        )
    })  # fmt: skip
    row = rows.get(place.code)
    return row and row | {"numerator": row["value"], "denominator": None}, "intermediate.area_measures"


def _from_observations(seen: Observations, subject: Subject) -> Row:
    """The figure of areas for which no mart has a row."""
    numerator, denominator = sums(seen.used, subject)
    state = "value" if seen.units_used else "missing"
    if not seen.units_used and seen.left_out and all(one.state == "not_applicable" for one in seen.left_out):
        state = "not_applicable"
    shown = {subject.shown: numerator} if subject.shown else {}
    return {"state": state, "numerator": numerator, "denominator": denominator} | shown


def _coverage(row: Row, seen: Observations, place: Place) -> str:
    reported, expected = row.get("areas_reported"), row.get("areas_expected")
    return f"{reported}/{expected}" if expected is not None else f"{len(seen.units_used)}/{len(place.units)}"


def _progress(records: Records, subject: Subject) -> Row | None:
    if subject.kind != "indicator":
        return None
    rows = records.kept("progress", lambda: {
        row["indicator_code"]: row for row in records.of_quarter(
            "select progress.*, statuses.print as recorded_print, status_groups.print as recorded_group_print"
            " from marts.indicator_progress as progress"
            " left join staging.statuses as statuses on progress.recorded_status = statuses.status"
            " left join staging.status_groups as status_groups on progress.recorded_status = status_groups.status_group"
            " where progress.quarter = ?"
        )
    })  # fmt: skip
    return rows.get(subject.code)


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
