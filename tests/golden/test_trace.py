"""Over the whole demonstration: a figure computed again from the cells its trace names is the figure printed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipeline.briefing.facts import figures
from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from pipeline.trace import Records, parts, recompute, trace
from pipeline.vietnamese import exact_ratio
from tests.golden.conftest import PROGRAMME, QUARTER, ROOT, Giaoban

pytestmark = pytest.mark.xdist_group("demo")

SAMPLED = 300  # of the thousands of districts' figures; every figure of the city is traced
SEED = 8


def sampled(rows: list[Any]) -> list[Any]:
    return sorted(random.Random(SEED).sample(rows, min(SAMPLED, len(rows))), key=str)


@pytest.fixture(scope="module")
def records(marts: duckdb.DuckDBPyConnection) -> dict[str, Records]:
    quarters = marts.execute("select distinct quarter from staging.quarters order by 1").fetchall()
    return {quarter: Records(marts, Quarter.parse(quarter)) for (quarter,) in quarters}


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


def test_every_indicator_is_recomputed_from_its_cells_and_printed_alike(
    marts: duckdb.DuckDBPyConnection, records: dict[str, Records]
):
    rows = marts.execute(
        "select quarter, indicator_code, area_code, area_level, state, numerator, denominator, scale"
        " from marts.indicator_values order by all"
    ).fetchall()
    chosen = [row for row in rows if row[3] == "city"] + sampled([row for row in rows if row[3] != "city"])
    printed = dict(printed_figures(marts, {(row[0], row[1]) for row in chosen}))
    for quarter, code, area, _, state, numerator, denominator, scale in chosen:
        found = trace(records[quarter], code, area)
        place = (quarter, code, area)
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


def test_every_flow_is_recomputed_from_its_cells(marts: duckdb.DuckDBPyConnection, records: dict[str, Records]):
    rows = marts.execute("select quarter, area_code, flow, households, persons from marts.poverty_flows order by all")
    every = rows.fetchall()
    latest = [row for row in every if row[0] == QUARTER and row[1] == "city"]
    for quarter, area, flow, households, persons in latest + sampled(every)[::4]:
        for unit, figure in (("households", households), ("persons", persons)):
            found = trace(records[quarter], f"{flow}_{unit}", area)
            assert (parts(found)[0], found.numerator) == (figure, figure), (quarter, area, flow, unit)


def test_every_poverty_rate_is_recomputed_from_its_cells(marts: duckdb.DuckDBPyConnection, records: dict[str, Records]):
    rates = ("poverty_rate", "near_poverty_rate", "multidimensional_poverty_rate")
    columns = ", ".join(f"{rate}_numerator, {rate}_denominator" for rate in rates)
    rows = marts.execute(
        f"select quarter, area_code, area_level, {columns} from marts.poverty_rates order by all"
    ).fetchall()
    chosen = [row for row in rows if row[0] == QUARTER and row[2] in ("city", "zone")] + sampled(rows)[::10]
    for quarter, area, _, *pairs in chosen:
        for rate, numerator, denominator in zip(rates, pairs[::2], pairs[1::2], strict=True):
            found = trace(records[quarter], rate, area)
            assert parts(found) == (numerator, denominator), (quarter, area, rate)


def test_areas_without_poor_households_are_counted_from_the_cells(
    marts: duckdb.DuckDBPyConnection, records: dict[str, Records]
):
    for quarter in records:
        for kind in ("poor", "near_poor"):
            (count,) = marts.execute(
                "select count(*) from marts.areas_without where quarter = ? and kind = ?", [quarter, kind]
            ).fetchall()[0]
            found = trace(records[quarter], f"areas_without_{kind}", "city")
            assert (recompute(found), parts(found)[1]) == (count, 30), (quarter, kind)
    assert trace(records[QUARTER], "areas_without_poor", "city").printed == "18/30"
