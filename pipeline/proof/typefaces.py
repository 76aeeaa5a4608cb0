"""A font of a PDF: its family and style, whether it is embedded, and what its codes mean and how wide they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLE_WORDS = re.compile(r"(bold|italic|oblique|regular|roman(?=$)|psmt|ps|mt)", re.IGNORECASE)
_ITALIC_FLAG, _BOLD_FLAG = 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_UNKNOWN = "\ufffd"
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[(.*?)\])", re.DOTALL)


@dataclass(frozen=True)
class Typeface:
    """One font resource. Widths are thousandths of the font size; a code without meaning reads U+FFFD."""

    name: str
    is_bold: bool
    is_italic: bool
    is_embedded: bool
    has_unicode: bool
    code_length: int
    _letters: dict[int, str] = field(repr=False)
    _widths: dict[int, float] = field(repr=False)
    _default_width: float = 1000.0

    @property
    def family(self) -> str:
        """The name without subset tag, style words and separators: 'timesnewroman'."""
        return re.sub(r"[^a-z0-9]", "", _STYLE_WORDS.sub("", self.name).casefold())

    def read(self, data: bytes) -> Iterator[tuple[int, str, float]]:
        """Each code of a shown string with its text and its width."""
        for start in range(0, len(data) - self.code_length + 1, self.code_length):
            code = int.from_bytes(data[start : start + self.code_length], "big")
            yield code, self._letters.get(code, _UNKNOWN), self._widths.get(code, self._default_width)


def typeface(font: Any) -> Typeface:
    """From a font dictionary; composite fonts are read with two-byte codes, as every writer of Vietnamese uses."""
    is_composite = font.get("/Subtype") == "/Type0"
    described = font["/DescendantFonts"][0].get_object() if is_composite else font
    descriptor = described.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else {}
    name = _SUBSET.sub("", str(font.get("/BaseFont", "/")).lstrip("/"))
    flags = int(descriptor.get("/Flags", 0))
    weight = float(descriptor.get("/FontWeight", 0))
    to_unicode = font.get("/ToUnicode")
    if to_unicode is not None:
        letters = _letters(to_unicode.get_object().get_data())
    else:
        letters = {} if is_composite else {code: bytes([code]).decode("cp1252", "replace") for code in range(256)}
    return Typeface(
        name=name,
        is_bold="bold" in name.casefold() or weight >= _BOLD_WEIGHT or bool(flags & _BOLD_FLAG),
        is_italic=bool(re.search("italic|oblique", name, re.IGNORECASE)) or bool(flags & _ITALIC_FLAG),
        is_embedded=any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")),
        has_unicode=to_unicode is not None,
        code_length=2 if is_composite else 1,
        _letters=letters,
        _widths=_composite_widths(described) if is_composite else _simple_widths(font),
        _default_width=float(described.get("/DW", 1000)) if is_composite else 500.0,
    )


def _composite_widths(described: Any) -> dict[int, float]:
    """/W: `first [w w ...]` or `first last w`, any number of times."""
    found: dict[int, float] = {}
    entries = [entry.get_object() for entry in described.get("/W", [])]
    place = 0
    while place < len(entries) - 1:
        first, second = int(entries[place]), entries[place + 1]
        if isinstance(second, list):
            found |= {first + offset: float(width) for offset, width in enumerate(second)}
            place += 2
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(entries[place + 2]))
            place += 3
    return found


def _simple_widths(font: Any) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    return {first + offset: float(width) for offset, width in enumerate(font.get("/Widths", []))}


def _letters(cmap: bytes) -> dict[int, str]:
    """Code to text, from a ToUnicode map."""
    found: dict[int, str] = {}
    for kind, body in _SECTION.findall(cmap):
        if kind == b"bfchar":
            codes = [_bytes(one) for one in _HEX.findall(body)]
            found |= {_number(code): _text(text) for code, text in zip(codes[::2], codes[1::2], strict=False)}
            continue
        for first, last, start, listed in _RANGE.findall(body):
            low, high = _number(_bytes(first)), _number(_bytes(last))
            if listed:
                texts = [_text(_bytes(one)) for one in _HEX.findall(listed)]
                found |= dict(zip(range(low, high + 1), texts, strict=False))
            else:
                text = _text(_bytes(start))
                found |= {low + offset: text[:-1] + chr(ord(text[-1]) + offset) for offset in range(high - low + 1)}
    return found


def _bytes(hexadecimal: bytes) -> bytes:
    return bytes.fromhex(hexadecimal.decode("ascii"))


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _text(data: bytes) -> str:
    return data.decode("utf-16-be", "replace") or _UNKNOWN
