"""What `giaoban verify` says of copies that were altered, cut, covered, signed, or that look so."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from pipeline.errors import GiaobanError
from pipeline.proof.document import read_document
from pipeline.proof.geometry import MM
from pipeline.proof.telling import verify_lines
from pipeline.proof.verifying import Built, IssuedPdf, Report, verify


def details(report: Report, what: str) -> str:
    return "; ".join(detail for one in report.comparisons if one.what == what for detail in one.details)


@given(share=st.floats(0, 1), mask=st.integers(1, 255))
@settings(max_examples=20, derandomize=True, deadline=None)
def test_one_byte_changed_anywhere_is_never_identical(original, judged, share, mask):
    place = min(int(share * len(original)), len(original) - 1)
    copy = bytearray(original)
    copy[place] ^= mask
    report = judged(bytes(copy))
    assert report.outcome == "different"
    assert f"khác từ byte thứ {place + 1} " in details(report, "Từng byte")


def test_a_copy_cut_short_is_different(original, judged):
    assert judged(original[:-1]).outcome == "different"
    assert "thiếu phần cuối" in details(judged(original[:-1]), "Từng byte")


@pytest.mark.parametrize("loose", [b"\n% not signed\n", b"%%EOF", b"\nstartxref\n9\n%%EOF\n"])
def test_loose_bytes_behind_the_original_are_different(original, judged, loose):
    report = judged(original + loose)
    assert report.outcome == "different" and report.original_length == len(original)
    said = details(report, "Phần thêm vào sau bản gốc")
    assert f"{len(loose)} byte thêm vào sau bản gốc; phần thêm vào không" in said
    assert f"KHÁC: {len(original)} byte đầu là bản gốc, nhưng" in list(verify_lines("a.pdf", report))[-1]


# PKCS#7 as it begins: a sequence of 64 KB at most, the OID of signedData, its contents
PKCS7 = bytes.fromhex("3082001c 06092a864886f70d010702 a0820010") + bytes(16)
UNSEEN, ON_WORDS = (0.0, 0.0, 0.0, 0.0), (70.0, 300.0, 550.0, 700.0)
Change = Callable[[PdfWriter], None]


def appended(data: bytes, change: Change) -> bytes:
    """The file with an incremental update behind it."""
    writer = PdfWriter(BytesIO(data), incremental=True)
    change(writer)
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(data)
    return output.getvalue()


def note(kind: str, rectangle: tuple[float, ...] = (300, 100, 500, 200), **more: Any) -> DictionaryObject:
    fixed = {"Type": NameObject("/Annot"), "Subtype": NameObject(kind), "Rect": floats(rectangle)}
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in {**fixed, **more}.items()})


def floats(numbers: tuple[float, ...]) -> ArrayObject:
    return ArrayObject([FloatObject(number) for number in numbers])


def add_note(writer: PdfWriter, annotation: DictionaryObject, page: int = 0) -> IndirectObject:
    reference = writer._add_object(annotation)
    sheet = writer.pages[page]
    sheet[NameObject("/Annots")] = ArrayObject([*sheet.get("/Annots", []), reference])
    return reference


def signed(
    data: bytes,
    page: int = 0,
    rectangle: tuple[float, ...] = UNSEEN,
    contents: bytes = PKCS7,
    form: tuple[str, ...] = (),
    flags: int = 132,
    **field: Any,
) -> bytes:
    """A copy as programs for signing make it: field, value, form, date of change; a whole file under /ByteRange."""
    unknown = ArrayObject([NumberObject(number) for number in (0, 10**9, 10**9, 10**9)])

    def sign(writer: PdfWriter) -> None:
        value = DictionaryObject({NameObject("/Type"): NameObject("/Sig"), NameObject("/ByteRange"): unknown,
                                  NameObject("/Contents"): ByteStringObject(contents)})  # fmt: skip
        shown = DecodedStreamObject()
        shown.set_data(b"0 0 1 rg 0 0 999 999 re f")
        shown.update({NameObject("/Subtype"): NameObject("/Form"), NameObject("/BBox"): floats((0, 0, 999, 999))})
        look = DictionaryObject({NameObject("/N"): writer._add_object(shown)})
        widget = note("/Widget", rectangle, FT=NameObject("/Sig"), V=writer._add_object(value), F=NumberObject(flags),
                      T=TextStringObject(f"chữ ký {len(data)}"), AP=look, **field)  # fmt: skip
        known = writer.root_object.get("/AcroForm", DictionaryObject())
        fields = ArrayObject([*known.get("/Fields", []), add_note(writer, widget, page)])
        more = {NameObject(f"/{key}"): ArrayObject() for key in form}
        writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields, **more})
        writer.add_metadata({"/ModDate": "D:20310116080000Z"})

    copy = appended(data, sign)
    written = b"<" + contents.hex().encode() + b">"
    place = copy.lower().rindex(written)
    spans = [0, place, place + len(written), len(copy) - place - len(written)]
    blank = b"0 1000000000 1000000000 1000000000"
    return copy.replace(blank, b" ".join(b"%d" % number for number in spans).ljust(len(blank)))


def with_ranges(copy: bytes, spans: bytes) -> bytes:
    """The same with another /ByteRange, as long as before."""
    return re.sub(rb"(/ByteRange \[ )([^]]*)", lambda found: found[1] + spans.ljust(len(found[2])), copy)


def cover(writer: PdfWriter) -> None:
    add_note(writer, note("/FreeText", Contents=TextStringObject("0 hộ nghèo")))


def repaint(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(b"0 0 0 rg 0 0 500 500 re f")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def drop_pages(writer: PdfWriter) -> None:
    writer.root_object["/Pages"][NameObject("/Kids")] = ArrayObject()


def rename(writer: PdfWriter) -> None:
    writer.add_metadata({"/Title": "Báo cáo số 99/BC-TN"})


def add_certificates(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/DSS")] = DictionaryObject({NameObject("/Certs"): ArrayObject()})


def nothing(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/Version")] = NameObject("/1.7")


@pytest.fixture(scope="module")
def room(original: bytes) -> tuple[int, tuple[float, ...]]:
    """Where the document leaves room for signing: the page from 0, the rectangle under the signatory's title."""
    document = read_document(original)
    title = next(line for block in document.blocks for line in block.lines if line.text == "PHÓ THỦ TRƯỞNG")
    left, right, top = title.left / MM, title.right / MM, (document.page(title.page).height - title.bottom) / MM
    return title.page - 1, (left - 10, top - 64, right + 10, top - 4)


