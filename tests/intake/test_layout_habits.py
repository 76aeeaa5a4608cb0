"""How offices lay their sheets out: read to the same figures, or refused with the reason."""

from __future__ import annotations

import pytest
from openpyxl.styles import Font

from tests.intake.conftest import figures, told
from tests.intake.province import QUARTER_TITLE

HEAD = [["UBND QUẬN ĐÔNG"], ["BIỂU HỘ DÂN CƯ THỬ NGHIỆM"], [QUARTER_TITLE]]
HEADER = [
    ["STT", "Đơn vị", "Dân cư", None, "Nghèo", None, None, "Ghi chú"],
    [None, None, "Hộ", "Khẩu", "Hộ", "Khẩu", "Tỷ lệ (%)", None],
]
NUMBERS = [["A", "B", "1", "2", "3", "4", "5=3/1", "6"]]
BODY = [
    [1, "Phường Một", 1500, 5000, 3, 10, 0.2],
    [2, "P. Hai", 500, 1700, 1, 4, 0.2],
    [3, "Lê Lợi", 1000, 3000, 2, 5, 0.2],
    [4, "Phường 7", 100, 300, 0, 0, 0],
]
TOTAL = [[None, "Tổng cộng", 3100, 10000, 6, 19, 0.19]]
FOOT = [[None, "Người lập biểu", None, None, "THỦ TRƯỞNG ĐƠN VỊ"], [None, "Trần Thị B", None, None, "Lê Văn C"]]
TIDY = [*HEAD, *HEADER, *NUMBERS, *BODY, *TOTAL, *FOOT]
TRUTH = {
    (measure, code): value
    for code, values in {
        "00011": (1500, 5000, 3, 10),
        "00012": (500, 1700, 1, 4),
        "00013": (1000, 3000, 2, 5),
        "00014": (100, 300, 0, 0),
    }.items()
    for measure, value in zip(("households", "persons", "poor_households", "poor_persons"), values, strict=True)
}
RANKING = [["BẢNG XẾP HẠNG"], ["Hạng", "Đơn vị", "Số hộ nghèo"], [1, "Phường Một", 3], [2, "Lê Lợi", 2]]


def reordered(rows, order):
    return [[row[at] if at < len(row) else None for at in order] for row in rows]


def without_columns(rows, *dropped):
    return [[cell for at, cell in enumerate(row) if at not in dropped] for row in rows]


def with_column(rows, at, cells):
    return [[*row[:at], cell, *row[at:]] for row, cell in zip(rows, cells, strict=True)]


