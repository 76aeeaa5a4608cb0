"""Layouts: how one version of one form looks, as people maintain it in raw/<programme>/layouts/*.yml.

Columns are declared by the wording of their headers, from the outermost to the innermost, with `>` between
levels and `|` between alternatives: `Giảm trong kỳ > Vượt chuẩn cận nghèo > Hộ|Số hộ`. `{year}` stands for
the year of the report. Position never counts.
"""

from __future__ import annotations

from typing import Literal

from pipeline.programme.tables import Row

Series = Literal["actual", "in_period", "plan", "last_year"]


class MeasureColumn(Row):
    """A column of figures of one measure (forms with a row per area)."""

    measure: str
    header: str


class RateColumn(Row):
    """A column of percentages that is recomputed from two measures and compared, never stored."""

    rate_of: tuple[str, str]
    header: str


class SeriesColumn(Row):
    """A column of one series (forms with a row per measure)."""

    series: Series
    header: str


class Layout(Row):
    """One version of one form. `rows: areas` has a row per commune, `rows: measures` a row per measure."""

    form: str
    titles: tuple[str, ...]
    sender: Literal["area", "agency"]
    rows: Literal["areas", "measures"]
    ordinal: str
    label: str
    unit: str | None = None
    remark: str | None = None
    columns: tuple[MeasureColumn | RateColumn | SeriesColumn, ...]
    groups: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
