"""One figure with all that stands behind it, and the same figure made again from that alone.

A figure is summed from cells (`Summed`), or follows from other figures and from what documents say (`Derived`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from pipeline.quarters import Quarter
from pipeline.trace.cells import Cell, LeftOut, Role, Superseded
from pipeline.trace.places import Place
from pipeline.trace.records import Row
from pipeline.trace.subjects import Subject
from pipeline.vietnamese import exact_ratio, number, ratio_text, short_date, unit_text

_BASES = {1: "published", 2: "reported", 3: "illustrative"}
_QUALIFIERS = {2: "khoảng ", 1: "ước "}
_STATES = {"missing": "chưa có số liệu", "not_applicable": "không áp dụng"}
_ANSWERS = ("chưa đạt", "đạt")
MISSING = _STATES["missing"]


@dataclass(frozen=True)
class Goal:
    """A year plan or a target of the term, and what was completed of it.

    `measure` names another measure the goal is judged on; the completion is numerator * 100 / denominator.
    """

    year: int
    op: str
    value: Decimal | None
    high: Decimal | None
    unit: str
    measure: str | None
    measure_name: str | None
    document: str
    judged: Decimal | None
    completion_numerator: Decimal | None
    completion_denominator: Decimal | None
    completion_decimals: int

    @property
    def completion(self) -> str | None:
        """'133,9%'; None where a completion has no meaning."""
        if self.completion_numerator is None or not self.completion_denominator:
            return None
        text = ratio_text(self.completion_numerator, self.completion_denominator, 100, self.completion_decimals)
        return unit_text(text, "%")


@dataclass(frozen=True)
class Assessment:
    """The computed status and the recorded one, in print; `document` is the record's."""

    status: str
    computed: str
    recorded: str | None
    document: str | None
    recorded_on: date | None
    reason: str | None


@dataclass(frozen=True)
class Given:
    """What a figure rests on that no submission says: a plan, an issued figure, a day, a number of quarters.

    file is relative to the programme's folder, empty where the calendar or the rules of the models give the number.
    """

    name: str
    value: Decimal | date
    printed: str
    document: str = ""
    file: str = ""
    line: int | None = None

    @property
    def exact(self) -> Fraction:
        """A day as its number, so that days subtract."""
        return Fraction(self.value.toordinal() if isinstance(self.value, date) else self.value)


@dataclass(frozen=True)
class Item:
    """One row of a count, counted or passed over, and where it stands: a file and a place in it, or another figure."""

    name: str
    said: str
    is_counted: bool = True
    file: str = ""
    place: str = ""
    subject: str = ""
    area: str = ""
    group: str = ""


@dataclass(frozen=True)
class Formula:
    """How a figure follows from its parts: in words, with places {0}, {1} for its terms and givens, and computed.

    compute takes the exact parts in that order; None counts the rows instead.
    """

    words: str
    pattern: str = ""
    compute: Callable[..., Fraction] | None = None