SILENT = {
    "tidy": TIDY,
    "no title block but the title": [HEAD[1], *TIDY[3:]],
    "a high title block": [["Biểu số 02"], [None], *[[f"Dòng {n}"] for n in range(20)], *TIDY],
    "a formula row": [*HEAD, *HEADER, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)=(5)/(3)"], *BODY, *FOOT],
    "two number rows": [*HEAD, *HEADER, *NUMBERS, [None, None, "a", "b", "c", "d", "đ=c/a"], *BODY, *FOOT],
    "numbers as numbers": [*HEAD, *HEADER, [1, 2, 3, 4, 5, 6, 7, 8], *BODY, *FOOT],
    "a blank row under the header": [*HEAD, *HEADER, [None], *NUMBERS, [None], *BODY, *FOOT],
    "header again on the next page": [*HEAD, *HEADER, *NUMBERS, *BODY[:2], *HEADER, *NUMBERS, *BODY[2:], *TOTAL],
    "title again on the next page": [*HEAD, *HEADER, *BODY[:2], [None], *HEAD, *HEADER, *BODY[2:], *TOTAL],
    "header again after the signatures of a page": [*HEAD, *HEADER, *BODY[:2], *FOOT, *HEADER, *BODY[2:], *FOOT],
    "reordered": [*HEAD, *reordered([*HEADER, *BODY, *TOTAL], [4, 5, 6, 2, 3, 7, 1, 0])],
    "no ordinal column": [*HEAD, *without_columns([*HEADER, *BODY, *TOTAL], 0)],
    "ordinal column without a header": [*HEAD, [None, *HEADER[0][1:]], HEADER[1], *BODY, *TOTAL],
    "ordinals left empty": [*HEAD, *HEADER, *([None, *row[1:]] for row in BODY), *TOTAL],
    "numbered in the label": [
        *HEAD, *([*row[1:]] for row in HEADER), *([f"{row[0]}. {row[1]}", *row[2:]] for row in BODY)
    ],
    "groups with numerals": [*HEAD, *HEADER, ["I", "Khu vực thành thị"], *BODY, *TOTAL],
    "groups with letters and any name": [*HEAD, *HEADER, ["A", "Các phường"], *BODY, *TOTAL],
    "group subtotal": [*HEAD, *HEADER, ["I", "Các phường", 3100, 10000, 6, 19], *BODY, *TOTAL],
    "total at the top": [*HEAD, *HEADER, *TOTAL, *BODY],
    "total at top and bottom": [*HEAD, *HEADER, *TOTAL, *BODY, [None, "Toàn quận Đông", *TOTAL[0][2:]]],
    "total with its formula": [*HEAD, *HEADER, *BODY, [None, "TỔNG CỘNG (I+II)", *TOTAL[0][2:]]],
    "total in the ordinal column": [*HEAD, *HEADER, *BODY, ["Tổng cộng", None, *TOTAL[0][2:]]],
    "a total after each half": [
        *HEAD, *HEADER, *BODY[:2], [None, "Cộng", 2000, 6700, 4, 14], *BODY[2:], [None, "Cộng", 1100, 3300, 2, 5],
        *TOTAL
    ],
    "notes with numbers": [*TIDY, ["Ghi chú: 12 hộ chuyển đi, 5 hộ mới"], [None, None, "Nơi nhận: 3 bản"]],
    "header without accents": [*HEAD, ["STT", "Don vi", "Dan cu", None, "Ngheo"], *HEADER[1:], *BODY],
    "names without accents": [*HEAD, *HEADER, *([row[0], *cells] for row, cells in zip(BODY, [
        ["Phuong Mot", *BODY[0][2:]], ["P.Hai", *BODY[1][2:]], ["PHUONG LE LOI", *BODY[2][2:]], ["P.07", *BODY[3][2:]]
    ], strict=True))],
    "the name of the office in the label": [*HEAD, *HEADER, [1, "UBND phường Một", *BODY[0][2:]], *BODY[1:]],
}  # fmt: skip


@pytest.mark.parametrize("habit", SILENT)
def test_read_without_a_word(read_sheets_of, habit):
    reading = read_sheets_of(sent_by="001", B=SILENT[habit])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == []


def test_merged_headers_of_four_rows_with_repeated_leaves(read_sheets_of):
    header = [
        ["STT", "Đơn vị", "Kết quả năm 2030", None, None, None, None],
        [None, None, "Dân cư", None, "Trong đó nghèo", None, None],
        [None, None, "Tổng số", None, "Tổng số", None, "Tỷ lệ"],
        [None, None, "Hộ", "Khẩu", "Hộ", "Khẩu", None],
    ]

    def merge(workbook):
        for cells in ("A4:A7", "B4:B7", "C4:G4", "C5:D5", "E5:G5", "C6:D6", "E6:F6", "G6:G7"):
            workbook["B"].merge_cells(cells)

    reading = read_sheets_of(merge, B=[*HEAD, *header, *BODY, *TOTAL])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == []


def test_a_label_in_the_lowest_header_row(read_sheets_of):
    header = [[None, None, "Dân cư", None, "Nghèo"], ["STT", "Đơn vị", *HEADER[1][2:]]]
    reading = read_sheets_of(B=[*HEAD, [None], *header, *BODY])
    assert figures(reading) == TRUTH


def test_label_merged_over_two_columns(read_sheets_of):
    header, body = ([[*row[:2], None, *row[2:]] for row in rows] for rows in (HEADER, BODY))
    body = [[row[0], None, row[1], *row[3:]] for row in body]
    reading = read_sheets_of(
        lambda workbook: workbook["B"].merge_cells("B4:C5"), B=[*HEAD, *header, ["I", "Khu vực thành thị"], *body]
    )
    assert figures(reading) == TRUTH
    assert told(reading.findings) == []


