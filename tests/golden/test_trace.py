"""Over the whole demonstration: a figure computed again from what its trace names is the figure printed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipeline.briefing.facts.collecting import figures
from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from pipeline.trace import Summed, parts, recompute, trace
from pipeline.vietnamese import exact_ratio
from tests.golden.conftest import PROGRAMME, QUARTER, ROOT, Giaoban
from tests.golden.tracing import SEED, Traces

SAMPLED = 300  # of the thousands of districts' figures; every figure of the city is traced
ROWS_OF_A_MART = 60


@pytest.fixture(scope="module")
def traces(demo, marts: duckdb.DuckDBPyConnection) -> Traces:
    return Traces(marts, demo, PROGRAMME)


def test_every_printed_number_has_a_trace_that_gives_it(traces: Traces):
    assert list(traces.problems_of_facts()) == []


def test_figures_of_every_mart_have_a_trace_that_gives_them(traces: Traces):
    assert list(traces.problems_of_marts(ROWS_OF_A_MART)) == []


def test_the_trace_of_the_poverty_rate_names_all_communes_of_all_districts(giaoban: Giaoban, marts):
    done = giaoban("trace", PROGRAMME, QUARTER, "A01", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    cells: dict[str, dict[str, Any]] = {"numerator": {}, "denominator": {}}
    for cell in found["cells"]:
        assert cell["file"] and cell["sheet"] and cell["cell"] and cell["raw"] != ""
        cells[cell["role"]][cell["area"]] = cell["value"]
    communes = marts.execute(
        f"select area_code, district_code from staging.areas where quarter = '{QUARTER}' and area_level = 'commune'"
    ).fetchall()
    assert len(communes) == 579 and len({district for _, district in communes}) == 30
    assert set(cells["numerator"]) == set(cells["denominator"]) == {commune for commune, _ in communes}
    poor, households = sum(cells["numerator"].values()), sum(cells["denominator"].values())
    assert (poor, households, found["printed"]) == (690, 2_290_000, "0,03%")
    assert poor * 100 / households == pytest.approx(found["value"])
    assert "690 × 100 / 2.290.000 = 0,030131… → in 0,03%" in found["formula"]


def test_a_completion_names_the_line_of_its_plan_and_the_cells_of_what_is_judged(giaoban: Giaoban):
    done = giaoban("trace", PROGRAMME, QUARTER, "A01.year_completion", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (plan,) = found["givens"]
    lines = (ROOT / "raw" / PROGRAMME / "targets.csv").read_text(encoding="utf-8-sig").splitlines()
    assert plan["file"] == "targets.csv" and lines[plan["line"] - 1].startswith("A01,year,2023,,ge,642")
    assert (found["printed"], plan["value"]) == ("234%", 642)
    assert sum(cell["value"] for cell in found["cells"]) == 1502 == found["terms"][0]["value"]


def test_an_area_is_asked_by_name_as_by_code(giaoban: Giaoban):
    by_code = giaoban("trace", PROGRAMME, QUARTER, "A01", "--area", "271").stdout
    assert "Huyện Ba Vì" in by_code
    for name in ("huyện Ba Vì", "ba vi"):
        assert giaoban("trace", PROGRAMME, QUARTER, "A01", "--area", name).stdout == by_code
    figure = ("figures", PROGRAMME, QUARTER, "--indicator", "A01", "--format", "json", "--area")
    assert json.loads(giaoban(*figure, "Ba Vì").stdout) == json.loads(giaoban(*figure, "271").stdout)
    shared = giaoban("trace", PROGRAMME, QUARTER, "A01", "--area", "Quang Trung")
    assert shared.returncode == 2 and "Có 4 địa bàn tên 'Quang Trung'" in shared.stderr


def sampled(rows: list[Any]) -> list[Any]:
    return sorted(random.Random(SEED).sample(rows, min(SAMPLED, len(rows))), key=str)


def test_every_indicator_is_recomputed_from_its_cells_and_printed_alike(
    marts: duckdb.DuckDBPyConnection, traces: Traces
):
    rows = marts.execute(
        "select quarter, indicator_code, area_code, area_level, state, numerator, denominator, scale"
        " from marts.indicator_values order by all"
    ).fetchall()
    chosen = [row for row in rows if row[3] == "city"] + sampled([row for row in rows if row[3] != "city"])
    printed = dict(printed_figures(marts, {(row[0], row[1]) for row in chosen}))
    for quarter, code, area, _, state, numerator, denominator, scale in chosen:
        found = trace(traces.of(quarter), code, area)
        place = (quarter, code, area)
        assert isinstance(found, Summed), place
        if state == "value":
            assert parts(found) == (numerator, denominator), place
            assert recompute(found) == exact_ratio(numerator, denominator, scale), place
        else:
            assert recompute(found) is None, place
        figure = printed[place]
        assert (found.printed, found.coverage, found.basis) == (
            figure["printed"], figure["coverage"], figure["basis"],
        ), place  # fmt: skip
        assert (found.assessment.status if found.assessment else None) == figure["status"], place


def printed_figures(
    marts: duckdb.DuckDBPyConnection, wanted: set[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    programme = load_programme(ROOT, PROGRAMME)
    for quarter, code in sorted(wanted):
        for figure in figures(marts, programme, Quarter.parse(quarter), code):
            yield (quarter, code, figure["area"]), figure


def test_areas_without_poor_households_are_counted_from_the_cells(marts: duckdb.DuckDBPyConnection, traces: Traces):
    quarters = marts.execute("select quarter from staging.quarters order by quarter").fetchall()
    for (quarter,) in quarters:
        for kind in ("poor", "near_poor"):
            (count,) = marts.execute(
                "select count(*) from marts.areas_without where quarter = ? and kind = ?", [quarter, kind]
            ).fetchall()[0]
            found = trace(traces.of(quarter), f"areas_without_{kind}", "city")
            assert isinstance(found, Summed)
            assert (recompute(found), parts(found)[1]) == (count, 30), (quarter, kind)
    assert trace(traces.of(QUARTER), "areas_without_poor", "city").printed == "18/30"
