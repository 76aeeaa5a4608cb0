"""One workbook with more than 25 habits at once: its figures equal the table, and what must be told is told."""

from __future__ import annotations

from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font

from tests import tiny
from tests.intake.conftest import figures, to_bytes, told
from tests.intake.test_layout_habits import BODY, HEAD, HEADER

TRUTH = {
    # Biểu hộ dân cư, in thousands of households, columns reordered
    **{("households", f"0001{n}"): value for n, value in enumerate((1500, 500, 1000, 100), start=1)},
    **{("persons", f"0001{n}"): value for n, value in enumerate((5000, 1700, 3000, 300), start=1)},
    **{("poor_households", f"0001{n}"): value for n, value in enumerate((3, 1, 2, 0), start=1)},
    **{("poor_persons", f"0001{n}"): value for n, value in enumerate((10, 4, 5, 0), start=1)},
    # Biểu diễn biến, two lines for each commune
    **{
        (f"opening_{line}", f"0001{n}"): n * each
        for n in range(1, 5)
        for line, each in (("households", 1), ("persons", 3))
    },
    **{
        (f"closing_{line}", f"0001{n}"): n * each
        for n in range(1, 5)
        for line, each in (("households", 1), ("persons", 3))
    },
    # Biểu diện tích: blanks are zero, the district's figures in the total and by commune
    **{("land", f"0001{n}"): value for n, value in enumerate((Decimal("12.5"), 0, 3, 1), start=1)},
    ("roads", "001"): Decimal("10.5"),
    ("school_rate", "001"): Decimal("93.5"),
    # Biểu chỉ tiêu
    ("jobs_created", "001"): 12500,
    ("water_households", "001"): 1800,
    ("water_base", "001"): 2000,
    ("budget", "001"): Decimal("1234.5"),
    ("turnout", "001"): Decimal("0.16"),
    ("plan_issued", "001"): 1,
    ("year_end_review", "001"): "missing",
    # Biểu toàn thành phố: the own row only
    ("loans", "001"): 100,
    ("loan_money", "001"): Decimal("1500.5"),
    # Biểu học nghề: plan and result below each other
    ("trained", "001"): 80,
    ("placed", "001"): "missing",
}

TOLD = [
    ("hidden-copy", "info", "Dân cư (cũ)"),
    ("other-period", "info", "Năm trước"),
    ("unit-scaled", "info", "Dân cư"),
    ("column-unknown", "info", "Dân cư"),
    ("column-hidden", "warn", "Dân cư"),
    ("row-hidden", "info", "Dân cư"),
    ("number-style-decided", "info", "Dân cư"),
    ("row-unknown", "info", "Dân cư"),
    ("row-repeated", "warn", "Dân cư"),
    ("other-table", "info", "Dân cư"),
    ("rate-as-fraction", "info", "Dân cư"),
    ("total-differs", "warn", "Diễn biến"),
    ("form-on-hidden-sheet", "warn", "Diện tích"),
    ("unit-scaled", "info", "Chỉ tiêu"),
    ("rate-differs", "warn", "Chỉ tiêu"),
    ("footnote-in-number", "warn", "Chỉ tiêu"),
    ("blank-cell", "warn", "Chỉ tiêu"),
    ("row-struck", "warn", "Chỉ tiêu"),
    ("personal-data-in-remark", "warn", "Chỉ tiêu"),
    ("other-area", "warn", "Toàn TP"),
    ("unit-scaled", "info", "Toàn TP"),
    ("cells-outside", "info", "Toàn TP"),
    ("two-numbers", "error", "Học nghề"),
    ("sheet-not-used", "info", "Nháp"),
]


def add(workbook, name, rows):
    sheet = workbook.create_sheet(name)
    for row in rows:
        sheet.append(row)
    return sheet


