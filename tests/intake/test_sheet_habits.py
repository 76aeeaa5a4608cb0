"""Several tables on a sheet, several sheets in a file, hidden ones: what counts is read, the rest is told."""

from __future__ import annotations

import pytest

from tests.intake.conftest import figures, told
from tests.intake.test_layout_habits import BODY, HEAD, HEADER, RANKING, TIDY, TOTAL, TRUTH, with_column


@pytest.mark.parametrize("place", ["below", "below the signatures", "above", "beside"])
def test_another_table_on_the_sheet_is_told_and_not_read(read_sheets_of, place):
    if place == "above":
        rows = [*RANKING, [None], *TIDY]
    elif place == "below":
        rows = [*TIDY[:-2], [None], *RANKING]
    elif place == "below the signatures":
        rows = [*TIDY, [None], *RANKING]
    else:
        beside = [[], [], [], *RANKING[1:], [], []]
        rows = [
            [*row, *[None] * (8 - len(row)), None, *(beside[at] if at < len(beside) else [])]
            for at, row in enumerate(TIDY)
        ]
    reading = read_sheets_of(B=rows)
    assert figures(reading) == TRUTH
    assert {(one.rule, one.severity) for one in reading.findings} == {
        ("cells-outside" if place == "beside" else "other-table", "info")
    }


def test_two_forms_below_each_other(read_sheets_of):
    movement = [
        ["BIỂU DIỄN BIẾN THỬ NGHIỆM"],
        ["STT", "Xã, phường, thị trấn", "Phân tổ", "Đầu kỳ", "Cuối kỳ"],
        *(
            [n, name, line, n, n + 1]
            for n in (1, 2, 3, 4)
            for name, line in [(["Một", "Hai", "Lê Lợi", "7"][n - 1], "Hộ"), (None, "Khẩu")]
        ),
    ]
    reading = read_sheets_of(B=[*TIDY, [None], *movement])
    assert told(reading.findings) == []
    assert [(form.form, form.is_accepted) for form in reading.forms] == [("dan_cu", True), ("dien_bien", True)]
    assert figures(reading)["closing_persons", "00014"] == 5
    assert figures(reading)["poor_persons", "00011"] == 10


def test_a_mention_of_a_form_is_not_its_title(read_sheets_of):
    noted = [*HEAD, ["(Số liệu khớp với Biểu chỉ tiêu thử nghiệm đã gửi)"], *HEADER, *BODY]
    noted[-1] = [*noted[-1], "Theo Biểu diễn biến thử nghiệm"]
    letter = [
        ["UBND QUẬN ĐÔNG"],
        ["Kính gửi: Sở Một"],
        ["Gửi kèm Biểu hộ dân cư thử nghiệm và Biểu diện tích thử nghiệm."],
    ]
    reading = read_sheets_of(CV=letter, B=noted, Sheet2=[], Sheet3=[])
    assert [form.form for form in reading.forms] == ["dan_cu"]
    assert figures(reading) == TRUTH
    assert told(reading.findings) == []


def test_a_title_broken_over_two_rows(read_sheets_of):
    reading = read_sheets_of(B=[HEAD[0], ["BIỂU HỘ DÂN CƯ"], ["THỬ NGHIỆM"], HEAD[2], *HEADER, *BODY])
    assert figures(reading) == TRUTH


def test_a_title_without_a_table_is_told(read_sheets_of):
    reading = read_sheets_of(B=[*HEAD, *BODY])
    assert told(reading.findings) == [("header-not-found", "error", "")]


def test_the_visible_copy_goes_before_the_hidden_one(read_sheets_of):
    old = [*HEAD, *HEADER, *([row[0], row[1], *[1] * 4] for row in BODY)]

    def hide(workbook):
        workbook["An"].sheet_state = "hidden"

    reading = read_sheets_of(hide, An=old, B=TIDY)
    assert figures(reading) == TRUTH
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.sheet) == ("hidden-copy", "info", "An")


def test_a_form_that_is_only_hidden_is_read_and_told(read_sheets_of):
    def hide(workbook):
        workbook["An"].sheet_state = "veryHidden"

    reading = read_sheets_of(hide, Bia=[["Trang bìa"]], An=TIDY)
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("form-on-hidden-sheet", "warn", "")]


def test_the_sheet_of_another_quarter_is_left_and_told(read_sheets_of):
    old = [*HEAD[:2], ["Quý IV năm 2029"], *HEADER, *([row[0], row[1], *[1] * 4] for row in BODY)]
    reading = read_sheets_of(A=old, B=TIDY)
    assert figures(reading) == TRUTH
    assert [(one.rule, one.sheet) for one in reading.findings] == [("other-period", "A")]


def test_a_sheet_with_figures_that_is_no_form_is_told(read_sheets_of):
    reading = read_sheets_of(B=TIDY, Nhap=[["Tính thử"], [1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert [(one.rule, one.severity, one.sheet) for one in reading.findings] == [("sheet-not-used", "info", "Nhap")]


def test_hidden_rows_and_columns_hold_back_what_stands_visible(read_sheets_of):
    old = with_column([*HEADER, BODY[0], *BODY, *TOTAL], 2, ["Dân cư", "Hộ", *[1] * 6])
    old[2] = [1, "Phường Một", *[2] * 6]

    def hide(workbook):
        workbook["B"].row_dimensions[6].hidden = True
        workbook["B"].column_dimensions["C"].hidden = True

    reading = read_sheets_of(hide, B=[*HEAD, *old])
    assert figures(reading) == TRUTH
    assert [(one.rule, one.severity) for one in reading.findings] == [
        ("column-unknown", "info"),
        ("row-hidden", "info"),
    ]
    assert reading.forms[0].rows_set_aside == 1


def test_hidden_rows_and_columns_are_read_where_nothing_else_stands(read_sheets_of):
    def hide(workbook):
        workbook["B"].row_dimensions[7].hidden = True
        workbook["B"].column_dimensions["D"].hidden = True

    reading = read_sheets_of(hide, B=TIDY)
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("column-hidden", "warn", "D5"), ("row-hidden", "warn", "B7")]
