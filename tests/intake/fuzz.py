"""Spoiled workbooks without end: `make fuzz`. Whatever a file holds, reading it ends in a Reading.

Good workbooks are spoiled in two ways: their bytes (what a broken disk or a hostile sender does) and their cells
(what people do). An input that fails is kept in tests/intake/failures/, where the suite reads it from then on.

    python -m tests.intake.fuzz [--seconds 60] [--first 0]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import tempfile
import time
import traceback
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.intake.cells import Sheet, read_sheets
from pipeline.intake.identity import Names
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_forms, read_workbook
from tests import tiny
from tests.intake import province
from tests.intake.conftest import QUARTER, to_bytes
from tests.intake.test_many_habits import habits

SHARE_OF_BYTES = 0.3
FAILURES = Path(__file__).parent / "failures"
ODD_CELLS: list[Any] = [
    None, "", " ", "-", "x", "…", 0, -1, 1.5, 1e308, float("nan"), float("inf"), True, datetime(2030, 1, 1),
    "1.234", "1,234", "987 992", "12(1)", "#REF!", "=1+1", "I", "II", "A", "(1)", "3=1/2", "Trong đó:", "Tổng cộng",
    "STT", "TT", "Đơn vị", "Xã, phường, thị trấn", "Chỉ tiêu", "ĐVT", "nghìn người", "ĐVT: triệu đồng", "Hộ", "Khẩu",
    "Phường Một", "Tây Hòa", "Hai", "7", "Quận Đông", "UBND HUYỆN TÂY HÒA", "Quý III năm 2030", "Người lập biểu",
    "BIỂU HỘ DÂN CƯ THỬ NGHIỆM", "BIỂU CHỈ TIÊU THỬ NGHIỆM", "BẢNG XẾP HẠNG", "Ghi chú", "\u200b\u00ad", "a" * 400,
    "Họ và tên", "001099012345", "Kế hoạch", "Lũy kế", "Phân tổ", ">" * 5, "|", "{year}", "'", "\x00",
]  # fmt: skip


def good_workbooks() -> list[bytes]:
    """Workbooks that are read without an error, small and with many habits."""
    return [to_bytes(tiny.district_workbook()), to_bytes(tiny.agency_workbook()), to_bytes(habits())]


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, lost or repeated; of a zip, sometimes inside its members."""
    if chance.random() < 0.6 and (inside := _spoiled_member(content, chance)) is not None:
        return inside
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20, 200])):
        at, what = chance.randrange(len(data)), chance.random()
        if what < 0.6:
            data[at] = chance.randrange(256)
        elif what < 0.8:
            del data[at : at + chance.choice([1, 8, 500])]
        else:
            data[at:at] = data[at : at + chance.choice([1, 8, 500])]
        if not data:
            return b""
    return bytes(data)


def _spoiled_member(content: bytes, chance: random.Random) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    name = chance.choice(sorted(members))
    what = chance.random()
    if what < 0.15:
        del members[name]
    elif what < 0.3:
        members[name] = members[chance.choice(sorted(members))]
    else:
        data = bytearray(members[name])
        for _ in range(chance.choice([1, 2, 10])):
            at = chance.randrange(len(data) + 1)
            size = chance.choice([0, 1, 4, 40])
            data[at : at + size] = chance.choice(
                [b"", b"<", b">", b"&", b'"', b"9" * 12, b"-1", b"A1:XFD1048576", b"\xff"]
            )
        members[name] = bytes(data)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data_of in members.items():
            archive.writestr(member, data_of)
    return buffer.getvalue()


