"""Is a PDF what its inputs give: inputs by hash, then figures, then every byte, saying what could be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.errors import GiaobanError
from pipeline.proof.attached import FACTS, INPUTS
from pipeline.proof.increments import beginnings, changes

State = Literal["same", "different", "not_compared"]
Outcome = Literal["identical", "issued", "different", "unproven"]
ENVIRONMENT = {
    "code": "mã nguồn",
    "packages": "gói phần mềm",
    "python": "Python",
    "fonts": "phông chữ",
    "libraries": "thư viện hệ thống",
}
_SHOWN = 20


@dataclass(frozen=True)
class Comparison:
    """One thing that was compared, or why it could not be."""

    what: str
    state: State
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class IssuedPdf:
    """A briefing, or the pages of a district, on record as issued."""

    number: str
    issued_on: str  # as printed
    pdf_sha256: str | None  # None where the record says nothing of these pages

    @property
    def title(self) -> str:
        return f"số {self.number} ngày {self.issued_on}"


@dataclass(frozen=True)
class Built:
    """What the same inputs give today."""

    pdf: bytes
    facts: bytes
    inputs: dict[str, Any]


@dataclass
class Report:
    """Everything that was compared, in the order in which it was."""

    outcome: Outcome = "unproven"
    comparisons: list[Comparison] = field(default_factory=list)
    original_length: int | None = None  # bytes that are the original's, where that is proven
    document: str = "không rõ là báo cáo nào"  # what the file says it is
    issued: IssuedPdf | None = None  # the one on record that it is
    inputs_differ: bool = False  # from what they are now

    def add(self, what: str, state: State, details: Iterable[str] = ()) -> None:
        self.comparisons.append(Comparison(what, state, tuple(details)))


def verify(
    data: bytes,
    recorded: Mapping[str, Any],
    facts: bytes | None,
    now: Mapping[str, Any],
    issued: Iterable[IssuedPdf] | None,
    build: Callable[[], Built],
) -> Report:
    """Compare a PDF with the record and the figures it carries, the inputs `now`, and what `build` makes of them.

    issued is None for an edition that is never issued.
    Nothing is built where the bytes are those of an issued briefing, or where the inputs are others.
    """
    report = Report()
    claimed = recorded.get("issue")
    length = _compare_issued(report, data, list(issued or ()), claimed) if claimed or issued is not None else None
    inputs_differ = _differing_files(recorded, now)
    report.inputs_differ = bool(inputs_differ)
    report.add("Đầu vào (mã băm từng tệp)", "different" if inputs_differ else "same", _shortened(inputs_differ))
    environment = list(_differing_environment(recorded, now))
    report.add("Mã nguồn, gói, phông chữ, thư viện", "different" if environment else "same", environment)
    if length is not None:
        _judge_original(report, data, length, "issued")
        return report
    if claimed:
        return report
    if inputs_differ:
        report.add("Số liệu", "not_compared", ["đầu vào đã khác"])
        report.add("Từng byte", "not_compared", ["đầu vào đã khác"])
        report.outcome = "different"
        return report
    try:
        built = build()
    except GiaobanError as error:
        report.add("Số liệu", "not_compared", [f"không dựng lại được báo cáo: {error}"])
        report.add("Từng byte", "not_compared", ["không dựng lại được báo cáo"])
        return report
    # only a build knows which files and rows a date cuts off
    late = [name for name in ("document_date", "files", "tables") if recorded.get(name) != built.inputs.get(name)]
    if late:
        named = [key for name in late for key in _differing_keys(recorded.get(name), built.inputs.get(name))]
        report.add("Đầu vào tính đến ngày của báo cáo", "different", _shortened(named))
    figures = list(_differing_facts(facts, built.facts))
    report.add("Số liệu", "different" if figures else "same", _shortened(figures))
    if environment:
        report.add("Từng byte", "not_compared", ["mã nguồn hoặc phiên bản đã khác nên không buộc phải trùng từng byte"])
        report.outcome = "different" if figures or late else "unproven"
        return report
    if data.startswith(built.pdf):
        report.add("Từng byte", "same", [f"{_bytes_of(data, len(built.pdf))} trùng bản dựng lại"])
        _judge_original(report, data, len(built.pdf), "identical")
    else:
        report.add("Từng byte", "different", [_first_difference(data, built.pdf)])
        report.outcome = "different"
    return report


def _compare_issued(report: Report, data: bytes, issued: list[IssuedPdf], claimed: Any) -> int | None:
    """Length of the beginning that is an issued PDF; None where there is none.

    What anybody can print from the inputs is no proof of a number: only the record of issue is.
    """
    on_record = {one.pdf_sha256: one for one in issued}
    for length in beginnings(data):
        if one := on_record.get(hashlib.sha256(data[:length]).hexdigest()):
            report.issued = one
            report.add("Bản đã ban hành", "same", [f"{_bytes_of(data, length)} trùng báo cáo {one.title}"])
            return length
    listing = ", ".join(one.title for one in issued)
    known = f"quý này đã ban hành báo cáo {listing}" if issued else "quý này chưa ban hành báo cáo nào"
    state: State = "not_compared"
    if not claimed:
        said = f"tệp là dự thảo; {known}"
    elif any(one.number == claimed["number"] and one.pdf_sha256 is None for one in issued):
        said = f"hồ sơ ban hành số {claimed['number']} không ghi mã băm của tệp này"
    else:
        said = f"mang số {claimed['number']} mà không trùng hồ sơ ban hành nào; {known}"
        state = report.outcome = "different"
    report.add("Bản đã ban hành", state, [said])
    return None


def _bytes_of(data: bytes, length: int) -> str:
    return "mọi byte" if length == len(data) else f"{length} byte đầu"


def _judge_original(report: Report, data: bytes, length: int, outcome: Outcome) -> None:
    """The first bytes are right, which gives the outcome; what follows them must do no more than sign them."""
    report.original_length, report.outcome = length, outcome
    if len(data) == length:
        return
    wrong = changes(data, length)
    said = f"{len(data) - length} byte thêm vào sau bản gốc"
    if wrong:
        report.add("Phần thêm vào sau bản gốc", "different", [said, *wrong])
        report.outcome = "different"
        return
    unchecked = "chữ ký số không được kiểm tra ở đây: đề nghị kiểm tra bằng phần mềm ký số"
    report.add("Phần thêm vào sau bản gốc", "same", [f"{said} là phần ký số, không sửa, không che gì", unchecked])


def _differing_files(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Files changed, gone or new. A later record of issue is no other input of the document that was issued."""
    before, after = recorded["files"], now["files"]
    if recorded.get("as_of"):  # of what came later nothing is known before a build cuts it off
        after = {name: digest for name, digest in after.items() if name in before}
    found = []
    for name in sorted({*before, *after}):
        if name not in after:
            found.append(f"{name}: không còn")
        elif name not in before:
            if not name.startswith("issued/"):
                found.append(f"{name}: mới có")
        elif before[name] != after[name]:
            found.append(f"{name}: nội dung đã thay đổi")
    return found


