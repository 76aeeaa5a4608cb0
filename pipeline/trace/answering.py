"""What a figure is asked for by: `A01`, `A01.same_period`, `tasks_overdue`, `findings.error.beyond_120`."""

from __future__ import annotations

from typing import NoReturn

from pipeline.errors import GiaobanError, UsageError
from pipeline.programme import TOP_AREA
from pipeline.trace.agreed import AGREED
from pipeline.trace.area_plans import AREA_PLANS
from pipeline.trace.asked import Asked, Build
from pipeline.trace.backing import BACKING, poverty_coverage
from pipeline.trace.contributions import contribution_share
from pipeline.trace.counts import BEYOND, Asking, Count, beyond
from pipeline.trace.doubts import DOUBTS
from pipeline.trace.earlier import EARLIER
from pipeline.trace.figure import Derived, Trace
from pipeline.trace.matters import MATTERS, TASKS
from pipeline.trace.outlook import OUTLOOK
from pipeline.trace.places import find_area
from pipeline.trace.plans import PLANS
from pipeline.trace.received import RECEIVED
from pipeline.trace.records import Records
from pipeline.trace.standing import STANDING, indicators_below
from pipeline.trace.subjects import OPENINGS, find_subject, rates
from pipeline.trace.summary import SUMMARIES
from pipeline.trace.sums import summed

# what follows from any sum, and what follows from an indicator only
_OF_ALL: dict[str, tuple[str, Build]] = BACKING
_OF_INDICATORS: dict[str, tuple[str, Build]] = EARLIER | PLANS | AREA_PLANS | OUTLOOK | STANDING | TASKS
_COUNTS: dict[str, tuple[str, Count]] = SUMMARIES | MATTERS | RECEIVED | AGREED | DOUBTS
_OF_AREAS = {
    "indicators_below": ("số chỉ tiêu một địa bàn kém mức chung", indicators_below),
    "poverty_coverage": ("số đơn vị có số liệu hộ nghèo", poverty_coverage),
}
_CHANGES = ("opening_change", "contribution", "contribution_share")


def trace(records: Records, text: str, area: str = TOP_AREA) -> Trace:
    """Everything behind one figure of a quarter; what it is asked for by may be written in any case of letters.

    UsageError for a figure or an area the quarter does not have, listing those it has; GiaobanError where the
    warehouse knows nothing of the quarter.
    """
    if not records.areas:
        raise GiaobanError(
            f"Kho dữ liệu chưa có số liệu {records.quarter.title}. "
            "Đề nghị đưa báo cáo của quý vào thư mục nhận, chạy giaoban refresh rồi hỏi lại."
        )
    find_area(records, area)
    if match := BEYOND.fullmatch(text):
        return _beyond(records, text, match[1], int(match[2]), area)
    return _counted(records, text, area) or _figure(records, text, area)


def _beyond(records: Records, text: str, asked: str, named: int, area: str) -> Derived:
    found = trace(records, asked, area)
    if not isinstance(found, Derived):
        raise UsageError(f"'{asked}' không phải là số đếm các dòng, nên không có '{text}'.")
    return beyond(found, text, named, is_running=asked.partition(".")[0].casefold() not in DOUBTS)


def _counted(records: Records, text: str, area: str) -> Derived | None:
    """A count of rows that is no figure of an indicator."""
    name, _, parameter = text.partition(".")
    folded = name.casefold()
    if find_subject(records, name, area) is not None:
        return None
    if folded in _OF_AREAS and not parameter:
        return _OF_AREAS[folded][1](records, folded, area)
    if folded not in _COUNTS:
        return None
    if area != TOP_AREA:
        raise UsageError(f"'{text}' là số đếm chung của quý, không có số riêng của từng địa bàn; đề nghị bỏ --area.")
    return _COUNTS[folded][1](Asking(records, text, parameter, area))


def _figure(records: Records, text: str, area: str) -> Trace:
    """A sum, or what follows from one: the longest code that is known, then the derivation."""
    code, derivation = text, ""
    subject = find_subject(records, code, area)
    while subject is None and "." in code:
        code, _, last = code.rpartition(".")
        derivation = f"{last}.{derivation}".strip(".")
        subject = find_subject(records, code, area)
    if subject is None:
        _unknown(records, text)
    if not derivation:
        return summed(records, subject, area)
    derivation = derivation.casefold()
    changed = next((one for one in OPENINGS if one == code.casefold()), "")
    if changed and derivation == "contribution_share":
        contribution = find_subject(records, f"{changed}.contribution", area)
        if contribution is not None:
            return contribution_share(records, contribution, f"{changed}.{derivation}", area)
    known = _OF_ALL | (_OF_INDICATORS if subject.kind == "indicator" else {})
    if derivation not in known:
        listing = ", ".join(f"{name} ({title})" for name, (title, _) in known.items())
        more = f"; {', '.join(_CHANGES)}" if changed else ""
        raise UsageError(f"Không có '{derivation}' của {subject.code} ({subject.name}). Có: {listing}{more}.")
    title, build = known[derivation]
    return build(Asked(records, subject, area, derivation, title))


def _unknown(records: Records, text: str) -> NoReturn:
    derived = ", ".join({**_OF_INDICATORS, **_OF_ALL})
    raise UsageError(
        f"Không có chỉ tiêu hay số liệu '{text}' trong {records.quarter.title}. "
        f"Mã chỉ tiêu: {', '.join(records.indicators)}. Ngoài ra: {', '.join(rates(records))}, mã số liệu trong "
        "measures.csv và mã biến động hộ nghèo, ví dụ poor_returned. "
        f"Số suy ra từ một chỉ tiêu, viết sau mã và dấu chấm (ví dụ {next(iter(records.indicators), '')}.same_period): "
        f"{derived}; của poor_households, near_poor_households: {', '.join(_CHANGES)}. "
        f"Số đếm: {', '.join([*_COUNTS, *_OF_AREAS])}."
    )
