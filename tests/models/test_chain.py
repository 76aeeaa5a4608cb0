"""All models in the order of their headers, then all checks, on one small complete programme."""

from collections.abc import Iterator
from datetime import date
from graphlib import TopologicalSorter

import duckdb
import pytest

from .conftest import RAW_TABLES, SQL_FOLDER, Rows, insert, sql_paths, tables_read
from .returns import Returns
from .test_checks import BALANCED_FORM, NEAR_POOR_FORM
from .test_poverty import with_forms

MART_COLUMNS = {
    "indicator_values": "quarter indicator_code area_code area_level state value numerator denominator scale"
    " areas_reported areas_expected is_estimate qualifier basis",
    "indicator_progress": "quarter indicator_code name_vi short_name group_code group_name sort is_counted unit"
    " direction owner owner_name owner_short_name decimals min_significant counts_shown definition method_note"
    " state value numerator denominator scale areas_reported areas_expected is_estimate qualifier basis baseline"
    " baseline_year baseline_is_break year_op year_value year_high year_measure year_document year_judged"
    " year_completion year_completion_numerator year_completion_denominator year_completion_decimals term_op"
    " term_value term_high term_year term_document term_judged term_completion term_completion_numerator"
    " term_completion_denominator term_completion_decimals same_period_value same_period_numerator"
    " same_period_denominator same_period_source year_end_value year_end_numerator year_end_denominator"
    " computed_status recorded_status recorded_document recorded_on recorded_reason status status_source"
    " status_print status_group gap_value",
    "status_summary": "quarter status_group group_print sort indicators counted_total computed recorded",
    "area_comparison": "quarter indicator_code area_code area_name area_kind area_sort state value numerator"
    " denominator scale qualifier is_estimate basis city_value city_numerator city_denominator gap rank"
    " areas_ranked is_below_city",
    "poverty_rates": "quarter area_code standard area_name area_level parent_code area_sort households persons"
    " minority_households poor_households poor_persons minority_poor_households near_poor_households"
    " near_poor_persons minority_near_poor_households poverty_rate near_poverty_rate"
    " multidimensional_poverty_rate areas_reported areas_expected opening_poor_households"
    " opening_near_poor_households basis",
    "poverty_flows": "quarter area_code flow class flow_print sign sort households persons areas_reported"
    " areas_expected",
    "submission_status": "quarter reporter reporter_name reporter_kind sort state is_late is_registered"
    " is_corrected has_rejected_newer file seq received_on due_on days_late receipts errors warns",
    "data_quality": "quarter rule severity findings reporters",
}


def small_programme() -> Returns:
    """Two quarters; district 03 sends nothing in the second; an agency sends one yearly figure."""
    returns = with_forms()
    returns.measure("part", period_kind="flow")
    returns.measure("whole", period_kind="flow")
    returns.measure("beds", level="city", reported_by="agency", reporter="so", frequency="yearly")
    returns.indicator("POOR", "poor_households", "households", direction="lower")
    returns.indicator("SHARE", "part", "whole")
    returns.indicator("JOBS", "part")
    returns.indicator("BEDS", "beds", aggregation="city_only", frequency="yearly", direction="range")
    returns.target("POOR", "term_end", "le", 0, year=2025)
    returns.target("JOBS", "each_year", "ge", 100)
    returns.target("BEDS", "term_end", "range", 30, high=35, year=2025)
    returns.assess("2023-Q4", "SHARE", "difficult", assessed_on=date(2024, 1, 12))
    for number, quarter in ((3, "2023-Q3"), (4, "2023-Q4")):
        for district, communes in (
            ("01", ["0101", "0102"]),
            ("02", ["0201", "0202", "0203"]),
            ("03", ["0301", "0302"]),
        ):
            if (district, number) == ("03", 4):
                continue
            movements = {
                f"{measure}@{commune}": value
                for commune in communes
                for measure, value in (BALANCED_FORM | NEAR_POOR_FORM | {"households": 100, "persons": 300}).items()
            }
            returns.send(quarter, district, movements, form="bieu02")
            returns.send(quarter, district, {"part": 10 * number, "part:in_period": 10, "whole": 200})
    returns.send("2023-Q4", "so", {"beds@city": (36.44, "ước")}, form="bieu05")
    returns.add("findings", quarter="2023-Q4", sha256="sha-0", rule="r", severity="info", cell="A1")
    return returns


