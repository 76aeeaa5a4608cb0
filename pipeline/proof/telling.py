"""How verdicts and comparisons are told: plain Vietnamese lines, or objects for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.proof.linting import State, Verdict
from pipeline.proof.profile import Profile
from pipeline.proof.verifying import Outcome, Report
from pipeline.proof.verifying import State as Compared

STATES: dict[State, str] = {"met": "đạt", "broken": "không đạt", "not_applicable": "không áp dụng"}
COMPARED: dict[Compared, str] = {"same": "giống", "different": "khác", "not_compared": "không so được"}
OUTCOMES: dict[Outcome, str] = {
    "identical": "GIỐNG HỆT: tệp đúng là báo cáo làm ra từ các đầu vào này.",
    "different": "KHÁC: tệp không phải là báo cáo làm ra từ các đầu vào này.",
    "unproven": "CHƯA CHỨNG MINH ĐƯỢC: những gì so được đều giống, nhưng không so được từng byte.",
}
_PLACES_SHOWN = 5
_UNCONFIRMED = " (chưa thẩm định)"


def lint_lines(name: str, pages: int, profile: Profile, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Each rule on a line, with what is wrong and where below it; the count at the end."""
    note = "" if profile.is_confirmed else _UNCONFIRMED
    yield f"{name} ({pages} trang), thể thức {profile.id}: {profile.name}{note}"
    for verdict in verdicts:
        yield f"[{STATES[verdict.state]}] {verdict.title}: {verdict.expected}"
        if verdict.state != "broken":
            continue
        for check in verdict.checks[:_PLACES_SHOWN]:
            yield f"    {check.place or 'cả tệp'}: {_printable(check.found)}"
        more = len(verdict.checks) - _PLACES_SHOWN
        if more > 0:
            yield f"    và {more} chỗ khác"
        yield f"    theo {verdict.source}"
    counts = Counter(verdict.state for verdict in verdicts)
    yield f"Kết quả: {', '.join(f'{counts[state]} {said}' for state, said in STATES.items())}."


def lint_object(name: str, pages: int, profile: Profile, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Every measurement of a broken rule, the first one of a rule that is met; mm from the left and top edge."""
    counts = Counter(verdict.state for verdict in verdicts)
    return {
        "file": name,
        "pages": pages,
        "profile": profile.id,
        "profile_name": profile.name,
        "profile_confirmed": profile.is_confirmed,
        "counts": {state: counts[state] for state in STATES},
        "rules": [
            {
                "rule": verdict.rule,
                "title": verdict.title,
                "state": verdict.state,
                "expected": verdict.expected,
                "source": verdict.source,
                "places": [
                    {
                        "page": check.place.page if check.place else None,
                        "left_mm": round(check.place.left, 1) if check.place else None,
                        "top_mm": round(check.place.top, 1) if check.place else None,
                        "found": check.found,
                    }
                    for check in verdict.checks
                ],
            }
            for verdict in verdicts
        ],
    }


def verify_lines(name: str, report: Report) -> Iterator[str]:
    """What the file says it is, everything that was compared, and what follows."""
    yield _printable(f"{name}: {report.document}")
    for comparison in report.comparisons:
        yield f"[{COMPARED[comparison.state]}] {comparison.what}"
        yield from (f"    {_printable(detail)}" for detail in comparison.details)
    yield f"Kết luận: {_conclusion(report)}"


def _conclusion(report: Report) -> str:
    """What follows; that inputs are others today is no fault of an issued document."""
    if report.outcome == "issued" and report.issued:
        since = "; đầu vào hiện nay đã khác." if report.inputs_differ else "."
        return f"ĐÚNG LÀ BẢN ĐÃ BAN HÀNH {report.issued.title}{since}"
    if report.outcome == "different" and report.original_length:
        return f"KHÁC: {report.original_length} byte đầu là bản gốc, nhưng phần thêm vào sau đó không chỉ là chữ ký số."
    return OUTCOMES[report.outcome]


def _printable(text: str) -> str:
    """Without what a terminal would obey: the words come from the file that is judged."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def verify_object(name: str, report: Report) -> dict[str, Any]:
    return {
        "file": name,
        "document": report.document,
        "outcome": report.outcome,
        "original_length": report.original_length,
        "comparisons": [
            {"what": one.what, "state": one.state, "details": list(one.details)} for one in report.comparisons
        ],
    }
