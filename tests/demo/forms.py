"""What stands on each form: rows and columns of Biểu 01-04 of a district, Biểu 05 of an agency, typed by habit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from pipeline.quarters import ROMAN
from pipeline.vietnamese import exact_ratio, long_date, number, rounded, short_date
from tests.demo.figures import SERIES, Figures
from tests.demo.habits import commune_name
from tests.demo.odd_cells import TOTAL, TypedCells
from tests.demo.senders import Sender
from tests.demo.story import Area, Indicator, Measure, Story
from tests.demo.workbooks import Column, Form, Heading, Value, Workbook

LETTERS = "ABCDEFGH"
WIDTHS = {
    "number": 6,
    "label": 52,
    "unit": 13,
    "remark": 28,
    "plan": 14,
    "in_period": 14,
    "actual": 15,
    "last_year": 15,
}
Cell = tuple[Value, str]


def district_workbook(
    figures: Figures, district: Area, sender: Sender, omitted: tuple[str, int] | None = None
) -> bytes:
    """The four forms of a district; `omitted` as in Poverty.commune_figures."""
    typist = _Typist(figures, sender)
    book = Workbook(sender.habit, sender.signed_on)
    form = typist.open_form(book, figures.story.district_form)
    for row in typist.indicator_rows(district, omitted):
        form.add_row(row)
    form.close()
    for name in figures.story.commune_forms:
        form = typist.open_form(book, name)
        for row in typist.commune_rows(name, district, figures.by_commune(sender.quarter, omitted)):
            form.add_row(row)
        form.close()
    if typist.typed.left():
        raise ValueError(f"{district.code} has no such cells: {typist.typed.left()}")
    return book.finish()


def agency_workbook(figures: Figures, sender: Sender) -> bytes:
    """The one form of an agency."""
    typist = _Typist(figures, sender)
    book = Workbook(sender.habit, sender.signed_on)
    form = typist.open_form(book, figures.story.agency_form)
    for row in typist.agency_rows():
        form.add_row(row)
    form.close()
    return book.finish()


class _Typist:
    """Turns the figures of one sender into the cells its office would type."""

    def __init__(self, figures: Figures, sender: Sender) -> None:
        self.figures, self.sender, self.habit = figures, sender, sender.habit
        self.story: Story = figures.story
        self.quarter = sender.quarter
        self.district_form = self.story.forms[self.story.district_form]
        self.typed = TypedCells(self.story, sender.code, sender.quarter, sender.habit.text_numbers)

    # ---- heads ---------------------------------------------------------------------------------------------------

    def open_form(self, book: Workbook, name: str) -> Form:
        form, habit, at = self.story.forms[name], self.habit, self.quarter
        words = {"year": at.year, "roman": at.roman, "date": short_date(at.ends_on)}
        heading = Heading(
            superior=self.sender.superior,
            office=self.sender.office,
            title=form["title"],
            form_name=self.story.forms["form_name"].format(number=form["number"]),
            period=habit.period.format(**words),
            reporter=habit.reporter,
            unit=form.get("unit", ""),
            attached_to=f"(Kèm theo Báo cáo của {self.sender.name})",
            notes=self.story.forms["notes"][name].format(**words),
            place_and_date=long_date(self.sender.signed_on, self.sender.place),
        )
        of_communes = name in self.story.commune_forms
        columns = self._commune_columns(name) if of_communes else self._figure_columns(name)
        return book.add_form(form["number"], columns, heading)

    def _figure_columns(self, name: str) -> list[Column]:
        words = {
            "stt": self.habit.number_heading,
            "unit": self.habit.unit_heading,
            "year": self.quarter.year,
            "plan": self.habit.plan_heading.format(year=self.quarter.year),
        }
        declared = self.story.forms[name]["columns"]
        heads = [tuple(head.format(**words) for head in column["heads"]) for column in declared]
        widths = [WIDTHS[column["holds"]] for column in declared]
        labels = _in_brackets(len(declared))
        if self.habit.columns_with_formula:
            letters, numbers = iter(LETTERS), count(1)
            labels = [str(next(numbers)) if column["holds"] in SERIES else next(letters) for column in declared]
        return [Column(*parts) for parts in zip(heads, widths, labels, strict=True)]

    def _in_order(self, name: str, cells: dict[str, Cell]) -> list[Cell]:
        """The cells of a row by what their columns hold, as the form orders them."""
        return [cells[column["holds"]] for column in self.story.forms[name]["columns"]]

    def _commune_columns(self, name: str) -> list[Column]:
        words = {"h": self.habit.households_heading, "k": self.habit.persons_heading}
        heads = [(self.habit.number_heading,), (self.story.forms["area_heading"],)]
        formulas: list[str] = ["", ""]
        for column in self.story.forms[name]["columns"]:
            above = tuple(head.format(**words) for head in column["heads"])
            heads += [(*above, words["h"]), (*above, words["k"])] if "pair" in column else [above]
            formulas += self._pair_formulas(name, column) if "pair" in column else [""]
        heads.append((self.story.forms["remark_heading"],))
        width = 8.5 if len(heads) > 15 else 11
        if self.habit.columns_with_formula:
            labels = ["A", "B", *(f"{i}{formula}" for i, formula in enumerate(formulas[2:], 1)), "C"]
        else:
            labels = _in_brackets(len(heads))
        widths = [6, 24, *[width] * (len(heads) - 3), 22]
        return [Column(*parts) for parts in zip(heads, widths, labels, strict=True)]

    def _pair_formulas(self, name: str, column: dict[str, str]) -> list[str]:
        if column["sign"] != "=":
            return ["", ""]
        signs = [other["sign"] for other in self.story.forms[name]["columns"][:-1]]
        return ["=" + "".join(f"{sign}{2 * i + part}" for i, sign in enumerate(signs)) for part in (1, 2)]

    # ---- cells ---------------------------------------------------------------------------------------------------

    def _count(self, value: int | None, bold: str = "", estimated: bool = False) -> Cell:
        if value is None:
            return None, "count"
        if estimated:
            return f"khoảng {number(value)}", "figure"
        if value == 0 and self.habit.zero == "-":
            return "-", f"centre{bold}"
        if self.habit.text_numbers:
            return number(value), f"figure{bold}"
        return value, f"count{bold}"

    def _rate(
        self, numerator: int | None, denominator: int | None, decimals: int, min_significant: int = 0, bold: str = ""
    ) -> Cell:
        """A rate the way the office types it; an empty cell where it cannot be computed."""
        if numerator is None or not denominator:
            return None, "count"
        exact = exact_ratio(Decimal(numerator), Decimal(denominator), 100)
        if self.habit.rates == "fraction":
            return float(round(exact / 100, 8)), f"fraction{min(decimals, 2)}{bold}"
        printed = rounded(exact, decimals, min_significant)
        return self._percent(printed, bold)

    def _percent(self, printed: Decimal, bold: str = "") -> Cell:
        """A rate of given decimals (a plan, or one just rounded)."""
        if self.habit.rates == "fraction":
            return float(printed / 100), "fraction1" if printed == round(printed, 1) else "fraction2"
        if self.habit.rates == "text":
            return f"{number(printed, max(-int(printed.as_tuple().exponent), 0))}%", f"figure{bold}"
        return float(printed), f"figure{bold}"

    # ---- Biểu 01 -------------------------------------------------------------------------------------------------

    def indicator_rows(self, district: Area, omitted: tuple[str, int] | None) -> list[Sequence[Cell]]:
        rows: list[Sequence[Cell]] = []
        groups: list[str] = []
        for n, indicator in enumerate(self.story.district_indicators(), 1):
            if indicator.group not in groups:
                groups.append(indicator.group)
                marks = LETTERS if self.habit.letters_for_groups else ROMAN
                cells: dict[str, Cell] = dict.fromkeys(WIDTHS, (None, "text"))
                cells |= {
                    "number": (marks[len(groups) - 1], "centre_bold"),
                    "label": (indicator.group.upper(), "text_bold"),
                }
                rows.append(self._in_order(self.story.district_form, cells))
            rows += self._indicator(n, indicator, district, omitted)
        return rows

    def _indicator(
        self, n: int, indicator: Indicator, district: Area, omitted: tuple[str, int] | None
    ) -> list[Sequence[Cell]]:
        measures = [self.story.measures[code] for code in self.story.indicator_parts(indicator)]
        further = self.district_form.get("further", {}).get(indicator.code, [])
        parts = [] if len(measures) == 1 else measures
        parts = parts + [self.story.measures[code] for code in further]
        token = self._no_figures(indicator, district)
        first = _FigureRow(str(n), measures[0] if len(measures) == 1 else None, indicator, self._remark(indicator))
        rows = [first] + [_FigureRow(self.habit.part_mark, measure, indicator, "") for measure in parts]
        return [self._figure_row(row, measures, district, omitted, token) for row in rows]

    def _figure_row(
        self, row: _FigureRow, measures: list[Measure], district: Area, omitted: tuple[str, int] | None, token: str
    ) -> Sequence[Cell]:
        cells: dict[str, Cell] = {}
        subject = row.measure.code if row.measure else row.indicator.code
        for series in SERIES:
            if token:
                cells[series] = (token, "centre")
            elif row.measure is not None:
                is_estimated = district.code in self.story.facts.get("estimated", {}).get(
                    row.measure.code, []
                ) and series in ("in_period", "actual")
                value = self.figures.district_figure(row.measure.code, district.code, self.quarter, series, omitted)
                cells[series] = self._count(value, estimated=is_estimated)
            elif series == "plan":
                is_due = not row.indicator.is_yearly or self.quarter.number == 4
                plan = self.story.plan(row.indicator.code, self.quarter.year) if is_due else None
                cells[series] = (None, "count") if plan is None else self._percent(plan)
            else:
                both = [
                    self.figures.district_figure(m.code, district.code, self.quarter, series, omitted) for m in measures
                ]
                decimals = max(row.indicator.decimals, 1)
                cells[series] = self._rate(both[0], both[1], decimals, row.indicator.min_significant)
            cells[series] = self.typed(self.story.district_form, subject, series, cells[series])
        label, unit = self._label(row)
        cells |= {
            "number": (row.mark, "centre"),
            "label": (label, "text"),
            "unit": (unit, "centre"),
            "remark": (row.note or None, "text"),
        }
        return self._in_order(self.story.district_form, cells)

    def _label(self, row: _FigureRow) -> tuple[str, str]:
        if row.measure is None:
            return row.indicator.name, "%"
        labels = row.measure.labels
        return labels[0] if labels and self.habit.short_labels else row.measure.name, row.measure.unit

    def _no_figures(self, indicator: Indicator, district: Area) -> str:
        """The sign an office writes instead of figures: "x" does not apply, "…" no data exist; "" otherwise."""
        if not self.story.applies(indicator, district):
            return "x"
        return "…" if indicator.code in self.district_form.get("no_criteria", {}) else ""

    def _remark(self, indicator: Indicator) -> str:
        no_criteria = self.district_form.get("no_criteria", {})
        if indicator.code in no_criteria:
            return str(no_criteria[indicator.code])
        told = self.story.remark(self.sender.code, self.quarter, self.story.district_form, indicator.code)
        is_blank = indicator.is_yearly and self.quarter.number < 4
        return told or (str(self.story.forms["yearly_note"]) if is_blank else "")

    # ---- Biểu 02-04 ----------------------------------------------------------------------------------------------

    def commune_rows(self, name: str, district: Area, by_measure: dict[str, dict[str, int]]) -> list[Sequence[Cell]]:
        communes = self.story.communes[district.code]
        classes = self.story.forms["classes"]
        groups = [(classes[key], [c for c in communes if c.is_urban is (key == "urban")]) for key in ("urban", "rural")]
        groups = [(label, members) for label, members in groups if members]
        show_groups = len(groups) > 1 or self.habit.groups_alone
        total = self._commune_row(name, TOTAL, ("", self.habit.total), communes, by_measure, "_bold")
        rows: list[Sequence[Cell]] = [total] if self.habit.is_total_first else []
        n = 0
        for mark, (label, members) in zip(ROMAN, groups, strict=False):
            if show_groups:
                row = self._commune_row(name, "", (mark, label), members, by_measure, "_bold")
                rows.append(row if self.habit.has_subtotals else [*row[:2], *[(None, "count")] * (len(row) - 2)])
            n = n if self.habit.goes_on_numbering else 0
            for n, commune in enumerate(members, n + 1):  # noqa: B020
                heads = (str(n), commune_name(commune, self.habit))
                rows.append(self._commune_row(name, commune.code, heads, [commune], by_measure, ""))
        return rows if self.habit.is_total_first else [*rows, total]

    def _commune_row(
        self,
        name: str,
        row: str,
        heads: tuple[str, str],
        members: Sequence[Area],
        by_measure: dict[str, dict[str, int]],
        bold: str,
    ) -> Sequence[Cell]:
        """A commune's row, or a sum of several (`row` is TOTAL or empty); heads: its number and its name."""

        def total(measure: str) -> int:
            return sum(by_measure[measure][commune.code] for commune in members)

        def counted(measure: str) -> Cell:
            return self.typed(name, row, measure, self._count(total(measure), bold))

        cells: list[Cell] = []
        for column in self.story.forms[name]["columns"]:
            if "pair" in column:
                cells += [counted(f"{column['pair']}_{what}") for what in ("households", "persons")]
            elif "rate" in column:
                numerator, denominator = (total(measure) for measure in column["rate"])
                cells.append(self._rate(numerator, denominator, 2, bold=bold))
            else:
                cells.append(counted(column["measure"]))
        note = self.story.remark(self.sender.code, self.quarter, name, row) or None
        return [(heads[0], f"centre{bold}"), (heads[1], f"text{bold}"), *cells, (note, "text")]

    # ---- Biểu 05 -------------------------------------------------------------------------------------------------

    def agency_rows(self) -> list[Sequence[Cell]]:
        rows: list[Sequence[Cell]] = []
        mine = [m for m in self.story.measures_of(self.story.agency_form) if m.reporter == self.sender.code]
        for n, measure in enumerate(mine, 1):
            is_blank = measure.is_yearly and self.quarter.number < 4
            cells: dict[str, Cell] = {
                "number": (str(n), "centre"),
                "label": (measure.name, "text"),
                "unit": (measure.unit, "centre"),
                "remark": (self.story.forms["yearly_note"] if is_blank else None, "text"),
            }
            for series in SERIES:
                value = self.figures.city_figure(measure.code, self.quarter, series)
                whole = value is not None and value == int(value) and measure.is_flow
                unknown = "…" if series in ("in_period", "actual") and not is_blank else None
                cells[series] = (unknown if value is None else float(value), "count" if whole else "figure")
            rows.append(self._in_order(self.story.agency_form, cells))
        return rows


@dataclass(frozen=True)
class _FigureRow:
    """A row of Biểu 01: an indicator's rate (measure None) or the figures of a measure."""

    mark: str
    measure: Measure | None
    indicator: Indicator
    note: str


def _in_brackets(count: int) -> list[str]:
    return [f"({n})" for n in range(1, count + 1)]
