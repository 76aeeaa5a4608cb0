"""Two lines for one unit, a row per district of the whole province, communes where a district is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.intake.conftest import figures, told
from tests.intake.province import QUARTER_TITLE

OFFICE, CITY = "UBND QUẬN ĐÔNG", "SỞ MỘT"
COMMUNES = ["Phường Một", "Phường Hai", "Phường Lê Lợi", "Phường 7"]


def sheet(title, header, *rows, sender=OFFICE):
    return [[sender], [f"BIỂU {title} THỬ NGHIỆM"], [QUARTER_TITLE], *header, *rows]


# --- two lines ---

MOVEMENTS = [["STT", "Xã, phường, thị trấn", "Phân tổ", "Đầu kỳ", "Cuối kỳ"]]
PAIRS = [
    row
    for n, name in enumerate(COMMUNES, start=1)
    for row in ([n, name, "Hộ", n, n + 1], [None, None, "Nhân khẩu", 3 * n, 3 * n + 3])
]
LINES_TRUTH = {
    (f"{what}_{line}", f"0001{n}"): (n + (what == "closing")) * (3 if line == "persons" else 1)
    for n in range(1, 5)
    for what in ("opening", "closing")
    for line in ("households", "persons")
}


def test_two_lines_of_each_unit(read_sheets_of):
    total = [[None, "Tổng cộng", "Hộ", 10, 14], [None, None, "Khẩu", 30, 42]]
    reading = read_sheets_of(B=sheet("DIỄN BIẾN", MOVEMENTS, *total[:1], *total[1:], *PAIRS))
    assert figures(reading) == LINES_TRUTH
    assert told(reading.findings) == []
    assert {(one.subject, one.value) for one in reading.stated} == {
        ("opening_households", 10), ("opening_persons", 30), ("closing_households", 14), ("closing_persons", 42)
    }  # fmt: skip


def test_the_names_may_be_merged_over_their_lines(read_sheets_of):
    def merge(workbook):
        for first in range(5, 13, 2):
            workbook["B"].merge_cells(f"A{first}:A{first + 1}")
            workbook["B"].merge_cells(f"B{first}:B{first + 1}")

    reading = read_sheets_of(merge, B=sheet("DIỄN BIẾN", MOVEMENTS, *PAIRS))
    assert figures(reading) == LINES_TRUTH


def test_the_lines_may_stand_under_the_name(read_sheets_of):
    rows = [[n, name] for n, name in enumerate(COMMUNES, start=1)]
    under = [
        row
        for n, name in enumerate(rows, start=1)
        for row in (name, ["-", "Hộ", n, n + 1], ["-", "Khẩu", 3 * n, 3 * n + 3])
    ]
    header = [["STT", "Xã, phường, thị trấn", "Đầu kỳ", "Cuối kỳ"]]
    reading = read_sheets_of(B=sheet("DIỄN BIẾN", header, *under))
    assert figures(reading) == LINES_TRUTH
    assert told(reading.findings) == []


def test_a_missing_line_and_one_that_says_nothing(read_sheets_of):
    rows = [*PAIRS[:3], PAIRS[4], [None, None, None, 9, 12], *PAIRS[6:]]
    reading = read_sheets_of(B=sheet("DIỄN BIẾN", MOVEMENTS, *rows))
    assert told(reading.findings) == [
        ("commune-missing", "error", "B4"),
        ("row-unknown", "error", "B9"),
    ]
    assert "'Khẩu'" in reading.findings[0].found and "Phường Hai, Phường Lê Lợi" in reading.findings[0].found
    assert not reading.is_accepted


def test_plan_and_result_below_each_other(read_sheets_of):
    header = [["STT", "Chỉ tiêu", "Số liệu"]]
    rows = [
        [1, "Số người học nghề"], ["+", "Kế hoạch", 100], ["+", "TH", "80"],
        [2, "Số người có việc sau học nghề"], ["+", "Kế hoạch", 50], ["+", "Thực hiện", "khoảng 40"],
    ]  # fmt: skip
    reading = read_sheets_of(B=sheet("HỌC NGHỀ", header, *rows))
    assert figures(reading) == {("trained", "001"): 80, ("placed", "001"): 40}
    assert figures(reading, "plan") == {("trained", "001"): 100, ("placed", "001"): 50}
    assert told(reading.findings) == []


# --- a row per district ---

DISTRICTS = [["TT", "Quận, huyện", "Số hộ vay", "Dư nợ"]]


def test_the_whole_province_from_an_agency(read_sheets_of):
    rows = [[1, "Q. Đông", 100, "1.500,5"], [2, "Huyện Tây Hòa", None, None], [3, "TX Nam", 7, 20]]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows, sender=CITY))
    assert reading.reporter == "so_mot"
    assert figures(reading) == {
        ("loans", "001"): 100, ("loan_money", "001"): Decimal("1500.5"),
        ("loans", "002"): "missing", ("loan_money", "002"): "missing",
        ("loans", "003"): 7, ("loan_money", "003"): 20,
    }  # fmt: skip
    assert told(reading.findings) == [("area-blank", "info", "B6")]
    assert reading.is_accepted


def test_a_district_fills_its_own_row_and_the_others_are_no_zeros(read_sheets_of):
    rows = [[1, "Q. Đông", 100, 5], [2, "Huyện Tây Hòa"], [3, "TX Nam"], [None, "Tổng cộng", 100, 5]]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows))
    assert figures(reading) == {("loans", "001"): 100, ("loan_money", "001"): 5}
    assert told(reading.findings) == []


def test_rows_of_other_districts_are_not_the_senders_to_report(read_sheets_of):
    rows = [[1, "Q. Đông", 100, 5], [2, "Huyện Tây Hòa", 3, 4], [3, "TX Nam", 8, 1]]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows))
    assert figures(reading) == {("loans", "001"): 100, ("loan_money", "001"): 5}
    assert told(reading.findings) == [("other-area", "warn", "B6"), ("other-area", "warn", "B7")]
    assert reading.forms[0].rows_set_aside == 2


@pytest.mark.parametrize("rows", [[[1, "Q. Đông"], [2, "Huyện Tây Hòa"]], [[2, "Huyện Tây Hòa"]]])
def test_the_own_row_must_be_there_and_filled(read_sheets_of, rows):
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows))
    assert [(one.rule, one.severity) for one in reading.findings] in (
        [("area-blank", "error")],
        [("area-missing", "error")],
    )
    assert set(figures(reading).values()) <= {"missing"}


def test_communes_are_summed_where_a_district_is_asked_for(read_sheets_of):
    rows = [[n, name, 10 * n, n] for n, name in enumerate(COMMUNES, start=1)]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows, [None, "Tổng cộng", 100, 10]))
    assert figures(reading) == {("loans", "001"): 100, ("loan_money", "001"): 10}
    assert {one.cell: one.raw_text for one in reading.observations} == {
        "C5:C8": "10 + 20 + 30 + 40", "D5:D8": "1 + 2 + 3 + 4"
    }  # fmt: skip
    assert told(reading.findings) == []


def test_a_sum_without_one_of_the_communes_is_no_sum(read_sheets_of):
    rows = [[n, name, 10, n] for n, name in enumerate(COMMUNES[:3], start=1)]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows))
    assert figures(reading) == {}
    assert {one.rule for one in reading.findings} == {"commune-sum-incomplete"}
    assert all("Phường 7" in one.found for one in reading.findings)


def test_the_district_goes_before_its_communes_and_is_compared_with_them(read_sheets_of):
    rows = [[None, "Quận Đông", 101, 10], *([n, name, 10 * n, n] for n, name in enumerate(COMMUNES, start=1))]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows))
    assert figures(reading) == {("loans", "001"): 101, ("loan_money", "001"): 10}
    assert told(reading.findings) == [("total-differs", "warn", "C5")]


def test_a_name_that_is_both_district_and_commune_is_asked_among_communes(read_sheets_of):
    sender = "UBND HUYỆN TÂY HÒA"
    alone = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, [1, "Tây Hòa", 5, 5], sender=sender))
    assert figures(alone) == {("loans", "002"): 5, ("loan_money", "002"): 5}
    rows = [[1, "Tây Hòa", 5, 5], [2, "Thủy Xá", 6, 6]]
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows, sender=sender))
    assert ("row-unknown", "error", "B5") in told(reading.findings)
    assert figures(reading) == {}
    rows[0][1] = "TT Tây Hòa"
    reading = read_sheets_of(B=sheet("TOÀN THÀNH PHỐ", DISTRICTS, *rows, sender=sender))
    assert figures(reading) == {("loans", "002"): 11, ("loan_money", "002"): 11}


# --- figures of a district on a form by commune; what blank and dash mean there ---

LAND = [["TT", "Xã, phường, thị trấn", "Diện tích", "Đường bê tông", "Tỷ lệ đi học"]]


def test_a_form_may_say_what_blank_and_dash_mean(read_sheets_of):
    rows = [[n, name, area, 2] for (n, name), area in zip(enumerate(COMMUNES, 1), [1.5, None, 3, 4], strict=True)]
    reading = read_sheets_of(B=sheet("DIỆN TÍCH", LAND, *rows, [None, "Tổng cộng", 8.5, 8, "93,5%"]))
    assert told(reading.findings) == []
    assert figures(reading)["land", "00012"] == 0
    assert figures(reading)["roads", "001"] == 8
    assert figures(reading)["school_rate", "001"] == Decimal("93.5")
    rows[1][2] = "-"
    reading = read_sheets_of(B=sheet("DIỆN TÍCH", LAND, *rows, [None, "Tổng cộng", None, 8, "93,5%"]))
    assert figures(reading)["land", "00012"] == "missing"
    assert told(reading.findings) == [("blank-cell", "error", "C6")]


def test_a_district_figure_may_stand_in_the_total_alone(read_sheets_of):
    rows = [[n, name, 1] for n, name in enumerate(COMMUNES, start=1)]
    reading = read_sheets_of(B=sheet("DIỆN TÍCH", LAND, *rows, [None, "Tổng cộng", 4, 12.5, "93,5%"]))
    assert figures(reading)["roads", "001"] == Decimal("12.5")
    assert {one.measure: one.cell for one in reading.observations if one.area_code == "001"} == {
        "roads": "D9", "school_rate": "E9"
    }  # fmt: skip


def test_rates_of_communes_are_no_rate_of_the_district(read_sheets_of):
    rows = [[n, name, 1, 1, "90%"] for n, name in enumerate(COMMUNES, start=1)]
    reading = read_sheets_of(B=sheet("DIỆN TÍCH", LAND, *rows))
    assert told(reading.findings) == [("commune-sum-incomplete", "error", "E4")]
    assert ("school_rate", "001") not in figures(reading)