def habits() -> Workbook:
    workbook = tiny.new_workbook()
    # a letter first, an empty sheet, a draft with numbers, last year's copy
    add(workbook, "Công văn", [["UBND QUẬN ĐÔNG"], ["Gửi kèm Biểu hộ dân cư thử nghiệm, Biểu diện tích thử nghiệm"]])
    add(workbook, "Sheet2", [])
    add(workbook, "Nháp", [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    add(workbook, "Năm trước", [*HEAD[:2], ["Quý IV năm 2029"], *HEADER, *([*row[:2], 9, 9, 9, 9] for row in BODY)])
    add(workbook, "Dân cư (cũ)", [*HEAD, *HEADER, *BODY]).sheet_state = "hidden"
    households(workbook)
    movements(workbook)
    land(workbook)
    indicators(workbook)
    districts(workbook)
    training(workbook)
    return workbook


def households(workbook: Workbook) -> None:
    """Reordered, scaled, with a hidden row and column, a page break, a repeated row, a detail and a ranking."""
    header = [
        ["Ghi chú", "Nghèo", None, None, "Mã", "STT", "Đơn vị", "Dân cư (nghìn hộ)", None],
        [None, "Hộ", "Nhân khẩu", "Tỷ lệ", None, None, None, "Số hộ", "Khẩu (khẩu)"],
    ]

    def row(n, name, households, persons, poor, poor_persons, rate=None, note=None):
        return [note, poor, poor_persons, rate, 100, n, name, households, persons]

    sheet = add(
        workbook,
        "Dân cư",
        [
            ["Biểu số 02"], ["UBND QUẬN ĐÔNG", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["BIỂU HỘ DÂN CƯ"], ["THỬ NGHIỆM"], ["(Quý IV/2030, so với cùng kỳ quý IV/2029)"],
            *header,
            ["(A)", "(1)", "(2)", "(3)=(1)/(7)", "B", "C", "D", "(7)", "(8)"],
            row(None, "TỔNG CỘNG (I+II)", 3.1, 10000, 6, 19),
            row("I", "Khu vực thành thị", 3.1, 10000, 6, 19),
            row(9, "Phường Một", 1, 1, 1, 1),                                  # hidden: last year's
            row(1, "P.Một", "1,5", "5,000", 3, "10", 0.2, "nhà ở <b>tạm</b>"),
            row("-", "Trong đó: hộ mới chuyển đến", 0.1, 300, 0, 0),
            row(2, "phuong hai", 0.5, "1,700", "1", 4, 0.002),
            *header,                                                            # the next page
            row(3, "UBND phường Lê Lợi", "1", "3,000", 2, 5, "0,2%"),
            row(4, "P7", 0.1, 300, "-", "–", 0),
            row(5, "Phường 07", 0.1, 300, "-", "–", 0),                         # the same again
            ["Người lập biểu", None, None, "KT. CHỦ TỊCH"],
            ["Trần Thị Bình", None, None, "Lê Văn Cường"],
            ["BẢNG XẾP HẠNG"], ["Hạng", "Đơn vị", "Số hộ"], [1, "Phường Một", 3], [2, "Lê Lợi", 2],
        ],
    )  # fmt: skip
    sheet.row_dimensions[11].hidden = True
    sheet.column_dimensions["C"].hidden = True


def movements(workbook: Workbook) -> None:
    """Names merged over two lines, title and period stated once for the sheet above."""
    rows = [
        row
        for n, name in enumerate(("Một", "Hai", "Lê Lợi", "Phường 7"), start=1)
        for row in ([n, f"{name}", "Hộ", n, n], [None, None, "Nhân khẩu", 3 * n, str(3 * n)])
    ]
    total = [[None, "Tổng cộng", "Hộ", 10, 11], [None, None, "Khẩu", 30, 30]]
    header = [["TT", "Xã, phường, thị trấn", "Phân tổ", "Đầu kỳ", "Cuối kỳ"], ["A", "B", "C", 1, 2]]
    sheet = add(workbook, "Diễn biến", [[None], [None], ["BIỂU DIỄN BIẾN THỬ NGHIỆM"], *header, *rows, *total])
    for first in range(6, 14, 2):
        sheet.merge_cells(f"B{first}:B{first + 1}")


def land(workbook: Workbook) -> None:
    """A form that stands on a hidden sheet only; blanks that mean nothing, figures of the district."""
    rows = [
        [1, "Phường Một", "12,5", 1.5], [2, "Phường Hai", None, 2], [3, "Lê Lợi", 3, "3"], [4, "Phường 7", "1,0", "4"],
        [None, "Tổng cộng", "16,5", 10.5, "93,5%"],
    ]  # fmt: skip
    header = [["TT", "Xã, phường, thị trấn", "Diện tích", "Đường bê tông", "Tỷ lệ đi học"]]
    sheet = add(workbook, "Diện tích", [["BIỂU DIỆN TÍCH THỬ NGHIỆM"], ["Quý 4 năm 2030"], *header, *rows])
    sheet.sheet_state = "hidden"


def indicators(workbook: Workbook) -> None:
    """Units in their column, percent in three ways, words for yes, a struck row, a note in a number."""
    sheet = add(
        workbook,
        "Chỉ tiêu",
        [
            ["Phòng LĐTBXH quận Đông"], ["BIỂU CHỈ TIÊU THỬ NGHIỆM"],
            ["TT", "Chỉ tiêu", "ĐVT", "KH năm 2030", "Thực hiện", None, "Cùng kỳ", "Ghi chú"],
            [None, None, None, None, "Trong kỳ", "Lũy kế", None, None],
            ["I", "NHÓM THỬ NGHIỆM"],
            [1, "Việc làm mới", "nghìn người", "11(1)", "2,5", "khoảng 12,5", "…", "gọi chị Bình 0912345678"],
            [1, "Việc làm mới", "người", 11, 2, 12, 10],                        # struck through
            [2, "Tỷ lệ hộ có nước sạch", "%", 95, None, "91%", 89.5],
            ["-", "Số hộ có nước sạch", "hộ", None, None, "1.800", "KCSL"],
            ["-", "Số hộ nông thôn", "hộ", "x", "x", 2000, None],
            [3, "Kinh phí hỗ trợ", "tỷ đồng", 2, 0.5, "1,2345", 1],
            [4, "Tỷ lệ tham gia", "%", None, None, 0.0016, "90 %"],
            [5, "Đã ban hành kế hoạch", None, None, None, "Có", "Chưa"],
            [6, "Số cuộc kiểm tra", "cuộc", 4, 1, None, 4],
        ],
    )  # fmt: skip
    sheet["F12"].number_format = "0.00%"
    sheet["B7"].font = Font(strike=True)


def districts(workbook: Workbook) -> None:
    """The sheet of the whole province: the own row filled, one of another district too, sums beside it."""
    rows = [
        [1, "Q. Đông", 100, "1.500,5", None, 100], [2, "H. Tây Hòa", 5, None], [3, "Thị xã Nam"],
        [None, "Toàn thành phố", None, None],
    ]  # fmt: skip
    header = [["TT", "Quận, huyện", "Số hộ vay", "Dư nợ (ĐVT: triệu đ)"]]
    title = [["BIỂU TOÀN THÀNH PHỐ THỬ NGHIỆM"], ["Đơn vị tính: 1.000 hộ"]]
    rows[0][2] = "0,1"
    add(workbook, "Toàn TP", [*title, *header, *rows])


def training(workbook: Workbook) -> None:
    """Plan and result below each other, two numbers in one cell."""
    rows = [
        [1, "Số người học nghề"], ["+", "Kế hoạch", 100], ["+", "TH", "80 "],
        [2, "Số người có việc sau học nghề", None], ["+", "Kế hoạch", "50"], ["+", "Thực hiện", "40 45\n50"],
    ]  # fmt: skip
    add(workbook, "Học nghề", [["BIỂU HỌC NGHỀ THỬ NGHIỆM"], ["STT", "Chỉ tiêu", "Số liệu"], *rows])


def test_the_figures_are_those_of_the_table_and_what_must_be_told_is_told(province_names):
    from pipeline.intake.workbook import read_workbook

    reading = read_workbook(to_bytes(habits()), "BC quý 4 (sửa lần 2).xlsx", province_names)
    assert reading.reporter == "001"
    read = figures(reading)
    assert {key: read.get(key) for key in TRUTH} == TRUTH
    assert read.keys() == TRUTH.keys()
    said = {(one.rule, one.severity, one.sheet) for one in reading.findings}
    assert said - set(TOLD) == set()
    assert set(TOLD) - said == set()
    for form in reading.forms:
        assert form.rows_read == form.rows_used + form.rows_recognised + form.rows_set_aside
    assert all(form.is_accepted for form in reading.forms)
    assert len(told(reading.findings)) <= len(TOLD) + 12  # one finding for one cause
    assert "0912345678" not in repr(reading) and "Trần Thị Bình" not in repr(reading)
    estimated = next(one for one in reading.observations if one.measure == "jobs_created" and one.series == "actual")
    assert (estimated.qualifier, estimated.raw_text, estimated.cell) == ("khoảng", "khoảng 12,5", "F6")
    assert [one.text for one in reading.remarks] == ["nhà ở <b>tạm</b>"]
