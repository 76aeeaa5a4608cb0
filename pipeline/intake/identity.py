"""Which form a sheet is, for which period, from whom: read from the title block, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.intake.cells import Sheet
from pipeline.programme import TOP_AREA, Area, Programme
from pipeline.programme.layouts import Layout
from pipeline.programme.tables import KIND_NOUNS
from pipeline.quarters import ROMAN, Quarter
from pipeline.vietnamese import fold, strip_diacritics

TITLE_ROWS = 15
_PERIODS = (
    (re.compile(r"\bquí (i{1,3}|iv|[1-4]) (?:năm )?(\d{4})\b"), None),
    (re.compile(r"\b(?:6|sáu) tháng đầu năm (\d{4})\b"), 2),
    (re.compile(r"\b(?:9|chín) tháng (?:đầu )?năm (\d{4})\b"), 3),
)
_OFFICE_WORDS = re.compile(
    r"^(?:đơn vị báo cáo|đơn vị gửi|cơ quan báo cáo) |^(?:ubnd|ủi ban nhân dân|uỷ ban nhân dân) "
)
_KIND_SHORT = {"quan": ("q",), "huyen": ("h",), "thi_xa": ("tx", "t x"), "thanh_pho": ("tp", "t p"),
               "phuong": ("p",), "xa": ("x",), "thi_tran": ("tt",)}  # fmt: skip
_PERSONAL = (
    frozenset({"họ và tên", "họ tên", "họ và tên chủ hộ", "họ tên chủ hộ"}),
    frozenset({"cccd", "cmnd", "số cccd", "số cmnd", "cccd cmnd", "số định danh", "số định danh cá nhân",
               "ngày sinh", "ngày tháng năm sinh", "năm sinh", "số điện thoại", "cmnd cccd"}),
)  # fmt: skip


class NameIndex:
    """Spellings of some names to their codes: exact after folding, without accents as a last resort."""

    def __init__(self, names: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._folded: dict[str, set[str]] = {}
        self._bare: dict[str, set[str]] = {}
        for code, spellings in names:
            for spelling in spellings:
                self._folded.setdefault(fold(spelling), set()).add(code)
                self._bare.setdefault(strip_diacritics(spelling), set()).add(code)

    def codes(self, text: str) -> set[str]:
        """The codes that go by this name: none, one, or several when it is ambiguous."""
        folded = fold(text)
        if folded in self._folded:
            return self._folded[folded]
        bare = strip_diacritics(text)
        return self._bare.get(bare, set()) if bare == folded else set()

    @property
    def spellings(self) -> list[str]:
        return sorted(self._folded)


def area_names(areas: Iterable[Area]) -> NameIndex:
    """Names, aliases, and the name behind its kind spelt out or shortened (`P.`, `TT.`, `Huyện`)."""
    return NameIndex(
        (
            area.code,
            [
                area.name,
                *area.aliases,
                f"{KIND_NOUNS[area.kind]} {area.name}",
                *(f"{short} {area.name}" for short in _KIND_SHORT.get(area.kind, ())),
            ],
        )
        for area in areas
    )


@dataclass
class Names:
    """The names of a programme in one quarter, prepared once for many files."""

    programme: Programme
    quarter: Quarter
    _communes: dict[str, NameIndex] = field(default_factory=dict)

    @cached_property
    def reporters(self) -> NameIndex:
        districts = area_names(self.programme.districts(self.quarter))
        names = [(code, [spelling]) for spelling in districts.spellings for code in districts.codes(spelling)]
        owners = [(owner.code, [owner.name, owner.short_name, *owner.aliases]) for owner in self.programme.owners]
        return NameIndex([*names, *owners])

    def communes(self, district: str) -> NameIndex:
        if district not in self._communes:
            self._communes[district] = area_names(self.programme.communes(district, self.quarter))
        return self._communes[district]


def holds_personal_data(sheet: Sheet) -> bool:
    """A list of persons: a column of names beside one of birth dates, identity or telephone numbers."""
    for row in range(min(len(sheet.rows), 40)):
        texts = {fold(sheet.text(row, column)) for column in range(len(sheet.rows[row]))}
        if all(texts & wordings for wordings in _PERSONAL):
            return True
    return False


def recognise(sheet: Sheet, layouts: Sequence[Layout]) -> Layout | None:
    """The layout whose title stands in the sheet's first rows; the longest wording wins."""
    lines = _title_lines(sheet)
    found = [
        (len(fold(title)), layout)
        for layout in layouts
        for title in layout.titles
        if any(fold(title) in line for line in lines)
    ]
    return max(found, key=lambda match: match[0])[1] if found else None


def stated_quarter(sheet: Sheet) -> Quarter | None:
    """The period the title block names; None where it names none."""
    for line in _title_lines(sheet):
        for pattern, number in _PERIODS:
            if match := pattern.search(line):
                if number:
                    return Quarter(int(match[1]), number)
                text = match[1].upper()
                return Quarter(int(match[2]), ROMAN.index(text) + 1 if text in ROMAN else int(text))
    return None


def stated_reporters(sheet: Sheet, names: Names) -> set[str]:
    """Codes of the reporters named in the title block; a line `Đơn vị báo cáo` outranks the rest."""
    explicit: set[str] = set()
    others: set[str] = set()
    for line in _title_lines(sheet):
        short = line
        while (stripped := _OFFICE_WORDS.sub("", short)) != short:
            short = stripped
        codes = names.reporters.codes(short) - {TOP_AREA}
        (explicit if line.startswith(("đơn vị báo cáo", "cơ quan báo cáo")) else others).update(codes)
    return explicit or others


def _title_lines(sheet: Sheet) -> list[str]:
    return [
        fold(text)
        for row in range(min(len(sheet.rows), TITLE_ROWS))
        for column in range(len(sheet.rows[row]))
        if isinstance(text := sheet.value(row, column), str) and text.strip()
    ]
