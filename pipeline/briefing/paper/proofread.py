"""The finished PDF read back before anybody gets it: what must be there is there, what the page says can be read."""

from __future__ import annotations

import ctypes
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import GiaobanError

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MARKER = re.compile(rb"pdfaid:(part|conformance)\W+(\w)")
_METADATA = re.compile(rb"/Type ?/Metadata\b[^>]*?/Length (?P<length>\d+)[^>]*>>\s*?stream\r?\n")
_PDFA = {b"part": b"3", b"conformance": b"A"}
_OUTSIDE = 0.5  # points
_QUOTED = 60  # characters
_LONGEST = 1 << 14  # bytes of an alternative text


def proofread(pdf: bytes, printed: Iterable[str], figures: Mapping[str, Iterable[str]]) -> None:
    """GiaobanError with everything that is wrong with a finished PDF.

    printed are the texts of its page (HTML), figures the words of each fact by its key, as the page and its charts
    say them. Looked for: title, language, tags, the mark of PDF/A-3a, an alternative text for every figure; no text
    beyond the sheet; every number of the page, as often as it stands there, and every fact in the text that a reader
    extracts.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        sheets = [(page.get_mediabox(), page.get_textpage()) for page in document]
        read = [unicodedata.normalize("NFC", page.get_text_range()) for _, page in sheets]
        found = [*_archive(document, pdf), *_structure(document), *_outside(sheets)]
    texts = [unicodedata.normalize("NFC", text) for text in printed]
    whole = _squeezed("".join(read))
    found += [*_lost(texts, read, whole), *_unread(figures, whole)]
    if found:
        raise GiaobanError("Báo cáo in ra không đạt, chưa ghi tệp: " + "; ".join(dict.fromkeys(found)) + ".")


def _archive(document: pypdfium2.PdfDocument, pdf: bytes) -> Iterator[str]:
    if not document.get_metadata_value("Title").strip():
        yield "văn bản không có tên (title)"
    if not _words(pdfium.FPDFCatalog_GetLanguage, document.raw, pdfium.FPDF_WCHAR).strip():
        yield "văn bản không ghi ngôn ngữ (lang)"
    if dict(_MARKER.findall(_metadata(pdf))) != _PDFA:
        yield "văn bản không mang dấu PDF/A-3a"


def _metadata(pdf: bytes) -> bytes:
    """The XMP packet, in which a file says what it obeys."""
    found = _METADATA.search(pdf)
    packet = pdf[found.end() : found.end() + int(found["length"])] if found else b""
    return zlib.decompress(packet) if found and b"/FlateDecode" in found[0] else packet


def _structure(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """Pages without tags, figures without a word for those who cannot see them."""
    for page in document:
        kinds = list(_elements(page))
        if not kinds:
            yield "văn bản không gắn thẻ cấu trúc"
        if ("Figure", "") in kinds:
            yield "có hình, biểu đồ không có văn bản thay thế (alt)"


def _elements(page: pypdfium2.PdfPage) -> Iterator[tuple[str, str]]:
    """(type, alternative text) of every element of the structure tree on a page."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return
    count, child = pdfium.FPDF_StructTree_CountChildren, pdfium.FPDF_StructTree_GetChildAtIndex
    waiting = [child(tree, place) for place in range(count(tree))]
    count, child = pdfium.FPDF_StructElement_CountChildren, pdfium.FPDF_StructElement_GetChildAtIndex
    while waiting:
        element = waiting.pop()
        if element:
            kind = _words(pdfium.FPDF_StructElement_GetType, element)
            alt = _words(pdfium.FPDF_StructElement_GetAltText, element) if kind == "Figure" else ""
            yield kind, alt.strip()
            waiting += [child(element, place) for place in range(count(element))]
    pdfium.FPDF_StructTree_Close(tree)


def _words(ask: Callable[..., int], of: Any, letter: Any = ctypes.c_char) -> str:
    """A text that pdfium writes into a buffer as UTF-16, two bytes of nought at its end."""
    held = ctypes.create_string_buffer(_LONGEST)
    length = ask(of, ctypes.cast(held, ctypes.POINTER(letter)), _LONGEST // ctypes.sizeof(letter))
    return held.raw[: max(length - 2, 0)].decode("utf-16-le")


def _outside(sheets: Iterable[tuple[tuple[float, ...], pypdfium2.PdfTextPage]]) -> Iterator[str]:
    for number, ((left, low, right, high), page) in enumerate(sheets, 1):
        for place in range(page.count_rects()):
            start, bottom, end, top = page.get_rect(place)
            is_across = start < left - _OUTSIDE or end > right + _OUTSIDE
            if is_across or bottom < low - _OUTSIDE or top > high + _OUTSIDE:
                text = page.get_text_bounded(start, bottom, end, top)
                yield f"chữ ra ngoài trang {number}: “{_short(text)}”"


def _lost(texts: list[str], read: list[str], whole: str) -> Iterator[str]:
    """Numbers of the page that are fewer in the text of the PDF; a head repeated on each page only adds to them."""
    lost = _numbers(texts) - _numbers(read)
    if not lost:
        return
    # a number at the end of a line may be broken, as in a file's name: then its text is whole but for the break
    for text in texts:
        missing = [number for number in _NUMBER.findall(text) if number in lost]
        if missing and _squeezed(text) not in whole:
            yield f"không đọc lại được số {missing[0]} của “{_short(text)}” từ tệp PDF"


def _unread(figures: Mapping[str, Iterable[str]], whole: str) -> Iterator[str]:
    """Facts of which the text of the PDF knows nothing."""
    for key, said in figures.items():
        for words in said:
            if _squeezed(unicodedata.normalize("NFC", words)) not in whole:
                yield f"không đọc lại được số liệu {key} (“{_short(words)}”) từ tệp PDF"


def _numbers(texts: Iterable[str]) -> Counter[str]:
    return Counter(number for text in texts for number in _NUMBER.findall(text))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= _QUOTED else clean[: _QUOTED - 1] + "…"
