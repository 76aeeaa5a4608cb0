"""Lists of persons are refused whole, on whatever sheet; signatures and contact lines are not lists."""

from __future__ import annotations

import pytest

from pipeline.intake.cells import Sheet
from pipeline.intake.personal import holds_personal_data, without_personal_data
from tests.intake.conftest import figures, told
from tests.intake.test_layout_habits import TIDY, TRUTH

PEOPLE = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung"]
CITIZENS = ["001099012345", "001188012346", "079077012347", "036066012348"]
PHONES = ["0912345678", "+84987654321", "0356 789 012", "0777.888.999"]


def listed(header, *columns):
    return [*header, *([n, *cells] for n, cells in enumerate(zip(*columns, strict=True), start=1))]


LISTS = {
    "name and birth date": listed([["STT", "Họ và tên", "Ngày sinh"]], PEOPLE, ["1/1/1980"] * 4),
    "a header alone": [["STT", "Họ và tên", "Ngày sinh"]],
    "head of household": listed([["TT", "Họ tên chủ hộ", "Số CCCD/CMND"]], PEOPLE, CITIZENS),
    "name of the head": listed([["STT", "Tên chủ hộ", "Năm sinh", "Địa chỉ"]], PEOPLE, [1980] * 4, ["Thôn 1"] * 4),
    "representative": listed([["TT", "Người đại diện", "Số điện thoại"]], PEOPLE, PHONES),
    "insurance": listed([["TT", "Họ và tên người tham gia", "Mã số BHXH"]], PEOPLE, ["0123456789"] * 4),
    "account": listed([["TT", "Tên người hưởng", "Số tài khoản"]], PEOPLE, ["19001"] * 4),
    "residence": listed([["TT", "Chủ hộ", "Nơi thường trú"]], PEOPLE, ["Thôn 1"] * 4),
    "ethnic origin": listed([["TT", "Họ và tên", "Dân tộc", "Giới tính"]], PEOPLE, ["Kinh"] * 4, ["Nam"] * 4),
    "family": listed([["TT", "Họ tên", "Quan hệ với chủ hộ"]], PEOPLE, ["Con"] * 4),
    "two header rows": listed([["STT", "Họ và tên", "Giấy tờ"], [None, None, "CCCD"]], PEOPLE, CITIZENS),
    "words below each other": listed([["STT", "Họ và", "Số định"], [None, "tên", "danh"]], PEOPLE, CITIZENS),
    "first and last name": listed([["STT", "Họ đệm", "Tên", "Ngày sinh"]], PEOPLE, PEOPLE, ["1/1/1980"] * 4),
    "one column for all": listed([["STT", "Họ tên, năm sinh, địa chỉ"]], [f"{name}, 1980" for name in PEOPLE]),
    "brackets": listed([["STT", "Họ và tên (chữ in hoa)", "CCCD (12 số)"]], PEOPLE, CITIZENS),
    "no ordinal": [["Họ và tên", "Ngày sinh"], *([name, "1/1/1980"] for name in PEOPLE)],
    "no header, citizen numbers": [[name, number] for name, number in zip(PEOPLE, CITIZENS, strict=True)],
    "no header, only citizen numbers": [[number] for number in CITIZENS],
    "no header, zeros lost": [[name, int(number)] for name, number in zip(PEOPLE, CITIZENS, strict=True)],
    "no header, old numbers": [[name, f"0123456{n}9"] for n, name in enumerate(PEOPLE)],
    "no header, telephones": [[n, name, phone] for n, (name, phone) in enumerate(zip(PEOPLE, PHONES, strict=True))],
    "far below": [
        *([[n, "dòng", 5]] * 3 for n in ()),
        *[[1, 2, 3]] * 60,
        ["STT", "Họ và tên", "CCCD"],
        [1, "A B", "1"],
    ],
}

NO_LISTS = {
    "signatures": [
        ["Người lập biểu", None, "THỦ TRƯỞNG ĐƠN VỊ"],
        ["(Ký, ghi rõ họ tên)"],
        ["Trần Thị Bình", None, "Lê Văn An"],
    ],
    "a contact line": [["Người liên hệ: Trần Thị Bình, điện thoại: 0912345678, email: b@x.vn"]],
    "a contact in cells": [["Họ và tên:", "Trần Thị Bình", "Điện thoại:", "0912345678"]],
    "a contact in cells without colons": [["Họ và tên", "Trần Thị Bình", "Điện thoại", "0912345678"]],
    "a contact block": [["Họ và tên"], ["Chức vụ"], ["Điện thoại"], ["Email"]],
    "communes named after persons": [[n, f"Phường {name}", 5_000 + n] for n, name in enumerate(["Lê Lợi", "Trần Phú"])],
    "money of communes named after persons": [
        [n, name, 123456789 + n] for n, name in enumerate(["Lê Lợi", "Lê Lợi", "Lê Lợi", "Lê Lợi"])
    ],
    "money of provinces": [
        [name, 1_234_567_891, "271384633"] for name in ["Hà Giang", "Cao Bằng", "Hà Nội", "Lào Cai"]
    ],
    "money": [[n, "Số tiền", 1_234_567_891 + n] for n in range(5)],
    "heads of households counted": [["STT", "Số hộ có chủ hộ là nữ", "Số hộ theo dân tộc"], [1, 2, 3], [2, 3, 4]],
    "names of units": [["STT", "Tên đơn vị", "Địa chỉ"], [1, "Trường A", "Phố B"], [2, "Trường C", "Phố D"]],
    "instructions": [["Không gửi danh sách có họ và tên, số CCCD."], ["Ghi số liệu tổng hợp."], ["Gửi trước ngày 05."]],
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_persons(kind):
    assert holds_personal_data(Sheet("DS", LISTS[kind]))


@pytest.mark.parametrize("kind", NO_LISTS)
def test_what_is_no_list(kind):
    assert not holds_personal_data(Sheet("S", NO_LISTS[kind]), places={"lê lợi", "trần phú"})


@pytest.mark.parametrize("kind", NO_LISTS)
def test_what_is_no_list_may_stand_under_a_form(read_sheets_of, kind):
    reading = read_sheets_of(B=[*TIDY, [None], [None], *NO_LISTS[kind]])
    assert "personal-data" not in {finding.rule for finding in reading.findings}
    assert figures(reading) == TRUTH


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_list_on_any_sheet_refuses_the_file(read_sheets_of, is_hidden):
    def hide(workbook):
        workbook["DS"].sheet_state = "hidden" if is_hidden else "visible"

    reading = read_sheets_of(hide, B=TIDY, DS=LISTS["head of household"])
    assert told(reading.findings) == [("personal-data", "error", "")]
    assert not (reading.observations or reading.forms or reading.remarks or reading.stated)
    assert not any(text in repr(reading) for text in [*PEOPLE, *CITIZENS])


@pytest.mark.parametrize(
    "text, shown",
    [
        ("CCCD 001099012345", "CCCD …"),
        ("gọi 0912 345 678 nhé", "gọi … nhé"),
        ("1.234.567.890 đồng", "1.234.567.890 đồng"),
        ("1 234 567 890", "1 234 567 890"),
        ("12345678", "12345678"),
        ("thiếu 15 hộ", "thiếu 15 hộ"),
    ],
)
def test_numbers_of_persons_are_not_told_again(text, shown):
    assert without_personal_data(text) == shown
