"""What a resubmission changed: each figure of an accepted form beside that of the version accepted before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pipeline.feedback.records import Change
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import number

_SERIES = {"actual": "thực hiện", "in_period": "trong kỳ", "plan": "kế hoạch năm", "last_year": "cùng kỳ năm trước"}
_ABSENT = "không có trên biểu"


@dataclass(frozen=True)
class Version:
    """One accepted form of one file."""

    sha256: str
    form: str
    month: str


@dataclass(frozen=True)
class _Figure:
    sheet: str
    cell: str
    value: Decimal | None
    state: str
    qualifier: str

    @property
    def printed(self) -> str:
        if self.state != "value" or self.value is None:
            return "không áp dụng (x)" if self.state == "not_applicable" else "chưa có số liệu"
        return f"{self.qualifier} {number(self.value, 4)}".strip()


def changes_between(
    connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter, old: Version, new: Version
) -> list[Change]:
    """Figures that changed, appeared or are gone, by their place in the newer file; gone ones last."""
    before, after = (_figures(connection, quarter, version) for version in (old, new))
    measures = {measure.code: measure.name_vi for measure in programme.measures}
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        # what is not said and what is not there are the same to the sender
        if _meaning(was) == _meaning(now):
            continue
        measure, area, series, _ = key
        shown = now or was
        assert shown is not None
        change = Change(
            shown.sheet, now.cell if now else "", programme.reporter_name(area), measures.get(measure, measure),
            _SERIES.get(series, series), was.printed if was else _ABSENT, now.printed if now else _ABSENT,
        )  # fmt: skip
        found.append(((now is None, shown.sheet, position(shown.cell), key), change))
    return [change for _, change in sorted(found, key=lambda pair: pair[0])]


def position(cell: str) -> tuple[int, int, str]:
    """`E14` as a place in reading order: row, then column; what is no address comes first."""
    match = re.match(r"([A-Z]+)(\d+)", cell)
    return (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")


def _meaning(figure: _Figure | None) -> tuple[str, Decimal | None, str]:
    return (figure.state, figure.value, figure.qualifier) if figure else ("missing", None, "")


def _figures(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, version: Version
) -> Mapping[tuple[str, str, str, str], _Figure]:
    rows = connection.execute(
        "select measure, area_code, series, month, sheet, cell, value, state, qualifier from raw.observations"
        # the column of last year may carry last year's month
        " where quarter = ? and sha256 = ? and form = ? and (month = ? or series = 'last_year') order by sheet, cell",
        [str(quarter), version.sha256, version.form, version.month],
    ).fetchall()
    return {(measure, area, series, month): _Figure(*figure) for measure, area, series, month, *figure in rows}
