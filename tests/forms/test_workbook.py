"""The workbook as a clerk meets it: what can be typed where, what it looks like on paper, and that text stays text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms import blank_workbook, owing_reporters
from pipeline.forms.header import HeaderCell, header_cells
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests.forms.clerk import Clerk
from tests.forms.conftest import PROGRAMME_IDS, ROOT, demonstration, read_back, with_files
from tests.forms.excel import is_allowed

Q4 = Quarter(2030, 4)
GUIDANCE = "Hướng dẫn"


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def covering(sheet: Worksheet, cell: str) -> list[object]:
    column, row = range_boundaries(cell)[:2]
    return [
        validation
        for validation in sheet.data_validations.dataValidation
        for area in validation.sqref.ranges
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col
    ]


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_only_the_cells_to_fill_are_open_and_each_has_one_validation(programme_id: str):
    programme = demonstration(programme_id)
    quarter = programme.submitted_quarters()[-1]
    owing = owing_reporters(programme, quarter)
    for reporter in (owing[0], owing[len(owing) // 2], owing[-1]):
        content = blank_workbook(programme, quarter, reporter, {})
        clerk, workbook = Clerk(content, programme, quarter, reporter), opened(content)
        figures = {(place.sheet, place.cell) for place in clerk.places}
        assert figures
        for sheet in workbook:
            assert sheet.protection.sheet and not sheet.protection.password
            for cell in clerk.open_cells(sheet.title):
                is_figure = (sheet.title, cell.coordinate) in figures
                assert len(covering(sheet, cell.coordinate)) == is_figure
                if is_figure:
                    assert cell.fill.fgColor.rgb in ("FFFFF8D6", "FFDDEBF7")
                else:  # a remark is kept as text; the other is the line of place and date
                    assert cell.number_format == "@" or "ngày" in str(cell.value) or cell.value is None
        assert clerk.open_cells(GUIDANCE) == []


@pytest.mark.parametrize(
    ("measure", "allowed", "refused"),
    [
        ("jobs_created", [0, 250, "x", "X ", "khoảng 85", "ước 1.200"], [-1, 2.5, "-", "Không", "1.234", "khoảng"]),
        ("households", [0, 250, "x"], [-1, 2.5, "-", "khoảng 85", "85 hộ"]),
        ("unemployment", [0, 2.01, 100, "x"], [-0.1, 100.5, 2.015, "2,01%"]),
    ],
)
def test_excel_takes_numbers_and_x_and_nothing_else(
    tiny_programme: Programme, measure: str, allowed: list[object], refused: list[object]
):
    reporter = "so_mot" if measure == "unemployment" else "002"
    clerk = Clerk(content := blank_workbook(tiny_programme, Q4, reporter, {}), tiny_programme, Q4, reporter)
    place = next(one for one in clerk.places if (one.measure.code, one.series) == (measure, "actual"))
    (validation,) = covering(opened(content)[place.sheet], place.cell)
    first = str(validation.sqref).split(":")[0]
    assert [entry for entry in allowed if not is_allowed(validation, first, entry)] == []
    assert [entry for entry in refused if is_allowed(validation, first, entry)] == []
    assert validation.showErrorMessage and 0 < len(validation.error) <= 255 and len(validation.errorTitle) <= 32


def test_questions_have_a_drop_down(tmp_path: Path):
    programme = with_files(tmp_path, {"measures.csv": ("Tỷ lệ thất nghiệp,%,2", "Tỷ lệ thất nghiệp,có/không,0")})
    clerk = Clerk(content := blank_workbook(programme, Q4, "so_mot", {}), programme, Q4, "so_mot")
    (place,) = clerk.places
    (validation,) = covering(opened(content)[place.sheet], place.cell)
    assert (validation.type, validation.formula1) == ("list", '"Có,Không"')


def test_a_known_figure_is_shown_and_explained(tiny_programme: Programme):
    earlier = {("last_year", "jobs_created", "002"): Decimal(1234)}
    clerk = Clerk(content := blank_workbook(tiny_programme, Q4, "002", earlier), tiny_programme, Q4, "002")
    place = next(one for one in clerk.places if (one.measure.code, one.series) == ("jobs_created", "last_year"))
    sheet = opened(content)[place.sheet]
    assert place.given == 1234 and not sheet[place.cell].protection.locked
    assert sheet[place.cell].fill.fgColor.rgb == "FFDDEBF7"
    (validation,) = covering(sheet, place.cell)
    assert "Ghi chú" in validation.prompt and validation.showInputMessage


def test_it_prints_on_a4_with_its_header_on_every_page(tiny_programme: Programme):
    workbook = opened(blank_workbook(tiny_programme, Q4, "002", {}))
    assert workbook.sheetnames == [GUIDANCE, "Biểu 1", "Biểu 2"]
    assert workbook.active.title == "Biểu 1"
    for sheet in workbook.worksheets[1:]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        header = next(cell.row for cell in sheet["A"] if cell.value == "STT")
        assert sheet.print_title_rows == f"${header}:${header + 2}"
        assert sheet.freeze_panes == f"C{header + 3}"
        assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {"Times New Roman"}


def test_the_title_block_says_what_the_form_is(tiny_programme: Programme):
    sheet = opened(blank_workbook(tiny_programme, Q4, "002", {}))["Biểu 2"]
    texts = [cell.value for row in sheet.iter_rows(max_row=7) for cell in row if cell.value]
    assert texts == [
        "ỦY BAN NHÂN DÂN HUYỆN TÂY HÒA",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BIỂU HỘ DÂN CƯ THỬ NGHIỆM",
        "(Chương trình số 01-CTr/TN)",
        "Kỳ báo cáo: Quý IV năm 2030",
        "Đơn vị báo cáo: Huyện Tây Hòa",
        "Đơn vị tính: hộ",
    ]


def test_the_explanation_says_the_deadline_and_is_no_form(tiny_programme: Programme):
    sheet = opened(blank_workbook(tiny_programme, Q4, "002", {}))[GUIDANCE]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for words in (
        "Huyện Tây Hòa",
        "Biểu 1, Biểu 2",
        "05/01/2031",
        "CƠ QUAN THỬ NGHIỆM",
        "không áp dụng",
        "cột “Ghi chú”",
    ):
        assert words in text
    assert not any(title in text for layout in tiny_programme.layouts for title in layout.titles)


def test_merged_wordings_over_columns_of_different_depth():
    paths = [("STT",), ("A", "a", "1"), ("A", "a", "2"), ("A", "b"), ("Z",), ("Z",)]
    assert header_cells(paths) == [
        HeaderCell("STT", 0, 2, 0, 0),
        HeaderCell("A", 0, 0, 1, 3),
        HeaderCell("a", 1, 1, 1, 2),
        HeaderCell("1", 2, 2, 1, 1),
        HeaderCell("2", 2, 2, 2, 2),
        HeaderCell("b", 1, 2, 3, 3),
        HeaderCell("Z", 0, 2, 4, 4),
        HeaderCell("Z", 0, 2, 5, 5),
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_names_never_become_formulas(tmp_path: Path, start: str):
    programme = with_files(
        tmp_path,
        {
            "areas.csv": ("00011,Một", f"00011,{start}Một"),
            "measures.csv": ("jobs_created,Số", f"jobs_created,{start}Số"),
            "layouts/dan_cu.yml": ("remark: Ghi chú", f'remark: "{start}Ghi chú"'),
        },
    )
    content = blank_workbook(programme, Q4, "001", {})
    cells = [cell for sheet in opened(content) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    assert formulas and all(re.match(r"=IF\((AND|COUNT)\(", formula) for formula in formulas)
    texts = {cell.value for cell in cells if cell.data_type != "f"}
    assert {f"{start}Số người có việc làm", f"{start}Ghi chú"} <= texts
    assert any(str(text).endswith(f"{start}Một") for text in texts)


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_sheet_names_are_legal_and_different(programme_id: str):
    programme = demonstration(programme_id)
    quarter = programme.submitted_quarters()[-1]
    for reporter in owing_reporters(programme, quarter)[:2]:
        names = opened(blank_workbook(programme, quarter, reporter, {})).sheetnames
        assert len({name.casefold() for name in names}) == len(names)
        assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_the_same_inputs_give_the_same_bytes():
    script = (
        "import sys, hashlib; from pathlib import Path\n"
        "from pipeline.forms import blank_workbook, owing_reporters\n"
        "from pipeline.programme import load_programme\n"
        f"programme = load_programme(Path({str(ROOT)!r}), {PROGRAMME_IDS[0]!r})\n"
        "quarter = programme.submitted_quarters()[-1]\n"
        "reporter = owing_reporters(programme, quarter)[-1]\n"
        "print(hashlib.sha256(blank_workbook(programme, quarter, reporter, {})).hexdigest())\n"
    )

    def digest(**environment: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert digest(PYTHONHASHSEED="1", TZ="Asia/Ho_Chi_Minh") == digest(PYTHONHASHSEED="2", TZ="UTC", LC_ALL="C")


def test_every_form_says_whose_it_is(tiny_programme: Programme):
    for reporter in owing_reporters(tiny_programme, Q4):
        assert read_back(blank_workbook(tiny_programme, Q4, reporter, {}), tiny_programme, Q4).reporter == reporter
