"""The marked copy of a sent file: cells coloured and commented, and sheets that list findings and changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.views import BookView
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from pipeline.feedback.inert import said
from pipeline.feedback.records import SEVERITIES, Change
from pipeline.feedback.source_books import SheetReader, cell_at, put, source_book
from pipeline.findings import Finding

SUMMARY, CHANGES = "Tổng hợp phát hiện", "Thay đổi"
FINDINGS_LISTED = 2000  # of one file; more would say the same again
_CELLS_OF_A_RANGE = 400
_COLOURS = {"error": "FFFFC7CE", "warn": "FFFFEB9C", "info": "FFDDEBF7"}
_WORDS = {"error": "Lỗi phải sửa", "warn": "Cần xác minh", "info": "Lưu ý"}
_AUTHOR = "Phản hồi số liệu"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_THIN = Border(*(Side(style="thin", color="FFBFBFBF"),) * 4)
_HEAD = PatternFill("solid", fgColor="FFD9D9D9")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def marked_copy(
    content: bytes,
    findings: Sequence[Finding],
    changes: Sequence[Change],
    name: str,
    made_on: date,
    read_sheets: SheetReader,
) -> bytes:
    """An .xlsx with the cells of `findings` marked; the same input gives the same bytes.

    name is that of the sent file. Raises what openpyxl or the reader raises where the file cannot be opened.
    """
    listed = sorted(findings, key=lambda one: SEVERITIES.index(one.severity))[:FINDINGS_LISTED]
    wanted = {one.sheet for one in listed if one.sheet} | {one.sheet for one in changes}
    book, sheets = source_book(content, name, wanted, read_sheets)
    for title in sorted(wanted & sheets.keys()):
        _mark(sheets[title], [one for one in listed if one.sheet == title and one.cell])
        sheets[title].sheet_state = "visible"  # a link to a hidden sheet leads nowhere
    summary = book.create_sheet(SUMMARY, 0)
    _list_findings(summary, listed, sheets, name)
    if changes:
        _list_changes(book.create_sheet(CHANGES, 1), changes, sheets)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is summary
    book.views = [BookView(activeTab=0)]
    return _packed(book, made_on)


def _mark(sheet: Worksheet, findings: Sequence[Finding]) -> None:
    """Colour each place by its worst finding and say all of them in one comment."""
    anchors = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, area.min_row + _CELLS_OF_A_RANGE) + 1)
        for column in range(area.min_col, min(area.max_col, area.min_col + _CELLS_OF_A_RANGE) + 1)
    }
    words: dict[tuple[int, int], list[str]] = {}
    coloured: set[tuple[int, int]] = set()
    for one in findings:  # the worst come first
        for position, place in enumerate(_places(one.cell, sheet)):
            place = anchors.get(place, place)
            if place not in coloured:
                coloured.add(place)
                sheet.cell(*place).fill = PatternFill("solid", fgColor=_COLOURS[one.severity])
            if position == 0:
                words.setdefault(place, []).append(
                    f"{_WORDS[one.severity].upper()}: {said(one.found)}\nCần: {said(one.expected)}\n{said(one.remedy)}"
                )
    for place, texts in words.items():
        text = "\n\n".join(texts)
        lines = sum(1 + len(line) // 45 for line in text.split("\n"))
        sheet.cell(*place).comment = Comment(text, _AUTHOR, height=20 * (lines + 1), width=340)


def _places(cells: str, sheet: Worksheet) -> Iterator[tuple[int, int]]:
    """(row, column) from 1 of `E14` or `E14:F20`, within what the sheet uses; nothing for what is no address."""
    try:
        left, top, right, bottom = range_boundaries(cells)
    except (ValueError, TypeError):
        return
    if not (left and top and right and bottom):  # whole rows and columns, or a row 0
        return
    count = 0
    for row in range(top, (min(bottom, sheet.max_row) if bottom > top else bottom) + 1):
        for column in range(left, (min(right, sheet.max_column) if right > left else right) + 1):
            if count < _CELLS_OF_A_RANGE:
                yield row, column
            count += 1


def _list_findings(sheet: Worksheet, findings: Sequence[Finding], sheets: Mapping[str, Worksheet], name: str) -> None:
    _title(sheet, "TỔNG HỢP PHÁT HIỆN")
    put(
        cell_at(sheet, 2, 1),
        f"Bản sao của tệp: {said(name)}. Công thức đã được thay bằng giá trị; tệp gốc được giữ nguyên.",
    )
    put(cell_at(sheet, 3, 1), "Đề nghị sửa trong tệp gốc rồi gửi lại. Bấm vào địa chỉ ô để đến ô đó; màu của ô:")
    for column, severity in enumerate(SEVERITIES, 2):
        cell = cell_at(sheet, 4, column)
        put(cell, _WORDS[severity])
        cell.fill = PatternFill("solid", fgColor=_COLOURS[severity])
    rows = [
        (position, _WORDS[one.severity], one.sheet, one.cell, one.found, one.expected, one.remedy)
        for position, one in enumerate(findings, 1)
    ]
    heads = ("STT", "Mức độ", "Trang tính", "Ô", "Phát hiện", "Cần", "Đề nghị")
    _table(sheet, 6, heads, rows, (6, 15, 18, 12, 40, 40, 50))
    for position, one in enumerate(findings, 7):
        sheet.cell(position, 2).fill = PatternFill("solid", fgColor=_COLOURS[one.severity])
        _link(cell_at(sheet, position, 4), one.cell, sheets.get(one.sheet))


def _list_changes(sheet: Worksheet, changes: Sequence[Change], sheets: Mapping[str, Worksheet]) -> None:
    _title(sheet, "SỐ LIỆU THAY ĐỔI SO VỚI BẢN ĐÃ ĐƯỢC CHẤP NHẬN TRƯỚC ĐÓ")
    rows = [
        (position, one.sheet, one.cell, one.area, one.measure, one.series, one.old, one.new)
        for position, one in enumerate(changes, 1)
    ]
    heads = ("STT", "Trang tính", "Ô", "Địa bàn", "Số liệu", "Cột", "Bản trước", "Bản này")
    _table(sheet, 3, heads, rows, (6, 18, 10, 28, 50, 22, 22, 22))
    for position, one in enumerate(changes, 4):
        _link(cell_at(sheet, position, 3), one.cell, sheets.get(one.sheet))


def _title(sheet: Worksheet, text: str) -> None:
    cell = cell_at(sheet, 1, 1)
    put(cell, text)
    cell.font = Font(bold=True, size=14)


def _table(
    sheet: Worksheet, top: int, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]
) -> None:
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = cell_at(sheet, top, column)
        put(cell, head)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), _HEAD, _THIN, _WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = width
    for position, values in enumerate(rows, top + 1):
        for column, value in enumerate(values, 1):
            cell = cell_at(sheet, position, column)
            put(cell, said(value) if isinstance(value, str) else value)
            cell.border, cell.alignment = _THIN, _WRAPPED
    sheet.freeze_panes = f"A{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _link(cell: Cell, place: str, target: Worksheet | None) -> None:
    """A link within the book; none where the place is a whole sheet or the sheet is not there."""
    if target is None or not place or not any(True for _ in _places(place, target)):
        return
    title = target.title.replace("'", "''")
    link = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{place}", tooltip=f"Đến ô {place}")
    cell.hyperlink = link
    cell.font = Font(color="FF0563C1", underline="single")


class _Undated(zipfile.ZipFile):
    """An archive whose members carry no time of their own, so that the same book has the same bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any) -> None:
        member = zipfile.ZipInfo(str(zinfo_or_arcname), _ZIP_TIME)
        member.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(member, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        with open(filename, "rb") as file:  # noqa: PTH123
            self.writestr(arcname, file.read())


def _packed(book: Workbook, made_on: date) -> bytes:
    moment = datetime(made_on.year, made_on.month, made_on.day)
    book.properties = DocumentProperties(creator=_AUTHOR, created=moment, modified=moment)
    buffer = io.BytesIO()
    with _Undated(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return buffer.getvalue()
