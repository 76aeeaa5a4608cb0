"""Reading the warehouse for one quarter: SELECTs only, rows as dictionaries in a fixed order."""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.errors import GiaobanError
from pipeline.quarters import Quarter

Row = dict[str, Any]


class Marts:
    """The published tables as the briefing of one quarter sees them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> None:
        self._connection = connection
        self.quarter = str(quarter)
        self.tables = {
            (schema, table)
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }

    def has(self, table: str) -> bool:
        schema, _, name = table.partition(".")
        return (schema, name) in self.tables

    def select(self, query: str, *parameters: Any) -> list[Row]:
        try:
            cursor = self._connection.execute(query, list(parameters))
        except duckdb.Error as error:
            raise GiaobanError(
                f"Không đọc được kho dữ liệu để in báo cáo: {error}. "
                "Đề nghị chạy lại lệnh làm mới số liệu của quý rồi in lại."
            ) from error
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def of_quarter(self, table: str, order: str) -> list[Row]:
        """The rows of the printed quarter; empty where the table does not exist."""
        if not self.has(table):
            return []
        return self.select(f"select * from {table} where quarter = ? order by {order}", self.quarter)

    def all_rows(self, table: str, order: str) -> list[Row]:
        return self.select(f"select * from {table} order by {order}") if self.has(table) else []
