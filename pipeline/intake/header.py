"""The header of a table: which rows it has, what stands over each column, and what of it is a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.intake.grid import Grid, Position
from pipeline.intake.units import Unit, Units
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold, strip_diacritics

MAX_HEADER_ROWS = 8
_YEARS = range(1990, 2101)
# (1), 2, A, [3], Cột 4, 3=1/2, (5)=(4)/(3), 7=3+5-6, (4)=(3):(2)x100
_COLUMN_NUMBER = re.compile(
    r"(?:cột\s*)?[(\[]?\s*(?:\d{1,2}[a-zđ]?|[a-zđ])\s*[)\]]?\s*(?:=[\s\d()\[\]a-zđ=+\-*×/:.%]*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class HeaderPath:
    """Folded alternatives of each level, outermost first."""

    levels: tuple[frozenset[str], ...]

    @classmethod
    def parse(cls, header: str, quarter: Quarter) -> HeaderPath:
        levels = header.replace("{year}", str(quarter.year)).split(">")
        return cls(tuple(wordings(level) for level in levels))

    def matches(self, stack: Sequence[str], without_accents: bool = False) -> bool:
        """The levels occur in the stack in this order, the innermost at its bottom.

        without_accents: a text that has none may stand for one that has.
        """
        levels = self._with_bare if without_accents else self.levels
        if not stack or stack[-1] not in levels[-1]:
            return False
        remaining = iter(stack[:-1])
        return all(any(text in level for text in remaining) for level in levels[:-1])

    @cached_property
    def _with_bare(self) -> tuple[frozenset[str], ...]:
        return tuple(level | {strip_diacritics(word) for word in level} for level in self.levels)


@dataclass(frozen=True)
class Heading:
    """What stands over one column, as typed, outermost first. filled: with what stands left of an empty cell;
    ends_in_unit: its last level stands in a row that holds nothing but units."""

    merged: tuple[str, ...]
    filled: tuple[str, ...]
    ends_in_unit: bool = False

    @property
    def leaf(self) -> str:
        return self.merged[-1] if self.merged else ""


@dataclass(frozen=True)
class Understanding:
    """One way to understand a heading: folded levels, and the unit each of them names in brackets."""

    stack: tuple[str, ...]
    units: tuple[tuple[str, Unit], ...] = ()

    def unit_for(self, path: HeaderPath) -> Unit | None:
        """The innermost unit that is not part of the declared wording itself."""
        return next(
            (unit for text, unit in reversed(self.units) if not any(text in level for level in path.levels)), None
        )


def wordings(alternatives: str | None) -> frozenset[str]:
    """Folded alternatives of one level."""
    return frozenset(fold(wording) for wording in (alternatives or "").split("|")) - {""}


def is_one_of(text: str, wanted: frozenset[str]) -> bool:
    """The text is one of the wordings; without accents only if it has none itself."""
    folded = fold(text)
    if not folded or not wanted:
        return False
    if folded in wanted:
        return True
    return folded.isascii() and folded in {strip_diacritics(word) for word in wanted}


def header_rows(
    grid: Grid, anchor: Position, ordinal: int | None, labels: Sequence[int], first: int, end: int, above: bool
) -> tuple[int, int]:
    """First and last row of the header whose label stands at anchor.

    Rows below belong to it while they have neither ordinal nor label of their own and hold only words; rows
    above (a label written in the lowest header row) only where `above` asks for them.
    """
    row = anchor[0]
    own = [*labels, *([] if ordinal is None else [ordinal])]
    bottom = max(
        (end[0] for column in own for start, end in grid.merges_in(row) if start == (row, column)), default=row
    )
    bottom = min(bottom, row + MAX_HEADER_ROWS, grid.height - 1)
    while bottom + 1 < grid.height and bottom - row < MAX_HEADER_ROWS:
        texts = grid.texts(bottom + 1, first, end)
        if (
            not texts
            or any(column in texts for column in own)
            or not all(_is_word(grid, bottom + 1, column) for column in texts)
        ):
            break
        bottom += 1
    top = row
    while above and top > 0 and row - top < 3:
        texts = grid.texts(top - 1, first, end)
        if not any(column not in own for column in texts) or any(grid.spoken(top - 1, column) for column in own):
            break
        top -= 1
    return top, bottom


def _is_word(grid: Grid, row: int, column: int) -> bool:
    value = grid.sheet.value(row, column)
    if isinstance(value, str):
        return not grid.is_number(row, column) or value.strip() in map(str, _YEARS)
    return isinstance(value, (int, float)) and value in _YEARS


def headings(grid: Grid, top: int, bottom: int, first: int, end: int, units: Units) -> dict[int, Heading]:
    """The heading of every column that has one."""
    own = {(row, column): grid.spoken(row, column) for row in range(top, bottom + 1) for column in range(first, end)}
    last_row = grid.texts(bottom, first, end)
    is_unit_row = bottom > top and all(units.is_unit(text) for text in last_row.values())
    found: dict[int, Heading] = {}
    for column in range(first, end):
        merged: list[str] = []
        filled: list[str] = []
        seen: set[Position] = set()
        for row in range(top, bottom + 1):
            origin = grid.origin(row, column)
            text = own[row, column] if origin not in seen else ""
            seen.add(origin)
            if text:
                merged.append(text)
                filled.append(text)
            elif origin == (row, column) and (spread := _spread(grid, own, row, bottom, column, first)):
                filled.append(spread)
        if merged:
            found[column] = Heading(tuple(merged), tuple(filled), is_unit_row and column in last_row)
    return found


def _spread(grid: Grid, own: dict[Position, str], row: int, bottom: int, column: int, first: int) -> str:
    """The heading left of an empty cell, where both have further headings below: a merge that was lost."""
    if not any(own[below, column] for below in range(row + 1, bottom + 1)):
        return ""
    for left in range(column - 1, first - 1, -1):
        if own[row, left]:
            is_merged = any(start[1] <= left <= end[1] and end[1] > start[1] for start, end in grid.merges_in(row))
            has_children = any(own[below, left] for below in range(row + 1, bottom + 1))
            return own[row, left] if has_children and not is_merged else ""
    return ""


def readings(heading: Heading, units: Units) -> list[Understanding]:
    """The ways to understand a heading, the most literal first: as typed, without units in brackets, and without
    a last level that is nothing but a unit; each as merged and as filled."""
    literal: list[Understanding] = []
    without_brackets: list[Understanding] = []
    without_unit: list[Understanding] = []
    for levels in (heading.merged, heading.filled):
        split = [units.split_heading(level) for level in levels]
        found = tuple((fold(level), unit) for level, (_, unit) in zip(levels, split, strict=True) if unit is not None)
        words = tuple(word for text, _ in split if (word := fold(text)))
        literal.append(Understanding(tuple(fold(level) for level in levels), found))
        without_brackets.append(Understanding(words, found))
        if len(words) > 1 and (
            heading.ends_in_unit or (units.is_unit(words[-1]) and Unit.parse(words[-1]).factor != 1)
        ):
            without_unit.append(Understanding(words[:-1], (*found, (words[-1], Unit.parse(words[-1])))))
    return [*literal, *without_brackets, *without_unit]


def is_column_numbers(grid: Grid, row: int, first: int = 0, end: int | None = None) -> bool:
    """A row of column numbers or of the formulas between columns; never one of small figures."""
    texts = list(grid.texts(row, first, end).values())
    if len(texts) < 2 or len(set(texts)) < len(texts) or not all(_COLUMN_NUMBER.fullmatch(text) for text in texts):
        return False
    if not all(text.isdigit() for text in texts):
        return True
    numbers = [int(text) for text in texts]
    return len(texts) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
