"""A form as a sheet of an office workbook: heading, merged table head, rows, notes, signature block, print set-up.

It knows how a form looks, not what is on it (that is forms.py). The bytes depend on the contents alone: the created
date is given, XlsxWriter dates the members of the archive 1980.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tests.demo.habits import Habit

Value = str | int | float | None
FONT = "Times New Roman"
A4 = 9
MIDDLE = {"align": "center", "valign": "vcenter"}
CELL = {"border": 1, "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "body": {"align": "center"},
    "body_bold": {"align": "center", "bold": True},
    "motto": {"align": "center", "bold": True, "underline": 1},
    "title": MIDDLE | {"bold": True, "grow": 2},
    "period": {"align": "center", "italic": True},
    "left": {"align": "left"},
    "right": {"align": "right", "italic": True},
    "head": CELL | MIDDLE | {"bold": True, "text_wrap": True},
    "columns": CELL | MIDDLE | {"italic": True, "grow": -2},
    "text": CELL | {"text_wrap": True},
    "text_bold": CELL | {"text_wrap": True, "bold": True},
    "centre": CELL | MIDDLE,
    "centre_bold": CELL | MIDDLE | {"bold": True},
    "count": CELL | {"num_format": "#,##0"},
    "count_bold": CELL | {"num_format": "#,##0", "bold": True},
    "figure": CELL | {"align": "right"},
    "figure_bold": CELL | {"align": "right", "bold": True},
    "fraction1": CELL | {"num_format": "0.0%"},
    "fraction2": CELL | {"num_format": "0.00%"},
    "fraction2_bold": CELL | {"num_format": "0.00%", "bold": True},
    "note": {"align": "left", "italic": True},
}


@dataclass(frozen=True)
class Column:
    """A column of a table: its headings from the top down, its width and its number in the row of numbers."""

    heads: tuple[str, ...]
    width: float
    number: str


@dataclass(frozen=True)
class Heading:
    """What stands above and below a table."""

    superior: str
    office: str
    form_name: str  # "Biểu số 01"
    title: str
    period: str
    reporter: str
    unit: str  # "" where the form has a column of units
    attached_to: str  # "(Kèm theo ...)"
    notes: str
    place_and_date: str


class Workbook:
    """One office's workbook, written to memory."""

    def __init__(self, habit: Habit, created: date) -> None:
        self._bytes = BytesIO()
        self._habit = habit
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        self._book.set_properties({"created": datetime(created.year, created.month, created.day, 8)})
        self._formats: dict[str, Format] = {}

    def add_form(self, number: str, columns: Sequence[Column], heading: Heading) -> Form:
        bare = number.split("/")[0]
        sheet = self._book.add_worksheet(self._habit.sheet.format(bare, int(bare)))
        return Form(self, sheet, self._habit, columns, heading)

    def style(self, name: str) -> Format:
        if name not in self._formats:
            properties = dict(STYLES[name])
            size = self._habit.font_size + properties.pop("grow", 0)
            self._formats[name] = self._book.add_format({"font_name": FONT, "font_size": size} | properties)
        return self._formats[name]

    def finish(self) -> bytes:
        self._book.close()
        return self._bytes.getvalue()


