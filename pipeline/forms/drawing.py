"""A form as a sheet of a workbook: fonts, colours, merged header, formulas, locks, validations, print set-up.

The bytes depend on the contents alone; every text is written as text, so that no name becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.forms.entry import NO, YES, Entry, is_yes_no
from pipeline.forms.form import NO_DATA, NOT_APPLICABLE, Ask, Cell, Form, Rate, Row, Shown, Sum, Value
from pipeline.forms.header import Path, depth, header_cells
from pipeline.quarters import Quarter

FONT, SIZE = "Times New Roman", 12
A4 = 9
TO_FILL, KNOWN, CLOSED, HEAD = "#FFF8D6", "#DDEBF7", "#EDEDED", "#F2F2F2"
MIDDLE = {"align": "center", "valign": "vcenter"}
BOX = {"border": 1, "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "office": MIDDLE | {"bold": True, "text_wrap": True},
    "motto": MIDDLE | {"bold": True, "underline": 1},
    "title": MIDDLE | {"bold": True, "font_size": 14, "text_wrap": True},
    "subtitle": MIDDLE | {"italic": True},
    "left": {"align": "left", "valign": "vcenter"},
    "right": {"align": "right", "italic": True},
    "note": {"align": "left", "italic": True},
    "date": MIDDLE | {"italic": True, "locked": False},
    "head": BOX | MIDDLE | {"bold": True, "text_wrap": True, "bg_color": HEAD},
    "number": BOX | MIDDLE | {"italic": True, "font_size": 10},
    "ordinal": BOX | MIDDLE,
    "text": BOX | {"text_wrap": True, "quote_prefix": True},
    "unit": BOX | MIDDLE | {"text_wrap": True, "quote_prefix": True},
    "remark": BOX | {"text_wrap": True, "num_format": "@", "locked": False},
    "fill": BOX | {"align": "right", "bg_color": TO_FILL, "locked": False},
    "known": BOX | {"align": "right", "bg_color": KNOWN, "locked": False},
    "formula": BOX | {"align": "right"},
    "closed": BOX | {"bg_color": CLOSED},
    "fill_sample": BOX | {"bg_color": TO_FILL},
    "known_sample": BOX | {"bg_color": KNOWN},
    "step_number": {"align": "center", "valign": "top"},
    "step": {"text_wrap": True, "valign": "top"},
}
ORDINAL_WIDTH, UNIT_WIDTH, REMARK_WIDTH = 6, 13, 26
LINE_HEIGHT = 16.5  # points of a line of text at the size used
MAY_STILL = {"format_columns": True, "format_rows": True}  # widths and heights are the clerk's own


class Book:
    """One reporter's workbook, written to memory."""

    def __init__(self, title: str, quarter: Quarter) -> None:
        self._bytes = BytesIO()
        default = {"font_name": FONT, "font_size": SIZE}
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True, "default_format_properties": default})
        created = datetime(quarter.ends_on.year, quarter.ends_on.month, quarter.ends_on.day)
        self._book.set_properties({"title": title, "created": created})
        self._formats: dict[tuple[str, bool, str], Any] = {}

    def sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer(f'&R&"{FONT},Italic"&10Trang &P/&N')
        sheet.hide_gridlines(2)
        sheet.protect("", MAY_STILL)
        return sheet

    def style(self, name: str, is_bold: bool = False, num_format: str = "") -> Any:
        key = (name, is_bold, num_format)
        if key not in self._formats:
            properties = STYLES[name] | ({"bold": True} if is_bold else {})
            properties |= {"num_format": num_format} if num_format else {}
            self._formats[key] = self._book.add_format({"font_name": FONT, "font_size": SIZE} | properties)
        return self._formats[key]

    def finish(self) -> bytes:
        self._book.close()
        return self._bytes.getvalue()


