"""Charts: Vega-Lite specifications of reports/charts/ with facts as data, drawn to SVG without browser or network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.briefing.facts import BriefingFacts
from pipeline.briefing.fonts import Fonts
from pipeline.errors import GiaobanError
from pipeline.programme.heading import DocumentHeading

BARS_SHOWN = 10  # areas in one chart; the appendix has them all
DRAWN_FAMILY = "Tinos"  # the name inside the font file, by which vl-convert measures text


@dataclass(frozen=True)
class Chart:
    """One picture: alt states its finding; svg is the drawing, rows the injected data."""

    name: str
    title: str
    alt: str
    svg: bytes


def draw(name: str, title: str, alt: str, rows: list[dict[str, Any]], folder: Path, fonts: Fonts) -> Chart:
    """Put rows into reports/charts/<name>.vl.json; labels are text already, so no locale plays a part."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts.folder))
    spec = json.loads((folder / f"{name}.vl.json").read_text(encoding="utf-8"))
    spec["data"] = {"values": rows}
    try:
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    except ValueError as error:
        raise GiaobanError(f"Không vẽ được biểu đồ '{title}': {str(error).splitlines()[0]}") from error
    # the page knows the drawing's font by the name of the style sheet, from the same pinned file
    return Chart(name, title, alt, svg.replace(DRAWN_FAMILY, fonts.family).encode("utf-8"))


def briefing_charts(facts: BriefingFacts, document: DocumentHeading, folder: Path, fonts: Fonts) -> dict[str, Chart]:
    """The charts that have something to show, by name."""
    made: dict[str, Chart] = {}
    groups = [group for group in facts.summary.groups if not group.count.is_zero]
    if groups:
        said = "; ".join(f"{group.count} {group.printed}" for group in groups)
        made["status"] = draw(
            "status", "Số chỉ tiêu theo kết quả thực hiện", f"Biểu đồ: {said}.",
            [{"group": _sentence(group.printed), "count": float(group.count.value or 0),
              "label": f"{group.count.value} ({group.share})", "sort": order}
             for order, group in enumerate(groups)],
            folder, fonts,
        )  # fmt: skip
    poor = [row for row in facts.poverty.districts if row.poor.households.value] if facts.poverty else []
    if poor:
        poor.sort(key=lambda row: (-(row.poor.households.value or 0), row.area.sort))
        held = "còn hộ nghèo" if len(poor) <= BARS_SHOWN else "còn nhiều hộ nghèo nhất"
        made["poverty"] = draw(
            "poverty", f"Số hộ nghèo, tỷ lệ hộ nghèo của các {document.area_term} {held}",
            f"Biểu đồ: nhiều hộ nghèo nhất là {poor[0].area.full_name} với {poor[0].poor.households}"
            f" ({poor[0].poor.rate}); ít nhất trong số còn hộ nghèo là {poor[-1].area.full_name}"
            f" với {poor[-1].poor.households}.",
            [{"area": row.area.name, "count": float(row.poor.households.value or 0), "sort": order,
              "label": f"{row.poor.households} ({row.poor.rate})"} for order, row in enumerate(poor[:BARS_SHOWN])],
            folder, fonts,
        )  # fmt: skip
    below = [row for row in facts.comparison.areas if row.below.is_known]
    if below:
        below = sorted(below, key=lambda row: (-(row.below.value or 0), row.area.sort))
        made["below_city"] = draw(
            "below_city",
            f"Các {document.area_term} có nhiều chỉ tiêu kém hơn bình quân toàn {document.top_area_term} nhất",
            f"Biểu đồ: nhiều chỉ tiêu kém hơn bình quân nhất là {below[0].area.full_name} với {below[0].below}; "
            f"ít nhất là {below[-1].area.full_name} với {below[-1].below}.",
            [{"area": row.area.name, "count": float(row.below.value or 0), "sort": order, "label": row.below.number}
             for order, row in enumerate(below[:BARS_SHOWN])],
            folder, fonts,
        )  # fmt: skip
    return made


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
