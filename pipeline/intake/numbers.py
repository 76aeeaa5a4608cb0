"""One cell to one figure, by the declared kind of its measure; never inferred from its neighbours.

The readings are those of Vietnamese offices (dot for thousands, comma for decimals). What can be read in
two ways is a problem to report, not a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from pipeline.vietnamese import fold, normalise

State = Literal["value", "missing", "not_applicable"]
Raw = None | str | float | int | bool | date | datetime | time | timedelta

_NIL = re.compile(r"[-–—]+|không|không có", re.IGNORECASE)
_MISSING = {"kcsl", "chưa có", "chưa có số liệu", "không có số liệu", "chưa báo cáo", "n a", "na"}
_ERRORS = re.compile(r"#(REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
_QUALIFIERS = (
    (re.compile(r"^(?:~|≈|khoảng|gần)\s*", re.IGNORECASE), "khoảng"),
    (re.compile(r"^(?:ước đạt|ước)\s*", re.IGNORECASE), "ước"),
    (re.compile(r"^(?:>|≥|trên|hơn)\s*", re.IGNORECASE), ">"),
    (re.compile(r"^(?:<|≤|dưới)\s*", re.IGNORECASE), "<"),
)
_LOOKS_LIKE_DIGITS = re.compile(r"^[\dOolI.,\s]*\d[\dOolI.,\s]*$")


@dataclass(frozen=True)
class Problem:
    """Why a cell is no figure: the finding's rule, and what was expected there."""

    rule: str
    expected: str


@dataclass(frozen=True)
class Figure:
    """What a cell says. value is exact, in the unit of the form; None unless state is `value`."""

    state: State
    value: Decimal | None = None
    qualifier: str = ""
    is_percent: bool = False
    problem: Problem | None = None


def raw_text(raw: Raw) -> str:
    """The cell as a person sees it in a list: whole floats without `.0`, dates in ISO form."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    return str(raw)


def read_figure(raw: Raw, decimals: int) -> Figure:
    """Read one cell as a number with at most `decimals` decimals (0: a count, whole by nature).

    A percent sign sets is_percent; what it means for the value is the caller's to decide.
    """
    if raw is None or raw == "":
        return Figure("missing")
    if isinstance(raw, bool):
        return _unreadable("not-a-number", "một số")
    if isinstance(raw, (date, datetime, time, timedelta)):
        return _unreadable("date-in-number", "một số; ô đang có định dạng ngày tháng")
    if isinstance(raw, (int, float)):
        return _checked(Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw), decimals)
    return _read_text(raw, decimals)


def _read_text(raw: str, decimals: int) -> Figure:
    text = normalise(raw).lstrip("'").strip()
    if _ERRORS.search(text):
        return _unreadable("error-cell", "một số; công thức trong ô bị lỗi")
    if not text.strip("….·"):
        return Figure("missing")
    word = fold(text)
    if _NIL.fullmatch(text):
        return Figure("value", Decimal(0))
    if word == "x":
        return Figure("not_applicable")
    if word in _MISSING:
        return Figure("missing")
    qualifier = ""
    for pattern, meaning in _QUALIFIERS:
        if pattern.match(text):
            text, qualifier = pattern.sub("", text), meaning
            break
    is_percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    if re.fullmatch(r"[\d.,]+\s*[-–]\s*[\d.,]+", text):
        return _unreadable("range-in-cell", "một số, không phải một khoảng")
    value = _vietnamese_number(text, decimals)
    if isinstance(value, Problem):
        return Figure("missing", problem=value)
    figure = _checked(value, 4 if is_percent else decimals)
    return Figure(figure.state, figure.value, qualifier, is_percent, figure.problem)


def _vietnamese_number(text: str, decimals: int) -> Decimal | Problem:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").strip()
    if re.fullmatch(r"\d+", digits):
        return sign * Decimal(digits)
    if re.fullmatch(r"\d{1,3}([. ]\d{3})+(,\d+)?", digits):
        if "." in digits and decimals and digits.count(".") == 1 and "," not in digits:
            return Problem("ambiguous-number", "viết số thập phân với dấu phẩy, ví dụ 1,234")
        return sign * Decimal(digits.replace(".", "").replace(" ", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3},\d{3}", digits) and not decimals:
        return Problem("ambiguous-number", "viết hàng nghìn với dấu chấm, ví dụ 1.234")
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}", digits):
        return sign * Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d+,\d+", digits):
        return sign * Decimal(digits.replace(",", "."))
    if re.fullmatch(r"\d+\.\d+", digits):
        return sign * Decimal(digits)
    if _LOOKS_LIKE_DIGITS.match(digits):
        return Problem("mistyped-number", "một số chỉ gồm chữ số; ô có chữ giống chữ số hoặc dấu cách lạ")
    return Problem("not-a-number", "một số")


def _checked(value: Decimal, decimals: int) -> Figure:
    if not value.is_finite():
        return _unreadable("not-a-number", "một số")
    if decimals == 0 and value != value.to_integral_value():
        return Figure("missing", problem=Problem("not-whole", "một số nguyên"))
    return Figure("value", value)


def _unreadable(rule: str, expected: str) -> Figure:
    return Figure("missing", problem=Problem(rule, expected))
