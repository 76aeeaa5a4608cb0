"""The marts of one quarter as CSV files: the whole and its districts; communes stay in the warehouse."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from pipeline.briefing.facts.marts import Marts, Row
from pipeline.vietnamese import rounded

# how a text begins that a spreadsheet program would take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
_COUNTS = ("numerator", "denominator")


@dataclass(frozen=True)
class MartFile:
    """One mart as CSV; is_of_senders where its rows tell of who sent what, which does not travel inside the PDF."""

    name: str
    data: bytes
    is_of_senders: bool


def mart_files(marts: Marts) -> list[MartFile]:
    """Every mart by name, the rows of the quarter ordered by all columns.

    Counts of an indicator whose counts may not be shown are left empty, as everywhere else.
    """
    hidden = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "indicator_code")
              if not row["counts_shown"]}  # fmt: skip
    found = []
    for name in sorted(name for schema, name in marts.tables if schema == "marts"):
        columns = _columns(marts, name)
        rows = [_without_counts(row, hidden[row["indicator_code"]]) if row.get("indicator_code") in hidden else row
                for row in _rows(marts, name, columns)]  # fmt: skip
        data = csv_file(columns, ([row[column] for column in columns] for row in rows))
        found.append(MartFile(name, data, "reporter" in columns))
    return found


def _without_counts(row: Row, about: Row) -> Row:
    """Of an indicator whose counts may not be shown: rates with every digit would tell them, so they are rounded."""

    def told(column: str, value: Any) -> Any:
        if column.endswith(_COUNTS):
            return None
        if isinstance(value, float):
            return rounded(Decimal(str(value)), about["decimals"], about["min_significant"]) + 0  # no -0
        return value

    return {column: told(column, value) for column, value in row.items()}


def _columns(marts: Marts, name: str) -> list[str]:
    rows = marts.select(
        "select column_name from information_schema.columns where table_schema = 'marts' and table_name = ?"
        " order by ordinal_position",
        name,
    )
    return [row["column_name"] for row in rows]


def _rows(marts: Marts, name: str, columns: list[str]) -> list[dict[str, Any]]:
    order = ", ".join(str(place) for place in range(1, len(columns) + 1))
    communes = "select code from raw.areas where level = 'commune'"
    kept = f" and area_code not in ({communes})" if "area_code" in columns else ""
    return marts.select(f"select * from marts.{name} where quarter = ?{kept} order by {order}", marts.quarter)


def csv_file(columns: list[str], rows: Iterable[list[Any]]) -> bytes:
    """One table: UTF-8 with a byte order mark, comma between cells, point in decimals; no text is a formula."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_written(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode("utf-8")


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA):
        return f"'{value}"
    return str(value)
