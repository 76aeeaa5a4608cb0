"""`giaoban verify`: the same inputs give the same bytes; what was altered, added or made of other inputs is told."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typer
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

from pipeline.briefing.provenance import public_record
from pipeline.cli import proving
from pipeline.errors import GiaobanError, UsageError
from pipeline.intake import receive
from pipeline.programme import load_programme
from pipeline.proof.attached import FACTS, attached_files, record_in
from pipeline.proof.document import read_document
from pipeline.proof.geometry import MM
from pipeline.proof.telling import verify_lines
from pipeline.proof.verifying import Built, IssuedPdf, Report, verify
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests.issuing import issue_briefing
from tests.tiny import PROGRAMME_ID, agency_workbook, district_workbook, write_programme

Q4 = Quarter(2030, 4)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose briefing is built."""
    home = tmp_path_factory.mktemp("built")
    programme = write_programme(home)
    for workbook, name, reporter in (
        (district_workbook("Quận Đông"), "dong.xlsx", "001"),
        (district_workbook("Huyện Tây Hòa"), "tay hoa.xlsx", "002"),
        (agency_workbook(), "so mot.xlsx", "so_mot"),
    ):
        workbook.save(home / name)
        receive(programme, Q4, [home / name], reporter, date(2031, 1, 3))
    with Runner(programme) as runner:
        runner.briefing(Q4)
    return home


@pytest.fixture(scope="module")
def original(built: Path) -> bytes:
    return pdf_in(built).read_bytes()


