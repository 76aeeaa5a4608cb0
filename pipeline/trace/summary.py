"""The headline count of indicators by status, traced to each indicator with what its status rests on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from pipeline.programme import TOP_AREA
from pipeline.trace.asked import derive
from pipeline.trace.counts import Asking, Count
from pipeline.trace.figure import Derived, Formula, Item
from pipeline.trace.records import Records, Row
from pipeline.vietnamese import exact_ratio, number, ratio_text, short_date

SUMMARY = "status_summary"
_TABLE = "marts.status_summary"
_SOURCES = {"computed": "theo số liệu", "recorded": "theo ghi nhận"}
_PARTS = ("share", *_SOURCES, "by_figures")


def groups_of(records: Records) -> list[Row]:
    return sorted(records.rows(_TABLE), key=lambda row: (row["sort"], row["status_group"]))


def _summary(asking: Asking) -> Derived:
    """All counted indicators; those of a group, their share, or how many rest on figures or on a record."""
    groups = {row["status_group"]: row for row in groups_of(asking.records)}
    group, _, part = asking.parameter.partition(".")
    if not part and group in _SOURCES:
        group, part = "", group
    if (group and group not in groups) or (part and part not in _PARTS) or (part and not group and part == "share"):
        raise asking.unknown([*groups, *_SOURCES, *(f"{one}.{part}" for one in list(groups)[:1] for part in _PARTS)])
    rows = sorted(
        (row for row in asking.records.rows("marts.indicator_progress") if row["is_counted"]),
        key=lambda row: (row["sort"], row["indicator_code"]),
    )
    column = "computed_status_group" if part == "by_figures" else "status_group"
    items = [
        _item(row, (not group or row[column] == group) and (part not in _SOURCES or row["status_source"] == part))
        for row in rows
    ]
    chosen = [groups[group]] if group else list(groups.values())
    whole = chosen[0]["counted_total"] if chosen else 0
    counted = sum(row[part if part in (*_SOURCES, "by_figures") else "indicators"] for row in chosen)
    return _answer(asking, groups, items, group, part, counted, whole)


def _answer(
    asking: Asking, groups: dict[str, Row], items: list[Item], group: str, part: str, counted: int, whole: int
) -> Derived:
    named = f" thuộc nhóm “{groups[group]['group_print']}”" if group else ""
    source = f", {_SOURCES[part]}" if part in _SOURCES else ", nếu chỉ theo số liệu" if part == "by_figures" else ""
    words = f"số chỉ tiêu được tính của Chương trình{named}{source}"
    value, unit, printed, formula = Decimal(counted), "chỉ tiêu", f"{number(counted)} chỉ tiêu", Formula(words)
    if part == "share" and whole:
        share = Fraction(sum(item.is_counted for item in items) * 100, len(items))
        value, unit, printed = exact_ratio(value, Decimal(whole), 100), "%", f"{_percent(counted, whole)}%"
        formula = Formula(f"{words} × 100 / tổng số chỉ tiêu", compute=lambda: share)
    elif group and not part:
        printed = f"{number(counted)}/{number(whole)} chỉ tiêu"
    found = derive(
        asking.records, asking.code, "Tổng hợp đánh giá", TOP_AREA, value, printed, formula, table=_TABLE, unit=unit,
        items=items,
    )  # fmt: skip
    return replace(found, groups=tuple(groups.values()))


def _percent(part: int, whole: int) -> str:
    return ratio_text(Decimal(part), Decimal(whole), 100, 0)


def _item(row: Row, is_counted: bool) -> Item:
    return Item(
        f"{row['indicator_code']} {row['short_name']}", f"{row['status_print']}{_grounds(row)}", is_counted,
        subject=row["indicator_code"], group=row["status_group"],
    )  # fmt: skip


def _grounds(row: Row) -> str:
    """Where the status comes from when it is not the figures alone."""
    if row["status_source"] != "recorded":
        return ""
    day = f", ngày {short_date(row['recorded_on'])}" if row["recorded_on"] else ""
    return f" (ghi nhận tại {row['recorded_document']}{day}; theo số liệu: {row['computed_status_print']})"


SUMMARIES: dict[str, tuple[str, Count]] = {
    SUMMARY: ("số chỉ tiêu theo nhóm đánh giá: mã nhóm, computed, recorded, share, by_figures", _summary),
}
