"""One sheet of cells, at the addresses a person sees in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.intake.numbers import Raw
from pipeline.vietnamese import normalise

MAX_ROWS, MAX_COLUMNS = 20_000, 400  # what is read of a sheet; a form has a few hundred rows


@dataclass
class Sheet:
    """One sheet: values by (row, column) from 0, what is merged, and what formats, fonts and formulas say.

    An empty cell is "" or lies beyond the end of its row; an error cell is "" and stands in `errors`.
    """

    name: str
    rows: Sequence[Sequence[Raw]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    percent_cells: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)  # text or number struck through: an old value
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # '#DIV/0!' where the value arrives as ""
    undecoded: set[tuple[int, int]] = field(default_factory=set)  # text in an encoding that could not be told
    encoding: str = ""  # the encodings from before Unicode that its text was in, such as `TCVN3, VNI`
    beyond: tuple[int, int] | None = None  # the first cell that is filled but lies too far out to be read

    def value(self, row: int, column: int) -> Raw:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        value = self.value(row, column)
        return normalise(value) if isinstance(value, str) else "" if value is None else str(value)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """(13, 4) -> `E14`."""
    letters = ""
    left = column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
