"""The rows below a header, each for what it is: of the body, a header again, a footer, or of another table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.intake.columns import Table
from pipeline.intake.grid import Grid
from pipeline.intake.header import is_column_numbers, is_one_of, wordings
from pipeline.programme.layouts import Layout
from pipeline.vietnamese import fold

_GROUP_ORDINAL = re.compile(r"[IVX]+|[A-H]")
_DATE_LINE = re.compile(r"\bngà[yi] .*tháng .*năm\b")
_BULLET = re.compile(r"^[-–+*•]+\s*")
_OF_WHICH = re.compile(r"^(?:[-–+*•]\s*)?(?:trong đó|tr\.\s*đó|trđ)\s*:?\s*[-–+*•]?\s*", re.IGNORECASE)
_ENUMERATOR = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*|[IVX]+|[A-Ha-h])\s*[.)/:-]\s*(?=\S)")
# how lines under a table begin in any office: signatures, notes, addressees
_CLOSING = re.compile(
    r"(?:tm|kt|tl|tuq|q (?:trưởng|chủ|giám)|nơi nhận|ghi chú|người lập|lập biểu|người kiểm tra|người báo cáo|thủ trưởng"
    r"|(?:phó )?(?:chủ tịch|trưởng phòng|giám đốc)|phó trưởng phòng|kế toán trưởng|kí tên|đã kí|kí đóng dấu)\b"
)
_OTHER_HEADER = frozenset({"stt", "tt", "số tt", "số thứ tự", "hạng", "xếp hạng", "thứ hạng", "thứ tự"})
_OTHER_TITLE = re.compile(r"(?:bảng|biểu số|biểu|phụ lục|xếp hạng|danh sách)\b")


@dataclass(frozen=True)
class Label:
    """What names a row: as shown, and each way to understand it, the most literal first."""

    shown: str
    candidates: tuple[str, ...]
    is_detail: bool  # `Trong đó`, `-`, `+`: a part of the row above
    column: int


@dataclass
class SortedRows:
    """Rows that say something, each in one list. below: figures under the footer."""

    body: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


def ordinal_of(grid: Grid, table: Table, row: int) -> str:
    return grid.text(row, table.ordinal).strip(".) ") if table.ordinal is not None else ""


def is_group_ordinal(ordinal: str) -> bool:
    return bool(_GROUP_ORDINAL.fullmatch(ordinal))


def label_of(grid: Grid, table: Table, row: int) -> Label:
    """The label of a row; where its columns are empty, a text merged from the ordinal's column."""
    texts = {column: text for column in table.labels if (text := grid.text(row, column))}
    ordinal = grid.text(row, table.ordinal) if table.ordinal is not None else ""
    if not texts and table.ordinal is not None and re.search(r"\w{2}", ordinal) and not ordinal.isdigit():
        texts = {table.ordinal: ordinal}
    candidates: list[str] = []
    for text in reversed(texts.values()):
        plain = _OF_WHICH.sub("", text)
        plain = _BULLET.sub("", plain)
        candidates += [text, plain, _ENUMERATOR.sub("", plain)]
    is_detail = bool(_BULLET.match(ordinal)) or any(
        _BULLET.match(one) or _OF_WHICH.match(one) for one in texts.values()
    )
    column = next(reversed(texts), table.label)
    return Label(texts.get(column, ""), tuple(dict.fromkeys(one for one in candidates if one)), is_detail, column)


def sort_rows(grid: Grid, table: Table, layout: Layout, end_row: int, is_known: Callable[[int], bool]) -> SortedRows:
    """Sort the rows from the header to end_row. is_known: whether a row's label names what the form is about."""
    header = [_folded(grid, table, row) for row in range(table.top, table.bottom + 1)]
    numbers = [grid.texts(row, table.first, table.end) for row in range(table.bottom + 1, table.first_row)]
    footers = {fold(text) for text in layout.footers}
    rows = [row for row in range(table.first_row, min(end_row, grid.height)) if grid.texts(row, table.first, table.end)]
    kinds: dict[int, str] = {}
    for row in rows:
        texts = grid.texts(row, table.first, table.end)
        if texts in numbers or _folded(grid, table, row) in header or _has_number_signs(grid, table, row):
            kinds[row] = "header"
        elif is_known(row):
            kinds[row] = "body"
        elif _starts_footer(grid, table, row, footers):
            kinds[row] = "footer"
        else:
            kinds[row] = "other" if _starts_other(grid, table, layout, row) else "body"
    _take_back(grid, table, rows, kinds, is_known)
    sorted_rows, mode = SortedRows(), "body"
    for row in rows:
        kind = kinds[row]
        if kind != "body":
            mode = "body" if kind in ("header", "head") else mode if mode == "other" and kind == "footer" else kind
        if kind in ("header", "head"):
            sorted_rows.recognised.append(row)
        elif mode == "other":
            sorted_rows.others.append(row)
        elif mode == "footer":
            (sorted_rows.below if has_figures(grid, table, row) else sorted_rows.recognised).append(row)
        else:
            sorted_rows.body.append(row)
    return sorted_rows


def has_figures(grid: Grid, table: Table, row: int) -> bool:
    return any(grid.is_number(row, bound.column) for bound in table.columns)


def _has_number_signs(grid: Grid, table: Table, row: int) -> bool:
    """Column numbers that cannot be figures: in brackets, with letters, with a formula."""
    texts = grid.texts(row, table.first, table.end).values()
    return is_column_numbers(grid, row, table.first, table.end) and not all(text.isdigit() for text in texts)


def _folded(grid: Grid, table: Table, row: int) -> dict[int, str]:
    return {column: fold(text) for column, text in grid.texts(row, table.first, table.end).items()}


def _starts_footer(grid: Grid, table: Table, row: int, footers: set[str]) -> bool:
    texts = [fold(text) for text in grid.texts(row, table.first, table.end).values()]
    first = texts[0]
    if any(first == word or first.startswith(f"{word} ") for word in footers):
        return True
    if has_figures(grid, table, row):
        return False
    return bool(_CLOSING.match(first)) or (len(texts) <= 2 and any(_DATE_LINE.search(text) for text in texts))


def _starts_other(grid: Grid, table: Table, layout: Layout, row: int) -> bool:
    """The header of another table, or its title."""
    texts = list(grid.texts(row, table.first, table.end).values())
    first = fold(texts[0])
    if len(texts) == 1:
        return bool(_OTHER_TITLE.match(first))
    heads = first in _OTHER_HEADER or is_one_of(texts[0], wordings(layout.ordinal) | wordings(layout.label))
    return heads and len(texts) >= 2 and all(re.search(r"[^\W\d_]{2}", text) for text in texts)


def _take_back(
    grid: Grid, table: Table, rows: list[int], kinds: dict[int, str], is_known: Callable[[int], bool]
) -> None:
    """Lines directly above a header belong to it: the page's title, or the title of another table."""
    for kind, becomes, of in (("header", "head", ("body", "footer", "other")), ("other", "other", ("body", "footer"))):
        for place, row in enumerate(rows):
            if kinds[row] != kind:
                continue
            for above in reversed(rows[:place]):
                is_line = len(grid.texts(above, table.first, table.end)) <= 2 and not has_figures(grid, table, above)
                if kinds[above] not in of or is_known(above) or not is_line:
                    break
                kinds[above] = becomes
