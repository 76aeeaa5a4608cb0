"""Lists of persons: recognised by their headers or by what stands in them, so that nothing of them is kept.

A signature, a contact line or a commune named after somebody is no list. Nothing here hands a cell's text on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.intake.cells import Sheet
from pipeline.vietnamese import fold, normalise

_HEADER_DEPTH = 4  # a header of persons may be split over this many rows
_ROWS_OF_A_LIST = 3
_LONGEST_HEADER, _LONGEST_SPLIT = 80, 40

_NAME = re.compile(
    r"^(?:stt |tt |số tt )?(?:thông tin )?(?:họ(?: và| chữ đệm| đệm)*(?: và)? tên\b|full name$"
    r"|tên (?:chủ hộ|người|đối tượng|học sinh|sinh viên|trẻ|cháu|thành viên|bệnh nhân|công dân|lao động|cán bộ"
    r"|khách hàng|vợ|chồng|cha|mẹ)\b"
    r"|(?:chủ hộ|người đại diện|đại diện hộ|chủ hộ gia đình|người đứng tên|người hưởng|người nhận)$)"
)
_FIRST_NAME = re.compile(r"họ(?: và)?(?: chữ)?(?: đệm| lót)?")  # in a column beside `Tên`
_ORDINALS = frozenset({"stt", "tt", "số tt", "số thứ tự"})
_IDENTITY = re.compile(
    r"\b(?:cccd|cmnd|cmtnd|cmt|căn cước|chứng minh (?:nhân dân|thư)|định danh|hộ chiếu"
    r"|ngày sinh|năm sinh|(?:ngày )?tháng năm sinh|sinh ngày|sinh năm"
    r"|điện thoại|đt|sđt|sdt|đtdđ|di động|zalo|email"
    r"|(?:số|mã|mã số|số sổ|sổ|thẻ|số thẻ|mã thẻ) (?:bh(?:xh|yt)|bảo hiểm (?:xã hội|y tế))"
    r"|tài khoản|stk|số hộ khẩu|sổ hộ khẩu|mã hộ|địa chỉ|thường trú|tạm trú|nơi ở|chỗ ở|quê quán"
    r"|quan hệ với chủ hộ|giới tính|dân tộc)\b"
)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_CITIZEN = re.compile(r"0[0-9]{11}")
_IDENTITY_CARD = re.compile(r"[0-9]{9}|[0-9]{12}")
_PHONE = re.compile(r"(?:\+?84|0)[35789][0-9]{8}|0[35789][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}")
_LONG_DIGITS = re.compile(r"[0-9][0-9 .-]{7,}[0-9]")
_FIGURE = re.compile(r"[0-9][0-9.,]*%?")
_SURNAME = re.compile(
    r"(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lí|đinh|đào|đoàn|trương|lâm|mai|trịnh|cao"
    r"|hà|phùng|tô|tạ|chu|quách|lưu|vương|thái|tăng|kiều|nghiêm|tống|triệu|lương|la|thân|bạch|quàng|lò|cà|giàng|vàng)\b"
)


def holds_personal_data(sheet: Sheet, places: Collection[str] = ()) -> bool:
    """Whether a sheet is, or has on it, a list of persons. places: folded names that belong to areas."""
    return _has_header_of_persons(sheet) or _has_column_of_persons(sheet, places)


def without_personal_data(text: str) -> str:
    """A text fit to be told again: long runs of digits, as in identity and telephone numbers, left out."""

    def hidden(match: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9]", "", match[0])
        is_grouped = bool(re.fullmatch(r"[0-9]{1,3}([. ][0-9]{3})+", match[0]))
        return match[0] if is_grouped or len(digits) < 9 else "…"

    return _LONG_DIGITS.sub(hidden, text)


@dataclass(frozen=True)
class _HeaderRow:
    """One row of words: which columns may head names, which identities."""

    texts: dict[int, str]
    names: frozenset[int]
    identities: frozenset[int]
    is_numbered: bool

    @classmethod
    def of(cls, texts: dict[int, str]) -> _HeaderRow:
        names = {column for column, text in texts.items() if _NAME.search(text)}
        if any(_FIRST_NAME.fullmatch(text) for text in texts.values()):
            names |= {column for column, text in texts.items() if text == "tên"}
        return cls(
            texts,
            frozenset(names),
            frozenset(column for column, text in texts.items() if _IDENTITY.search(text)),
            any(text in _ORDINALS for text in texts.values()),
        )


def _has_header_of_persons(sheet: Sheet) -> bool:
    """A header of names with one of identities beside it, over a list: numbered, or with rows below."""
    window: list[_HeaderRow] = []
    for row, cells in enumerate(sheet.rows):
        if any(_is_figure(value) for value in cells):
            window = []  # a row of figures: what stands below it heads no column of what is above
            continue
        window = [*window[1 - _HEADER_DEPTH :], _HeaderRow.of(dict(_headers(cells)))]
        heads = [*window, _HeaderRow.of(_joined(window))]
        names = frozenset().union(*(head.names for head in heads))
        identities = frozenset().union(*(head.identities for head in heads))
        if not names or not identities:
            continue
        both = frozenset().union(*(head.names & head.identities for head in heads))
        # in one column below each other they are the lines of an address, not the heads of a list
        beside = {name for name in names if name in both or identities - {name}}
        if beside and (any(head.is_numbered for head in window) or _has_rows_below(sheet, row, beside)):
            return True
    return False


def _is_figure(value: object) -> bool:
    return bool(_FIGURE.fullmatch(value.strip())) if isinstance(value, str) else isinstance(value, (int, float))


def _headers(cells: Sequence[object]) -> Iterator[tuple[int, str]]:
    """Short texts of a row; one with a colon is a line with its answer, not the head of a column."""
    for column, value in enumerate(cells):
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_HEADER:
            words = _BRACKETS.sub(" ", value) if "(" in value or "[" in value else value
            if ":" not in words and (text := fold(words)):
                yield column, text


def _joined(window: Sequence[_HeaderRow]) -> dict[int, str]:
    """`Họ và` above `tên`: what short texts below each other in one column say together."""
    found: dict[int, str] = {}
    for column, words in window[-1].texts.items():
        for head in reversed(window[:-1]):
            above = head.texts.get(column, "")
            if not above or len(above) + len(words) > _LONGEST_SPLIT:
                break
            words = found[column] = f"{above} {words}"
    return found


def _has_rows_below(sheet: Sheet, row: int, columns: Collection[int]) -> bool:
    below = range(row + 1, min(row + 2 + _HEADER_DEPTH, len(sheet.rows)))
    return any(sum(bool(sheet.text(at, column)) for at in below) >= 2 for column in columns)


def _has_column_of_persons(sheet: Sheet, places: Collection[str]) -> bool:
    """Without a header: a column of citizen numbers, or of other numbers of persons beside names."""
    citizens: dict[int, set[str]] = {}
    numbers: dict[int, set[str]] = {}
    for row in range(len(sheet.rows)):
        found: dict[int, str] = {}
        is_certain = False
        for column, value in enumerate(sheet.rows[row]):
            digits = value.strip().lstrip("'") if isinstance(value, str) else ""
            if _CITIZEN.fullmatch(digits):
                citizens.setdefault(column, set()).add(digits)
            is_phone = bool(_PHONE.fullmatch(digits))
            is_certain = is_certain or is_phone
            if is_phone or _IDENTITY_CARD.fullmatch(digits) or _is_lost_zero(value):
                found[column] = digits or str(value)
        # a sum of money has nine digits too: beside it only a full name tells of a person
        words = 2 if is_certain else 3
        if found and any(isinstance(value, str) and _is_person(value, words, places) for value in sheet.rows[row]):
            for column, digits in found.items():
                numbers.setdefault(column, set()).add(digits)
    return any(len(found) >= _ROWS_OF_A_LIST for found in (*citizens.values(), *numbers.values()))


def _is_lost_zero(value: object) -> bool:
    """A citizen number typed as a number, its leading zeros gone: province, sex and century, year of birth, number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 10**9 <= value < 97 * 10**9:
        return False
    return value == int(value) and f"{int(value):012}"[3] in "0123"


def _is_person(value: str, least_words: int, places: Collection[str]) -> bool:
    words = normalise(value).split()
    if not least_words <= len(words) <= 5 or any(not word.isalpha() or not word[0].isupper() for word in words):
        return False
    folded = fold(value)
    return bool(_SURNAME.match(folded)) and folded not in places
