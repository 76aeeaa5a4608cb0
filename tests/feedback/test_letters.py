"""What the letters say: of what was accepted, what was not, what is wrong, and what a sender wrote to do harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake.identity import Names
from pipeline.intake.workbook import read_workbook
from tests import tiny
from tests.feedback.conftest import Q4, Office

PERSON = "Trần Văn Kín"
HOSTILE_NAME = "dong <script>alert(1)<script> {{ 7*7 }} \x1b[31m\u202e.xlsx"


def second_version() -> tiny.Workbook:
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 1"]["E9"] = 300
    return workbook


def third_version() -> tiny.Workbook:
    """The form with a row per commune has three errors: it is refused, the other one is not."""
    workbook = second_version()
    workbook["Biểu 1"]["E9"] = 310
    workbook["Biểu 1"]["B10"] = "<b>Tỷ lệ</b> {{ 7*7 }}"
    workbook["Biểu 2"]["D8"] = "=cmd|'/c calc'!A1"
    workbook["Biểu 2"]["D8"].data_type = "s"
    workbook["Biểu 2"]["C9"] = "5oo"
    workbook["Biểu 2"]["D9"] = None
    return workbook


def list_of_persons() -> tiny.Workbook:
    workbook = tiny.new_workbook()
    sheet = workbook.create_sheet("Danh sách")
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Số CCCD"])
    for number in range(1, 4):
        sheet.append([number, PERSON, "01/01/1960", f"00106000123{number}"])
    return workbook


def nameless() -> tiny.Workbook:
    workbook = tiny.district_workbook("Quận Đông")
    for sheet in workbook.worksheets:
        sheet["A1"], sheet["A4"] = None, None if sheet.title == "Biểu 1" else sheet["A4"].value
    return workbook


@pytest.fixture(scope="module")
def office(new_office: Callable[[], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = new_office()
    office.send("dong.xlsx", tiny.district_workbook("Quận Đông"), "001", date(2031, 1, 2))
    office.send("tay hoa.xlsx", tiny.district_workbook("Huyện Tây Hòa"), "002", date(2031, 1, 3))
    office.send(HOSTILE_NAME, second_version(), "001", date(2031, 1, 4))
    office.send("dong lan 3.xlsx", third_version(), "001", date(2031, 1, 6))
    office.send("danh sach.xlsx", list_of_persons(), "so_mot", date(2031, 1, 5))
    office.send("khong ten.xlsx", nameless(), None, None)
    office.compute(tmp_path_factory.mktemp("warehouse"))
    return office


@pytest.fixture(scope="module")
def folder(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("feedback")
    summary = office.write(out)
    assert (summary.senders, summary.must_resend) == (
        4, ("Quận Đông", "Sở Một", "tệp “khong ten.xlsx” (chưa rõ đơn vị)"),
    )  # fmt: skip
    return out


def text(folder: Path, reporter: str) -> str:
    return (folder / reporter / "thu-phan-hoi.txt").read_text(encoding="utf-8")


def test_who_sent_all_in_order_is_told_so_and_gets_no_copy(folder: Path):
    said = text(folder, "002")
    assert "Kính gửi: Ủy ban nhân dân huyện Tây Hòa" in said
    assert "Tệp “tay hoa.xlsx” (số tiếp nhận 02, ngày 03/01/2031)" in said
    assert "Trang tính “Biểu 2” (BIỂU HỘ DÂN CƯ THỬ NGHIỆM): 04 số liệu." in said
    assert "Không có điểm nào phải sửa." in said and "quý đơn vị không phải gửi lại." in said
    assert sorted(path.name for path in (folder / "002").iterdir()) == ["thu-phan-hoi.html", "thu-phan-hoi.txt"]


def test_a_letter_begins_with_what_was_accepted_and_names_what_counts_now(folder: Path):
    said = text(folder, "001")
    parts = [
        "1. SỐ LIỆU ĐÃ ĐƯỢC CHẤP NHẬN",
        "2. SỐ LIỆU CHƯA ĐƯỢC CHẤP NHẬN",
        "3. NHỮNG ĐIỂM CẦN SỬA",
        "4. SỐ LIỆU THAY",
    ]
    places = [said.index(part) for part in [*parts, "5. ĐỀ NGHỊ"]]
    assert places == sorted(places)
    accepted, rejected = said[places[0] : places[1]], said[places[1] : places[2]]
    assert "số tiếp nhận 03" in accepted and "Biểu 2" in accepted
    assert "“dong lan 3.xlsx” (số tiếp nhận 04, ngày 06/01/2031)" in accepted and "Biểu 1" in accepted
    assert (
        "Trang tính “Biểu 2”" in rejected and "còn 03 lỗi trong biểu; hiện vẫn dùng số liệu của tệp “dong" in rejected
    )
    assert "“dong.xlsx”" not in said, "a version that neither counts nor is the last is not spoken of"


def test_each_error_has_its_cell_what_was_found_what_is_needed_and_what_to_do(folder: Path):
    said = text(folder, "001")
    errors = said[said.index("LỖI PHẢI SỬA (04)") :]
    assert "  - Ô C9: thấy 5oo\n    Cần: một số" in errors and "    Đề nghị: " in errors
    assert errors.index("Ô D8") < errors.index("Ô C9") < errors.index("Ô D9"), "in reading order"
    assert "Thời hạn gửi báo cáo quý IV/2030: ngày 05/01/2031; tệp đã đến sau thời hạn này" in said
    assert "Kèm theo: tệp “dong lan 3-danh-dau.xlsx”" in said


def test_what_a_sender_wrote_is_shown_and_does_nothing(folder: Path):
    page = (folder / "001" / "thu-phan-hoi.html").read_text(encoding="utf-8")
    assert "dong &lt;script&gt;alert(1)&lt;script&gt; {{ 7*7 }} [31m" in page and "<script" not in page
    assert "&lt;b&gt;Tỷ lệ&lt;/b&gt; {{ 7*7 }}" in page and "<b>Tỷ lệ" not in page
    assert "=cmd|&#39;/c calc&#39;!A1" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    for said in (page, text(folder, "001")):
        assert "\x1b" not in said and "\u202e" not in said and "49" not in said


def test_page_and_text_say_the_same(folder: Path):
    page = (folder / "001" / "thu-phan-hoi.html").read_text(encoding="utf-8")
    for words in ("Ủy ban nhân dân quận Đông", "còn 03 lỗi trong biểu", "Lỗi phải sửa (04)", "5oo", "300", "310",
                  "ngày 05/01/2031", "dong lan 3-danh-dau.xlsx"):  # fmt: skip
        assert words in page


def test_of_a_list_of_persons_only_the_reason_is_told(folder: Path):
    said = text(folder, "so_mot")
    assert "thông tin cá nhân" in said and "không gửi danh sách cá nhân" in said
    assert sorted(path.name for path in (folder / "so_mot").iterdir()) == ["thu-phan-hoi.html", "thu-phan-hoi.txt"]
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert PERSON.encode() not in content and b"00106000123" not in content, path


def test_a_file_without_a_sender_is_answered_by_itself(folder: Path):
    (place,) = folder.glob("khong-ro-don-vi-*")
    said = (place / "thu-phan-hoi.txt").read_text(encoding="utf-8")
    assert "Kính gửi: Đơn vị gửi tệp" in said and "Tệp “khong ten.xlsx” (chưa vào sổ tiếp nhận)" in said
    assert "không rõ đơn vị gửi" in said


def test_a_refused_rule_of_the_models_is_told_at_its_cell(new_office: Callable[[], Office], tmp_path: Path):
    """1000 households with water of 0 households: only SQL compares the two."""
    office = new_office()
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 1"]["E12"], workbook["Biểu 1"]["E10"] = 0, None
    office.send("tay hoa.xlsx", workbook, "002", date(2031, 1, 3))
    office.compute(tmp_path)
    (file,) = office.answers()["002"].files
    found = {one.rule: one for one in file.findings}["ratio_without_denominator"]
    assert (found.severity, found.sheet, found.cell) == ("warn", "Biểu 1", "E11")
    assert "Nước sạch" in found.found and found.found.endswith(": 800") and found.expected == "0"


def test_what_reader_and_models_both_find_is_told_once(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 1"]["E10"], workbook["Biểu 2"]["D10"] = 88, 5
    office.send("tay hoa.xlsx", workbook, "002", date(2031, 1, 3))
    office.compute(tmp_path)
    assert office.connection is not None
    for check in ("stated_rate_differs", "stated_total_differs"):
        assert office.connection.execute(f"select count(*) from checks.{check}").fetchall() == [(1,)]
    (file,) = office.answers()["002"].files
    assert [(one.rule, one.cell) for one in file.findings] == [("rate-differs", "E10"), ("total-differs", "D10")]


def test_the_same_bytes_received_again_count_again(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    office.send("mot.xlsx", tiny.district_workbook("Quận Đông"), "001", date(2031, 1, 2))
    office.send("hai.xlsx", second_version(), "001", date(2031, 1, 3))
    office.send_again("mot.xlsx", date(2031, 1, 4))
    office.compute(tmp_path)
    answer = office.answers()["001"]
    assert [(file.file, file.seq) for file in answer.files] == [("mot.xlsx", 3)]
    assert [(change.cell, change.old, change.new) for change in answer.changes] == [("E9", "300", "250")]
    assert not answer.must_resend


def test_what_came_after_the_quarter_was_closed_is_no_error_of_the_form(
    new_office: Callable[[], Office], tmp_path: Path
):
    office = new_office()
    office.decide(lock_days=10)
    office.send("mot.xlsx", tiny.district_workbook("Quận Đông"), "001", date(2031, 1, 2))
    office.send("muon.xlsx", second_version(), "001", date(2031, 1, 20))
    office.compute(tmp_path)
    assert office.write(tmp_path / "out").must_resend == ()
    said = text(tmp_path / "out", "001")
    assert "nhận sau ngày khóa số liệu; hiện vẫn dùng số liệu của tệp “mot.xlsx”" in said
    assert "Số liệu quý IV/2030 đã khóa từ sau ngày 10/01/2031" in said
    assert "không phải gửi lại" not in said and "sửa các lỗi" not in said and "THAY ĐỔI" not in said


def test_what_the_office_lets_pass_asks_nothing_of_the_sender(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    leave = "- {rule: %s, quarter: 2030-Q4, reporter: '001', reason: Lý do %s, agreed_by: A, agreed_on: 2031-01-03%s}\n"
    office.decide(waivers=leave % ("blank-cell", "một", "") + leave % ("deadline", "hai", ", until: 2031-01-08"))
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 2"]["D9"] = None
    office.send("thieu.xlsx", workbook, "001", date(2031, 1, 7))
    office.compute(tmp_path)
    answer = office.answers()["001"]
    assert not answer.must_resend and not answer.is_late and answer.due_on == date(2031, 1, 8)
    (finding,) = [one for one in answer.files[0].findings if one.rule == "blank-cell"]
    assert (finding.severity, finding.cell) == ("info", "D9")
    assert finding.remedy == "Đã được chấp thuận (Lý do một); không phải gửi lại."
    assert [form.sheet for form in answer.files[0].accepted] == ["Biểu 1", "Biểu 2"]


def test_a_figure_that_was_agreed_on_is_told_at_its_cell(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    office.decide(
        corrections="- {quarter: 2030-Q4, measure: jobs_created, area: '001', series: actual, old: 250, new: 205,"
        " reason: gõ nhầm, agreed_by: UBND quận, agreed_on: 2031-01-03, basis: reported}\n"
    )
    office.send("mot.xlsx", tiny.district_workbook("Quận Đông"), "001", date(2031, 1, 2))
    office.compute(tmp_path)
    answer = office.answers()["001"]
    (finding,) = answer.files[0].findings
    assert (finding.rule, finding.severity, finding.sheet, finding.cell) == (
        "figure-corrected", "info", "Biểu 1", "E9"
    )  # fmt: skip
    assert "biểu ghi 250, đã thống nhất dùng 205 (gõ nhầm; UBND quận, ngày 03/01/2031)" in finding.found
    assert not answer.must_resend
    office.write(tmp_path / "out")
    assert "Ghi 205 khi gửi lại biểu này" in text(tmp_path / "out", "001")


def test_a_form_that_never_came_is_asked_for(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    workbook = tiny.new_workbook()
    tiny.add_indicator_sheet(workbook)
    office.send("mot bieu.xlsx", workbook, "001", date(2031, 1, 2))
    office.compute(tmp_path)
    office.write(tmp_path / "out")
    said = text(tmp_path / "out", "001")
    assert "- Chưa nhận được biểu: BIỂU HỘ DÂN CƯ THỬ NGHIỆM." in said
    assert "Đề nghị quý đơn vị bổ sung các biểu còn thiếu, lưu loại" in said


def test_a_marked_copy_sent_back_is_read_as_the_file_it_is_of(office: Office, folder: Path):
    copy = (folder / "001" / "dong lan 3-danh-dau.xlsx").read_bytes()
    original = next(one.path for one in office.receipts if one.file == "dong lan 3.xlsx")
    assert original is not None
    readings = [
        read_workbook(content, "a.xlsx", Names(office.programme, Q4), "001")
        for content in (original.read_bytes(), copy)
    ]
    assert readings[0].forms == readings[1].forms and readings[0].observations == readings[1].observations
    assert [one for one in readings[1].findings if one.rule != "sheet-not-used"] == readings[0].findings
