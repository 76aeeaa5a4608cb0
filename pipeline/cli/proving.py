"""The commands that put a finished PDF to the proof: lint-pdf, verify."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments import Home, find
from pipeline.errors import GiaobanError, UsageError

if TYPE_CHECKING:
    from pipeline.programme import Programme
    from pipeline.proof.verifying import Built, Report
    from pipeline.quarters import Quarter

_REPORTS = Path(__file__).resolve().parents[2] / "reports"
PdfFile = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp PDF; tệp không bị sửa.")]
TextOrJson = Annotated[str, typer.Option("--format", metavar="text|json", help="Dạng in ra.")]


def lint_pdf(
    file: PdfFile,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="A|B", help="Thể thức; mặc định của chương trình, hoặc A.")
    ] = None,
    form: TextOrJson = "text",
    home: Home = Path(),
) -> None:
    """Đo một tệp PDF theo thể thức văn bản: mã trả về 0 là đạt hết, 1 là có điểm không đạt, 2 là gọi sai lệnh."""
    data = _read(file, form)
    from pipeline.proof.document import read_document
    from pipeline.proof.linting import lint
    from pipeline.proof.profile import load_profile
    from pipeline.proof.telling import lint_lines, lint_object

    prescribed = load_profile(_REPORTS, profile or _own_profile(data, home))
    document = read_document(data)
    verdicts = lint(document, prescribed)
    pages = len(document.pages)
    if form == "json":
        _print_json(lint_object(str(file), pages, prescribed, verdicts))
    else:
        print("\n".join(lint_lines(str(file), pages, prescribed, verdicts)))
    if any(verdict.state == "broken" for verdict in verdicts):
        raise typer.Exit(1)


def verify(file: PdfFile, form: TextOrJson = "text", home: Home = Path()) -> None:
    """Tệp PDF có đúng là báo cáo làm ra từ các đầu vào: mã trả về 0 là giống hệt hoặc đúng bản đã ban hành, 1 là khác
    hoặc chưa chứng minh được, 2 là gọi sai lệnh.

    Bản đã ký số là đúng khi phần đầu trùng bản gốc và phần ký không sửa, không che gì; chữ ký không kiểm tra ở đây.
    """
    data = _read(file, form)
    from pipeline.proof.attached import FACTS, attached_files, record_in
    from pipeline.proof.telling import verify_lines, verify_object
    from pipeline.proof.verifying import unreadable

    files = attached_files(data)
    recorded = record_in(files)
    report = _verified(data, recorded, files.get(FACTS), home) if recorded else unreadable()
    if form == "json":
        _print_json(verify_object(str(file), report))
    else:
        print("\n".join(verify_lines(str(file), report)))
    if report.outcome not in ("identical", "issued"):
        raise typer.Exit(1)


def _read(file: Path, form: str) -> bytes:
    if form not in ("text", "json"):
        raise UsageError(f"Không có dạng '{form}'. Các dạng: text, json.")
    if not file.is_file():
        raise UsageError(f"Không thấy tệp {file}. Đề nghị kiểm tra lại đường dẫn.")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it makes of a broken file is told in Vietnamese
    return file.read_bytes()


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=1))


def _own_profile(data: bytes, home: Path) -> str:
    """The profile of the programme that the PDF says it is of; A where that cannot be told."""
    from pipeline.proof.attached import attached_files, record_in

    recorded = record_in(attached_files(data))
    try:
        return find(home, recorded["programme"]).document.profile if recorded else "A"
    except GiaobanError:
        return "A"


def _verified(data: bytes, recorded: Mapping[str, Any], facts: bytes | None, home: Path) -> Report:
    """Finds the programme and quarter the PDF names and compares; UsageError where they are not under `home`."""
    from pipeline.briefing.paper.fonts import load_fonts
    from pipeline.briefing.provenance import PUBLIC, SENT_IN, is_sent, public_record, undated_record
    from pipeline.proof.verifying import IssuedPdf, verify
    from pipeline.quarters import Quarter
    from pipeline.vietnamese import short_date

    programme = find(home, recorded["programme"])
    quarter = Quarter.parse(recorded["quarter"])
    as_of = date.fromisoformat(recorded["as_of"]) if recorded["as_of"] else None
    part = recorded.get("part")
    issued: list[IssuedPdf] | None = [
        IssuedPdf(one.number, short_date(one.issued_on), one.pages.get(part) if part else one.pdf_sha256)
        for one in programme.issues
        if one.quarter == str(quarter)
    ]
    now = undated_record(programme, quarter, load_fonts(_REPORTS))
    if recorded.get("edition") == PUBLIC:
        now, issued = public_record(now), None
        if as_of:  # what had been sent by then only a build can tell
            before = recorded["files"]
            now["files"] |= {name: digest for name, digest in before.items() if name.startswith(SENT_IN)}
    elif part:  # which knows the definitions and the files of its own district
        now["files"] = {
            name: digest for name, digest in now["files"].items() if not is_sent(name) or name in recorded["files"]
        }
    report = verify(data, recorded, facts, now, issued, lambda: _built(programme, quarter, as_of, recorded))
    report.document = _document(programme, quarter, as_of, recorded, report)
    return report


def _document(
    programme: Programme, quarter: Quarter, as_of: date | None, recorded: Mapping[str, Any], report: Report
) -> str:
    """'Báo cáo đầy đủ, quý IV/2023, <programme>, dự thảo': what the file says it is."""
    from pipeline.briefing.provenance import PUBLIC
    from pipeline.vietnamese import short_date

    kind, state = "Báo cáo đầy đủ", "dự thảo"
    if recorded.get("edition") == PUBLIC:
        kind = "Bản công bố"
    elif part := recorded.get("part"):
        area = programme.area_by_code.get(PurePosixPath(str(part)).stem)
        kind = f"Trang số liệu của {area.full_name if area else part}"
    if issue := recorded.get("issue") or recorded.get("issued_as"):
        verb = "đã ban hành" if report.outcome == "issued" else "mang"
        state = f"{verb} số {issue['number']} ngày {short_date(date.fromisoformat(issue['issued_on']))}"
    day = [f"tính đến {short_date(as_of)}"] if as_of else []
    return ", ".join([kind, quarter.title, programme.short_title, *day, state])


def _built(programme: Programme, quarter: Quarter, as_of: date | None, recorded: Mapping[str, Any]) -> Built:
    """The document made again from nothing but the inputs, in a home of its own that is gone afterwards.

    That is the briefing of the edition that the record names, or the pages of the district that is its part.
    """
    from pipeline.briefing.provenance import PUBLIC
    from pipeline.programme import load_programme
    from pipeline.proof.attached import FACTS, INPUTS, attached_files
    from pipeline.proof.verifying import Built
    from pipeline.runs import Runner
    from pipeline.terminal import progress

    part = str(recorded.get("part") or "")
    with (
        _copied_home(programme, quarter, recorded["files"]) as home,
        Runner(load_programme(home, programme.id), as_of) as runner,
    ):
        with progress():
            edition = PUBLIC if recorded.get("edition") == PUBLIC else "full"
            folder = runner.briefing(quarter, edition=edition, areas=[PurePosixPath(part).stem] if part else [])
        pages = sorted(folder.glob("areas/*.pdf"))  # a record that was made up names no file of ours
        pdf = (pages[0] if part and pages else folder / "briefing.pdf").read_bytes()
        files = attached_files(pdf)
        return Built(pdf=pdf, facts=files[FACTS], inputs=json.loads(files[INPUTS]))


@contextmanager
def _copied_home(programme: Programme, quarter: Quarter, files: Mapping[str, str]) -> Iterator[Path]:
    """A home with a copy of the programme, without the records of issue that came after the document."""
    with tempfile.TemporaryDirectory(prefix="giaoban-verify-") as name:
        home = Path(name)
        copy = home / "raw" / programme.id
        shutil.copytree(programme.folder, copy)
        for record in (copy / "issued").glob(f"{quarter}*.json"):
            if f"issued/{record.name}" not in files:
                record.unlink()
        yield home