@pytest.fixture(scope="module")
def chain() -> Iterator[duckdb.DuckDBPyConnection]:
    graph = {}
    for path in sql_paths():
        if path.parent.name != "checks":
            graph[f"{path.parent.name}.{path.stem}"] = tables_read(path.read_text(encoding="utf-8"))
    with duckdb.connect() as connection:
        for schema in ("raw", "staging", "intermediate", "marts", "checks"):
            connection.execute(f"create schema {schema}")
        tables = small_programme().tables
        for name, columns in RAW_TABLES.items():
            connection.execute(f"create table raw.{name} ({columns})")
            insert(connection, f"raw.{name}", tables.get(f"raw.{name}", []))
        for table in TopologicalSorter(graph).static_order():
            if not table.startswith("raw."):
                sql = (SQL_FOLDER / f"{table.replace('.', '/')}.sql").read_text(encoding="utf-8")
                connection.execute(f"create table {table} as {sql}")
        yield connection


def rows_of(chain: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    result = chain.execute(sql)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.mark.parametrize("mart", MART_COLUMNS)
def test_a_mart_has_the_columns_its_readers_rely_on(chain: duckdb.DuckDBPyConnection, mart: str) -> None:
    columns = {row["column_name"] for row in rows_of(chain, f"describe marts.{mart}")}
    assert set(MART_COLUMNS[mart].split()) <= columns
    assert rows_of(chain, f"from marts.{mart} limit 1") or mart == "data_quality"


def test_every_indicator_has_a_row_for_every_area(chain: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(chain, "select quarter, indicator_code, count(*) as areas from marts.indicator_values group by 1, 2")
    assert {(row["quarter"], row["indicator_code"]): row["areas"] for row in rows} == {
        (quarter, code): 1 if code == "BEDS" else 4
        for quarter in ("2023-Q3", "2023-Q4")
        for code in ("POOR", "SHARE", "JOBS", "BEDS")
    }


def test_statuses_of_the_year_end(chain: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(chain, "from marts.indicator_progress where quarter = '2023-Q4'")
    assert {row["indicator_code"]: (row["computed_status"], row["status"]) for row in rows} == {
        "POOR": ("behind_term", "behind_term"),
        "SHARE": ("no_plan", "missed"),
        "JOBS": ("missed", "missed"),
        "BEDS": ("term_exceeded", "term_exceeded"),
    }


def test_a_rate_agrees_wherever_it_stands(chain: duckdb.DuckDBPyConnection) -> None:
    """The indicator and the table of poverty rates are two ways to one figure."""
    rows = rows_of(
        chain,
        "select v.numerator, v.denominator, r.poverty_rate_numerator as n, r.poverty_rate_denominator as d"
        " from marts.indicator_values v join marts.poverty_rates r using (quarter, area_code)"
        " where v.indicator_code = 'POOR' and v.state = 'value'",
    )
    assert len(rows) == 4 + 3
    assert all((row["numerator"], row["denominator"]) == (row["n"], row["d"]) for row in rows)


def test_a_chain_of_clean_figures_breaks_no_blocking_check(chain: duckdb.DuckDBPyConnection) -> None:
    broken = {}
    for path in sorted(SQL_FOLDER.glob("checks/*.sql")):
        found = rows_of(chain, path.read_text(encoding="utf-8"))
        if found:
            broken[path.stem] = found
    assert broken == {}


def test_every_model_is_in_the_order_of_its_grain(chain: duckdb.DuckDBPyConnection) -> None:
    """Two builds of one model give the same rows in the same order."""
    for path in sql_paths():
        sql = path.read_text(encoding="utf-8")
        assert chain.execute(sql).fetchall() == chain.execute(sql).fetchall(), path.stem
