"""The warehouse as a trace sees it: the tables of one quarter, each read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

import duckdb

from pipeline.quarters import Quarter

Row = dict[str, Any]
Made = TypeVar("Made")
_FEW = 4  # times that observations are looked for; after that it is quicker to have them all


class Records:
    """One quarter; `at` gives another one over the same connection, and what was made once is kept."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, quarter: Quarter, others: dict[Quarter, Records] | None = None
    ) -> None:
        self._connection = connection
        self._others = {} if others is None else others
        self._others[quarter] = self
        self._tables: dict[str, list[Row]] = {}
        self._indexes: dict[tuple[str, ...], dict[tuple[Any, ...], Row]] = {}
        self._figures: dict[tuple[str, str], dict[str, Row]] = {}
        self._cells: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self._made: dict[Any, Any] = {}
        self._times_read = 0
        self.quarter = quarter

    def at(self, quarter: Quarter) -> Records:
        return self._others[quarter] if quarter in self._others else Records(self._connection, quarter, self._others)

    def kept(self, key: Any, make: Callable[[], Made]) -> Made:
        """What was made under a key, made now where it was not yet."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    def of_quarter(self, query: str, *parameters: Any) -> list[Row]:
        """The rows of a query whose first parameter is the quarter."""
        return self.select(query, str(self.quarter), *parameters)

    def select(self, query: str, *parameters: Any) -> list[Row]:
        result = self._connection.execute(query, list(parameters))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def rows(self, table: str) -> list[Row]:
        """Every row of the quarter of a table, in its order."""
        if table not in self._tables:
            self._tables[table] = self.of_quarter(f"select * from {table} where quarter = ?")
        return self._tables[table]

    def one(self, table: str, **keys: Any) -> Row | None:
        """The row of the quarter with these values of the columns that identify it."""
        index = (table, *keys)
        if index not in self._indexes:
            self._indexes[index] = {tuple(row[column] for column in keys): row for row in self.rows(table)}
        return self._indexes[index].get(tuple(keys.values()))

    def figures(self, series: str, measure: str) -> dict[str, Row]:
        """What is in force of a measure of the forms, by area; `read` before."""
        return self._figures[series, measure]

    def cells(self, series: str, measure: str) -> dict[str, list[Row]]:
        """The cells with a value of a measure of the forms, by area; `read` before."""
        return self._cells[series, measure]

    def read(self, series: str, measures: Iterable[str]) -> None:
        """Have the figures and the cells of these measures at hand."""
        unread = sorted({measure for measure in measures if (series, measure) not in self._figures})
        if not unread:
            return
        self._times_read += 1
        if self._times_read > _FEW:
            unread = sorted(measure for measure in self.measures if (series, measure) not in self._figures)
        marks = ", ".join("?" * len(unread))
        figures: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.of_quarter(
            "select * from staging.observations where quarter = ? and series = ? and is_current"
            f" and measure in ({marks})",
            series, *unread,
        ):  # fmt: skip
            figures[row["measure"]][row["area_code"]] = row
        cells: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.of_quarter(
            "select cells.*, forms.seq, forms.received_on, forms.is_registered from staging.cells as cells"
            " inner join staging.forms_in_force as forms on cells.quarter = forms.quarter"
            " and cells.reporter = forms.reporter and cells.form = forms.form and cells.month = forms.month"
            " and cells.sha256 = forms.sha256"
            " where cells.quarter = ? and cells.series = ? and cells.is_current"
            f" and cells.measure in ({marks}) and cells.state = 'value'"
            " order by cells.file, cells.sheet, length(cells.cell), cells.cell",
            series, *unread,
        ):  # fmt: skip
            cells[row["measure"]][row["area_code"]].append(row)
        for measure in unread:
            self._figures[series, measure] = figures[measure]
            self._cells[series, measure] = cells[measure]

    @cached_property
    def raw_tables(self) -> frozenset[str]:
        rows = self.select("select table_name from information_schema.tables where table_schema = 'raw'")
        return frozenset(f"raw.{row['table_name']}" for row in rows)

    @cached_property
    def measures(self) -> dict[str, Row]:
        return {row["code"]: row for row in self.select("select * from raw.measures order by code")}

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The measures of the forms that a derived measure is the sum of."""
        found: dict[str, list[str]] = {}
        for row in self.select("select * from raw.measure_parts order by measure_code, part_code"):
            found.setdefault(row["measure_code"], []).append(row["part_code"])
        return found

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """Those in force, in printing order."""
        rows = self.of_quarter("select * from staging.indicators where quarter = ? order by sort, indicator_code")
        return {row["indicator_code"]: row for row in rows}

    @cached_property
    def areas(self) -> dict[str, Row]:
        rows = self.of_quarter("select * from staging.areas where quarter = ? order by area_sort, area_code")
        return {row["area_code"]: row for row in rows}

    @cached_property
    def districts(self) -> list[Row]:
        return [row for row in self.areas.values() if row["area_level"] == "district"]

    @cached_property
    def communes(self) -> dict[str, list[str]]:
        """Codes of the communes of each district."""
        found: dict[str, list[str]] = {}
        for code, row in self.areas.items():
            if row["area_level"] == "commune":
                found.setdefault(row["district_code"], []).append(code)
        return found

    @cached_property
    def reporter_names(self) -> dict[str, str]:
        return {row["reporter"]: row["reporter_name"] for row in self.rows("staging.expected_reporters")}

    @cached_property
    def movements(self) -> list[Row]:
        return self.select("select * from staging.poverty_movements order by sort")

    @cached_property
    def replaced_forms(self) -> list[Row]:
        """Accepted forms of older receipts, each with the receipt that replaced it."""
        return self.of_quarter("""
            select distinct
                older.reporter, older.form, older.month, older.sha256,
                receipts.seq, receipts.file, receipts.received_on, current.seq as replaced_by
            from raw.forms as older
            inner join staging.forms_in_force as current
                on older.quarter = current.quarter and older.reporter = current.reporter
                and older.form = current.form and older.month = current.month and older.sha256 <> current.sha256
            inner join raw.receipts as receipts
                on older.quarter = receipts.quarter and older.sha256 = receipts.sha256 and receipts.seq < current.seq
            where older.quarter = ? and older.is_accepted
            order by receipts.seq, older.form
        """)

    def name_of(self, area: str) -> str:
        """An area's short name; the code itself where the quarter does not have it."""
        return str(self.areas[area]["area_name"]) if area in self.areas else area
