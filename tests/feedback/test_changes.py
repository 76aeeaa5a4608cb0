"""What a resubmission changed: old and new of each figure, and nothing of what stayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests import tiny
from tests.feedback.conftest import Office


def changed_figures(new_office: Callable[[], Office], folder: Path, change: Callable[[tiny.Workbook], None]) -> Office:
    office = new_office()
    office.send("cu.xlsx", tiny.district_workbook("Huyện Tây Hòa"), "002", date(2031, 1, 2))
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    change(workbook)
    office.send("moi.xlsx", workbook, "002", date(2031, 1, 3))
    office.compute(folder)
    return office


def test_changed_new_and_vanished_figures_by_place(new_office: Callable[[], Office], tmp_path: Path):
    def change(workbook: tiny.Workbook) -> None:
        sheet = workbook["Biểu 1"]
        sheet["E9"] = 260  # 250
        sheet["F9"] = "x"  # 200
        sheet["D11"] = 900  # empty
        sheet["E12"] = "1.000"  # 1000, typed otherwise
        workbook["Biểu 2"]["D8"] = "2"  # 3
        workbook["Biểu 2"]["D10"] = 3

    office = changed_figures(new_office, tmp_path, change)
    found = [(one.sheet, one.cell, one.area, one.series, one.old, one.new) for one in office.answers()["002"].changes]
    assert found == [
        ("Biểu 1", "E9", "Huyện Tây Hòa", "thực hiện", "250", "260"),
        ("Biểu 1", "F9", "Huyện Tây Hòa", "cùng kỳ năm trước", "200", "không áp dụng (x)"),
        ("Biểu 1", "D11", "Huyện Tây Hòa", "kế hoạch năm", "chưa có số liệu", "900"),
        ("Biểu 2", "D8", "Thị trấn Tây Hòa", "thực hiện", "3", "2"),
    ]


def test_a_row_that_is_gone_is_told_last(new_office: Callable[[], Office], tmp_path: Path):
    office = changed_figures(new_office, tmp_path, lambda workbook: workbook["Biểu 1"].delete_rows(9))
    found = [(one.cell, one.old, one.new) for one in office.answers()["002"].changes]
    assert ("", "250", "không có trên biểu") in found and all(new == "không có trên biểu" for _, _, new in found)


def test_many_changes_are_cut_in_the_letter_and_whole_in_the_copy(
    new_office: Callable[[], Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for module in ("records", "letters"):
        monkeypatch.setattr(f"pipeline.feedback.{module}.CHANGES_SHOWN", 1)

    def change(workbook: tiny.Workbook) -> None:
        workbook["Biểu 1"]["E9"], workbook["Biểu 1"]["D9"] = 260, 510

    office = changed_figures(new_office, tmp_path, change)
    office.write(tmp_path / "out")
    said = (tmp_path / "out" / "002" / "thu-phan-hoi.txt").read_text(encoding="utf-8")
    assert "(2 số liệu)" in said and "500 -> 510" in said and "250 -> 260" not in said
    assert "- và 1 số liệu khác, xem trang “Thay đổi” của bản đánh dấu." in said
    sheet = load_workbook(tmp_path / "out" / "002" / "moi-danh-dau.xlsx")["Thay đổi"]
    rows = [tuple(cell.value for cell in row[2:]) for row in sheet.iter_rows(min_row=4)]
    assert [(row[0], *row[-2:]) for row in rows] == [("D9", "500", "510"), ("E9", "250", "260")]
    assert sheet["C5"].hyperlink.location == "'Biểu 1'!E9"
