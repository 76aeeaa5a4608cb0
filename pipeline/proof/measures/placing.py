"""Where a component stands: centred, level with another, in its column, in order."""

from __future__ import annotations

from itertools import pairwise

from pipeline.proof.components import Found
from pipeline.proof.document import ASCENT, DESCENT
from pipeline.proof.geometry import MM
from pipeline.proof.measuring import Case, Check, Checks, in_points, measure, mm, place_of, plain, pt, quoted

_CELL_ROOM = 5.0  # mm: what a cell of a layout may stand in from the margin


@measure("vị trí", "dòng đầu, phía trên bên phải trang 1")
def top_right(case: Case) -> Checks:
    for found in case.here:
        page = case.document.page(found.page)
        text = page.text_box
        # a line of the left column may stand a trifle higher
        is_first = text is not None and found.lines[0].top - text.top <= found.lines[0].size * MM / 2
        is_met = found.page == 1 and is_first and found.centre > page.width / 2
        yield Check(is_met, f"giữa dòng cách mép trái {mm(found.centre)}", place_of(found.lines[0]))


@measure("vị trí", "sát lề trái")
def left_side(case: Case) -> Checks:
    for found in case.here:
        area = case.findings.text_area(case.document.page(found.page))
        off = found.box.left - area.left
        yield Check(off <= _CELL_ROOM, f"cách lề trái {mm(off)}", place_of(found.lines[0]))


@measure("canh giữa", lambda case: f"canh giữa dưới {_name(case)}, ngay bên dưới")
def centred_under(case: Case) -> Checks:
    """Each line in the middle of the lines of the other component, and nothing between the two."""
    for found in case.here:
        anchor = _nearest_above(case, found)
        if anchor is None:
            continue
        for line in found.lines:
            off = line.centre - anchor.centre
            is_met = abs(off) <= case.profile.tolerance.centre and line.y > anchor.lines[-1].y
            yield Check(is_met, f"lệch {mm(off)}", place_of(line))


@measure("canh giữa", "canh giữa trang theo chiều ngang")
def centred(case: Case) -> Checks:
    """In the middle of the text area or of the sheet."""
    for found in case.here:
        page = case.document.page(found.page)
        area = case.findings.text_area(page)
        middles = (page.width / 2, (area.left + area.right) / 2)
        for line in found.lines:
            off = min((line.centre - middle for middle in middles), key=abs)
            yield Check(abs(off) <= case.profile.tolerance.centre, f"lệch {mm(off)}", place_of(line))


@measure("cùng hàng", lambda case: f"cùng một hàng với {_name(case)}")
def level_with(case: Case) -> Checks:
    for found, anchor in zip(case.here, case.other, strict=False):
        off = found.lines[0].y - anchor.lines[0].y
        is_met = found.page == anchor.page and abs(off) <= case.profile.tolerance.centre
        yield Check(is_met, f"lệch {mm(off)}" if found.page == anchor.page else "khác trang", place_of(found.lines[0]))


@measure("khoảng cách", lambda case: f"cách {_name(case)} {case.bounds('dòng đơn')}")
def lines_below(case: Case) -> Checks:
    """From baseline to baseline, in single-spaced lines of the larger of the two."""
    for found in case.here:
        anchor = _nearest_above(case, found)
        if anchor is None:
            continue
        last, first = anchor.lines[-1], found.lines[0]
        single = max(last.size, first.size) * case.profile.single_spacing
        lines = in_points(first.y - last.y) / single
        yield Check(case.within(lines, 0.02), f"{plain(lines)} dòng đơn", place_of(first))


@measure("khoảng cách", lambda case: f"cách dưới {_name(case)} {case.bounds('pt')}")
def gap_below(case: Case) -> Checks:
    """The free room between two single-spaced lines, in points."""
    for found in case.here:
        anchor = _nearest_above(case, found)
        if anchor is None:
            continue
        last, first = anchor.lines[-1], found.lines[0]
        spare = case.profile.single_spacing - ASCENT - DESCENT  # the leading that a single-spaced line has
        free = in_points(first.y - last.y) - DESCENT * last.size - (ASCENT + spare) * first.size
        yield Check(case.within(free, case.profile.tolerance.spacing), pt(free), place_of(first))


@measure("khoảng trống để ký", lambda case: case.bounds("mm"))
def room_below(case: Case) -> Checks:
    """From the last line down to what stands next in the same column, or to the end of the text area."""
    for found in case.here:
        page = case.document.page(found.page)
        below = [
            run.y - ASCENT * run.size * MM
            for run in page.runs
            if run.y > found.lines[-1].y + 1 and run.right > found.box.left and run.left < found.box.right
        ]
        end = min(below) if below else page.height - case.profile.margin("bottom")
        free = end - found.box.bottom
        yield Check(case.within(free, case.profile.tolerance.length), mm(free), place_of(found.lines[-1]))


@measure("canh dòng", lambda case: case.rule.expected or "")
def aligned_items(case: Case) -> Checks:
    """Several addressees: each on a line of its own with a hyphen, the hyphens under the colon of the first line."""
    for found in case.here:
        if len(found.lines) < 2:
            yield Check(True, "một nơi nhận", place_of(found.lines[0]))
            continue
        first = found.lines[0]
        colon = first.right
        for line in found.lines[1:]:
            is_met = line.text.startswith("-") and abs(line.left - colon) <= 2 * case.profile.tolerance.centre
            yield Check(is_met, f"{quoted(line.text, 30)}, lệch {mm(line.left - colon)}", place_of(line))


@measure("thứ tự các thành phần", lambda case: case.rule.expected or "")
def order(case: Case) -> Checks:
    """The components named by `words`, where they are there, follow one another from the top of page 1 down."""
    chain = [found for name in case.rule.words for found in sorted(case.findings.of[name], key=_position)]
    names = {id(found): case.profile.by_id[name].name for name in case.rule.words for found in case.findings.of[name]}
    for before, after in pairwise(chain):
        (page, y), (next_page, next_y) = _position(before), _position(after)
        is_met = page < next_page or (page == next_page and next_y >= y - case.profile.tolerance.centre)
        yield Check(is_met, f"{names[id(after)]} đứng trước {names[id(before)]}", place_of(after.lines[0]))


def _position(found: Found) -> tuple[int, float]:
    return found.page, found.lines[0].y


def _name(case: Case) -> str:
    return case.profile.by_id[case.rule.to].name if case.rule.to else ""


def _nearest_above(case: Case, found: Found) -> Found | None:
    """The occurrence of the other component that stands last above this one on its page; else any on the page."""
    same_page = [one for one in case.other if one.page == found.page]
    above = [one for one in same_page if one.lines[0].y < found.lines[0].y]
    return (above or same_page or [None])[-1]  # type: ignore[list-item]
