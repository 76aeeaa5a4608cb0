"""Pictures of poverty: where the poor live, how their number moved, and the districts as tiles of a map."""

from __future__ import annotations

from pipeline.briefing.charts.drawing import BLANK, DARK, MIDDLE, PALE, Picture, amount, filled
from pipeline.briefing.facts.figure import worded
from pipeline.briefing.facts.poverty import Poverty, PovertyRow
from pipeline.programme.heading import DocumentHeading

RANKED_SHOWN = 15  # areas in the ranking; the appendix has them all


def ranking_picture(poverty: Poverty, document: DocumentHeading) -> Picture | None:
    """The districts with poor households by their rate, with a line at the rate of the whole."""
    poor = [row for row in poverty.districts if row.poor.households.value and row.poor.rate.value is not None]
    if not poor or poverty.city.poor.rate.value is None:
        return None
    poor.sort(key=lambda row: (-amount(row.poor.rate.value), row.area.sort))
    most = min(poor, key=lambda row: (-amount(row.poor.households.value), row.area.sort))
    city = poverty.city.poor.rate
    rows = [
        {"area": row.area.name, "rate": amount(row.poor.rate.value), "sort": place,
         "label": worded("{} ({})", row.poor.rate, row.poor.households), "whole": amount(city.value),
         "whole_label": worded("toàn {}: {}", document.top_area_term, city),
         **filled(MIDDLE if _is_above(row, poverty) else PALE)}
        for place, row in enumerate(poor[:RANKED_SHOWN])
    ]  # fmt: skip
    held = "còn hộ nghèo" if len(poor) <= RANKED_SHOWN else "có tỷ lệ hộ nghèo cao nhất"
    return Picture(
        "poverty", f"Tỷ lệ hộ nghèo, số hộ nghèo của các {document.area_term} {held}",
        f"Biểu đồ: tỷ lệ hộ nghèo cao nhất là {poor[0].area.full_name} ({poor[0].poor.rate}), nhiều hộ nghèo nhất là "
        f"{most.area.full_name} với {most.poor.households}; mức chung toàn {document.top_area_term} là {city}.",
        tuple(rows),
    )  # fmt: skip


def _is_above(row: PovertyRow, poverty: Poverty) -> bool:
    return amount(row.poor.rate.value) > amount(poverty.city.poor.rate.value)


def flow_picture(poverty: Poverty, document: DocumentHeading) -> Picture | None:
    """From the poor households at the start of the year to those now, step by step; only of movements that add up."""
    flows = [line.poor for line in poverty.flows if line.poor is not None]
    stocks = [flow for flow in flows if not flow.sign]
    moves = [flow for flow in flows if flow.sign and not flow.households.is_zero]
    if len(stocks) != 2 or not moves or any(flow.households.value is None for flow in flows):
        return None
    opening, closing = stocks
    reached = amount(opening.households.value)
    steps = [(opening, 0.0, reached, "", DARK)]
    for flow in moves:
        after = reached + flow.sign * amount(flow.households.value)
        steps.append((flow, reached, after, "-" if flow.sign < 0 else "+", PALE if flow.sign < 0 else MIDDLE))
        reached = after
    if reached != amount(closing.households.value):
        return None
    steps.append((closing, 0.0, reached, "", DARK))
    rows = [
        {"flow": flow.printed, "sort": place, "from": start, "to": end, "right": max(start, end),
         "label": worded("{}{}", sign, flow.households.number), **filled(shade)}
        for place, (flow, start, end, sign, shade) in enumerate(steps)
    ]  # fmt: skip
    told = "; ".join(
        f"{'giảm' if flow.sign < 0 else 'tăng'} {flow.households} ({flow.printed[:1].lower()}{flow.printed[1:]})"
        for flow in sorted(moves, key=lambda flow: (-amount(flow.households.value), flow.printed))[:3]
    )
    return Picture(
        "flows", f"Diễn biến hộ nghèo từ đầu năm, toàn {document.top_area_term} (hộ)",
        f"Biểu đồ: từ {opening.households} nghèo đầu kỳ còn {closing.households} cuối kỳ; lớn nhất: {told}.",
        tuple(rows),
    )  # fmt: skip


def tile_map_picture(poverty: Poverty, document: DocumentHeading) -> Picture | None:
    """One tile per district at its place of areas.csv, by its poverty rate; no map while a district has no place."""
    if not poverty.districts or any(row.area.tile is None for row in poverty.districts):
        return None
    rows = [
        {"x": row.area.tile[0], "y": row.area.tile[1], "area": row.area.name, "label": row.poor.rate.cell,
         **filled(_tile_shade(row, poverty))}
        for row in poverty.districts if row.area.tile is not None
    ]  # fmt: skip
    for axis in ("x", "y"):  # a column or row without a tile keeps its room
        taken = {int(str(row[axis])) for row in rows}
        rows += [{"x": rows[0]["x"], "y": rows[0]["y"], "area": "", "label": "", **filled(BLANK), axis: place}
                 for place in range(1, max(taken)) if place not in taken]  # fmt: skip
    above = [row.area.name for row in poverty.districts if _is_above(row, poverty)]
    return Picture(
        "tile_map",
        f"Sơ đồ tỷ lệ hộ nghèo (%) theo {document.area_term}: ô đậm cao hơn, ô nhạt không cao hơn mức chung "
        f"{poverty.city.poor.rate} của toàn {document.top_area_term}; ô trắng không còn hộ nghèo hoặc chưa có số liệu",
        f"Sơ đồ ô: {poverty.without_poor.count} đơn vị không còn hộ nghèo; cao hơn mức chung: "
        f"{', '.join(above) or 'không có'}.",
        tuple(rows),
    )  # fmt: skip


def _tile_shade(row: PovertyRow, poverty: Poverty) -> str:
    if not row.poor.households.value or row.poor.rate.value is None:
        return BLANK
    return MIDDLE if _is_above(row, poverty) else PALE
