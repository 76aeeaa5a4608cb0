"""csv and tsv: text in whatever encoding and with whatever separator an office's Excel writes it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from pipeline.intake.formats.drafts import MAX_CELLS, Draft, too_large
from pipeline.intake.formats.refusals import SAVE_AS, not_a_workbook
from pipeline.intake.formats.sheet import MAX_COLUMNS, Sheet

SHEET_NAME = "Sheet1"  # a text file has no sheets; this is what Excel's own sheets are called
_SEPARATORS = ("\t", ";", ",", "|")  # a comma is also the decimal sign, so it is asked after the others
_SAMPLE_LINES = 200
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def decoded_text(content: bytes) -> str:
    """The text of the bytes: by their mark (BOM), else UTF-16 by its zeros, else UTF-8, else one sign a byte.

    What stands one sign a byte is shown as Windows-1252 shows it; which Vietnamese encoding it is in is told later,
    from its words.
    """
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, errors="replace")
    start = content[:1_000]
    if start.count(0) > len(start) // 8:
        is_little = start[1::2].count(0) >= start[::2].count(0)
        return content.decode("utf-16-le" if is_little else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1").translate(_WINDOWS_1252)


_WINDOWS_1252 = {byte: sign for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", errors="ignore"))}


def read_draft(text: str) -> Draft:
    """The one sheet of a text file; RefusedError where its lines are no table."""
    separator = None
    if match := _SAID.match(text):
        separator, text = match[1], text[match.end() :]
    separator = separator or _separator(text)
    if separator is None:
        raise not_a_workbook("văn bản thường, không phải bảng", SAVE_AS)
    draft = Draft(Sheet(SHEET_NAME, []))
    written = 0
    for row, values in enumerate(_records(text, separator)):
        for column, value in enumerate(values):
            if value:
                draft.put(row, column, value)
        written += min(len(values), MAX_COLUMNS)
        if written > MAX_CELLS:
            raise too_large(SHEET_NAME, row, len(values) - 1)
    return draft.finish()


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(len(text), 131_072))
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(text: str) -> str | None:
    """The first separator that parts most lines, and more than one of them into the same number of cells."""
    best: tuple[float, str] | None = None
    for separator in _SEPARATORS:
        widths = [
            len(values)
            for _, values in zip(range(_SAMPLE_LINES), _records(text, separator), strict=False)
            if any(values)
        ]
        parted = Counter(width for width in widths if width > 1)
        if not parted or max(parted.values()) < 2:
            continue
        share = sum(parted.values()) / len(widths)
        if share >= 0.5:
            return separator
        if parted.most_common(1)[0][0] > 2 and (best is None or share > best[0]):
            best = (share, separator)
    return best[1] if best else None
