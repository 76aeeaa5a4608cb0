"""The header of a form: which wording is merged over which cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

Path = tuple[str, ...]


@dataclass(frozen=True)
class HeaderCell:
    """A wording over rows and columns, both ends included, counted from the header's first row and column."""

    text: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int


def depth(paths: Sequence[Path]) -> int:
    return max(len(path) for path in paths)


def header_cells(paths: Sequence[Path]) -> list[HeaderCell]:
    """Neighbours under the same wording share one merged cell; a short path is merged down to the bottom."""
    return _placed(paths, level=0, row=0, column=0, rows=depth(paths))


def _placed(paths: Sequence[Path], level: int, row: int, column: int, rows: int) -> list[HeaderCell]:
    cells: list[HeaderCell] = []
    # two neighbouring leaves of the same wording stay two columns
    keys = [(path[level], -1 if len(path) > level + 1 else index) for index, path in enumerate(paths)]
    for _, group in groupby(range(len(paths)), key=keys.__getitem__):
        members = [paths[index] for index in group]
        below = depth(members) - level - 1
        height = rows - below
        last = column + len(members) - 1
        cells.append(HeaderCell(members[0][level], row, row + height - 1, column, last))
        if below:
            cells += _placed(members, level + 1, row + height, column, below)
        column = last + 1
    return cells