@pytest.fixture(scope="module")
def again(built: Path) -> Built:
    """What a build of the same inputs gives, read from the one that is there."""
    folder = pdf_in(built).parent
    record = json.loads((folder / "inputs.json").read_bytes())
    return Built((folder / "briefing.pdf").read_bytes(), (folder / "facts.json").read_bytes(), record)


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(built, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Built:
        raise AssertionError("dựng lại báo cáo")

    monkeypatch.setattr(proving, "_built", refuse)


def pdf_in(home: Path, label: str = "2030-Q4") -> Path:
    return home / "build" / PROGRAMME_ID / label / "briefing.pdf"


def printed(file: Path, home: Path, capsys: pytest.CaptureFixture[str], form: str = "text") -> tuple[int, str]:
    """Exit code of `giaoban verify FILE` and what it prints."""
    code = 0
    try:
        proving.verify(file, form, home)
    except typer.Exit as exit:
        code = exit.exit_code
    return code, capsys.readouterr().out


def told(file: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code, text = printed(file, home, capsys, "json")
    return code, json.loads(text)


def states(record: dict[str, Any]) -> dict[str, str]:
    return {one["what"]: one["state"] for one in record["comparisons"]}


def everything_under(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_what_the_inputs_give_is_identical_and_nothing_is_published(built, capsys):
    before = everything_under(built)
    code, record = told(pdf_in(built), built, capsys)
    assert (code, record["outcome"]) == (0, "identical")
    assert record["document"] == "Báo cáo đầy đủ, quý IV/2030, Chương trình số 01-CTr/TN, dự thảo"
    assert record["comparisons"][-1]["details"] == ["mọi byte trùng bản dựng lại"]
    assert states(record) == {
        "Bản đã ban hành": "not_compared", "Đầu vào (mã băm từng tệp)": "same",
        "Mã nguồn, gói, phông chữ, thư viện": "same", "Số liệu": "same", "Từng byte": "same",
    }  # fmt: skip
    assert record["original_length"] == pdf_in(built).stat().st_size
    assert everything_under(built) == before


def test_the_pages_of_a_district_are_proven_by_themselves(built, capsys):
    pages = pdf_in(built).parent / "areas" / "002.pdf"
    code, record = told(pages, built, capsys)
    assert (code, record["outcome"], record["original_length"]) == (0, "identical", pages.stat().st_size)
    assert record["document"].startswith("Trang số liệu của Huyện Tây Hòa, quý IV/2030, ")


def test_the_public_edition_is_proven_without_telling_who_sent_what(home, capsys):
    programme = load_programme(home, PROGRAMME_ID)
    with Runner(programme) as runner:
        runner.briefing(Q4, edition="public")
    public = pdf_in(home, "2030-Q4-public")
    told_in_it = attached_files(public.read_bytes())["inputs.json"].decode()
    assert "dong" not in told_in_it and "báo cáo gửi lên 2030-Q4" in told_in_it
    code, record = told(public, home, capsys)
    assert (code, record["outcome"]) == (0, "identical"), record
    assert "Bản đã ban hành" not in states(record) and record["document"].startswith("Bản công bố, quý IV/2030, ")
    (home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "dong.xlsx").unlink()
    code, record = told(public, home, capsys)
    assert (code, record["outcome"]) == (1, "different")
    assert ["báo cáo gửi lên 2030-Q4: nội dung đã thay đổi"] in [one["details"] for one in record["comparisons"]]


def test_what_had_been_sent_by_a_day_only_a_build_can_tell(home, again, capsys, monkeypatch):
    """A public edition of a day names no files, so a later one is no change before a build has cut it off."""
    record = public_record(again.inputs | {"as_of": "2031-01-04"})
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("pipeline.proof.verifying.verify", lambda *given: asked.append(given[3]) or Report("unproven"))
    (home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "moi.xlsx").write_bytes(b"later")
    proving._verified(b"", record, None, home)
    assert asked[0]["files"] == record["files"] and "báo cáo gửi lên 2030-Q4" in record["files"]


def test_a_state_of_a_day_is_built_as_of_that_day(home, capsys):
    programme = load_programme(home, PROGRAMME_ID)
    with Runner(programme, date(2031, 1, 4)) as runner:
        runner.briefing(Q4)
    late = home / "raw" / PROGRAMME_ID / "targets.csv"
    late.write_text(
        late.read_text(encoding="utf-8") + 'J1,year,2031,,ge,"2000",,,1,Kế hoạch sau,2031-02-01,published,\n'
    )
    code, record = told(pdf_in(home, "2030-Q4@2031-01-04"), home, capsys)
    assert (code, record["outcome"]) == (0, "identical"), record
    assert record["document"].endswith("tính đến 04/01/2031, dự thảo")


def test_changed_inputs_are_named_and_nothing_is_built(home, capsys, no_build):
    folder = home / "raw" / PROGRAMME_ID
    (folder / "targets.csv").write_text((folder / "targets.csv").read_text(encoding="utf-8").replace("1000", "900"))
    (folder / "submissions" / "2030-Q4" / "dong.xlsx").unlink()
    (folder / "layouts" / "moi.yml").write_text((folder / "layouts" / "cap_tren.yml").read_text(encoding="utf-8"))
    code, record = told(pdf_in(home), home, capsys)
    assert (code, record["outcome"]) == (1, "different")
    inputs = next(one for one in record["comparisons"] if one["what"].startswith("Đầu vào"))
    assert inputs["details"] == [
        "layouts/moi.yml: mới có", "submissions/2030-Q4/dong.xlsx: không còn", "targets.csv: nội dung đã thay đổi",
    ]  # fmt: skip
    assert states(record)["Từng byte"] == "not_compared"


def test_what_was_issued_is_proven_by_its_record_also_when_inputs_changed_since(home, capsys, no_build):
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    proven = "ĐÚNG LÀ BẢN ĐÃ BAN HÀNH số 05/BC-TN ngày 15/01/2031"
    code, text = printed(pdf_in(home), home, capsys)
    assert code == 0 and text.splitlines()[-1] == f"Kết luận: {proven}."
    said = "Báo cáo đầy đủ, quý IV/2030, Chương trình số 01-CTr/TN, đã ban hành số 05/BC-TN ngày 15/01/2031"
    assert text.splitlines()[0] == f"{pdf_in(home)}: {said}"
    assert "mọi byte trùng báo cáo số 05/BC-TN ngày 15/01/2031" in text
    targets = home / "raw" / PROGRAMME_ID / "targets.csv"
    targets.write_text(targets.read_text(encoding="utf-8").replace("1000", "900"))
    for file in (pdf_in(home), pdf_in(home).parent / "areas" / "002.pdf"):
        code, text = printed(file, home, capsys)
        assert code == 0 and text.splitlines()[-1] == f"Kết luận: {proven}; đầu vào hiện nay đã khác."
        assert told(file, home, capsys)[1]["outcome"] == "issued"


def test_the_pages_of_a_district_are_issued_only_as_the_record_has_them(home, capsys, no_build):
    path, _ = issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    pages = pdf_in(home).parent / "areas" / "002.pdf"
    assert told(pages, home, capsys)[0] == 0
    kept = json.loads(path.read_bytes())
    path.write_text(json.dumps(kept | {"pages": {"areas/002.pdf": "0" * 64}}))
    assert told(pages, home, capsys)[1]["outcome"] == "different"
    path.write_text(json.dumps({key: value for key, value in kept.items() if key != "pages"}))  # of an older version
    code, record = told(pages, home, capsys)
    assert (code, record["outcome"]) == (1, "unproven")
    assert record["comparisons"][0]["details"] == ["hồ sơ ban hành số 05/BC-TN không ghi mã băm của tệp này"]
    assert record["document"].endswith("mang số 05/BC-TN ngày 15/01/2031")


def test_an_issued_briefing_can_still_be_built_again(home, again):
    """The record of its own issue is no input of the document that was issued."""
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    programme = load_programme(home, PROGRAMME_ID)
    with proving._copied_home(programme, Q4, again.inputs["files"]) as copy:
        assert not load_programme(copy, PROGRAMME_ID).issues
    with proving._copied_home(programme, Q4, {**again.inputs["files"], "issued/2030-Q4.json": ""}) as copy:
        assert len(load_programme(copy, PROGRAMME_ID).issues) == 1
    assert programme.issues


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda home: (home / "missing.pdf", home), "Không thấy tệp"),
        (lambda home: (pdf_in(home), home / "nowhere"), "Không có thư mục"),
        (lambda home: (shutil.rmtree(home / "raw" / PROGRAMME_ID), (pdf_in(home), home))[1], "Không rõ chương trình"),
    ],
)
def test_wrong_usage_is_told(home, wrong, expected):
    with pytest.raises(UsageError, match=expected):
        proving.verify(*(lambda file, at: (file, "text", at))(*wrong(home)))


