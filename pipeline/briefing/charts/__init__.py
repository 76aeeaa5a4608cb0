"""Charts: what each shows and says, drawn from the Vega-Lite specifications of reports/charts/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.briefing.charts.comparing import below_city_picture, heat_map_picture
from pipeline.briefing.charts.drawing import Chart, Picture, draw
from pipeline.briefing.charts.poverty import flow_picture, ranking_picture, tile_map_picture
from pipeline.briefing.charts.results import plan_picture, status_picture, trend_picture
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.paper.fonts import Fonts
from pipeline.programme.heading import DocumentHeading

__all__ = ["Chart", "Picture", "briefing_charts", "briefing_pictures", "draw", "drawn_figures", "trend_picture"]


def briefing_charts(facts: BriefingFacts, document: DocumentHeading, folder: Path, fonts: Fonts) -> dict[str, Chart]:
    """The charts that have something to show, by name."""
    return {picture.name: draw(picture, folder, fonts) for picture in briefing_pictures(facts, document)}


def drawn_figures(charts: Mapping[str, Chart]) -> dict[str, set[str]]:
    """The words of every fact in the labels of the charts, by key."""
    figures: dict[str, set[str]] = {}
    for key, words in (one for chart in charts.values() for one in chart.figures.items()):
        figures.setdefault(key, set()).add(words)
    return figures


def briefing_pictures(facts: BriefingFacts, document: DocumentHeading) -> Iterator[Picture]:
    """What there is to draw; of what has no figures there is no picture, and the page says so in its place."""
    made = [
        status_picture(facts.summary),
        plan_picture(facts.indicators + facts.context, facts.quarter),
        trend_picture(
            "trend", {trend.name: [("area", trend)] for trend in facts.trends}, f"toàn {document.top_area_term}"
        ),
        below_city_picture(facts.comparison, document),
        heat_map_picture(facts.comparison, document),
    ]
    if facts.poverty:
        made += [
            flow_picture(facts.poverty, document),
            ranking_picture(facts.poverty, document),
            tile_map_picture(facts.poverty, document),
        ]
    yield from filter(None, made)
