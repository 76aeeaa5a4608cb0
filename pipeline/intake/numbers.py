"""One cell to one figure, by the declared kind of its measure; never inferred from its neighbours.

The readings are those of Vietnamese offices (dot for thousands, comma for decimals). What can be read in
two ways is a problem with both readings; `deciding` may settle it from the whole column, nothing else does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from pipeline.vietnamese import fold, normalise

State = Literal["value", "missing", "not_applicable"]
Style = Literal["vi", "en", "space"]
Raw = None | str | float | int | bool | date | datetime | time | timedelta

TOO_LARGE = Decimal(10) ** 14  # the warehouse keeps 14 digits before the point
RATE_DECIMALS = 6

_DASH = re.compile(r"[-–—−]+")
_NOTHING = {"không", "không có"}
_NOTHING_HAPPENED = {"không phát sinh"}
_MISSING = {
    "kcsl", "chưa có", "chưa có số liệu", "không có số liệu", "chưa báo cáo", "chưa tổng hợp", "đang tổng hợp",
    "chưa thống kê", "đang cập nhật", "n a", "na",
}  # fmt: skip
_YES = {"có", "đạt", "đã đạt", "x", "hoàn thành", "đã hoàn thành", "✓", "✔", "☑", "√"}
_NO = {"không", "không đạt", "chưa", "chưa đạt", "chưa hoàn thành", "không hoàn thành"}
_ERRORS = re.compile(r"#(REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
_QUALIFIERS = (
    (re.compile(r"^(?:~|≈|khoảng|gần|xấp xỉ)\s*", re.IGNORECASE), "khoảng"),
    (re.compile(r"^(?:ước đạt|ước tính|ước)\s*", re.IGNORECASE), "ước"),
    (re.compile(r"^(?:>=|>|≥|trên|hơn)\s*", re.IGNORECASE), ">"),
    (re.compile(r"^(?:<=|<|≤|dưới)\s*", re.IGNORECASE), "<"),
)
_NUMBER = r"[0-9][0-9.,]*"
_RANGE = re.compile(rf"(?:từ\s*)?{_NUMBER}\s*%?\s*(?:[-–—~÷]|đến|tới)\s*{_NUMBER}\s*%?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{1,4}/[0-9]{1,2}(?:/[0-9]{2,4})?")
_FOOTNOTE = re.compile(
    r"[^()\[\]*0-9]{0,12}[0-9][0-9.,\s]*%?\s*(?:\*+\)?|\(\s*[\w*]{1,3}\s*\)|\[\s*\w{1,3}\s*\]|[⁰¹²³⁴-⁹†‡]+)"
)
_LOOKS_LIKE_DIGITS = re.compile(r"^[\dOolI.,\s]*\d[\dOolI.,\s]*$")
_LONGEST = 60  # a text longer than this is prose, whatever digits are in it
_ODD_SPACES = re.compile("[\u00a0\u202f\u2007\u2008\u2009]")
_TWO_LINES = re.compile(r"[0-9][^\S ]+[0-9]|[0-9] {2,}[0-9]")


@dataclass(frozen=True)
class Problem:
    """Why a cell is no figure: the finding's rule, and what was expected there."""

    rule: str
    expected: str


@dataclass(frozen=True)
class Figure:
    """What a cell says. value is exact, in the unit of the form; None unless state is `value`.

    style is how a text shows its thousands or decimals; readings are what an ambiguous one may mean.
    """

    state: State
    value: Decimal | None = None
    qualifier: str = ""
    is_percent: bool = False
    problem: Problem | None = None
    style: Style | None = None
    readings: tuple[tuple[Style, Decimal], ...] = ()


