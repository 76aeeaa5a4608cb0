"""Receipts, not files, are ordered; and one quarter read whole."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.errors import GiaobanError, ProgrammeError
from pipeline.intake import receive, take_in
from pipeline.intake.register import receipts
from pipeline.programme import Programme
from pipeline.warehouse import quarter_fingerprint
from tests import tiny
from tests.intake.conftest import QUARTER, to_bytes

DAY = date(2031, 1, 3)


def save(workbook: Workbook, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(workbook))
    return path


@pytest.fixture
def folder(programme: Programme) -> Path:
    return programme.submissions_folder(QUARTER)


def test_receive_copies_registers_and_names_the_sender(programme, folder, tmp_path):
    sent = save(tiny.district_workbook(), tmp_path / "thư" / "gửi.xlsx")
    (arrival,) = receive(programme, QUARTER, [sent], None, DAY)
    receipt = arrival.receipt
    assert receipt is not None
    assert (receipt.seq, receipt.file, receipt.sent_by, receipt.received_on) == (1, "gửi.xlsx", "001", DAY)
    assert (folder / "gửi.xlsx").read_bytes() == sent.read_bytes()
    assert receipts(programme, QUARTER) == [receipt]


def test_a_b_a_makes_three_receipts_and_the_same_bytes_twice_one(programme, folder, tmp_path):
    first = save(tiny.district_workbook(), tmp_path / "a.xlsx")
    workbook = tiny.district_workbook()
    workbook["Biểu 1"]["E9"] = 260
    second = save(workbook, tmp_path / "b.xlsx")
    for path in (first, first, second, first):
        receive(programme, QUARTER, [path], None, DAY)
    assert [(one.seq, one.file) for one in receipts(programme, QUARTER)] == [
        (1, "a.xlsx"),
        (2, "b.xlsx"),
        (3, "a.xlsx"),
    ]


def test_another_file_of_the_same_name_keeps_its_place(programme, folder, tmp_path):
    first = save(tiny.district_workbook(), tmp_path / "1" / "bc.xlsx")
    second = save(tiny.district_workbook("Huyện Tây Hòa"), tmp_path / "2" / "bc.xlsx")
    receive(programme, QUARTER, [first, second], None, DAY)
    assert [one.file for one in receipts(programme, QUARTER)] == ["bc.xlsx", "bc (2).xlsx"]


def test_without_files_it_takes_in_what_lies_in_the_folder(programme, folder):
    save(tiny.district_workbook(), folder / "da co.xlsx")
    (before,) = receipts(programme, QUARTER)
    assert (before.is_registered, before.note) == (False, "chưa vào sổ")
    assert receipts(programme, QUARTER, as_of=date(2040, 1, 1)) == []
    assert [one.file for one in receive(programme, QUARTER, [], None, DAY)] == ["da co.xlsx"]
    assert receive(programme, QUARTER, [], None, DAY) == []
    assert [one.is_registered for one in receipts(programme, QUARTER)] == [True]


def test_personal_data_is_refused_before_it_is_copied_and_the_other_files_are_taken(programme, folder, tmp_path):
    workbook = tiny.new_workbook()
    workbook.create_sheet("DS").append(["STT", "Họ và tên", "Ngày sinh"])
    names = save(workbook, tmp_path / "ds.xlsx")
    good = save(tiny.district_workbook(), tmp_path / "tot.xlsx")
    refused, taken = receive(programme, QUARTER, [names, good], None, DAY)
    assert refused.receipt is None and [one.rule for one in refused.findings] == ["personal-data"]
    assert taken.receipt is not None and taken.findings == ()
    assert not (folder / "ds.xlsx").exists()


def test_a_file_of_another_quarter_is_registered_and_its_fault_is_told_at_once(programme, tmp_path):
    sent = save(tiny.district_workbook(period="Quý III năm 2030"), tmp_path / "a.xlsx")
    (arrival,) = receive(programme, QUARTER, [sent], None, DAY)
    assert arrival.receipt is not None
    assert {one.rule for one in arrival.findings} == {"period-differs"}


def test_a_file_sent_under_the_name_of_another_office_is_told(programme, tmp_path):
    sent = save(tiny.district_workbook("Huyện Tây Hòa"), tmp_path / "a.xlsx")
    (arrival,) = receive(programme, QUARTER, [sent], "001", DAY)
    assert arrival.receipt is not None and arrival.receipt.sent_by == "002"
    assert [one.rule for one in arrival.findings] == ["reporter-differs"]


def test_nothing_to_receive_leaves_no_folder_behind(programme):
    assert receive(programme, QUARTER.next, [], None, DAY) == []
    assert not programme.submissions_folder(QUARTER.next).exists()


def test_an_unknown_sender_or_file_is_told_with_what_exists(programme, tmp_path):
    with pytest.raises(GiaobanError, match="001, 002, so_mot"):
        receive(programme, QUARTER, [], "009", DAY)
    with pytest.raises(GiaobanError, match="Không thấy tệp"):
        receive(programme, QUARTER, [tmp_path / "khong co.xlsx"], None, DAY)


def test_a_broken_register_names_line_and_column(programme, folder):
    save(tiny.district_workbook(), folder / "a.xlsx")
    (folder / "register.csv").write_text(
        "seq,file,sha256,received_on,sent_by,basis,note\n1,a.xlsx,ff,hôm qua,001,reported,\n", encoding="utf-8"
    )
    with pytest.raises(ProgrammeError, match=r"register.csv, dòng 2, cột 'received_on': thấy 'hôm qua'"):
        receipts(programme, QUARTER)


def test_lock_files_and_hidden_files_are_no_submissions_and_a_link_out_is_refused(programme, folder, tmp_path):
    inside = save(tiny.district_workbook(), folder / "a.xlsx")
    shutil.copy(inside, folder / "~$a.xlsx")
    outside = save(tiny.agency_workbook(), tmp_path / "ngoai.xlsx")
    (folder / "link.xlsx").symlink_to(outside)
    (folder / "mat.xlsx").symlink_to(tmp_path / "khong con.xlsx")
    assert [one.file for one in receipts(programme, QUARTER)] == ["a.xlsx", "link.xlsx", "mat.xlsx"]
    before = quarter_fingerprint(programme, QUARTER)
    frames = take_in(programme, QUARTER).frames
    assert frames["submissions"].filter(frames["submissions"]["is_accepted"])["file"].to_list() == ["a.xlsx"]
    assert frames["findings"].select("file", "rule").rows() == [
        ("link.xlsx", "link-outside"), ("mat.xlsx", "link-outside"),
    ]  # fmt: skip
    assert "so_mot" not in frames["observations"]["reporter"].to_list()
    save(tiny.agency_workbook(3), outside)
    assert quarter_fingerprint(programme, QUARTER) == before, "what lies elsewhere is no input"
    assert [one.receipt for one in receive(programme, QUARTER, [], None, DAY) if one.file != "a.xlsx"] == [None, None]
    assert sorted(path.name for path in folder.glob("*.xlsx") if not path.is_symlink()) == ["a.xlsx", "~$a.xlsx"]


def test_a_quarter_is_read_whole_and_a_hostile_file_costs_only_itself(programme, folder, tmp_path):
    receive(programme, QUARTER, [save(tiny.district_workbook(), tmp_path / "dong.xlsx")], None, DAY)
    save(tiny.district_workbook("Huyện Tây Hòa"), folder / "tay.xlsx")
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04" + b"\xff" * 500)
    frames = take_in(programme, QUARTER).frames
    assert frames["receipts"]["is_registered"].to_list() == [True, False, False]
    accepted = frames["submissions"].filter(frames["submissions"]["is_accepted"])
    assert sorted(accepted["reporter"]) == ["001", "002"]
    assert frames["findings"]["rule"].to_list() == ["unreadable"]
    assert frames["observations"]["quarter"].unique().to_list() == ["2030-Q4"]
    again = take_in(programme, QUARTER).frames
    assert all(again[name].equals(frame) for name, frame in frames.items())


def test_a_registered_file_that_is_gone_is_a_finding_not_a_zero(programme, folder, tmp_path):
    receive(programme, QUARTER, [save(tiny.district_workbook(), tmp_path / "dong.xlsx")], None, DAY)
    (folder / "dong.xlsx").unlink()
    frames = take_in(programme, QUARTER).frames
    assert frames["findings"].select("rule", "reporter").rows() == [("file-missing", "001")]
    assert frames["observations"].is_empty() and frames["submissions"].is_empty()
