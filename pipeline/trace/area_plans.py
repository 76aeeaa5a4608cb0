"""Counts of areas: those that keep to the plan they were given themselves, those a comparison is made over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.trace.asked import Asked, Build
from pipeline.trace.figure import Derived, Formula, Item
from pipeline.trace.plans import find_plan, judged
from pipeline.trace.records import Row
from pipeline.vietnamese import number

_TABLE = "marts.area_comparison"
_STANDING = {True: "đạt kế hoạch hoặc đúng tiến độ", False: "chưa đạt kế hoạch", None: "chưa đủ số liệu để đánh giá"}


def _rows(asked: Asked) -> list[Row]:
    rows = [row for row in asked.records.rows(_TABLE) if row["indicator_code"] == asked.subject.code]
    return sorted(rows, key=lambda row: (row["area_sort"], row["area_code"]))


def _standing(asked: Asked, wanted: bool | None) -> list[Item]:
    """Every area with a year plan of its own, with its figure and its plan; those that stand to it as wanted count."""
    items = []
    for row in _rows(asked):
        here = replace(asked, area=row["area_code"])
        plan = find_plan(here, "year")
        if row["plan_op"] is None or plan is None:
            continue
        said = f"{judged(here, plan).printed}, kế hoạch {plan.given.printed}: {_STANDING[row['is_on_plan']]}"
        items.append(Item(
            row["area_full_name"], said, row["is_on_plan"] is wanted, plan.given.file,
            f"dòng {plan.given.line}" if plan.given.line else "", f"{asked.subject.code}.year_completion", here.area,
        ))  # fmt: skip
    return items


def _on_plan(asked: Asked) -> Derived:
    items = _standing(asked, True)
    count = sum(item.is_counted for item in items)
    words = "số địa bàn đạt kế hoạch năm được giao (trước cuối năm: hoặc đúng tiến độ) / số địa bàn được giao kế hoạch"
    return asked.answer(
        Decimal(count), f"{count}/{len(items)} đơn vị", Formula(words), table=_TABLE, unit="đơn vị", items=items
    )


def _not_judged(asked: Asked) -> Derived:
    items = _standing(asked, None)
    count = sum(item.is_counted for item in items)
    words = "số địa bàn được giao kế hoạch năm nhưng chưa đủ số liệu để đánh giá"
    return asked.answer(Decimal(count), f"{count:02} đơn vị", Formula(words), table=_TABLE, unit="đơn vị", items=items)


def _compared(asked: Asked) -> Derived:
    """The areas with a figure today: an earlier figure compared over fewer areas is summed over these."""
    held = asked.records.of_quarter(
        "select area_code, state = 'value' as is_held from intermediate.area_indicators"
        " where quarter = ? and indicator_code = ? and series = 'actual'",
        asked.subject.code,
    )
    is_held = {row["area_code"]: bool(row["is_held"]) for row in held}
    items = [
        Item(row["area_full_name"], "có số liệu" if is_held[row["area_code"]] else "không có số liệu kỳ này",
             is_held[row["area_code"]], subject=asked.subject.code, area=row["area_code"])
        for row in _rows(asked)
    ]  # fmt: skip
    count = sum(item.is_counted for item in items)
    words = "số địa bàn có số liệu kỳ này, cũng là số địa bàn được cộng lại khi so sánh với năm trước"
    return asked.answer(
        Decimal(count), f"{number(count)} đơn vị", Formula(words), table=_TABLE, unit="đơn vị", items=items
    )


AREA_PLANS: dict[str, tuple[str, Build]] = {
    "areas_on_plan": ("số địa bàn đạt kế hoạch được giao", _on_plan),
    "areas_not_judged": ("số địa bàn được giao kế hoạch nhưng chưa đủ số liệu", _not_judged),
    "compared_areas": ("số địa bàn được so sánh với năm trước", _compared),
}