@dataclass(frozen=True)
class Summed:
    """A figure of a mart that is a sum over cells, or a quotient of two: numerator, denominator, state are the mart's.

    coverage is 'k/n' of the areas, units_used those whose figures are paired. series last_year is the forms' own
    column.
    """

    subject: Subject
    place: Place
    quarter: Quarter
    series: str
    state: str
    numerator: Decimal | None
    denominator: Decimal | None
    coverage: str
    measures: dict[str, Row]  # raw.measures by code
    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]
    units_used: tuple[Row, ...]
    superseded: tuple[Superseded, ...]
    models: tuple[str, ...]  # sql files, in the order in which they are built
    assessment: Assessment | None = None
    plan: Goal | None = None
    target: Goal | None = None
    terms: tuple[Trace, ...] = ()
    givens: tuple[Given, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def area(self) -> str:
        return self.place.code

    @property
    def area_name(self) -> str:
        return self.place.name

    @property
    def unit(self) -> str:
        return self.subject.unit

    @property
    def value(self) -> Decimal | None:
        """In the subject's unit, to 50 digits; a count of areas is the count itself."""
        if self.state != "value" or self.numerator is None or self.denominator == 0:
            return None
        if self.subject.kind == "zeros":
            return self.numerator
        return exact_ratio(self.numerator, self.denominator, self.subject.scale)

    @property
    def printed(self) -> str:
        """As the briefing prints it: '0,03%', 'khoảng 85%', '18/30', 'đạt', 'chưa có số liệu'."""
        if self.value is None or self.numerator is None:
            return _STATES["not_applicable" if self.state == "not_applicable" else "missing"]
        subject = self.subject
        if subject.shown:
            return unit_text(number(self.value), subject.unit).strip()
        if subject.kind == "zeros":
            # a zone of districts is named by their kinds: 'Các quận'
            kinds = self.place.name.removeprefix("Các ") if self.place.level == "zone" else ""
            return f"{self.numerator:f}/{self.denominator:f} {kinds}".strip()
        if subject.is_answer:
            return _ANSWERS[self.value != 0]
        if subject.kind in ("opening_change", "contribution"):
            return change_text(self.value, subject.unit, 0)
        text = ratio_text(self.numerator, self.denominator, subject.scale, subject.decimals, subject.min_significant)
        qualifier = _QUALIFIERS.get(max((cell.estimate_rank for cell in self.cells), default=0), "")
        return unit_text(qualifier + text, subject.unit)

    @property
    def basis(self) -> str | None:
        return worst_basis(self.cells)


@dataclass(frozen=True)
class Derived:
    """A figure that follows by a formula from other figures, from documents and from rows that are counted."""

    code: str  # what is asked for
    name: str
    quarter: Quarter
    area: str
    area_name: str
    value: Decimal | None  # the mart's
    printed: str
    unit: str
    formula: Formula
    terms: tuple[Trace, ...] = ()
    givens: tuple[Given, ...] = ()
    items: tuple[Item, ...] = ()
    models: tuple[str, ...] = ()
    groups: tuple[Row, ...] = ()  # rows of marts.status_summary, where the rows are counted by status

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Those of all terms, each once."""
        return tuple(dict.fromkeys(cell for term in self.terms for cell in term.cells))

    @property
    def coverage(self) -> str:
        return self.terms[0].coverage if self.terms else ""

    @property
    def basis(self) -> str | None:
        return worst_basis(self.cells)


Trace: TypeAlias = Summed | Derived


def worst_basis(cells: Sequence[Cell]) -> str | None:
    """The worst basis of the cells; None without any."""
    return _BASES.get(max((cell.basis_rank for cell in cells), default=0))


def parts(found: Summed) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator from the listed cells alone; None without cells."""
    if found.subject.kind == "zeros":
        unit_of = {cell.area: cell.unit for cell in found.cells}
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for (_, _, area), value in _figures(found.cells).items():
            totals[unit_of[area]] += value
        silent = sum(one.state == "missing" for one in found.left_out)
        return Decimal(sum(total == 0 for total in totals.values())), Decimal(len(totals) + silent)
    return sums(found.cells, found.subject)


def recompute(found: Trace) -> Decimal | None:
    """The figure in its unit from its cells, givens and rows alone: sums over sums, never a mean of rates."""
    exact = _recomputed(found)
    return None if exact is None else as_decimal(exact)


def _recomputed(found: Trace) -> Fraction | None:
    if isinstance(found, Summed):
        top, bottom = parts(found)
        if top is None or bottom == 0:
            return None
        if found.subject.kind == "zeros" or bottom is None:
            return Fraction(top)
        return Fraction(top) * found.subject.scale / Fraction(bottom)
    if found.formula.compute is None:
        return Fraction(sum(item.is_counted for item in found.items))
    operands = [_recomputed(term) for term in found.terms]
    known = [one for one in operands if one is not None]
    if len(known) < len(operands):
        return None
    try:
        return found.formula.compute(*known, *(given.exact for given in found.givens))
    except ZeroDivisionError:
        return None


def as_decimal(exact: Fraction) -> Decimal:
    """To 50 digits."""
    return exact_ratio(Decimal(exact.numerator), Decimal(exact.denominator))


def sums(cells: Sequence[Cell], subject: Subject) -> tuple[Decimal | None, Decimal | None]:
    """The two sums over the figures of some cells; None without cells, the second also of a plain sum."""
    figures = _figures(cells)
    if not figures:
        return None, None
    if subject.shown:
        return sum((value for (of, _, _), value in figures.items() if of == subject.shown), Decimal(0)), None

    def total(role: Role) -> Decimal:
        signed = (
            -value if measure in subject.subtracted else value
            for (of, measure, _), value in figures.items() if of == role
        )  # fmt: skip
        return sum(signed, Decimal(0))

    return total("numerator"), total("denominator") if subject.denominator else None


def _figures(cells: Sequence[Cell]) -> dict[tuple[str, str, str], Decimal]:
    """One value for each role, measure and area, however many cells repeat it."""
    return {(cell.role, cell.measure, cell.area): cell.value for cell in cells}


def change_text(value: Decimal, unit: str, decimals: int, min_significant: int | None = None) -> str:
    """'giảm 0,065 điểm phần trăm', 'tăng 5,5%', 'không đổi'."""
    size = number(abs(value), decimals, min_significant)
    return "không đổi" if size == "0" else f"{'tăng' if value > 0 else 'giảm'} {unit_text(size, unit)}"


def day_given(name: str, day: date, file: str = "", document: str = "") -> Given:
    return Given(name, day, short_date(day), document, file)
