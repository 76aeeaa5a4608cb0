"""Workbooks that are zips, put together part by part: what no library at hand writes, or would not write so badly."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
ODS_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("fo", "fo"))
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """A .rels part: (last word of the type, target) of each relation, with ids rId1, rId2 ..."""
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'


def xlsx_bytes(
    rows: str, workbook: str = "", head: str = "", sheets: str = "", relation: tuple[str, str] | None = None
) -> bytes:
    """An xlsx with one sheet `Bieu`: rows is what stands in sheetData, the others are more elements of the workbook,
    before sheetData, in sheets, and one more relation of the workbook."""
    related = [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="Bieu" sheetId="1" r:id="rId1"/>{sheets}</sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(*related, *([relation] if relation else [])),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}">{head}<sheetData>{rows}</sheetData></worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}"></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}"></sst>',
        "[Content_Types].xml": "<Types/>",
    }
    return zipped(parts)


def ods_bytes(tables: str, styles: str = "", **parts: str) -> bytes:
    """An ods: tables is what stands in office:spreadsheet, styles in office:automatic-styles."""
    content = (
        f"<office:document-content {_ODS_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = parts.pop("manifest", "<manifest/>")
    return zipped({"mimetype": ODS_MIMETYPE, "content.xml": content, "META-INF/manifest.xml": manifest, **parts})


def xlsb_bytes(
    cells: Mapping[tuple[int, int], Any],
    hidden_rows: tuple[int, ...] = (),
    hidden_columns: tuple[int, ...] = (),
    is_hidden: bool = False,
) -> bytes:
    """An xlsb with one sheet `Biểu`. A cell is a text, a number or (value, style); style 1 is a percentage, style 2
    is struck through in .VnTime. An error is `#DIV/0!`."""
    state = struct.pack("<II", 1 if is_hidden else 0, 1)
    workbook = b"".join(
        [_record(131), _record(143), _record(156, state + _text("rId1") + _text("Biểu")), _record(144), _record(132)]
    )
    fonts = _font("Arial", 0) + _font(".VnTime", 0x08)
    formats = _record(44, struct.pack("<H", 164) + _text("0.0%"))
    layouts = b"".join(_record(47, struct.pack("<HHH", 0, *one).ljust(16, b"\0")) for one in ((0, 0), (164, 0), (0, 1)))
    styles = _record(278) + formats + fonts + _record(617, struct.pack("<I", 3)) + layouts + _record(618) + _record(279)
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, height, 0, width))
    if hidden_columns:
        sheet += _record(390)
        sheet += b"".join(_record(60, struct.pack("<IIIIH", one, one, 2048, 0, 1)) for one in hidden_columns)
        sheet += _record(391)
    sheet += _record(145)
    for row in sorted({row for row, _ in cells} | set(hidden_rows)):
        flags = 0x10 if row in hidden_rows else 0
        sheet += _record(0, struct.pack("<IIHBBB", row, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        for (_, column), value in sorted(one for one in cells.items() if one[0][0] == row):
            sheet += _cell(column, *(value if isinstance(value, tuple) else (value, 0)))
    sheet += _record(146) + _record(130)
    return zipped(
        {
            "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": relations(("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")),
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": styles,
        }
    )


def _cell(column: int, value: Any, style: int) -> bytes:
    head = struct.pack("<II", column, style)
    if value == "#DIV/0!":
        return _record(3, head + b"\x07")
    if isinstance(value, str):
        return _record(6, head + _text(value))
    return _record(5, head + struct.pack("<d", value))


def _font(name: str, options: int) -> bytes:
    return _record(43, struct.pack("<HH", 200, options).ljust(21, b"\0") + _text(name))


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(number: int, data: bytes = b"") -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    length = len(data)
    lengths = b""
    while True:
        length, low = length >> 7, length & 0x7F
        lengths += bytes([low | (0x80 if length else 0)])
        if not length:
            return head + lengths + data
