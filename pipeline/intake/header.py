"""Where the table of a sheet is: its header rows, what stands over each column, which column is which."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.findings import Finding
from pipeline.intake.cells import Sheet, address
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn, SeriesColumn
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold

HEADER_SEARCH_ROWS = 60
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[A-Za-z])\s*\)?(\s*=.*)?")

FigureColumn = MeasureColumn | RateColumn | SeriesColumn


@dataclass(frozen=True)
class HeaderPath:
    """Folded alternatives of each level, outermost first."""

    levels: tuple[frozenset[str], ...]

    @classmethod
    def parse(cls, header: str, quarter: Quarter) -> HeaderPath:
        levels = header.replace("{year}", str(quarter.year)).split(">")
        return cls(tuple(frozenset(fold(wording) for wording in level.split("|")) for level in levels))

    def matches(self, stack: list[str]) -> bool:
        """The levels occur in the stack in this order, the innermost at its bottom."""
        if not stack or stack[-1] not in self.levels[-1]:
            return False
        remaining = iter(stack[:-1])
        return all(any(text in level for text in remaining) for level in self.levels[:-1])


def wordings(alternatives: str) -> frozenset[str]:
    """Folded alternatives of one level."""
    return frozenset(fold(wording) for wording in alternatives.split("|"))


@dataclass(frozen=True)
class Table:
    """The columns of one table: 0-based positions; rows from first_row on hold its body."""

    header_row: int
    first_row: int
    ordinal: int
    label: int
    unit: int | None
    remark: int | None
    columns: tuple[tuple[int, FigureColumn], ...]


def find_table(sheet: Sheet, layout: Layout, quarter: Quarter) -> tuple[Table | None, list[Finding]]:
    """Find the header by its wording; findings name each column that is missing or not on the form."""
    ordinals, labels = wordings(layout.ordinal), wordings(layout.label)
    top = _header_row(sheet, ordinals, labels)
    if top is None:
        return None, [
            Finding(
                "header-not-found", "error", sheet.name, "", "không có dòng tiêu đề của bảng",
                f"một dòng có cột '{layout.ordinal.split('|')[0]}' và cột '{layout.label.split('|')[0]}'",
                "Dùng đúng biểu mẫu, giữ nguyên các dòng tiêu đề cột rồi gửi lại.",
            )
        ]  # fmt: skip
    header_row, ordinal, label = top
    bottom = _last_header_row(sheet, header_row, ordinal, label)
    stacks = {column: _stack(sheet, header_row, bottom, column) for column in range(sheet.width)}
    first_row = bottom + 1
    if first_row < len(sheet.rows) and _is_column_numbers(sheet, first_row):
        first_row += 1

    def only(alternatives: str | None) -> int | None:
        wanted = wordings(alternatives) if alternatives else frozenset[str]()
        return next((column for column, stack in stacks.items() if stack and stack[-1] in wanted), None)

    findings: list[Finding] = []
    columns: list[tuple[int, FigureColumn]] = []
    for declared in layout.columns:
        path = HeaderPath.parse(declared.header, quarter)
        matching = [column for column, stack in stacks.items() if path.matches(stack)]
        if len(matching) == 1:
            columns.append((matching[0], declared))
            continue
        wording = " > ".join(level.split("|")[0].strip() for level in declared.header.split(">"))
        findings.append(
            Finding(
                "column-missing" if not matching else "column-repeated",
                "warn" if isinstance(declared, RateColumn) else "error",
                sheet.name,
                address(header_row, matching[1]) if matching else address(header_row, label),
                "không thấy cột" if not matching else f"{len(matching)} cột cùng tên",
                f"một cột '{wording}'",
                "Giữ nguyên tên và đủ các cột của biểu mẫu rồi gửi lại.",
            )
        )
    remark, unit = only(layout.remark), only(layout.unit)
    known = {column for column, _ in columns} | {ordinal, label, remark, unit}
    for column, stack in stacks.items():
        if stack and column not in known and not any(stack == stacks[other] for other, _ in columns):
            findings.append(
                Finding(
                    "column-unknown", "info", sheet.name, address(header_row, column), stack[-1],
                    "các cột của biểu mẫu", "Cột này không được sử dụng; không cần gửi lại.",
                )
            )  # fmt: skip
    table = Table(header_row, first_row, ordinal, label, unit, remark, tuple(columns))
    return table, findings


def _header_row(sheet: Sheet, ordinals: frozenset[str], labels: frozenset[str]) -> tuple[int, int, int] | None:
    for row in range(min(len(sheet.rows), HEADER_SEARCH_ROWS)):
        texts = {column: fold(sheet.text(row, column)) for column in range(len(sheet.rows[row]))}
        ordinal = next((column for column, text in texts.items() if text in ordinals), None)
        label = next((column for column, text in texts.items() if text in labels), None)
        if ordinal is not None and label is not None:
            return row, ordinal, label
    return None


def _last_header_row(sheet: Sheet, top: int, ordinal: int, label: int) -> int:
    """Header rows below the first have neither ordinal nor label of their own, and hold only words."""
    row = top
    while row + 1 < len(sheet.rows):
        below = sheet.rows[row + 1]
        texts = [cell for cell in below if cell not in (None, "")]
        own = sheet.text(row + 1, ordinal) or sheet.text(row + 1, label)
        if own or not texts or not all(isinstance(cell, str) for cell in texts):
            break
        row += 1
    return row


def _is_column_numbers(sheet: Sheet, row: int) -> bool:
    texts = [sheet.text(row, column) for column in range(sheet.width)]
    filled = [text.removesuffix(".0") for text in texts if text]
    return len(filled) >= 3 and all(_COLUMN_NUMBER.fullmatch(text) for text in filled)


def _stack(sheet: Sheet, top: int, bottom: int, column: int) -> list[str]:
    """What stands over a column, outermost first; a merged cell speaks for every cell it covers."""
    stack: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(top, bottom + 1):
        origin = next(
            (start for start, end in sheet.merged if start[0] <= row <= end[0] and start[1] <= column <= end[1]),
            (row, column),
        )
        text = fold(sheet.text(*origin)) if origin not in seen else ""
        seen.add(origin)
        if text:
            stack.append(text)
    return stack
