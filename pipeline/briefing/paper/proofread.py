"""The finished PDF read back before anybody gets it: what must be there is there, what the page says can be read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from pipeline.briefing.paper.page_text import Shown, shown_texts
from pipeline.errors import GiaobanError

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MARKER = re.compile(rb"pdfaid:(part|conformance)\W+(\w)")
_PDFA = {b"part": b"3", b"conformance": b"A"}
_OUTSIDE = 0.5  # points
_QUOTED = 60  # characters


def proofread(pdf: bytes, printed: Iterable[str]) -> None:
    """GiaobanError with everything that is wrong with a finished PDF; `printed` are the texts of its page (HTML).

    Title, language, tags, the mark of PDF/A-3a, an alternative text for every figure; no text beyond the sheet; every
    number of the page, as often as it stands there, in the text that a reader extracts.
    """
    reader = PdfReader(BytesIO(pdf))
    shown = list(shown_texts(reader))
    found = [*_archive(reader), *_pictures(reader), *_outside(reader, shown), *_lost(printed, shown)]
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


def _outside(reader: PdfReader, shown: Iterable[Shown]) -> Iterator[str]:
    boxes = [tuple(map(float, page.mediabox)) for page in reader.pages]
    for one in shown:
        left, low, right, high = boxes[one.page - 1]
        is_across = one.left < left - _OUTSIDE or one.right > right + _OUTSIDE
        if one.text.strip() and (is_across or one.low < low - _OUTSIDE or one.high > high + _OUTSIDE):
            yield f"chữ ra ngoài trang {one.page}: “{_short(one.text)}”"


def _lost(printed: Iterable[str], shown: Iterable[Shown]) -> Iterator[str]:
    """Numbers of the page that are fewer in the text of the PDF; a head repeated on each page only adds to them."""
    texts = [unicodedata.normalize("NFC", text) for text in printed]
    read = [one.text for one in shown]
    lost = _numbers(texts) - _numbers(read)
    if not lost:
        return
    # a number at the end of a line may be broken, as in a file's name: then its text is whole but for the break
    whole = "".join("".join(read).split())
    for text in texts:
        missing = [number for number in _NUMBER.findall(text) if number in lost]
        if missing and "".join(text.split()) not in whole:
            yield f"không đọc lại được số {missing[0]} của “{_short(text)}” từ tệp PDF"


def _numbers(texts: Iterable[str]) -> Counter[str]:
    return Counter(number for text in texts for number in _NUMBER.findall(text))


def _short(text: str) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= _QUOTED else clean[: _QUOTED - 1] + "…"
