"""The sheet, its margins, and the page numbers."""

from __future__ import annotations

import re

from pipeline.proof.components import BODY_ROLES, Found, Section
from pipeline.proof.document import BLOCK_ROLES, Page
from pipeline.proof.geometry import Box
from pipeline.proof.measuring import Case, Check, Checks, Place, measure, mm, place_of, quoted

_LEADING = 1.0  # mm: free room over the letters of a line, more than the tolerance
_TOGETHER = 2  # lines that stay together at the foot or head of a page
_PARAGRAPH_GAP = 2.1  # mm
_SPACING = 1.5  # the widest line spacing


@measure("khổ giấy", lambda case: f"{case.bounds('mm').replace(' hoặc ', ' x ')}, mọi trang")
def page_size(case: Case) -> Checks:
    tolerance = case.profile.tolerance.length
    for page in case.document.pages:
        pairs = zip(sorted((page.width, page.height)), sorted(case.rule.values), strict=True)
        is_met = all(abs(side - wanted) <= tolerance for side, wanted in pairs)
        yield Check(is_met, f"{mm(page.width)} x {mm(page.height)}", Place(page.number, 0, 0))


@measure("chiều giấy", "theo chiều dài; theo chiều rộng chỉ khi phần đó có bảng")
def orientation(case: Case) -> Checks:
    """Page 1 upright; of the pages on their side in a section one at least holds a table."""
    with_tables = {table.page for table in case.findings.data_tables}
    for section in case.findings.sections:
        pages = case.document.pages[section.first - 1 : section.last]
        lying = {page.number for page in pages if page.is_landscape}
        for page in pages:
            is_met = not page.is_landscape or (page.number > 1 and bool(lying & with_tables))
            yield Check(is_met, f"theo chiều {'rộng' if page.is_landscape else 'dài'}", Place(page.number, 0, 0))


@measure("lề", lambda case: case.bounds("mm"))
def margin(case: Case) -> Checks:
    """Nothing but margin lines nearer to the edge on any page, and the text reaching as far as the margin allows.

    That it does is judged on the page that comes nearest to the edge, of the pages of one orientation; at the foot
    on every page where the paragraph that begins the next one would still have had room.
    """
    tolerance = case.profile.tolerance.length
    edge, least, most = case.rule.edge or "top", case.rule.min or 0, case.rule.max
    for is_landscape in (False, True):
        pages = [page for page in case.document.pages if page.is_landscape == is_landscape and page.text_box]
        measured = [(_distance(page, edge), page) for page in pages]
        too_near = [(distance, page) for distance, page in measured if distance < least - tolerance]
        for distance, page in too_near:
            yield Check(False, mm(distance), _edge_place(page, edge))
        if not measured or too_near:
            continue
        judged = [min(measured, key=lambda one: one[0])] if edge != "bottom" else measured
        for distance, page in judged:
            room = _room(case, page) if edge == "bottom" else _LEADING if edge == "top" else tolerance
            yield Check(room is None or most is None or distance <= most + room, mm(distance), _edge_place(page, edge))


def _room(case: Case, page: Page) -> float | None:
    """What the next page's first paragraph would have taken at the foot of this one; None where it is none.

    The last paragraph may go over with the signature, which is not to stand on a page alone.
    """
    section = next(section for section in case.findings.sections if section.first <= page.number <= section.last)
    tree = case.document.tree
    if tree is None or page.number == section.last:
        return None
    marked = (element for element in tree.walk() if any(mark[:1] == (page.number + 1,) for mark in element.own_marks))
    element = next(marked, tree).within(*BLOCK_ROLES)  # a picture has no text, so blocks alone do not tell
    first = next((block for block in case.document.blocks if block.element is element), None)
    is_last = any(found.block is first for found in case.findings.of.get("body", [])[-1:])
    if first is None or is_last or first.role not in BODY_ROLES or first.is_within("TD", "TH"):
        return None
    lines = first.lines if len(first.lines) <= 2 * _TOGETHER - 1 else first.lines[:_TOGETHER]
    return 2 * _PARAGRAPH_GAP + sum((line.bottom - line.top) * _SPACING for line in lines)


