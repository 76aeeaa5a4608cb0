"""A figure that is asked of a subject and an area, and how what follows from other figures is put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from pipeline.trace.figure import MISSING, Derived, Formula, Given, Item, Summed, Trace
from pipeline.trace.models import models_between
from pipeline.trace.places import find_area
from pipeline.trace.records import Records
from pipeline.trace.subjects import Subject
from pipeline.trace.sums import summed
from pipeline.vietnamese import number, unit_text

POINTS = "điểm phần trăm"


@dataclass(frozen=True)
class Asked:
    """What a derivation is asked of; title says in print what it is."""

    records: Records
    subject: Subject
    area: str
    derivation: str
    title: str

    @property
    def own(self) -> Summed:
        """The subject's own figure of the area."""
        return summed(self.records, self.subject, self.area)

    def answer(
        self,
        value: Decimal | None,
        printed: str,
        formula: Formula,
        *,
        table: str,
        unit: str | None = None,
        terms: Sequence[Trace] = (),
        givens: Sequence[Given] = (),
        items: Sequence[Item] = (),
    ) -> Derived:
        """The figure as it stands in `table`, a mart or what one reads; None is printed as missing."""
        return derive(
            self.records, f"{self.subject.code}.{self.derivation}", f"{self.subject.name}, {self.title}", self.area,
            value, printed, formula, table=table, unit=self.subject.unit if unit is None else unit, terms=terms,
            givens=givens, items=items,
        )  # fmt: skip

    def unknown(self, reason: str, *, table: str, terms: Sequence[Trace] = ()) -> Derived:
        """There is no such figure, and why."""
        return self.answer(None, "", Formula(reason), table=table, terms=terms)

    def as_value(self, value: Decimal) -> str:
        """In the print of the subject, without the mark of an estimate."""
        return unit_text(number(value, self.subject.decimals, self.subject.min_significant), self.subject.unit)

    @property
    def change_unit(self) -> str:
        """Rates change in points."""
        return POINTS if self.subject.unit.startswith("%") else self.subject.unit


Build: TypeAlias = Callable[[Asked], Derived]


def derive(
    records: Records,
    code: str,
    name: str,
    area: str,
    value: Decimal | None,
    printed: str,
    formula: Formula,
    *,
    table: str,
    unit: str,
    terms: Sequence[Trace] = (),
    givens: Sequence[Given] = (),
    items: Sequence[Item] = (),
) -> Derived:
    """A figure asked for as `code`, as it stands in `table`; None is printed as missing."""
    return Derived(
        code, name, records.quarter, area, str(find_area(records, area)["area_full_name"]), value,
        MISSING if value is None else printed, unit, formula, tuple(terms), tuple(givens), tuple(items),
        models_between(records, table),
    )  # fmt: skip


def ratio(numerator: Decimal | None, denominator: Decimal | None, scale: int = 1) -> Fraction | None:
    """numerator * scale / denominator exactly, the numerator alone without denominator; None where it has no value."""
    if numerator is None or denominator == 0:
        return None
    return Fraction(numerator) if denominator is None else Fraction(numerator) * scale / Fraction(denominator)


def same(value: Fraction) -> Fraction:
    """Of a figure that is one of its parts."""
    return value
