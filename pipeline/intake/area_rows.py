"""Forms with a row per commune and a column per measure (movements of poor households, review results)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pipeline.intake.body import BodyReader
from pipeline.intake.identity import NameIndex
from pipeline.intake.numbers import Figure, read_figure
from pipeline.programme import Area, Measure
from pipeline.programme.layouts import MeasureColumn, RateColumn
from pipeline.vietnamese import fold


@dataclass
class AreaRows(BodyReader):
    """A form summed over its rows: one unreadable cell or missing row leaves its total unknown."""

    communes: list[Area] = field(default_factory=list)
    names: NameIndex = field(default_factory=lambda: NameIndex([]))
    _seen: dict[str, int] = field(default_factory=dict)
    _parts: dict[int, list[Decimal]] = field(default_factory=dict)
    _group_parts: dict[int, list[Decimal]] = field(default_factory=dict)
    _pending: list[tuple[int, str, dict[int, list[Decimal]] | None]] = field(default_factory=list)

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.programme.measures}

    @cached_property
    def _totals(self) -> set[str]:
        return {fold(wording) for wording in self.layout.totals}

    @cached_property
    def _groups(self) -> set[str]:
        return {fold(wording) for wording in self.layout.groups}

    def read_row(self, row: int, ordinal: str, label: str) -> None:
        words = {fold(label), fold(self.sheet.text(row, self.table.ordinal))} - {""}
        if words & self._totals:
            self.form.rows_recognised += 1
            self._pending.append((row, "total", None))
            return
        if words & self._groups or (self.is_group_ordinal(ordinal) and not self.has_figures(row)):
            self.form.rows_recognised += 1
            self._group_parts = {}
            self._pending.append((row, "subtotal", self._group_parts))
            return
        codes = self.names.codes(label)
        if len(codes) != 1:
            self._unknown(row, label, codes)
            return
        (code,) = codes
        if code in self._seen:
            self.form.rows_set_aside += 1
            self.find(
                "row-repeated", "error", row, self.table.label, label,
                f"mỗi xã, phường, thị trấn một dòng (đã có ở dòng {self._seen[code] + 1})",
                "Xóa dòng trùng hoặc sửa tên rồi gửi lại.",
            )  # fmt: skip
            return
        self._seen[code] = row
        self.form.rows_used += 1
        self._read_figures(row, code)
        self.remark(row, label)

    def _read_figures(self, row: int, code: str) -> None:
        values: dict[str, Decimal | None] = {}
        blanks: list[int] = []
        rates: list[tuple[int, RateColumn]] = []
        for column, declared in self.figures(row):
            if isinstance(declared, RateColumn):
                rates.append((column, declared))
                continue
            assert isinstance(declared, MeasureColumn)
            measure = self._measures[declared.measure]
            figure = self.read_cell(row, column, measure)
            if figure is None:
                figure = Figure("missing")
            elif figure.state == "missing":
                blanks.append(column)
            self.observe(row, column, measure, code, "actual", figure)
            values[measure.code] = figure.value
            if figure.value is not None:
                self._parts.setdefault(column, []).append(figure.value)
                self._group_parts.setdefault(column, []).append(figure.value)
        if blanks:
            more = f" và {len(blanks) - 1} ô khác cùng dòng" if len(blanks) > 1 else ""
            self.find(
                "blank-cell", "error", row, blanks[0], f"ô trống{more}", "một số; không phát sinh thì ghi 0",
                "Điền đủ các ô của dòng này rồi gửi lại.",
            )  # fmt: skip
        for column, declared in rates:
            stated = self.stated_percent(row, column)
            if stated is not None:
                above, below = declared.rate_of
                self.compare_rate(row, column, stated, values.get(above), values.get(below))

    def finish(self) -> None:
        """Totals and subtotals against their parts; communes without a row."""
        for row, kind, group in self._pending:
            for column, declared in self.figures(row):
                figure = read_figure(self.sheet.value(row, column), 4)
                if not isinstance(declared, MeasureColumn) or figure.value is None or figure.problem:
                    continue
                parts = (self._parts if group is None else group).get(column, [])
                self.state(row, column, kind, declared.measure, self.reporter, "actual", figure.value)
                self.compare_total(row, column, figure.value, parts)
        missing = [area.full_name for area in self.communes if area.code not in self._seen]
        if missing:
            shown = ", ".join(missing[:8]) + (f" và {len(missing) - 8} đơn vị khác" if len(missing) > 8 else "")
            self.find(
                "commune-missing", "error", self.table.header_row, self.table.label,
                f"thiếu {len(missing)} dòng: {shown}", f"đủ {len(self.communes)} xã, phường, thị trấn",
                "Bổ sung các dòng còn thiếu rồi gửi lại; không phát sinh thì ghi 0.",
            )  # fmt: skip

    def _unknown(self, row: int, label: str, codes: set[str]) -> None:
        if len(codes) > 1:
            options = ", ".join(self.programme.area_by_code[code].full_name for code in sorted(codes))
            self.set_aside(row, label, [], f"tên rõ loại đơn vị: {options}")
        else:
            self.set_aside(row, label, self.names.spellings, "tên một xã, phường, thị trấn thuộc đơn vị báo cáo")
