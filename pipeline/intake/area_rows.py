"""Forms with a row per area and a column per measure (movements of poor households, review results)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pipeline.intake.area_cells import AreaCells
from pipeline.intake.body import DETAIL_LIKENESS, LIKENESS, BodyReader
from pipeline.intake.identity import NameIndex
from pipeline.intake.rows import Label, is_group_ordinal, ordinal_of
from pipeline.programme import Area
from pipeline.vietnamese import fold

Kind = Literal["unit", "part", "total", "subtotal", "group", "foreign"]
_SUM_OF = re.compile(r"(?:[ivx]+|[a-h]|\d+)(?: (?:[ivx]+|[a-h]|\d+))*")


@dataclass(frozen=True)
class AreaRow:
    """A row that is understood. unit: an area the form asks for; part: a commune where a district is asked for;
    foreign: an area that is not the sender's to report. line: which of the two lines of an area, if there are two.
    """

    row: int
    kind: Kind
    code: str
    label: Label
    line: str | None = None


@dataclass
class AreaRows(BodyReader):
    """A form summed over its rows: one unreadable cell or missing row leaves its total unknown."""

    entries: list[AreaRow] = field(default_factory=list)
    _subjects: dict[int, tuple[Kind, str] | None] = field(default_factory=dict)
    _above: AreaRow | None = None  # whose second line may follow

    @cached_property
    def is_by_district(self) -> bool:
        return self.layout.area_level == "district"

    @cached_property
    def is_own_only(self) -> bool:
        """A district fills its own row of a sheet with all districts."""
        return self.is_by_district and self.reporter in self.programme.area_by_code

    @cached_property
    def expected(self) -> list[Area]:
        """The areas a complete form has rows of."""
        if not self.is_by_district:
            return self.programme.communes(self.reporter, self.quarter)
        districts = self.programme.districts(self.quarter)
        return [area for area in districts if not self.is_own_only or area.code == self.reporter]

    @cached_property
    def communes(self) -> list[Area]:
        return (
            [] if self.is_by_district and not self.is_own_only else self.programme.communes(self.reporter, self.quarter)
        )

    @cached_property
    def index(self) -> NameIndex:
        return self.names.districts if self.is_by_district else self.names.communes(self.reporter)

    @cached_property
    def _totals(self) -> list[str]:
        return [fold(wording) for wording in self.layout.totals]

    @cached_property
    def _groups(self) -> set[str]:
        return {fold(wording) for wording in self.layout.groups}

    # --- what a row is ---

    def names_something_new(self, rows: Sequence[int]) -> bool:
        seen = {entry.code for entry in self.entries}
        subjects = [self._subject(row, self.label(row)) for row in rows]
        return any(subject is not None and subject[0] == "unit" and subject[1] not in seen for subject in subjects)

    def read_row(self, row: int, label: Label) -> None:
        subject = self._subject(row, label)
        line = self._line(row, label) if self._lines else None
        if self._lines and line is None and subject is not None and not self.has_content(row):
            self._above = AreaRow(row, *subject, label)  # the area alone, its lines below
            self.form.rows_recognised += 1
        elif self._lines and line is None and subject is not None and subject[0] != "group":
            self.form.rows_set_aside += 1
            self.find(
                "line-unknown", "error", row, label.column, label.shown,
                f"dòng ghi rõ là {' hay '.join(line.split('|')[0] for line in self._lines)}",
                "Ghi rõ từng dòng theo biểu mẫu rồi gửi lại.",
            )  # fmt: skip
        elif subject is None and line is not None and self._above is not None and not self._names_somebody(label):
            self._add(AreaRow(row, self._above.kind, self._above.code, self._above.label, line))
        elif subject is None:
            self._above = None
            self._unknown(row, label)
        else:
            self._above = AreaRow(row, *subject, label, line)
            self._add(self._above)

    def _add(self, entry: AreaRow) -> None:
        label_cell = (entry.row, entry.label.column)
        if entry.kind in ("unit", "part") and label_cell in self.grid.sheet.struck:
            self.form.rows_set_aside += 1
            self.find(
                "row-struck", "warn", entry.row, entry.label.column, f"dòng '{entry.label.shown}' bị gạch ngang",
                "dòng còn hiệu lực", "Dòng bị gạch không được sử dụng; nên xóa trước khi gửi.",
            )  # fmt: skip
        elif entry.kind == "foreign":
            self._foreign(entry)
        else:
            self.entries.append(entry)

    def _subject(self, row: int, label: Label) -> tuple[Kind, str] | None:
        if row not in self._subjects:
            self._subjects[row] = self._understood(row, label)
        return self._subjects[row]

    def _understood(self, row: int, label: Label) -> tuple[Kind, str] | None:
        texts = [*label.candidates, ordinal_of(self.grid, self.table, row)]
        words = [word for text in texts if (word := fold(text))]
        for word in words:
            if total := self._total(word):
                return total, ""
        for text in label.candidates:
            if area := self._area(text):
                return area
        is_group = any(word in self._groups for word in words)
        if is_group or (is_group_ordinal(ordinal_of(self.grid, self.table, row)) and label.shown):
            return "group", ""
        return None

    def _total(self, word: str) -> Literal["total", "subtotal"] | None:
        for total in self._totals:
            rest = word.removeprefix(total).strip()
            if word != total and not word.startswith(f"{total} "):
                continue
            if not rest or _SUM_OF.fullmatch(rest) or self.reporter in self.names.reporters.codes(rest):
                return "total"
            if rest in self._groups:
                return "subtotal"
        return None

    def _area(self, text: str) -> tuple[Kind, str] | None:
        codes = self.index.codes(text)
        parts = self.names.communes(self.reporter).codes(text) if self.is_own_only else set[str]()
        if len(codes) == 1:
            (code,) = codes
            return ("foreign" if self.is_own_only and code != self.reporter else "unit"), code
        if not codes and len(parts) == 1:
            return "part", next(iter(parts))
        return None

    def _names_somebody(self, label: Label) -> bool:
        """With a column of its own for the line, a text in the label column is a name, known or not."""
        return self.table.line is not None and bool(label.shown)

    # --- rows that are not used ---

    def _unknown(self, row: int, label: Label) -> None:
        options = {code for text in label.candidates for code in self._options(text)}
        if len(options) > 1:
            named = ", ".join(self.programme.area_by_code[code].full_name for code in sorted(options))
            self.set_aside(row, label, f"tên rõ loại đơn vị: {named}", [])
            return
        likeness = DETAIL_LIKENESS if label.is_detail else LIKENESS
        close = self.index.suggestions(label.candidates[-1], likeness) if label.candidates else []
        if label.is_detail and not close and self.entries:
            self.set_aside(row, label, "dòng chi tiết không có trên biểu mẫu", [], "info")
            return
        what = "tên một quận, huyện" if self.is_by_district else "tên một xã, phường, thị trấn thuộc đơn vị báo cáo"
        self.set_aside(row, label, what, close)

    def _options(self, text: str) -> set[str]:
        parts = self.names.communes(self.reporter).codes(text) if self.is_own_only else set[str]()
        return self.index.codes(text) | parts

    def _foreign(self, entry: AreaRow) -> None:
        if not self.has_content(entry.row):
            self.form.rows_recognised += 1
            return
        self.form.rows_set_aside += 1
        self.fault(
            "other-area", "warn", entry.row, entry.label.column, entry.label.shown, "chỉ dòng của đơn vị báo cáo",
            "Số liệu của đơn vị khác không được sử dụng; để trống các dòng này.",
        )  # fmt: skip

    # --- when every row was seen ---

    def finish(self) -> None:
        self._leave_shared_names()
        self._leave_empty_groups()
        self.entries = self._once_each()
        self.used_rows = [entry.row for entry in self.entries if entry.kind in ("unit", "part")]
        self.form.rows_used += len(self.used_rows)
        self.form.rows_recognised += len(self.entries) - len(self.used_rows)
        AreaCells(self, self.entries).read()
        for entry in self.entries:
            if entry.kind == "unit":
                self.remark(entry.row, entry.label.shown)

    def _leave_shared_names(self) -> None:
        """Among communes, a name that its district has too may be either: it is asked."""
        if not any(entry.kind == "part" for entry in self.entries):
            return
        for entry in [one for one in self.entries if one.kind == "unit"]:
            if all(len(self._options(text)) > 1 for text in entry.label.candidates):
                self.entries.remove(entry)
                self._unknown(entry.row, entry.label)

    def _leave_empty_groups(self) -> None:
        """A row with figures that only its numeral makes a group is a name not understood, where nothing stands
        below it or the areas are numbered the same way."""
        kept: list[AreaRow] = []
        is_counted_so = any(
            entry.kind in ("unit", "part") and is_group_ordinal(ordinal_of(self.grid, self.table, entry.row))
            for entry in self.entries
        )
        for entry, following in zip(self.entries, [*self.entries[1:], None][: len(self.entries)], strict=True):
            is_declared = any(fold(text) in self._groups for text in entry.label.candidates)
            is_empty = following is None or following.kind not in ("unit", "part")
            is_doubtful = entry.kind == "group" and not is_declared and self.has_content(entry.row)
            if is_doubtful and (is_empty or is_counted_so):
                self._unknown(entry.row, entry.label)
            else:
                kept.append(entry)
        self.entries = kept

    def _once_each(self) -> list[AreaRow]:
        """Every area and line once: the visible row before a hidden one, of equal rows the first."""
        kept: list[AreaRow] = []
        hidden_used: list[int] = []
        hidden_left: list[int] = []
        first: dict[tuple[str, str | None], AreaRow] = {}
        hidden = self.grid.sheet.hidden_rows
        visible = {(one.kind, one.code, one.line) for one in self.entries if one.row not in hidden}
        for entry in self.entries:
            key = (entry.code, entry.line)
            if entry.row in hidden and (entry.kind, entry.code, entry.line) in visible:
                if entry.kind in ("unit", "part"):
                    hidden_left.append(entry.row)
                    self.form.rows_set_aside += 1
                else:
                    self.form.rows_recognised += 1
            elif entry.kind in ("unit", "part") and key in first:
                self._repeated(entry, first[key])
            else:
                if entry.kind in ("unit", "part"):
                    first[key] = entry
                    if entry.row in hidden:
                        hidden_used.append(entry.row)
                kept.append(entry)
        self.hidden_rows(hidden_used, is_used=True)
        self.hidden_rows(hidden_left, is_used=False)
        return kept

    def _repeated(self, entry: AreaRow, earlier: AreaRow) -> None:
        self.form.rows_set_aside += 1
        columns = {bound.column for bound in self.table.columns}
        is_same = all(self.grid.text(entry.row, one) == self.grid.text(earlier.row, one) for one in columns)
        self.fault(
            "row-repeated", "warn" if is_same else "error", entry.row, entry.label.column, entry.label.shown,
            f"mỗi đơn vị một dòng (đã có ở dòng {earlier.row + 1}"
            f"{', số liệu như nhau' if is_same else ', số liệu khác'})",
            "Xóa dòng trùng trước khi gửi; số liệu vẫn được sử dụng."
            if is_same
            else "Xóa dòng trùng hoặc sửa tên rồi gửi lại.",
        )  # fmt: skip
