"""Forms with a row per measure and a column per series (plan, in the period, cumulative, last year)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pipeline.intake.body import BodyReader, scaled_unit
from pipeline.intake.numbers import Figure
from pipeline.programme import TOP_AREA, Indicator, Measure
from pipeline.programme.layouts import SeriesColumn
from pipeline.vietnamese import fold


@dataclass
class MeasureRows(BodyReader):
    """Each row is a measure (kept), the rate of an indicator (compared) or a heading of a group."""

    _values: dict[tuple[str, str], Decimal | None] = field(default_factory=dict)
    _rates: list[tuple[int, int, Indicator, str, Decimal]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @cached_property
    def _on_form(self) -> list[Measure]:
        return [measure for measure in self.programme.measures if measure.form == self.layout.form]

    @cached_property
    def _by_label(self) -> dict[str, Measure]:
        return {fold(wording): measure for measure in self._on_form for wording in measure.wordings}

    @cached_property
    def _rate_by_label(self) -> dict[str, Indicator]:
        return {
            fold(name): indicator
            for indicator in self.programme.indicators
            if indicator.denominator is not None
            for name in (indicator.name_vi, indicator.short_name)
        }

    @cached_property
    def _groups(self) -> set[str]:
        return {fold(indicator.group_name) for indicator in self.programme.indicators}

    def read_row(self, row: int, ordinal: str, label: str) -> None:
        name = fold(label)
        if measure := self._by_label.get(name):
            self._read_measure(row, label, measure)
        elif indicator := self._rate_by_label.get(name):
            self._read_rate(row, label, indicator)
        elif name in self._groups or (self.is_group_ordinal(ordinal) and not self.has_figures(row)):
            self.form.rows_recognised += 1
        else:
            known = [*self._by_label, *self._rate_by_label]
            self.set_aside(row, label, known, "tên một chỉ tiêu hoặc số liệu của biểu mẫu")

    def _read_measure(self, row: int, label: str, measure: Measure) -> None:
        if measure.reporter is not None and measure.reporter != self.reporter:
            self.form.rows_set_aside += 1
            self.find(
                "not-the-owner", "error", row, self.table.label, label,
                f"số liệu do {self.programme.reporter_name(measure.reporter)} báo cáo",
                "Bỏ dòng này; cơ quan chủ trì gửi số liệu.",
            )  # fmt: skip
            return
        self.form.rows_used += 1
        self._seen.add(measure.code)
        self.remark(row, label)
        usable = self._unit_is_right(row, measure)
        area = TOP_AREA if measure.level == "city" else self.reporter
        for column, declared in self.figures(row):
            assert isinstance(declared, SeriesColumn)
            figure = self.read_cell(row, column, measure) if usable else None
            if figure is None:
                figure = Figure("missing")
            elif figure.state == "missing" and declared.series == "actual":
                self._blank(row, column, measure)
            self.observe(row, column, measure, area, declared.series, figure)
            self._values[measure.code, declared.series] = figure.value

    def _blank(self, row: int, column: int, measure: Measure) -> None:
        is_due = measure.due_in(self.quarter) and self.sheet.text(row, column) == ""
        if is_due and not self._is_not_assessable(measure):
            self.find(
                "blank-cell", "warn", row, column, "ô trống", "một số; không phát sinh thì ghi 0",
                "Điền số liệu của ô này rồi gửi lại; hiện được coi là chưa có số liệu.",
            )  # fmt: skip

    def _is_not_assessable(self, measure: Measure) -> bool:
        users = [one for one in self.programme.indicators if measure.code in (one.numerator, one.denominator)]
        return bool(users) and all(one.direction == "not_assessable" for one in users)

    def _unit_is_right(self, row: int, measure: Measure) -> bool:
        """False when the unit is a multiple (nghìn, triệu): the figure would be wrong by that factor."""
        if self.table.unit is None:
            return True
        unit = self.sheet.text(row, self.table.unit)
        if not unit or fold(unit) == fold(measure.unit):
            return True
        is_scaled = scaled_unit(unit) and not scaled_unit(measure.unit)
        self.find(
            "unit-differs", "error" if is_scaled else "info", row, self.table.unit, unit, f"'{measure.unit}'",
            "Đổi số liệu về đúng đơn vị tính của biểu mẫu rồi gửi lại."
            if is_scaled
            else "Ghi đúng đơn vị tính của biểu mẫu; số liệu vẫn được sử dụng.",
        )  # fmt: skip
        return not is_scaled

    def _read_rate(self, row: int, label: str, indicator: Indicator) -> None:
        self.form.rows_used += 1
        self.remark(row, label)
        for column, declared in self.figures(row):
            assert isinstance(declared, SeriesColumn)
            stated = self.stated_percent(row, column)
            if stated is not None and declared.series != "plan":
                self.state(row, column, "rate", indicator.code, self.reporter, declared.series, stated)
                self._rates.append((row, column, indicator, declared.series, stated))

    def finish(self) -> None:
        """Rates against the numerators and denominators of the same form; measures without a row."""
        for row, column, indicator, series, stated in self._rates:
            above = self._values.get((indicator.numerator, series))
            below = self._values.get((indicator.denominator or "", series))
            self.compare_rate(row, column, stated, above, below)
        missing = [
            measure.name_vi
            for measure in self._on_form
            if measure.code not in self._seen
            and measure.due_in(self.quarter)
            and measure.reporter in (None, self.reporter)
        ]
        if missing:
            self.find(
                "measure-missing", "warn", self.table.header_row, self.table.label,
                f"thiếu {len(missing)} dòng: {'; '.join(missing[:5])}", "đủ các dòng của biểu mẫu",
                "Bổ sung các dòng còn thiếu rồi gửi lại; hiện được coi là chưa có số liệu.",
            )  # fmt: skip
