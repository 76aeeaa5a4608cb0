"""The text that a PDF of ours shows, read back from its finished bytes: quick, for the writer is always the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from pypdf import PdfReader

Matrix = tuple[float, float, float, float, float, float]
# all that a text needs of a content stream: fonts, places, glyphs, forms drawn, states saved
_TOKEN = re.compile(
    rb"/(?P<font>[^\s/]+) (?P<size>[\d.]+) Tf|(?P<numbers>(?:-?[\d.]+ ){6})(?P<matrix>Tm|cm)"
    rb"|\[(?P<glyphs>[^\]]*)\] TJ|/(?P<form>[^\s/]+) Do|(?<!\S)(?P<word>q|Q|BT|ET)(?!\S)"
)
_GLYPHS = re.compile(rb"<([0-9a-fA-F]*)>|(-?[\d.]+)")
_MEANING = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_UNKNOWN = "\ufffd"


class Shown(NamedTuple):
    """Text drawn at once; the ends of its baseline in points from the page's lower left corner."""

    page: int
    text: str
    left: float
    right: float
    low: float
    high: float


class _Font(NamedTuple):
    meanings: dict[int, str]
    widths: dict[int, float]  # thousandths of the size


def shown_texts(reader: PdfReader) -> Iterator[Shown]:
    """Everything drawn, page by page (from 1) in the order of drawing; an unreadable glyph is U+FFFD."""
    fonts: dict[int, _Font] = {}
    for number, page in enumerate(reader.pages, 1):
        yield from _shown(number, page.get_contents(), page["/Resources"], (1, 0, 0, 1, 0, 0), fonts)


def _shown(page: int, stream: Any, resources: Any, ctm: Matrix, fonts: dict[int, _Font]) -> Iterator[Shown]:
    if stream is None:
        return
    resources = resources.get_object()
    saved: list[Matrix] = []
    text: Matrix = ctm
    font, size, piece, corners = _Font({}, {}), 0.0, "", list[tuple[float, float]]()
    for token in _TOKEN.finditer(stream.get_data()):
        match token.lastgroup:
            case "size":
                font, size = _font(resources["/Font"][f"/{token['font'].decode()}"], fonts), float(token["size"])
            case "matrix":
                own: Any = tuple(map(float, token["numbers"].split()))
                if token["matrix"] == b"cm":
                    ctm = _times(own, ctm)
                else:
                    text = own
            case "glyphs":
                words, advance = _read(token["glyphs"], font, size)
                corners += [_point(_times(text, ctm), 0), _point(_times(text, ctm), advance)]
                piece, text = piece + words, _times((1, 0, 0, 1, advance, 0), text)
            case "form":
                form = resources["/XObject"][f"/{token['form'].decode()}"].get_object()
                if form["/Subtype"] == "/Form":
                    inner: Any = tuple(map(float, form.get("/Matrix", (1, 0, 0, 1, 0, 0))))
                    yield from _shown(page, form, form.get("/Resources", resources), _times(inner, ctm), fonts)
            case "word" if token["word"] == b"q":
                saved.append(ctm)
            case "word" if token["word"] == b"Q" and saved:
                ctm = saved.pop()
            case "word" if token["word"] == b"ET" and corners:
                across, up = zip(*corners, strict=True)
                said = unicodedata.normalize("NFC", piece)
                yield Shown(page, said, min(across), max(across), min(up), max(up))
                piece, corners = "", []


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _point(matrix: Matrix, x: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[4], matrix[1] * x + matrix[5]


def _read(glyphs: bytes, font: _Font, size: float) -> tuple[str, float]:
    """The letters of `[<0012>30<0013>]`, and how far they reach."""
    letters, advance = [], 0.0
    for code, shift in _GLYPHS.findall(glyphs):
        if shift:
            advance -= float(shift)
        for place in range(0, len(code), 4):
            glyph = int(code[place : place + 4], 16)
            letters.append(font.meanings.get(glyph, _UNKNOWN))
            advance += font.widths.get(glyph, 0)
    return "".join(letters), advance * size / 1000


def _font(reference: Any, fonts: dict[int, _Font]) -> _Font:
    source = reference.get_object()
    if id(source) not in fonts:
        meanings = {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in _MEANING.findall(_bodies(source["/ToUnicode"].get_object().get_data()))
        }
        widths: dict[int, float] = {}
        held = source["/DescendantFonts"][0].get_object().get("/W", [])
        for first, several in zip(held[::2], held[1::2], strict=False):
            widths |= {int(first) + place: float(width) for place, width in enumerate(several)}
        fonts[id(source)] = _Font(meanings, widths)
    return fonts[id(source)]


def _bodies(table: bytes) -> bytes:
    """The pairs of a ToUnicode table without its ranges of codes."""
    return b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL))
