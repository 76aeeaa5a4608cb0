"""From logical rows, with a cell for each declared column, to the rows of a sheet.

They are the same unless the layout prints each unit on two lines (households above, persons below): then the
columns of one header share a column of the sheet, and a logical row takes a row for each line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pipeline.forms.form import Cell, Rate, Row, Sum
from pipeline.programme.layouts import Layout


@dataclass(frozen=True)
class Lines:
    """Where the declared columns of a layout stand: `places` is (line, column of the sheet) of each."""

    headers: tuple[str, ...]
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    heading_rows: int  # 1 where the words of the lines stand in the label column, under the unit

    @classmethod
    def of(cls, layout: Layout) -> Lines:
        headers = list(dict.fromkeys(column.header for column in layout.columns))
        words = list(dict.fromkeys((column.line or "").split("|")[0].strip() for column in layout.columns))
        places = tuple(
            (words.index((column.line or "").split("|")[0].strip()), headers.index(column.header))
            for column in layout.columns
        )
        return cls(tuple(headers), tuple(words), places, int(layout.has_lines and layout.lines is None))

    def spread(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the sheet, with sums and rates pointing at them."""
        starts = [0, *accumulate(self._height(row) for row in rows)]
        return [line for row in rows for line in self._lines_of(row, starts)]

    def _height(self, row: Row) -> int:
        return 1 if row.is_heading else self.heading_rows + len(self.words)

    def _lines_of(self, row: Row, starts: Sequence[int]) -> list[Row]:
        nothing: list[Cell] = [None] * len(self.headers)
        if row.is_heading:
            return [replace(row, cells=tuple(nothing))]
        found = [replace(row, cells=tuple(nothing))] if self.heading_rows else []
        for line, word in enumerate(self.words):
            cells = list(nothing)
            for place, cell in enumerate(row.cells):
                if self.places[place][0] == line:
                    cells[self.places[place][1]] = self._pointed(cell, place, starts)
            names = replace(row, ordinal="", label=word) if self.heading_rows else replace(row, line=word)
            if line and not self.heading_rows:
                names = replace(names, ordinal="", label="", unit="")
            found.append(replace(names, cells=tuple(cells)))
        return found

    def _pointed(self, cell: Cell, place: int, starts: Sequence[int]) -> Cell:
        def at(row: int, column: int) -> tuple[int, int]:
            line, sheet_column = self.places[column]
            return starts[row] + self.heading_rows + line, sheet_column

        if isinstance(cell, Sum):
            return Sum(tuple(at(row, place)[0] for row in cell.rows))
        if isinstance(cell, Rate):
            return Rate(at(*cell.above), at(*cell.below), cell.decimals)
        return cell
