"""xls of Excel 5 to 2003 (BIFF5, BIFF8), read by xlrd alone: it gives values, formats and fonts in one pass."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import xlrd

from pipeline.findings import RefusedError
from pipeline.intake.formats.drafts import MAX_CELLS, Draft, Run, Style, is_percent_format, too_large
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.refusals import locked, not_a_workbook, unreadable
from pipeline.intake.formats.sheet import MAX_ROWS, Sheet
from pipeline.intake.numbers import Raw

_BYTE_ORDER_AT, _LITTLE_ENDIAN, _WRONG_WAY = 28, b"\xfe\xff", b"\xff\xfe"
# What else an OLE file holds, by the name of its main stream.
_OTHERS = (
    ("WordDocument", "văn bản Word (.doc)"),
    ("PowerPoint Document", "bản trình chiếu PowerPoint (.ppt)"),
    ("VisioDocument", "bản vẽ Visio"),
    ("__properties_version1.0", "thư điện tử Outlook (.msg)"),
)


def read_drafts(content: bytes) -> list[Draft]:
    """Every worksheet; charts and macro sheets are left out. RefusedError for anything else in an OLE file."""
    if _has_stream(content, "EncryptedPackage"):
        raise locked()
    if content[_BYTE_ORDER_AT : _BYTE_ORDER_AT + 2] == _WRONG_WAY:  # some writers turn the mark, never the bytes
        content = content[:_BYTE_ORDER_AT] + _LITTLE_ENDIAN + content[_BYTE_ORDER_AT + 2 :]
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        styles = [_style(book, layout) for layout in book.xf_list]
        return [_draft(book, sheet, styles) for sheet in book.sheets()]
    except (RefusedError, TimeoutError, MemoryError):
        raise
    except Exception as error:  # xlrd raises whatever its parser met
        raise _refusal(content, error) from None


def _refusal(content: bytes, error: Exception) -> RefusedError:
    if "encrypted" in str(error):
        return locked()
    for stream, what in _OTHERS:
        if _has_stream(content, stream) and "Can't find workbook" in str(error):
            return not_a_workbook(what)
    return unreadable()


def _has_stream(content: bytes, name: str) -> bool:
    """Whether the directory of the OLE file has a stream of this name: entries of 128 bytes, the name in front."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    length = len(wanted).to_bytes(2, "little")
    at = content.find(wanted)
    while at >= 0:
        if at % 128 == 0 and content[at + 64 : at + 66] == length:
            return True
        at = content.find(wanted, at + 2)
    return False


def _style(book: Any, layout: Any) -> Style:
    code = book.format_map[layout.format_key].format_str if layout.format_key in book.format_map else ""
    font = book.font_list[layout.font_index]
    return Style(is_percent_format(code), bool(font.struck_out), font_claim(font.name))


def _draft(book: Any, source: Any, styles: Sequence[Style]) -> Draft:
    sheet = Sheet(source.name, [], is_hidden=source.visibility != 0)
    draft = Draft(sheet)
    if sum(source.row_len(row) for row in range(source.nrows)) > MAX_CELLS:
        raise too_large(source.name, source.nrows - 1, source.ncols - 1)
    for row in range(source.nrows):
        for column, (kind, value, layout) in enumerate(
            zip(source.row_types(row), source.row_values(row), source._cell_xf_indexes[row], strict=True)
        ):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            if not draft.put(row, column, _value(book, kind, value)):
                continue
            draft.see(row, column, styles[layout])
            if kind == xlrd.XL_CELL_ERROR:
                sheet.errors[row, column] = xlrd.error_text_from_code.get(value, "#ERROR!")
            elif (row, column) in source.rich_text_runlist_map:
                runs = _runs(book, value, source.rich_text_runlist_map[row, column])
                draft.see_runs(row, column, runs, styles[layout].claim)
    sheet.merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = {row for row, shown in source.rowinfo_map.items() if shown.hidden and row < MAX_ROWS}
    sheet.hidden_columns = {column for column, shown in source.colinfo_map.items() if shown.hidden}
    return draft.finish()


def _value(book: Any, kind: int, value: Any) -> Raw:
    if kind == xlrd.XL_CELL_ERROR:
        return ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            date: datetime = xlrd.xldate_as_datetime(value, book.datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return float(value)
        return time(date.hour, date.minute, date.second) if 0 <= value < 1 else date
    return str(value) if kind == xlrd.XL_CELL_TEXT else float(value)


def _runs(book: Any, text: str, starts: Sequence[tuple[int, int]]) -> list[Run]:
    """The runs of a text: (where it begins, number of the font) for each but the first, in the cell's own font."""
    edges = [*(min(start, len(text)) for start, _ in starts), len(text)]
    runs = [Run(text[: edges[0]])] if edges[0] else []
    for (_, number), start, end in zip(starts, edges[:-1], edges[1:], strict=True):
        font = book.font_list[number]
        runs.append(Run(text[start:end], font.name, bool(font.struck_out)))
    return runs
