"""A sheet as its reader sees it: what a cell says, what a merged cell covers, what is hidden."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.intake.cells import Sheet, address
from pipeline.intake.numbers import Raw, raw_text
from pipeline.vietnamese import normalise

Position = tuple[int, int]
_DIGITS = re.compile(r"[0-9][0-9.,]*%?")


class Grid:
    """Access by (row, column) from 0; whole numbers are texts without `.0`."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.height = len(sheet.rows)
        self.width = sheet.width
        self._rows: dict[int, dict[int, str]] = {}
        self.merges_in = lru_cache(maxsize=4096)(self._merges_in)

    def text(self, row: int, column: int) -> str:
        return self._row(row).get(column, "")

    def texts(self, row: int, first: int = 0, end: int | None = None) -> dict[int, str]:
        """The cells of a row that say something, by column."""
        end = self.width if end is None else end
        return {column: text for column, text in self._row(row).items() if first <= column < end}

    def _row(self, row: int) -> dict[int, str]:
        if row not in self._rows:
            cells = self.sheet.rows[row] if row < self.height else ()
            texts = ((column, _cell_text(value)) for column, value in enumerate(cells) if value not in (None, ""))
            self._rows[row] = {column: text for column, text in texts if text}
        return self._rows[row]

    def _merges_in(self, row: int) -> list[tuple[Position, Position]]:
        return [(start, end) for start, end in self.sheet.merged if start[0] <= row <= end[0]]

    def origin(self, row: int, column: int) -> Position:
        """The cell that speaks for this one: the first of its merged range, or itself."""
        for start, end in self.merges_in(row):
            if start[1] <= column <= end[1]:
                return start
        return row, column

    def spoken(self, row: int, column: int) -> str:
        """What stands at a cell, through a merged range if it lies in one."""
        return self.text(*self.origin(row, column))

    def is_number(self, row: int, column: int) -> bool:
        """A number, or a text of digits as every number of a text file is."""
        value = self.sheet.value(row, column)
        if isinstance(value, str):
            return bool(_DIGITS.fullmatch(value.strip()))
        return isinstance(value, (int, float)) and not isinstance(value, bool)

    def has_figures(self, row: int) -> bool:
        """Two numbers or more: a row of some table, not of prose."""
        return sum(self.is_number(row, column) for column in range(len(self.sheet.rows[row]))) >= 2


def _cell_text(value: Raw) -> str:
    return normalise(value) if isinstance(value, str) else raw_text(value)


def cell_range(top: int, left: int, bottom: int, right: int) -> str:
    """`B5:D9`, or `B5` where both corners are one cell."""
    first, last = address(top, left), address(bottom, right)
    return first if first == last else f"{first}:{last}"
