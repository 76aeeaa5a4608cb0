"""HTML and Excel 2003 XML under the name .xls: tables are read, anything else is refused by name."""

from __future__ import annotations

import pytest

from pipeline.findings import RefusedError
from pipeline.intake.cells import Sheet, read_sheets

SS = "urn:schemas-microsoft-com:office:spreadsheet"


def html(body: str, head: str = "") -> Sheet:
    (sheet,) = read_sheets(f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode())
    return sheet


def xml(worksheets: str, styles: str = "") -> list[Sheet]:
    return read_sheets(
        f'<?xml version="1.0"?>\n<Workbook xmlns="{SS}" xmlns:ss="{SS}" xmlns:html="http://www.w3.org/TR/REC-html40">'
        f"<Styles>{styles}</Styles>{worksheets}</Workbook>".encode()
    )


def test_spanning_cells_become_merged_ranges_and_push_the_others_aside():
    sheet = html(
        "<table><tr><th rowspan=2>Xã</th><th colspan=2>Hộ nghèo</th></tr>"
        "<tr><th>Số hộ<th>Tỷ lệ</tr><tr><td>A<td>1.234<td>0,16%</table>"
    )
    assert [list(row) for row in sheet.rows] == [["Xã", "Hộ nghèo"], ["", "Số hộ", "Tỷ lệ"], ["A", "1.234", "0,16%"]]
    assert sheet.merged == [((0, 0), (1, 0)), ((0, 1), (0, 2))]


def test_titles_outside_the_tables_and_several_tables_stand_below_one_another():
    sheet = html(
        "<h3>BIỂU SỐ LIỆU</h3>Quý IV<br>năm 2023<table><tr><td>a</td></tr></table><p>Ghi chú</p>"
        "<table><tr><td>b</td></tr></table><script>var x = '<td>';</script>"
    )
    assert [list(row) for row in sheet.rows] == [["BIỂU SỐ LIỆU"], ["Quý IV"], ["năm 2023"], ["a"], ["Ghi chú"], ["b"]]


def test_what_excel_adds_to_its_pages_is_used():
    style = (
        "<style><!--.xl1 {mso-number-format:'0\\.00%';} .xl2 {text-decoration:line-through;}"
        " .xl3 {font-family:'.VnTime', serif;}--></style>"
        "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>Biểu 1</x:Name></x:ExcelWorkbook></xml><![endif]-->"
    )
    sheet = html(
        "<table><col><col style='display:none'><tr><td class=xl1 x:num='0.0016'>0,16%</td><td class=xl2>987</td>"
        "<td class=xl3>Hµ Néi</td></tr><tr style='display:none'><td x:err='#DIV/0!'>#DIV/0!</td>"
        "<td><s>5</s> 6</td><td><font face='VNI-Times'>Haø Noäi</font></td></tr></table>",
        style,
    )
    assert sheet.name == "Biểu 1"
    assert [list(row) for row in sheet.rows] == [[0.0016, "987", "Hà Nội"], ["", "5 6", "Hà Nội"]]
    assert sheet.percent_cells == {(0, 0)}
    assert sheet.struck == {(0, 1), (1, 1)}
    assert sheet.errors == {(1, 0): "#DIV/0!"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {1})


def test_text_is_read_in_the_encoding_the_page_names():
    page = "<html><meta charset=windows-1258><table><tr><td>Hà Nô\u0323i</td></tr></table></html>"
    (sheet,) = read_sheets(page.encode("cp1258"))
    assert sheet.text(0, 0) == "Hà Nội"


def test_entities_and_spaces_are_those_of_a_browser():
    assert html("<table><tr><td> Hộ &amp;\n  <b>nghèo</b>&nbsp;<br>2023 </td></tr></table>").rows[0][0] == (
        "Hộ & nghèo\xa0\n2023"
    )


@pytest.mark.parametrize(
    "content, found",
    [
        ("<html><body><p>Không có bảng</p></body></html>", "không có bảng"),
        ("<table><tr><td>a<table><tr><td>b</table></table>", "bảng lồng trong bảng"),
        ("<html><frameset><frame src='sheet001.htm'></frameset></html>", "bảng nằm ở tệp khác"),
        ("<?xml version='1.0'?><data><row>1</row></data>", "tệp XML"),
        ("<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>",
         ".fods"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "MHTML"),
    ],
)  # fmt: skip
def test_markup_that_is_no_plain_table_is_refused_by_name(content: str, found: str):
    with pytest.raises(RefusedError) as refused:
        read_sheets(content.encode())
    assert refused.value.finding.rule == "not-a-workbook"
    assert found in refused.value.finding.found


def test_a_page_with_cells_beyond_number_is_refused():
    with pytest.raises(RefusedError) as refused:
        html("<table>" + "<tr><td colspan=1000 rowspan=1000>a</td></tr>" * 5 + "</table>")
    assert refused.value.finding.rule == "sheet-too-large"


def test_excel_2003_xml_is_read_with_its_styles():
    styles = (
        '<Style ss:ID="Default"><Font ss:FontName="Arial"/></Style>'
        '<Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style>'
        '<Style ss:ID="s2"><Font ss:FontName=".VnTime" ss:StrikeThrough="1"/></Style>'
    )
    rows = (
        '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/>'
        '<Row><Cell ss:MergeAcross="2" ss:MergeDown="1"><Data ss:Type="String">Tiêu đề</Data></Cell>'
        '<Cell><Data ss:Type="Number">5</Data></Cell></Row>'
        '<Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="s1"><Data ss:Type="Number">0.16</Data></Cell>'
        '<Cell ss:StyleID="s2"><Data ss:Type="String">Hµ Néi</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="Error">#REF!</Data></Cell><Cell ss:Formula="=1+1"/>'
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><S>987</S> 992</ss:Data></Cell></Row>'
    )
    hidden = '<Worksheet ss:Name="Ẩn"><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>'
    sheet, other = xml(f'<Worksheet ss:Name="Biểu"><Table>{rows}</Table></Worksheet>{hidden}', styles)
    assert [list(row) for row in sheet.rows] == [
        ["Tiêu đề", "", "", 5.0], [], [], ["", 0.16, "Hà Nội"], ["", "", "987 992"],
    ]  # fmt: skip
    assert sheet.merged == [((0, 0), (1, 2))]
    assert sheet.percent_cells == {(3, 1)}
    assert sheet.struck == {(3, 2), (4, 2)}
    assert sheet.errors == {(4, 0): "#REF!"}
    assert sheet.uncalculated == {(4, 1)}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {1, 2})
    assert (sheet.is_hidden, other.is_hidden) == (False, True)


def test_broken_xml_is_a_finding():
    with pytest.raises(RefusedError) as refused:
        xml("<Worksheet><Table><Row>")
    assert refused.value.finding.rule == "unreadable"
