"""`giaoban verify`: the same inputs give the same bytes; what was altered, added or made of other inputs is told."""

from __future__ import annotations

import hashlib
import json
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
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from pipeline.briefing.issuing import issue_briefing
from pipeline.briefing.provenance import public_record
from pipeline.cli import proving
from pipeline.errors import GiaobanError, UsageError
from pipeline.intake import receive
from pipeline.programme import load_programme
from pipeline.proof.attached import FACTS, attached_files, record_in
from pipeline.proof.verifying import Built, IssuedPdf, Report, verify
from pipeline.quarters import Quarter
from pipeline.runs import Runner
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


def told(file: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and the JSON of `giaoban verify FILE --format json`."""
    code = 0
    try:
        proving.verify(file, "json", home)
    except typer.Exit as exit:
        code = exit.exit_code
    return code, json.loads(capsys.readouterr().out)


def states(record: dict[str, Any]) -> dict[str, str]:
    return {one["what"]: one["state"] for one in record["comparisons"]}


def everything_under(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_what_the_inputs_give_is_identical_and_nothing_is_published(built, capsys):
    before = everything_under(built)
    code, record = told(pdf_in(built), built, capsys)
    assert (code, record["outcome"]) == (0, "identical")
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


def test_the_public_edition_is_proven_without_telling_who_sent_what(home, capsys):
    programme = load_programme(home, PROGRAMME_ID)
    with Runner(programme) as runner:
        runner.briefing(Q4, edition="public")
    public = pdf_in(home, "2030-Q4-public")
    told_in_it = attached_files(public.read_bytes())["inputs.json"].decode()
    assert "dong" not in told_in_it and "báo cáo gửi lên 2030-Q4" in told_in_it
    code, record = told(public, home, capsys)
    assert (code, record["outcome"]) == (0, "identical"), record
    assert "Bản đã ban hành" not in states(record)
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


def test_an_issued_briefing_is_proven_by_its_record_also_when_inputs_changed_since(home, capsys, no_build):
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    targets = home / "raw" / PROGRAMME_ID / "targets.csv"
    targets.write_text(targets.read_text(encoding="utf-8").replace("1000", "900"))
    code, record = told(pdf_in(home), home, capsys)
    assert (code, record["outcome"]) == (0, "identical")
    assert states(record)["Bản đã ban hành"] == "same" and states(record)["Đầu vào (mã băm từng tệp)"] == "different"
    assert "số 05/BC-TN ngày 15/01/2031" in record["comparisons"][0]["details"][0]


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


def test_bytes_behind_the_original_leave_it_right(original, judged):
    report = judged(original + b"\n% not signed\n")
    assert report.outcome == "identical" and report.original_length == len(original)
    assert "14 byte thêm vào sau bản gốc, không có chữ ký số" in details(report, "Phần thêm vào sau bản gốc")


def appended(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """The file with an incremental update behind it."""
    writer = PdfWriter(BytesIO(data), incremental=True)
    change(writer)
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(data)
    return output.getvalue()


def note(kind: str, **more: Any) -> DictionaryObject:
    corners = ArrayObject([FloatObject(at) for at in (300, 100, 500, 200)])
    fixed = {
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject(kind),
        NameObject("/Rect"): corners,
    }
    return DictionaryObject(fixed | {NameObject(f"/{key}"): value for key, value in more.items()})


def add_note(writer: PdfWriter, annotation: DictionaryObject) -> None:
    reference = writer._add_object(annotation)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])


def sign(writer: PdfWriter) -> None:
    """As a signing program does: a signature field on a page, its value, and a form that names it."""
    numbers = ArrayObject([NumberObject(0), NumberObject(10), NumberObject(20), NumberObject(30)])
    value = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/Sig"), NameObject("/ByteRange"): numbers})
    )
    add_note(writer, note("/Widget", FT=NameObject("/Sig"), V=value, T=TextStringObject("chữ ký")))
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject()})


def cover(writer: PdfWriter) -> None:
    add_note(writer, note("/FreeText", Contents=TextStringObject("0 hộ nghèo")))


def repaint(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(b"0 0 0 rg 0 0 500 500 re f")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def drop_pages(writer: PdfWriter) -> None:
    writer.root_object["/Pages"][NameObject("/Kids")] = ArrayObject()


def test_a_signed_copy_is_right(original, judged):
    report = judged(appended(original, sign))
    assert report.outcome == "identical" and report.original_length == len(original)
    assert "có chữ ký số" in details(report, "Phần thêm vào sau bản gốc")


@pytest.mark.parametrize(
    ("change", "expected"),
    [(cover, "chú thích /FreeText ở trang 1"), (repaint, "một trang của bản gốc bị sửa (/Contents)"),
     (drop_pages, "danh sách trang của bản gốc bị sửa (/Kids)")],
)  # fmt: skip
def test_an_update_that_changes_what_is_read_is_different(original, judged, change, expected):
    report = judged(appended(original, change))
    assert report.outcome == "different"
    assert expected in details(report, "Phần thêm vào sau bản gốc")


def test_a_signed_copy_of_an_issued_briefing_is_known_by_its_beginning(original, judged):
    issued = (IssuedPdf("05/BC-TN", "15/01/2031", hashlib.sha256(original).hexdigest()),)
    report = judged(appended(original, sign), issued=issued, code="another")
    assert report.outcome == "identical" and report.original_length == len(original)
    other = (replace(issued[0], pdf_sha256="0" * 64),)
    assert "không trùng bản nào đã ban hành (số 05/BC-TN" in details(judged(original, issued=other), "Bản đã ban hành")


def test_a_number_on_no_record_is_no_proof(original, again):
    """Anybody who has the inputs can print a number; only the record of issue proves that it was given."""
    claimed = again.inputs | {"issue": {"number": "99/BC-TN", "issued_on": "2031-01-15"}}
    report = verify(original, claimed, again.facts, again.inputs, (), lambda: again)
    assert report.outcome == "different"
    assert "mang số 99/BC-TN mà không trùng hồ sơ ban hành nào" in details(report, "Số, ngày ban hành")


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
