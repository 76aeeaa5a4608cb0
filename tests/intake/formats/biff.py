"""A minimal xls written record by record, in BIFF8 or BIFF5, inside the smallest OLE container that holds it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

SECTOR = 512
BIFF8, BIFF5 = 0x0600, 0x0500


@dataclass
class Font:
    name: str = "Arial"
    is_struck: bool = False


@dataclass
class XlsSheet:
    """Cells by (row, column): a text, a number, a bool or an error code (`Error`)."""

    name: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)  # number of the style, 0 where not named
    runs: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)  # (start, number of the font)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, bottom, left, right
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False


@dataclass
class Error:
    code: int


def xls_bytes(
    sheets: list[XlsSheet],
    version: int = BIFF8,
    fonts: tuple[Font, ...] = (Font(),),
    styles: tuple[tuple[int, str], ...] = ((0, "General"),),  # (number of the font, number format)
    codepage: int = 1252,
    is_locked: bool = False,
) -> bytes:
    """The bytes of an xls; `is_locked` writes the mark of a password, nothing more."""
    writer = _Writer(version, codepage)
    bodies = [writer.sheet(sheet) for sheet in sheets]
    head = writer.bof(0x0005)
    if is_locked:
        head += _record(0x2F, struct.pack("<HHH", 0, 0x1234, 0x5678))
    head += _record(0x42, struct.pack("<H", 1200 if version == BIFF8 else codepage))
    head += b"".join(writer.font(font) for font in [*fonts, *[Font()] * max(0, 4 - len(fonts))])
    codes = sorted({code for _, code in styles})
    head += b"".join(_record(0x41E, struct.pack("<H", 164 + at) + writer.text(code, wide_length=version == BIFF8))
                     for at, code in enumerate(codes))  # fmt: skip
    head += b"".join(writer.style(font, 164 + codes.index(code)) for font, code in styles)
    bounds_length = sum(len(writer.bound(sheet, 0)) for sheet in sheets)
    at = len(head) + bounds_length + len(writer.shared_texts()) + len(_record(0x0A, b""))
    for sheet, body in zip(sheets, bodies, strict=True):
        head += writer.bound(sheet, at)
        at += len(body)
    stream = head + writer.shared_texts() + _record(0x0A, b"") + b"".join(bodies)
    return ole_bytes({"Workbook" if version == BIFF8 else "Book": stream})


def ole_bytes(streams: dict[str, bytes]) -> bytes:
    """An OLE container with these streams below its root, each long enough to need no small sectors."""
    sectors: list[bytes] = []
    chains: list[int] = []
    starts: list[tuple[int, int]] = []
    for content in streams.values():
        padded = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        first = 2 + len(sectors)  # sector 0 is the allocation table, sector 1 the directory
        count = len(padded) // SECTOR
        starts.append((first, len(padded)))
        chains += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += [padded[at : at + SECTOR] for at in range(0, len(padded), SECTOR)]
    table = [0xFFFFFFFD, 0xFFFFFFFE, *chains]
    assert len(table) <= SECTOR // 4
    table += [0xFFFFFFFF] * (SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, child=1)]
    for number, (name, (first, length)) in enumerate(zip(streams, starts, strict=True), start=1):
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, first, length, right=right))
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<I", 0) + b"\xff" * (SECTOR - len(header) - 4)
    return header + struct.pack(f"<{len(table)}I", *table) + directory + b"".join(sectors)


def _entry(
    name: str, kind: int, first: int = 0xFFFFFFFE, length: int = 0, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<III", first, length, 0)
    )


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


class _Writer:
    def __init__(self, version: int, codepage: int) -> None:
        self.version = version
        self.codepage = codepage
        self._texts: list[bytes] = []

    def bof(self, kind: int) -> bytes:
        tail = struct.pack("<II", 0, 6) if self.version == BIFF8 else b""
        return _record(0x809, struct.pack("<HHHH", self.version, kind, 0x0DBB, 0x07CC) + tail)

    def text(self, text: str, wide_length: bool = False, runs: list[tuple[int, int]] | None = None) -> bytes:
        if self.version == BIFF5:
            encoded = text.encode(f"cp{self.codepage}")
            return struct.pack("<H" if wide_length else "<B", len(encoded)) + encoded
        flags = 1 | (8 if runs else 0)
        count = struct.pack("<H", len(runs)) if runs else b""
        tail = b"".join(struct.pack("<HH", *run) for run in runs or [])
        head = struct.pack("<HB" if wide_length else "<BB", len(text), flags)
        return head + count + text.encode("utf-16-le") + tail

    def font(self, font: Font) -> bytes:
        options = 0x08 if font.is_struck else 0
        head = struct.pack("<HHHHHBBBB", 200, options, 0x7FFF, 400, 0, 0, 0, 0, 0)
        return _record(0x31, head + self.text(font.name))

    def style(self, font: int, code: int) -> bytes:
        size = 20 if self.version == BIFF8 else 16
        return _record(0xE0, struct.pack("<HHH", font, code, 1).ljust(size, b"\0"))

    def bound(self, sheet: XlsSheet, at: int) -> bytes:
        return _record(0x85, struct.pack("<IBB", at, 1 if sheet.is_hidden else 0, 0) + self.text(sheet.name))

    def shared_texts(self) -> bytes:
        if self.version == BIFF5:
            return b""
        count = len(self._texts)
        return _record(0xFC, struct.pack("<II", count, count) + b"".join(self._texts))

    def sheet(self, sheet: XlsSheet) -> bytes:
        body = self.bof(0x0010)
        for column in sheet.hidden_columns:
            body += _record(0x7D, struct.pack("<HHHHHH", column, column, 2048, 0, 1, 0))
        for row in sheet.hidden_rows:
            body += _record(0x208, struct.pack("<HHHHHHI", row, 0, 10, 255, 0, 0, 0x20 | 0x100))
        for place, value in sorted(sheet.cells.items()):
            body += self._cell(place, value, sheet.styles.get(place, 0), sheet.runs.get(place))
        if sheet.merged and self.version == BIFF8:
            ranges = b"".join(struct.pack("<HHHH", *one) for one in sheet.merged)
            body += _record(0xE5, struct.pack("<H", len(sheet.merged)) + ranges)
        return body + _record(0x0A, b"")

    def _cell(self, place: tuple[int, int], value: Any, style: int, runs: list[tuple[int, int]] | None) -> bytes:
        head = struct.pack("<HHH", *place, style)
        if isinstance(value, Error):
            return _record(0x205, head + struct.pack("<BB", value.code, 1))
        if isinstance(value, bool):
            return _record(0x205, head + struct.pack("<BB", value, 0))
        if isinstance(value, (int, float)):
            return _record(0x203, head + struct.pack("<d", value))
        if self.version == BIFF5:
            return _record(0x204, head + self.text(value, wide_length=True))
        self._texts.append(self.text(value, wide_length=True, runs=runs))
        return _record(0xFD, head + struct.pack("<I", len(self._texts) - 1))
