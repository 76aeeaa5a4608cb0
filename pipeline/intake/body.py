"""The body of a table: every row is used, recognised or set aside with a finding; none is overlooked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pipeline.findings import Finding, Severity
from pipeline.intake.cell_figures import CellFigures
from pipeline.intake.cells import address
from pipeline.intake.columns import Table
from pipeline.intake.deciding import Decision
from pipeline.intake.grid import Grid, cell_range
from pipeline.intake.grouping import Fault, told
from pipeline.intake.header import is_one_of, wordings
from pipeline.intake.identity import Names
from pipeline.intake.numbers import Figure, raw_text
from pipeline.intake.personal import without_personal_data
from pipeline.intake.readings import FormReading, Observation, Reading, Remark, Stated
from pipeline.intake.recognition import Place, units_of
from pipeline.intake.rows import Label, SortedRows, label_of, sort_rows
from pipeline.intake.units import Unit, Units
from pipeline.programme import Measure, Programme
from pipeline.programme.layouts import Layout
from pipeline.quarters import Quarter
from pipeline.vietnamese import exact_ratio, number

LIKENESS, DETAIL_LIKENESS = 0.6, 0.85  # from where on a name is suggested; a detail may well be no name at all
RATE_TOLERANCE = Decimal("0.0005")


@dataclass
class BodyReader(ABC):
    """Reads one table into `reading`; subclasses know what a row of their form means."""

    names: Names
    place: Place
    table: Table
    reporter: str
    form: FormReading
    reading: Reading
    findings: list[Finding] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    used_rows: list[int] = field(default_factory=list)
    _labels: dict[int, Label] = field(default_factory=dict)

    @property
    def programme(self) -> Programme:
        return self.names.programme

    @property
    def quarter(self) -> Quarter:
        return self.names.quarter

    @property
    def layout(self) -> Layout:
        return self.place.layout

    @property
    def grid(self) -> Grid:
        return self.place.grid

    @cached_property
    def cells(self) -> CellFigures:
        return CellFigures(self.grid.sheet, self.layout)

    @cached_property
    def units(self) -> Units:
        return units_of(self.layout, self.programme)

    @cached_property
    def title_units(self) -> list[Unit]:
        return self.units.stated_in(self.place.title_lines())

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.programme.measures}

    def read(self) -> None:
        rows = sort_rows(self.grid, self.table, self.layout, self.place.end_row, self.is_known)
        above = self.place.rows_above
        self.form.rows_read += sum(map(len, (rows.body, rows.recognised, rows.others, rows.below, above)))
        self.form.rows_recognised += len(rows.recognised)
        self.form.rows_set_aside += len(rows.others) + len(rows.below) + len(above)
        for row in rows.body:
            self.read_row(row, self.label(row))
        self.finish()
        self._tell_other_rows(rows)
        self._tell_outside()
        columns = sorted({bound.column for bound in self.table.columns})
        self.findings.extend(told(self.grid.name, self.faults, self.used_rows, columns))

    def label(self, row: int) -> Label:
        if row not in self._labels:
            self._labels[row] = label_of(self.grid, self.table, row)
        return self._labels[row]

    @abstractmethod
    def _subject(self, row: int, label: Label) -> object | None:
        """What the label of a row names; None where the form knows nothing of that name."""

    @abstractmethod
    def read_row(self, row: int, label: Label) -> None:
        """Sort the row: to be used, recognised, or set aside with a finding."""

    @abstractmethod
    def finish(self) -> None:
        """Read the cells of the rows to be used; what can be said only when every row was seen."""

    # --- what both kinds of form share ---

    def is_known(self, row: int) -> bool:
        """Whether the label of a row names something the form is about."""
        label = self.label(row)
        return self._subject(row, label) is not None or self._line(row, label) is not None

    @cached_property
    def _lines(self) -> dict[str, frozenset[str]]:
        """The wordings of each line of a unit, where the form has several lines for one."""
        return {line: wordings(line) for column in self.layout.columns if (line := column.line) is not None}

    def _line(self, row: int, label: Label) -> str | None:
        texts = [self.grid.text(row, self.table.line)] if self.table.line is not None else list(label.candidates)
        return next(
            (line for line, words in self._lines.items() if any(is_one_of(text, words) for text in texts)), None
        )

    def has_content(self, row: int) -> bool:
        return any(self.grid.text(row, bound.column) for bound in self.table.columns)

    def set_aside(
        self, row: int, label: Label, what: str, close: Sequence[str], severity: Severity | None = None
    ) -> None:
        """A row whose label is not understood; with figures in it, a person must act."""
        self.form.rows_set_aside += 1
        if (row, label.column) in self.grid.sheet.undecoded:
            self.find(
                "text-undecoded", "error", row, label.column, "tên dòng không đọc được vì bảng mã chữ",
                "chữ tiếng Việt Unicode", "Chuyển chữ sang Unicode (Times New Roman), lưu lại rồi gửi lại.",
            )  # fmt: skip
            return
        hint = f"; gần giống: {', '.join(close)}" if close else ""
        severity = severity or ("error" if self.has_content(row) else "info")
        self.fault(
            "row-unknown", severity, row, label.column, label.shown or "(trống)", what,
            "Sửa tên dòng cho đúng biểu mẫu rồi gửi lại." if severity == "error" else "Dòng này không được sử dụng.",
            hint,
        )  # fmt: skip

    def observe(self, row: int, column: int, measure: Measure, area: str, series: str, figure: Figure) -> None:
        is_figure = figure.value is not None
        raw = raw_text(self.grid.sheet.value(row, column)) if is_figure else self.cells.shown(row, column)
        self.reading.observations.append(
            Observation(
                self.grid.name, address(row, column), self.form.form, self.reporter, measure.code, area,
                self.form.month, series, figure.value, figure.state, raw, figure.qualifier,
            )
        )  # fmt: skip

    def state(self, row: int, column: int, kind: str, subject: str, area: str, series: str, value: Decimal) -> None:
        self.reading.stated.append(
            Stated(
                self.grid.name, address(row, column), self.form.form, self.reporter, kind,  # type: ignore[arg-type]
                subject, area, self.form.month, series, value, raw_text(self.grid.sheet.value(row, column)),
            )
        )  # fmt: skip

    def unreadable(self, row: int, column: int, figure: Figure, is_side: bool = False) -> None:
        """Tell the problem of a cell, if it has one; it weighs less in a column beside the figure asked for."""
        if figure.problem is not None:
            found = self.cells.shown(row, column) or "(trống)"
            self.fault(
                figure.problem.rule, "warn" if is_side else "error", row, column, found,
                figure.problem.expected, "Sửa ô này trong tệp gốc rồi gửi lại.",
            )  # fmt: skip

    def decided(self, column: int, decisions: Sequence[Decision]) -> None:
        """Tell how ambiguous numbers of a column were read."""
        for decision in decisions:
            rows = sorted(decision.rows)
            cells = ", ".join(f"{address(row, column)} '{self.cells.shown(row, column)}'" for row in rows[:4])
            means = {"vi": "dấu chấm là hàng nghìn", "en": "dấu phẩy là hàng nghìn", "space": "một số, cách hàng nghìn"}
            self.find(
                "number-style-decided", "info", rows[0], column, cells,
                f"{means[decision.style]} (theo {decision.reason})",
                "Viết hàng nghìn với dấu chấm, thập phân với dấu phẩy; số liệu vẫn được sử dụng.",
            )  # fmt: skip

    def rate_matches(self, stated: tuple[Decimal, bool], above: Decimal | None, below: Decimal | None) -> Decimal:
        """The rate a cell states as percent: as typed, or a hundred times that where only so it fits its parts."""
        value, is_marked = stated
        if above is not None and below and not is_marked:
            exact = exact_ratio(above, below, 100)
            if not _is_near(value, exact) and _is_near(value * 100, exact):
                return value * 100
        return value

    def is_rate(self, stated: tuple[Decimal, bool], above: Decimal, below: Decimal) -> bool:
        return _is_near(self.rate_matches(stated, above, below), exact_ratio(above, below, 100))

    def compare_rate(
        self, row: int, column: int, stated: tuple[Decimal, bool], above: Decimal | None, below: Decimal | None
    ) -> None:
        """The rate on the form against its parts, to the precision in which it is printed."""
        if above is None or not below:
            return
        exact = exact_ratio(above, below, 100)
        if self.rate_matches(stated, above, below) != stated[0]:
            self.fault(
                "rate-as-fraction", "info", row, column, self.cells.shown(row, column), "tỷ lệ phần trăm",
                "Ghi tỷ lệ theo phần trăm; số liệu vẫn được sử dụng.",
            )  # fmt: skip
        elif not _is_near(stated[0], exact):
            self.find(
                "rate-differs", "warn", row, column, self.cells.shown(row, column),
                f"{number(exact, 2)}% (tính từ tử số và mẫu số)",
                "Kiểm tra lại tỷ lệ, tử số và mẫu số; bản tổng hợp dùng tử số và mẫu số.",
            )  # fmt: skip

    def remark(self, row: int, label: str) -> None:
        column = self.table.remark
        text = self.grid.text(row, column) if column is not None else ""
        if not text or column is None or (row, column) in self.grid.sheet.undecoded:
            return
        if without_personal_data(text) != text:
            self.find(
                "personal-data-in-remark", "warn", row, column, "ô có số giấy tờ hoặc số điện thoại",
                "ghi chú không có thông tin cá nhân", "Bỏ thông tin cá nhân khỏi ô này; nội dung ô không được lưu.",
            )  # fmt: skip
            return
        self.reading.remarks.append(Remark(self.grid.name, address(row, column), self.reporter, label, text))

    def fault(
        self,
        rule: str,
        severity: Severity,
        row: int,
        column: int,
        found: str,
        expected: str,
        remedy: str,
        hint: str = "",
    ) -> None:
        """A finding of one cell, told together with its like."""
        self.faults.append(Fault(rule, severity, row, column, _told(found), expected, remedy, hint))

    def find(
        self, rule: str, severity: Severity, row: int, column: int, found: str, expected: str, remedy: str
    ) -> None:
        place = address(row, column)
        self.findings.append(Finding(rule, severity, self.grid.name, place, _told(found), expected, remedy))

    def hidden_rows(self, rows: Sequence[int], is_used: bool) -> None:
        """Tell of hidden rows: read because what they hold stands nowhere else, or left out because it does."""
        if not rows:
            return
        listed = ", ".join(str(row + 1) for row in sorted(rows)[:10])
        self.find(
            "row-hidden", "warn" if is_used else "info", min(rows), self.table.label, f"dòng bị ẩn: {listed}",
            "các dòng của biểu đều hiện",
            "Số liệu ở dòng ẩn vẫn được đọc; kiểm tra lại và bỏ ẩn dòng trước khi gửi."
            if is_used
            else "Dòng ẩn không được sử dụng vì đã có ở dòng hiện; nên xóa trước khi gửi.",
        )  # fmt: skip

    def _tell_other_rows(self, rows: SortedRows) -> None:
        for found, severity, what in (
            (self.place.rows_above, "info", "bảng khác phía trên biểu"),
            (rows.others, "info", "bảng khác cùng trang tính"),
            (rows.below, "warn" if self.names_something_new(rows.below) else "info", "số liệu dưới phần ký tên"),
        ):
            if found:
                left, right = self.table.first, self.table.end - 1
                self.findings.append(
                    Finding(
                        "other-table", severity, self.grid.name, cell_range(found[0], left, found[-1], right),  # type: ignore[arg-type]
                        f"{len(found)} dòng của {what}", "một bảng đúng biểu mẫu",
                        "Các dòng này không được sử dụng.",
                    )
                )  # fmt: skip

    @abstractmethod
    def names_something_new(self, rows: Sequence[int]) -> bool:
        """Whether one of these rows names what the table has not."""

    def _tell_outside(self) -> None:
        """Numbers beside the table, under no heading."""
        table = self.table
        known = {*table.headings, *table.labels, table.ordinal}
        outside = [
            (row, column)
            for row in range(table.top, max(self.used_rows, default=table.top) + 1)
            for column in range(len(self.grid.sheet.rows[row]))
            if (column not in known if row in self.used_rows else not table.first <= column < table.end)
            and self.grid.is_number(row, column)
        ]
        if outside:
            (top, left), (bottom, right) = (
                (pick(row for row, _ in outside), pick(column for _, column in outside)) for pick in (min, max)
            )
            self.findings.append(
                Finding(
                    "cells-outside", "info", self.grid.name, cell_range(top, left, bottom, right),
                    f"{len(outside)} ô có số ở ngoài các cột của biểu", "số liệu trong các cột của biểu mẫu",
                    "Các ô này không được sử dụng.",
                )
            )  # fmt: skip


def _told(text: str) -> str:
    """A text of a cell in one line, without numbers of persons."""
    return " ".join(without_personal_data(text).split())[:300] or "(trống)"


def _is_near(stated: Decimal, exact: Decimal) -> bool:
    """Equal to the precision of what is stated, at most two decimals."""
    exponent = stated.normalize().as_tuple().exponent
    places = min(max(-exponent, 0), 2) if isinstance(exponent, int) else 0
    return abs(stated - exact) <= Decimal("0.5").scaleb(-places) + RATE_TOLERANCE
