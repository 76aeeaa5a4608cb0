"""A folder of 30 good and 30 hostile or odd files: the good ones are read completely, the others answered."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.intake import Readers
from pipeline.programme import Programme
from tests import tiny
from tests.intake.conftest import QUARTER, figures, to_bytes

GOOD = tiny.district_workbook
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def good(number: int) -> bytes:
    workbook = GOOD("Quận Đông" if number % 2 else "Huyện Tây Hòa")
    workbook["Biểu 1"]["E9"] = 1000 + number
    return to_bytes(workbook)


def changed(change: Callable[[Workbook], object], reporter: str = "Quận Đông") -> bytes:
    workbook = GOOD(reporter)
    change(workbook)
    return to_bytes(workbook)


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def with_member(name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good(1))) as packed:
        members = {one: packed.read(one) for one in packed.namelist()}
    members[name] = change(members[name])
    return archive(members)


def lying_archive() -> bytes:
    """An archive whose directory declares 4 GB behind a few bytes."""
    content = bytearray(archive({"xl/workbook.xml": b"<a/>"}))
    at = content.find(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(content)


def put(value: object, *places: str) -> bytes:
    """A good workbook with one value at some places (`1!A2` is A2 of the first form)."""

    def change(workbook: Workbook) -> None:
        for place in places:
            sheet, cell = place.split("!")
            workbook[f"Biểu {sheet}"][cell] = value

    return changed(change)


def people(workbook: Workbook) -> None:
    for row in (["STT", "Họ và tên", "CCCD"], [1, "Nguyễn Văn An", "001099012345"]):
        (workbook["DS"] if "DS" in workbook.sheetnames else workbook.create_sheet("DS")).append(row)


def again(workbook: Workbook) -> None:
    tiny.add_household_sheet(workbook).title = "Biểu 2 (sửa)"


def bottomless(workbook: Workbook) -> None:
    workbook["Biểu 1"]["XFD1048576"] = 1


def many_merges(workbook: Workbook) -> None:
    for row in range(100, 600):
        workbook["Biểu 1"].merge_cells(start_row=row, start_column=1, end_row=row, end_column=50)


def without_header(workbook: Workbook) -> None:
    workbook["Biểu 2"].delete_rows(4, 2)


ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
NOISE = random.Random(7)
# what it is -> bytes, and the rules of which one must be told; None: read as usual, with whatever is told
HOSTILE: dict[str, tuple[bytes, set[str] | None]] = {
    "empty": (b"", None),
    "spaces": (b"   \r\n", None),
    "noise": (NOISE.randbytes(4000), None),
    "noise in a zip": (b"PK\x03\x04" + NOISE.randbytes(4000), None),
    "noise in an old file": (OLE + NOISE.randbytes(4000), None),
    "half a workbook": (good(1)[: len(good(1)) // 2], None),
    "a workbook without its end": (good(1)[:-40], None),
    "a workbook twice": (good(1) * 2, None),
    "a document": (b"%PDF-1.7\n" + NOISE.randbytes(500), None),
    "a scan": (b"\xff\xd8\xff\xe0" + NOISE.randbytes(500), None),
    "a letter": (archive({"word/document.xml": b"<w:document/>", "[Content_Types].xml": b"<Types/>"}), None),
    "an archive in an archive": (archive({"bao cao.xlsx": good(1)}), None),
    "an archive that lies": (lying_archive(), None),
    "an archive without members": (archive({}), None),
    "a page": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", None),
    "an entity": (with_member("xl/workbook.xml", lambda xml: ENTITY + xml), None),
    "broken xml": (with_member("xl/worksheets/sheet1.xml", lambda content: content[:-200]), None),
    "no sheet data": (with_member("xl/worksheets/sheet1.xml", lambda content: b"<worksheet/>"), None),
    "persons": (changed(people), {"personal-data"}),
    "another quarter": (to_bytes(GOOD(period="Quý I năm 2030")), {"period-differs"}),
    "two offices": (put("UBND HUYỆN TÂY HÒA", "2!A1"), {"reporter-ambiguous"}),
    "no office": (put(None, "1!A1", "1!A4", "2!A1"), {"reporter-unknown"}),
    "the form of others": (put("BIỂU CHỈ TIÊU CẤP TRÊN THỬ NGHIỆM", "1!A2"), {"sender-differs"}),
    "no form": (put("Danh mục", "1!A2", "2!A2"), {"no-known-form"}),
    "the same form twice": (changed(again), {"form-repeated"}),
    "no header": (changed(without_header), {"header-not-found"}),
    "names of elsewhere": (put("Phường Lạ", "2!B8"), {"row-unknown"}),
    "a formula in a figure": (put("=CMD|' /C calc'!A0", "2!C8"), {"formula-not-calculated", "not-a-number"}),
    "a far cell": (changed(bottomless), None),
    "merges without end": (changed(many_merges), None),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, Path]:
    home = tmp_path_factory.mktemp("folder")
    return tiny.write_programme(home), home


def test_30_good_files_beside_30_hostile_ones_are_read_completely(folder):
    programme, home = folder
    assert len(HOSTILE) == 30
    files: dict[Path, str | None] = {}
    for number in range(30):
        path = home / f"BC {number} tốt.xlsx"
        path.write_bytes(good(number))
        files[path] = None
    for name, (content, _) in HOSTILE.items():
        path = home / f"{name}.xls{'x' if len(name) % 2 else ''}"
        path.write_bytes(content)
        files[path] = None
    with Readers() as readers:
        readings = readers.read(programme, QUARTER, dict(sorted(files.items(), reverse=True)))
    assert readings.keys() == files.keys()
    complete = {("001", 1): 7, ("002", 0): 7}
    for number in range(30):
        reading = readings[home / f"BC {number} tốt.xlsx"]
        code = "001" if number % 2 else "002"
        assert (reading.findings, reading.reporter) == ([], code)
        assert figures(reading)["jobs_created", code] == 1000 + number
        assert len(figures(reading)) == complete[code, number % 2]
        assert all(form.is_accepted for form in reading.forms)
    for name, (_, rules) in HOSTILE.items():
        reading = readings[home / f"{name}.xls{'x' if len(name) % 2 else ''}"]
        told = {finding.rule for finding in reading.findings}
        assert rules is None or told & rules, name
        assert told or figures(reading), name
        assert not any("reader-" in rule for rule in told), (name, told)  # nothing killed or stalled its worker
        assert "001099012345" not in repr(reading)
