"""Readable by everybody: tags, language, title, bookmarks, table heads, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pipeline.proof.components import Found
from pipeline.proof.document import HEADING_ROLES, Block
from pipeline.proof.measuring import Case, Check, Checks, Place, measure, place_of, place_of_box, quoted
from pipeline.proof.structure import Element
from pipeline.vietnamese import fold

_FILE_NAME = re.compile(r"^\S+\.\w{2,4}$")


@measure("gắn thẻ cấu trúc", "mọi chữ nằm trong cây cấu trúc hoặc ở lề trang")
def tagged(case: Case) -> Checks:
    if case.document.tree is None or not _is_set(case, "/MarkInfo", "/Marked"):
        yield Check(False, "văn bản không gắn thẻ")
        return
    for page in case.document.pages:
        area = case.findings.text_area(page)
        loose = [line for line in page.margin_lines if line.bottom > area.top and line.top < area.bottom]
        yield from (Check(False, f"chữ ngoài cây cấu trúc: {quoted(line.text)}", place_of(line)) for line in loose)
        if not loose:
            yield Check(True, "đã gắn thẻ", Place(page.number, 0, 0))


@measure("thứ tự đọc", "thứ tự trong cây cấu trúc như thứ tự trên trang")
def reading_order(case: Case) -> Checks:
    """No paragraph stands above the one read before it, unless beside it."""
    if case.document.tree is None:
        return
    blocks = [block for block in case.document.blocks if not block.is_within("TD", "TH", "Figure", "Caption")]
    for before, block in pairwise(blocks):
        this, last = _box(block), _box(before)
        beside = this.box.left >= last.box.right or this.box.right <= last.box.left
        is_met = block.page > before.page or (block.page == before.page and (beside or this.box.top >= last.box.top))
        yield Check(is_met, f"{quoted(block.text, 40)} đọc sau {quoted(before.text, 40)}", place_of(block.lines[0]))


def _box(block: Block) -> Found:
    return Found(block.lines, block)


@measure("ngôn ngữ", "tiếng Việt (vi)")
def language(case: Case) -> Checks:
    said = str(case.document.catalog.get("/Lang", ""))
    yield Check(said.casefold().split("-")[0] == "vi", quoted(said) if said else "không ghi")


@measure("tên tài liệu", "có tên, hiện trên thanh tiêu đề")
def title(case: Case) -> Checks:
    information = case.document.reader.metadata
    said = str(information.title or "") if information else ""
    is_met = bool(said.strip()) and _is_set(case, "/ViewerPreferences", "/DisplayDocTitle")
    yield Check(is_met, quoted(said) if said else "không có tên")


def _is_set(case: Case, dictionary: str, key: str) -> bool:
    found = case.document.catalog.get(dictionary)
    return found is not None and getattr(found.get_object().get(key), "value", False)


@measure("dấu trang", "mỗi mục và phụ lục có dấu trang dẫn đến đúng trang")
def bookmarks(case: Case) -> Checks:
    """For every component named by `words`, an entry with its text that leads to its page."""
    entries = {(fold(text), page) for text, page in _outline(case)}
    for name in case.rule.words:
        for found in case.findings.of[name]:
            is_met = (fold(found.text), found.page) in entries
            yield Check(is_met, quoted(found.text), place_of(found.lines[0]))


def _outline(case: Case) -> Iterator[tuple[str, int]]:
    """(title, page from 1) of every bookmark."""

    def walk(entries: Any) -> Iterator[tuple[str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry)
            else:
                page = case.document.reader.get_destination_page_number(entry)
                yield str(entry.title), (page + 1 if page is not None else 0)

    yield from walk(case.document.reader.outline)


@measure("cấp tiêu đề", "các cấp tiêu đề nối tiếp, không nhảy cấp")
def heading_levels(case: Case) -> Checks:
    level: int | None = None
    for block in case.document.blocks:
        if block.role in HEADING_ROLES and block.role != "H":
            this = int(block.role[1])
            level = this if level is None else level
            said = f"{block.role} sau cấp {level}: {quoted(block.text, 40)}"
            yield Check(this <= level + 1, said, place_of(block.lines[0]))
            level = this


@measure("tiêu đề bảng", "mỗi bảng, mỗi phần của bảng sang trang có hàng tiêu đề")
def table_heads(case: Case) -> Checks:
    """A table element without a head is also one that only lays out the page and should be none."""
    for table in _tables(case):
        has_heads = any(element.role == "TH" for element in table.walk())
        yield Check(has_heads, "có hàng tiêu đề" if has_heads else "không có ô tiêu đề (TH)", _where(case, table))


@measure("gắn ô với tiêu đề", "mỗi ô số liệu gắn với ô tiêu đề của cột nó")
def header_cells(case: Case) -> Checks:
    """Every cell with text names the head right above it, unless all heads say whether they are of a row or column."""
    for table in _tables(case):
        heads = [element for element in table.walk() if element.role == "TH"]
        if not heads or all(head.scope for head in heads):
            continue
        lost = []
        above: dict[int, str] = {}
        for cell, column in _grid(table):
            columns = range(column, column + cell.column_span)
            if cell.role == "TH":
                above |= dict.fromkeys(columns, cell.identifier)
            elif cell.marks and not any(above.get(one) in cell.headers for one in columns):
                lost.append(cell)
        said = f"{len(lost)} ô không gắn hoặc gắn nhầm tiêu đề" if lost else "đã gắn"
        yield Check(not lost, said, _where(case, lost[0] if lost else table))


def _grid(table: Element) -> Iterator[tuple[Element, int]]:
    """Each cell with its first column, counting what rows above reach down."""
    reaching: dict[int, int] = {}
    for row in (element for element in table.walk() if element.role == "TR"):
        column = 0
        taken = {place for place, rows in reaching.items() if rows > 0}
        reaching = {place: rows - 1 for place, rows in reaching.items()}
        for cell in row.children("TH", "TD"):
            while column in taken:
                column += 1
            yield cell, column
            for place in range(column, column + cell.column_span):
                reaching[place] = cell.row_span - 1
            column += cell.column_span


@measure("tên bảng", "mỗi bảng, mỗi phần của bảng sang trang có tên bảng")
def table_captions(case: Case) -> Checks:
    """A caption, or a first head row of one cell over all columns, which is repeated with the head."""
    for table in _tables(case):
        if not any(element.role == "TH" for element in table.walk()):
            continue
        rows = [element for element in table.walk() if element.role == "TR"]
        widths = [sum(cell.column_span for cell in row.children("TH", "TD")) for row in rows]
        first = rows[0].children("TH", "TD") if rows else []
        is_named = any(element.role == "Caption" and element.marks for element in table.walk())
        is_named |= len(first) == 1 and first[0].role == "TH" and widths[0] == max(widths)
        yield Check(is_named, "có tên bảng" if is_named else "không có tên bảng", _where(case, table))


def _tables(case: Case) -> list[Element]:
    tree = case.document.tree
    return [element for element in tree.walk() if element.role == "Table"] if tree else []


@measure("văn bản thay thế của hình", "mỗi hình, biểu đồ có văn bản thay thế nói nội dung")
def alternatives(case: Case) -> Checks:
    tree = case.document.tree
    for figure in (element for element in tree.walk() if element.role == "Figure") if tree else ():
        said = figure.alternative
        is_met = bool(said) and not _FILE_NAME.match(said)
        yield Check(is_met, quoted(said) if said else "không có", _where(case, figure))


def _where(case: Case, element: Element) -> Place:
    """Where the first text of an element stands; the page's corner for a picture."""
    for page, mcid in element.marks:
        for run in case.document.page(page).runs:
            if run.mcid == mcid:
                return Place(page, run.left, run.y)
        for stroke in case.document.page(page).strokes:
            if stroke.mcid == mcid:
                return place_of_box(page, stroke.box)
    return Place(max(element.page, 1), 0, 0)


@measure("giải thích ký hiệu", lambda case: case.rule.expected or "")
def legend(case: Case) -> Checks:
    """Where a cell of a section shows nothing but a sign of `words`, a line of that section explains it."""
    for section in case.findings.sections:
        cells = [
            block for block in case.document.blocks
            if section.first <= block.page <= section.last
            and block.text in case.rule.words
            and case.findings.table_of(block) in case.findings.data_tables
        ]  # fmt: skip
        notes = [found for found in case.other if section.first <= found.page <= section.last]
        if cells:
            signs = ", ".join(sorted({quoted(block.text) for block in cells}))
            explained = all(any(block.text in found.text for found in notes) for block in cells)
            yield Check(explained, f"ký hiệu {signs}", place_of(cells[0].lines[0]))
