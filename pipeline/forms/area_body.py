"""The body of a form with a row per area: urban and rural communes apart where there are both, then the total."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.forms.earlier import Earlier
from pipeline.forms.form import NO_DATA, Ask, Cell, Rate, Row, Sum
from pipeline.programme import Area, Measure
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn
from pipeline.quarters import ROMAN
from pipeline.vietnamese import fold

RATE_DECIMALS = 2
# how forms call the two classes of communes; thị xã is a district, so it must not count as xã
_URBAN = re.compile(r"\b(thành thị|đô thị|phường|thị trấn)\b")
_RURAL = re.compile(r"\bnông thôn\b|(?<!thị )\bxã\b")


def columns_of(layout: Layout) -> list[MeasureColumn | RateColumn]:
    return [column for column in layout.columns if isinstance(column, (MeasureColumn, RateColumn))]


def area_rows(layout: Layout, areas: Sequence[Area], measures: dict[str, Measure], earlier: Earlier) -> list[Row]:
    """Every area once; group rows and the total add up what stands below and above them."""
    groups = _groups(layout, areas)
    rows: list[Row] = []
    figures: list[int] = []
    number = 0
    for mark, (name, members) in zip(ROMAN, groups, strict=False):
        if name:
            below = tuple(range(len(rows) + 1, len(rows) + 1 + len(members)))
            rows.append(Row("group", mark, name, "", _sums(layout, below, len(rows))))
        for area in members:
            number += 1
            figures.append(len(rows))
            cells = _figures(layout, area, measures, earlier, len(rows))
            rows.append(Row("figures", str(number), area.full_name, "", cells))
    if layout.totals and len(figures) > 1:
        rows.append(Row("total", "", layout.totals[0], "", _sums(layout, tuple(figures), len(rows))))
    return rows


def _groups(layout: Layout, areas: Sequence[Area]) -> list[tuple[str, list[Area]]]:
    """(wording, members); one group without wording where the form or the areas know no classes."""
    urban = next((name for name in layout.groups if _URBAN.search(fold(name))), None)
    rural = next((name for name in layout.groups if _RURAL.search(fold(name)) and name != urban), None)
    if urban is None or rural is None or {area.urban for area in areas} != {True, False}:
        return [("", list(areas))]
    return [(urban, [area for area in areas if area.urban]), (rural, [area for area in areas if not area.urban])]


def _figures(layout: Layout, area: Area, measures: dict[str, Measure], earlier: Earlier, row: int) -> tuple[Cell, ...]:
    def cell(column: MeasureColumn | RateColumn) -> Cell:
        if isinstance(column, RateColumn):
            return _rate(layout, column, row)
        known = earlier.get(("actual", column.measure, area.code))
        return Ask(measures[column.measure], NO_DATA if known is None and layout.blank == "zero" else known)

    return tuple(cell(column) for column in columns_of(layout))


def _sums(layout: Layout, over: tuple[int, ...], row: int) -> tuple[Cell, ...]:
    return tuple(
        _rate(layout, column, row) if isinstance(column, RateColumn) else Sum(over) for column in columns_of(layout)
    )


def _rate(layout: Layout, column: RateColumn, row: int) -> Cell:
    """None where the form has no column for one of the two parts."""
    places = part_columns(layout, column)
    return None if places is None else Rate((row, places[0]), (row, places[1]), RATE_DECIMALS)


def part_columns(layout: Layout, column: RateColumn) -> tuple[int, int] | None:
    """Where numerator and denominator of a rate stand among the columns of figures."""
    at = {one.measure: place for place, one in enumerate(columns_of(layout)) if isinstance(one, MeasureColumn)}
    above, below = column.rate_of
    return (at[above], at[below]) if above in at and below in at else None
