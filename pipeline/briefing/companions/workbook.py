"""briefing.xlsx: every table of the document on a sheet of its own, figures as numbers that look as printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from pipeline.briefing.companions.printed_tables import PrintedCell, PrintedTable, printed_tables
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.facts.figure import MISSING, NIL, NOT_APPLICABLE
from pipeline.programme import Programme
from pipeline.vietnamese import short_date

CONTENTS, NOTES = "Mục lục", "Ghi chú"
FIRST_ROW = 3  # of a table, below its title and the line on its unit
FONT, SIZE, A4 = "Times New Roman", 11, 9
_SHEET_NAME = 31  # letters that a spreadsheet program bears
_TABLE_WORDS = 8  # of the title, in the name of a table
_NARROW, _WIDE, _LINE_HEIGHT = 9, 46, 15.0
_HEAD = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#E7E6E6"}
_LINK = {"font_color": "#0563C1", "underline": 1}
_FIGURE = re.compile(
    r'(?P<before>[^\d"+-]*?)(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<decimals>\d+))?(?P<after>[^\d"]*)'
)
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SYMBOLS = (
    (MISSING, "chưa có số liệu (khác số 0)"),
    (NIL, "không phát sinh; ô chứa số 0"),
    (NOT_APPLICABLE, "không áp dụng"),
    ("r", "đứng sau con số: đã đính chính so với báo cáo đã phát hành"),
    ("c", "đứng sau con số: khớp số công bố"),
    ("đậm, gạch chân", "kém hơn bình quân chung"),
)
_PUBLIC_NOTES = (
    ("(*)", "số nhỏ, không công bố, cùng những số mà từ đó có thể suy ra số này"),
    ("Lưu ý", "Mỗi trang là một bảng của bản công bố, cùng số liệu; số trong ô là số đã làm tròn như in."),
)
_REMARKS = tuple(("Lưu ý", text) for text in (
    "Mỗi trang là một bảng của báo cáo, cùng thứ tự, cùng số liệu. Số trong ô là số đã làm tròn như in trong báo cáo; "
    "giá trị chính xác, tử số, mẫu số có trong facts.json và trong thư mục tables.",
    "Dấu phân cách hàng nghìn và dấu thập phân hiện theo cài đặt của máy. Tỷ lệ có dấu % là số phần trăm thật "
    "(0,03% là 0,0003); cột ghi (%) trong tên thì chứa số đã nhân 100.",
    'Con số gồm hai phần như "18/30" hoặc một khoảng như "73-75%" là chữ.',
    "Tệp không có công thức, không có liên kết ra ngoài.",
))  # fmt: skip


def workbook(programme: Programme, facts: BriefingFacts, page: str, is_public: bool = False) -> bytes:
    """The workbook of a page with marked figures; the same page and facts give the same bytes."""
    if is_public:
        notes = [*_SYMBOLS[:3], *_PUBLIC_NOTES, *_REMARKS[1:]]
        source = f"{programme.document.issuing_body}, tổng hợp báo cáo của các đơn vị."
    else:
        notes = [*_SYMBOLS, *_REMARKS]
        received = facts.submissions.received
        source = f"Báo cáo của các đơn vị gửi về {programme.document.issuing_body}; đã nhận và dùng được {received}."
    return Companion(programme, facts, printed_tables(page), [*notes, ("Nguồn", source)]).made()


def sheet_names(tables: list[PrintedTable]) -> list[str]:
    """The sheet of each table: '4. Hộ nghèo, hộ cận nghèo', cut between words where that is too long."""
    names = []
    for place, table in enumerate(tables, 1):
        name = re.sub(r"[\[\]:*?/\\']", " ", f"{place}. {_bare(table.title)}")
        name = " ".join(name.split())
        if len(name) > _SHEET_NAME:
            name = name[: _SHEET_NAME - 1].rpartition(" ")[0].rstrip(" ,;(") + "…"
        names.append(name)
    return names


def as_number(cell: PrintedCell) -> tuple[float, str] | None:
    """The number of a printed figure and the format that prints it again; None where it is no single number.

    '0,095' is 0.095 in #,##0.000; '+5,5%' is 0.055; 'ước 93%' keeps its word in the format.
    """
    if cell.text == NIL:
        return 0.0, f'#,##0;-#,##0;"{NIL}"'
    found = _FIGURE.fullmatch(cell.text)
    if found is None:
        return None
    whole, decimals, after = found["whole"].replace(".", ""), found["decimals"] or "", found["after"]
    is_percent = after.startswith("%")
    # one division of whole numbers gives the nearest double
    size = int(whole + decimals) / 10 ** (len(decimals) + 2 * is_percent)
    digits = "0" * len(whole) if whole[0] == "0" and len(whole) > 1 else "#,##0" if "." in found["whole"] else "0"
    digits += f".{'0' * len(decimals)}" if decimals else ""
    after = ("%" if is_percent else "") + _literal(after[is_percent:] + (f" {cell.mark}" if cell.mark else ""))
    shown = f"{_literal(found['before'])}{{}}{digits}{after}"
    if found["sign"]:
        return (-size if found["sign"] == "-" else size), f"{shown.format('+')};{shown.format('-')};0"
    return size, shown.format("")


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""


class Companion:
    """Writes the contents, the notes and one sheet for each table."""

    def __init__(
        self, programme: Programme, facts: BriefingFacts, tables: list[PrintedTable], notes: list[tuple[str, str]]
    ) -> None:
        self._facts, self._tables, self._lines = facts, tables, notes
        self._bytes = BytesIO()
        default = {"font_name": FONT, "font_size": SIZE}
        self._book = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True, "default_format_properties": default} | _AS_TEXT
        )
        self._title = f"{programme.short_title}: số liệu báo cáo {facts.quarter.title}"
        day = facts.data_date
        self._book.set_properties({
            "title": self._title, "author": programme.document.issuing_body, "subject": programme.title,
            "comments": self._state(), "created": datetime(day.year, day.month, day.day),
        })  # fmt: skip
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def made(self) -> bytes:
        names = sheet_names(self._tables)
        self._contents(names)
        self._notes()
        for place, (name, table) in enumerate(zip(names, self._tables, strict=True), 1):
            self._sheet_of(place, name, table)
        self._book.close()
        return self._bytes.getvalue()

    def _state(self) -> str:
        said = "SỐ LIỆU MINH HỌA. " if self._facts.is_illustrative else ""
        return f"{said}Số liệu tổng hợp đến {short_date(self._facts.data_date)}."

    def _style(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": FONT, "font_size": SIZE} | properties)
        return self._formats[key]

    def _sheet(self, name: str, title: str, widths: list[float], unit_line: str = "") -> Any:
        """An empty sheet ready for print; above the table its title and what the figures are."""
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.7, bottom=0.6)
        state = "&RSỐ LIỆU MINH HỌA" if self._facts.is_illustrative else ""
        sheet.set_header(f'&L&"{FONT},Regular"&9{_in_margin(self._title)}{state}')
        sheet.set_footer(f'&R&"{FONT},Regular"&9Trang &P/&N')
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self._across(sheet, 0, widths, title, bold=True, font_size=SIZE + 2)
        self._across(sheet, 1, widths, f"{self._state()} {unit_line}".strip(), italic=True)
        sheet.freeze_panes(FIRST_ROW + 1, 0)
        sheet.repeat_rows(FIRST_ROW)
        return sheet

    def _across(self, sheet: Any, row: int, widths: list[float], text: str, **look: Any) -> None:
        """A text over the whole width of the table, as high as it needs."""
        style = self._style(**look, text_wrap=True, valign="top")
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
        sheet.write_string(row, 0, text, style)
        sheet.set_row(row, _height([text], [sum(widths) * SIZE / look.get("font_size", SIZE)]))

    def _contents(self, names: list[str]) -> None:
        widths = [6.0, 70.0, 62.0, 9.0]
        sheet = self._sheet(CONTENTS, self._title, widths)
        head, cell = self._style(**_HEAD), self._style(border=1, text_wrap=True, valign="top")
        link = self._style(border=1, text_wrap=True, valign="top", **_LINK)
        for column, heading in enumerate(("STT", "Bảng", "Phần của báo cáo", "Số dòng")):
            sheet.write_string(FIRST_ROW, column, heading, head)
        for place, (name, table) in enumerate(zip(names, self._tables, strict=True), 1):
            row = FIRST_ROW + place
            sheet.write_number(row, 0, place, cell)
            sheet.write_url(row, 1, f"internal:'{name}'!A1", link, table.title)
            sheet.write_string(row, 2, table.section, cell)
            sheet.write_number(row, 3, len(table.rows), cell)
            sheet.set_row(row, _height([table.title, table.section], widths[1:3]))

    def _notes(self) -> None:
        widths = [18.0, 110.0]
        sheet = self._sheet(NOTES, NOTES, widths)
        bold, wrapped = self._style(**_HEAD | {"align": "left"}), self._style(border=1, text_wrap=True, valign="top")
        sheet.write_string(FIRST_ROW, 0, "Ký hiệu, mục", bold)
        sheet.write_string(FIRST_ROW, 1, "Nội dung", bold)
        for row, (sign, said) in enumerate(self._lines, FIRST_ROW + 1):
            sheet.write_string(row, 0, sign, wrapped)
            sheet.write_string(row, 1, said, wrapped)
            sheet.set_row(row, _height([sign, said], widths))

    def _sheet_of(self, place: int, name: str, table: PrintedTable) -> None:
        widths = _widths(table)
        sheet = self._sheet(name, table.title, widths, table.unit_line)
        sheet.write_url(2, 0, f"internal:'{CONTENTS}'!A1", self._style(**_LINK), CONTENTS)
        last_row, last = FIRST_ROW + len(table.rows), len(table.head) - 1
        head = self._style(**_HEAD)
        sheet.add_table(FIRST_ROW, 0, last_row, last, {
            "name": _table_name(place, table.title), "style": None,
            "columns": [{"header": heading, "header_format": head} for heading in table.head],
        })  # fmt: skip
        # the button of the filter takes some of the heading's width
        sheet.set_row(FIRST_ROW, _height(table.head, [width - 3 for width in widths]))
        for row, cells in enumerate(table.rows):
            for column, (heading, cell) in enumerate(zip(table.head, cells, strict=True)):
                self._write(sheet, FIRST_ROW + 1 + row, column, heading, cell, row in table.totals)
            sheet.set_row(FIRST_ROW + 1 + row, _height([cell.text for cell in cells], widths))
        for row, legend in enumerate(table.legends, last_row + 2):
            self._across(sheet, row, widths, legend, italic=True)
        sheet.freeze_panes(FIRST_ROW + 1, _frozen_columns(table))
        sheet.print_area(0, 0, last_row + 1 + len(table.legends), last)

    def _write(self, sheet: Any, row: int, column: int, heading: str, cell: PrintedCell, is_total: bool) -> None:
        """A figure as a number; everything else as text, whatever it looks like."""
        look: dict[str, Any] = {"border": 1, "valign": "top"}
        if is_total or cell.is_marked:
            look["bold"] = True
        if cell.is_marked:
            look["underline"] = 1
        number = as_number(cell) if cell.key else None
        if number:
            sheet.write_number(row, column, number[0], self._style(**look, align="right", num_format=number[1]))
        elif heading == "STT" and cell.text.isascii() and cell.text.isdigit():
            sheet.write_number(row, column, int(cell.text), self._style(**look, align="center"))
        elif cell.text:
            shown = f"{cell.text} {cell.mark}".rstrip()
            placed = {"align": "right"} if cell.key else {"text_wrap": True}
            sheet.write_string(row, column, shown, self._style(**look, **placed, quote_prefix=True))
        else:
            sheet.write_blank(row, column, None, self._style(**look))


def _widths(table: PrintedTable) -> list[float]:
    """As wide as the longest word and the usual text ask for, within bounds."""
    widths: list[float] = []
    for column, heading in enumerate(table.head):
        texts = [row[column].text for row in table.rows]
        longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
        word = max((len(word) for text in (heading, *texts) for word in text.split()), default=0)
        widths.append(min(_WIDE, max(_NARROW if heading != "STT" else 6, word * 1.2 + 2, min(longest * 1.1, _WIDE))))
    return widths


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height in points of a row in which each text is wrapped at its width."""
    lines = (sum(max(1, ceil(0.95 * len(line) / width)) for line in text.split("\n"))
             for text, width in zip(texts, widths, strict=True))  # fmt: skip
    return _LINE_HEIGHT * max(lines, default=1)


def _frozen_columns(table: PrintedTable) -> int:
    """The columns up to the name of the row stay in sight, in tables of figures."""
    for column in range(min(3, len(table.head))):
        if any(row[column].key for row in table.rows):
            return column
    return 2 if any(cell.key for row in table.rows for cell in row) else 0


def _table_name(place: int, title: str) -> str:
    """'Bang_04_ho_ngheo_ho_can_ngheo': letters, digits and underscores only."""
    letters = unicodedata.normalize("NFD", _bare(title).lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return "_".join([f"Bang_{place:02}", *words[:_TABLE_WORDS]])


def _bare(title: str) -> str:
    """The title without its own number and without what is counted behind a colon."""
    return re.sub(r"^[0-9]+[.] |:.*$", "", title)


def _in_margin(text: str) -> str:
    """A text for header or footer, where & begins a command."""
    return text.replace("&", "&&")
