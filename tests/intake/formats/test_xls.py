"""xls: what BIFF says of its cells beside their values."""

from __future__ import annotations

import pytest

from pipeline.findings import RefusedError
from pipeline.intake.cells import read_sheets
from tests.intake.formats.biff import BIFF5, Error, Font, XlsSheet, ole_bytes, xls_bytes

FONTS = (Font(), Font(is_struck=True), Font(".VnTime"), Font("Arial"), Font(".VnTimeH"))
STYLES = ((0, "General"), (0, "0.0%"), (1, "General"), (2, "General"), (5, "General"), (0, "dd/mm/yyyy"))


def test_formats_errors_and_what_is_hidden():
    first = XlsSheet(
        "Biểu 1",
        {(0, 0): "Tỷ lệ", (1, 1): 0.0016, (2, 0): Error(0x07), (2, 1): Error(0x2A), (3, 0): True, (4, 0): 12.0},
        styles={(1, 1): 1, (4, 0): 2},
        merged=[(0, 0, 0, 3), (1, 2, 0, 0)],
        hidden_rows=(3,),
        hidden_columns=(1, 5),
    )
    second = XlsSheet("Cũ", {(0, 0): 1}, is_hidden=True)
    sheet, old = read_sheets(xls_bytes([first, second], fonts=FONTS, styles=STYLES))
    assert sheet.percent_cells == {(1, 1)}
    assert sheet.errors == {(2, 0): "#DIV/0!", (2, 1): "#N/A"}
    assert sheet.value(2, 0) == ""
    assert sheet.value(3, 0) is True
    assert sheet.struck == {(4, 0)}
    assert sheet.merged == [((0, 0), (0, 3)), ((1, 0), (2, 0))]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {1, 5})
    assert (sheet.is_hidden, old.is_hidden) == (False, True)


def test_a_date_is_a_date_and_an_impossible_one_a_number():
    cells = {(0, 0): 45_291.0, (1, 0): 9e12}
    dated = XlsSheet("B", cells, styles=dict.fromkeys(cells, 5))
    (sheet,) = read_sheets(xls_bytes([dated], fonts=FONTS, styles=STYLES))
    assert str(sheet.value(0, 0)) == "2023-12-31 00:00:00"
    assert sheet.value(1, 0) == 9e12


def test_fonts_of_cells_and_runs_tell_the_encoding():
    sheet = XlsSheet(
        "B",
        {(0, 0): "Hµ Néi", (1, 0): "TØnh Thừa Thiên", (2, 0): "Céng 987", (3, 0): "987 992"},
        styles={(0, 0): 4, (1, 0): 3, (2, 0): 3},
        # font number 4 does not exist in xls: the fifth font is number 5
        runs={(1, 0): [(5, 0)], (3, 0): [(0, 1), (3, 0)]},
    )
    (read,) = read_sheets(xls_bytes([sheet], fonts=FONTS, styles=STYLES))
    assert [row[0] for row in read.rows] == ["HÀ NỘI", "Tỉnh Thừa Thiên", "Cộng 987", "987 992"]
    assert read.encoding == "TCVN3"
    assert read.struck == {(3, 0)}


@pytest.mark.parametrize("codepage", [1252, 1258])
def test_excel_5_text_in_an_old_encoding_is_read_whatever_code_page_it_claims(codepage: int):
    typed = ["Céng hßa x· héi chñ nghÜa ViÖt Nam", "Sè hé nghÌo", "HuyÖn", "thµnh phè"]
    legacy = {(row, 0): text.encode("cp1252").decode(f"cp{codepage}", "replace") for row, text in enumerate(typed)}
    (read,) = read_sheets(xls_bytes([XlsSheet("B", legacy)], version=BIFF5, codepage=codepage))
    assert [row[0] for row in read.rows] == [
        "Cộng hòa xã hội chủ nghĩa Việt Nam", "Số hộ nghèo", "Huyện", "thành phố",
    ]  # fmt: skip
    assert read.encoding == "TCVN3"


def test_a_password_is_told():
    with pytest.raises(RefusedError) as refused:
        read_sheets(xls_bytes([XlsSheet("B", {(0, 0): 1})], is_locked=True))
    assert refused.value.finding.rule == "password"


@pytest.mark.parametrize(
    "stream, rule, found",
    [
        ("EncryptedPackage", "password", "mật khẩu"),
        ("WordDocument", "not-a-workbook", "Word"),
        ("PowerPoint Document", "not-a-workbook", "PowerPoint"),
        ("__properties_version1.0", "not-a-workbook", "Outlook"),
        ("Contents", "unreadable", "hỏng"),
    ],
)
def test_other_documents_in_the_same_container_are_named(stream: str, rule: str, found: str):
    with pytest.raises(RefusedError) as refused:
        read_sheets(ole_bytes({stream: b"x" * 5000}))
    assert refused.value.finding.rule == rule
    assert found in refused.value.finding.found


def test_a_damaged_xls_is_a_finding():
    content = xls_bytes([XlsSheet("B", {(row, 0): row for row in range(100)})])
    for cut in (600, 1_500, 2_000):
        with pytest.raises(RefusedError):
            read_sheets(content[:cut])
