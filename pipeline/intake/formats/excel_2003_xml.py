"""The XML that Excel 2002 and 2003 write and many web systems imitate, usually named .xls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.intake.formats.drafts import MAX_CELLS, PLAIN, Draft, Run, Style, is_percent_format, too_large
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from pipeline.intake.formats.xml_parts import Attributes, local, read_xml
from pipeline.intake.numbers import Raw

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"


def read_drafts(content: bytes) -> list[Draft]:
    """Every worksheet of the document; RefusedError for XML that is broken or unsafe."""
    reader = _Reader()
    read_xml(content, reader.start, reader.end, reader.text)
    return [draft.finish() for draft in reader.drafts]


@dataclass
class _Cell:
    column: int
    style: str
    across: int
    down: int
    has_formula: bool
    kind: str = ""


class _Reader:
    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._styles: dict[str, Style] = {}
        self._style = ""
        self._row = self._column = -1
        self._column_at = 0
        self._row_style = ""
        self._cell: _Cell | None = None
        self._runs: list[Run] = []
        self._marks: list[Run] = []  # the formats that are open inside a text, innermost last
        self._is_data = False
        self._is_visibility = False
        self._written = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        tag = tag.rpartition(":")[2]
        if self._is_data:
            self._open_mark(tag, attributes)
        elif tag == "Cell" and self.drafts:
            self._start_cell(attributes)
        elif tag == "Data" and self._cell is not None:
            self._cell.kind = local(attributes, "Type")
            self._is_data = True
        elif tag == "Row" and self.drafts:
            self._start_row(attributes)
        elif tag == "Column" and self.drafts:
            self._add_column(attributes)
        elif tag == "Worksheet":
            self.drafts.append(Draft(Sheet(local(attributes, "Name"), [])))
            self._row, self._column_at = -1, 0
        elif tag == "Visible":
            self._is_visibility = True
        else:
            self._add_style(tag, attributes)

    def text(self, text: str) -> None:
        if self._is_data:
            mark = self._marks[-1] if self._marks else Run("")
            self._runs.append(mark._replace(text=text))
        elif self._is_visibility and self.drafts:
            self.drafts[-1].sheet.is_hidden |= text.strip() in ("SheetHidden", "SheetVeryHidden")

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "Data":
            self._is_data = False
        elif self._is_data:
            if self._marks:
                self._marks.pop()
        elif tag == "Cell" and self._cell is not None:
            self._end_cell(self.drafts[-1], self._cell)
        elif tag == "Visible":
            self._is_visibility = False

    def _open_mark(self, tag: str, attributes: Attributes) -> None:
        mark = self._marks[-1] if self._marks else Run("")
        font = local(attributes, "Face") if tag == "Font" else ""
        self._marks.append(mark._replace(font=font or mark.font, is_struck=mark.is_struck or tag == "S"))

    def _add_style(self, tag: str, attributes: Attributes) -> None:
        if tag == "Style":
            self._style = local(attributes, "ID")
            self._styles[self._style] = self._styles.get(local(attributes, "Parent", "Default"), PLAIN)
        elif tag == "NumberFormat" and self._style in self._styles:
            code = local(attributes, "Format")
            is_percent = code == "Percent" or is_percent_format(code)
            self._styles[self._style] = self._styles[self._style]._replace(is_percent=is_percent)
        elif tag == "Font" and self._style in self._styles:
            self._styles[self._style] = self._styles[self._style]._replace(
                is_struck=local(attributes, "StrikeThrough") == "1", claim=font_claim(local(attributes, "FontName"))
            )

    def _start_row(self, attributes: Attributes) -> None:
        self._row = _number(attributes, "Index", self._row + 2) - 1
        self._column = -1
        self._row_style = local(attributes, "StyleID")
        span = _number(attributes, "Span", 0)
        if local(attributes, "Hidden") == "1":
            rows = range(self._row, min(self._row + span + 1, MAX_ROWS))
            self.drafts[-1].sheet.hidden_rows |= set(rows)
        self._row += span

    def _add_column(self, attributes: Attributes) -> None:
        first = _number(attributes, "Index", self._column_at + 1) - 1
        self._column_at = first + _number(attributes, "Span", 0) + 1
        if local(attributes, "Hidden") == "1":
            self.drafts[-1].sheet.hidden_columns |= set(range(first, min(self._column_at, MAX_COLUMNS)))

    def _start_cell(self, attributes: Attributes) -> None:
        column = _number(attributes, "Index", self._column + 2) - 1
        across, down = _number(attributes, "MergeAcross", 0), _number(attributes, "MergeDown", 0)
        style = local(attributes, "StyleID") or self._row_style or "Default"
        self._cell = _Cell(column, style, across, down, bool(local(attributes, "Formula")))
        self._column = column + across
        self._runs, self._marks = [], []

    def _end_cell(self, draft: Draft, cell: _Cell) -> None:
        self._cell = None
        row, column, sheet = self._row, cell.column, draft.sheet
        self._written += 1
        if self._written > MAX_CELLS:
            raise too_large(sheet.name, row, column)
        if cell.across or cell.down:
            sheet.merged.append(((row, column), (row + cell.down, column + cell.across)))
        text = "".join(run.text for run in self._runs)
        if not text:
            if cell.has_formula and cell.kind != "String":
                sheet.uncalculated.add((row, column))
            return
        if not draft.put(row, column, "" if cell.kind == "Error" else _value(cell.kind, text)):
            return
        if cell.kind == "Error":
            sheet.errors[row, column] = text
        style = self._styles.get(cell.style, PLAIN)
        draft.see(row, column, style)
        draft.see_runs(row, column, self._runs, style.claim)


def _number(attributes: Attributes, name: str, default: int) -> int:
    """A position or count as written, within what a sheet can have; `default` where there is none."""
    text = local(attributes, name)
    return min(int(text), 1_048_576) if text.isdecimal() and 0 < len(text) < 9 else default


def _value(kind: str, text: str) -> Raw:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    return text.strip() == "1" if kind == "Boolean" else text
