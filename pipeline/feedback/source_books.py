"""The book a marked copy is made in: what a sender's file shows, and nothing in it that could act.

Only values, styles, sizes and merged cells are taken over. A formula leaves its last value behind: in a copy it
could still reach for another file or start a program (DDE), and the sender keeps the formula in the own file.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any, Protocol

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.feedback.inert import is_live
from pipeline.vietnamese import normalise

_TITLE_LENGTH = 31  # what Excel allows for the name of a sheet
_BAD_IN_TITLE = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
_WIDEST_COLUMN = 40
_ROWS_MEASURED = 300


class ReadSheet(Protocol):
    """A sheet as the reader saw it: rows of values, and merged ranges as ((row, column), (row, column)) from 0."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...
    @property
    def merged(self) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]: ...


SheetReader = Callable[[bytes, str], Sequence[ReadSheet]]  # a file's bytes and its name


def source_book(
    content: bytes, name: str, wanted: set[str], read_sheets: SheetReader
) -> tuple[Workbook, Mapping[str, Worksheet]]:
    """The file as a book of ours, and its sheets by the names the reader gives them.

    An .xlsx keeps its look; another format, or one openpyxl cannot load or in which it does not find the `wanted`
    sheets, has the values the reader saw.
    """
    book = _with_its_look(content) if content.startswith(b"PK") else None
    if book is not None:
        sheets = {normalise(sheet.title): sheet for sheet in book.worksheets}
        if wanted <= sheets.keys():
            return book, sheets
    return _values_only(read_sheets(content, name))


def _with_its_look(content: bytes) -> Workbook | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False, keep_vba=False)
        except (TimeoutError, MemoryError):
            raise
        except Exception:  # openpyxl raises whatever its parser met; the values are there all the same
            return None
    for sheet in list(book.worksheets):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell):
                    cell.hyperlink = None
                    cell.comment = None
                    if isinstance(cell.value, str):
                        put(cell, cell.value)
        # a copy takes cells, sizes and page settings; charts, pictures, queries and validation stay behind
        fresh, title, state = book.copy_worksheet(sheet), sheet.title, sheet.sheet_state
        freeze = sheet.freeze_panes
        book.remove(sheet)
        fresh.title, fresh.sheet_state, fresh.freeze_panes = title, state, freeze
        fresh.sheet_properties.codeName = None
    for chart in list(book.chartsheets):
        book.remove(chart)
    book.defined_names.clear()
    book.custom_doc_props.props.clear()  # type: ignore[attr-defined]  # unknown to the stubs
    book.loaded_theme = None
    book.security = None  # nothing of the book is locked
    return book


def _values_only(sheets: Sequence[ReadSheet]) -> tuple[Workbook, dict[str, Worksheet]]:
    book = Workbook()
    del book[book.sheetnames[0]]
    made: dict[str, Worksheet] = {}
    for sheet in sheets:
        title = _BAD_IN_TITLE.sub("_", sheet.name).strip("' ")[:_TITLE_LENGTH] or "Trang tính"
        made[sheet.name] = target = book.create_sheet(title)
        for position, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                if value not in (None, ""):
                    put(cell_at(target, position, column), value)
        for (top, left), (bottom, right) in sheet.merged:
            target.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        for column, width in _widths(sheet).items():
            target.column_dimensions[get_column_letter(column)].width = width
    return book, made


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell of a place that no merged range covers, or covers first."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def put(cell: Cell, value: Any) -> None:
    """Write a value as what it is; text is never a formula."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # after the value, which would make a formula or an error of some texts
        if is_live(value):
            cell.quotePrefix = True
    elif isinstance(value, bool | int | date | datetime | time | timedelta) or (
        isinstance(value, float) and isfinite(value)
    ):
        cell.value = value
    else:
        put(cell, str(value))


def _widths(sheet: ReadSheet) -> dict[int, float]:
    """Wide enough for most cells; long titles run over their neighbours."""
    widths: dict[int, float] = {}
    for values in sheet.rows[:_ROWS_MEASURED]:
        for column, value in enumerate(values, 1):
            length = len(str(value)) + 2 if value not in (None, "") else 0
            if length <= _WIDEST_COLUMN:
                widths[column] = max(widths.get(column, 8), length)
    return widths
