"""What the web interface shows of a printed document: its number of pages and a picture of the first."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pypdfium2

SCALE = 0.75  # pixels per point: the words can be read
SHADES = 16


def page_count(pdf: Path) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def first_page(pdf: Path) -> str:
    """The first page in shades of grey, as an image in Markdown that needs no other file."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=SCALE, grayscale=True).to_pil()
    png = io.BytesIO()
    picture.quantize(SHADES).save(png, "PNG")
    return f"![Trang 1](data:image/png;base64,{base64.b64encode(png.getvalue()).decode()})"
