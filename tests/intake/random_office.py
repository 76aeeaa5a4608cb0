"""What a random office does: how it types figures, and how it puts titles, headers and other things on a sheet."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

T = TypeVar("T")


class Office:
    """Draws what an office does, and remembers it for the report of a failing example."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw
        self.habits: list[str] = []

    def one_of(self, choices: Sequence[T]) -> T:
        return self._draw(st.sampled_from(choices))

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def order(self, items: Sequence[T]) -> list[T]:
        return self._draw(st.permutations(items))

    def some(self, items: Sequence[T], least: int, most: int) -> list[T]:
        return self.order(items)[: self.number(least, min(most, len(items)))]

    def does(self, habit: str) -> bool:
        if self._draw(st.booleans()):
            self.habits.append(habit)
            return True
        return False


# --- how figures are typed ---


def typed(office: Office, value: Decimal, style: str) -> Any:
    """The figure as this office types figures in this column."""
    if value == 0 and style != "number":
        return office.one_of(["-", "–", 0, "0", "Không"])
    whole = value == value.to_integral_value()
    if style == "number":
        return int(value) if whole else float(value)
    text = f"{value:,f}"
    if not whole:
        text = text.rstrip("0")
    if style == "english":
        return text
    swapped = text.replace(",", "\x00").replace(".", ",")
    return swapped.replace("\x00", {"dots": ".", "spaces": "\u00a0", "plain": ""}[style])


def column_style(office: Office, values: Sequence[Decimal]) -> str:
    """A style in which the column can be read: an English comma needs a figure with two of them."""
    is_evident = any(value >= 1_000_000 for value in values)
    is_whole = all(value == value.to_integral_value() for value in values)
    styles = ["number", "plain", "spaces"]
    if is_whole:
        styles += ["dots", "english"] if is_evident else ["dots"]
    return office.one_of(styles)


def figure(office: Office, decimals: int) -> Decimal:
    size = office.one_of([0, 9, 999, 9_999, 99_999, 9_999_999])
    return Decimal(office.number(0, size)) if not decimals else Decimal(office.number(0, size)).scaleb(-1)


# --- sheets ---


class Page:
    """Rows of cells, moved right by a margin; merges are given by row and column of the page."""

    def __init__(self, margin: int) -> None:
        self.margin = margin
        self.rows: list[dict[int, Any]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.merges: list[tuple[int, int, int, int]] = []

    def add(self, *cells: Any, at: int = 0) -> int:
        self.rows.append({at + n: cell for n, cell in enumerate(cells) if cell is not None})
        return len(self.rows) - 1

    def put_on(self, sheet: Any) -> None:
        for row, cells in enumerate(self.rows, start=1):
            for column, cell in cells.items():
                sheet.cell(row, column + self.margin + 1, cell)
        for row in self.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in self.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + self.margin + 1)].hidden = True
        for top, left, bottom, right in self.merges:
            if (top, left) != (bottom, right):
                shift = self.margin + 1
                sheet.merge_cells(
                    start_row=top + 1, start_column=left + shift, end_row=bottom + 1, end_column=right + shift
                )


def title_block(office: Office, page: Page, title: str, unit: str = "") -> None:
    for n in range(office.number(0, 6)):
        page.add(*([None] if n % 2 else [f"Dòng {n}"]))
    page.add("UBND QUẬN ĐÔNG", at=office.number(0, 2))
    name = title if office.does("title in capitals") else title.capitalize()
    page.add(f"Biểu số 02: {name}" if office.does("form number before the title") else name, at=office.number(0, 3))
    page.add("Quý IV năm 2030" if office.does("period in words") else "(Quý 4/2030)", at=office.number(0, 3))
    if unit:
        page.add(f"Đơn vị tính: {unit}", at=office.number(0, 4))
    if office.does("blank row over the table"):
        page.add()


def write_header(office: Office, page: Page, heads: Sequence[tuple[str, ...]], is_merged: bool) -> list[dict[int, Any]]:
    """Headings of each column, outermost first; a heading over several columns is merged or stands left of blanks."""
    depth = max(map(len, heads))
    top = len(page.rows)
    for level in range(depth):
        row: dict[int, Any] = {}
        for column, levels in enumerate(heads):
            is_first = column == 0 or heads[column - 1][: level + 1] != levels[: level + 1] or len(levels) == 1
            if level < len(levels) and (is_first or level == len(levels) - 1):
                row[column] = levels[level]
        page.rows.append(row)
    if is_merged:
        for column, levels in enumerate(heads):
            for level in range(len(levels)):
                if column not in page.rows[top + level]:
                    continue
                end = column
                while (
                    level + 1 < len(levels)
                    and end + 1 < len(heads)
                    and heads[end + 1][: level + 1] == levels[: level + 1]
                ):
                    end += 1
                bottom = top + (depth - 1 if level == len(levels) - 1 else level)
                page.merges.append((top + level, column, bottom, end))
    return page.rows[top : top + depth]


def number_row(office: Office, page: Page, width: int) -> None:
    style = office.one_of(["none", "brackets", "letters", "formula", "numbers"])
    if style == "brackets":
        page.add(*(f"({n})" for n in range(1, width + 1)))
    elif style == "letters":
        page.add(*["A", "B", *range(1, width - 1)])
    elif style == "formula":
        page.add(*["A", "B", *(f"{n}" for n in range(1, width - 2)), f"{width - 2}=1+2"])
    elif style == "numbers":
        page.add(*range(1, width + 1))


def finished(office: Office, page: Page, name: str, before: Sequence[tuple[str, Page]] = ()) -> bytes:
    """The workbook: perhaps a letter, an empty sheet and a hidden copy beside the form."""
    if office.does("signatures"):
        page.add()
        page.add(None, "Người lập biểu", None, "THỦ TRƯỞNG ĐƠN VỊ")
        page.add(None, "Trần Thị Bình", None, "Lê Văn Cường")
        page.add("Đông, ngày 05 tháng 01 năm 2031")
    if office.does("a ranking below"):
        page.add()
        page.add("BẢNG XẾP HẠNG")
        page.add("Hạng", "Đơn vị", "Điểm")
        page.add(1, "Phường Một", 95)
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    if office.does("a letter first"):
        workbook.create_sheet("Công văn")["A1"] = "Kính gửi: Sở Một, gửi kèm biểu mẫu"
    if office.does("an empty sheet"):
        workbook.create_sheet("Sheet2")
    page.put_on(workbook.create_sheet(name))
    for title, other in before:
        sheet = workbook.create_sheet(title)
        other.put_on(sheet)
        sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