def _distance(page: Page, edge: str) -> float:
    text = page.text_box or Box(0, 0, page.width, page.height)
    return {
        "left": text.left, "top": text.top, "right": page.width - text.right, "bottom": page.height - text.bottom,
    }[edge]  # fmt: skip


def _edge_place(page: Page, edge: str) -> Place:
    text = page.text_box or Box(0, 0, 0, 0)
    at = {"right": (text.right, text.top), "bottom": (text.left, text.bottom)}
    return Place(page.number, *at.get(edge, (text.left, text.top)))


@measure("chữ trong trang giấy", "không chữ nào ra ngoài khổ giấy")
def inside_page(case: Case) -> Checks:
    for page in case.document.pages:
        outside = [
            run
            for run in page.runs
            if run.left < -0.1 or run.right > page.width + 0.1 or run.y < 0 or run.y > page.height
        ]
        for run in outside:
            yield Check(False, quoted(run.text.strip()), Place(page.number, run.left, run.y))
        if not outside:
            yield Check(True, "trong khổ giấy", Place(page.number, 0, 0))


@measure("số trang từ trang 2", "mỗi trang từ trang 2 có số trang")
def shown(case: Case) -> Checks:
    """Every page but the first of a section; appendices may show the number on their first page too."""
    numbered = {found.page for found in case.here}
    for section in case.findings.sections:
        for page in range(section.first + 1, section.last + 1):
            yield Check(page in numbered, "có" if page in numbered else "không thấy số trang", Place(page, 0, 0))


@measure("số trang ở trang 1", "trang 1 không hiển thị số trang")
def hidden_first(case: Case) -> Checks:
    first = [found for found in case.here if found.page == 1]
    yield from (Check(False, quoted(found.text), place_of(found.lines[0])) for found in first)
    if not first:
        yield Check(True, "không hiển thị", Place(1, 0, 0))


@measure("đánh số liên tục", "số trang đúng thứ tự từ 1 trong văn bản")
def counted(case: Case) -> Checks:
    """Page n of the main document shows n, whatever numerals it uses."""
    yield from _numbered(case, case.findings.sections[0])


@measure("đánh số riêng từng phụ lục", "mỗi phụ lục đánh số trang lại từ 1")
def restarted(case: Case) -> Checks:
    for section in case.findings.sections[1:]:
        yield from _numbered(case, section)


def _numbered(case: Case, section: Section) -> Checks:
    for found in case.here:
        if section.first <= found.page <= section.last:
            wanted = found.page - section.first + 1
            value = _value(found)
            yield Check(value == wanted, f"số {found.text}, đúng là {wanted}", place_of(found.lines[0]))


def _value(found: Found) -> int:
    """The number, also where it is written '- 2 -', 'Trang 2' or 'ii'."""
    digits = re.search(r"\d+", found.text)
    if digits:
        return int(digits[0])
    romans = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    values = [romans[letter] for letter in found.text.casefold() if letter in romans]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


@measure("vị trí", "trong phần lề trên")
def in_top_margin(case: Case) -> Checks:
    """Wholly above the text of its page."""
    for found in case.here:
        text = case.document.page(found.page).text_box
        limit = text.top if text else case.profile.margin("top")
        is_met = found.box.top > 0 and found.box.bottom <= limit
        yield Check(is_met, f"cách mép trên {mm(found.box.top)}", place_of(found.lines[0]))


@measure("khoảng cách đến mép trên", lambda case: case.bounds("mm"))
def from_top(case: Case) -> Checks:
    """From the edge of the sheet to the top of the figures, which are as high as capitals."""
    for found in case.here:
        line = found.lines[0]
        is_met = case.within(line.top, 3 * case.profile.tolerance.length)
        yield Check(is_met, mm(line.top), place_of(line))
