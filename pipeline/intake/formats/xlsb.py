"""xlsb: the values from calamine, all that calamine leaves out from the binary records of the parts."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.intake.formats.archives import Archive
from pipeline.intake.formats.drafts import PLAIN, Draft, Style, is_percent_format
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.refusals import unreadable
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from pipeline.intake.formats.xlsx import related_parts, workbook_part

# Record numbers of [MS-XLSB] 2.3.2.
_ROW, _COLUMNS, _SHEET = 0, 60, 156
_CELL_ERROR, _FORMULA_ERROR = 3, 11
_FILLED_CELLS = range(2, 12)  # every kind of cell but the blank one
_FONT, _FORMAT, _CELL_FORMAT, _BEGIN_CELL_FORMATS, _END_CELL_FORMATS = 43, 44, 47, 617, 618
_BUILT_IN_PERCENT = {9: "0%", 10: "0.00%"}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
           0x2A: "#N/A", 0x2B: "#GETTING_DATA"}  # fmt: skip


def read_drafts(archive: Archive) -> dict[str, Draft]:
    """What the second reader sees of each sheet, by the name of the sheet; without values."""
    path = workbook_part(archive, "xl/workbook.bin")
    parts = related_parts(archive, path)
    styles = [part for part, kind in parts.values() if kind == "styles" and part in archive]
    drafts: dict[str, Draft] = {}
    try:
        known = _read_styles(archive.read(styles[0])) if styles else []
        for number, data in _records(archive.read(path)):
            if number == _SHEET:
                relation, at = _text(data, 8)
                name, _ = _text(data, at)
                part, kind = parts.get(relation, ("", ""))
                if kind == "worksheet":
                    drafts[name] = Draft(Sheet(name, []))
                    _read_sheet(archive.read(part), drafts[name], known)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise unreadable() from None
    return drafts


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's number and data; both number and length are written seven bits to the byte."""
    at = 0
    while at < len(content):
        number, at = _varied(content, at, 2)
        length, at = _varied(content, at, 4)
        yield number, content[at : at + length]
        at += length


def _varied(content: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = content[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    return value, at + most


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length in front, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _read_styles(content: bytes) -> list[Style]:
    formats = dict(_BUILT_IN_PERCENT)
    fonts: list[tuple[str, bool]] = []
    styles: list[Style] = []
    is_cells = False
    for number, data in _records(content):
        if number == _FORMAT:
            formats[struct.unpack_from("<H", data)[0]] = _text(data, 2)[0]
        elif number == _FONT:
            fonts.append((_text(data, 21)[0], bool(data[2] & 0x08)))
        elif number in (_BEGIN_CELL_FORMATS, _END_CELL_FORMATS):
            is_cells = number == _BEGIN_CELL_FORMATS
        elif number == _CELL_FORMAT and is_cells:
            _, code, font = struct.unpack_from("<HHH", data)
            name, is_struck = fonts[font] if font < len(fonts) else ("", False)
            styles.append(Style(is_percent_format(formats.get(code, "")), is_struck, font_claim(name)))
    return styles


def _read_sheet(content: bytes, draft: Draft, styles: list[Style]) -> None:
    sheet, row = draft.sheet, -1
    for number, data in _records(content):
        if number == _ROW:
            (row,) = struct.unpack_from("<I", data)
            if data[11] & 0x10 and row < MAX_ROWS:
                sheet.hidden_rows.add(row)
        elif number == _COLUMNS:
            first, last = struct.unpack_from("<II", data)
            if data[16] & 0x01:
                sheet.hidden_columns |= set(range(first, min(last + 1, MAX_COLUMNS)))
        elif number in _FILLED_CELLS:
            column, style = struct.unpack_from("<II", data)
            if not draft.reach(row, column):
                continue
            draft.see(row, column, styles[style & 0xFFFFFF] if style & 0xFFFFFF < len(styles) else PLAIN)
            if number in (_CELL_ERROR, _FORMULA_ERROR):
                sheet.errors[row, column] = _ERRORS.get(data[8], "#ERROR!")
