"""Every published figure marked golden comes out of the whole run; the others are flagged, none repaired."""

from __future__ import annotations

import duckdb
import pytest

from tests.golden.conftest import QUARTER

pytestmark = pytest.mark.xdist_group("demo")


def test_status_counts_and_how_they_were_reached(marts: duckdb.DuckDBPyConnection):
    rows = marts.execute(
        "select status_group, indicators, computed, recorded, counted_total from marts.status_summary"
        f" where quarter = '{QUARTER}' order by sort"
    ).fetchall()
    assert {group: indicators for group, indicators, *_ in rows} == {
        "term_done": 20,
        "year_done": 5,
        "on_track": 0,
        "difficult": 2,
        "unknown": 0,
    }
    assert {total for *_, total in rows} == {27}
    assert [sum(row[column] for row in rows) for column in (2, 3)] == [12, 15]
