"""The body of a form with a row per measure: indicators in groups, each with the figures it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Literal

from pipeline.forms.earlier import Earlier
from pipeline.forms.entry import is_yes_no
from pipeline.forms.form import NO_DATA, NOT_APPLICABLE, Ask, Cell, Rate, Row, Shown, Value
from pipeline.programme import TOP_AREA, Indicator, Measure, Programme
from pipeline.programme.layouts import Layout, MeasureColumn, SeriesColumn
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold


def kind_of(programme: Programme, reporter: str) -> Literal["area", "agency"]:
    return "area" if reporter in programme.area_by_code else "agency"


def owed_measures(programme: Programme, quarter: Quarter, layout: Layout, reporter: str) -> list[Measure]:
    """The measures of a form that this reporter owes this quarter, as measures.csv orders them."""
    columns = {column.measure for column in layout.columns if isinstance(column, MeasureColumn)}
    return [
        measure
        for measure in programme.measures
        if (measure.code in columns or (layout.rows == "measures" and measure.form == layout.form))
        and measure.due_in(quarter)
        and measure.reported_by == kind_of(programme, reporter)
        and programme.is_reported_by(measure, reporter, quarter)
    ]


@dataclass(frozen=True)
class _Block:
    """An indicator with its measures, or a measure that no indicator uses."""

    indicator: Indicator | None
    measures: list[Measure]


@dataclass(frozen=True)
class MeasureBody:
    """Rows of one reporter's form; a measure that several indicators use stands once, in the first of them."""

    programme: Programme
    quarter: Quarter
    layout: Layout
    reporter: str
    earlier: Earlier

    def rows(self) -> list[Row]:
        rows: list[Row] = []
        places: dict[str, int] = {}
        groups = self._groups()
        numbers = count(1)
        for heading, (name, blocks) in enumerate(groups, 1):
            if name:
                rows.append(Row("group", _roman(heading), name.upper(), "", self._nothing))
            for block in blocks:
                indicator = block.indicator
                is_ratio = indicator is not None and self._has_rate(indicator)
                if indicator is not None and is_ratio:
                    # the parts may stand below or, shared with another indicator, above: filled in at the end
                    rows.append(Row("rate", str(next(numbers)), indicator.name_vi, indicator.unit, self._nothing))
                    places[indicator.code] = len(rows) - 1
                for measure in block.measures:
                    places[measure.code] = len(rows)
                    cells = tuple(self._cell(measure, series) for series in self._series)
                    ordinal = "-" if is_ratio else str(next(numbers))
                    rows.append(Row("figures", ordinal, measure.name_vi, measure.unit, cells))
        for indicator in self._indicators:
            if indicator.code in places and self._has_rate(indicator):
                at = places[indicator.code]
                row = rows[at]
                rows[at] = Row(row.kind, row.ordinal, row.label, row.unit, self._rates(indicator, places))
        return rows

    @cached_property
    def _series(self) -> list[str]:
        return [column.series for column in self.layout.columns if isinstance(column, SeriesColumn)]

    @property
    def _nothing(self) -> tuple[Cell, ...]:
        return (None,) * len(self._series)

    @cached_property
    def _measures(self) -> list[Measure]:
        return owed_measures(self.programme, self.quarter, self.layout, self.reporter)

    @cached_property
    def _indicators(self) -> list[Indicator]:
        in_force = [one for one in self.programme.indicators if one.valid_on(self.quarter.ends_on)]
        return sorted(in_force, key=lambda one: one.sort)

    def _groups(self) -> list[tuple[str, list[_Block]]]:
        """Blocks by group; a measure without an indicator stays beside its neighbour in measures.csv."""
        blocks: dict[str, _Block] = {}
        for measure in self._measures:
            indicator = self._home(measure)
            key = indicator.code if indicator else f"measure {measure.code}"
            blocks.setdefault(key, _Block(indicator, [])).measures.append(measure)
        ordered = list(blocks.values())
        names = [block.indicator.group_name if block.indicator else None for block in ordered]
        known = next((name for name in names if name), "")
        groups: dict[str, list[_Block]] = {}
        for name, block in zip(names, ordered, strict=True):
            known = name or known
            groups.setdefault(known, []).append(block)
        first = {name: min(self._sorts(name), default=0) for name in groups}
        return sorted(groups.items(), key=lambda group: first[group[0]])

    def _sorts(self, group_name: str) -> list[int]:
        return [one.sort for one in self._indicators if one.group_name == group_name]

    def _home(self, measure: Measure) -> Indicator | None:
        users = self._users(measure)
        return next((one for one in users if one.numerator == measure.code), users[0] if users else None)

    def _users(self, measure: Measure) -> list[Indicator]:
        return [one for one in self._indicators if measure.code in (one.numerator, one.denominator)]

    def _has_rate(self, indicator: Indicator) -> bool:
        """A row of its own: both parts are on this form, and no measure goes by the same name."""
        codes = {measure.code for measure in self._measures}
        labels = {fold(wording) for measure in self._measures for wording in measure.wordings}
        return (
            {indicator.numerator, indicator.denominator} <= codes
            and indicator.unit.startswith("%")
            and fold(indicator.name_vi) not in labels
        )

    def _cell(self, measure: Measure, series: str) -> Cell:
        """What is asked: a plan only for what is judged by itself, nothing "in the period" for a stock."""
        is_judged = any(one.denominator is None for one in self._users(measure))
        if (series == "plan" and not is_judged) or (series == "in_period" and measure.period_kind == "stock"):
            return None
        return Ask(measure, self._given(measure, series))

    def _given(self, measure: Measure, series: str) -> Value:
        # where a tick means yes, x cannot mean that the question does not apply
        if self._is_not_applicable(measure) and not is_yes_no(measure):
            return NOT_APPLICABLE
        area = TOP_AREA if measure.level == "city" else self.reporter
        known = self.earlier.get((series, measure.code, area)) if series in ("plan", "last_year") else None
        if known is None and series == "plan":
            users = [one for one in self._users(measure) if one.denominator is None]
            known = self._year_plan(users[0], is_yes_no(measure)) if users else None
        return NO_DATA if known is None and self.layout.blank == "zero" else known

    def _is_not_applicable(self, measure: Measure) -> bool:
        """A measure of rural areas alone, on the form of a district that has none."""
        area = self.programme.area_by_code.get(self.reporter)
        users = self._users(measure)
        is_rural = bool(users) and all(one.applies_to == "rural_areas" for one in users)
        return is_rural and area is not None and area.urban is True

    def _rates(self, indicator: Indicator, places: dict[str, int]) -> tuple[Cell, ...]:
        parts = [one for one in self._measures if one.code in (indicator.numerator, indicator.denominator)]
        are_flows = all(one.period_kind == "flow" for one in parts)
        above, below = places[indicator.numerator], places[indicator.denominator or ""]
        cells: list[Cell] = []
        for column, series in enumerate(self._series):
            if series == "plan":
                plan = self._year_plan(indicator, False)
                cells.append(None if plan is None else Shown(plan, indicator.decimals))
            elif series == "in_period" and not are_flows:
                cells.append(None)
            else:
                cells.append(Rate((above, column), (below, column), indicator.decimals))
        return tuple(cells)

    def _year_plan(self, indicator: Indicator, as_yes_no: bool) -> Decimal | None:
        """This year's plan of just this area in targets.csv; of two the latest document's, as in the models."""
        is_district = self.reporter in self.programme.area_by_code
        candidates = [
            (target.scope == "year", target.issued_on or date.min, line, target)
            for line, target in enumerate(self.programme.targets)
            if target.indicator == indicator.code
            and target.measure is None
            and target.high is None
            and target.area == (self.reporter if is_district else None)
            and (target.scope == "each_year" or (target.scope, target.year) == ("year", self.quarter.year))
        ]
        if not candidates:
            return None
        target = max(candidates, key=lambda candidate: candidate[:3])[3]
        return Decimal(1) if target.op == "yes" and as_yes_no else target.value


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def units_of(measures: Sequence[Measure]) -> tuple[str, ...]:
    """Each unit once, in the order of the measures."""
    return tuple(dict.fromkeys(measure.unit for measure in measures))
