"""Which column of a sheet is which: the declared columns of a form found by the wording of their headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.findings import Finding, Severity
from pipeline.intake.cells import address
from pipeline.intake.grid import Grid, Position
from pipeline.intake.header import (
    HeaderPath,
    header_rows,
    headings,
    is_column_numbers,
    is_one_of,
    readings,
    wordings,
)
from pipeline.intake.units import Unit, Units
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn, SeriesColumn
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold

FigureColumn = MeasureColumn | RateColumn | SeriesColumn


@dataclass(frozen=True)
class BoundColumn:
    """A declared column and where it stands (0-based); unit is what its header says, if it says one."""

    column: int
    declared: FigureColumn
    unit: Unit | None = None


@dataclass(frozen=True)
class Table:
    """Where one table stands: 0-based positions; rows from first_row on hold its body.

    labels are the columns under the header of the label, which may be merged over several; `end` is the
    first column behind the table.
    """

    top: int
    bottom: int
    first_row: int
    first: int
    end: int
    ordinal: int | None
    labels: tuple[int, ...]
    columns: tuple[BoundColumn, ...] = ()
    headings: tuple[int, ...] = ()
    unit: int | None = None
    remark: int | None = None
    line: int | None = None

    @property
    def label(self) -> int:
        return self.labels[0]


def find_table(
    grid: Grid, layout: Layout, quarter: Quarter, units: Units, first_row: int, end_row: int
) -> tuple[Table | None, list[Finding]]:
    """Find the form's table between two rows; findings name each column that is missing or not on the form."""
    chosen: _Binding | None = None
    for row in range(first_row, min(end_row, grid.height)):
        bound = [
            _Binding(grid, layout, quarter, units, table)
            for anchor in _anchors(grid, layout, row)
            for table in _tables(grid, layout, anchor, end_row)
        ]
        best = max(bound, key=lambda binding: binding.matched, default=None)
        if best is not None and best.matched:
            return best.finish()
        if chosen is None and best is not None and best.table.ordinal is not None:
            chosen = best
    return chosen.finish() if chosen is not None else (None, [])


def _anchors(grid: Grid, layout: Layout, row: int) -> list[Position]:
    """Cells of a row that hold the header of the label, in one cell or in two below each other."""
    labels = wordings(layout.label)
    return [
        (row, column)
        for column, text in grid.texts(row).items()
        if is_one_of(text, labels) or is_one_of(f"{text} {grid.text(row + 1, column)}", labels)
    ]


def _tables(grid: Grid, layout: Layout, anchor: Position, end_row: int) -> Iterator[Table]:
    """The table at an anchor, as its header stands, and with the rows above the label taken in."""
    row, label = anchor
    first, end = _span(grid, layout, anchor)
    ordinals = wordings(layout.ordinal)
    marks = [
        column
        for at in range(max(row - 2, 0), min(row + 2, end_row, grid.height))
        for column, text in grid.texts(at, first, end).items()
        if column != label and is_one_of(text, ordinals)
    ]
    ordinal = min(marks, key=lambda column: (column > label, abs(label - column)), default=None)
    label_end = next((last[1] for start, last in grid.merges_in(row) if start == anchor), label)
    own = tuple(range(label, min(label_end, end - 1) + 1))
    for above in (False, True):
        top, bottom = header_rows(grid, anchor, ordinal, own, first, end, above)
        if above and top == row:
            return
        body = bottom + 1
        while body < min(end_row, grid.height) and (
            is_column_numbers(grid, body, first, end) or not grid.texts(body, first, end)
        ):
            body += 1
        yield Table(top, bottom, body, first, end, ordinal, own)


def _span(grid: Grid, layout: Layout, anchor: Position) -> tuple[int, int]:
    """The columns that may belong to the table at anchor: up to the label or ordinal of a table beside it."""
    row, label = anchor
    ordinals = wordings(layout.ordinal)
    texts = grid.texts(row)
    labels = [column for _, column in _anchors(grid, layout, row)]

    def border(left: int, right: int) -> int:
        between = range(left + 1, right)
        marks = [column for column in between if is_one_of(texts.get(column, ""), ordinals)]
        gaps = [column for column in between if not grid.spoken(row, column)]
        return marks[-1] if marks else gaps[-1] + 1 if gaps else right

    before = max((column for column in labels if column < label), default=None)
    after = min((column for column in labels if column > label), default=None)
    return (0 if before is None else border(before, label)), (grid.width if after is None else border(label, after))


