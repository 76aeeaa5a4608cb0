"""Pictures of the districts against the whole: who is below on many indicators, and each indicator in each district."""

from __future__ import annotations

from pipeline.briefing.charts.drawing import BLANK, LIGHT, MIDDLE, Picture, amount, filled
from pipeline.briefing.facts.areas import ComparedArea, ComparedCell, Comparison, leading
from pipeline.briefing.facts.figure import MISSING, NOT_APPLICABLE
from pipeline.programme.heading import DocumentHeading

BARS_SHOWN = 10  # areas in one chart; the heat map has them all
BETTER, EQUAL, BELOW = "+", "=", "−"


def below_city_picture(comparison: Comparison, document: DocumentHeading) -> Picture | None:
    below = [row for row in comparison.areas if row.below.is_known]
    if not below:
        return None
    below.sort(key=lambda row: (-amount(row.below.value), row.area.sort))
    return Picture(
        "below_city",
        f"Các {document.area_term} có nhiều chỉ tiêu kém hơn bình quân toàn {document.top_area_term} nhất",
        f"Biểu đồ: nhiều chỉ tiêu kém hơn bình quân nhất là {_areas(below)} với {below[0].below.number}; "
        f"ít nhất là {_areas(below[::-1])} với {below[-1].below.number}.",
        tuple(
            {"area": row.area.name, "count": amount(row.below.value), "sort": place, "label": row.below.number}
            for place, row in enumerate(leading(below, lambda row: row.below.value, BARS_SHOWN))
        ),
    )  # fmt: skip


def _areas(ordered: list[ComparedArea]) -> str:
    """The first of an order, with all that are equal to it."""
    return ", ".join(row.area.full_name for row in leading(ordered, lambda row: row.below.value, 1))


def heat_map_picture(comparison: Comparison, document: DocumentHeading) -> Picture | None:
    """Every compared indicator in every district: better than the whole, equal to it, or below."""
    rows = [
        {"indicator": f"{one.indicator.short_name} ({one.indicator.order})", "indicator_sort": place,
         "area": row.area.name, "area_sort": row.area.sort, **_standing(row.cells[place])}
        for row in comparison.areas
        for place, one in enumerate(comparison.indicators)
    ]  # fmt: skip
    if not rows:
        return None
    worst = sorted(comparison.indicators, key=lambda one: (-amount(one.below.value), one.indicator.order))
    named = "; ".join(one.indicator.short_name for one in leading(worst, lambda one: one.below.value, 1))
    most = sorted(comparison.areas, key=lambda row: (-amount(row.below.value), row.area.sort))
    return Picture(
        "heat_map",
        f"Từng chỉ tiêu của từng địa bàn so với mức chung toàn {document.top_area_term}: "
        f"{BETTER} tốt hơn, {EQUAL} bằng, {BELOW} kém hơn; {MISSING} chưa có số liệu, {NOT_APPLICABLE} không áp dụng",
        f"Bảng màu {comparison.total}: nhiều đơn vị kém hơn mức chung nhất là {named} "
        f"({worst[0].below}); nhiều chỉ tiêu kém hơn nhất là {_areas(most)} ({most[0].below}).",
        tuple(rows),
    )  # fmt: skip


def _standing(cell: ComparedCell | None) -> dict[str, str]:
    """A shade with a symbol that says the same without it."""
    if cell is None or not cell.value.is_known:
        symbol = NOT_APPLICABLE if cell is None or cell.value.number == NOT_APPLICABLE else MISSING
        return {"symbol": symbol, **filled(BLANK)}
    symbol, shade = (BELOW, MIDDLE) if cell.is_below else (EQUAL, LIGHT) if cell.is_equal else (BETTER, BLANK)
    return {"symbol": symbol, **filled(shade)}
