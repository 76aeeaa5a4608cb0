"""A trace as people read it (100 columns, grouped by file and sheet) and as machines do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import groupby
from typing import Any

from pipeline.trace.figure import Goal, Trace, recompute
from pipeline.trace.observations import ROLES, Cell, Correction, LeftOut, Role, cell_order
from pipeline.vietnamese import number, short_date, unit_text

WIDTH = 100
_LABEL = 15
_DIGITS = Decimal("0.000001")
_PLAN_WORDS = {
    "ge": "từ {} trở lên", "gt": "trên {}", "le": "không quá {}", "lt": "dưới {}", "approx": "khoảng {}",
    "range": "từ {} đến {}", "yes": "có",
}  # fmt: skip


def as_record(found: Trace) -> dict[str, Any]:
    """The keys of `giaoban figures`, then formula, models, cells and what else explains the figure."""
    assessment = found.assessment
    return {
        "indicator": found.subject.code,
        "area": found.place.code,
        "quarter": str(found.quarter),
        "value": plain(found.value),
        "numerator": plain(found.numerator),
        "denominator": plain(found.denominator),
        "unit": found.subject.unit,
        "printed": found.printed,
        "basis": found.basis,
        "coverage": found.coverage,
        "status": assessment.status if assessment else None,
        "formula": f"{formula_in_words(found)}: {formula_in_numbers(found)}",
        "recomputed": plain(recompute(found)),
        "assessment": {
            "computed": assessment.computed, "recorded": assessment.recorded, "document": assessment.document,
            "recorded_on": _iso(assessment.recorded_on), "reason": assessment.reason,
        } if assessment else None,
        "plan": _goal_record(found.plan),
        "target": _goal_record(found.target),
        "models": list(found.models),
        "cells": [_cell_record(cell) for cell in found.cells],
        "left_out": [
            {"area": one.unit, "name": one.name, "state": one.state, "reason": one.reason,
             "cells": [_cell_record(cell) for cell in one.cells]}
            for one in found.left_out
        ],
        "superseded": [
            {"file": one.file, "seq": one.seq, "received_on": _iso(one.received_on), "reporter": one.reporter,
             "form": one.form, "replaced_by": one.replaced_by,
             "changed": [
                 {"sheet": cell.sheet, "cell": cell.cell, "raw": cell.raw, "measure": cell.measure,
                  "area": cell.area, "value": plain(cell.value), "now": plain(cell.now)}
                 for cell in one.changed
             ]}
            for one in found.superseded
        ],
    }  # fmt: skip


def _cell_record(cell: Cell) -> dict[str, Any]:
    return {
        "file": cell.file, "sheet": cell.sheet, "cell": cell.cell, "raw": cell.raw, "value": plain(cell.value),
        "role": cell.role, "measure": cell.measure, "area": cell.area, "area_name": cell.area_name,
        "reporter": cell.reporter, "form": cell.form, "seq": cell.seq, "received_on": _iso(cell.received_on),
        "correction": _correction_record(cell.correction),
    }  # fmt: skip


def _correction_record(correction: Correction | None) -> dict[str, Any] | None:
    return None if correction is None else {
        "original": plain(correction.original), "reason": correction.reason, "agreed_by": correction.agreed_by,
        "agreed_on": _iso(correction.agreed_on),
    }  # fmt: skip


def _goal_record(goal: Goal | None) -> dict[str, Any] | None:
    return None if goal is None else {
        "year": goal.year, "op": goal.op, "value": plain(goal.value), "high": plain(goal.high), "unit": goal.unit,
        "measure": goal.measure, "document": goal.document, "judged": plain(goal.judged),
        "completion_numerator": plain(goal.completion_numerator),
        "completion_denominator": plain(goal.completion_denominator), "completion": goal.completion,
    }  # fmt: skip


def plain(value: Decimal | None) -> int | float | None:
    """A JSON number: whole numbers as integers, others to ten places."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 10))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_text(found: Trace) -> str:
    """Everything, for reading: the figure, its formula, plans, statuses, models, then file by file."""
    subject = found.subject
    title = f"{subject.name} ({subject.code}), {found.place.name}, {found.quarter.title}: {found.printed}"
    lines = list(wrapped(title, "", "  "))
    lines += _field("Công thức", formula_in_words(found), formula_in_numbers(found))
    if found.value is not None and recompute(found) != found.value:
        lines += _field("CẢNH BÁO", "Tính lại từ các ô dưới đây ra số khác; đề nghị chạy lại giaoban refresh.")
    lines += _field("Mức đầy đủ", *_coverage_lines(found))
    lines += _field("Kế hoạch năm", *_goal_lines(found, found.plan))
    lines += _field("Mục tiêu", *_goal_lines(found, found.target))
    lines += _field("Đánh giá", *_assessment_lines(found))
    lines += _field("Qua các bảng", " → ".join(found.models))
    lines += _field("Không tính", *_left_out_lines(found.left_out))
    lines += _field("Bản cũ", *_superseded_lines(found))
    if found.cells:
        files = len({cell.file for cell in found.cells})
        lines += _field("Các ô nguồn", f"{number(len(found.cells))} ô trong {files} tệp")
        lines += _cell_lines(found.cells)
    else:
        lines += _field("Các ô nguồn", "không có ô nào: xem những đơn vị không tính ở trên")
    return "\n".join(lines)


