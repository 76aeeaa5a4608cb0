"""Cells in the company of their column, their row and their form: what only these can decide."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.intake.conftest import figures, told
from tests.intake.test_layout_habits import BODY, HEAD, HEADER, TOTAL, TRUTH

INDICATORS = [
    ["UBND QUẬN ĐÔNG"], ["BIỂU CHỈ TIÊU THỬ NGHIỆM"], ["Quý IV năm 2030"],
    ["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm", "Thực hiện", None, "Cùng kỳ", "Ghi chú"],
    [None, None, None, None, "Trong kỳ", "Lũy kế", None, None],
]  # fmt: skip
WATER = [
    [1, "Tỷ lệ hộ có nước sạch", "%", None, None, 80, None],
    ["-", "Số hộ có nước sạch", "hộ", None, None, 800, None],
    ["-", "Số hộ nông thôn", "hộ", None, None, 1000, None],
]


def area_form(rows, total=True):
    return [*HEAD, *HEADER, *rows, *(TOTAL if total else [])]


def typed(column, *texts):
    return [[*row[:column], text, *row[column + 1 :]] for row, text in zip(BODY, texts, strict=True)]


def one(measure, value, unit="", **other):
    names = {"turnout": "Tỷ lệ tham gia", "jobs": "Số người có việc làm", "plan": "Đã ban hành kế hoạch"}
    return [*INDICATORS, [1, names[measure], unit, other.get("plan_value"), None, value, None]]


# --- thousands ---


def test_a_comma_for_thousands_is_decided_by_the_total(read_sheets_of):
    reading = read_sheets_of(B=area_form(typed(2, "1,500", 500, "1,000", 100)))
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("number-style-decided", "info", "C6")]
    assert "C8 '1,000'" in reading.findings[0].found


def test_a_comma_for_thousands_is_decided_by_the_other_cells(read_sheets_of):
    rows = typed(3, "5,000", "1,701,700", "3,000", "300")
    reading = read_sheets_of(B=area_form(rows, total=False))
    assert figures(reading)["persons", "00011"] == 5000
    assert told(reading.findings) == [("number-style-decided", "info", "D6")]


def test_a_comma_for_thousands_is_decided_by_the_rate(read_sheets_of):
    rows = [[*row[:6], f"{row[4] * 100 / row[2]:.2f}%"] for row in typed(2, 1500, 500, 1000, 100)]
    rows[0][2] = "1,500"
    reading = read_sheets_of(B=area_form(rows, total=False))
    assert figures(reading) == TRUTH


def test_a_comma_for_thousands_without_evidence_is_asked(read_sheets_of):
    reading = read_sheets_of(B=area_form(typed(3, "5,000", 1700, 3000, 300), total=False))
    assert told(reading.findings) == [("ambiguous-number", "error", "D6")]
    assert figures(reading)["persons", "00011"] == "missing"


def test_evidence_that_contradicts_itself_decides_nothing(read_sheets_of):
    rows = typed(2, "1,500", "1,000,500", "1.000", 100)
    reading = read_sheets_of(B=area_form(rows, total=False))
    assert ("ambiguous-number", "error", "C6") in told(reading.findings)


def test_a_total_that_does_not_come_out_decides_nothing(read_sheets_of):
    rows = typed(2, "1,234", 500, 1000, 100)
    reading = read_sheets_of(B=area_form(rows))
    assert ("ambiguous-number", "error", "C6") in told(reading.findings)
    assert ("households", "00011") in figures(reading) and figures(reading)["households", "00011"] == "missing"


def test_two_groups_of_three_digits_are_one_number_only_if_the_total_says_so(read_sheets_of):
    rows = typed(3, "987 992", 1700, 3000, 300)
    reading = read_sheets_of(B=area_form(rows, total=False))
    assert told(reading.findings) == [("two-numbers", "error", "D6")]
    total = [[None, "Tổng cộng", 3100, 992992, 6, 19]]
    reading = read_sheets_of(B=[*HEAD, *HEADER, *rows, *total])
    assert figures(reading)["persons", "00011"] == 987992
    assert told(reading.findings) == [("number-style-decided", "info", "D6")]


@pytest.mark.parametrize("text, value", [("93.125", "93.125"), ("93,125", "93.125")])
def test_a_bound_may_leave_one_reading(read_sheets_of, text, value):
    reading = read_sheets_of(B=one("turnout", text))
    assert figures(reading)["turnout", "001"] == Decimal(value)
    assert ("number-style-decided", "info", "F6") in told(reading.findings)


def test_the_rate_of_a_form_by_measure_decides_its_numerator(read_sheets_of):
    rows = [[*row] for row in WATER]
    rows[1][5], rows[2][5], rows[0][5] = "1,800", 2000, "90%"
    reading = read_sheets_of(B=[*INDICATORS, *rows])
    assert figures(reading)["water_households", "001"] == 1800
    rows[0][5] = None
    reading = read_sheets_of(B=[*INDICATORS, *rows])
    assert figures(reading)["water_households", "001"] == "missing"
    assert ("ambiguous-number", "error", "F7") in told(reading.findings)


# --- percent ---


@pytest.mark.parametrize(
    "typed_value, number_format, value",
    [
        (0.0016, "0.00%", "0.16"),
        ("0,16%", "General", "0.16"),
        (16.5, "General", "16.5"),
        (0.5, "0%", "50"),
        (1, "0%", "100"),
    ],
)
def test_a_percent_measure_by_format_sign_or_size(read_sheets_of, typed_value, number_format, value):
    def form(workbook):
        workbook["B"]["F6"].number_format = number_format

    reading = read_sheets_of(form, B=one("turnout", typed_value))
    assert figures(reading)["turnout", "001"] == Decimal(value)


@pytest.mark.parametrize("value", [0.16, "0,16", 1, 0.95])
def test_a_small_number_without_a_sign_may_be_a_fraction_and_is_asked(read_sheets_of, value):
    reading = read_sheets_of(B=one("turnout", value))
    assert ("percent-ambiguous", "error", "F6") in told(reading.findings)
    assert figures(reading)["turnout", "001"] == "missing"


@pytest.mark.parametrize(
    "rate, rules, stated", [(80, [], 80), (0.8, ["rate-as-fraction"], 80), ("80%", [], 80), (8, ["rate-differs"], 8)]
)
def test_a_rate_with_its_parts_is_recomputed(read_sheets_of, rate, rules, stated):
    rows = [[*WATER[0][:5], rate, None], *WATER[1:]]
    reading = read_sheets_of(B=[*INDICATORS, *rows])
    assert [finding.rule for finding in reading.findings if finding.rule.startswith("rate")] == rules
    assert [found.value for found in reading.stated] == [stated]


def test_a_fraction_without_its_parts_is_not_even_stated(read_sheets_of):
    reading = read_sheets_of(B=[*INDICATORS, [*WATER[0][:5], 0.8, None]])
    assert reading.stated == []


def test_a_percent_format_on_a_count_is_told(read_sheets_of):
    def form(workbook):
        workbook["B"]["F6"].number_format = "0%"

    reading = read_sheets_of(form, B=one("jobs", 12))
    assert ("percent-in-count", "error", "F6") in told(reading.findings)
    assert figures(reading)["jobs_created", "001"] == "missing"


# --- yes and no ---


@pytest.mark.parametrize("value, expected", [("Có", 1), ("x", 1), ("Chưa đạt", 0), ("Không", 0), (1, 1), ("0", 0)])
def test_yes_and_no_measures(read_sheets_of, value, expected):
    assert figures(read_sheets_of(B=one("plan", value, "có/không")))["plan_issued", "001"] == expected


def test_no_in_a_count_is_nothing(read_sheets_of):
    assert figures(read_sheets_of(B=one("jobs", "Không", "người")))["jobs_created", "001"] == 0


# --- spoiled cells ---


def test_a_struck_figure_is_an_old_one(read_sheets_of):
    def strike(workbook):
        workbook["B"]["C6"].font = Font(strike=True)
        workbook["B"]["C7"] = CellRichText(TextBlock(InlineFont(strike=True), "480"), " 500")

    reading = read_sheets_of(strike, B=area_form(BODY, total=False))
    assert told(reading.findings) == [("struck-out", "error", "C6"), ("struck-out", "error", "C7")]
    assert "480" in reading.findings[1].found and "500" in reading.findings[1].found
    assert figures(reading)["households", "00012"] == "missing"


def test_errors_dates_and_formulas_are_told_with_what_is_seen(read_sheets_of):
    def spoil(workbook):
        sheet = workbook["B"]
        sheet["C6"], sheet["D6"], sheet["E6"] = "#REF!", "=SUM(D7:D9)", datetime(2030, 4, 3)
        sheet["C6"].data_type = "e"

    reading = read_sheets_of(spoil, B=area_form(BODY, total=False))
    found = {finding.rule: (finding.cell, finding.found) for finding in reading.findings}
    assert found["error-cell"] == ("C6", "#REF!")
    assert found["formula-not-calculated"][0] == "D6"
    assert found["date-in-number"][0] == "E6"
    assert {figures(reading)[measure, "00011"] for measure in ("households", "persons", "poor_households")} == {
        "missing"
    }


def test_a_spoiled_cell_beside_the_figure_asked_for_weighs_less(read_sheets_of):
    reading = read_sheets_of(B=one("jobs", 5, "người", plan_value="năm trăm"))
    assert ("not-a-number", "warn", "D6") in told(reading.findings)


def test_the_same_measure_with_two_figures_is_told(read_sheets_of):
    row = [1, "Số người có việc làm", "người", None, None, 5, None]
    same = read_sheets_of(B=[*INDICATORS, row, [2, "Việc làm mới", "người", None, None, 5, None]])
    assert "row-repeated" not in {finding.rule for finding in same.findings}
    reading = read_sheets_of(B=[*INDICATORS, row, [2, "Việc làm mới", "người", None, None, 6, None]])
    assert ("row-repeated", "error", "F7") in told(reading.findings)


def test_personal_data_in_a_remark_is_not_kept(read_sheets_of):
    rows = [[*BODY[0], "Hộ ông A, CCCD 001099012345, ở tạm"], *BODY[1:]]
    reading = read_sheets_of(B=area_form(rows))
    assert told(reading.findings) == [("personal-data-in-remark", "warn", "H6")]
    assert reading.remarks == [] and "001099012345" not in repr(reading)


def test_what_a_finding_repeats_holds_no_number_of_a_person(read_sheets_of):
    reading = read_sheets_of(B=area_form([[1, "Phường Một", "gọi 0912345678", *BODY[0][3:]], *BODY[1:]], total=False))
    assert told(reading.findings) == [("not-a-number", "error", "C6")]
    assert reading.findings[0].found == "gọi …"
    assert "0912345678" not in repr(reading)
