"""A printed figure: what is said on paper, beside the exact parts it was divided and rounded from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pipeline.programme import TOP_AREA
from pipeline.vietnamese import exact_ratio, number, ratio_text, rounded, unit_text

MISSING, NIL, NOT_APPLICABLE = "…", "-", "x"
POINTS = "điểm phần trăm"
_QUALIFIERS = {">": "trên", "<": "dưới", "≥": "từ", "≤": "không quá", "~": "khoảng"}
_ANSWERS = ("đạt", "chưa đạt")
ANSWER_UNIT = "định tính"  # where a page names the unit
_DECIMALS = re.compile(r",(\d+)")  # of a printed number
_BASES = ("published", "reported", "illustrative")  # from best to worst


class Said(str):
    """Words that know which figures they say; like any text everywhere else.

    figures has the words of each by the key of its fact; key is that of the one figure which the words are, empty
    where they say more than that (`worded`). A page notes by it which facts it shows.
    """

    key: str
    figures: Mapping[str, str]

    def __new__(cls, text: str, key: str = "", figures: Mapping[str, str] | None = None) -> Said:
        made = super().__new__(cls, text)
        made.key = key
        made.figures = figures or ({key: text} if key else {})
        return made

    def reworded(self, text: str) -> Said:
        """Other words for the same: a capital at the start, a part left out; figures no longer in them are gone."""
        if self.key:
            return Said(text, self.key)
        return Said(text, figures={key: words for key, words in self.figures.items() if words in text})


def worded(pattern: str, *parts: Fact | str) -> Said:
    """`pattern.format(*parts)` that still knows the figures among the parts."""
    figures: dict[str, str] = {}
    for part in parts:
        words = part.printed if isinstance(part, Fact) else part
        if isinstance(words, Said):
            figures |= words.figures
    return Said(pattern.format(*parts), figures=figures)


def listed(parts: Iterable[Fact | str], between: str = "; ") -> Said:
    """The parts one after the other, as `between.join` gives them."""
    held = list(parts)
    return worded(between.join(["{}"] * len(held)), *held)


@dataclass(frozen=True)
class Trace:
    """What to ask `giaoban trace` for this figure: an indicator, a measure, a rate, what follows from one, a count."""

    quarter: str
    subject: str
    area: str

    def as_json(self, programme: str) -> dict[str, str]:
        return {"area": self.area, "indicator": self.subject, "programme": programme, "quarter": self.quarter}


@dataclass(frozen=True)
class Fact:
    """One figure of the briefing; `str()` is what running text prints, `cell` what a table prints.

    printed carries the unit ('0,03%', '690 hộ'), number does not ('0,03'); state is value, missing or
    not_applicable. numerator and denominator are None where an indicator's counts may not be shown, as
    counts_shown says of each figure of that indicator, trace where nothing is known of the figure.
    """

    key: str
    printed: str
    number: str
    unit: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    basis: str = ""
    coverage: str = ""
    indicator: str | None = None
    area: str | None = None
    quarter: str = ""
    state: str = "value"
    trace: Trace | None = None
    counts_shown: bool = True

    def __str__(self) -> str:
        return self.printed

    @property
    def told(self) -> Decimal | None:
        """The value for others: as printed where counts may not be shown, for every digit more would tell them."""
        if self.counts_shown or self.value is None:
            return self.value
        return rounded(self.value, max(map(len, _DECIMALS.findall(self.number)), default=0))

    @property
    def in_words(self) -> Fact:
        """What is printed of it and where to ask for it, without the exact parts."""
        return replace(self, value=None, numerator=None, denominator=None)

    @property
    def is_known(self) -> bool:
        return self.state == "value"

    @property
    def is_zero(self) -> bool:
        return self.is_known and not self.value

    @property
    def is_answer(self) -> bool:
        """Whether it says yes or no instead of a number."""
        return self.printed in _ANSWERS

    def reached(self, verb: str) -> tuple[str, str]:
        """The verb and the figure of a sentence: an estimate goes before the verb, 'ước đạt' and '93%'."""
        estimate, _, amount = self.printed.partition(" ")
        return (f"{estimate} {verb}", Said(amount, self.key)) if estimate == "ước" else (verb, self.printed)

    @property
    def cell(self) -> str:
        """Missing '…', not applicable 'x', nil '-', else the number without its unit."""
        if not self.is_known:
            return self.number
        return Said(NIL, self.key) if self.number == "0" else self.number

    def as_json(self, programme: str) -> dict[str, Any]:
        return {
            "area": self.area,
            "basis": self.basis,
            "coverage": self.coverage,
            "denominator": plain(self.denominator) if self.counts_shown else None,
            "indicator": self.indicator,
            "key": self.key,
            "numerator": plain(self.numerator) if self.counts_shown else None,
            "printed": self.printed,
            "quarter": self.quarter,
            "trace": self.trace.as_json(programme) if self.trace else None,
            "unit": self.unit,
            "value": plain(self.told),
        }


def facts_json(facts: Iterable[Fact], programme: str) -> bytes:
    """facts.json: stable text, one object per figure, ordered by key."""
    ordered = [fact.as_json(programme) for fact in sorted(facts, key=lambda fact: fact.key)]
    return (json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def plain(value: Decimal | None) -> int | float | None:
    """A JSON number: whole numbers as integers, others to ten places."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 10))


