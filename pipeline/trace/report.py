"""A trace as people read it: 100 columns, the figure and its formula first, then part by part down to the cells."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from pipeline.trace.cells import ROLES, Cell, LeftOut, Role, cell_order
from pipeline.trace.figure import Derived, Given, Goal, Item, Summed, Trace, recompute
from pipeline.trace.wording import amount, formula_lines, quotient
from pipeline.vietnamese import number, short_date, unit_text

WIDTH = 100
_LABEL = 15
_TERMS_SHOWN = 3  # with their cells; of more terms each is said in one line
_PLAN_WORDS = {
    "ge": "từ {} trở lên", "gt": "trên {}", "le": "không quá {}", "lt": "dưới {}", "approx": "khoảng {}",
    "range": "từ {} đến {}", "yes": "có",
}  # fmt: skip


def as_text(found: Trace) -> str:
    """Everything, for reading."""
    return "\n".join(_lines(found))


def _lines(found: Trace) -> Iterator[str]:
    title = f"{found.name} ({found.code}), {found.area_name}, {found.quarter.title}: {found.printed}"
    yield from wrapped(title, "", "  ")
    yield from _field("Công thức", *formula_lines(found))
    if found.value is not None and not _is_same(found):
        yield from _field("CẢNH BÁO", "Tính lại từ các nguồn dưới đây ra số khác; đề nghị chạy lại giaoban refresh.")
    if isinstance(found, Summed):
        yield from _summed_lines(found)
    else:
        yield from _derived_lines(found)


def _is_same(found: Trace) -> bool:
    """Whether the figure follows from its parts; the doubles of a mart are exact to nine digits."""
    again = recompute(found)
    return again is not None and found.value is not None and abs(again - found.value) <= abs(found.value) / 10**9


def _summed_lines(found: Summed) -> Iterator[str]:
    yield from _field("Mức đầy đủ", *_coverage_lines(found))
    yield from _field("Kế hoạch năm", *_goal_lines(found, found.plan))
    yield from _field("Mục tiêu", *_goal_lines(found, found.target))
    yield from _field("Đánh giá", *_assessment_lines(found))
    yield from _field("Qua các bảng", " → ".join(found.models))
    yield from _field("Không tính", *_left_out_lines(found.left_out))
    yield from _field("Bản cũ", *_superseded_lines(found))
    if found.cells:
        files = len({cell.file for cell in found.cells})
        yield from _field("Các ô nguồn", f"{number(len(found.cells))} ô trong {files} tệp")
        yield from _cell_lines(found.cells)
    else:
        yield from _field("Các ô nguồn", "không có ô nào: xem những đơn vị không tính ở trên")


def _derived_lines(found: Derived) -> Iterator[str]:
    yield from _field("Cho trước", *map(_given_line, found.givens))
    yield from _field("Qua các bảng", " → ".join(found.models))
    if found.groups:
        yield from _group_lines(found)
    else:
        yield from _item_lines(found.items)
    if len(found.terms) > _TERMS_SHOWN:
        yield from _field("Nguồn", f"từng con số: giaoban trace … {found.quarter} MÃ --area ĐỊA_BÀN")
        return
    for place, term in enumerate(found.terms, 1):
        yield ""
        yield f"Thành phần {place}/{len(found.terms)}"
        yield from _lines(term)


def _given_line(given: Given) -> str:
    place = f", dòng {given.line}" if given.line else ""
    source = "; ".join(filter(None, (given.document, f"{given.file}{place}" if given.file else "")))
    return f"{given.name}: {given.printed}" + (f" ({source})" if source else "")


def _item_lines(items: Sequence[Item]) -> Iterator[str]:
    """The rows that are counted, then those that are not."""
    for label, is_counted in (("Được tính", True), ("Không tính", False)):
        listed = [item for item in items if item.is_counted is is_counted]
        if listed:
            yield from _field(label, f"{len(listed)} dòng")
            for item in listed:
                yield from wrapped(_item_line(item), "    ", "        ")


def _item_line(item: Item) -> str:
    source = ", ".join(filter(None, (item.file, item.place)))
    said = f": {item.said}" if item.said else ""
    return f"{item.name}{said}" + (f" [{source}]" if source else "")


def _group_lines(found: Derived) -> Iterator[str]:
    for group in found.groups:
        listed = [item for item in found.items if item.group == group["status_group"] and item.is_counted]
        if listed:
            head = (
                f"{group['group_print']}: {group['indicators']}/{group['counted_total']} "
                f"({group['computed']} theo số liệu, {group['recorded']} theo ghi nhận)"
            )
            yield from wrapped(head, "  ", "    ")
            for item in listed:
                yield from wrapped(_item_line(item), "    ", "        ")
    yield from wrapped(f"Nguồn của từng chỉ tiêu: giaoban trace … {found.quarter} MÃ_CHỈ_TIÊU", "  ", "    ")


def _coverage_lines(found: Summed) -> Iterator[str]:
    units = len(found.units_used) + len(found.left_out)
    if found.place.is_city or found.subject.level != "commune":
        yield f"{found.coverage} đơn vị có số liệu"
    if found.subject.level == "commune" and found.place.level != "commune":
        yield f"{len(found.units_used)}/{units} xã, phường, thị trấn có đủ số liệu để tính"


def _goal_lines(found: Summed, goal: Goal | None) -> Iterator[str]:
    if goal is None:
        return
    bounds = [unit_text(amount(bound), goal.unit) for bound in (goal.value, goal.high) if bound is not None]
    judged = f", tính trên {goal.measure_name}" if goal.measure_name else ""
    yield f"{goal.year}: {_PLAN_WORDS[goal.op].format(*bounds)}{judged}"
    if goal.measure:
        yield f"thực hiện {amount(goal.judged)}; xem: giaoban trace … {found.quarter} {goal.measure}"
    if goal.completion and goal.completion_numerator is not None and goal.completion_denominator:
        exact = goal.completion_numerator * 100 / goal.completion_denominator
        yield (
            f"{amount(goal.completion_numerator)} × 100 / {amount(goal.completion_denominator)} = "
            f"{quotient(exact)} → đạt {goal.completion}"
        )
    yield f"theo {goal.document}"


def _assessment_lines(found: Summed) -> Iterator[str]:
    if found.assessment is None:
        return
    one = found.assessment
    yield one.status
    yield f"theo số liệu: {one.computed}"
    if one.recorded:
        day = f", ngày {short_date(one.recorded_on)}" if one.recorded_on else ""
        yield f"đã ghi nhận: {one.recorded} ({one.document}{day})" + (f": {one.reason}" if one.reason else "")


def _left_out_lines(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """The units by reason, then what those said that said something."""
    for reason in dict.fromkeys(one.reason for one in left_out):
        alike = [one for one in left_out if one.reason == reason]
        names = dict.fromkeys(one.name if one.name == one.district else f"{one.name} ({one.district})" for one in alike)
        districts = list(dict.fromkeys(one.district for one in alike))
        # a district that sent nothing is one sender, not so many communes
        listed = list(names) if len(alike) < 5 * len(districts) else districts
        yield f"{reason} ({len(alike)}): {', '.join(listed)}"
    for one in left_out:
        for cell in one.cells:
            yield f"{one.name}, {cell.measure_name}: {_item(cell)} ({cell.file}, {cell.sheet})"


def _superseded_lines(found: Summed) -> Iterator[str]:
    for one in found.superseded:
        received = f", nhận {short_date(one.received_on)}" if one.received_on else ""
        yield f"{one.reporter_name}, {one.form}: số {one.seq}{received} ({one.file}), nay dùng số {one.replaced_by}"
        if not one.changed:
            yield "  không có ô nào dùng ở đây thay đổi"
        for cell in one.changed:
            name = found.measures[cell.measure]["name_vi"]
            place = f"{cell.sheet}!{cell.cell}"
            yield f"  {cell.area_name}, {name} ({place}): trước {amount(cell.value)}, nay {amount(cell.now)}"


def _cell_lines(cells: Sequence[Cell]) -> Iterator[str]:
    """File by file in the order of the areas, sheet by sheet, measure by measure."""
    order = {file: position for position, file in enumerate(dict.fromkeys(cell.file for cell in cells))}
    by_file = sorted(cells, key=lambda cell: (order[cell.file], cell.sheet))
    for _, of_file in groupby(by_file, key=lambda cell: cell.file):
        listed = list(of_file)
        first = listed[0]
        yield from wrapped(f"{first.file}  [{_receipt(first)}]", "  ", "    ")
        for sheet, of_sheet in groupby(listed, key=lambda cell: cell.sheet):
            ordered = sorted(of_sheet, key=lambda cell: (cell.role != "numerator", cell.measure))
            for (role, _), group in groupby(ordered, key=lambda cell: (cell.role, cell.measure)):
                yield from _measure_lines(sheet, role, list(group))


def _measure_lines(sheet: str, role: Role, cells: list[Cell]) -> Iterator[str]:
    # a figure that stands in two cells is one figure
    total = sum({cell.area: cell.value for cell in cells}.values(), Decimal(0))
    series = ", cột cùng kỳ năm trước" if cells[0].series == "last_year" else ""
    head = f"{sheet}: {cells[0].measure_name} ({ROLES[role]}{series}), {len(cells)} ô, cộng {amount(total)}"
    yield from wrapped(head, "    ", "      ")
    items = (_item(cell) for cell in sorted(cells, key=lambda cell: cell_order(cell.cell)))
    yield from wrapped("; ".join(items), "      ", "      ")


def _receipt(cell: Cell) -> str:
    if cell.seq is None:
        return "số liệu thống nhất ngoài biểu"
    book = f"số {cell.seq}" if cell.is_registered else "chưa vào sổ"
    received = f", nhận {short_date(cell.received_on)}" if cell.received_on else ""
    return f"{cell.reporter_name}, {book}{received}"


def _item(cell: Cell) -> str:
    """'T12 Phúc Xá 3'; the raw text where it reads otherwise, the agreement where the figure was corrected."""
    printed = amount(cell.value)
    raw = " ".join(cell.raw.split())
    text = f"{cell.cell} {cell.area_name} {printed}".strip()
    if cell.correction is not None:
        one = cell.correction
        day = f" ngày {short_date(one.agreed_on)}" if one.agreed_on else ""
        original = amount(one.original) if one.original is not None else "để trống"
        return f"{text} (số gốc {original}; sửa vì {one.reason}, {one.agreed_by} thống nhất{day})"
    return text if raw in (printed, f"{cell.value.normalize():f}") else f'{text} (ghi "{raw}")'


def _field(label: str, *texts: str) -> list[str]:
    """A labelled paragraph, its lines aligned; nothing where there is no text."""
    lines: list[str] = []
    for text in filter(None, texts):
        lead = f"  {label}".ljust(_LABEL) if not lines else " " * _LABEL
        lines += wrapped(text, lead, " " * _LABEL + "  ")
    return lines


def wrapped(text: str, first: str, rest: str) -> Iterable[str]:
    """Lines of at most 100 columns; words and file names stay whole."""
    # what was sent may hold control characters, which a terminal would obey
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return textwrap.wrap(
        printable, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