def test_extra_columns_are_named_and_not_used(read_sheets_of):
    rows = with_column([*HEADER, *BODY], 4, [None, "Số hộ mới", 9, 9, 9, 9])
    rows = with_column(rows, 2, ["Mã đơn vị", None, 11, 12, 13, 14])
    reading = read_sheets_of(B=[*HEAD, *rows])
    assert figures(reading) == TRUTH
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.cell) == ("column-unknown", "info", "C4")
    assert "'Mã đơn vị' (C)" in finding.found and "'Số hộ mới' (F)" in finding.found


def test_missing_columns_are_told_together(read_sheets_of):
    reading = read_sheets_of(B=[*HEAD, *without_columns([*HEADER, *BODY], 5, 6)])
    assert [(one.rule, one.severity, one.expected) for one in reading.findings] == [
        ("column-missing", "error", "cột 'Nghèo > Khẩu'"),
        ("column-missing", "warn", "cột 'Nghèo > Tỷ lệ (%)'"),
    ]
    assert not reading.is_accepted and not reading.observations


def test_two_columns_of_one_wording_are_not_chosen_from(read_sheets_of):
    rows = with_column([*HEADER, *BODY], 4, [None, "Khẩu", 9, 9, 9, 9])
    reading = read_sheets_of(B=[*HEAD, *rows])
    assert told(reading.findings) == [("column-repeated", "error", "E5")]
    assert not reading.observations


def test_of_two_years_side_by_side_the_one_of_the_report_counts(read_sheets_of):
    years = [["STT", "Đơn vị", "Năm 2029", *[None] * 4, "Năm 2030", *[None] * 4]]
    below = [[None, None, *HEADER[0][2:7], *HEADER[0][2:7]], [None, None, *HEADER[1][2:7], *HEADER[1][2:7]]]
    body = [[*row[:2], *[1] * 5, *row[2:]] for row in BODY]

    def merge(workbook):
        for cells in ("C4:G4", "H4:L4", "C5:D5", "E5:G5", "H5:I5", "J5:L5"):
            workbook["B"].merge_cells(cells)

    reading = read_sheets_of(merge, B=[*HEAD, *years, *below, *body])
    assert figures(reading) == TRUTH
    assert {one.rule for one in reading.findings} == {"column-unknown"}


def test_details_under_a_unit_are_set_aside(read_sheets_of):
    rows = [*HEADER, BODY[0], ["-", "Trong đó: hộ mới", 7, 7, 0, 0], ["+", "Tổ dân phố số 1", 5, 5, 0, 0], *BODY[1:]]
    reading = read_sheets_of(B=[*HEAD, *rows])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("row-unknown", "info", "B7"), ("row-unknown", "info", "B8")]
    assert reading.forms[0].rows_set_aside == 2


def test_an_unknown_name_comes_with_suggestions(read_sheets_of):
    reading = read_sheets_of(B=[*HEAD, *HEADER, *BODY[:2], [3, "Lê Lợii", *BODY[2][2:]], BODY[3]])
    assert told(reading.findings) == [("commune-missing", "error", "B4"), ("row-unknown", "error", "B8")]
    assert "Phường Lê Lợi" in reading.findings[1].expected
    assert ("households", "00013") not in figures(reading)


def test_a_commune_of_another_district_is_not_taken_for_ours(read_sheets_of):
    reading = read_sheets_of(B=[*HEAD, *HEADER, BODY[0], [2, "Xã Hai", *BODY[1][2:]], *BODY[2:]])
    assert ("row-unknown", "error", "B7") in told(reading.findings)
    assert ("households", "00012") not in figures(reading) and ("households", "00031") not in figures(reading)


