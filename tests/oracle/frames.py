"""Raw tables as Polars frames with the columns and types of the contract."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from tests.models.conftest import RAW_TABLES

from .reading import Frames, Row

TYPES: dict[str, Any] = {"text": pl.String, "integer": pl.Int32, "boolean": pl.Boolean, "date": pl.Date}
COLUMN = re.compile(r"(\w+) (?:(text|integer|boolean|date)|decimal\((\d+), (\d+)\))(?:, |$)")


def schema_of(table: str) -> dict[str, Any]:
    return {
        name: TYPES[kind] if kind else pl.Decimal(int(precision), int(scale))
        for name, kind, precision, scale in COLUMN.findall(RAW_TABLES[table])
    }


def frame_of(table: str, rows: list[Row]) -> pl.DataFrame:
    """What a row does not name is null."""
    schema = schema_of(table)
    return pl.DataFrame([[row.get(column) for column in schema] for row in rows], schema=schema, orient="row")


def frames_of(tables: dict[str, list[Row]]) -> Frames:
    return {table: frame_of(table, tables.get(table, [])) for table in RAW_TABLES}


def complete(frames: Frames) -> Frames:
    """With an empty frame for every raw table that is not given."""
    return {table: frames[table] if table in frames else frame_of(table, []) for table in RAW_TABLES}
