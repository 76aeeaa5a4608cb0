"""What the tables of a warehouse were made from, as hashes that can be told without making them again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import duckdb

MADE_FROM = "raw.made_from"  # of each model and check, a hash of its SQL and of all that it reads


def table_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Type by column; empty where the table does not exist."""
    schema, name = table.split(".")
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ?", [schema, name]
    )
    return dict(found.fetchall())


class Makings:
    """`known` says of each model and check in a warehouse what it was made from; `of` what it would be made from now.

    The same hash means the same rows, so a model is as its SQL and the raw tables give where, all its inputs being so,
    the two agree.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._contents: dict[str, str] = {}  # of raw tables, as asked for since they were written
        self.known: dict[str, str] = {}
        if table_columns(connection, MADE_FROM):
            self.known |= dict(connection.execute(f"select name, made_from from {MADE_FROM}").fetchall())

    def of(self, sql: str, inputs: Sequence[str]) -> str:
        """What decides the rows of a select over `inputs`."""
        behind = [self.known.get(table) or self.content_of(table) for table in inputs]
        return hashlib.sha256("\n".join([duckdb.__version__, sql, *behind]).encode()).hexdigest()

    def content_of(self, table: str) -> str:
        """A hash of the columns and rows of a table, whatever their order."""
        if table not in self._contents:
            self._contents[table] = self.content(table, table_columns(self._connection, table))
        return self._contents[table]

    def content(self, source: str, columns: dict[str, str]) -> str:
        """The same of anything a query may read from."""
        rows = self._connection.execute(f"select count(*), sum(hash(held)::hugeint) from {source} as held").fetchall()
        return f"{', '.join(f'{name} {kind}' for name, kind in columns.items())}: {rows[0]}"

    def forget(self, table: str = "") -> None:
        """What `table`, or any raw table, held is not known any more: it was written."""
        if table:
            self._contents.pop(table, None)
        else:
            self._contents.clear()
