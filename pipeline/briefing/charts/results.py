"""Pictures of the indicators: how many stand where, how far each is to its plan, what became of the rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.briefing.charts.drawing import BLANK, DARK, LIGHT, MIDDLE, PALE, Picture, amount, filled, sentence
from pipeline.briefing.facts.figure import worded
from pipeline.briefing.facts.indicators import IndicatorFacts, Summary
from pipeline.briefing.facts.trends import Trend, TrendPoint
from pipeline.quarters import Quarter

WIDEST = 140.0  # percent of the plan to which bars are drawn; a longer one is cut and marked
CUT = "»"
_SHADES = {"term_done": DARK, "year_done": MIDDLE, "on_track": LIGHT, "difficult": BLANK, "unknown": PALE}


def status_picture(summary: Summary) -> Picture | None:
    """One bar of all counted indicators, parted by status."""
    groups = [group for group in summary.groups if not group.count.is_zero]
    said = "; ".join(f"{group.count} ({group.share}) {group.printed}" for group in groups)
    rows = [
        {"group": group.code, "count": amount(group.count.value), "number": f"{group.count.value}", "sort": place,
         "label": worded("{} ({}) {}", group.count, group.share, group.printed),
         **filled(_SHADES.get(group.code, PALE))}
        for place, group in enumerate(groups)
    ]  # fmt: skip
    return Picture("status", "Số chỉ tiêu theo kết quả thực hiện", f"Biểu đồ: {said}.", tuple(rows)) if rows else None


def plan_picture(indicators: Iterable[IndicatorFacts], quarter: Quarter) -> Picture | None:
    """The value of each indicator as a part of its year plan, with the pace and the target of the term."""
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(indicators):
        year = one.year
        if year is None or year.completion is None or not year.completion.is_known:
            continue
        done, judged = amount(year.completion.told), year.judged or one.value
        cut = f"{CUT} " if done > WIDEST else ""
        rows.append({
            "indicator": one.short_name, "sort": place, "drawn": min(done, WIDEST), "plan": 100,
            "pace": year.pace * 100 if year.pace is not None and quarter.number < 4 else None,
            "target": _target(one), "done": done,
            "label": worded("{}{} ({} / {})", cut, year.completion, judged.number, year.plan.number),
        })  # fmt: skip
    if not rows:
        return None
    due = "kế hoạch" if quarter.number == 4 else "mức cần đạt đến hết quý"
    short = [row for row in rows if row["done"] < (100 if row["pace"] is None else row["pace"])]
    short.sort(key=lambda row: row["done"])
    named = "; ".join(f"{row['indicator']} {row['label'].partition(' (')[0]}" for row in short)
    finding = f"chưa đạt {due}: {named}" if short else f"tất cả đạt hoặc vượt {due}"
    marks = ["vạch đứng: kế hoạch năm"]
    if any(row["pace"] is not None for row in rows):
        marks.append("▼: mức cần đạt đến hết quý")
    if any(row["target"] is not None for row in rows):
        marks.append(f"◊: mục tiêu giai đoạn, nếu không quá {WIDEST:.0f}% kế hoạch")
    if any(row["done"] > WIDEST for row in rows):
        marks.append(f"{CUT}: thanh vẽ cắt ngắn")
    return Picture(
        "plans", f"Mức đạt kế hoạch năm {quarter.year} của các chỉ tiêu có tính tỷ lệ ({'; '.join(marks)})",
        f"Biểu đồ: {finding}.", tuple(rows),
    )  # fmt: skip


def _target(one: IndicatorFacts) -> float | None:
    """Where the target of the term lies as a part of the year plan, if it lies within the picture and apart from it."""
    year, term = one.year, one.term
    if year is None or term is None or year.judged is not None or term.judged is not None:
        return None
    plan, target = year.plan.value, term.plan.value
    if not plan or not target or target == plan:
        return None
    place = float(target / plan) * 100
    return place if 0 < place <= WIDEST else None


def trend_picture(name: str, panels: Mapping[str, Sequence[tuple[str, Trend]]], whose: str) -> Picture | None:
    """Rates over the quarters, a panel each: its own line ('area'), and that of the whole ('whole') beside it.

    A line is interrupted where the method broke and where a quarter has no value.
    """
    rows: list[dict[str, Any]] = []
    said = []
    for place, (title, lines) in enumerate(panels.items()):
        whole = {point.label: point.value.value for line, trend in lines if line == "whole" for point in trend.known}
        for line, trend in lines:
            segment = 0
            for point in trend.points:
                segment += bool(point.broken) or not point.value.is_known
                rows.append({
                    "panel": title, "panel_sort": place, "line": line, "segment": f"{line} {segment}",
                    "is_lower": amount(point.value.value) < amount(whole.get(point.label)), **_moment(point, line),
                })  # fmt: skip
                segment += not point.value.is_known
        said.append(_finding(lines))
    if not rows:
        return None
    hollow = "; điểm rỗng: chưa đủ đơn vị báo cáo" if any(row["reported"] == "some" for row in rows) else ""
    return Picture(
        name, f"Tỷ lệ (%) qua các quý: {whose}{hollow}", f"Biểu đồ: {'; '.join(said)}.", tuple(rows), "trend"
    )


def _moment(point: TrendPoint, line: str) -> dict[str, Any]:
    is_said = line == "area" or not point.value.is_known  # the line of the whole has no labels but for its gaps
    return {
        "quarter": point.label, "sort": point.order, "label": point.value.number if is_said else "",
        "broken": point.broken,
        "value": amount(point.value.value) if point.value.is_known else None,
        "reported": "some" if point.is_partial else "all",
    }  # fmt: skip


def _finding(lines: Sequence[tuple[str, Trend]]) -> str:
    """'Hộ nghèo từ 0,16% (I/2022) xuống 0,03% (IV/2023)': of what may be compared, with the breaks and the whole."""
    trend = lines[0][1]
    known = trend.known
    start = max((place for place, point in enumerate(known) if point.broken), default=0)
    first, last = known[start], known[-1]
    before, now = first.value.value or 0, last.value.value or 0
    if first is last:
        moved = f"{last.value} ({last.label})"
    elif now == before:
        moved = f"giữ ở mức {last.value} từ {first.label} đến {last.label}"
    else:
        moved = f"từ {first.value} ({first.label}) {'lên' if now > before else 'xuống'} {last.value} ({last.label})"
    breaks = [f"từ {point.label} đổi cách tính ({point.broken[:1].lower()}{point.broken[1:]})"
              for point in known if point.broken]  # fmt: skip
    beside = [f"mức chung {one.known[-1].value}" for line, one in lines if line == "whole"]
    return ", ".join([f"{sentence(trend.name)} {moved}", *breaks, *beside])