def test_a_signed_copy_is_right(original, judged, room):
    once = signed(original, *room)
    for copy in (signed(original), once, signed(once), appended(once, add_certificates)):
        report = judged(copy)
        assert report.outcome == "identical" and report.original_length == len(original), report
        said = details(report, "Phần thêm vào sau bản gốc")
        assert f"{len(copy) - len(original)} byte thêm vào sau bản gốc là phần ký số" in said
        assert "chữ ký số không được kiểm tra ở đây" in said
        assert f"{len(original)} byte đầu trùng" in details(report, "Từng byte")


@pytest.mark.parametrize(
    ("change", "expected"),
    [(cover, "chú thích /FreeText ở trang 1"), (repaint, "một trang của bản gốc bị sửa (/Contents)"),
     (drop_pages, "danh sách trang của bản gốc bị sửa (/Kids)"), (rename, "bị sửa (/Title)"),
     (nothing, "không mang chữ ký số")],
)  # fmt: skip
def test_an_update_that_changes_what_is_read_is_different(original, judged, change, expected):
    report = judged(appended(original, change))
    assert report.outcome == "different"
    assert expected in details(report, "Phần thêm vào sau bản gốc")


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        (lambda data: signed(data, 0, ON_WORDS), "ô chữ ký số ở trang 1 che phần đã in “"),
        (lambda data: signed(data, contents=bytes(64)), "không phải là PKCS#7"),
        (lambda data: signed(data, contents=PKCS7.replace(b"\x07\x02", b"\x07\x01")), "không phải là PKCS#7"),
        (lambda data: with_ranges(signed(data), b"0 10 20 30"), "không bao trùm từ đầu đến cuối tệp"),
        (lambda data: with_ranges(signed(data), b"0 10 20 %d" % (len(signed(data)) - 20)), "nhiều hơn chính nó"),
        (lambda data: appended(signed(data), nothing), "sau chữ ký số cuối cùng tệp còn bị sửa"),
        (lambda data: signed(data, form=("XFA",)), "biểu mẫu của chữ ký số có thêm /XFA"),
        (lambda data: signed(data, flags=132 | 8), "không giữ nguyên chỗ"),
        (lambda data: signed(data, AA=DictionaryObject()), "có thêm chú thích /Widget ở trang 1"),
        (lambda data: signed(two_faced(data)), "trang 1 hiện ra khác bản gốc"),
    ],
)
def test_what_only_looks_like_a_signature_is_different(original, judged, forge, expected):
    report = judged(forge(original))
    assert report.outcome == "different" and report.original_length == len(original)
    assert expected in details(report, "Phần thêm vào sau bản gốc")


