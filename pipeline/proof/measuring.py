"""What a measuring function is given and what it gives back; the functions themselves are in measures/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.proof.components import Findings, Found
from pipeline.proof.document import Document, Line
from pipeline.proof.geometry import MM, Box
from pipeline.proof.profile import Component, Profile, Rule
from pipeline.vietnamese import number


class Place(NamedTuple):
    """Page from 1; mm from its left and top edge."""

    page: int
    left: float
    top: float

    def __str__(self) -> str:
        return f"trang {self.page}, cách mép trái {mm(self.left)}, mép trên {mm(self.top)}"


class Check(NamedTuple):
    """One measurement; place is None where it concerns the file as a whole."""

    is_met: bool
    found: str
    place: Place | None = None


@dataclass(frozen=True)
class Case:
    """One rule of one component, with everything that was found in the document."""

    findings: Findings
    component: Component
    rule: Rule

    @property
    def document(self) -> Document:
        return self.findings.document

    @property
    def profile(self) -> Profile:
        return self.findings.profile

    @property
    def here(self) -> list[Found]:
        return self.findings.of[self.component.id]

    @property
    def other(self) -> list[Found]:
        """The occurrences of the component the rule refers to."""
        return self.findings.of[self.rule.to or ""]

    def within(self, value: float, tolerance: float) -> bool:
        """Whether a value lies between the rule's bounds, or is one of its values, give or take."""
        if self.rule.values:
            return any(abs(value - wanted) <= tolerance for wanted in self.rule.values)
        low = self.rule.min is None or value >= self.rule.min - tolerance
        return low and (self.rule.max is None or value <= self.rule.max + tolerance)

    def bounds(self, unit: str) -> str:
        """'12-13 pt', 'ít nhất 6 pt', '10 hoặc 12,7 mm'."""
        rule = self.rule
        if rule.values:
            return f"{' hoặc '.join(map(plain, rule.values))} {unit}"
        if rule.min is None or rule.max is None:
            word, bound = ("ít nhất", rule.min) if rule.max is None else ("nhiều nhất", rule.max)
            return f"{word} {plain(bound or 0)} {unit}"
        if rule.min == rule.max:
            return f"{plain(rule.min)} {unit}"
        return f"{plain(rule.min)}-{plain(rule.max)} {unit}"


Checks = Iterator[Check]
Measuring = Callable[[Case], Checks]


@dataclass(frozen=True)
class Measure:
    """`title` and `expected` are printed; `check` yields nothing where the rule does not apply."""

    title: str
    expected: Callable[[Case], str]
    check: Measuring


MEASURES: dict[str, Measure] = {}


def measure(title: str, expected: Callable[[Case], str] | str) -> Callable[[Measuring], Measuring]:
    """Registers a measuring function under its own name."""

    def register(check: Measuring) -> Measuring:
        text = expected if callable(expected) else lambda _: str(expected)
        MEASURES[check.__name__] = Measure(title, text, check)
        return check

    return register


def plain(value: float) -> str:
    """12.7 -> '12,7'; one decimal, two where the value is small."""
    return number(Decimal(str(round(value, 4))), 2 if abs(value) < 2 else 1)


def mm(value: float) -> str:
    return f"{plain(value)} mm"


def pt(value: float) -> str:
    return f"{plain(value)} pt"


def place_of(line: Line) -> Place:
    return Place(line.page, line.left, line.top)


def place_of_box(page: int, box: Box) -> Place:
    return Place(page, box.left, box.top)


def quoted(text: str, length: int = 60) -> str:
    """A text as a message shows it: in quotes, cut at the end."""
    return f'"{text}"' if len(text) <= length else f'"{text[: length - 1]}…"'


def in_points(millimetres: float) -> float:
    return millimetres / MM