def raw_text(raw: Raw) -> str:
    """The cell as a person sees it in a list: whole floats without `.0`, dates in ISO form."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    return str(raw)


def read_figure(raw: Raw, decimals: int, dash: Literal["zero", "missing"] = "zero") -> Figure:
    """Read one cell as a number with at most `decimals` decimals (0: a count, whole by nature).

    dash says what `-` and `Không` mean on this form. A percent sign sets is_percent; what it means for the
    value is the caller's to decide.
    """
    if raw is None or raw == "":
        return Figure("missing")
    if isinstance(raw, bool):
        return _unreadable("not-a-number", "một số")
    if isinstance(raw, (date, datetime, time, timedelta)):
        return _unreadable("date-in-number", "một số; ô đang có định dạng ngày tháng")
    if isinstance(raw, float):
        # 15 digits are what a spreadsheet shows; the rest is the noise of its arithmetic
        return _checked(Figure("value", Decimal(f"{raw:.15g}")), decimals)
    if isinstance(raw, int):
        return _checked(Figure("value", Decimal(raw)), decimals)
    return _read_text(raw, decimals, dash)


def read_yes_no(raw: Raw) -> Figure:
    """Read a cell of a yes/no measure as 1 or 0; a tick is a yes."""
    if isinstance(raw, bool):
        return Figure("value", Decimal(int(raw)))
    if isinstance(raw, str):
        word = fold(raw) or normalise(raw)
        if word in _YES or word in _NO:
            return Figure("value", Decimal(int(word in _YES)))
    figure = read_figure(raw, 0, "missing")
    if figure.problem or figure.is_percent or figure.state == "not_applicable" or figure.value not in (None, 0, 1):
        return _unreadable("not-yes-or-no", "'Có' hoặc 'Không' (1 hoặc 0)")
    return figure


def _read_text(raw: str, decimals: int, dash: str) -> Figure:
    # typographic spaces only ever group digits; an ordinary one may stand between two numbers
    grouped = _ODD_SPACES.sub("\x00", raw).strip().strip("\x00")
    text = normalise(grouped).lstrip("'").strip()
    if len(text) > _LONGEST:
        return _unreadable("not-a-number", "một số")
    if _TWO_LINES.search(grouped):
        return _unreadable("two-numbers", "một số; trong ô có hai số hoặc dấu cách thừa giữa các chữ số")
    if _ERRORS.search(text):
        return _unreadable("error-cell", "một số; công thức trong ô bị lỗi")
    if not text.strip("….·"):
        return Figure("missing")
    word = fold(text.replace("\x00", " "))
    if _DASH.fullmatch(text) or word in _NOTHING:
        return Figure("value", Decimal(0)) if dash == "zero" else Figure("missing")
    if word in _NOTHING_HAPPENED:
        return Figure("value", Decimal(0))
    if word == "x":
        return Figure("not_applicable")
    if word in _MISSING:
        return Figure("missing")
    if _RANGE.fullmatch(text):
        return _unreadable("range-in-cell", "một số, không phải một khoảng")
    if _DATE.fullmatch(text):
        return _unreadable("date-in-number", "một số, không phải ngày tháng hoặc phân số")
    if _FOOTNOTE.fullmatch(text):
        return _unreadable("footnote-in-number", "một số; ký hiệu chú thích ghi ở cột ghi chú")
    qualifier = ""
    for pattern, meaning in _QUALIFIERS:
        if pattern.match(text):
            text, qualifier = pattern.sub("", text).lstrip("\x00"), meaning
            break
    is_percent = text.endswith("%")
    digits = text.removesuffix("%").strip(" \x00").replace("−", "-")
    figure = _number(digits, max(decimals, RATE_DECIMALS) if is_percent else decimals)
    if _RANGE.fullmatch(text):
        return _unreadable("range-in-cell", "một số, không phải một khoảng")
    return Figure(figure.state, figure.value, qualifier, is_percent, figure.problem, figure.style, figure.readings)


def _number(text: str, decimals: int) -> Figure:
    """The digits themselves, by the group rule: digits, dot, exactly three digits means thousands."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").strip()

    def figure(plain: str, style: Style | None = None) -> Figure:
        return _checked(Figure("value", sign * Decimal(plain), style=style), decimals)

    def unsettled(rule: str, expected: str, *readings: tuple[Style, str]) -> Figure:
        both = tuple((style, sign * Decimal(plain)) for style, plain in readings)
        return Figure("missing", problem=Problem(rule, expected), readings=both)

    if re.fullmatch(r"0[0-9]{8,}", digits):
        return _unreadable("not-a-number", "một số, không phải mã số")
    if re.fullmatch(r"[0-9]+", digits):
        return figure(digits)
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:[ \x00][0-9]{3})+(?:,[0-9]+)?", digits):
        plain = re.sub(r"[ \x00]", "", digits).replace(",", ".")
        if re.fullmatch(r"[0-9]{3} [0-9]{3}", digits):
            return unsettled("two-numbers", "một số; '987 654' có thể là hai số, viết 987.654", ("space", plain))
        return figure(plain, "space")
    if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", digits):
        if not decimals:
            return figure(digits.replace(".", ""), "vi")
        return unsettled(
            "ambiguous-number", "viết số thập phân với dấu phẩy, ví dụ 1,234",
            ("vi", digits.replace(".", "")), ("en", digits),
        )  # fmt: skip
    if re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", digits):
        return unsettled(
            "ambiguous-number", "viết hàng nghìn với dấu chấm, ví dụ 1.234; không có dấu phẩy",
            ("vi", digits.replace(",", ".")), ("en", digits.replace(",", "")),
        )  # fmt: skip
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?", digits):
        return figure(digits.replace(".", "").replace(",", "."), "vi")
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", digits):
        return figure(digits.replace(",", ""), "en")
    if re.fullmatch(r"[0-9]+,[0-9]+", digits):
        return figure(digits.replace(",", "."), "vi")
    if re.fullmatch(r"[0-9]+\.[0-9]+", digits):
        return figure(digits, "en")
    foreign = any(not letter.isascii() and unicodedata.decimal(letter, None) is not None for letter in digits)
    if foreign or _LOOKS_LIKE_DIGITS.match(digits.replace("\x00", " ")):
        return _unreadable("mistyped-number", "một số chỉ gồm chữ số 0-9; ô có chữ giống chữ số hoặc dấu lạ")
    return _unreadable("not-a-number", "một số")


def _checked(figure: Figure, decimals: int) -> Figure:
    value = figure.value
    if value is None or not value.is_finite():
        return _unreadable("not-a-number", "một số")
    if abs(value) >= TOO_LARGE:
        return _unreadable("number-too-large", "một số dưới 100 nghìn tỷ")
    if decimals == 0 and value != value.to_integral_value():
        return Figure("missing", problem=Problem("not-whole", "một số nguyên"), style=figure.style)
    return figure


def _unreadable(rule: str, expected: str) -> Figure:
    return Figure("missing", problem=Problem(rule, expected))