def formula_in_words(found: Trace) -> str:
    """'Tổng số hộ nghèo cuối kỳ × 100 / Tổng số hộ dân cư', a derived measure with its parts."""
    subject = found.subject

    def words(role: str) -> str:
        first, *others = subject.part(role)
        text = ("- " if first in subject.subtracted else "") + found.measures[first]["name_vi"]
        for measure in others:
            text += f" {'-' if measure in subject.subtracted else '+'} {found.measures[measure]['name_vi']}"
        return f"({text})" if others and subject.denominator else text

    if subject.kind == "zeros":
        return f"số địa bàn có {words('numerator')} bằng 0 / tổng số địa bàn"
    top = words("numerator") + (f" × {subject.scale}" if subject.scale != 1 else "")
    derived = [
        f"{found.measures[measure]['name_vi']} = "
        + " + ".join(found.measures[part]["name_vi"] for part in found.measures[measure]["sum_of"].split("|"))
        for measure in subject.measures
        if found.measures[measure]["sum_of"]
    ]
    whole = f"{top} / {words('denominator')}" if subject.denominator else top
    return "; ".join([whole, *derived])


def formula_in_numbers(found: Trace) -> str:
    """'690 × 100 / 2.290.000 = 0,030131… → in 0,03%'; only what is printed where there is no figure."""
    if found.value is None or found.numerator is None:
        return found.printed
    if found.subject.kind == "zeros":
        return found.printed
    top = _amount(found.numerator) + (f" × {found.subject.scale}" if found.subject.scale != 1 else "")
    if found.denominator is None:
        return f"{top} → in {found.printed}"
    return f"{top} / {_amount(found.denominator)} = {_quotient(found.value)} → in {found.printed}"


def _amount(value: Decimal | None) -> str:
    return "…" if value is None else number(value, 4)


def _quotient(value: Decimal) -> str:
    """The first decimals as they are, with '…' where more follow."""
    cut = value.quantize(_DIGITS, rounding=ROUND_DOWN)
    return number(cut, 6) + ("…" if cut != value else "")


def _coverage_lines(found: Trace) -> Iterator[str]:
    units = found.units_used + len(found.left_out)
    if found.place.is_city or found.subject.level != "commune":
        yield f"{found.coverage} đơn vị có số liệu"
    if found.subject.level == "commune" and found.place.level != "commune":
        yield f"{found.units_used}/{units} xã, phường, thị trấn có đủ số liệu để tính"


def _goal_lines(found: Trace, goal: Goal | None) -> Iterator[str]:
    if goal is None:
        return
    bounds = [unit_text(_amount(bound), goal.unit) for bound in (goal.value, goal.high) if bound is not None]
    judged = f", tính trên {goal.measure_name}" if goal.measure_name else ""
    yield f"{goal.year}: {_PLAN_WORDS[goal.op].format(*bounds)}{judged}"
    if goal.measure:
        yield f"thực hiện {_amount(goal.judged)}; xem: giaoban trace … {found.quarter} {goal.measure}"
    if goal.completion and goal.completion_numerator is not None and goal.completion_denominator:
        exact = goal.completion_numerator * 100 / goal.completion_denominator
        yield (
            f"{_amount(goal.completion_numerator)} × 100 / {_amount(goal.completion_denominator)} = "
            f"{_quotient(exact)} → đạt {goal.completion}"
        )
    yield f"theo {goal.document}"


def _assessment_lines(found: Trace) -> Iterator[str]:
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


def _superseded_lines(found: Trace) -> Iterator[str]:
    for one in found.superseded:
        received = f", nhận {short_date(one.received_on)}" if one.received_on else ""
        yield f"{one.reporter_name}, {one.form}: số {one.seq}{received} ({one.file}), nay dùng số {one.replaced_by}"
        if not one.changed:
            yield "  không có ô nào dùng ở đây thay đổi"
        for cell in one.changed:
            name = found.measures[cell.measure]["name_vi"]
            place = f"{cell.sheet}!{cell.cell}"
            yield f"  {cell.area_name}, {name} ({place}): trước {_amount(cell.value)}, nay {_amount(cell.now)}"


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
    head = f"{sheet}: {cells[0].measure_name} ({ROLES[role]}), {len(cells)} ô, cộng {_amount(total)}"
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
    printed = _amount(cell.value)
    raw = " ".join(cell.raw.split())
    text = f"{cell.cell} {cell.area_name} {printed}".strip()
    if cell.correction is not None:
        one = cell.correction
        day = f" ngày {short_date(one.agreed_on)}" if one.agreed_on else ""
        original = _amount(one.original) if one.original is not None else "để trống"
        return f"{text} (số gốc {original}; sửa vì {one.reason}, {one.agreed_by} thống nhất{day})"
    return text if raw in (printed, f"{cell.value.normalize():f}") else f'{text} (ghi "{raw}")'


def _field(label: str, *texts: str) -> list[str]:
    """A labelled paragraph, its lines aligned; nothing where there is no text."""
    lines: list[str] = []
    for text in texts:
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
