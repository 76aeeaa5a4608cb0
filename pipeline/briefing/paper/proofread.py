"""The finished PDF read back before anybody gets it: what must be there is there, what the page says can be read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

import pypdfium2
from pypdf import PdfReader

from pipeline.errors import GiaobanError

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MARKER = re.compile(rb"pdfaid:(part|conformance)\W+(\w)")
_PDFA = {b"part": b"3", b"conformance": b"A"}
_OUTSIDE = 0.5  # points
_QUOTED = 60  # characters


def proofread(pdf: bytes, printed: Iterable[str], figures: Mapping[str, Iterable[str]]) -> None:
    """GiaobanError with everything that is wrong with a finished PDF.

    printed are the texts of its page (HTML), figures the words of each fact by its key, as the page and its charts
    say them. Looked for: title, language, tags, the mark of PDF/A-3a, an alternative text for every figure; no text
    beyond the sheet; every number of the page, as often as it stands there, and every fact in the text that a reader
    extracts.
    """
    reader = PdfReader(BytesIO(pdf))
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage() for page in document]
        outside = list(_outside(pages, [tuple(map(float, page.mediabox)) for page in reader.pages]))
        read = [unicodedata.normalize("NFC", page.get_text_range()) for page in pages]
    texts = [unicodedata.normalize("NFC", text) for text in printed]
    whole = _squeezed("".join(read))
    found = [*_archive(reader), *_pictures(reader), *outside, *_lost(texts, read, whole), *_unread(figures, whole)]
    if found:
        raise GiaobanError("Báo cáo in ra không đạt, chưa ghi tệp: " + "; ".join(dict.fromkeys(found)) + ".")


def _archive(reader: PdfReader) -> Iterator[str]:
    catalog = _catalog(reader)
    information = reader.metadata
    if not (information and str(information.title or "").strip()):
        yield "văn bản không có tên (title)"
    if not str(catalog.get("/Lang", "")).strip():
        yield "văn bản không ghi ngôn ngữ (lang)"
    if "/StructTreeRoot" not in catalog:
        yield "văn bản không gắn thẻ cấu trúc"
    metadata = catalog["/Metadata"].get_object().get_data() if "/Metadata" in catalog else b""
    if dict(_MARKER.findall(metadata)) != _PDFA:
        yield "văn bản không mang dấu PDF/A-3a"


def _pictures(reader: PdfReader) -> Iterator[str]:
    """Figures of the structure tree without a word for those who cannot see them."""
    stack = [_catalog(reader).get("/StructTreeRoot")]
    while stack:
        element = stack.pop()
        element = element.get_object() if element is not None else None
        if isinstance(element, list):
            stack.extend(element)
        elif isinstance(element, dict):
            if element.get("/S") == "/Figure" and not str(element.get("/Alt", "")).strip():
                yield "có hình, biểu đồ không có văn bản thay thế (alt)"
            stack.append(element.get("/K"))


def _catalog(reader: PdfReader) -> Any:
    return reader.trailer["/Root"].get_object()


def _outside(pages: Iterable[pypdfium2.PdfTextPage], boxes: Iterable[tuple[float, ...]]) -> Iterator[str]:
    for number, (page, (left, low, right, high)) in enumerate(zip(pages, boxes, strict=True), 1):
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