def _differing_keys(before: Any, after: Any) -> list[str]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [f"{before} nay là {after}"]
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def _differing_environment(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    for key, name in ENVIRONMENT.items():
        before, after = recorded.get(key), now.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            for one in sorted({*before, *after}):
                if before.get(one) != after.get(one):
                    yield f"{name} {one}: {_short(before.get(one))} nay là {_short(after.get(one))}"
        elif before != after:
            yield f"{name}: {_short(before)} nay là {_short(after)}"


def _short(value: Any) -> str:
    """A version as it is, a hash by its beginning."""
    text = str(value) if value is not None else "không có"
    return text if len(text) < 40 else f"{text[:12]}…"


def _differing_facts(attached: bytes | None, built: bytes) -> Iterable[str]:
    if attached is None:
        yield f"tệp {FACTS} đính kèm không đọc được hoặc đã bị sửa"
        return
    if attached == built:
        return
    try:
        before, after = _by_key(attached), _by_key(built)
    except (ValueError, TypeError, KeyError):
        yield f"tệp {FACTS} đính kèm không đọc được"
        return
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield f"{key}: trong PDF {_printed(before.get(key))}, dựng lại {_printed(after.get(key))}"


def _by_key(facts: bytes) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in json.loads(facts)}


def _printed(fact: dict[str, Any] | None) -> str:
    return str(fact["printed"]) if fact else "không có"


def _first_difference(data: bytes, built: bytes) -> str:
    """Where two files part."""
    shorter = min(len(data), len(built))
    place = next((place for place in range(shorter) if data[place] != built[place]), shorter)
    if place == len(data):
        return f"tệp thiếu phần cuối: có {len(data)} byte, bản dựng lại có {len(built)}"
    return f"khác từ byte thứ {place + 1} (bản dựng lại có {len(built)} byte, tệp có {len(data)})"


def _shortened(details: list[str]) -> list[str]:
    more = len(details) - _SHOWN
    return details if more <= 0 else [*details[:_SHOWN], f"và {more} mục khác"]


def unreadable() -> Report:
    """What is said of a PDF whose record is missing or was touched."""
    report = Report("different")
    said = f"không có tệp {INPUTS} đính kèm đọc được: không phải báo cáo của chương trình này, hoặc đã bị sửa"
    report.add("Hồ sơ nguồn gốc trong PDF", "different", [said])
    return report
