"""Marked copies read back: what is coloured, said and linked, and that nothing in them can act."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.feedback.copies import marked_copy
from pipeline.feedback.records import Change
from pipeline.findings import Finding
from tests.feedback.conftest import to_bytes

DAY = date(2031, 1, 6)
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|theme/theme1|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet\d+\.xml\.rels"
    r"|xl/comments/comment\d+\.xml|xl/drawings/commentsDrawing\d+\.vml"
)
ERROR, WARN, INFO = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7"


@dataclass
class Seen:
    """A sheet as the reader gives it."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def no_reader(content: bytes, name: str) -> Sequence[Seen]:
    raise AssertionError("an .xlsx is copied from itself")


def finding(severity: Any, sheet: str, cell: str, found: str = "sai") -> Finding:
    return Finding("rule", severity, sheet, cell, found, "một số", "Sửa ô này.")


def marked(workbook: Workbook | bytes, *findings: Finding, changes: Sequence[Change] = (), reader: Any = no_reader):
    return marked_copy(to_bytes(workbook), findings, changes, "gốc.xlsx", DAY, reader)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def everything(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(PARTS.fullmatch(name) for name in archive.namelist()), archive.namelist()
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


@pytest.fixture
def workbook() -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Biểu 'A'"
    for row in (["Tên", "Số"], ["Một", 12], ["Hai", "1o"], ["Ba", 0.25], ["Bốn", None]):
        sheet.append(row)
    sheet["B4"].number_format = "0.00%"
    sheet["A1"].font = Font(name=".VnTime", bold=True)
    sheet["A2"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.column_dimensions["A"].width = 33
    sheet.merge_cells("A6:B7")
    sheet["A6"] = "gộp"
    return book


def test_cells_are_coloured_and_commented_by_their_worst_finding(workbook: Workbook):
    book = opened(
        marked(
            workbook,
            finding("warn", "Biểu 'A'", "B3", "chữ o"), finding("error", "Biểu 'A'", "B3", "1o"),
            finding("info", "Biểu 'A'", "A2:B2"), finding("warn", "Biểu 'A'", "B7", "ô gộp"),
        )
    )  # fmt: skip
    sheet = book["Biểu 'A'"]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("B3", "A2", "B2", "A6")] == [ERROR, INFO, INFO, WARN]
    assert sheet["B4"].fill.fill_type is None
    text = sheet["B3"].comment.text
    assert text.index("LỖI PHẢI SỬA: 1o\nCần: một số\nSửa ô này.") < text.index("CẦN XÁC MINH: chữ o")
    assert sheet["A2"].comment is not None and sheet["B2"].comment is None, "one comment for a range"
    assert "ô gộp" in sheet["A6"].comment.text, "a merged range is marked at its first cell"


def test_values_and_look_stay(workbook: Workbook):
    sheet = opened(marked(workbook, finding("error", "Biểu 'A'", "B3")))["Biểu 'A'"]
    rows = [list(row) for row in sheet.iter_rows(max_row=5, values_only=True)]
    assert rows == [["Tên", "Số"], ["Một", 12], ["Hai", "1o"], ["Ba", 0.25], ["Bốn", None]]
    assert (sheet["A1"].font.name, sheet["A1"].font.b, sheet["B4"].number_format) == (".VnTime", True, "0.00%")
    assert sheet.column_dimensions["A"].width == 33 and [str(one) for one in sheet.merged_cells.ranges] == ["A6:B7"]


def test_the_first_sheet_lists_everything_with_links(workbook: Workbook):
    book = opened(
        marked(
            workbook, finding("info", "Biểu 'A'", "B2"), finding("error", "", "", "thiếu biểu"),
            finding("error", "Biểu 'A'", "B3", "=HYPERLINK(1)"),
        )
    )  # fmt: skip
    assert book.sheetnames[0] == "Tổng hợp phát hiện" and book.active.title == book.sheetnames[0]
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=7)]
    assert [row[:5] for row in rows] == [
        [1, "Lỗi phải sửa", None, None, "thiếu biểu"],
        [2, "Lỗi phải sửa", "Biểu 'A'", "B3", "=HYPERLINK(1)"],
        [3, "Lưu ý", "Biểu 'A'", "B2", "sai"],
    ]
    links = [book.worksheets[0].cell(row, 4).hyperlink for row in (7, 8, 9)]
    assert links[0] is None and [link.location for link in links[1:]] == ["'Biểu ''A'''!B3", "'Biểu ''A'''!B2"]


