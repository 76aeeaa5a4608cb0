"""What the warehouse already knows and a form shows for reference: openings, last year's figures, year plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from decimal import Decimal

from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.warehouse import open_for_reading, warehouse_file

Earlier = Mapping[tuple[str, str, str], Decimal]  # (series of the cell it belongs into, measure, area) -> figure
_OPENING, _CLOSING = "_opening_", "_"


def earlier_figures(programme: Programme, quarter: Quarter) -> Earlier:
    """Figures of the forms in force of earlier quarters; none where no warehouse was built.

    An opening stock is the closing one of the year before, or what this year's forms gave so far. Poverty under
    another standard is another series and is not carried over.
    """
    if not warehouse_file(programme.home / "build" / programme.id).is_file():
        return {}
    year_end, last_year = quarter.previous_year_end, quarter.same_last_year
    in_year = [Quarter(quarter.year, number) for number in range(1, quarter.number)]
    rows = _read(programme, [year_end, last_year, *in_year])
    codes = {measure.code for measure in programme.measures}
    openings = {code.replace(_OPENING, _CLOSING): code for code in codes if _OPENING in code}
    standard = programme.poverty_standard(quarter)
    found: dict[tuple[str, str, str], Decimal] = {}
    # later quarters overwrite earlier ones; the closing stock of the year before goes before all
    for at, measure, area, series, value in sorted(rows, key=lambda row: row[:4]):
        is_same_series = "poor" not in measure or programme.poverty_standard(Quarter.parse(at)) == standard
        if series == "plan" and Quarter.parse(at) in in_year:
            found["plan", measure, area] = value
        if series == "actual" and at == str(last_year) and is_same_series:
            found["last_year", measure, area] = value
        if series == "actual" and _OPENING in measure and Quarter.parse(at) in in_year:
            found["actual", measure, area] = value
    for at, measure, area, series, value in rows:
        is_same_standard = programme.poverty_standard(Quarter.parse(at)) == standard
        if series == "actual" and at == str(year_end) and measure in openings and is_same_standard:
            found["actual", openings[measure], area] = value
    return found


def _read(programme: Programme, quarters: Iterable[Quarter]) -> list[tuple[str, str, str, str, Decimal]]:
    asked = sorted({str(quarter) for quarter in quarters})
    marks = ", ".join("?" for _ in asked)
    with closing(open_for_reading(programme.home, programme.id)) as connection:
        rows: list[tuple[str, str, str, str, Decimal]] = connection.execute(
            "select quarter, measure, area_code, series, value from staging.observations"
            f" where quarter in ({marks}) and series in ('actual', 'plan') and state = 'value' and is_current"
            " order by quarter, measure, area_code, series",
            asked,
        ).fetchall()
    return rows
