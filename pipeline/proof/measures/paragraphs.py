"""How the paragraphs of the body are set: justified, first line, room between them, line spacing."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from pipeline.proof.components import Found
from pipeline.proof.geometry import MM
from pipeline.proof.measuring import Case, Check, Checks, in_points, measure, mm, place_of, plain, pt, quoted
from pipeline.proof.structure import Element

_REACHES = 0.8  # mm: lines of a justified paragraph end together


@measure("canh đều hai lề", "các dòng (trừ dòng cuối) dài hết hai lề")
def justified(case: Case) -> Checks:
    """Every line but the last of a paragraph reaches the right edge of its column, every one but the first the left."""
    edges = _Columns(case)
    for found in case.here:
        left, right = edges.of(found)
        left = found.box.left if left is None else left
        off = [right - line.right for line in found.lines[:-1]] + [line.left - left for line in found.lines[1:]]
        if off:
            worst = max(off, key=abs)
            said = f"có dòng hụt {mm(worst)} ở {quoted(found.text, 40)}"
            yield Check(abs(worst) <= _REACHES, said, place_of(found.lines[0]))


@measure("lùi dòng đầu", lambda case: case.bounds("mm"))
def first_line(case: Case) -> Checks:
    """How far the first line begins to the right of the others; the rest of a paragraph on a new page has none."""
    edges = _Columns(case)
    before: Found | None = None
    for found in case.here:
        goes_on = before is not None and _goes_on(before, found, edges)
        before = found
        if goes_on:
            continue
        left = edges.of(found)[0]
        if left is None:
            continue
        indent = found.lines[0].left - left
        is_met = case.within(indent, case.profile.tolerance.length)
        yield Check(is_met, f"{mm(indent)} ở {quoted(found.text, 40)}", place_of(found.lines[0]))


@measure("khoảng cách giữa các đoạn", lambda case: case.bounds("pt"))
def between(case: Case) -> Checks:
    """The room beyond the line spacing between two paragraphs that follow each other on a page."""
    blocks = case.document.blocks
    places = {id(block): place for place, block in enumerate(blocks)}
    usual = _usual_spacing(case)
    for above, found in pairwise(case.here):
        adjacent = places[id(found.block)] == places[id(above.block)] + 1 and above.page == found.page
        first, last = found.lines[0], above.lines[-1]
        if not adjacent or first.y <= last.y:
            continue
        pitches = [median(_pitch(one) or [usual * one.lines[0].size]) for one in (above, found)]
        room = in_points(first.y - last.y) - sum(pitches) / 2
        said = f"{pt(room)} trên {quoted(found.text, 40)}"
        yield Check(case.within(room, case.profile.tolerance.spacing), said, place_of(first))


@measure("cách dòng", lambda case: case.bounds("dòng đơn"))
def line_spacing(case: Case) -> Checks:
    """From baseline to baseline within a paragraph, in single-spaced lines of its size."""
    for found in case.here:
        pitches = _pitch(found)
        if pitches:
            lines = median(pitches) / (found.lines[0].size * case.profile.single_spacing)
            said = f"{plain(lines)} dòng đơn ở {quoted(found.text, 40)}"
            yield Check(case.within(lines, 0.02), said, place_of(found.lines[0]))


class _Columns:
    """Left and right edge of the column in which a paragraph stands: that of its siblings on the page."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._left: dict[tuple[int, int], float] = {}
        self._right: dict[tuple[int, int], float] = {}
        for found in case.here:
            key = self._key(found)
            self._right[key] = max([self._right.get(key, 0), *(line.right for line in found.lines)])
            lefts = [line.left for line in found.lines[1:]]
            if lefts:
                self._left[key] = min([self._left.get(key, lefts[0]), *lefts])

    @staticmethod
    def _around(found: Found) -> Element | None:
        """The nearest element around the paragraph that is no list."""
        around = found.block.element.parent if found.block and found.block.element else None
        while around is not None and around.role in ("L", "LI", "LBody", "NonStruct"):
            around = around.parent
        return around

    def _key(self, found: Found) -> tuple[int, int]:
        return found.page, id(self._around(found))

    def of(self, found: Found) -> tuple[float | None, float]:
        """The edges of its column; a frame in which every paragraph is one line does not show its left edge."""
        key, around = self._key(found), self._around(found)
        left = self._left.get(key)
        if left is None and around is not None and around.role == "Document":
            left = self._case.findings.text_area(self._case.document.page(found.page)).left
        return min((line.left for line in found.lines[1:]), default=left), self._right[key]


def _goes_on(before: Found, found: Found, edges: _Columns) -> bool:
    """Whether this is the rest of the paragraph at the foot of the page before."""
    if found.page == before.page:
        return False
    left = edges.of(found)[0]
    is_flush = left is not None and abs(found.lines[0].left - left) <= _REACHES
    return is_flush and abs(before.lines[-1].right - edges.of(before)[1]) <= _REACHES


def _pitch(found: Found) -> list[float]:
    """Distances between the baselines of a paragraph's lines, in points."""
    return [(after.y - line.y) / MM for line, after in pairwise(found.lines) if line.page == after.page]


def _usual_spacing(case: Case) -> float:
    """Line spacing in ems of most paragraphs; that of single lines where none has two."""
    spacings = [pitch / found.lines[0].size for found in case.here for pitch in _pitch(found)]
    return median(spacings or [case.profile.single_spacing])
