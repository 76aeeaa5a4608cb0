"""A district's two pages laid out: its charts, and the HTML of reports/area_page.html.j2."""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from pipeline.briefing.area_pages.figures import AreaPage
from pipeline.briefing.charts import Chart, draw, trend_picture
from pipeline.briefing.paper.fonts import Fonts
from pipeline.briefing.provenance import REPORTS
from pipeline.briefing.shown import Figures, environment
from pipeline.programme.heading import DocumentHeading
from pipeline.vietnamese import short_date

_SENT_LENGTH = 160  # characters of a sent text; the whole of it stands in the district's own file


def area_charts(page: AreaPage, document: DocumentHeading, fonts: Fonts) -> dict[str, Chart]:
    """The district's rates over the quarters beside those of the whole; none where it has no two quarters."""
    name = page.area.full_name
    whose = f"{name[:1].lower()}{name[1:]} (đường liền), toàn {document.top_area_term} (đường đứt)"
    panels = {own.name: [("area", own), ("whole", whole)] for own, whole in page.trends}
    picture = trend_picture("trend", panels, whose)
    return {picture.name: draw(picture, REPORTS / "charts", fonts)} if picture else {}


def area_html(
    shown: AreaPage,
    whole: AreaPage,
    document: DocumentHeading,
    charts: dict[str, Chart],
    fonts: Fonts,
    figures: Figures,
    mark: str,
    size: str,
) -> str:
    """Both pages; `figures` gets every figure they say.

    `shown` has only as many doubts and remarks of `whole` as find room, size is a class of the CSS.
    """
    return _template().render(
        page=shown, document=document, quarter=shown.quarter, charts=charts, fonts=fonts, mark=mark, size=size,
        figures=figures, figures_marked=False,
        data_date=short_date(shown.data_date), has_more_doubts=len(shown.doubts) < len(whole.doubts),
        has_more_remarks=len(shown.remarks) < len(whole.remarks),
    )  # fmt: skip


@cache
def _template() -> Template:
    return environment(_SENT_LENGTH).get_template("area_page.html.j2")