class _Binding:
    """The declared columns of a form against the headings of one possible table."""

    def __init__(self, grid: Grid, layout: Layout, quarter: Quarter, units: Units, table: Table) -> None:
        self.grid, self.layout, self.quarter, self.table = grid, layout, quarter, table
        self.headings = headings(grid, table.top, table.bottom, table.first, table.end, units)
        self.ways = {column: readings(heading, units) for column, heading in self.headings.items()}
        self.found: dict[int, list[BoundColumn]] = {index: [] for index in range(len(layout.columns))}
        self._match()

    @property
    def matched(self) -> int:
        return sum(
            bool(self.found[index]) and not isinstance(declared, RateColumn)
            for index, declared in enumerate(self.layout.columns)
        )

    def _match(self) -> None:
        """Literally first; what is still missing then by looser ways, among the columns not taken yet."""
        paths = [HeaderPath.parse(declared.header, self.quarter) for declared in self.layout.columns]
        for is_bare in (False, True):
            for way in range(max(map(len, self.ways.values()), default=0)):
                taken = {bound.column for found in self.found.values() for bound in found}
                for index, path in enumerate(paths):
                    if self.found[index]:
                        continue
                    for column, ways in self.ways.items():
                        if way >= len(ways) or column in taken or column in self.table.labels:
                            continue
                        if path.matches(ways[way].stack, without_accents=is_bare):
                            bound = BoundColumn(column, self.layout.columns[index], ways[way].unit_for(path))
                            self.found[index].append(bound)

    def finish(self) -> tuple[Table, list[Finding]]:
        """The table with its columns, and what a person must be told of them."""
        findings: list[Finding] = []
        columns: list[BoundColumn] = []
        hidden_used: list[int] = []
        missing: list[FigureColumn] = []
        for index, declared in enumerate(self.layout.columns):
            candidates = self._narrowed(index)
            if len(candidates) == 1:
                columns.append(candidates[0])
                if candidates[0].column in self.grid.sheet.hidden_columns:
                    hidden_used.append(candidates[0].column)
            elif candidates:
                findings.append(self._repeated(declared, candidates))
            else:
                missing.append(declared)
        findings = self._missing(missing) + findings
        remark, unit, line = (self._only(one) for one in (self.layout.remark, self.layout.unit, self.layout.lines))
        ordinal = self.table.ordinal
        if ordinal is None and self.table.label and self.table.label - 1 not in self.headings:
            ordinal = self.table.label - 1  # an ordinal column whose header was left empty
        table = replace(
            self.table, ordinal=ordinal, columns=tuple(columns), headings=tuple(self.headings),
            first=min([*self.headings, self.table.label, *([] if ordinal is None else [ordinal])]),
            end=max(self.headings, default=self.table.label) + 1, remark=remark, unit=unit, line=line,
        )  # fmt: skip
        return table, findings + self._hidden(hidden_used) + self._unknown(table)

    def _narrowed(self, index: int) -> list[BoundColumn]:
        """Of several columns of one wording: the visible, those of this table, those of this year, the exact."""
        depth = self._depth(index)
        year = str(self.quarter.year)
        # a column goes to the declaration that says most about it
        candidates = [
            one
            for one in self.found[index]
            if not any(
                self._depth(other) > depth and self.layout.columns[other].line == one.declared.line
                for other, found in self.found.items()
                if any(rival.column == one.column for rival in found)
            )
        ]
        preferences: list[Callable[[int], bool]] = [
            lambda column: column not in self.grid.sheet.hidden_columns,
            self._is_joined,
            lambda column: any(year in fold(level).split() for level in self.headings[column].filled),
            lambda column: len(self.headings[column].merged) == depth,
        ]
        for is_better in preferences:
            candidates = [one for one in candidates if is_better(one.column)] or candidates
        return candidates

    def _depth(self, index: int) -> int:
        return self.layout.columns[index].header.count(">") + 1

    def _is_joined(self, column: int) -> bool:
        """No column without heading lies between the label and this one."""
        label = self.table.label
        between = range(min(label, column), max(label, column))
        return all(one in self.headings or one in self.table.labels or one == self.table.ordinal for one in between)

    def _only(self, alternatives: str | None) -> int | None:
        wanted = wordings(alternatives)
        return next((column for column, heading in self.headings.items() if is_one_of(heading.leaf, wanted)), None)

    def _heading_cell(self, column: int) -> str:
        rows = range(self.table.bottom, self.table.top - 1, -1)
        row = next((row for row in rows if self.grid.text(row, column)), self.table.top)
        return address(row, column)

    def _repeated(self, declared: FigureColumn, candidates: list[BoundColumn]) -> Finding:
        return Finding(
            "column-repeated", _severity(declared), self.grid.name, self._heading_cell(candidates[1].column),
            f"{len(candidates)} cột cùng tên", f"một cột '{_shown(declared)}'",
            "Giữ nguyên tên và đủ các cột của biểu mẫu, xóa cột thừa rồi gửi lại.",
        )  # fmt: skip

    def _missing(self, columns: list[FigureColumn]) -> list[Finding]:
        """One finding for each kind of consequence; a column that could not be decoded is named with it."""
        findings = []
        rows = range(self.table.top, self.table.bottom + 1)
        garbled = sorted(cell for cell in self.grid.sheet.undecoded if cell[0] in rows)
        if columns and garbled:
            cells = ", ".join(address(*cell) for cell in garbled[:6])
            findings.append(
                Finding(
                    "text-undecoded", "error", self.grid.name, address(*garbled[0]),
                    f"tiêu đề cột ở ô {cells} không đọc được vì bảng mã chữ", "chữ tiếng Việt Unicode",
                    "Chuyển chữ sang Unicode (Times New Roman), lưu lại rồi gửi lại.",
                )
            )  # fmt: skip
        severities: tuple[Severity, ...] = ("error", "warn")
        for severity in severities:
            some = [column for column in columns if _severity(column) == severity]
            if some:
                listed = "; ".join(f"'{_shown(column)}'" for column in some[:6])
                more = f" và {len(some) - 6} cột khác" if len(some) > 6 else ""
                findings.append(
                    Finding(
                        "column-missing", severity, self.grid.name, address(self.table.top, self.table.label),
                        "không thấy cột" if len(some) == 1 else f"không thấy {len(some)} cột", f"cột {listed}{more}",
                        "Giữ nguyên tên và đủ các cột của biểu mẫu rồi gửi lại.",
                    )
                )  # fmt: skip
        return findings

    def _hidden(self, columns: list[int]) -> list[Finding]:
        if not columns:
            return []
        return [
            Finding(
                "column-hidden", "warn", self.grid.name, self._heading_cell(columns[0]),
                f"cột bị ẩn: {', '.join(_letter(column) for column in columns)}", "các cột của biểu đều hiện",
                "Số liệu ở cột ẩn vẫn được đọc; kiểm tra lại và bỏ ẩn cột trước khi gửi.",
            )
        ]  # fmt: skip

    def _unknown(self, table: Table) -> list[Finding]:
        known = {bound.column for bound in table.columns} | {table.ordinal, *table.labels}
        known |= {table.remark, table.unit, table.line}
        used = {self._key(bound.column) for bound in table.columns}
        unknown = {
            column: heading
            for column, heading in self.headings.items()
            if column not in known and (self._key(column) not in used or column in self.grid.sheet.hidden_columns)
        }
        if not unknown:
            return []
        hidden = self.grid.sheet.hidden_columns
        listed = ", ".join(
            f"'{heading.leaf}' ({_letter(column)}{', ẩn' if column in hidden else ''})"
            for column, heading in unknown.items()
        )
        return [
            Finding(
                "column-unknown", "info", self.grid.name, self._heading_cell(min(unknown)), listed[:300],
                "các cột của biểu mẫu", "Các cột này không được sử dụng; không cần gửi lại.",
            )
        ]  # fmt: skip

    def _key(self, column: int) -> tuple[str, ...]:
        return self.ways[column][0].stack


def _severity(declared: FigureColumn) -> Severity:
    """A form summed over its rows needs all its measures; elsewhere only the figure asked for is."""
    if isinstance(declared, MeasureColumn):
        return "error"
    return "error" if isinstance(declared, SeriesColumn) and declared.series == "actual" else "warn"


def _shown(declared: FigureColumn) -> str:
    words = " > ".join(level.split("|")[0].strip() for level in declared.header.split(">"))
    return f"{words} ({declared.line.split('|')[0]})" if declared.line else words


def _letter(column: int) -> str:
    return address(0, column).rstrip("1")
