"""Cells of a form to figures in the unit of their measure: percent, scale, bounds, and what spoils a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from pipeline.intake.cells import Sheet
from pipeline.intake.numbers import TOO_LARGE, Figure, Problem, raw_text, read_figure, read_yes_no
from pipeline.intake.personal import without_personal_data
from pipeline.programme import Measure
from pipeline.programme.layouts import Layout
from pipeline.vietnamese import fold, number

STORED_PLACES = Decimal("0.0001")
_YES_NO = {"có không", "đạt chưa đạt", "đạt không đạt"}


@dataclass(frozen=True)
class CellFigures:
    """Reads cells of one sheet as one layout means them."""

    sheet: Sheet
    layout: Layout

    def typed(self, row: int, column: int, measure: Measure, scale: Decimal = Decimal(1)) -> Figure:
        """The figure as it stands, before anything is decided or converted; `problem` where there is none."""
        if problem := self._spoiled(row, column):
            return Figure("missing", problem=problem)
        value = self.sheet.value(row, column)
        if fold(measure.unit) in _YES_NO:
            return read_yes_no(value)
        # 12,5 nghìn is a whole number of persons
        return read_figure(value, max(measure.decimals + scale.adjusted(), 0), self.layout.dash)

    def converted(self, row: int, column: int, measure: Measure, figure: Figure, scale: Decimal = Decimal(1)) -> Figure:
        """The figure in the measure's unit, within its bounds; `problem` where it cannot be one."""
        if figure.problem is not None or figure.value is None:
            return figure
        is_formatted = (row, column) in self.sheet.percent_cells and not isinstance(self.sheet.value(row, column), str)
        value = figure.value * scale
        if not measure.unit.startswith("%"):
            if figure.is_percent or is_formatted:
                return _spoilt(figure, "percent-in-count", f"số {measure.unit}, không phải tỷ lệ phần trăm")
        elif is_formatted:
            value *= 100
        elif not figure.is_percent and 0 < abs(value) <= 1:
            return _spoilt(figure, "percent-ambiguous", f"tỷ lệ có dấu %, ví dụ {number(abs(value), 4)}%")
        if abs(value) >= TOO_LARGE:
            return _spoilt(figure, "number-too-large", "một số dưới 100 nghìn tỷ")
        if measure.decimals == 0 and value != value.to_integral_value():
            return _spoilt(figure, "not-whole", f"một số nguyên ({measure.unit})")
        if (measure.lower is not None and value < measure.lower) or (
            measure.upper is not None and value > measure.upper
        ):
            bounds = f"từ {number(measure.lower or 0, 4)}"
            bounds += f" đến {number(measure.upper, 4)}" if measure.upper is not None else " trở lên"
            return _spoilt(figure, "out-of-range", bounds)
        if value % STORED_PLACES:
            value = value.quantize(STORED_PLACES, ROUND_HALF_UP)
        return figure if value == figure.value else replace(figure, value=value)

    def percent(self, row: int, column: int) -> tuple[Decimal, bool] | None:
        """A rate as percent and whether the cell says that it is one (by a sign or its format); None without one."""
        if self._spoiled(row, column):
            return None
        figure = read_figure(self.sheet.value(row, column), decimals=6)
        if figure.readings:  # 93.125 or 93 125 per cent
            small = [value for _, value in figure.readings if abs(value) <= 100]
            figure = Figure("value", small[0], is_percent=figure.is_percent) if len(small) == 1 else figure
        if figure.problem is not None or figure.value is None:
            return None
        is_formatted = (row, column) in self.sheet.percent_cells and not isinstance(self.sheet.value(row, column), str)
        return (figure.value * 100, True) if is_formatted else (figure.value, figure.is_percent)

    def shown(self, row: int, column: int) -> str:
        """What a finding repeats of a cell: what a person sees there, without numbers of persons."""
        value = self.sheet.value(row, column)
        text = without_personal_data(value) if isinstance(value, str) else raw_text(value)
        return (self.sheet.errors.get((row, column)) or text)[:200]

    @cached_property
    def _expected(self) -> dict[str, str]:
        return {
            "error-cell": "một số; công thức trong ô bị lỗi",
            "formula-not-calculated": "giá trị của công thức; công thức chưa tính hoặc lỗi",
            "struck-out": "một giá trị; ô có phần bị gạch ngang",
            "text-undecoded": "một số hoặc chữ tiếng Việt Unicode",
        }

    def _spoiled(self, row: int, column: int) -> Problem | None:
        cell = (row, column)
        for rule, cells in (
            ("error-cell", self.sheet.errors),
            ("formula-not-calculated", self.sheet.uncalculated),
            ("struck-out", self.sheet.struck),
            ("text-undecoded", self.sheet.undecoded),
        ):
            if cell in cells:
                return Problem(rule, self._expected[rule])
        return None


def _spoilt(figure: Figure, rule: str, expected: str) -> Figure:
    return replace(figure, state="missing", value=None, problem=Problem(rule, expected))
