"""What stands on a blank form, before any thought of fonts and addresses: its header, its rows, its cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from pipeline.programme import Measure

# as statistical yearbooks print them, and as the reader reads them back
NO_DATA: Final = "…"
NOT_APPLICABLE: Final = "x"
Value = Decimal | Literal["…", "x"] | None


@dataclass(frozen=True)
class Ask:
    """A cell to fill: a figure of `measure`; `given` is what stands in it already, to be kept or mended."""

    measure: Measure
    given: Value = None


@dataclass(frozen=True)
class Sum:
    """The sum of the same column over these rows of the body."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class Rate:
    """Numerator and denominator as (row of the body, column of figures), in percent."""

    above: tuple[int, int]
    below: tuple[int, int]
    decimals: int


@dataclass(frozen=True)
class Shown:
    """A figure for reference, which nobody fills."""

    value: Decimal
    decimals: int


Cell = Ask | Sum | Rate | Shown | None


@dataclass(frozen=True)
class Row:
    """One row of the body; `cells` one for each column of figures, None where nothing belongs.

    line is which of the lines of a unit it is, on forms that print more than one.
    """

    kind: Literal["group", "rate", "figures", "total"]
    ordinal: str
    label: str
    unit: str
    cells: tuple[Cell, ...]
    line: str = ""

    @property
    def is_heading(self) -> bool:
        """Words without figures."""
        return self.kind == "group" and not any(self.cells)

    @property
    def has_remark(self) -> bool:
        return self.kind in ("rate", "figures")


@dataclass(frozen=True)
class Form:
    """One sheet. A path is the wording over a column, outermost first; `formulas` as in `=(4)/(3)`, "" for none."""

    sheet: str
    title: str
    ordinal: str
    label: str
    unit: str | None
    line: str | None
    remark: str | None
    paths: tuple[tuple[str, ...], ...]
    formulas: tuple[str, ...]
    units: tuple[str, ...]  # said in the title block where no column says it
    rows: tuple[Row, ...]
    footers: tuple[str, ...]
    takes_estimates: bool  # nothing is summed, so "khoảng 85" does no harm
    blank_is_zero: bool  # the programme reads an empty cell of this form as 0, so none is handed out empty

    @property
    def leading(self) -> tuple[str, ...]:
        """The headings before the columns of figures."""
        return tuple(heading for heading in (self.ordinal, self.label, self.unit, self.line) if heading)

    def value(self, row: int, column: int) -> Value:
        """What a cell says as the form is handed out: given figures, and what its formulas make of them."""
        cell = self.rows[row].cells[column]
        if isinstance(cell, Ask):
            return cell.given
        if isinstance(cell, Shown):
            return cell.value
        if isinstance(cell, Sum):
            parts = [part for one in cell.rows if isinstance(part := self.value(one, column), Decimal)]
            return sum(parts, Decimal(0)) if parts else NO_DATA
        if isinstance(cell, Rate):
            return self._rate(cell)
        return None

    def _rate(self, cell: Rate) -> Value:
        above, below = self.value(*cell.above), self.value(*cell.below)
        if isinstance(above, Decimal) and isinstance(below, Decimal):
            if below <= 0:
                return NOT_APPLICABLE
            places = Decimal(1).scaleb(-cell.decimals)
            return (above * 100 / below).quantize(places, rounding=ROUND_HALF_UP)
        return NOT_APPLICABLE if NOT_APPLICABLE in (above, below) else NO_DATA
