"""Lines and boxes drawn around text: the rules under the heading, frames of marks, underlines."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.proof.components import Found
from pipeline.proof.content import Stroke
from pipeline.proof.geometry import MM, Box
from pipeline.proof.measuring import Case, Check, Checks, measure, mm, place_of, place_of_box, plain

_NEAR = 0.9  # ems below the baseline (above the letters) within which a line belongs to a text
_SAME = 0.5  # mm: sides of one frame meet


def _share(case: Case) -> str:
    low, high = case.rule.min or 0, case.rule.max or 0
    length = "bằng dòng chữ" if low == high else f"{plain(low)}-{plain(high)} dòng chữ, cân giữa"
    return f"nét liền, dài {length}"


@measure("đường kẻ bên dưới", _share)
def rule_below(case: Case) -> Checks:
    """One solid line under the last line of the text, its length a share of the widest line, in its middle."""
    for found in case.here:
        below = sorted(_below(case, found), key=lambda stroke: stroke.box.top)
        if not below:
            yield Check(False, "không có đường kẻ", place_of(found.lines[-1]))
            continue
        stroke = below[0]
        share = stroke.box.width / found.widest
        off = (stroke.box.left + stroke.box.right) / 2 - found.centre
        is_met = case.within(share, 2 * case.profile.tolerance.length / found.widest)
        is_met &= not stroke.is_dashed and abs(off) <= case.profile.tolerance.centre
        kind = "nét đứt" if stroke.is_dashed else "nét liền"
        said = f"{kind}, dài {mm(stroke.box.width)} = {plain(share)} dòng chữ, lệch {mm(off)}"
        yield Check(is_met, said, place_of_box(found.page, stroke.box))


@measure("đường kẻ bên dưới", "không có đường kẻ")
def no_rule_below(case: Case) -> Checks:
    for found in case.here:
        below = list(_below(case, found))
        yield Check(not below, f"có {len(below)} đường kẻ", place_of(found.lines[-1]))


@measure("gạch chân", "gạch chân suốt dòng chữ")
def underlined(case: Case) -> Checks:
    for found in case.here:
        line = found.lines[0]
        is_met = any(
            abs(stroke.box.left - line.left) <= 1 and abs(stroke.box.right - line.right) <= 1
            for stroke in _below(case, Found((line,)))
        )
        yield Check(is_met, "có gạch chân" if is_met else "không gạch chân", place_of(line))


@measure("đường kẻ bên trên", "một đường kẻ dài hết chiều ngang phần chữ")
def full_rule_above(case: Case) -> Checks:
    for found in case.here:
        page = case.document.page(found.page)
        line, wanted = found.lines[0], case.findings.text_area(page).width
        above = [
            stroke.box.width
            for stroke in page.strokes
            if stroke.is_horizontal and 0 < line.y - stroke.box.bottom < 2 * line.size * MM
        ]
        longest = max(above, default=0)
        is_met = abs(longest - wanted) <= 2 * case.profile.tolerance.centre
        yield Check(is_met, f"đường kẻ dài {mm(longest)}, phần chữ rộng {mm(wanted)}", place_of(line))


@measure("khung", lambda case: case.rule.expected or "khung một nét liền")
def framed(case: Case) -> Checks:
    """Four solid sides around the text and no second frame; `values` are width and height where prescribed."""
    for found in case.here:
        frames = list(_frames(case, found))
        if len(frames) != 1:
            yield Check(False, f"{len(frames)} khung", place_of(found.lines[0]))
            continue
        frame = frames[0]
        wanted = case.rule.values
        is_met = not wanted or (
            abs(frame.width - wanted[0]) <= 2 * case.profile.tolerance.length
            and abs(frame.height - wanted[1]) <= 2 * case.profile.tolerance.length
        )
        yield Check(is_met, f"khung {mm(frame.width)} x {mm(frame.height)}", place_of_box(found.page, frame))


def _below(case: Case, found: Found) -> Iterator[Stroke]:
    """Horizontal lines close under the last line of the text and within its reach."""
    last = found.lines[-1]
    for stroke in case.document.page(found.page).strokes:
        near = 0 < stroke.box.top - last.y < _NEAR * last.size * MM
        touches = stroke.box.left < found.box.right and stroke.box.right > found.box.left
        if stroke.is_horizontal and near and touches and stroke.box.width < 2 * found.widest:
            yield stroke


def _frames(case: Case, found: Found) -> Iterator[Box]:
    """Rectangles whose four sides are drawn, close around the text, from the inside out."""
    strokes = [stroke for stroke in case.document.page(found.page).strokes if not stroke.is_dashed]
    sides = [stroke.box for stroke in strokes if not stroke.is_horizontal]
    for top in (stroke.box for stroke in strokes if stroke.is_horizontal):
        if not (top.left < found.box.left and top.right > found.box.right and top.bottom <= found.box.bottom):
            continue
        for bottom in (stroke.box for stroke in strokes if stroke.is_horizontal):
            is_pair = bottom.top > found.lines[-1].y and abs(bottom.left - top.left) < _SAME
            is_pair &= abs(bottom.right - top.right) < _SAME
            height = bottom.bottom - top.top
            standing = [one for one in sides if abs(one.top - top.top) < _SAME and abs(one.height - height) < 2 * _SAME]
            corners = [any(abs(edge - one.left) < _SAME or abs(edge - one.right) < _SAME for one in standing)
                       for edge in (top.left, top.right)]  # fmt: skip
            if is_pair and all(corners) and height < 6 * found.box.height:
                yield Box(top.left, top.top, top.right, bottom.bottom)
