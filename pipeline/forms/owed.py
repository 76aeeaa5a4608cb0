"""Who owes which forms in a quarter, and those forms with their rows."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, count

from pipeline.forms.area_body import area_rows, part_columns
from pipeline.forms.earlier import Earlier
from pipeline.forms.form import Form, Row
from pipeline.forms.lines import Lines
from pipeline.forms.measure_body import MeasureBody, kind_of, owed_measures, units_of
from pipeline.programme import Area, Programme
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn
from pipeline.quarters import Quarter


def owing_reporters(programme: Programme, quarter: Quarter) -> list[str]:
    """Codes of those who report this quarter and for whom the programme declares a form."""
    return [code for code in programme.expected_reporters(quarter) if _layouts(programme, quarter, code)]


def excused_reporters(programme: Programme, quarter: Quarter) -> dict[str, str]:
    """Those who get no form this quarter, by code, with the reason in Vietnamese."""
    expected, owing = programme.expected_reporters(quarter), set(owing_reporters(programme, quarter))
    year_end = programme.expected_reporters(Quarter(quarter.year, 4))
    reasons = {code: "chỉ có số liệu báo cáo năm, gửi ở quý IV" for code in year_end if code not in expected}
    return reasons | {code: "không có biểu mẫu nào trong khai báo" for code in expected if code not in owing}


def forms_of(programme: Programme, quarter: Quarter, reporter: str, earlier: Earlier) -> list[Form]:
    """Every form a reporter owes this quarter, one sheet each, in the order of the layouts."""
    forms: list[Form] = []
    taken: set[str] = set()
    for layout in _layouts(programme, quarter, reporter):
        sheet = sheet_name(layout, taken)
        taken.add(sheet)
        if layout.rows == "areas":
            forms.append(_area_form(programme, quarter, reporter, layout, sheet, earlier))
        else:
            forms.append(_measure_form(programme, quarter, reporter, layout, sheet, earlier))
    return forms


def sheet_name(layout: Layout, taken: set[str]) -> str:
    """`Biểu 02` by the number in the form's code, otherwise by the next number that is free.

    Never the form's title: the explanation sheet names the forms, and by its title a sheet is recognised.
    """
    match = re.search(r"\d{1,4}$", layout.form)
    numbers = chain([match[0]] if match else [], map(str, count(len(taken) + 1)))
    return next(name for number in numbers if (name := f"Biểu {number}") not in taken)


def _layouts(programme: Programme, quarter: Quarter, reporter: str) -> list[Layout]:
    """One layout for each form owed; of several versions of a form the last in the order of their files."""
    versions = {
        layout.form: layout for layout in programme.layouts if layout.sender in ("any", kind_of(programme, reporter))
    }
    return [layout for layout in versions.values() if _is_owed(programme, quarter, layout, reporter)]


def _is_owed(programme: Programme, quarter: Quarter, layout: Layout, reporter: str) -> bool:
    owed = owed_measures(programme, quarter, layout, reporter)
    return bool(owed) and (layout.rows == "measures" or bool(areas_of(programme, quarter, layout, reporter)))


def areas_of(programme: Programme, quarter: Quarter, layout: Layout, reporter: str) -> list[Area]:
    """The rows of a form with a row per area: communes of the sender, or districts (its own, or all for an agency)."""
    if layout.area_level == "commune":
        return programme.communes(reporter, quarter)
    districts = programme.districts(quarter)
    return [area for area in districts if area.code == reporter] or districts


def _area_form(
    programme: Programme, quarter: Quarter, reporter: str, layout: Layout, sheet: str, earlier: Earlier
) -> Form:
    measures = {measure.code: measure for measure in programme.measures}
    rows = area_rows(layout, areas_of(programme, quarter, layout, reporter), measures, earlier)
    units = units_of([measures[column.measure] for column in layout.columns if isinstance(column, MeasureColumn)])
    return _form(layout, quarter, sheet, units, rows)


def _measure_form(
    programme: Programme, quarter: Quarter, reporter: str, layout: Layout, sheet: str, earlier: Earlier
) -> Form:
    rows = MeasureBody(programme, quarter, layout, reporter, earlier).rows()
    return _form(layout, quarter, sheet, units_of(owed_measures(programme, quarter, layout, reporter)), rows)


def _form(layout: Layout, quarter: Quarter, sheet: str, units: tuple[str, ...], rows: list[Row]) -> Form:
    lines = Lines.of(layout)
    form = Form(
        sheet=sheet,
        title=layout.titles[0],
        ordinal=_first(layout.ordinal),
        label=_first(layout.label),
        unit=_first(layout.unit) if layout.unit else None,
        line=_first(layout.lines) if layout.lines else None,
        remark=_first(layout.remark) if layout.remark else None,
        paths=tuple(
            tuple(_first(level) for level in header.replace("{year}", str(quarter.year)).split(">"))
            for header in lines.headers
        ),
        formulas=(),
        units=() if layout.unit else units,
        rows=tuple(lines.spread(rows)),
        footers=layout.footers,
        takes_estimates=layout.rows == "measures",
        blank_is_zero=layout.blank == "zero",
    )
    return replace(form, formulas=_formulas(layout, len(form.leading)))


def _formulas(layout: Layout, before: int) -> tuple[str, ...]:
    """What is printed behind the number of a column: `=(4)/(3)` where both parts of a rate have columns."""
    if layout.has_lines:
        return ("",) * len(Lines.of(layout).headers)
    parts = [part_columns(layout, column) if isinstance(column, RateColumn) else None for column in layout.columns]
    return tuple(f"=({before + part[0] + 1})/({before + part[1] + 1})" if part else "" for part in parts)


def _first(alternatives: str) -> str:
    return alternatives.split("|")[0].strip()
