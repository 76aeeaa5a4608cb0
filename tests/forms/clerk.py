"""A clerk who opens a blank form, finds the open cells by what stands beside and above them, and fills them.

What each cell means is looked up in the programme by the printed words, not asked of the code that drew the form.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell

from pipeline.programme import TOP_AREA, Measure, Programme
from pipeline.programme.layouts import Layout, MeasureColumn, SeriesColumn
from pipeline.quarters import Quarter
from tests.forms.excel import compute

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Entry = int | float | str
ElementTree.register_namespace("", MAIN)


@dataclass(frozen=True)
class Place:
    """An open cell for a figure, and which figure it is."""

    sheet: str
    cell: str
    measure: Measure
    area: str
    series: str
    given: Any  # what stands there already


class Clerk:
    """One workbook of blank forms in the hands of its reporter."""

    def __init__(self, content: bytes, programme: Programme, quarter: Quarter, reporter: str) -> None:
        self.content = content
        self.programme, self.quarter, self.reporter = programme, quarter, reporter
        workbook = load_workbook(BytesIO(content), read_only=True)
        self.sheets = {
            sheet.title: {
                cell.coordinate: cell for row in sheet.iter_rows() for cell in row if isinstance(cell, ReadOnlyCell)
            }
            for sheet in workbook
        }

    @cached_property
    def forms(self) -> dict[str, Layout]:
        """Sheets that carry the title of a form."""
        titles = {layout.titles[0]: layout for layout in self.programme.layouts}
        texts = {name: {cell.value for cell in cells.values()} for name, cells in self.sheets.items()}
        return {name: titles[title] for name, found in texts.items() for title in titles if title in found}

    @cached_property
    def places(self) -> list[Place]:
        return [place for name, layout in self.forms.items() for place in self._places(name, layout)]

    def open_cells(self, name: str) -> list[ReadOnlyCell]:
        return [cell for cell in self.sheets[name].values() if not cell.protection.locked]

    def filled(self, entries: Mapping[tuple[str, str], Entry]) -> bytes:
        """The workbook as Excel saves it: entries in place, every formula with its value."""
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(self.content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            paths = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(self.sheets, 1)}
            for member in old.namelist():
                content = old.read(member)
                if member in paths:
                    own = {cell: entry for (name, cell), entry in entries.items() if name == paths[member]}
                    content = _with_entries(content, self.sheets[paths[member]], own)
                new.writestr(member, content)
        return out.getvalue()

    def filled_without_calculation(self, entries: Mapping[tuple[str, str], Entry]) -> bytes:
        """The workbook as a program saves it that knows formulas only as text."""
        workbook = load_workbook(BytesIO(self.content))
        for (name, cell), entry in entries.items():
            workbook[name][cell] = entry
        out = BytesIO()
        workbook.save(out)
        return out.getvalue()

    def _places(self, name: str, layout: Layout) -> list[Place]:
        sheet = self.sheets[name]
        measures = {measure.code: measure for measure in self.programme.measures}
        by_label = {measure.name_vi: measure for measure in self.programme.measures if measure.form == layout.form}
        own = self.programme.area_by_code.get(self.reporter)
        areas = {area.full_name: area.code for area in self.programme.communes(self.reporter, self.quarter)}
        areas |= {own.full_name: own.code} if own else {}
        headers = list(dict.fromkeys(column.header for column in layout.columns))
        before = 2 + bool(layout.unit) + bool(layout.lines)
        places: list[Place] = []
        rows = self._rows(sheet, layout)
        for cell in self.open_cells(name):
            label, line = rows.get(cell.row, ("", ""))
            place = cell.column - before - 1
            if not 0 <= place < len(headers) or (label not in by_label and label not in areas):
                continue
            declared = next(
                column for column in layout.columns
                if column.header == headers[place] and (column.line or "").split("|")[0] == line
            )  # fmt: skip
            if isinstance(declared, MeasureColumn):
                measure, area, series = measures[declared.measure], areas[label], "actual"
            else:
                assert isinstance(declared, SeriesColumn)
                measure, series = by_label[label], declared.series
                area = TOP_AREA if measure.level == "city" else self.reporter
            given = None if cell.value == "…" else cell.value
            places.append(Place(name, cell.coordinate, measure, area, series, given))
        return places

    def _rows(self, sheet: Mapping[str, ReadOnlyCell], layout: Layout) -> dict[int, tuple[str, str]]:
        """What each row below the row of column numbers is of: its label, and its line where a unit has several."""
        top = next(cell.row for cell in sheet.values() if (cell.column, cell.value) == (1, "(1)"))
        lines = {(column.line or "").split("|")[0] for column in layout.columns}
        line_column = "D" if layout.unit else "C"
        rows: dict[int, tuple[str, str]] = {}
        above = ""
        for row in range(top + 1, max(cell.row for cell in sheet.values()) + 1):
            label, line = (
                str(sheet[address].value or "") if (address := f"{column}{row}") in sheet else ""
                for column in ("B", line_column)
            )
            if not layout.lines:
                line = label if label in lines else ""
            above = above if line and label in (line, "") else label
            rows[row] = (above, line)
        return rows


def _with_entries(xml: bytes, sheet: Mapping[str, ReadOnlyCell], entries: Mapping[str, Entry]) -> bytes:
    formulas = {address: cell.value for address, cell in sheet.items() if cell.data_type == "f"}
    cells: dict[str, Any] = {address: cell.value for address, cell in sheet.items() if address not in formulas}
    cells |= entries
    pending = dict(formulas)
    while pending:  # a rate of totals waits for the totals
        ready = [
            cell for cell, formula in pending.items()
            if not any(other in pending for other in re.findall(r"[A-Z]+\d+", formula) if other != cell)
        ]  # fmt: skip
        assert ready, pending
        for cell in ready:
            cells[cell] = compute(pending.pop(cell), cells)
    tree = ElementTree.fromstring(xml)
    for element in tree.iter(f"{{{MAIN}}}c"):
        address = element.attrib["r"]
        if address in formulas or address in entries:
            _set(element, cells[address])
    return ElementTree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _set(element: ElementTree.Element, value: Any) -> None:
    for old in element.findall(f"{{{MAIN}}}v"):
        element.remove(old)
    is_formula = element.find(f"{{{MAIN}}}f") is not None
    element.attrib.pop("t", None)
    if isinstance(value, str):
        element.attrib["t"] = "str" if is_formula else "inlineStr"
        if not is_formula:
            text = ElementTree.SubElement(ElementTree.SubElement(element, f"{{{MAIN}}}is"), f"{{{MAIN}}}t")
            text.text = value
            return
    ElementTree.SubElement(element, f"{{{MAIN}}}v").text = str(
        value if isinstance(value, str) else float(value) if isinstance(value, Decimal) else value
    )
