"""What is no workbook is refused by the name of what it is, with what to do; hostile files at little cost."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.findings import Finding, RefusedError
from pipeline.intake.cells import read_sheets
from pipeline.intake.formats.archives import MAX_MEMBERS
from tests.intake.formats.packages import xlsx_bytes, zipped


def refusal(content: bytes, file: str = "bieu.xlsx") -> Finding:
    with pytest.raises(RefusedError) as refused:
        read_sheets(content, file)
    finding = refused.value.finding
    assert finding.found and finding.expected and finding.remedy
    return finding


@pytest.mark.parametrize(
    "content, found",
    [
        (b"", "tệp rỗng"),
        (b"\r\n \n", "tệp rỗng"),
        (b"\0" * 512, "tệp rỗng"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\x00\x01junk %PDF-1.4 \x00\x01\x02\x03", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"II*\x00\x08\x00", "TIFF"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "BMP"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00", "lối tắt"),
        (b"[InternetShortcut]\r\nURL=https://vi.du/bieu.xlsx\r\n", "lối tắt"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", "Excel 4"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "SYLK"),
        (b"\x00\x01\x02\x03" * 300, "không phải bảng tính"),
    ],
)
def test_other_files_are_named(content: bytes, found: str):
    finding = refusal(content)
    assert finding.rule == "not-a-workbook"
    assert found in finding.found


@pytest.mark.parametrize(
    "parts, found",
    [
        ({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}, "Word (.docx)"),
        ({"ppt/presentation.xml": "<p/>"}, "PowerPoint (.pptx)"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, ".odt"),
        ({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<a/>"}, ".odp"),
        ({"Index/Document.iwa": b"x"}, "Numbers"),
        ({"bao cao/Biểu 1.xlsx": b"PK", "cong van.pdf": b"%PDF"}, "tệp nén zip, bên trong có Biểu 1.xlsx"),
        ({"anh.jpg": b"x"}, "tệp nén zip"),
    ],
)
def test_other_zips_are_named(parts: dict[str, str | bytes], found: str):
    assert found in refusal(zipped(parts)).found


def test_lock_files_are_told_by_name_and_by_content():
    for name in ("~$Biểu 1.xlsx", ".~lock.Biểu 1.ods#"):
        assert "tệp khóa tạm" in refusal(xlsx_bytes(""), name).found
    user = "Nguyễn A"
    owner = bytes([8]) + b"Nguyen A".ljust(53) + struct.pack("<H", len(user)) + user.encode("utf-16-le")
    assert "tệp khóa tạm" in refusal(owner.ljust(165, b" "), "Biểu 1.xlsx").found
    office = b",van thu,PC-01,05.01.2024 08:00,file:///C:/Users/vt/AppData;"
    assert "LibreOffice" in refusal(office, "Bieu 1.xlsx").found


def test_a_zip_with_a_password_is_told():
    content = bytearray(xlsx_bytes(""))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal(bytes(content)).rule == "password"


def test_an_archive_is_not_expanded_beyond_what_it_declares():
    """The sizes an archive declares are written by whoever made it."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(bomb.compress(b"0" * 10_000_000) for _ in range(4)) + bomb.flush()
    name = b"xl/workbook.xml"
    local = (
        struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0) + name + packed
    )
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0, 0, 0, 0, 0, 0
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), len(local), 0)
    tracemalloc.start()
    assert refusal(local + central + name + end).rule == "unreadable"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_an_archive_that_declares_what_it_expands_to_is_measured_before_it_is_expanded():
    content = zipped({"xl/workbook.xml": "0" * 40_000_000})
    tracemalloc.start()
    finding = refusal(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert finding.rule == "archive-too-large"
    assert peak < 2_000_000


def test_an_archive_whose_sizes_do_not_agree_is_refused():
    content = bytearray(xlsx_bytes(""))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 7)
    assert refusal(bytes(content)).rule == "unreadable"


def test_an_archive_of_too_many_members_is_refused():
    content = zipped({f"xl/{number}.xml": "" for number in range(MAX_MEMBERS + 1)}, zipfile.ZIP_STORED)
    assert refusal(content).rule == "archive-too-large"


def test_two_members_of_one_name_are_refused():
    buffer = io.BytesIO(xlsx_bytes('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refusal(buffer.getvalue()).rule == "unreadable"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_xml_that_declares_entities_is_refused_before_anything_is_expanded(part: str):
    entity = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(""))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts[part] = entity + parts[part]
    assert refusal(zipped(parts)).rule == "unsafe-xml"


def test_a_page_with_a_document_type_is_an_ordinary_page():
    page = b"<!DOCTYPE html><html><table><tr><td>a</td></tr></table></html>"
    assert read_sheets(page)[0].rows == [["a"]]


GOOD = xlsx_bytes('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><v>Xã</v></c></row>')


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), cut=st.integers(0, 40))
def test_a_damaged_workbook_is_read_or_refused_never_anything_else(at: int, value: int, cut: int):
    damaged = bytearray(GOOD)
    damaged[at] = value
    try:
        sheets = read_sheets(bytes(damaged[: len(damaged) - cut]))
    except RefusedError:
        return
    assert all(sheet.name is not None for sheet in sheets)