def test_nothing_of_the_sender_can_act(workbook: Workbook):
    sheet = workbook.active
    assert sheet is not None
    for cell, text in {"C1": "=1+1", "C2": '=cmd|"/c calc"!A1', "C3": "[x.xlsx]A!B1"}.items():
        sheet[cell] = text
    for cell, text in {"D1": "=chữ", "D2": "+84", "D3": "-1-", "D4": "@tên"}.items():
        sheet[cell] = text
        sheet[cell].data_type = "s"
    sheet["A2"].hyperlink = "file://may-chu/tep.exe"
    sheet["A3"].comment = Comment("Nguyễn Thị Kín viết", "Nguyễn Thị Kín")
    validation = DataValidation(type="list", formula1='=INDIRECT("http://xau")')
    validation.add("B2")
    sheet.add_data_validation(validation)
    sheet.conditional_formatting.add("B1:B5", FormulaRule(formula=["xau()"], fill=PatternFill(bgColor="FF0000FF")))
    sheet.oddHeader.center.text = "đầu trang kín"
    sheet.auto_filter.ref = "A1:B5"
    sheet.protection.enable()
    workbook.defined_names["xau"] = DefinedName("xau", attr_text="cmd|'/c calc'!A1")
    workbook.properties.creator = workbook.properties.lastModifiedBy = "Nguyễn Thị Kín"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=4))
    sheet.add_chart(chart, "H2")
    content = to_bytes(workbook)
    copy = marked(content, finding("error", sheet.title, "B3"))
    written = everything(copy)
    for trace in ("Nguyễn", "cmd|&quot;", "INDIRECT", "xau", "tep.exe", "đầu trang kín", "sheetProtection"):
        assert trace not in written
    assert "<f>" not in written and "<f " not in written
    book = opened(copy)
    assert all(cell.data_type != "f" for one in book.worksheets for row in one.iter_rows() for cell in row)
    found = book[sheet.title]
    assert [found[cell].value for cell in ("C1", "C2")] == [None, None], "a formula leaves only its last value"
    assert [(found[f"D{row}"].value, found[f"D{row}"].quotePrefix) for row in (1, 2, 3, 4)] == [
        ("=chữ", True), ("+84", True), ("-1-", True), ("@tên", True),
    ]  # fmt: skip


def test_the_last_values_of_formulas_are_kept():
    """Written by hand: openpyxl writes formulas without values."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = 1, 2
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(to_bytes(book))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b'<c r="B1" t="n"><v>2</v>', b'<c r="B1"><f>A1+1</f><v>2</v>')
            new.writestr(name, data)
    copy = marked(buffer.getvalue(), finding("error", sheet.title, "A1"))
    assert opened(copy)[sheet.title]["B1"].value == 2 and "<f>" not in everything(copy)


def test_a_sheet_with_findings_is_shown_even_where_it_was_hidden(workbook: Workbook):
    for title in ("ẩn có lỗi", "ẩn"):
        workbook.create_sheet(title).sheet_state = "veryHidden"
    book = opened(marked(workbook, finding("error", "ẩn có lỗi", "A1")))
    assert (book["ẩn có lỗi"].sheet_state, book["ẩn"].sheet_state) == ("visible", "veryHidden")


def test_the_same_input_gives_the_same_bytes_and_leaves_the_original(workbook: Workbook):
    content = to_bytes(workbook)
    before = bytes(content)
    change = Change("Biểu 'A'", "B2", "Quận", "Hộ", "thực hiện", "1", "2")
    one, two = (marked(content, finding("warn", "Biểu 'A'", "B3"), changes=[change]) for _ in range(2))
    assert one == two and content == before
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(one).properties.modified.date() == DAY


@pytest.mark.parametrize("cell", ["XFD1048576", "A1:XFD1048576", "1:5", "lạ", "B0", "ZZZZ9"])
def test_a_strange_address_costs_nothing(workbook: Workbook, cell: str):
    book = opened(marked(workbook, finding("error", "Biểu 'A'", cell)))
    assert book.worksheets[0]["E7"].value == "sai"


def test_another_format_is_copied_from_what_the_reader_saw():
    rows = [["Tên", "=1+1"], ["-", 5.0, True, date(2030, 1, 2)], ["+", float("nan"), "\x01chữ"]]
    title = "Biểu: 1/2 [rất dài, dài hơn tên trang tính được phép]"
    sheets = [Seen(title, rows, [((0, 0), (0, 1))]), Seen("hai", [])]
    copy = marked(b"STT;...", finding("error", sheets[0].name, "B2"), reader=lambda content, name: sheets)
    everything(copy)
    book = opened(copy)
    sheet = book.worksheets[1]
    assert sheet["B2"].fill.fgColor.rgb == ERROR and sheet["B2"].comment is not None
    assert (sheet["A2"].value, sheet["B2"].value, sheet["C2"].value) == ("-", 5, True)
    assert sheet["A2"].quotePrefix and (sheet["B3"].value, sheet["C3"].value) == ("nan", "chữ")
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:B1"]


def test_sheets_of_one_name_in_the_reader_s_eyes_do_not_mix(workbook: Workbook):
    """A sheet the file calls otherwise (an old encoding): the copy is made from what the reader saw."""
    seen = [Seen("Biểu đã giải mã", [["Một", 1]])]
    book = opened(marked(workbook, finding("error", seen[0].name, "B1"), reader=lambda content, name: seen))
    assert book.sheetnames == ["Tổng hợp phát hiện", "Biểu đã giải mã"]
