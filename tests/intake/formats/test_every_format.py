"""The same table in every format an office sends is read to the same sheet, whatever the file is called."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from pipeline.intake.cells import Sheet, read_sheets
from tests.intake.formats.biff import BIFF5, BIFF8, XlsSheet, xls_bytes
from tests.intake.formats.packages import ods_bytes, xlsb_bytes

ROWS = [
    ["BIỂU SỐ LIỆU HỘ NGHÈO", "", ""],
    ["STT", "Xã, phường", "Số hộ"],
    [1, "Phường Đông; khu A", 1234.5],
    [2, 'Xã "Mới", khu B', 7],
    ["", "Tổng cộng", 1241.5],
]
CELLS = {(row, column): value for row, values in enumerate(ROWS) for column, value in enumerate(values) if value != ""}


def as_xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet("Biểu")
        for place, value in CELLS.items():
            sheet.write(*place, value)
    return buffer.getvalue()


def as_xlsm() -> bytes:
    """As Excel keeps macros: one more part, which nobody opens."""
    buffer = io.BytesIO(as_xlsx())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 a macro")
    return buffer.getvalue()


def as_xls(version: int) -> bytes:
    ascii_only = {place: strip(value) if version == BIFF5 else value for place, value in CELLS.items()}
    return xls_bytes([XlsSheet("Bieu", ascii_only)], version=version)


def strip(value: object) -> object:
    """BIFF5 has no Unicode; the letters its page of code lacks are tried in test_legacy_text."""
    return value.encode("ascii", errors="ignore").decode() if isinstance(value, str) else value


def as_ods() -> bytes:
    def cell(value: object) -> str:
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, str):
            quoted = value.replace('"', "&quot;")
            return f'<table:table-cell office:value-type="string"><text:p>{quoted}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in ROWS)
    return ods_bytes(f'<table:table table:name="Biểu">{rows}</table:table>')


def as_text(separator: str, encoding: str) -> bytes:
    def field(value: object) -> str:
        text = str(value)
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in '";,\t') else text

    return "".join(f"{separator.join(map(field, row))}\r\n" for row in ROWS).encode(encoding)


def as_html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in ROWS)
    return f"<html><meta charset=utf-8><table>{rows}</table></html>".encode()


def as_excel_2003_xml() -> bytes:
    def cell(value: object) -> str:
        if value == "":
            return "<Cell/>"
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in ROWS)
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Biểu"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def filled(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {
        (row, column): value
        for row, values in enumerate(sheet.rows)
        for column, value in enumerate(values)
        if value not in ("", None)
    }


def as_strings(cells: dict[tuple[int, int], object]) -> dict[tuple[int, int], str]:
    return {place: str(value) for place, value in cells.items()}


@pytest.mark.parametrize(
    "make", [as_xlsx, as_xlsm, lambda: as_xls(BIFF8), lambda: xlsb_bytes(CELLS), as_ods, as_excel_2003_xml]
)
def test_a_workbook_is_read_cell_by_cell(make: Callable[[], bytes]):
    (sheet,) = read_sheets(make())
    assert filled(sheet) == CELLS
    assert (sheet.is_hidden, sheet.encoding, sheet.undecoded, sheet.errors, sheet.struck) == (
        False,
        "",
        set(),
        {},
        set(),
    )


def test_excel_5_is_read_cell_by_cell():
    (sheet,) = read_sheets(as_xls(BIFF5))
    assert filled(sheet) == {place: strip(value) for place, value in CELLS.items()}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_table_is_read_cell_by_cell(separator: str, encoding: str):
    (sheet,) = read_sheets(as_text(separator, encoding))
    assert filled(sheet) == as_strings(CELLS)


def test_an_html_table_is_read_cell_by_cell():
    (sheet,) = read_sheets(as_html())
    assert filled(sheet) == as_strings(CELLS)


def test_the_name_of_a_file_says_nothing():
    assert filled(read_sheets(as_html(), "Biểu 1.xls")[0]) == as_strings(CELLS)
    assert filled(read_sheets(as_xlsx(), "bieu.csv")[0]) == CELLS
