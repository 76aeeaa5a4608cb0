"""Tables in the structure tree: each piece with its caption, each cell with the heads of its columns."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from pipeline.briefing.paper.render import render_pdf
from pipeline.proof.structure import Element, structure

NAME = '<tr><th colspan="4">Hộ nghèo theo đơn vị</th></tr>'
HEADS = """<tr><th rowspan="2">Đơn vị</th><th colspan="2">Số hộ</th><th rowspan="2">Tỷ lệ</th></tr>
<tr><th>Đầu năm</th><th>Cuối kỳ</th></tr>"""
ROWS = "".join(f"<tr><td>Đơn vị {row}</td><td>{row}</td><td>{row + 1}</td><td>1</td></tr>" for row in range(90))


@pytest.fixture(scope="module")
def tables(fonts) -> list[Element]:
    html = f"""<html lang="vi"><head><title>Bảng</title><style>
    {"".join(f"@font-face {{ font-family: F; src: url(giaoban:font/{face.file}) }}" for face in fonts.faces[:1])}
    html {{ font-family: F }}</style></head><body>
    <table><thead>{NAME}{HEADS}</thead><tbody>{ROWS}</tbody></table>
    <table><thead><tr><th>Một cột</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></body></html>"""
    tree = structure(PdfReader(BytesIO(render_pdf(html, fonts, {}, {}, [], date(2030, 1, 2), bytes(16)))))
    assert tree is not None
    return [element for element in tree.walk() if element.role == "Table"]


def texts(table: Element, role: str) -> list[Element]:
    return [element for element in table.walk() if element.role == role]


def test_every_piece_of_a_long_table_has_its_caption_before_its_head(tables):
    pieces = tables[:-1]
    assert len(pieces) > 1 and len({piece.page for piece in pieces}) == len(pieces)
    for piece in pieces:
        assert [kid.role for kid in piece.children("Caption", "THead", "TBody")] == ["Caption", "THead", "TBody"]
        assert piece.children("Caption")[0].marks
        assert len(texts(piece, "TH")) == 5


def test_a_cell_names_both_heads_of_its_column_and_no_others(tables):
    units, counts, rate, opening, closing = (head.identifier for head in texts(tables[0], "TH"))
    first = texts(tables[0], "TD")[:4]
    assert [cell.headers for cell in first] == [(units,), (counts, opening), (counts, closing), (rate,)]
    assert len({units, counts, rate, opening, closing}) == 5


def test_a_table_of_one_column_keeps_its_only_head(tables):
    assert not texts(tables[-1], "Caption")
    (head,) = texts(tables[-1], "TH")
    assert texts(tables[-1], "TD")[0].headers == (head.identifier,)
