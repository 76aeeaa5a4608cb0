"""What the second reader of xlsx and xlsb sees: formats, fonts, formulas, errors, what is hidden."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from pipeline.findings import RefusedError
from pipeline.intake.cells import Sheet, read_sheets
from tests.intake.conftest import to_bytes
from tests.intake.formats.packages import OFFICE, relations, xlsb_bytes, xlsx_bytes, zipped


def one_sheet(content: bytes) -> Sheet:
    (sheet,) = read_sheets(content)
    return sheet


@pytest.mark.parametrize(
    "code, is_percent",
    [("0%", True), ("0.00%", True), ("#,##0.0 %;-0%", True), ("General", False), ('0.0" %"', False),
     ("0.0\\%", False), ("[$%]0", False)],
)  # fmt: skip
def test_a_percentage_is_told_by_its_format_not_by_a_sign_in_quotes(code: str, is_percent: bool):
    workbook = Workbook()
    workbook.active["B2"] = 0.16
    workbook.active["B2"].number_format = code
    assert one_sheet(to_bytes(workbook)).percent_cells == ({(1, 1)} if is_percent else set())


def test_what_is_struck_through_is_told_whole_or_in_part():
    workbook = Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["A1"].font = 100, Font(strike=True)
    sheet["A2"] = CellRichText(TextBlock(InlineFont(strike=True), "987"), TextBlock(InlineFont(), " 992"))
    sheet["A3"], sheet["A3"].font = 100, Font(strike=False)
    sheet["A4"] = CellRichText(TextBlock(InlineFont(b=True), "987"), " 992")
    read = one_sheet(to_bytes(workbook))
    assert read.struck == {(0, 0), (1, 0)}
    assert read.rows[1][0] == "987 992"


def test_a_formula_without_a_result_is_no_empty_cell():
    cells = {
        "A1": '<c r="A1"><f>B1+1</f></c>',
        "A2": '<c r="A2"><f>B1+1</f><v></v></c>',
        "A3": '<c r="A3" t="str"><f>IF(B1="","",B1)</f><v></v></c>',
        "A4": '<c r="A4"><f>B1+1</f><v>0</v></c>',
        "A5": '<c r="A5"><f>B1+1</f><v>5</v></c>',
    }
    rows = "".join(f'<row r="{number}">{cell}</row>' for number, cell in enumerate(cells.values(), 1))
    assert one_sheet(xlsx_bytes(rows)).uncalculated == {(0, 0), (1, 0)}
    # a writer that cannot calculate puts 0 everywhere and asks Excel to do it on opening
    asked = one_sheet(xlsx_bytes(rows, workbook='<calcPr fullCalcOnLoad="1"/>'))
    assert asked.uncalculated == {(0, 0), (1, 0), (3, 0)}


def test_a_formula_nobody_calculated_is_told_for_the_usual_writer():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet().write_formula(0, 0, "=1+1")
    assert one_sheet(buffer.getvalue()).uncalculated == {(0, 0)}


def test_error_values_are_named():
    rows = '<row r="2"><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2" t="e"><v>#REF!</v></c></row>'
    sheet = one_sheet(xlsx_bytes(rows))
    assert sheet.errors == {(1, 1): "#DIV/0!", (1, 2): "#REF!"}
    assert sheet.value(1, 1) == ""


def test_what_is_hidden_is_told():
    workbook = Workbook()
    sheet = workbook.active
    for row in range(1, 6):
        sheet.append([row] * 5)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions.group("B", "C", hidden=True)
    workbook.create_sheet("Ẩn").sheet_state = "hidden"
    workbook.create_sheet("Rất ẩn").sheet_state = "veryHidden"
    shown, hidden, very_hidden = read_sheets(to_bytes(workbook))
    assert (shown.hidden_rows, shown.hidden_columns, shown.is_hidden) == ({2}, {1, 2}, False)
    assert (hidden.is_hidden, very_hidden.is_hidden) == (True, True)


def test_charts_are_no_sheets():
    workbook = Workbook()
    workbook.active["A1"] = "Biểu"
    workbook.create_chartsheet("Biểu đồ")
    assert [sheet.name for sheet in read_sheets(to_bytes(workbook))] == ["Sheet"]


def test_cells_without_addresses_follow_one_another():
    rows = '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c/><c t="e"><v>#N/A</v></c></row>'
    assert set(one_sheet(xlsx_bytes(rows)).errors) == {(0, 1), (1, 1)}


def test_tags_with_a_prefix_and_parts_in_odd_places_are_read():
    prefixed = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1" hidden="1"><x:c r="A1" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    book = f'<workbook xmlns:r="{OFFICE}"><sheets><sheet name="Bieu" r:id="rId1"/></sheets></workbook>'
    content = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": relations(("worksheet", "/xl/TRANG/1.xml")),
            "xl/TRANG/1.xml": prefixed,
        }
    )
    sheet = one_sheet(content)
    assert sheet.errors == {(0, 0): "#N/A"}
    assert sheet.hidden_rows == {0}


def test_the_font_of_a_cell_or_of_a_part_of_its_text_tells_its_encoding():
    workbook = Workbook()
    sheet = workbook.active
    sheet["A1"], sheet["A1"].font = "Hµ Néi", Font(name=".VnTimeH")
    sheet["A2"] = CellRichText(TextBlock(InlineFont(rFont=".VnTime"), "TØnh "), TextBlock(InlineFont(), "Thừa Thiên"))
    sheet["A3"], sheet["A3"].font = "Haø Noäi", Font(name="VNI-Times")
    sheet["A4"], sheet["A4"].font = 2023, Font(name=".VnTime")
    read = one_sheet(to_bytes(workbook))
    assert [row[0] for row in read.rows] == ["HÀ NỘI", "Tỉnh Thừa Thiên", "Hà Nội", 2023]
    assert read.encoding == "TCVN3, VNI"
    assert read.undecoded == set()


def test_a_sheet_gets_a_readable_name():
    workbook = Workbook()
    workbook.active.title = " Biểu  số 1 "
    old = workbook.create_sheet("BiÓu hé nghÌo")
    old["A1"] = "Tæng sè hé nghÌo, hé cËn nghÌo cña quËn"
    assert [sheet.name for sheet in read_sheets(to_bytes(workbook))] == ["Biểu số 1", "Biểu hộ nghèo"]


def test_excel_4_macros_are_named():
    sheet = '<sheet name="M" sheetId="2" r:id="rId4"/>'
    macro = ("xlMacrosheet", "macrosheets/sheet1.xml")
    with pytest.raises(RefusedError) as refused:
        read_sheets(xlsx_bytes("", sheets=sheet, relation=macro))
    assert "macro Excel 4.0" in refused.value.finding.found


def test_xlsb_tells_the_same():
    cells = {(0, 0): "STT", (1, 1): (0.5, 1), (2, 0): "#DIV/0!", (3, 0): ("Céng hßa", 2)}
    sheet = one_sheet(xlsb_bytes(cells, hidden_rows=(3,), hidden_columns=(2,), is_hidden=True))
    assert sheet.name == "Biểu"
    assert sheet.percent_cells == {(1, 1)}
    assert sheet.errors == {(2, 0): "#DIV/0!"}
    assert sheet.struck == {(3, 0)}
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.is_hidden) == ({3}, {2}, True)
    assert sheet.rows[3][0] == "Cộng hòa"


def test_a_filled_cell_far_out_is_told_and_not_read():
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>2</v></c></row>'
    sheet = one_sheet(xlsx_bytes(rows))
    assert sheet.beyond == (0, 701)
    assert sheet.width <= 400


def test_a_sheet_as_large_as_excel_allows_is_refused_before_it_is_held():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(RefusedError) as refused:
        read_sheets(xlsx_bytes(rows))
    assert refused.value.finding.rule == "sheet-too-large"
    assert "XFD1048576" in refused.value.finding.found


def test_formatting_without_content_makes_no_sheet_large():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert one_sheet(xlsx_bytes(rows, head='<dimension ref="A1:XFD1048576"/>')).rows == [[1.0]]