def spoiled_sheets(sheets: Sequence[Sheet], chance: random.Random) -> list[Sheet]:
    """The sheets with cells, rows, columns, merges and marks changed as people and programs do."""
    spoiled = deepcopy(list(sheets))
    for _ in range(chance.choice([1, 2, 5, 15])):
        sheet = chance.choice(spoiled)
        rows = [list(row) for row in sheet.rows] or [[]]
        row, column = chance.randrange(len(rows)), chance.randrange(max(sheet.width, 1))
        match chance.randrange(12):
            case 0 | 1 | 2 | 3:
                rows[row] += [None] * (column + 1 - len(rows[row]))
                rows[row][column] = chance.choice(ODD_CELLS)
            case 4:
                del rows[row]
            case 5:
                rows.insert(chance.randrange(len(rows) + 1), list(rows[row]))
            case 6:
                other = chance.choice(spoiled)
                rows[row:row] = [list(one) for one in other.rows]
            case 7:
                rows = [[*one[:column], None, *one[column:]] for one in rows]
            case 8:
                rows = [[*one[:column], *one[column + 1 :]] for one in rows]
            case 9:
                bottom, right = row + chance.randrange(4), column + chance.randrange(6)
                sheet.merged.append(((row, column), (bottom, right)))
            case 10:
                chance.choice([sheet.hidden_rows, sheet.hidden_columns]).add(chance.choice([row, column]))
                sheet.is_hidden = chance.random() < 0.3
            case _:
                marks = [sheet.percent_cells, sheet.uncalculated, sheet.struck, sheet.undecoded]
                chance.choice(marks).add((row, column))
        sheet.rows = rows
    return spoiled


def faults_of(reading: Reading) -> list[str]:
    """What no reading may have, whatever was read."""
    faults = [
        f"rows not accounted: {form}"
        for form in reading.forms
        if form.rows_read != form.rows_used + form.rows_recognised + form.rows_set_aside
    ]
    faults += [f"a figure from nothing: {one}" for one in reading.observations if one.value and not one.raw_text]
    faults += [
        f"a state without sense: {one}" for one in reading.observations if (one.value is None) == (one.state == "value")
    ]
    faults += [f"an endless value: {one}" for one in reading.observations if one.value and abs(one.value) >= 10**14]
    faults += [
        f"a finding without words: {one}" for one in reading.findings if not (one.found and one.expected and one.remedy)
    ]
    if not reading.forms and not reading.findings:
        faults.append("neither a form nor a finding")
    return faults


class Trial:
    """Numbered attempts; the same number is the same input, as long as the workbooks it begins with are the same."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._books = good_workbooks()
        self._sheets = [read_sheets(content) for content in self._books]

    def spoiled(self, number: int) -> bytes | list[Sheet]:
        chance = random.Random(number)
        if chance.random() < SHARE_OF_BYTES:
            return spoiled_bytes(chance.choice(self._books), chance)
        return spoiled_sheets(chance.choice(self._sheets), chance)

    def faults(self, spoiled: bytes | list[Sheet]) -> list[str]:
        """Why the reading of an input is none; a traceback where it raises."""
        try:
            if isinstance(spoiled, bytes):
                return faults_of(read_workbook(spoiled, "bao cao.xlsx", self._names))
            return faults_of(read_forms(spoiled, "bao cao.xlsx", self._names))
        except Exception:  # this is what is looked for
            return [traceback.format_exc()]


def main(seconds: float, first: int) -> int:
    """Try inputs from a number on until the time is up; the first of each kind of failure is kept or numbered."""
    failures: set[str] = set()
    number, ends = first, time.monotonic() + seconds
    FAILURES.mkdir(exist_ok=True)
    last = FAILURES / "last.bin"  # a parser that takes the whole process with it leaves its input behind
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Names(province.write(Path(folder)), QUARTER))
        while time.monotonic() < ends:
            spoiled = trial.spoiled(number)
            if isinstance(spoiled, bytes):
                last.write_bytes(spoiled)
            for fault in trial.faults(spoiled):
                cause = fault.strip().splitlines()[-1][:160]
                if cause not in failures:
                    failures.add(cause)
                    print(f"--- number {number}: {cause}\n{fault}")
                    if isinstance(spoiled, bytes):
                        (FAILURES / f"{hashlib.sha256(spoiled).hexdigest()[:16]}.bin").write_bytes(spoiled)
            number += 1
    last.unlink(missing_ok=True)
    print(f"{number - first} inputs from number {first} on, {len(failures)} kinds of failure")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    options = parser.parse_args()
    raise SystemExit(main(options.seconds, options.first))
