"""The cells of a form with a row per area: figures of each area, totals against their parts, sums of communes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.intake.column_units import measure_scales
from pipeline.intake.columns import BoundColumn
from pipeline.intake.deciding import decide
from pipeline.intake.grid import cell_range
from pipeline.intake.numbers import Figure
from pipeline.intake.readings import Observation
from pipeline.programme import TOP_AREA, Measure
from pipeline.programme.layouts import MeasureColumn, RateColumn
from pipeline.vietnamese import number

if TYPE_CHECKING:
    from pipeline.intake.area_rows import AreaRow, AreaRows

_SHOWN_NAMES = 8
_SHOWN_PARTS = 6


@dataclass
class AreaCells:
    """Reads what `rows` has sorted; writes observations and stated totals of its form."""

    form: AreaRows
    rows: Sequence[AreaRow]

    def __post_init__(self) -> None:
        self._figures: dict[tuple[int, str], Figure] = {}  # by row and measure

    # --- what there is ---

    @cached_property
    def _columns(self) -> list[tuple[BoundColumn, Measure]]:
        return [
            (bound, self.form.measures[bound.declared.measure])
            for bound in self.form.table.columns
            if isinstance(bound.declared, MeasureColumn)
        ]

    @cached_property
    def _rates(self) -> list[tuple[BoundColumn, str, str]]:
        return [
            (bound, *bound.declared.rate_of)
            for bound in self.form.table.columns
            if isinstance(bound.declared, RateColumn)
        ]

    def _of_line(self, bound: BoundColumn) -> list[AreaRow]:
        """The rows a column has cells on."""
        return [one for one in self.rows if one.line == bound.declared.line or one.line is None]

    def _is_summed(self, measure: Measure) -> bool:
        """A figure of the district, given by commune."""
        return measure.level == "district" and not self.form.is_by_district

    # --- reading ---

    def read(self) -> None:
        scales = measure_scales(self.form, self._columns)
        typed = {one: self._typed(*one, scales[one[0]]) for one in self._columns if one[0] in scales}
        # columns that leave no doubt first: what is doubtful may be decided by them
        for one in sorted(typed, key=lambda one: any(figure.readings for figure in typed[one].values())):
            self._read_column(*one, scales[one[0]], typed[one])
        for bound, measure in self._columns:
            self._observe(bound, measure, is_usable=bound in scales)
        self._tell_blank_rows()
        self._compare_rates()
        self._compare_totals()
        self._tell_missing()

    def _typed(self, bound: BoundColumn, measure: Measure, scale: Decimal) -> dict[int, Figure]:
        cells, column = self.form.cells, bound.column
        return {
            one.row: cells.typed(one.row, column, measure, scale)
            if self._is_summed(measure)  # a figure of the district may stand in the row of the total alone
            else self._filled(one, column, cells.typed(one.row, column, measure, scale))
            for one in self._of_line(bound)
        }

    def _read_column(self, bound: BoundColumn, measure: Measure, scale: Decimal, typed: Mapping[int, Figure]) -> None:
        cells, column = self.form.cells, bound.column
        rows = self._of_line(bound)
        figures, decisions = decide(
            typed,
            lambda row, figure: cells.converted(row, column, measure, figure, scale),
            lambda figures: self._check(measure.code, rows, figures),
        )
        self.form.decided(column, decisions)
        self._figures |= {(row, measure.code): figure for row, figure in figures.items()}

    def _filled(self, one: AreaRow, column: int, figure: Figure) -> Figure:
        """A blank cell of a form where blank means that nothing happened; a blank row of another area never does."""
        is_blank = figure == Figure("missing") and not self.form.grid.text(one.row, column)
        if not is_blank or self.form.layout.blank != "zero" or one.kind not in ("unit", "part"):
            return figure
        if self.form.is_by_district and not self.form.has_content(one.row):
            return figure
        return Figure("value", Decimal(0))

    def _check(self, code: str, rows: Sequence[AreaRow], figures: Mapping[int, Figure]) -> bool | None:
        """Whether totals and rates come out with these figures of one measure."""
        verdicts: list[bool] = []
        for one in rows:
            stated = figures[one.row].value
            if one.kind == "unit":
                verdicts.extend(self._rate_verdicts(one.row, code, stated))
            elif stated is not None:
                wholes = [self._sum(parts, figures) for parts in self._parts(one, rows)]
                if all(whole is not None for whole in wholes):
                    verdicts.append(stated in wholes)
        return all(verdicts) if verdicts else None

    def _rate_verdicts(self, row: int, code: str, value: Decimal | None) -> list[bool]:
        found = []
        for bound, above, below in self._rates:
            if value is None or code not in (above, below):
                continue
            other = self._figures.get((row, below if code == above else above))
            rate = self.form.cells.percent(row, bound.column)
            if other is None or other.value is None:
                continue
            top, bottom = (value, other.value) if code == above else (other.value, value)
            if top > bottom:
                found.append(False)
            elif rate is not None and bottom:
                found.append(self.form.is_rate(rate, top, bottom))
        return found

    def _parts(self, total: AreaRow, rows: Sequence[AreaRow]) -> list[list[int]]:
        """The rows a total may be the sum of: all, or those of its group."""
        units = [one.row for one in rows if one.kind in ("unit", "part")]
        marks = [one.row for one in rows if one.kind not in ("unit", "part")]
        after = next((mark for mark in marks if mark > total.row), None)
        before = next((mark for mark in reversed(marks) if mark < total.row), None)
        below = [row for row in units if row > total.row and (after is None or row < after)]
        above = [row for row in units if row < total.row and (before is None or row > before)]
        if total.kind == "group":
            return [below]
        if total.kind == "subtotal":
            return [above]
        if units and units[0] < total.row < units[-1]:
            return [above]
        # of several totals at the bottom the last is that of all
        is_last = not any(one.row > total.row for one in rows if one.kind == "total")
        return [units] if is_last or not above else [units, above]

    def _sum(self, rows: Sequence[int], figures: Mapping[int, Figure]) -> Decimal | None:
        values = [figures[row].value for row in rows if figures[row].state != "not_applicable"]
        return None if None in values else sum((value for value in values if value is not None), Decimal(0))

    # --- what is kept ---

    def _observe(self, bound: BoundColumn, measure: Measure, is_usable: bool) -> None:
        rows = self._of_line(bound)
        units = [one for one in rows if one.kind == "unit"]
        parts = [one for one in rows if one.kind == "part"]
        for one in [*units, *parts]:
            if is_usable:
                self.form.unreadable(one.row, bound.column, self._figure(one, measure))
        if not is_usable:
            return
        if self._is_summed(measure):
            self._observe_sum(bound, measure, units)
            return
        if parts and not units:
            self._observe_sum(bound, measure, parts)
        for one in units:
            figure = self._figure(one, measure)
            self.form.observe(one.row, bound.column, measure, one.code, "actual", figure)
            if figure.state == "missing" and figure.problem is None and not self._is_blank_row(one):
                self.form.fault(
                    "blank-cell", "warn" if self.form.is_by_district else "error", one.row, bound.column,
                    self.form.cells.shown(one.row, bound.column) or "ô trống", "một số; không phát sinh thì ghi 0",
                    "Điền đủ các ô của dòng này rồi gửi lại.",
                )  # fmt: skip

    def _figure(self, one: AreaRow, measure: Measure) -> Figure:
        return self._figures.get((one.row, measure.code), Figure("missing"))

    def _is_blank_row(self, one: AreaRow) -> bool:
        return self.form.is_by_district and not self.form.has_content(one.row)

    def _observe_sum(self, bound: BoundColumn, measure: Measure, rows: Sequence[AreaRow]) -> None:
        """The district's figure from those of its communes: all of them or none."""
        figures = [self._figure(one, measure) for one in rows]
        names = {area.code: area.full_name for area in self.form.communes}
        seen = {one.code: figure for one, figure in zip(rows, figures, strict=True)}
        if all(figure == Figure("missing") for figure in figures) and self._observe_total(bound, measure):
            return
        without = [name for code, name in names.items() if code not in seen or seen[code].state == "missing"]
        is_additive = _is_additive(measure)
        if without or not rows or not is_additive:
            listed = ", ".join(without[:_SHOWN_NAMES]) + (" …" if len(without) > _SHOWN_NAMES else "")
            self.form.find(
                "commune-sum-incomplete", "error", self.form.table.bottom, bound.column,
                f"thiếu số liệu của {len(without)} xã, phường, thị trấn: {listed}" if is_additive else measure.unit,
                f"số liệu của {self.form.programme.reporter_name(self.form.reporter)}, hoặc đủ các xã để cộng"
                if is_additive
                else "số liệu chung của đơn vị; số liệu này không cộng được từ các xã",
                "Điền đủ các xã, hoặc điền một số chung ở dòng tổng rồi gửi lại.",
            )  # fmt: skip
            return
        values = [figure.value for figure in figures if figure.value is not None]
        qualifiers = {figure.qualifier for figure in figures}
        qualifier = next((one for one in ("khoảng", "ước", ">", "<") if one in qualifiers), "")
        state = "value" if values else "not_applicable"
        self._add(
            bound, measure, rows, Figure(state, sum(values, Decimal(0)) if values else None, qualifier),  # type: ignore[arg-type]
            " + ".join(self.form.cells.shown(one.row, bound.column) for one in rows)
            if len(rows) <= _SHOWN_PARTS
            else f"tổng {len(rows)} xã, phường, thị trấn",
        )  # fmt: skip

    def _observe_total(self, bound: BoundColumn, measure: Measure) -> bool:
        """The figure of the total's row, where only that row has one."""
        for one in self._of_line(bound):
            figure = self._figure(one, measure)
            if one.kind == "total" and figure.value is not None:
                self._add(bound, measure, [one], figure, self.form.cells.shown(one.row, bound.column))
                return True
        return False

    def _add(self, bound: BoundColumn, measure: Measure, rows: Sequence[AreaRow], figure: Figure, raw: str) -> None:
        lines = sorted(one.row for one in rows)
        cell = cell_range(lines[0], bound.column, lines[-1], bound.column)
        self.form.reading.observations.append(
            Observation(
                self.form.grid.name, cell, self.form.form.form, self.form.reporter, measure.code,
                self.form.reporter, self.form.form.month, "actual", figure.value, figure.state, raw, figure.qualifier,
            )
        )  # fmt: skip

    # --- what is told ---

    def _tell_blank_rows(self) -> None:
        blank = [one for one in self.rows if one.kind == "unit" and self._is_blank_row(one)]
        if not blank:
            return
        names = [self.form.programme.reporter_name(code) for code in dict.fromkeys(one.code for one in blank)]
        listed = ", ".join(names[:_SHOWN_NAMES]) + (f" và {len(names) - 8} đơn vị khác" if len(names) > 8 else "")
        self.form.find(
            "area-blank", "error" if self.form.is_own_only else "info", blank[0].row, self.form.table.label,
            f"dòng để trống: {listed}", "số liệu của từng đơn vị",
            "Dòng trống được coi là chưa có số liệu, không phải số 0; không phát sinh thì ghi 0.",
        )  # fmt: skip

    def _compare_rates(self) -> None:
        for bound, above, below in self._rates:
            for one in self._of_line(bound):
                rate = self.form.cells.percent(one.row, bound.column)
                if one.kind == "unit" and rate is not None:
                    top, bottom = (
                        self._figures.get((one.row, code), Figure("missing")).value for code in (above, below)
                    )
                    self.form.compare_rate(one.row, bound.column, rate, top, bottom)

    def _compare_totals(self) -> None:
        """Totals and subtotals against their parts, where every part is known."""
        seen = {one.code for one in self.rows if one.kind in ("unit", "part")}
        areas = self.form.communes if self.form.is_own_only else self.form.expected
        is_whole = all(area.code in seen for area in areas)
        area = self.form.reporter if self.form.reporter in self.form.programme.area_by_code else TOP_AREA
        for bound, measure in self._columns:
            rows = self._of_line(bound)
            figures = {one.row: self._figure(one, measure) for one in rows}
            communes = [one.row for one in rows if one.kind == "part"]
            is_additive = _is_additive(measure)
            for one in rows:
                stated = figures[one.row].value
                is_own = one.kind == "unit" and bool(communes) and is_whole  # the district beside its communes
                if stated is None or (one.kind in ("unit", "part") and not is_own):
                    continue
                wholes = [self._sum(parts, figures) for parts in ([communes] if is_own else self._parts(one, rows))]
                is_total = is_own or (one.kind == "total" and (len(wholes) == 1 or stated == wholes[0]))
                kind = "total" if is_total and not self._is_between(one, rows) else "subtotal"
                if not is_own:
                    self.form.state(one.row, bound.column, kind, measure.code, area, "actual", stated)
                if None not in wholes and stated not in wholes and (is_whole or one.kind != "total") and is_additive:
                    self.form.find(
                        "total-differs", "warn", one.row, bound.column, number(stated, 4),
                        f"{number(wholes[0] or 0, 4)} (cộng các dòng)",
                        "Kiểm tra lại dòng tổng và các dòng thành phần; bản tổng hợp dùng các dòng thành phần.",
                    )  # fmt: skip

    def _is_between(self, total: AreaRow, rows: Sequence[AreaRow]) -> bool:
        units = [one.row for one in rows if one.kind in ("unit", "part")]
        return bool(units) and units[0] < total.row < units[-1]

    def _tell_missing(self) -> None:
        """Areas without a row, and areas without one of their lines."""
        form = self.form
        for line in dict.fromkeys(bound.declared.line for bound in form.table.columns):
            seen = {one.code for one in self.rows if one.line in (line, None)}
            has_parts = any(one.kind == "part" for one in self.rows)
            missing = [area.full_name for area in form.expected if area.code not in seen]
            if not missing or (form.is_own_only and has_parts):
                continue
            shown = ", ".join(missing[:_SHOWN_NAMES])
            shown += f" và {len(missing) - _SHOWN_NAMES} đơn vị khác" if len(missing) > _SHOWN_NAMES else ""
            of_line = f" '{line.split('|')[0]}'" if line else ""
            is_partial = form.is_by_district and not form.is_own_only
            form.find(
                "area-missing" if form.is_by_district else "commune-missing", "warn" if is_partial else "error",
                form.table.top, form.table.label, f"thiếu {len(missing)} dòng{of_line}: {shown}",
                "dòng của đơn vị báo cáo" if form.is_own_only else f"đủ {len(form.expected)} đơn vị",
                "Bổ sung các dòng còn thiếu rồi gửi lại; không phát sinh thì ghi 0.",
            )  # fmt: skip


def _is_additive(measure: Measure) -> bool:
    """Rates, and figures per so many persons, are no sums of their parts."""
    return not measure.unit.startswith("%") and "/" not in measure.unit
