"""The body of a table: every row is used, recognised or set aside with a finding; none is overlooked."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from pipeline.findings import Finding, Severity
from pipeline.intake.cells import Sheet, address
from pipeline.intake.header import Table
from pipeline.intake.numbers import Figure, raw_text, read_figure
from pipeline.intake.readings import FormReading, Observation, Reading, Remark, Stated
from pipeline.programme import Measure, Programme
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn, SeriesColumn
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold, number

_GROUP_ORDINAL = re.compile(r"[IVX]+|[A-H]")
_DATE_LINE = re.compile(r"\bngày .*tháng .*năm\b")
_LEAD = re.compile(r"^(?:[-+*•]\s*)?(?:trong đó\s*:?|tr\.\s*đó\s*:?)?\s*[-+*•]?\s*", re.IGNORECASE)
_SCALED = re.compile(r"^(nghìn|ngàn|triệu|tỷ|tỉ)\b")
RATE_TOLERANCE = Decimal("0.0005")


@dataclass
class BodyReader(ABC):
    """Reads one table into `reading`; subclasses know what a row of their form means."""

    programme: Programme
    quarter: Quarter
    sheet: Sheet
    layout: Layout
    table: Table
    reporter: str
    form: FormReading
    reading: Reading
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> None:
        footers = {fold(text) for text in self.layout.footers}
        in_footer = False
        for row in range(self.table.first_row, len(self.sheet.rows)):
            texts = [self.sheet.text(row, column) for column in range(len(self.sheet.rows[row]))]
            if not any(texts):
                continue
            self.form.rows_read += 1
            in_footer = in_footer or self._starts_footer(texts, footers)
            if in_footer or self._repeats_header(row):
                self.form.rows_recognised += 1
            else:
                self.read_row(row, self._ordinal(row), _LEAD.sub("", self.sheet.text(row, self.table.label)))
        self.finish()

    @abstractmethod
    def read_row(self, row: int, ordinal: str, label: str) -> None:
        """Use the row, recognise it, or set it aside with a finding."""

    @abstractmethod
    def finish(self) -> None:
        """What can be said only when every row was read: totals, and what is missing."""

    # --- what both kinds of form share ---

    def figures(self, row: int) -> Iterator[tuple[int, MeasureColumn | RateColumn | SeriesColumn]]:
        return ((column, declared) for column, declared in self.table.columns)

    def has_figures(self, row: int) -> bool:
        return any(self.sheet.text(row, column) for column, _ in self.table.columns)

    def set_aside(self, row: int, label: str, known: list[str], what: str) -> None:
        self.form.rows_set_aside += 1
        close = get_close_matches(fold(label), known, n=2, cutoff=0.6)
        hint = f"; gần giống: {', '.join(close)}" if close else ""
        has_figures = self.has_figures(row)
        self.find(
            "row-unknown", "error" if has_figures else "info", row, self.table.label, label or "(trống)",
            f"{what}{hint}",
            "Sửa tên dòng cho đúng biểu mẫu rồi gửi lại." if has_figures else "Dòng này không được sử dụng.",
        )  # fmt: skip

    def read_cell(self, row: int, column: int, measure: Measure) -> Figure | None:
        """The figure of a cell, or None with a finding when it cannot be one."""
        figure = read_figure(self.sheet.value(row, column), measure.decimals)
        if (row, column) in self.sheet.uncalculated:
            self._lost(row, column, "formula-not-calculated", "giá trị của công thức; công thức chưa tính hoặc lỗi")
            return None
        if figure.problem is not None:
            self._lost(row, column, figure.problem.rule, figure.problem.expected)
            return None
        if figure.value is None:
            return figure
        is_rate = measure.unit.startswith("%")
        if figure.is_percent and not is_rate:
            self._lost(row, column, "percent-in-count", f"số {measure.unit}, không phải tỷ lệ phần trăm")
            return None
        value = figure.value * 100 if is_rate and (row, column) in self.sheet.percent_cells else figure.value
        if (measure.lower is not None and value < measure.lower) or (
            measure.upper is not None and value > measure.upper
        ):
            bounds = f"từ {number(measure.lower or 0, 4)}"
            bounds += f" đến {number(measure.upper, 4)}" if measure.upper is not None else " trở lên"
            self._lost(row, column, "out-of-range", bounds)
            return None
        return Figure(figure.state, value, figure.qualifier)

    def observe(self, row: int, column: int, measure: Measure, area: str, series: str, figure: Figure) -> None:
        self.reading.observations.append(
            Observation(
                self.sheet.name, address(row, column), self.form.form, self.reporter, measure.code, area,
                self.form.month, series, figure.value, figure.state,
                raw_text(self.sheet.value(row, column)), figure.qualifier,
            )
        )  # fmt: skip

    def state(self, row: int, column: int, kind: str, subject: str, area: str, series: str, value: Decimal) -> None:
        self.reading.stated.append(
            Stated(
                self.sheet.name, address(row, column), self.form.form, self.reporter, kind,  # type: ignore[arg-type]
                subject, area, self.form.month, series, value, raw_text(self.sheet.value(row, column)),
            )
        )  # fmt: skip

    def stated_percent(self, row: int, column: int) -> Decimal | None:
        """A rate as percent, whichever of the three ways it was typed; None where there is none."""
        figure = read_figure(self.sheet.value(row, column), decimals=4)
        if figure.problem is not None or figure.value is None:
            return None
        is_formatted = (row, column) in self.sheet.percent_cells and not figure.is_percent
        return figure.value * 100 if is_formatted else figure.value

    def compare_rate(
        self, row: int, column: int, stated: Decimal, numerator: Decimal | None, denominator: Decimal | None
    ) -> None:
        """The rate on the form against its parts, to the precision in which it is printed."""
        if numerator is None or not denominator:
            return
        exact = numerator * 100 / denominator
        if self._is_near(stated, exact):
            return
        if self._is_near(stated * 100, exact):
            self.find(
                "rate-as-fraction", "info", row, column, raw_text(self.sheet.value(row, column)),
                f"{number(exact, 2)}%", "Ghi tỷ lệ theo phần trăm; số liệu vẫn được sử dụng.",
            )  # fmt: skip
            return
        self.find(
            "rate-differs", "warn", row, column, raw_text(self.sheet.value(row, column)),
            f"{number(exact, 2)}% (tính từ tử số và mẫu số)",
            "Kiểm tra lại tỷ lệ, tử số và mẫu số; bản tổng hợp dùng tử số và mẫu số.",
        )  # fmt: skip

    def compare_total(self, row: int, column: int, stated: Decimal, parts: list[Decimal]) -> None:
        if stated != sum(parts):
            self.find(
                "total-differs", "warn", row, column, number(stated, 4),
                f"{number(sum(parts, Decimal(0)), 4)} (cộng các dòng)",
                "Kiểm tra lại dòng tổng và các dòng thành phần; bản tổng hợp dùng các dòng thành phần.",
            )  # fmt: skip

    def remark(self, row: int, label: str) -> None:
        column = self.table.remark
        text = self.sheet.text(row, column) if column is not None else ""
        if text and column is not None:
            self.reading.remarks.append(Remark(self.sheet.name, address(row, column), self.reporter, label, text))

    def find(
        self, rule: str, severity: Severity, row: int, column: int, found: str, expected: str, remedy: str
    ) -> None:
        self.findings.append(
            Finding(rule, severity, self.sheet.name, address(row, column), found[:200], expected, remedy)
        )

    def _lost(self, row: int, column: int, rule: str, expected: str) -> None:
        """A figure that cannot be used: an error where it is the source, otherwise a warning."""
        declared = next(declared for place, declared in self.table.columns if place == column)
        side = isinstance(declared, SeriesColumn) and declared.series != "actual"
        found = raw_text(self.sheet.value(row, column)) or "(trống)"
        self.find(
            rule,
            "warn" if side else "error",
            row,
            column,
            found,
            expected,
            "Sửa ô này trong tệp gốc rồi gửi lại.",
        )

    @staticmethod
    def _is_near(stated: Decimal, exact: Decimal) -> bool:
        exponent = stated.normalize().as_tuple().exponent
        places = min(max(-exponent, 0), 2) if isinstance(exponent, int) else 0
        return abs(stated - exact) <= Decimal("0.5").scaleb(-places) + RATE_TOLERANCE

    def _ordinal(self, row: int) -> str:
        return self.sheet.text(row, self.table.ordinal).removesuffix(".0").strip(".) ")

    def _repeats_header(self, row: int) -> bool:
        """The header printed again after a page break."""
        same = fold(self.sheet.text(row, self.table.label)) == fold(
            self.sheet.text(self.table.header_row, self.table.label)
        )
        return same and not _GROUP_ORDINAL.fullmatch(self._ordinal(row))

    def _starts_footer(self, texts: list[str], footers: set[str]) -> bool:
        first = fold(next(text for text in texts if text))
        return any(first == word or first.startswith(f"{word} ") for word in footers) or (
            sum(bool(text) for text in texts) <= 2 and any(_DATE_LINE.search(fold(text)) for text in texts)
        )

    def is_group_ordinal(self, ordinal: str) -> bool:
        return bool(_GROUP_ORDINAL.fullmatch(ordinal))


def scaled_unit(unit: str) -> bool:
    """`nghìn người`: a thousand times what the form asks for."""
    return bool(_SCALED.match(fold(unit)))
