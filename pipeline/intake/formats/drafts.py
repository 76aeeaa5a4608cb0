"""A sheet on its way from the bytes: filled cell by cell within bounds, with what styles say of its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipeline.findings import RefusedError
from pipeline.intake.formats.encodings import FontClaim, font_claim
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet, address
from pipeline.intake.numbers import Raw

MAX_CELLS = 2_000_000  # of one workbook; a form has a few thousand


class Style(NamedTuple):
    """What is needed of a cell's style."""

    is_percent: bool = False
    is_struck: bool = False
    claim: FontClaim | None = None


PLAIN = Style()


class Run(NamedTuple):
    """A stretch of a cell's text in one font; font is empty where it is the cell's own."""

    text: str
    font: str = ""
    is_struck: bool = False


@dataclass
class Draft:
    """The sheet, and for its decoding: where in a cell each run begins, and which encoding its font claims."""

    sheet: Sheet
    fonts: dict[tuple[int, int], list[tuple[int, FontClaim | None]]] = field(default_factory=dict)
    rows: dict[int, list[Raw]] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1

    def reach(self, row: int, column: int) -> bool:
        """Note a filled cell; False where it lies too far out to be read."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        if row < MAX_ROWS and column < MAX_COLUMNS:
            return True
        self.sheet.beyond = self.sheet.beyond or (row, column)
        return False

    def put(self, row: int, column: int, value: Raw) -> bool:
        """Write one value; False where the cell lies too far out."""
        if not self.reach(row, column):
            return False
        cells = self.rows.setdefault(row, [])
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = value
        return True

    def see(self, row: int, column: int, style: Style) -> None:
        """Note the style of a filled cell."""
        if style.is_percent:
            self.sheet.percent_cells.add((row, column))
        if style.is_struck:
            self.sheet.struck.add((row, column))
        if style.claim:
            self.fonts[row, column] = [(0, style.claim)]

    def see_runs(self, row: int, column: int, runs: list[Run], own: FontClaim | None) -> None:
        """Note the fonts of a cell with several; own is what the cell's own font claims."""
        start, found = 0, []
        for run in runs:
            found.append((start, font_claim(run.font) if run.font else own))
            start += len(run.text)
            if run.is_struck and run.text.strip():
                self.sheet.struck.add((row, column))
        self.fonts.pop((row, column), None)
        if any(claim for _, claim in found):
            self.fonts[row, column] = found

    def finish(self) -> Draft:
        """The filled rows become those of the sheet; an empty row is an empty list."""
        self.sheet.rows = [self.rows.get(row, []) for row in range(max(self.rows, default=-1) + 1)]
        return self


@lru_cache(maxsize=1_000)
def is_percent_format(code: str) -> bool:
    """Whether a number format multiplies by a hundred: `0.0%` does, a percent sign in quotes does not."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code)


def too_large(sheet: str, row: int, column: int) -> RefusedError:
    """A sheet that would fill the memory; row and column are those of its far end."""
    return RefusedError(
        "sheet-too-large", f"trang '{sheet}' có nội dung đến tận ô {address(row, column)}",
        f"biểu trong khoảng {MAX_ROWS} hàng, {MAX_COLUMNS} cột",
        "Xóa các hàng, cột ở ngoài biểu (chọn cả hàng, cột rồi Delete), lưu lại và gửi lại.",
    )  # fmt: skip
