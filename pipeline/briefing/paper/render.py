"""HTML to PDF/A-3a: own fonts and charts only, no network, every warning an error, the same bytes each time."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from weasyprint import HTML, Attachment
from weasyprint.logger import LOGGER
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from pipeline.briefing.charts.drawing import Chart
from pipeline.briefing.paper.fonts import Fonts, printed_texts
from pipeline.briefing.paper.proofread import proofread
from pipeline.briefing.paper.tagging import finish_tables
from pipeline.errors import GiaobanError

SCHEME = "giaoban:"
_TYPES = {"font": "font/ttf", "chart": "image/svg+xml"}


@dataclass(frozen=True)
class AttachedFile:
    """A file inside the PDF; relationship is one of PDF/A-3's words (Source, Data)."""

    name: str
    data: bytes
    description: str
    relationship: str


class PageCountError(GiaobanError):
    """A document of a fixed number of pages came out longer or shorter."""


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Serves giaoban:font/... and giaoban:chart/...; everything else stops the rendering."""

    def __init__(self, fonts: Fonts, charts: Mapping[str, Chart]) -> None:
        super().__init__(allowed_protocols=())
        self._files = {f"{SCHEME}font/{face.file}": face.data for face in fonts.faces}
        self._files |= {f"{SCHEME}chart/{chart.name}": chart.svg for chart in charts.values()}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self._files:
            raise FatalURLFetchingError(f"Văn bản đòi một tệp ngoài bộ tệp của báo cáo: {url}")
        kind = url.removeprefix(SCHEME).partition("/")[0]
        return URLFetcherResponse(url, self._files[url], {"Content-Type": _TYPES[kind]})


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint complains of, so that a silent gap becomes an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def render_pdf(
    html: str,
    fonts: Fonts,
    charts: Mapping[str, Chart],
    figures: Mapping[str, Iterable[str]],
    attached: Sequence[AttachedFile],
    document_date: date,
    identifier: bytes,
    sheets: int | None = None,
) -> bytes:
    """The PDF of a complete page; identifier (16 bytes) and document_date stand for the time of making.

    figures are the words of each fact, by key, as the page and its charts say them.
    With sheets it has to have that many pages, else PageCountError.
    Raises GiaobanError for a character the font lacks, an unknown resource, any warning of WeasyPrint or a
    missing system library, all of which would otherwise give other bytes or a hole in the page; and for what the
    finished file lacks (proofread).
    """
    if harfbuzz_subset is None:
        raise GiaobanError("Thiếu thư viện libharfbuzz-subset; đề nghị cài gói libharfbuzz-subset0 rồi in lại.")
    printed = printed_texts(html)
    fonts.check(" ".join(printed), "văn bản")
    for chart in charts.values():
        fonts.check(" ".join(printed_texts(chart.svg.decode("utf-8"))), f"biểu đồ '{chart.title}'")

    def finished(document: Any, pdf: Any) -> None:
        _count(len(document.pages), sheets)
        finish_tables(document, pdf)

    moment = datetime(document_date.year, document_date.month, document_date.day, tzinfo=UTC)
    with _fixed_time(moment), _collected_warnings() as warnings:
        try:
            pdf = HTML(string=html, base_url=SCHEME, url_fetcher=OwnFiles(fonts, charts)).write_pdf(
                font_config=FontConfiguration(),
                pdf_variant="pdf/a-3a",
                pdf_tags=True,
                pdf_identifier=identifier,
                finisher=finished,
                attachments=[
                    Attachment(
                        file_obj=BytesIO(file.data), name=file.name, description=file.description,
                        created=moment, modified=moment, relationship=file.relationship,
                    )
                    for file in attached
                ],
            )  # fmt: skip
        except FatalURLFetchingError as error:
            raise GiaobanError(str(error)) from error
    proofread(bytes(pdf), printed, figures)
    if warnings:
        raise GiaobanError("Không in được báo cáo, bộ dàn trang báo: " + "; ".join(dict.fromkeys(warnings)))
    return bytes(pdf)


def _count(pages: int, sheets: int | None) -> None:
    if sheets is not None and pages != sheets:
        raise PageCountError(f"Văn bản có {pages} trang, cần đúng {sheets} trang.")


@contextmanager
def _fixed_time(moment: datetime) -> Iterator[None]:
    """SOURCE_DATE_EPOCH of the document while it is made, then as it was."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _collected_warnings() -> Iterator[list[str]]:
    handler = _Warnings()
    LOGGER.addHandler(handler)
    try:
        yield handler.messages
    finally:
        LOGGER.removeHandler(handler)
