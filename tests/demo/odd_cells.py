"""Single cells that an office types otherwise than it means: a slip, or a word of doubt before the figure.

story.yml lists them under `odd_cells`. On a form with a row per measure `row` is a measure or the code of an indicator
(its rate) and `column` a series; on a form with a row per commune `row` is a commune's code or `total` and `column` a
measure. A number in `typed` takes the place of the figure meant; a text (a rate, "ước 82") is typed as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.quarters import Quarter
from pipeline.vietnamese import number
from tests.demo.story import Story
from tests.demo.workbooks import Value

TOTAL = "total"


@dataclass(frozen=True)
class OddCell:
    """What one office typed into one cell of a form."""

    area: str
    quarter: Quarter
    form: str
    row: str
    column: str
    typed: str | int

    @property
    def is_another_figure(self) -> bool:
        """Whether a reader finds a figure there that was not meant."""
        return isinstance(self.typed, int) and self.row != TOTAL

    def figure(self, story: Story) -> tuple[str, str, str]:
        """The figure's measure, area code and series; of cells that hold one (no total, no rate)."""
        return (
            (self.column, self.row, "actual")
            if self.form in story.commune_forms
            else (self.row, self.area, self.column)
        )


def odd_cells(story: Story, quarter: Quarter) -> list[OddCell]:
    """The odd cells of a quarter, in the order of the story."""
    told = (OddCell(**row | {"quarter": Quarter.parse(row["quarter"])}) for row in story.facts.get("odd_cells", []))
    return [cell for cell in told if cell.quarter == quarter]


class TypedCells:
    """The odd cells of one office's workbook; each must be met, or the story names a cell that is not there."""

    def __init__(self, story: Story, area: str, quarter: Quarter, is_text: bool) -> None:
        self._typed = {
            (cell.form, cell.row, cell.column): cell.typed for cell in odd_cells(story, quarter) if cell.area == area
        }
        self._is_text = is_text

    def __call__(self, form: str, row: str, column: str, cell: tuple[Value, str]) -> tuple[Value, str]:
        """What is typed into the cell, `cell` where nothing is odd: a value and a style."""
        typed = self._typed.pop((form, row, column), None)
        if typed is None:
            return cell
        style = cell[1].replace("count", "figure") if isinstance(typed, str) or self._is_text else cell[1]
        return (number(typed) if self._is_text and isinstance(typed, int) else typed), style

    def left(self) -> Sequence[tuple[str, str, str]]:
        """Odd cells that no row of the workbook had."""
        return sorted(self._typed)
