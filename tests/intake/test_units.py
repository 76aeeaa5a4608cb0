"""Units from words: exact factors, never a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.intake.units import Unit, Units
from tests.intake.conftest import figures, told
from tests.intake.test_layout_habits import BODY, HEAD, HEADER, TRUTH
from tests.intake.test_layout_habits import TOTAL as TOTALS

UNITS = Units(["người", "hộ", "khẩu", "triệu đồng", "%", "giường bệnh/vạn dân"], ["khẩu|nhân khẩu|người"])


@pytest.mark.parametrize(
    "text, factor, base",
    [
        ("người", 1, "người"),
        ("Nghìn người", 1_000, "người"),
        ("1.000 hộ", 1_000, "hộ"),
        ("1,000 hộ", 1_000, "hộ"),
        ("triệu đ", 1_000_000, "đồng"),
        ("Tr.đồng", 1_000_000, "đồng"),
        ("nghìn tỷ đồng", 10**12, "đồng"),
        ("VNĐ", 1, "đồng"),
        ("nghìn", 1_000, ""),
        ("giường bệnh/vạn dân", 1, "giường bệnh vạn dân"),
    ],
)
def test_a_unit_in_words(text, factor, base):
    assert Unit.parse(text) == Unit(Decimal(factor), base)


@pytest.mark.parametrize(
    "stated, wanted, factor",
    [
        ("nghìn người", "người", "1000"),
        ("đồng", "triệu đồng", "0.000001"),
        ("tỷ đồng", "triệu đồng", "1000"),
        ("nghìn nhân khẩu", "khẩu", "1000"),
        ("nghìn", "hộ", "1000"),
        ("hộ", "người", None),
        ("đồng", "hộ", None),
    ],
)
def test_the_factor_between_two_units(stated, wanted, factor):
    assert UNITS.factor(Unit.parse(stated), wanted) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    "line, wanted, factor",
    [
        ("Đơn vị tính: nghìn hộ", "hộ", 1000),
        ("(ĐVT: Triệu đồng)", "triệu đồng", 1),
        ("ĐVT: 1.000 đồng", "triệu đồng", Decimal("0.001")),
        ("Đơn vị: nghìn người", "khẩu", 1000),
        ("Đơn vị tính: hộ", "khẩu", 1),  # the title names the other columns, and scales nothing
        ("Đơn vị tính: nghìn hộ", "triệu đồng", None),
        ("Đơn vị tính: nghìn hộ, khẩu", "khẩu", None),  # are the persons in thousands too?
        ("Đơn vị tính: triệu đồng", "hộ", None),
        ("Đơn vị tính: triệu đồng, hộ", "hộ", 1),
        ("Đơn vị tính: nghìn hộ", "%", 1),
        ("Đơn vị: Quận Đông", "hộ", 1),
        ("Đơn vị báo cáo: Quận Đông", "hộ", 1),
    ],
)
def test_the_factor_a_title_block_gives(line, wanted, factor):
    assert UNITS.title_factor(UNITS.stated_in([line]), wanted) == factor


def test_a_title_that_scales_a_form_by_area(read_sheets_of):
    rows = [[*row[:2], *(value / 1000 for value in row[2:6]), row[6]] for row in BODY]
    reading = read_sheets_of(B=[*HEAD, [None, None, "Đơn vị tính: nghìn hộ, nghìn người"], *HEADER, *rows])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("unit-scaled", "info", "C6")]


def test_headers_that_scale_their_columns(read_sheets_of):
    header = [HEADER[0], [None, None, "Hộ (nghìn hộ)", "Khẩu (ĐVT: nghìn người)", "Hộ", "Khẩu (người)", "Tỷ lệ (%)"]]
    rows = [[*row[:2], row[2] / 1000, row[3] / 1000, *row[4:]] for row in BODY]
    reading = read_sheets_of(B=[*HEAD, *header, *rows])
    assert figures(reading) == TRUTH
    assert {(one.rule, one.severity) for one in reading.findings} == {("unit-scaled", "info")}


def test_a_row_of_units_under_the_header(read_sheets_of):
    rows = [[*row[:2], row[2] / 1000, *row[3:]] for row in BODY]
    units = [None, None, "(nghìn hộ)", "(khẩu)", "(hộ)", "(khẩu)", "(%)"]
    reading = read_sheets_of(B=[*HEAD, *HEADER, units, *rows, [*TOTALS[0][:2], 3.1, *TOTALS[0][3:]]])
    assert figures(reading) == TRUTH
    assert told(reading.findings) == [("unit-scaled", "info", "C6")]


def test_a_unit_without_a_way_to_that_of_the_measure_is_an_error_of_the_column(read_sheets_of):
    header = [HEADER[0], [None, None, "Hộ (triệu đồng)", *HEADER[1][3:]]]
    reading = read_sheets_of(B=[*HEAD, *header, *BODY])
    assert told(reading.findings) == [("unit-not-convertible", "error", "C5")]
    assert ("households", "00011") not in figures(reading)
    assert not reading.is_accepted


INDICATORS = [["UBND QUẬN ĐÔNG"], ["BIỂU CHỈ TIÊU THỬ NGHIỆM"], ["Quý IV năm 2030"]]
HEADS = [["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm", "Thực hiện", None, "Cùng kỳ"]]
HEADS += [[None, None, None, None, "Trong kỳ", "Lũy kế", None]]


def rows_of(*changed):
    rows = {
        "jobs": [1, "Số người có việc làm", "người", 500, 100, 250, 200],
        "budget": [2, "Kinh phí hỗ trợ", "triệu đồng", 10, 2, 5.5, 4],
    }
    return [*(changed or rows.values())]


def measured(reading):
    return {one.measure: one.value for one in reading.observations if one.series == "actual"}


@pytest.mark.parametrize(
    "row, value, place",
    [
        ([1, "Số người có việc làm", "nghìn người", 0.5, 0.1, 0.25, 0.2], 250, "C6"),
        ([1, "Số người có việc làm", "nghìn người", "0,5", "0,1", "0,25", "0,2"], 250, "C6"),
        ([1, "Số người có việc làm (nghìn người)", None, 0.5, 0.1, 0.25, 0.2], 250, "B6"),
        ([2, "Kinh phí hỗ trợ", "tỷ đồng", 1, 1, "1,2345", 1], Decimal("1234.5"), "C6"),
        ([2, "Kinh phí hỗ trợ", "đồng", 1, 1, "1.234.567.890", 1], Decimal("1234.5679"), "C6"),
    ],
)
def test_a_row_in_another_unit(read_sheets_of, row, value, place):
    reading = read_sheets_of(B=[*INDICATORS, *HEADS, row])
    assert list(measured(reading).values()) == [value]
    assert ("unit-scaled", "info", place) in told(reading.findings)


def test_thousands_that_can_be_read_in_two_ways_are_asked(read_sheets_of):
    row = [1, "Số người có việc làm", "nghìn người", None, None, "1.234", None]
    reading = read_sheets_of(B=[*INDICATORS, *HEADS, row])
    assert ("ambiguous-number", "error", "F6") in told(reading.findings)
    assert measured(reading) == {"jobs_created": None}


@pytest.mark.parametrize("unit", ["hộ", "đồng", "%"])
def test_a_row_in_a_unit_of_something_else(read_sheets_of, unit):
    reading = read_sheets_of(B=[*INDICATORS, *HEADS, [1, "Số người có việc làm", unit, 5, 1, 2, 2]])
    assert ("unit-not-convertible", "error", "C6") in told(reading.findings)
    assert measured(reading) == {"jobs_created": None}


def test_words_that_mean_the_same_on_the_form(read_sheets_of):
    reading = read_sheets_of(B=[*INDICATORS, *HEADS, [1, "Số người có việc làm", "lượt người", 5, 1, 2, 2]])
    assert measured(reading) == {"jobs_created": 2}
    assert "unit-not-convertible" not in {one.rule for one in reading.findings}


def test_a_unit_cell_outranks_the_title_and_a_column_that_contradicts_it_is_told(read_sheets_of):
    title = [*INDICATORS, ["Đơn vị tính: triệu đồng"]]
    reading = read_sheets_of(B=[*title, *HEADS, *rows_of()])
    assert measured(reading) == {"jobs_created": 250, "budget": Decimal("5.5")}
    heads = [HEADS[0], [*HEADS[1][:5], "Lũy kế (nghìn người)"]]
    reading = read_sheets_of(B=[*INDICATORS, *heads, rows_of()[0]])
    assert ("unit-not-convertible", "error", "F6") in told(reading.findings)
    assert measured(reading) == {"jobs_created": None}


def test_a_title_alone_scales_rows_without_a_unit(read_sheets_of):
    title = [*INDICATORS, ["Đơn vị tính: nghìn người"]]
    reading = read_sheets_of(B=[*title, *HEADS, [1, "Số người có việc làm", None, 0.5, 0.1, 0.25, 0.2]])
    assert measured(reading) == {"jobs_created": 250}
    assert ("unit-scaled", "info", "F6") in told(reading.findings)
