"""Runs one SQL model on small tables: given ones as they are, missing ones built from raw on the way."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"
LAYERS = ("staging", "intermediate", "marts", "checks")
TABLE_READ = re.compile(r"\b(?:from|join)\s+((?:raw|staging|intermediate|marts|checks)\.[a-z_]+)")

Rows = list[dict[str, Any]]
Tables = dict[str, str | Rows]
RunModel = Callable[[str, Tables], Rows]

RAW_TABLES = {
    "programme": "id text, title text, short_title text, issuer text, number text, issued_on date,"
    " first_year integer, last_year integer, due_days integer, outlier_factor integer, outlier_floor integer",
    "quarters": "quarter text, year integer, number integer, first_month text, last_month text, ends_on date,"
    " due_on date, locked_on date, previous_quarter text, same_quarter_last_year text, previous_year_end text,"
    " poverty_standard text",
    "areas": "code text, name text, full_name text, kind text, level text, parent_code text, is_urban boolean,"
    " valid_from date, valid_to date, sort integer, tile_x integer, tile_y integer",
    "owners": "code text, name text, short_name text, valid_from date, valid_to date",
    "measures": "code text, name_vi text, unit text, period_kind text, level text, reported_by text,"
    " reporter text, form text, frequency text, lower decimal(18, 4), upper decimal(18, 4), sum_of text",
    "measure_parts": "measure_code text, part_code text",
    "measure_successors": "measure_code text, place integer, owner_code text",
    "indicators": "code text, name_vi text, short_name text, group_code text, group_name text, sort integer,"
    " is_counted boolean, unit text, direction text, aggregation text, numerator text, denominator text,"
    " scale integer, frequency text, owner text, decimals integer, min_significant integer,"
    " counts_shown boolean, applies_to text, minimum_coverage decimal(9, 4), baseline decimal(18, 4),"
    " baseline_year integer, baseline_is_break boolean, basis text, definition text, method_note text,"
    " valid_from date, valid_to date",
    "targets": "indicator_code text, scope text, year integer, area_code text, op text, value decimal(18, 4),"
    " high decimal(18, 4), measure text, completion_decimals integer, share_q1 decimal(9, 4), share_q2 decimal(9, 4),"
    " share_q3 decimal(9, 4), document text, issued_on date, basis text, note text, line integer",
    "assessments": "quarter text, indicator_code text, status text, document text, assessed_on date,"
    " reason text, basis text",
    "method_breaks": "indicator_code text, from_quarter text, note text, basis text",
    "tasks": "id text, indicator_code text, task text, lead text, partners text, document text, assigned_on date,"
    " due_on date, state text, done_on date, basis text, note text",
    "corrections": "quarter text, measure text, area_code text, series text, old_value decimal(18, 4),"
    " new_value decimal(18, 4), reason text, agreed_by text, agreed_on date, basis text",
    "waivers": "rule text, quarter text, reporter text, reason text, agreed_by text, agreed_on date, valid_until date",
    "issues": "quarter text, number text, issued_on date, inputs_sha256 text, facts_sha256 text, pdf_sha256 text",
    "issued_figures": "quarter text, indicator_code text, area_code text, numerator decimal(18, 4),"
    " denominator decimal(18, 4), status text, printed text",
    "receipts": "quarter text, seq integer, file text, sha256 text, received_on date, sent_by text, basis text,"
    " note text, is_registered boolean",
    "submissions": "quarter text, sha256 text, file text, reporter text, reporter_kind text, format text,"
    " is_accepted boolean",
    "forms": "quarter text, sha256 text, file text, sheet text, form text, reporter text, month text,"
    " is_accepted boolean, rows_read integer, rows_used integer, rows_recognised integer,"
    " rows_set_aside integer",
    "observations": "quarter text, sha256 text, file text, sheet text, cell text, form text, reporter text,"
    " measure text, area_code text, month text, series text, value decimal(18, 4), state text,"
    " raw_text text, qualifier text",
    "stated": "quarter text, sha256 text, file text, sheet text, cell text, form text, reporter text,"
    " kind text, subject text, area_code text, month text, series text, value decimal(18, 6), raw_text text",
    "remarks": "quarter text, sha256 text, file text, sheet text, cell text, reporter text, row_label text, text text",
    "findings": "quarter text, sha256 text, file text, reporter text, rule text, severity text, sheet text,"
    " cell text, found text, expected text, remedy text",
}


def sql_paths() -> list[Path]:
    return [path for layer in LAYERS for path in sorted((SQL_FOLDER / layer).glob("*.sql"))]


def tables_read(sql: str) -> set[str]:
    """The tables a query names after from and join, its comments aside."""
    return set(TABLE_READ.findall(re.sub(r"--.*", "", sql)))


def build(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    given: Tables,
    built: set[str],
    changed: Mapping[str, str] | None = None,
) -> None:
    """Make `table` and everything it is made from that is not yet in `built`; `changed` has other texts of models."""
    if table in built:
        return
    built.add(table)
    schema, name = table.split(".")
    connection.execute(f"create schema if not exists {schema}")
    rows = given.get(table)
    if isinstance(rows, str):
        connection.execute(f"create table {table} as select * from {rows}")
    elif schema == "raw":
        connection.execute(f"create table {table} ({RAW_TABLES[name]})")
        insert(connection, table, rows or [])
    else:
        sql = (changed or {}).get(table) or (SQL_FOLDER / schema / f"{name}.sql").read_text(encoding="utf-8")
        for read in sorted(tables_read(sql)):
            build(connection, read, given, built, changed)
        connection.execute(f"create table {table} as {sql}")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Rows) -> None:
    """One statement for all rows: columns not named by a row stay null."""
    if not rows:
        return
    columns = sorted({column for row in rows for column in row})
    marks = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(rows))
    connection.execute(
        f"insert into {table} ({', '.join(columns)}) values {marks}",
        [row.get(column) for row in rows for column in columns],
    )


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


@pytest.fixture
def run_model(connection: duckdb.DuckDBPyConnection) -> RunModel:
    """`run_model("marts/poverty_rates", {table: rows})`: the rows of the model, in its own order.

    A table is given as SQL (`(values ...) t (columns)`) or as rows; a model's input that is not given is built
    from its own inputs, and a raw table that is not given is empty. Tables once built stay for the test.
    """
    built: set[str] = set()

    def run(model: str, given: Tables) -> Rows:
        sql = (SQL_FOLDER / f"{model}.sql").read_text(encoding="utf-8")
        for read in sorted(tables_read(sql)):
            build(connection, read, given, built)
        result = connection.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return run
