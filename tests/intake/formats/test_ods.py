"""ods: repeated cells, styles by inheritance, errors, comments, what is hidden or locked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.findings import RefusedError
from pipeline.intake.cells import Sheet, read_sheets
from tests.intake.formats.packages import ods_bytes


def cell(text: str = "", kind: str = "string", **attributes: str) -> str:
    extra = "".join(f' {name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<table:table-cell office:value-type="{kind}"{extra}><text:p>{text}</text:p></table:table-cell>'


def read(rows: str, styles: str = "", before: str = "", table: str = "", **parts: str) -> Sheet:
    content = ods_bytes(f'<table:table table:name="Biểu"{table}>{before}{rows}</table:table>', styles, **parts)
    (sheet,) = read_sheets(content)
    return sheet


def row(*cells: str, **attributes: str) -> str:
    extra = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-row{extra}>{''.join(cells)}</table:table-row>"


def test_values_have_their_kinds():
    sheet = read(
        row(
            cell("1.234,5", "float", office__value="1234.5"),
            cell("16%", "percentage", office__value="0.16"),
            cell("31/12/2023", "date", office__date_value="2023-12-31"),
            cell("01:30", "time", office__time_value="PT01H30M00S"),
            cell("ĐÚNG", "boolean", office__boolean_value="true"),
            cell("1,5", "float", office__value="hỏng"),
        )
    )
    assert list(sheet.rows[0]) == [1234.5, 0.16, date(2023, 12, 31), timedelta(hours=1, minutes=30), True, "1,5"]
    assert sheet.percent_cells == {(0, 1)}


def test_text_keeps_its_spaces_and_lines_and_leaves_comments_out():
    content = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>ghi chú riêng</text:p>'
        "</office:annotation><text:p>Xã<text:s text:c='2'/>Mới\n  A</text:p><text:p>khu B</text:p></table:table-cell>"
    )
    assert read(row(content)).rows[0][0] == "Xã  Mới A\nkhu B"


def test_repeated_rows_and_cells_stand_where_they_belong():
    sheet = read(
        row("<table:table-cell/>", number_rows_repeated="2")
        + row('<table:table-cell table:number-columns-repeated="3"/>', cell("x", table__number_columns_repeated="2"))
        + row(cell("y"), number_rows_repeated="2")
        + row('<table:table-cell table:number-columns-repeated="16384"/>', number_rows_repeated="1048000")
    )
    assert [list(one) for one in sheet.rows] == [[], [], ["", "", "", "x", "x"], ["y"], ["y"]]


def test_merged_cells_errors_and_formulas_without_result():
    sheet = read(
        row(cell("Hộ", table__number_columns_spanned="2", table__number_rows_spanned="3"))
        + row("<table:covered-table-cell/>", cell("#DIV/0!", calcext__value_type="error", table__formula="of:=1/0"))
        + row('<table:table-cell table:formula="of:=[.A1]"/>')
    )
    assert sheet.merged == [((0, 0), (2, 1))]
    assert sheet.errors == {(1, 1): "#DIV/0!"}
    assert sheet.value(1, 1) == ""
    assert sheet.uncalculated == {(2, 0)}


def test_what_is_hidden_is_told():
    sheet = read(
        row(cell("a"), visibility="collapse") + row(cell("b"), visibility="filter") + row(cell("c")),
        before='<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>',
        styles='<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>",
        table=' table:style-name="ta1"',
    )
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.is_hidden) == ({0, 1}, {2}, True)


def test_fonts_and_strike_through_come_from_styles_and_their_parents():
    styles = (
        '<style:font-face style:name="F1" style:font-family="\'.VnTime\'"/>'
        '<style:style style:name="old" style:family="table-cell">'
        '<style:text-properties style:font-name="F1"/></style:style>'
        '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="old">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    sheet = read(
        row(cell("Hµ Néi", table__style_name="ce1"))
        + row(cell('<text:span text:style-name="T1">987</text:span> 992'))
        + row(cell("Céng"), default_cell_style_name="old"),
        styles,
    )
    assert [one[0] for one in sheet.rows] == ["Hà Nội", "987 992", "Cộng"]
    assert sheet.struck == {(0, 0), (1, 0)}


def test_a_password_is_told():
    with pytest.raises(RefusedError) as refused:
        read(row(cell("a")), manifest="<manifest:manifest><manifest:encryption-data/></manifest:manifest>")
    assert refused.value.finding.rule == "password"


def test_a_small_file_that_declares_a_full_sheet_is_refused():
    with pytest.raises(RefusedError) as refused:
        read(
            row(
                cell("1", "float", office__value="1", table__number_columns_repeated="16384"),
                number_rows_repeated="1048576",
            )
        )
    assert refused.value.finding.rule == "sheet-too-large"


def test_a_filled_cell_far_out_is_told():
    sheet = read(row(cell("a"), '<table:table-cell table:number-columns-repeated="500"/>', cell("b")))
    assert sheet.beyond == (0, 501)
    assert list(sheet.rows[0]) == ["a"]