def exact(value: Any) -> Decimal | None:
    """A database number as a decimal; None stays None."""
    return None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))


def worst_basis(bases: Iterable[str | None]) -> str:
    """The worst of several bases; empty where there is none."""
    ranks = [_BASES.index(basis) for basis in bases if basis in _BASES]
    return _BASES[max(ranks)] if ranks else ""


@dataclass(frozen=True)
class Form:
    """How a figure is printed: its unit, the scale of a ratio (100 for %), and where it is rounded."""

    unit: str
    scale: int = 1
    decimals: int = 0
    min_significant: int | None = None

    def changes_in_percent(self, before: Decimal | None) -> bool:
        """Whether a change is printed as growth: a rate changes in points, and from 0 nothing grows."""
        return not self.unit.startswith("%") and self.unit != POINTS and self.decimals == 0 and bool(before)


@dataclass(frozen=True)
class Origin:
    """What a figure is of, and what it rests on; coverage is 'k/n' of the areas.

    subject is what a trace is asked for where that is not the indicator itself, quarter when it is of where that
    is not the briefing's.
    """

    indicator: str | None = None
    area: str | None = None
    basis: str = ""
    coverage: str = ""
    subject: str | None = None
    quarter: str = ""

    def of(self, derivation: str) -> Origin:
        """That of a figure which follows from the indicator's: same_period, year_completion."""
        return replace(self, subject=f"{self.indicator}.{derivation}")


def counted_as(subject: str, area: str = TOP_AREA) -> Origin:
    """That of a count of rows, which `giaoban trace` lists."""
    return Origin(area=area, subject=subject)


PERCENT = Form("%", scale=100)
NOWHERE = Origin()


