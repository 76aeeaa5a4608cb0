"""The committed submissions come from the story, byte for byte, with a register that tells the truth."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import openpyxl

from pipeline.quarters import Quarter
from tests.demo.conftest import HOME, PROGRAMMES, Told
from tests.demo.figures import demo_truth
from tests.demo.habits import habit_of
from tests.demo.odd_cells import odd_cells
from tests.demo.sending import REGISTER


def test_another_process_writes_the_committed_bytes(tmp_path: Path):
    for name in PROGRAMMES:
        (tmp_path / "raw" / name).mkdir(parents=True)
        for table in (HOME / "raw" / name).glob("*.csv"):
            shutil.copy(table, tmp_path / "raw" / name)
    elsewhere = os.environ | {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-m", "tests.demo", "--home", str(tmp_path)], check=True, cwd=HOME, env=elsewhere)
    for name in PROGRAMMES:
        written, committed = (
            {
                path.relative_to(home).as_posix(): path.read_bytes()
                for path in (home / "raw" / name).rglob("*.*")
                if "submissions" in path.parts
            }
            for home in (tmp_path, HOME)
        )
        assert written.keys() == committed.keys()
        assert [file for file in written if written[file] != committed[file]] == []


def test_what_was_sent_once_never_changes(hanoi: Told):
    """Its hashes go out with a briefing; more quarters may be told, these two stay."""
    registers = [hanoi.submissions(Quarter(2023, n)) / REGISTER for n in (3, 4)]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in registers] == [
        "79d60b3464d2fcbe296daf96572a351477981de702109877f4cd72a89e51b2e4",
        "3244bcfdbe1973598df6129bebc528aa2044acb43645e1c74580a847aec6ff02",
    ]


def test_register_tells_the_hash_of_each_file(told: Told):
    for quarter in told.story.quarters:
        rows = told.registered(quarter)
        assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
        assert [row["received_on"] for row in rows] == sorted(row["received_on"] for row in rows)
        for row in rows:
            contents = (told.submissions(quarter) / row["file"]).read_bytes()
            assert row["sha256"] == hashlib.sha256(contents).hexdigest()
            assert row["basis"] == "illustrative"
        assert len({row["file"].casefold() for row in rows}) == len(rows)


def test_all_send_but_those_the_story_leaves_out(told: Told):
    for quarter in told.story.quarters:
        senders, missing = {row["sent_by"] for row in told.registered(quarter)}, set(told.story.missing(quarter))
        agencies = set(told.figures.reporting_agencies(quarter))
        assert senders == (set(told.story.districts) | agencies) - missing
        assert not senders & missing


def test_who_sends_and_when(hanoi: Told):
    second, third, fourth = (hanoi.registered(Quarter(2023, n)) for n in (2, 3, 4))
    assert hanoi.story.missing(Quarter(2023, 2)) == ["281"] and "281" not in {row["sent_by"] for row in second}
    assert hanoi.figures.by_district("declared_poor_households", Quarter(2023, 2))["281"] > 0
    assert [row["sent_by"] for row in third if row["received_on"] > "2023-10-07"] == ["282"]
    assert [row["sent_by"] for row in third if row["sent_by"].startswith("so_")] == ["so_ldtbxh"]
    agencies = {row["sent_by"] for row in fourth if row["sent_by"].startswith("so_")}
    assert agencies == {"so_ldtbxh", "so_y_te", "so_xay_dung"}
    assert [row["received_on"] for row in fourth if row["sent_by"] == "271"] == ["2024-01-05", "2024-01-10"]
    assert fourth[-1]["note"] == "gửi lại, đã sửa số hộ thoát nghèo"


def test_who_sends_and_when_in_the_other_programme(long_an: Told):
    registers = {quarter.number: long_an.registered(quarter) for quarter in long_an.story.quarters}
    assert "801" not in {row["sent_by"] for row in registers[3]}
    assert [row["sent_by"] for row in registers[2] if row["received_on"] > "2024-07-07"] == ["797"]
    assert {row["sent_by"] for row in registers[4] if not row["sent_by"].isdigit()} == {
        "so_ldtbxh",
        "so_gddt",
        "so_y_te",
        "cuc_thong_ke",
    }
    assert [row["received_on"] for row in registers[4] if row["sent_by"] == "802"] == ["2025-01-04", "2025-01-10"]


def test_file_names_are_safe_everywhere(told: Told):
    for quarter in told.story.quarters:
        for row in told.registered(quarter):
            assert unicodedata.is_normalized("NFC", row["file"])
            assert not set(row["file"]) & set('<>:"/\\|?*')


def test_a_workbook_says_what_was_meant(hanoi: Told):
    """Read without the reader under test: one row of every district's workbook."""
    truth = demo_truth(hanoi.folder, "2023-Q4")
    odd = odd_cells(hanoi.story, Quarter(2023, 4))
    slips = {cell.area: cell.typed for cell in odd if (cell.row, cell.column) == ("jobs_created", "actual")}
    for row in hanoi.registered(Quarter(2023, 4)):
        if row["sent_by"] not in hanoi.story.districts or row["note"]:
            continue
        habit = habit_of(hanoi.story, hanoi.story.districts[row["sent_by"]])
        book = openpyxl.load_workbook(hanoi.submissions(Quarter(2023, 4)) / row["file"])
        assert book.sheetnames == [habit.sheet.format(f"0{n}", n) for n in (1, 2, 3, 4)]
        for sheet in book:
            texts = [cell for line in sheet.iter_rows(values_only=True) for cell in line if isinstance(cell, str)]
            assert any(text == f"Đơn vị báo cáo: {habit.reporter}" for text in texts)
            assert "(Ký tên, đóng dấu)" in texts
        labels = {line[habit.first_column + 1]: line for line in book.worksheets[0].iter_rows(values_only=True)}
        name = "Số lao động được giải quyết việc làm"
        jobs = labels.get(name) or labels[f"{name} hằng năm"]
        typed = int(str(jobs[habit.first_column + 5]).replace(".", ""))
        assert typed == slips.get(row["sent_by"], truth["jobs_created", row["sent_by"], "actual"])


def test_the_other_programme_has_forms_of_its_own(long_an: Told):
    row = next(row for row in long_an.registered(Quarter(2024, 4)) if row["sent_by"] == "800")
    book = openpyxl.load_workbook(long_an.submissions(Quarter(2024, 4)) / row["file"])
    lines = [list(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    head = next(line for line in lines if "Nội dung" in line)
    assert head.index("Kết quả") < head.index("Chỉ tiêu giao năm 2024")
    assert any("Mẫu số 02/LA" in line for line in book.worksheets[1].iter_rows(values_only=True))
