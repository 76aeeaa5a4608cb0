"""Charts show the figures of the facts, say their finding, and can be read without colour."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import pytest

from pipeline.briefing.charts import briefing_charts, briefing_pictures, draw, trend_picture
from pipeline.briefing.charts.drawing import INK, Picture, specification
from pipeline.briefing.document import REPORTS
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.facts.figure import FactBook
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.poverty import Poverty
from pipeline.briefing.facts.trends import Trend, trend_facts
from pipeline.briefing.paper.fonts import Fonts
from pipeline.programme import Programme
from pipeline.quarters import Quarter

CHARTS = REPORTS / "charts"
SPECS = sorted(path.name.removesuffix(".vl.json") for path in CHARTS.glob("*.vl.json"))
SMALLEST_TEXT = 12  # pixels: 9 points where the picture is printed at its own size
STEP = 30  # of 255: greys closer than this run together on paper
TEXT_WIDTHS = {"tile_map": 262, "heat_map": 262}  # mm between the margins of the landscape pages they stand on
PORTRAIT_WIDTH = 165
Pictures = dict[str, Picture]


@pytest.fixture(scope="module")
def pictures(untouched_facts: BriefingFacts, programme: Programme) -> Pictures:
    return {picture.name: picture for picture in briefing_pictures(untouched_facts, programme.document)}


@pytest.fixture(scope="module")
def poverty(untouched_facts: BriefingFacts) -> Poverty:
    assert untouched_facts.poverty is not None
    return untouched_facts.poverty


def test_the_bar_of_results_is_the_count_of_each_status(pictures: Pictures, untouched_facts: BriefingFacts):
    groups = [group for group in untouched_facts.summary.groups if not group.count.is_zero]
    rows = pictures["status"].rows
    assert [(row["count"], row["number"]) for row in rows] == [
        (group.count.value, str(group.count.value)) for group in groups
    ]
    assert sum(row["count"] for row in rows) == untouched_facts.summary.total.value
    assert all(row["label"].startswith(str(group.count)) for row, group in zip(rows, groups, strict=True))
    assert len({row["shade"] for row in rows}) == len(rows)
    assert "20/27 chỉ tiêu (74%) hoàn thành" in pictures["status"].alt


def test_bars_against_the_plan_are_the_completions(pictures: Pictures, untouched_facts: BriefingFacts):
    judged = [one for one in untouched_facts.indicators if one.year and one.year.completion]
    rows = {row["indicator"]: row for row in pictures["plans"].rows}
    assert list(rows) == [one.short_name for one in judged] and len(judged) > 5
    for one in judged:
        assert one.year and one.year.completion and one.year.completion.value is not None
        row = rows[one.short_name]
        assert row["done"] == float(one.year.completion.value)
        assert str(one.year.completion) in row["label"]
        assert row["label"].startswith("»") == (row["drawn"] < row["done"])
    assert "chưa đạt kế hoạch: Quản lý sức khỏe 90,4%" in pictures["plans"].alt


def test_the_pace_is_marked_before_the_end_of_the_year_only(untouched_facts: BriefingFacts, programme: Programme):
    one = next(one for one in untouched_facts.indicators if one.year and one.year.completion)
    assert one.year
    at_pace = replace(one, year=replace(one.year, pace=0.75))
    for number, expected in ((3, 75.0), (4, None)):
        facts = replace(
            untouched_facts, quarter=Quarter(2023, number), context=(),
            groups=(replace(untouched_facts.groups[0], indicators=(at_pace,)),),
        )  # fmt: skip
        picture = next(p for p in briefing_pictures(facts, programme.document) if p.name == "plans")
        assert [row["pace"] for row in picture.rows] == [expected]
        assert ("▼" in picture.title) == (number == 3)
        assert ("mức cần đạt đến hết quý" in picture.alt) == (number == 3)


def test_the_ranking_is_by_rate_with_the_rate_of_the_whole(pictures: Pictures, poverty: Poverty):
    rates = {row.area.name: row.poor for row in poverty.districts}
    rows = pictures["poverty"].rows
    assert [row["rate"] for row in rows] == sorted((row["rate"] for row in rows), reverse=True)
    for row in rows:
        held = rates[row["area"]]
        assert held.rate.value is not None and row["rate"] == float(held.rate.value)
        assert row["label"] == f"{held.rate} ({held.households})"
        assert row["whole"] == float(poverty.city.poor.rate.value or 0)
    assert {row["area"] for row in rows} == {name for name, held in rates.items() if held.households.value}
    assert "Huyện Ba Vì với 264 hộ" in pictures["poverty"].alt


def test_the_waterfall_leads_from_opening_to_closing(pictures: Pictures, poverty: Poverty):
    rows = pictures["flows"].rows
    flows = {line.poor.printed: line.poor for line in poverty.flows if line.poor}
    assert rows[0]["to"] == poverty.city.poor.opening.value and rows[-1]["to"] == poverty.city.poor.households.value
    for before, row in pairwise(rows[:-1]):
        flow = flows[row["flow"]]
        assert row["from"] == before["to"] and row["to"] - row["from"] == flow.sign * (flow.households.value or 0)
        assert row["label"] == f"{'+' if flow.sign > 0 else '-'}{flow.households.number}"
    assert str(poverty.city.poor.households) in pictures["flows"].alt


def test_movements_that_do_not_add_up_are_not_drawn(
    untouched_facts: BriefingFacts, poverty: Poverty, programme: Programme
):
    *others, last = poverty.flows
    assert last.poor
    wrong = replace(last.poor.households, value=Decimal(1))
    flows = (*others, replace(last, poor=replace(last.poor, households=wrong)))
    facts = replace(untouched_facts, poverty=replace(poverty, flows=flows))
    assert "flows" not in {picture.name for picture in briefing_pictures(facts, programme.document)}


def test_the_heat_map_has_every_compared_figure_with_its_symbol(pictures: Pictures, untouched_facts: BriefingFacts):
    comparison = untouched_facts.comparison
    cells = {(row["indicator_sort"], row["area"]): row for row in pictures["heat_map"].rows}
    assert len(cells) == len(comparison.areas) * len(comparison.indicators)
    for area in comparison.areas:
        symbols = [cells[place, area.area.name]["symbol"] for place in range(len(area.cells))]
        assert symbols.count("−") == area.below.value
        for place, cell in enumerate(area.cells):
            assert (cell is None) == (symbols[place] == "x")
    shades = {(row["symbol"], row["shade"]) for row in cells.values()}
    assert ("−", "middle") in shades and ("+", "blank") in shades
    most = comparison.most_below[0]
    assert f"{most.area.full_name} ({most.below})" in pictures["heat_map"].alt


def test_the_map_has_a_tile_for_every_district(
    pictures: Pictures, poverty: Poverty, programme: Programme, untouched_facts
):
    tiles = {row["area"]: row for row in pictures["tile_map"].rows}
    assert {name: row["label"] for name, row in tiles.items()} == {
        row.area.name: row.poor.rate.cell for row in poverty.districts
    }
    assert len({(row["x"], row["y"]) for row in tiles.values()}) == 30
    nowhere = replace(poverty.districts[0], area=replace(poverty.districts[0].area, tile=None))
    facts = replace(untouched_facts, poverty=replace(poverty, districts=(nowhere, *poverty.districts[1:])))
    assert "tile_map" not in {picture.name for picture in briefing_pictures(facts, programme.document)}


@pytest.fixture
def trend(marts: duckdb.DuckDBPyConnection) -> Trend:
    """The poverty rate of six quarters: a break at the third with a value, no return in the fourth."""
    marts.execute(
        "create table marts.indicator_values as select quarter, 'A01' as indicator_code, 'city' as area_code,"
        " if(poor is null, 'missing', 'value') as state, poor as numerator, 2290000 as denominator,"
        " if(quarter = '2022-Q4', 29, 30) as areas_reported, 30 as areas_expected, false as is_estimate,"
        " '' as qualifier, 'illustrative' as basis from (values ('2022-Q3', 2815),"
        " ('2022-Q4', 2134), ('2023-Q1', 2016),"
        " ('2023-Q2', null), ('2023-Q3', 1236), ('2023-Q4', 690)) t (quarter, poor)"
    )
    marts.execute("delete from raw.method_breaks")
    marts.execute("insert into raw.method_breaks values ('A01', '2023-Q1', 'Phạm vi mới', 'published')")
    (found,) = trend_facts(Marts(marts, Quarter(2023, 4)), FactBook("2023-Q4", "x"))
    return found


def test_a_trend_has_the_figures_of_each_quarter_and_asks_for_them_there(trend: Trend):
    assert [point.value.printed for point in trend.points] == [
        "0,12%", "0,093%", "0,088%", "chưa có số liệu", "0,054%", "0,03%",
    ]  # fmt: skip
    assert [point.value.trace.quarter for point in trend.known if point.value.trace] == [
        "2022-Q3", "2022-Q4", "2023-Q1", "2023-Q3", "2023-Q4",
    ]  # fmt: skip
    assert [point.is_partial for point in trend.points] == [False, True, False, False, False, False]


def test_a_break_and_a_missing_quarter_are_gaps_in_the_line(trend: Trend, fonts: Fonts):
    picture = trend_picture("trend", {trend.name: [("area", trend)]}, "toàn Thành phố")
    assert picture is not None
    segments: dict[str, list[str]] = {}
    for row in picture.rows:
        if row["value"] is not None:
            segments.setdefault(row["segment"], []).append(row["quarter"])
    assert list(segments.values()) == [["III/2022", "IV/2022"], ["I/2023"], ["III/2023", "IV/2023"]]
    svg = draw(picture, CHARTS, fonts).svg.decode("utf-8")
    lines = re.findall(r'aria-roledescription="line mark"[^>]*? d="(M[^"]+)"', svg)
    assert sorted(line.count("L") for line in lines) == [0, 1, 1]
    assert svg.count("đổi cách tính") == 1 and ">…<" in svg
    assert "từ 0,088% (I/2023) xuống 0,03% (IV/2023), từ I/2023 đổi cách tính (phạm vi mới)" in picture.alt


def colours(value: Any, key: str = "") -> Iterator[str]:
    """Every colour a specification names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from colours(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from colours(inner, key)
    elif isinstance(value, str) and (
        value.startswith("#") or key.lower().endswith(("color", "fill", "stroke", "background"))
    ):
        yield value


@pytest.mark.parametrize("name", SPECS)
def test_every_specification_is_black_white_and_grey(name: str):
    named = set(colours(specification(CHARTS, name)))
    assert len(named) > 3
    for colour in named - {"black", "white"}:
        assert re.fullmatch(r"#(..)\1\1", colour), colour


def test_greys_keep_apart_on_paper_and_ink_is_read_on_each():
    style = json.loads((CHARTS / "style.json").read_text(encoding="utf-8"))
    greys = [int(colour[1:3], 16) for colour in style["range"]["category"]]
    assert len(greys) == len(INK) and all(after - before >= STEP for before, after in pairwise(greys))
    for grey, ink in zip(greys, INK.values(), strict=True):
        light, dark = sorted((((grey / 255) ** 2.2) + 0.05, (1.05 if ink == "white" else 0.05)), reverse=True)
        assert light / dark >= 4.5


def test_drawings_are_printed_at_their_own_size_in_the_pinned_font_and_no_smaller_than_nine_points(
    untouched_facts: BriefingFacts, programme: Programme, fonts: Fonts
):
    charts = briefing_charts(untouched_facts, programme.document, CHARTS, fonts)
    assert {"status", "plans", "flows", "poverty", "below_city", "heat_map", "tile_map"} <= set(charts)
    for name, chart in charts.items():
        svg = chart.svg.decode("utf-8")
        width = float(re.findall(r'<svg[^>]* width="([\d.]+)"', svg)[0])
        assert width * 25.4 / 96 <= TEXT_WIDTHS.get(name, PORTRAIT_WIDTH), name
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', svg)]
        assert sizes and min(sizes) >= SMALLEST_TEXT, name
        assert set(re.findall(r'font-family="([^"]+)"', svg)) == {fonts.family}
        painted = set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6}|rgb[^"]+)"', svg))
        assert all(re.fullmatch(r"#(..)\1\1", colour) for colour in painted), (name, painted)
        assert chart.alt.startswith(("Biểu đồ", "Bảng màu", "Sơ đồ")) and len(chart.alt) > 40
