"""The models a figure went through, by the headers of the SQL files."""

from __future__ import annotations

import re
from functools import cache

from pipeline.models.sql_files import SQL_FOLDER, SqlFiles, read_sql_files
from pipeline.trace.records import Records

OBSERVATIONS = "raw.observations"


def models_between(records: Records, table: str, aside: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The sql files that carry the observations to `table`, in the order they are built.

    Tables in `aside` are not gone through: they add another column, or the figure of another area. A table no
    observation goes into is named alone.
    """
    return _models_between(records.raw_tables, table, aside)


@cache
def _models_between(raw_tables: frozenset[str], table: str, aside: frozenset[str]) -> tuple[str, ...]:
    files = _sql_files(raw_tables)
    inputs = {model.table: model.inputs for model in files.models if OBSERVATIONS in files.ancestors[model.table]}
    way: set[str] = set()
    ahead = [table]
    while ahead:
        here = ahead.pop()
        if here in inputs and here not in way | aside:
            way.add(here)
            ahead.extend(inputs[here])
    way = way or {table}
    return tuple(f"sql/{model.layer}/{model.name}.sql" for model in files.models if model.table in way)


@cache
def _sql_files(raw_tables: frozenset[str]) -> SqlFiles:
    """The models as they are, also where they read a raw table that the warehouse does not have yet."""
    texts = (path.read_text(encoding="utf-8") for path in SQL_FOLDER.rglob("*.sql"))
    return read_sql_files(raw_tables.union(*(re.findall(r"\braw\.\w+", text) for text in texts)), SQL_FOLDER)
