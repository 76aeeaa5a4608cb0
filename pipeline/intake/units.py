"""Units as offices write them: `nghìn người`, `ĐVT: triệu đồng`, and the exact factor between two of them.

A factor is only ever read from words, never guessed from the size of the figures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.vietnamese import fold, normalise

_PREFIXES = {"nghìn": 1_000, "ngàn": 1_000, "1 000": 1_000, "1000": 1_000, "vạn": 10_000, "triệu": 1_000_000,
             "tr": 1_000_000, "tỉ": 1_000_000_000}  # fmt: skip
_SPELLINGS = {"đ": "đồng", "vnđ": "đồng", "vnd": "đồng", "trđ": "triệu đồng", "phần trăm": "%"}
_STATED = re.compile(r"(?:^|[(\s])(đơn vị tính|đvt|đ\.v\.t|đơn vị)\s*:\s*([^()]*)", re.IGNORECASE)
_THOUSAND = re.compile(r"\b1[.,]000\b")
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+và\s+")
_BRACKETS = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*$", re.DOTALL)


@dataclass(frozen=True)
class Unit:
    """`nghìn người` is Unit(1000, 'người'); base is folded, empty for a bare `nghìn`."""

    factor: Decimal
    base: str

    @classmethod
    def parse(cls, text: str) -> Unit:
        words = fold(_THOUSAND.sub("1000", text))
        words = _SPELLINGS.get(words, words)
        factor = Decimal(1)
        while prefix := next((one for one in _PREFIXES if f"{words} ".startswith(f"{one} ")), None):
            factor *= _PREFIXES[prefix]
            words = words.removeprefix(prefix).strip()
        return cls(factor, _SPELLINGS.get(words, words))


class Units:
    """The units of one form: those of its measures, and which words mean the same there."""

    def __init__(self, of_measures: Iterable[str], same: Sequence[str] = ()) -> None:
        self._same = [{Unit.parse(word).base for word in group.split("|")} for group in same]
        self._known = {Unit.parse(unit).base for unit in of_measures} | {word for group in self._same for word in group}
        self._known |= {"đồng", "%"}

    def is_unit(self, text: str) -> bool:
        """Whether a text is nothing but a unit some figure of the form may be in."""
        unit = Unit.parse(text)
        return unit.base in self._known or (not unit.base and unit.factor != 1)

    def factor(self, stated: Unit, wanted: str) -> Decimal | None:
        """What a figure in `stated` is multiplied with to be in `wanted`; None where that has no meaning."""
        target = Unit.parse(wanted)
        is_same = any({stated.base, target.base} <= group for group in self._same)
        if stated.base not in ("", target.base) and not is_same:
            return None
        return stated.factor / target.factor

    def stated_in(self, texts: Iterable[str]) -> list[Unit]:
        """The units a title block names: `Đơn vị tính: hộ, khẩu`. A bare `Đơn vị:` must name known units."""
        for text in texts:
            for match in _STATED.finditer(normalise(text)):
                items = [item for item in _BETWEEN.split(_THOUSAND.sub("1000", match[2]).strip(" .")) if item]
                if items and (fold(match[1]) != "đơn vị" or all(self.is_unit(item) for item in items)):
                    return [Unit.parse(item) for item in items]
        return []

    def split_heading(self, heading: str) -> tuple[str, Unit | None]:
        """`Kinh phí (triệu đồng)` -> (`Kinh phí`, unit); brackets that hold no unit stay with the words."""
        match = _BRACKETS.match(normalise(heading))
        if match is None:
            return heading, None
        stated = re.sub(r"^(?:đơn vị tính|đvt|đơn vị)\s*:?\s*", "", match[2], flags=re.IGNORECASE)
        if stated == match[2] and not self.is_unit(stated) and Unit.parse(stated).factor == 1:
            return heading, None
        return match[1], Unit.parse(stated)

    def title_factor(self, stated: Collection[Unit], wanted: str) -> Decimal | None:
        """The factor a title block gives a measure; None where it cannot be told.

        A title that names other things than the measure counts leaves it alone as long as it scales nothing:
        `Đơn vị tính: hộ` stands over columns of persons every day.
        """
        target = Unit.parse(wanted)
        if not stated or target.base == "%":
            return Decimal(1)
        factors = {factor for unit in stated if (factor := self.factor(unit, wanted)) is not None}
        counts = {unit.factor for unit in stated if unit.base not in ("đồng", "%")}
        if factors and (len(counts) <= 1 or target.base == "đồng"):
            return factors.pop() if len(factors) == 1 else None
        if not factors and target.factor == 1 and target.base != "đồng" and all(unit.factor == 1 for unit in stated):
            return Decimal(1)
        return None