@pytest.mark.parametrize(
    "ordinals", [["I", "II", "III", "IV"], [1, 2, 3, "A"]], ids=["all counted so", "nothing below it"]
)
def test_a_numeral_alone_makes_no_group_of_a_name_not_understood(read_sheets_of, ordinals):
    names = ["Phường Lạ" if n in ("I", "A") else row[1] for n, row in zip(ordinals, BODY, strict=True)]
    rows = [[n, name, *row[2:]] for n, name, row in zip(ordinals, names, BODY, strict=True)]
    reading = read_sheets_of(B=[*HEAD, *HEADER, *rows])
    assert {(one.rule, one.severity) for one in reading.findings} == {
        ("row-unknown", "error"), ("commune-missing", "error")
    }  # fmt: skip
    assert not reading.is_accepted


@pytest.mark.parametrize("value, severity", [(1500, "warn"), (1501, "error")])
def test_a_repeated_row(read_sheets_of, value, severity):
    again = [5, "Phường Một", value, *BODY[0][3:]]
    reading = read_sheets_of(B=[*HEAD, *HEADER, *BODY, again])
    assert told(reading.findings) == [("row-repeated", severity, "B10")]
    assert reading.is_accepted is (severity == "warn")


def test_a_struck_row_is_left(read_sheets_of):
    def strike(workbook):
        workbook["B"]["B6"].font = Font(strike=True)

    reading = read_sheets_of(strike, B=[*HEAD, *HEADER, [1, "Phường Một", 1, 1, 1, 1], *BODY])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("row-struck", "warn", "B6")]


def test_a_whole_column_of_blanks_is_one_finding(read_sheets_of):
    rows = [[*row[:3], None, *row[4:]] for row in BODY]
    reading = read_sheets_of(B=[*HEAD, *HEADER, *rows])
    assert told(reading.findings) == [("blank-cell", "error", "D6:D9")]
    assert reading.findings[0].found.startswith("4 ô")


def test_many_bad_cells_here_and_there_are_few_findings(read_sheets_of):
    rows = [[row[0], row[1], *("lỗi" for _ in row[2:6])] for row in BODY]
    reading = read_sheets_of(B=[*HEAD, *HEADER, *rows])
    assert told(reading.findings) == [("not-a-number", "error", f"{letter}6:{letter}9") for letter in "CDEF"]


def test_names_in_another_encoding_that_was_not_told_are_named(read_sheets_of, monkeypatch):
    from pipeline.intake import workbook as reader

    original = reader.read_sheets

    def garbled(*arguments):
        sheets = original(*arguments)
        sheets[0].undecoded = {(6, 1), (4, 3)}
        return sheets

    monkeypatch.setattr(reader, "read_sheets", garbled)
    rows = [*HEAD, *HEADER, *BODY]
    rows[6] = [2, "Ph­êng Hai?", *BODY[1][2:]]
    reading = read_sheets_of(B=rows)
    assert ("text-undecoded", "error", "B7") in told(reading.findings)
    rows[4] = [None, None, "Hộ", "KhÈu?", *HEADER[1][4:]]
    assert told(read_sheets_of(B=rows).findings)[0] == ("text-undecoded", "error", "D5")


def test_converted_text_and_cells_too_far_to_be_read_are_told(read_sheets_of, monkeypatch):
    from pipeline.intake import workbook as reader

    original = reader.read_sheets

    def old(*arguments):
        sheets = original(*arguments)
        sheets[0].encoding, sheets[0].beyond = "TCVN3", (30_000, 2)
        return sheets

    monkeypatch.setattr(reader, "read_sheets", old)
    reading = read_sheets_of(B=TIDY)
    assert figures(reading) == TRUTH
    assert told(reading.findings)[-2:] == [("text-converted", "info", ""), ("cells-too-far", "warn", "C30001")]


def test_a_title_in_another_encoding_that_was_not_told_is_named(read_sheets_of, monkeypatch):
    from pipeline.intake import workbook as reader

    original = reader.read_sheets

    def garbled(*arguments):
        sheets = original(*arguments)
        sheets[0].undecoded = {(1, 0)}
        return sheets

    monkeypatch.setattr(reader, "read_sheets", garbled)
    reading = read_sheets_of(B=[HEAD[0], ["BiÓu hé d©n c­?"], *HEADER, *BODY])
    assert told(reading.findings) == [("text-undecoded", "error", "A2")]
