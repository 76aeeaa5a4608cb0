"""The SQL models run on raw frames, and their rows beside those of the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tests.models.conftest import SQL_FOLDER, tables_read

from .frames import complete
from .reading import Frames, Row

GRAINS = {
    "indicator_values": ("quarter", "indicator_code", "area_code"),
    "indicator_progress": ("quarter", "indicator_code"),
    "status_summary": ("quarter", "status_group"),
    "area_comparison": ("quarter", "indicator_code", "area_code"),
    "poverty_rates": ("quarter", "area_code"),
    "poverty_flows": ("quarter", "area_code", "flow"),
    "submission_status": ("quarter", "reporter"),
}
NEAR = 1e-9


@cache
def models_in_order() -> tuple[tuple[str, str], ...]:
    """(table, text) of the marts above and everything they read, each after its inputs."""
    found: dict[str, str] = {}

    def add(table: str) -> None:
        schema, name = table.split(".")
        if table in found or schema == "raw":
            return
        text = (SQL_FOLDER / schema / f"{name}.sql").read_text(encoding="utf-8")
        for read in sorted(tables_read(text)):
            add(read)
        found[table] = text

    for mart in GRAINS:
        add(f"marts.{mart}")
    return tuple(found.items())


@contextmanager
def loaded(frames: Frames) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB with the raw tables; a frame travels as a temporary Parquet file."""
    with TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as connection:
        for schema in ("raw", "staging", "intermediate", "marts"):
            connection.execute(f"create schema {schema}")
        for name, frame in complete(frames).items():
            path = Path(folder) / f"{name}.parquet"
            frame.write_parquet(path)
            connection.execute(f"create table raw.{name} as from read_parquet('{path}')")
        yield connection


def run_models(frames: Frames) -> dict[str, list[Row]]:
    with loaded(frames) as connection:
        for table, text in models_in_order():
            connection.execute(f"create table {table} as {text}")
        return {mart: rows_of(connection, mart) for mart in GRAINS}


def rows_of(connection: duckdb.DuckDBPyConnection, mart: str) -> list[Row]:
    result = connection.execute(f"from marts.{mart}")
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def differences(ours: dict[str, list[Row]], models: dict[str, list[Row]]) -> list[str]:
    """One line for each row or column in which the two do not agree; empty when they do."""
    found = []
    for mart, grain in GRAINS.items():
        expected = {tuple(row[column] for column in grain): row for row in ours[mart]}
        given = {tuple(row[column] for column in grain): row for row in models[mart]}
        if (len(expected), len(given)) != (len(ours[mart]), len(models[mart])):
            found.append(f"{mart}: a row is repeated")
        found += [f"{mart} {key}: only the oracle has it" for key in expected.keys() - given.keys()]
        found += [f"{mart} {key}: only the models have it" for key in given.keys() - expected.keys()]
        found += [
            f"{mart} {key} {column}: oracle {shown(row[column])}, models {shown(given[key][column])}"
            for key, row in expected.items()
            if key in given
            for column in row
            if not agree(row[column], given[key][column])
        ]
    return found


def agree(ours: Any, given: Any) -> bool:
    """Exactly, except that a quotient in floating point may be off by rounding."""
    if isinstance(given, float) and ours is not None:
        return abs(float(ours) - given) <= NEAR * max(1.0, abs(given))
    if isinstance(given, Decimal) and ours is not None:
        return bool(Fraction(given) == ours)
    return type(ours) is type(given) and bool(ours == given)


def shown(value: Any) -> str:
    return str(value) if isinstance(value, Fraction) else repr(value)
