"""The text of a finished PDF as a reader's search sees it: composed letters, single spaces."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pypdfium2


def page_texts(pdf: Path | bytes) -> list[str]:
    """The text of each page, in order."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
