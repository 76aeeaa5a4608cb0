"""For which period a title block is, and from whom: read from its words, never guessed; and the names of areas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from pipeline.programme import TOP_AREA, Area, Programme
from pipeline.programme.tables import KIND_NOUNS
from pipeline.quarters import ROMAN, Quarter
from pipeline.vietnamese import fold, normalise, strip_diacritics

# on text without diacritics; where no group names the quarter, the number beside the pattern does
_PERIODS = (
    (re.compile(r"\bqui (?P<quarter>iv|i{1,3}|[1-4]) (?:nam )?(?P<year>\d{4})\b"), None),
    (re.compile(r"\bq(?P<quarter>[1-4]) (?:nam )?(?P<year>\d{4})\b"), None),
    (re.compile(r"\b(?:3|ba) thang dau nam (?P<year>\d{4})\b"), 1),
    (re.compile(r"\b(?:6|sau) thang dau nam (?P<year>\d{4})\b"), 2),
    (re.compile(r"\b(?:9|chin) thang (?:dau )?nam (?P<year>\d{4})\b"), 3),
    (re.compile(r"\b(?:12 thang|ca|bao cao|so lieu) nam (?P<year>\d{4})\b"), 4),
)
_COMPARED = re.compile(r"(?:so voi|cung ki|ke hoach|kem theo)\b[^,;]*$")
_OFFICE_WORDS = re.compile(
    r"^(?:đơn vị báo cáo|đơn vị gửi|cơ quan báo cáo|đơn vị) |^(?:ubnd|ủi ban nhân dân|uỷ ban nhân dân|ub nd) "
)
_OFFICE_OF = re.compile(r"^(?:phòng|ban|văn phòng|trung tâm|bcđ|tổ|chi cục|hội) ")
_KIND_WORD = re.compile(r"\b(?:quận|huyện|thị xã|thành phố|tp|tx|q|h)\b")
_PART = re.compile(r"\s+[-–—|]\s+|[;\n]")
_KIND_SHORT = {"quan": ("q",), "huyen": ("h",), "thi_xa": ("tx", "t x"), "thanh_pho": ("tp", "t p"),
               "phuong": ("p",), "xa": ("x",), "thi_tran": ("tt",)}  # fmt: skip


class NameIndex:
    """Spellings of some names to their codes: exact after folding, without accents as a last resort."""

    def __init__(self, names: Iterable[tuple[str, Iterable[str]]], shown: Mapping[str, str] | None = None) -> None:
        self._folded: dict[str, set[str]] = {}
        self._bare: dict[str, set[str]] = {}
        self._shown = dict(shown or {})
        for code, spellings in names:
            for spelling in spellings:
                self._shown.setdefault(code, spelling)
                self._folded.setdefault(fold(spelling), set()).add(code)
                self._bare.setdefault(strip_diacritics(spelling), set()).add(code)

    def codes(self, text: str) -> set[str]:
        """The codes that go by this name: none, one, or several when it is ambiguous."""
        folded = fold(text)
        if folded in self._folded:
            return self._folded[folded]
        return self._bare.get(folded, set()) if folded.isascii() else set()

    def suggestions(self, text: str, likeness: float = 0.6) -> list[str]:
        """Up to three names that look like the text, for a person to choose from; never used to match."""
        close = get_close_matches(fold(text), list(self._folded), 8, likeness)
        if not close:
            bare = get_close_matches(strip_diacritics(text), list(self._bare), 8, likeness)
            close = [self._bare_spelling(one) for one in bare]
        codes = [code for spelling in close for code in sorted(self._folded.get(spelling, ()))]
        return [self._shown[code] for code in dict.fromkeys(codes)][:3]

    def _bare_spelling(self, bare: str) -> str:
        return next(spelling for spelling in self._folded if strip_diacritics(spelling) == bare)

    @property
    def spellings(self) -> list[str]:
        return sorted(self._folded)


def area_names(areas: Iterable[Area]) -> NameIndex:
    """Names, aliases, and the name behind its kind spelt out or shortened (`P.`, `TT.`, `Huyện`)."""
    listed = list(areas)
    return NameIndex(((area.code, _spellings(area)) for area in listed), {area.code: area.full_name for area in listed})


def _spellings(area: Area) -> list[str]:
    names = [area.name]
    if area.name.isdigit():
        names = [area.name.lstrip("0"), area.name.zfill(2)]  # Phường 1, Phường 01
    kinds = [KIND_NOUNS[area.kind], *_KIND_SHORT.get(area.kind, ())]
    joined = [f"{kind}{name}" for kind in kinds[1:] for name in names if area.name.isdigit()]
    behind_kind = [f"{kind} {name}" for kind in kinds for name in names]
    office = [f"UBND {KIND_NOUNS[area.kind]} {name}" for name in names]
    return [area.name, *names, *area.aliases, *behind_kind, *joined, *office]


@dataclass
class Names:
    """The names of a programme in one quarter, prepared once for many files."""

    programme: Programme
    quarter: Quarter
    _communes: dict[str, NameIndex] = field(default_factory=dict)

    @cached_property
    def districts(self) -> NameIndex:
        return area_names(self.programme.districts(self.quarter))

    @cached_property
    def reporters(self) -> NameIndex:
        names = [(code, [spelling]) for spelling in self.districts.spellings for code in self.districts.codes(spelling)]
        owners = [
            (owner.code, [owner.name, owner.short_name, *owner.aliases])
            for owner in self.programme.owners_in_office(self.quarter)
        ]
        return NameIndex([*names, *owners])

    def communes(self, district: str) -> NameIndex:
        if district not in self._communes:
            self._communes[district] = area_names(self.programme.communes(district, self.quarter))
        return self._communes[district]

    @cached_property
    def places(self) -> frozenset[str]:
        """Every name of an area, folded: many communes are named after persons."""
        return frozenset(fold(name) for area in self.programme.areas for name in (area.name, *area.aliases))


def stated_quarter(lines: Iterable[str]) -> Quarter | None:
    """The period a title block names; None where it names none. A period compared with is not the report's."""
    bare_lines = [strip_diacritics(line) for line in lines]
    for pattern, number in _PERIODS:
        for bare in bare_lines:
            for match in pattern.finditer(bare):
                if _COMPARED.search(bare[: match.start()]):
                    continue
                year = int(match["year"])
                if number:
                    return Quarter(year, number)
                text = match["quarter"].upper()
                return Quarter(year, ROMAN.index(text) + 1 if text in ROMAN else int(text))
    return None


def stated_reporters(lines: Iterable[str], names: Names) -> set[str]:
    """Codes of the reporters named in the title block; a line `Đơn vị báo cáo` outranks the rest."""
    explicit: set[str] = set()
    others: set[str] = set()
    for line in lines:
        is_explicit = fold(line).startswith(("đơn vị báo cáo", "cơ quan báo cáo", "đơn vị gửi"))
        for part in dict.fromkeys([normalise(line), *_PART.split(line)]):
            codes = names.reporters.codes(_shortened(part)) - {TOP_AREA}
            (explicit if is_explicit else others).update(codes)
    return explicit or others


def _shortened(line: str) -> str:
    """`Đơn vị báo cáo: UBND quận X`, `Phòng Y quận X` -> `quận X`."""
    short = fold(line)
    while (stripped := _OFFICE_WORDS.sub("", short)) != short:
        short = stripped
    if _OFFICE_OF.match(short) and (kind := _KIND_WORD.search(short)):
        return short[kind.start() :]
    return short