class FactBook:
    """Every figure a briefing may print, by key; a key is written once."""

    def __init__(self, quarter: str, programme: str) -> None:
        self.quarter = quarter
        self.programme = programme
        self.facts: dict[str, Fact] = {}
        self._unshown: set[str] = set()  # indicators whose counts may not be shown, by their first figure

    def ratio(
        self,
        key: str,
        numerator: Any,
        denominator: Any,
        form: Form,
        origin: Origin = NOWHERE,
        *,
        qualifier: str = "",
        counts_shown: bool = True,
        state: str = "value",
    ) -> Fact:
        """numerator * scale / denominator, rounded once; missing where a part is missing or divides by 0.

        A denominator of None means the numerator itself.
        """
        top, bottom = exact(numerator), exact(denominator)
        if not counts_shown and origin.indicator:
            self._unshown.add(origin.indicator)
        if state == "value" and (top is None or bottom == 0):
            state = "missing"
        if state != "value" or top is None:
            said, mark = (
                ("không áp dụng", NOT_APPLICABLE) if state == "not_applicable" else ("chưa có số liệu", MISSING)
            )
            return self._keep(Fact(key, said, mark, form.unit, state=state), origin)
        text = ratio_text(top, bottom, form.scale, form.decimals, form.min_significant)
        text = f"{_QUALIFIERS.get(qualifier, qualifier)} {text}".strip()
        shown = (top, bottom) if counts_shown else (None, None)
        value = exact_ratio(top, bottom, form.scale)
        fact = Fact(key, unit_text(text, form.unit), text, form.unit, value, *shown)
        return self._keep(replace(fact, counts_shown=counts_shown), origin)

    def count(self, key: str, count: Any, unit: str, origin: Origin = NOWHERE) -> Fact:
        return self.ratio(key, count, None, Form(unit), origin)

    def few(self, key: str, count: int, unit: str, origin: Origin = NOWHERE) -> Fact:
        """A count in running text, below ten with a leading zero: '02 tệp'."""
        return self.words(key, f"{count:02} {unit}", f"{count:02}", unit, Decimal(count), origin)

    def answer(self, key: str, value: Any, unit: str, origin: Origin = NOWHERE) -> Fact:
        """A yes-or-no figure: 'đạt' or 'chưa đạt'; None is missing."""
        found = exact(value)
        if found is None:
            return self.ratio(key, None, None, Form(unit), origin)
        said = _ANSWERS[0] if found else _ANSWERS[1]
        return self.words(key, said, said, unit, found, origin)

    def part(self, key: str, part: int, whole: int, unit: str = "", origin: Origin = NOWHERE) -> Fact:
        """'18/30': a part of a whole, never turned into a percentage."""
        text = f"{number(part)}/{number(whole)}"
        value, of = Decimal(part), Decimal(whole)
        return self._keep(Fact(key, f"{text} {unit}".strip(), text, unit, value, value, of), origin)

    def words(
        self, key: str, printed: str, bare: str, unit: str, value: Decimal | None, origin: Origin = NOWHERE
    ) -> Fact:
        """A figure with its own wording, such as a plan ('trên 94%')."""
        return self._keep(Fact(key, printed, bare, unit, value), origin)

    def change(
        self, key: str, now: tuple[Any, Any], before: tuple[Any, Any], form: Form, origin: Origin = NOWHERE
    ) -> Fact | None:
        """'giảm 0,065 điểm phần trăm', 'tăng 5,5%', 'không đổi': from (numerator, denominator) pairs.

        A rate changes in points, a count in percent (in its unit from a base of 0), any other value in
        its unit. None where either side is unknown.
        """
        (top, bottom), (old_top, old_bottom) = ((exact(one), exact(two)) for one, two in (now, before))
        if top is None or old_top is None or 0 in (bottom, old_bottom):
            return None
        under, old_under = bottom or Decimal(1), old_bottom or Decimal(1)
        rise, base = (top * old_under - old_top * under) * form.scale, under * old_under
        unit, places, finest = form.unit, form.decimals, form.min_significant
        if unit.startswith("%") or unit == POINTS:
            unit = POINTS
        elif form.changes_in_percent(old_top):
            unit, places, finest = "%", 1, None
            rise, base = rise * 100, old_top * under * form.scale
        value = exact_ratio(rise, base)
        size = ratio_text(abs(rise), abs(base), 1, places, finest)
        if size == "0":
            text, bare = "không đổi", "0"
        else:
            text = f"{'tăng' if value > 0 else 'giảm'} {unit_text(size, unit)}"
            bare = ("+" if value > 0 else "-") + (f"{size}%" if unit == "%" else size)
        return self._keep(Fact(key, text, bare, unit, value), origin)

    def _keep(self, fact: Fact, origin: Origin) -> Fact:
        if fact.key in self.facts:
            raise ValueError(f"figure written twice: {fact.key}")
        subject, quarter = origin.subject or origin.indicator, origin.quarter or self.quarter
        found = replace(
            fact, printed=Said(fact.printed, fact.key), number=Said(fact.number, fact.key),
            quarter=quarter, indicator=origin.indicator, area=origin.area, basis=origin.basis,
            coverage=origin.coverage, counts_shown=fact.counts_shown and origin.indicator not in self._unshown,
            trace=Trace(quarter, subject, origin.area) if subject and origin.area else None,
        )  # fmt: skip
        self.facts[fact.key] = found
        return found