def test_a_pdf_of_somebody_else_is_no_briefing_of_ours(tmp_path, sample_a, capsys):
    for name, data in (("sample.pdf", sample_a), ("text.pdf", b"no PDF at all"), ("empty.pdf", b"")):
        (tmp_path / name).write_bytes(data)
        code, record = told(tmp_path / name, tmp_path, capsys)
        assert (code, record["outcome"]) == (1, "different")


@pytest.mark.parametrize("odd", [{"issue": "05"}, {"issue": {"number": "05"}}, {"part": ["002"]}, {"quarter": "2030"},
                                 {"issue": {"number": 5, "issued_on": "2031-01-15"}}])  # fmt: skip
def test_a_record_that_was_made_up_is_not_understood(again, odd):
    assert record_in({"inputs.json": json.dumps(again.inputs).encode()}) == again.inputs
    assert record_in({"inputs.json": json.dumps(again.inputs | odd).encode()}) is None


# --- copies of a briefing whose inputs are the same ---


@pytest.fixture(scope="module")
def judged(original: bytes, again: Built) -> Callable[..., Report]:
    """The report on a copy; the build is at hand."""

    def judge(data: bytes, built: Built = again, issued: tuple[IssuedPdf, ...] = (), **now: Any) -> Report:
        facts = attached_files(data).get(FACTS)
        return verify(data, recorded, facts, again.inputs | now, issued, lambda: built)

    recorded = record_in(attached_files(original))
    assert recorded is not None
    return judge


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