def two_faced(data: bytes) -> bytes:
    """The first page drawn otherwise under a generation that pypdf keeps apart and a browser does not."""
    reader = PdfReader(BytesIO(data))
    number, root = reader.pages[0].raw_get("/Contents").idnum, reader.trailer.raw_get("/Root").idnum
    drawn = b"%d 1 obj\n<</Length 25>>\nstream\n0 0 1 rg 60 300 480 90 re f\nendstream\nendobj\n" % number
    before = re.findall(rb"startxref\s+(\d+)", data)[-1]
    table = b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00001 n \n" % (number, len(data))
    trailer = b"trailer\n<</Size %d /Root %d 0 R /Prev %s>>\n" % (reader.trailer["/Size"], root, before)
    return data + drawn + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(drawn))


def test_a_signed_copy_of_an_issued_briefing_is_known_by_its_beginning(original, judged, room):
    issued = (IssuedPdf("05/BC-TN", "15/01/2031", hashlib.sha256(original).hexdigest()),)
    report = judged(signed(original, *room), issued=issued, code="another")
    assert report.outcome == "issued" and report.original_length == len(original)
    assert judged(signed(original, 0, ON_WORDS), issued=issued).outcome == "different"
    assert judged(original + b"x", issued=issued).outcome == "different"


def test_a_present_draft_is_not_faulted_for_the_briefing_that_was_issued(original, judged):
    report = judged(original, issued=(IssuedPdf("05/BC-TN", "15/01/2031", "0" * 64),))
    assert report.outcome == "identical" and "different" not in {one.state for one in report.comparisons}
    said = "tệp là dự thảo; quý này đã ban hành báo cáo số 05/BC-TN ngày 15/01/2031"
    assert details(report, "Bản đã ban hành") == said


def test_a_number_on_no_record_is_no_proof(original, again):
    """Anybody who has the inputs can print a number; only the record of issue proves that it was given."""
    claimed = again.inputs | {"issue": {"number": "99/BC-TN", "issued_on": "2031-01-15"}}
    for issued in ((), None, (IssuedPdf("05/BC-TN", "15/01/2031", "0" * 64),)):
        report = verify(original, claimed, again.facts, again.inputs, issued, lambda: again)
        assert report.outcome == "different"
        assert "mang số 99/BC-TN mà không trùng hồ sơ ban hành nào" in details(report, "Bản đã ban hành")


def test_other_code_leaves_the_bytes_unproven_and_is_named(original, judged):
    packages = {"weasyprint": "1.0"}
    report = judged(original, code="another", packages=packages)
    assert report.outcome == "unproven"
    named = details(report, "Mã nguồn, gói, phông chữ, thư viện")
    assert "mã nguồn" in named and "gói phần mềm weasyprint: " in named and "nay là 1.0" in named
    assert [one.state for one in report.comparisons][-2:] == ["same", "not_compared"]


def test_a_figure_that_comes_out_otherwise_is_named(original, judged, again):
    facts = json.loads(again.facts)
    fact = next(one for one in facts if one["key"] == "P1.value" or one["indicator"] == "P1")
    fact["printed"] = "9,9%"
    other = replace(again, facts=json.dumps(facts).encode())
    report = judged(original, built=other, code="another")
    assert report.outcome == "different"
    assert f"{fact['key']}: trong PDF 0,2%, dựng lại 9,9%" in details(report, "Số liệu")


def test_a_build_that_fails_proves_nothing(original, again):
    def fail() -> Built:
        raise GiaobanError("thiếu phông chữ")

    report = verify(original, again.inputs, again.facts, again.inputs, (), fail)
    assert report.outcome == "unproven"
    assert "không dựng lại được báo cáo: thiếu phông chữ" in details(report, "Số liệu")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """pypdf's warnings about files that are broken on purpose."""
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    yield
