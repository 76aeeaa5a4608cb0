"""Layouts: how one version of one form looks, as people maintain it in raw/<programme>/layouts/*.yml.

Columns are declared by the wording of their headers, from the outermost to the innermost, with `>` between
levels and `|` between alternatives: `Giảm trong kỳ > Vượt chuẩn cận nghèo > Hộ|Số hộ`. `{year}` stands for
the year of the report. Position never counts; a unit in brackets behind the words (`Kinh phí (triệu đồng)`)
is understood as such. What a form may declare beside its columns:

area_level  `rows: areas` only. commune (the rule): a row per commune of the sender. district: one sheet of the
            whole province with a row per district; a district fills its own row, an agency all of them.
sender      area, agency, or any where either may send the form.
line, lines two lines per unit. Each column says on which line it stands (`line: Hộ|Số hộ`); `lines` is the
            header of the column that holds these words; without it they stand in the label column, under the
            unit. `{measure: poor_persons, header: Đầu kỳ, line: Nhân khẩu|Khẩu}`
blank       missing (the rule) or zero: a blank cell of this form means that nothing happened.
dash        zero (the rule) or missing: what `-` and `Không` mean on this form.
same_units  words that name one unit on this form, `|` between them: `người|lượt người|lao động`.
groups      headings of groups of rows; totals: rows that sum up; footers: words that end the table.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.programme.tables import Row

Series = Literal["actual", "in_period", "plan", "last_year"]
Header = Annotated[str, Field(min_length=1)]


class MeasureColumn(Row):
    """A column of figures of one measure (forms with a row per area)."""

    measure: str
    header: Header
    line: str | None = None


class RateColumn(Row):
    """A column of percentages that is recomputed from two measures and compared, never stored."""

    rate_of: tuple[str, str]
    header: Header
    line: str | None = None


class SeriesColumn(Row):
    """A column of one series (forms with a row per measure)."""

    series: Series
    header: Header
    line: str | None = None


class Layout(Row):
    """One version of one form. `rows: areas` has a row per area, `rows: measures` a row per measure."""

    form: str
    titles: Annotated[tuple[Header, ...], Field(min_length=1)]
    sender: Literal["area", "agency", "any"]
    rows: Literal["areas", "measures"]
    area_level: Literal["commune", "district"] = "commune"
    ordinal: str
    label: Header
    unit: str | None = None
    remark: str | None = None
    lines: str | None = None
    columns: Annotated[tuple[MeasureColumn | RateColumn | SeriesColumn, ...], Field(min_length=1)]
    blank: Literal["missing", "zero"] = "missing"
    dash: Literal["zero", "missing"] = "zero"
    same_units: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()

    @property
    def has_lines(self) -> bool:
        return any(column.line is not None for column in self.columns)

    @model_validator(mode="after")
    def _columns_fit(self) -> Layout:
        """Messages are Vietnamese: they are shown to those who maintain the layout."""
        by_measure = self.rows == "measures"
        for column in self.columns:
            if by_measure != isinstance(column, SeriesColumn):
                raise _mistake(f"cột '{column.header}' khai báo {'series' if by_measure else 'measure hoặc rate_of'}")
            if self.has_lines and column.line is None:
                raise _mistake(f"cột '{column.header}' có line như các cột khác")
        if self.lines is not None and not self.has_lines:
            raise _mistake("mỗi cột có line, vì biểu khai báo lines")
        stands_for = [_subject(column) for column in self.columns]
        if repeated := {one for one in stands_for if stands_for.count(one) > 1}:
            raise _mistake(f"mỗi số liệu một cột, không lặp {', '.join(sorted(repeated))}")
        places = [(column.header, column.line) for column in self.columns]
        if repeated := {header for header, line in places if places.count((header, line)) > 1}:
            raise _mistake(f"mỗi cột một tiêu đề, không lặp '{min(repeated)}'")
        if self.area_level == "district" and by_measure:
            raise _mistake("area_level chỉ đi với rows: areas")
        if not by_measure and self.area_level == "commune" and self.sender != "area":
            raise _mistake("sender: area cho biểu mỗi xã một dòng")
        return self


def _subject(column: MeasureColumn | RateColumn | SeriesColumn) -> str:
    if isinstance(column, MeasureColumn):
        return column.measure
    return column.series if isinstance(column, SeriesColumn) else " / ".join(column.rate_of)


def _mistake(expected: str) -> PydanticCustomError:
    return PydanticCustomError("layout", "{expected}", {"expected": expected})