class Form:
    """One sheet: heading and table head are written at once, then rows from top to bottom, then `close`."""

    def __init__(
        self, book: Workbook, sheet: Worksheet, habit: Habit, columns: Sequence[Column], heading: Heading
    ) -> None:
        self._book, self._sheet, self._habit = book, sheet, habit
        self._columns, self._heading = columns, heading
        self._row = 0
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        for index, column in enumerate(columns):
            sheet.set_column(self._at(index), self._at(index), column.width)
        if habit.first_column:
            sheet.set_column(0, 0, 2)
        self._write_heading()
        self._write_head()

    def add_row(self, cells: Sequence[tuple[Value, str]]) -> None:
        """One row of the table: a value and a style for each column; None leaves the cell empty."""
        for index, (value, style) in enumerate(cells):
            self._write(self._row, index, value, style)
        self._row += 1

    def close(self) -> None:
        """Notes, place and date, signature block; no person's name."""
        last, middle = len(self._columns) - 1, self._middle()
        self._row += 1
        self._write(self._row, 0, f"Ghi chú: {self._heading.notes}", "note")
        self._merge(self._row + 2, middle, last, self._heading.place_and_date, "period")
        self._merge(self._row + 3, 0, self._left_end(), "NGƯỜI LẬP BIỂU", "body_bold")
        self._merge(self._row + 3, middle, last, "THỦ TRƯỞNG ĐƠN VỊ", "body_bold")
        self._merge(self._row + 4, middle, last, "(Ký tên, đóng dấu)", "period")

    # ---- inside --------------------------------------------------------------------------------------------------

    def _at(self, index: int) -> int:
        return self._habit.first_column + index

    def _left_end(self) -> int:
        return 1 if len(self._columns) < 10 else 4

    def _middle(self) -> int:
        return 3 if len(self._columns) < 10 else len(self._columns) // 2

    def _write(self, row: int, index: int, value: Value, style: str) -> None:
        form = self._book.style(style)
        if value is None:
            self._sheet.write_blank(row, self._at(index), None, form)
        elif isinstance(value, str):
            self._sheet.write_string(row, self._at(index), value, form)
        else:
            self._sheet.write_number(row, self._at(index), value, form)

    def _merge(self, row: int, first: int, last: int, text: str, style: str, rows: int = 1) -> None:
        if first == last and rows == 1:
            self._write(row, first, text, style)
        else:
            self._sheet.merge_range(row, self._at(first), row + rows - 1, self._at(last), text, self._book.style(style))

    def _write_heading(self) -> None:
        head, told = self._habit.head, self._heading
        last, middle, left_end = len(self._columns) - 1, self._middle(), self._left_end()
        self._merge(0, 0, left_end, told.superior, "body")
        self._merge(0, middle, last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "body_bold")
        self._merge(1, 0, left_end, told.office, "body_bold")
        self._merge(1, middle, last, "Độc lập - Tự do - Hạnh phúc", "motto")
        row = 3 if head >= 1 else 2
        if head >= 1:
            self._merge(row, middle, last, told.form_name, "right")
            row += 1
        self._merge(row, 0, last, told.title, "title")
        row += 1
        if head >= 3:
            self._merge(row, 0, last, told.attached_to, "period")
            row += 1
        self._merge(row, 0, last, told.period, "period")
        row += 1
        self._merge(row, 0, left_end, f"Đơn vị báo cáo: {told.reporter}", "left")
        if head == 0:
            self._merge(row, middle, last, told.form_name, "right")
            row += 1 if told.unit else 0
        if told.unit:
            self._merge(row, middle, last, f"Đơn vị tính: {told.unit}", "right")
        self._row = row + (2 if head >= 2 else 1)

    def _write_head(self) -> None:
        depth = max(len(column.heads) for column in self._columns)
        for level in range(depth):
            for first, last in self._spans(level):
                heads = self._columns[first].heads
                if level >= len(heads):
                    continue
                is_leaf, above = level == len(heads) - 1, len(heads) - 1
                is_even = len({len(column.heads) for column in self._columns if column.heads[0] == heads[0]}) == 1
                start = depth - 1 if is_leaf and above and is_even else level
                rows = depth - start if is_leaf else (depth - above if is_even and level == above - 1 else 1)
                self._merge(self._row + start, first, last, heads[level], "head", rows)
        first_row = self._row
        for level, lines in enumerate(self._lines_of_head(depth)):
            self._sheet.set_row(first_row + level, lines * (self._habit.font_size + 4))
        self._row += depth
        self.add_row([(column.number, "columns") for column in self._columns])
        self._sheet.repeat_rows(first_row, self._row - 1)
        self._sheet.freeze_panes(self._row, self._at(2))

    def _lines_of_head(self, depth: int) -> list[int]:
        """Lines of text in each row of the head, for headings that have the row to themselves."""
        lines = [1] * depth
        for level in range(depth):
            for first, last in self._spans(level):
                heads = self._columns[first].heads
                if 1 < len(heads) > level:
                    width = sum(column.width for column in self._columns[first : last + 1])
                    row = depth - 1 if level == len(heads) - 1 else level
                    lines[row] = max(lines[row], ceil(len(heads[level]) * 1.3 / width))
        return lines

    def _spans(self, level: int) -> list[tuple[int, int]]:
        """First and last column of each heading of a level: neighbours with the same headings down to it."""
        spans: list[tuple[int, int]] = []
        for index, column in enumerate(self._columns):
            same = spans and self._columns[spans[-1][0]].heads[: level + 1] == column.heads[: level + 1]
            if same and len(column.heads) > level + 1:
                spans[-1] = (spans[-1][0], index)
            else:
                spans.append((index, index))
        return spans
