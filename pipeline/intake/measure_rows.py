"""Forms with a row per measure and a column per series (plan, in the period, cumulative, last year)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pipeline.intake.body import DETAIL_LIKENESS, LIKENESS, BodyReader
from pipeline.intake.columns import BoundColumn
from pipeline.intake.deciding import decide
from pipeline.intake.identity import NameIndex
from pipeline.intake.numbers import Figure
from pipeline.intake.rows import Label, is_group_ordinal, ordinal_of
from pipeline.intake.units import Unit
from pipeline.programme import TOP_AREA, Indicator, Measure
from pipeline.programme.layouts import SeriesColumn
from pipeline.vietnamese import fold, number


@dataclass(frozen=True)
class MeasureRow:
    """A row that is used: of a measure (kept) or of the rate of an indicator (compared)."""

    row: int
    kind: Literal["measure", "rate"]
    code: str
    label: Label
    unit: Unit | None = None  # in brackets behind the label
    line: str | None = None


@dataclass
class MeasureRows(BodyReader):
    """Each row is a measure, the rate of an indicator or a heading of a group; a bad cell costs only itself."""

    entries: list[MeasureRow] = field(default_factory=list)
    _values: dict[tuple[str, str], tuple[int, Decimal]] = field(default_factory=dict)  # row, value of measure, series
    _contradicted: set[tuple[str, str]] = field(default_factory=set)
    _units: dict[int, Decimal | None] = field(default_factory=dict)  # factor by row, None where there is none
    _subjects: dict[int, MeasureRow | None] = field(default_factory=dict)
    _above: MeasureRow | None = None  # whose second line may follow

    @cached_property
    def _on_form(self) -> list[Measure]:
        return [measure for measure in self.programme.measures if measure.form == self.layout.form]

    @cached_property
    def _measure_names(self) -> NameIndex:
        return NameIndex((measure.code, measure.wordings) for measure in self._on_form)

    @cached_property
    def _rate_names(self) -> NameIndex:
        return NameIndex((code, (one.name_vi, one.short_name)) for code, one in self._rates_of.items())

    @cached_property
    def _rates_of(self) -> dict[str, Indicator]:
        return {one.code: one for one in self.programme.indicators if one.denominator is not None}

    @cached_property
    def _groups(self) -> set[str]:
        named = {fold(indicator.group_name) for indicator in self.programme.indicators}
        return named | {fold(wording) for wording in self.layout.groups}

    # --- what a row is ---

    def names_something_new(self, rows: Sequence[int]) -> bool:
        seen = {entry.code for entry in self.entries}
        subjects = [self._subject(row, self.label(row)) for row in rows]
        return any(one is not None and one.kind == "measure" and one.code not in seen for one in subjects)

    def read_row(self, row: int, label: Label) -> None:
        subject = self._subject(row, label)
        line = self._line(row, label) if self._lines else None
        if subject is not None:
            self._above = MeasureRow(row, subject.kind, subject.code, label, subject.unit, line)
            if self._lines and line is None and not self.has_content(row):
                self.form.rows_recognised += 1
            else:
                self._add(self._above)
        elif line is not None and self._above is not None and not (self.table.line is not None and label.shown):
            above = self._above
            self._add(MeasureRow(row, above.kind, above.code, above.label, above.unit, line))
        elif self._is_group(row, label):
            self.form.rows_recognised += 1
        else:
            self._above = None
            name, likeness = (label.candidates or ("",))[-1], DETAIL_LIKENESS if label.is_detail else LIKENESS
            indexes = (self._measure_names, self._rate_names)
            close = [one for index in indexes for one in index.suggestions(name, likeness)][:3]
            is_extra = label.is_detail and not close
            what = "dòng chi tiết không có trên biểu mẫu" if is_extra else "tên một chỉ tiêu hoặc số liệu của biểu mẫu"
            self.set_aside(row, label, what, close, "info" if is_extra else None)

    def _subject(self, row: int, label: Label) -> MeasureRow | None:
        if row not in self._subjects:
            self._subjects[row] = self._understood(row, label)
        return self._subjects[row]

    def _understood(self, row: int, label: Label) -> MeasureRow | None:
        for text in label.candidates:
            for words, unit in ((text, None), self.units.split_heading(text)):
                for kind, index in (("measure", self._measure_names), ("rate", self._rate_names)):
                    if len(codes := index.codes(words)) == 1:
                        return MeasureRow(row, kind, next(iter(codes)), label, unit)  # type: ignore[arg-type]
        return None

    def _is_group(self, row: int, label: Label) -> bool:
        if any(fold(text) in self._groups for text in label.candidates):
            return True
        return is_group_ordinal(ordinal_of(self.grid, self.table, row)) and not self.has_content(row)

    def _add(self, entry: MeasureRow) -> None:
        measure = self.measures[entry.code] if entry.kind == "measure" else None
        if measure is not None and not self.programme.is_reported_by(measure, self.reporter, self.quarter):
            in_charge = self.programme.reporter_of(measure, self.quarter) or measure.reporter or ""
            self.form.rows_set_aside += 1
            self.find(
                "not-the-owner", "error", entry.row, entry.label.column, entry.label.shown,
                f"số liệu do {self.programme.reporter_name(in_charge)} báo cáo",
                "Bỏ dòng này; cơ quan chủ trì gửi số liệu.",
            )  # fmt: skip
        elif (entry.row, entry.label.column) in self.grid.sheet.struck:
            self.form.rows_set_aside += 1
            self.find(
                "row-struck", "warn", entry.row, entry.label.column, f"dòng '{entry.label.shown}' bị gạch ngang",
                "dòng còn hiệu lực", "Dòng bị gạch không được sử dụng; nên xóa trước khi gửi.",
            )  # fmt: skip
        else:
            self.entries.append(entry)

    # --- when every row was seen ---

    def finish(self) -> None:
        self._leave_hidden_copies()
        self.used_rows = list(dict.fromkeys(entry.row for entry in self.entries))
        self.form.rows_used += len(self.used_rows)
        for entry in self.entries:
            if entry.kind == "measure":
                self._read_unit(entry)
        for bound in self.table.columns:
            self._read_column(bound)
        for bound in self.table.columns:
            self._compare_rates(bound)
        for entry in self.entries:
            self.remark(entry.row, entry.label.shown)
        self._tell_missing()

    def _leave_hidden_copies(self) -> None:
        hidden = self.grid.sheet.hidden_rows
        visible = {(one.kind, one.code, one.line) for one in self.entries if one.row not in hidden}
        left = [one for one in self.entries if one.row in hidden and (one.kind, one.code, one.line) in visible]
        used = [one.row for one in self.entries if one.row in hidden and one not in left and one.kind == "measure"]
        self.entries = [one for one in self.entries if one not in left]
        self.form.rows_set_aside += len(left)
        self.hidden_rows(used, is_used=True)
        self.hidden_rows([one.row for one in left], is_used=False)

    def _read_unit(self, entry: MeasureRow) -> None:
        """The unit a row itself states, in its unit cell or behind its label."""
        measure = self.measures[entry.code]
        text = self.grid.text(entry.row, self.table.unit) if self.table.unit is not None else ""
        unit = Unit.parse(text) if text else entry.unit
        column = self.table.unit if text and self.table.unit is not None else entry.label.column
        if unit is None:
            return
        self._units[entry.row] = scale = self.units.factor(unit, measure.unit)
        if scale is None:
            self.fault(
                "unit-not-convertible", "error", entry.row, column, text or entry.label.shown, f"'{measure.unit}'",
                "Ghi đúng đơn vị tính và số liệu theo biểu mẫu rồi gửi lại.",
            )  # fmt: skip
        elif scale != 1:
            self.fault(
                "unit-scaled", "info", entry.row, column, text or entry.label.shown, f"'{measure.unit}'",
                f"Số liệu đã được nhân với {number(scale, 9)}; nên ghi theo đơn vị tính của biểu mẫu.",
            )  # fmt: skip

    def _scale(self, entry: MeasureRow, bound: BoundColumn) -> Decimal | None:
        """By the row's own unit, else the column's, else that of the title block; None where they do not agree."""
        measure = self.measures[entry.code]
        is_stated = entry.row in self._units
        if bound.unit is not None and not measure.unit.startswith("%"):
            of_column = self.units.factor(bound.unit, measure.unit)
            return of_column if not is_stated or self._units[entry.row] == of_column else None
        return self._units[entry.row] if is_stated else self.units.title_factor(self.title_units, measure.unit)

    def _read_column(self, bound: BoundColumn) -> None:
        assert isinstance(bound.declared, SeriesColumn)
        series, column = bound.declared.series, bound.column
        rows = {
            one.row: one for one in self.entries if one.kind == "measure" and one.line in (bound.declared.line, None)
        }
        scales = {row: scale for row, one in rows.items() if (scale := self._scale(one, bound)) is not None}
        measures = {row: self.measures[one.code] for row, one in rows.items()}
        typed = {
            row: self._filled(row, bound, measures[row], self.cells.typed(row, column, measures[row], scale))
            for row, scale in scales.items()
        }
        figures, decisions = decide(
            typed,
            lambda row, figure: self.cells.converted(row, column, measures[row], figure, scales[row]),
            lambda figures: self._check(bound, rows, figures),
        )
        self.decided(column, decisions)
        self._tell_scale(bound, rows, scales)
        for row, one in rows.items():
            figure, measure = figures.get(row, Figure("missing")), measures[row]
            self.unreadable(row, column, figure, is_side=series != "actual")
            if row in figures and figure.state == "missing" and figure.problem is None and series == "actual":
                self._blank(row, column, measure)
            area = TOP_AREA if measure.level == "city" else self.reporter
            self.observe(row, column, measure, area, series, figure)
            self._keep(one, column, series, figure)

    def _keep(self, one: MeasureRow, column: int, series: str, figure: Figure) -> None:
        """Remember a figure for the rates; a measure that stands on two rows with two figures has none."""
        key = (one.code, series)
        if figure.value is None or key in self._contradicted:
            return
        row, value = self._values.setdefault(key, (one.row, figure.value))
        if value != figure.value:
            self._contradicted.add(key)
            self.fault(
                "row-repeated", "error" if series == "actual" else "warn", one.row, column,
                self.cells.shown(one.row, column), f"một giá trị cho mỗi số liệu (dòng {row + 1} ghi số khác)",
                "Ghi cùng một số ở cả hai dòng, hoặc xóa dòng thừa rồi gửi lại.",
            )  # fmt: skip

    def _value(self, code: str | None, series: str) -> Decimal | None:
        key = (code or "", series)
        return self._values[key][1] if key in self._values and key not in self._contradicted else None

    def _filled(self, row: int, bound: BoundColumn, measure: Measure, figure: Figure) -> Figure:
        """A blank cell of a form where blank means that nothing happened: in what was done, when it was due."""
        assert isinstance(bound.declared, SeriesColumn)
        is_done = bound.declared.series in ("actual", "in_period") and measure.due_in(self.quarter)
        is_blank = figure == Figure("missing") and not self.grid.text(row, bound.column)
        return Figure("value", Decimal(0)) if is_blank and is_done and self.layout.blank == "zero" else figure

    def _check(self, bound: BoundColumn, rows: Mapping[int, MeasureRow], figures: Mapping[int, Figure]) -> bool | None:
        """Whether the rates stated in the column come out with these figures."""
        values = {rows[row].code: figure.value for row, figure in figures.items()}
        verdicts: list[bool] = []
        for one in self.entries:
            if one.kind == "rate" and one.line in (bound.declared.line, None):
                indicator = self._rates_of[one.code]
                above, below = values.get(indicator.numerator), values.get(indicator.denominator or "")
                rate = self.cells.percent(one.row, bound.column)
                if above is None or below is None:
                    continue
                if above > below and indicator.scale == 100:
                    verdicts.append(False)
                elif rate is not None and below and indicator.scale == 100:
                    verdicts.append(self.is_rate(rate, above, below))
        return all(verdicts) if verdicts else None

    def _tell_scale(self, bound: BoundColumn, rows: Mapping[int, MeasureRow], scales: Mapping[int, Decimal]) -> None:
        """Units of a column or of the title block that were used, or lead nowhere."""
        for row, one in rows.items():
            is_refused = row in self._units and self._units[row] is None
            if row not in scales and not is_refused and self.grid.text(row, bound.column):
                self.fault(
                    "unit-not-convertible", "error", row, bound.column, self.cells.shown(row, bound.column),
                    f"số liệu theo '{self.measures[one.code].unit}'; đơn vị tính của cột hoặc đầu biểu không khớp",
                    "Ghi đúng đơn vị tính của biểu mẫu rồi gửi lại; hệ số không được suy đoán.",
                )  # fmt: skip
        if used := sorted({scale for row, scale in scales.items() if row not in self._units} - {Decimal(1)}):
            self.find(
                "unit-scaled", "info", self.table.bottom, bound.column, "đơn vị tính ghi ở tiêu đề cột hoặc đầu biểu",
                "đơn vị tính của biểu mẫu",
                f"Số liệu đã được nhân với {', '.join(number(scale, 9) for scale in used)}; "
                "nên ghi theo đơn vị tính của biểu mẫu.",
            )  # fmt: skip

    def _blank(self, row: int, column: int, measure: Measure) -> None:
        is_due = measure.due_in(self.quarter) and self.grid.text(row, column) == ""
        if is_due and not self._is_not_assessable(measure):
            self.fault(
                "blank-cell", "warn", row, column, "ô trống", "một số; không phát sinh thì ghi 0",
                "Điền số liệu của ô này rồi gửi lại; hiện được coi là chưa có số liệu.",
            )  # fmt: skip

    def _is_not_assessable(self, measure: Measure) -> bool:
        users = [one for one in self.programme.indicators if measure.code in (one.numerator, one.denominator)]
        return bool(users) and all(one.direction == "not_assessable" for one in users)

    def _compare_rates(self, bound: BoundColumn) -> None:
        """Rates against the numerators and denominators of the same form; a plan has none."""
        assert isinstance(bound.declared, SeriesColumn)
        series = bound.declared.series
        for one in self.entries:
            stated = self.cells.percent(one.row, bound.column)
            if one.kind != "rate" or one.line not in (bound.declared.line, None) or stated is None or series == "plan":
                continue
            indicator = self._rates_of[one.code]
            above, below = self._value(indicator.numerator, series), self._value(indicator.denominator, series)
            value = self.rate_matches(stated, above, below)
            # 0,8 without a sign and without its parts may be 0,8 or 80 per cent: not even stated
            if stated[1] or not 0 < abs(stated[0]) <= 1 or (above is not None and below):
                self.state(one.row, bound.column, "rate", indicator.code, self.reporter, series, value)
            self.compare_rate(one.row, bound.column, stated, above, below)

    def _tell_missing(self) -> None:
        """Measures without a row."""
        seen = {one.code for one in self.entries}
        missing = [
            measure.name_vi
            for measure in self._on_form
            if measure.code not in seen
            and measure.due_in(self.quarter)
            and self.programme.is_reported_by(measure, self.reporter, self.quarter)
        ]
        if missing:
            self.find(
                "measure-missing", "warn", self.table.top, self.table.label,
                f"thiếu {len(missing)} dòng: {'; '.join(missing[:5])}", "đủ các dòng của biểu mẫu",
                "Bổ sung các dòng còn thiếu rồi gửi lại; hiện được coi là chưa có số liệu.",
            )  # fmt: skip