class FormSheet:
    """Draws one form from top to bottom."""

    def __init__(self, book: Book, form: Form, office: str, reporter: str, programme: str, quarter: Quarter) -> None:
        self._book, self._form, self._quarter = book, form, quarter
        self._sheet = book.sheet(form.sheet)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._first = len(form.leading)  # the first column of figures
        self._last = self._first + len(form.paths) - (0 if form.remark else 1)
        self._widths = self._column_widths()
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        head = self._title_block(office, reporter, programme)
        self._body = self._head(head)
        for row in range(len(form.rows)):
            self._row(row)
        self._validations()
        self._foot(self._body + len(form.rows) + 1)

    def activate(self) -> None:
        self._sheet.activate()

    # --- above and below the table ---

    def _title_block(self, office: str, reporter: str, programme: str) -> int:
        """Ends with the row in which the table begins."""
        form, middle = self._form, self._middle()
        self._across(0, 0, middle - 1, office, "office")
        self._across(0, middle, self._last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "office")
        self._across(1, middle, self._last, "Độc lập - Tự do - Hạnh phúc", "motto")
        self._sheet.set_row(0, LINE_HEIGHT * _lines(office, sum(self._widths[:middle])))
        self._across(3, 0, self._last, form.title, "title")
        self._sheet.set_row(3, 1.2 * LINE_HEIGHT * _lines(form.title, sum(self._widths) * 0.8))
        self._across(4, 0, self._last, f"({programme})", "subtitle")
        period = f"Quý {self._quarter.roman} năm {self._quarter.year}"
        self._across(5, 0, self._last, f"Kỳ báo cáo: {period}", "subtitle")
        self._across(6, 0, middle - 1, f"Đơn vị báo cáo: {reporter}", "left")
        if form.units:
            self._across(6, middle, self._last, f"Đơn vị tính: {', '.join(form.units)}", "right")
        return 7

    def _foot(self, row: int) -> None:
        """Only what the layout declares as footer, so that the reader knows that the table has ended."""
        form, middle = self._form, self._middle()
        footers = form.footers
        if not footers:
            return
        if "ghi chú" in (footer.casefold() for footer in footers):
            unknown = NO_DATA if form.blank_is_zero else "để trống"
            legend = f"Ghi chú: {unknown}: chưa có số liệu; 0: không phát sinh; x: không áp dụng với đơn vị."
            self._across(row, 0, self._last, legend, "note")
            row += 1
        place_and_date = f"…………, ngày …… tháng …… năm {self._quarter.next.year}"
        self._across(row, middle, self._last, place_and_date, "date")
        left = next((footer for footer in footers if footer.casefold().startswith(("người lập", "lập"))), "")
        right = next((footer for footer in footers if footer.casefold().startswith("thủ trưởng")), "")
        self._across(row + 1, 0, middle - 1, left.upper(), "office")
        self._across(row + 1, middle, self._last, right.upper(), "office")
        if right:
            self._across(row + 2, middle, self._last, "(Ký tên, đóng dấu)", "subtitle")

    def _middle(self) -> int:
        """The column at which the right half of the page begins."""
        reached = 0.0
        for column, width in enumerate(self._widths):
            if column > 1 and reached >= min(sum(self._widths) / 2 - 10, 60):
                return column
            reached += width
        return self._last

    def _across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        if not text:
            return
        if first < last:
            self._sheet.merge_range(row, first, row, last, "", self._book.style(style))
        self._sheet.write_string(row, first, text, self._book.style(style))

    # --- the table ---

    def _column_widths(self) -> list[float]:
        count = len(self._form.paths)
        label, figure = (26.0, 9.5) if count > 11 else (30.0, 11.0) if count > 5 else (56.0, 15.0)
        widths = [float(ORDINAL_WIDTH), label]
        widths += [float(UNIT_WIDTH)] * (len(self._form.leading) - 2)
        widths += [figure] * count
        return widths + ([float(REMARK_WIDTH)] if self._form.remark else [])

    def _head(self, top: int) -> int:
        """Header rows and the row of column numbers; the first row of the body."""
        form = self._form
        paths: list[Path] = [(heading,) for heading in form.leading]
        paths += [*form.paths, *([(form.remark,)] if form.remark else [])]
        rows, style = depth(paths), self._book.style("head")
        lines = [1] * rows
        for cell in header_cells(paths):
            first, last = top + cell.first_row, top + cell.last_row
            if (first, cell.first_column) != (last, cell.last_column):
                self._sheet.merge_range(first, cell.first_column, last, cell.last_column, "", style)
            self._sheet.write_string(first, cell.first_column, cell.text, style)
            width = sum(self._widths[cell.first_column : cell.last_column + 1])
            needed = ceil(_lines(cell.text, width) / (cell.last_row - cell.first_row + 1))
            for row in range(cell.first_row, cell.last_row + 1):
                lines[row] = max(lines[row], needed)
        for row, needed in enumerate(lines):
            self._sheet.set_row(top + row, LINE_HEIGHT * needed)
        formulas = [""] * self._first + list(form.formulas) + [""]
        for column in range(len(paths)):
            text = f"({column + 1}){formulas[column]}"
            self._sheet.write_string(top + rows, column, text, self._book.style("number"))
        self._sheet.repeat_rows(top, top + rows)
        self._sheet.freeze_panes(top + rows + 1, 2)
        return top + rows + 1

    def _row(self, index: int) -> None:
        row, at = self._form.rows[index], self._body + index
        # a row of one line stays free to grow with its remark
        if (lines := max(_lines(row.label, self._widths[1]), _lines(row.unit, UNIT_WIDTH))) > 1:
            self._sheet.set_row(at, LINE_HEIGHT * lines)
        is_bold = row.kind in ("group", "total")
        ordinal = self._book.style("ordinal", is_bold)
        if row.ordinal.isdigit():
            self._sheet.write_number(at, 0, int(row.ordinal), ordinal)
        else:
            self._text(at, 0, row.ordinal, ordinal)
        self._text(at, 1, row.label, self._book.style("text", is_bold or row.kind == "rate"))
        beside = [text for heading, text in ((self._form.unit, row.unit), (self._form.line, row.line)) if heading]
        for column, text in enumerate(beside, 2):
            self._text(at, column, text, self._book.style("unit"))
        for column, cell in enumerate(row.cells):
            self._write(index, column, cell, row)
        if self._form.remark:
            style = self._book.style("remark" if row.has_remark else "closed")
            self._sheet.write_blank(at, self._last, None, style)

    def _text(self, row: int, column: int, text: str, style: Any) -> None:
        """A text as text, whatever it begins with."""
        if text:
            self._sheet.write_string(row, column, text, style)
        else:
            self._sheet.write_blank(row, column, None, style)

    def _write(self, index: int, column: int, cell: Cell, row: Row) -> None:
        at, place = self._body + index, self._first + column
        value = self._form.value(index, column)
        if cell is None:
            # where blank means zero, a cell that nobody may fill must not be blank
            text = NO_DATA if row.kind == "figures" and self._form.blank_is_zero else ""
            self._text(at, place, text, self._book.style("text" if row.kind == "group" else "closed"))
        elif isinstance(cell, (Ask, Shown)):
            name = "formula" if isinstance(cell, Shown) else "fill" if cell.given in (None, NO_DATA) else "known"
            style = self._book.style(name, num_format=_num_format(_decimals(cell)))
            if value is None:
                self._sheet.write_blank(at, place, None, style)
            elif not isinstance(value, Decimal):
                self._sheet.write_string(at, place, value, style)
            elif isinstance(cell, Ask) and is_yes_no(cell.measure):
                self._sheet.write_string(at, place, YES if value else NO, style)
            else:
                self._sheet.write_number(at, place, value, style)
        else:
            style = self._book.style("formula", row.kind != "rate" and row.kind != "figures",
                                     _num_format(cell.decimals if isinstance(cell, Rate) else 0))  # fmt: skip
            self._sheet.write_formula(at, place, self._formula(cell, column), style, _cached(value))

    def _formula(self, cell: Sum | Rate, column: int) -> str:
        if isinstance(cell, Sum):
            place = self._first + column
            ranges = ",".join(
                f"{xl_rowcol_to_cell(self._body + first, place)}:{xl_rowcol_to_cell(self._body + last, place)}"
                for first, last in _runs(cell.rows)
            )
            return f'=IF(COUNT({ranges})=0,"{NO_DATA}",SUM({ranges}))'
        above, below = (
            xl_rowcol_to_cell(self._body + row, self._first + place) for row, place in (cell.above, cell.below)
        )
        rate = f'IF({below}>0,ROUND({above}/{below}*100,{cell.decimals}),"{NOT_APPLICABLE}")'
        no_rate = f'IF(OR({above}="x",{below}="x"),"{NOT_APPLICABLE}","{NO_DATA}")'
        return f"=IF(AND(ISNUMBER({above}),ISNUMBER({below})),{rate},{no_rate})"

    def _validations(self) -> None:
        """One for each block of cells that take the same; it may reach over locked cells, which nobody types into."""
        form = self._form
        columns = [self._entries(column) for column in range(len(form.paths))]
        place = 0
        while place < len(columns):
            beside = next((other for other in range(place, len(columns)) if columns[other] != columns[place]), None)
            last_column = (beside or len(columns)) - 1
            for first, last, entry, is_known in columns[place]:
                left, top = self._first + place, self._body + first
                remark = form.remark if is_known else None
                rule = entry.validation(xl_rowcol_to_cell(top, left), form.takes_estimates, remark)
                self._sheet.data_validation(top, left, self._body + last, self._first + last_column, rule)
            place = last_column + 1

    def _entries(self, column: int) -> list[tuple[int, int, Entry, bool]]:
        """First and last row of the body, what those cells take, and whether they hold a known figure."""
        asks = [
            (index, Entry.of(cell.measure), isinstance(cell.given, Decimal))
            for index, row in enumerate(self._form.rows)
            if isinstance(cell := row.cells[column], Ask)
        ]
        groups = [list(group) for _, group in groupby(asks, key=lambda ask: ask[1:])]
        return [(group[0][0], group[-1][0], *group[0][1:]) for group in groups]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbouring rows."""
    first = 0
    for index, row in enumerate(rows):
        if index + 1 == len(rows) or rows[index + 1] != row + 1:
            yield rows[first], row
            first = index + 1


def _decimals(cell: Ask | Shown) -> int:
    return cell.measure.decimals if isinstance(cell, Ask) else cell.decimals


def _num_format(decimals: int) -> str:
    """Never a percent format: rates are written in percent, as the headings say."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _cached(value: Value) -> str | float:
    """What the formula gives as long as nobody has opened the file."""
    return float(value) if isinstance(value, Decimal) else value or ""


def _lines(text: str, width: float) -> int:
    """Lines a bold text takes in a cell so many characters wide; not every program finds that out itself."""
    lines, room = 1, width
    for word in text.split():
        needed = len(word) * (1.3 if word.isupper() else 1.1)
        if room < needed and room < width:
            lines, room = lines + 1, width
        room -= needed + 1
    return lines
