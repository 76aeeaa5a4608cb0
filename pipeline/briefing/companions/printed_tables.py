"""The tables of the finished page as cells, so that the workbook holds just what the document prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = ("h1", "h2", "h3", "h4")
_LINES = {"title", "legend", "unit-line"}  # paragraphs that tell of a table
_SUBROWS = {"group", "reading"}  # rows that name what the rows below them are of


@dataclass(frozen=True)
class PrintedCell:
    """The text of a cell; key is that of the figure the cell consists of, mark what stands raised behind it."""

    text: str
    key: str = ""
    mark: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class PrintedTable:
    """One table: head joined into one line of unique headings, rows as long as the head, totals by row number."""

    section: str
    title: str
    unit_line: str
    head: tuple[str, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    totals: frozenset[int]
    legends: tuple[str, ...]


def printed_tables(html: str) -> list[PrintedTable]:
    """Every table of class grid of a page with marked figures, in order; tables written by hand are not among them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [made for draft in reader.tables if (made := draft.finished()).rows]


@dataclass
class _Cell:
    """A cell while it is read: figures are the marked ones inside it."""

    columns: int
    rows: int
    names: frozenset[str]
    text: str = ""
    mark: str = ""
    figures: dict[str, str] = field(default_factory=dict)

    def finished(self) -> PrintedCell:
        text = _lines(self.text)
        key = next((key for key, said in self.figures.items() if _lines(said) == text), "")
        return PrintedCell(text, key, _lines(self.mark), "below" in self.names)


@dataclass
class _Row:
    is_head: bool
    names: frozenset[str]
    cells: list[_Cell] = field(default_factory=list)


@dataclass
class _Table:
    section: str
    heading: str
    unit_line: str
    caption: str = ""
    rows: list[_Row] = field(default_factory=list)
    legends: list[str] = field(default_factory=list)

    def finished(self) -> PrintedTable:
        names = [row for row in self.rows if row.is_head and "name" in row.names]
        title = _lines(self.caption or (names[0].cells[0].text if names else "") or self.heading)
        head = _joined_head([row for row in self.rows if row.is_head and not row.names & {"name", "columns"}])
        body = [row for row in self.rows if not row.is_head]
        is_grouped = any(row.names & _SUBROWS for row in body)
        head = ["Nhóm", *head] if is_grouped else head
        rows: list[tuple[PrintedCell, ...]] = []
        totals, group = set(), ""
        for row in body:
            if row.names & _SUBROWS:
                group = " ".join(_lines(cell.text) for cell in row.cells).strip()
                continue
            cells = [PrintedCell(group)] if is_grouped else []
            for cell in row.cells:
                cells += [cell.finished(), *[PrintedCell("")] * (cell.columns - 1)]
            if "total" in row.names:
                totals.add(len(rows))
            rows.append(tuple(cells + [PrintedCell("")] * (len(head) - len(cells))))
        return PrintedTable(
            self.section, title, _lines(self.unit_line), tuple(_unique(head)), tuple(rows), frozenset(totals),
            tuple(filter(None, map(_lines, self.legends))),
        )  # fmt: skip


class _Reader(HTMLParser):
    """Walks through the page; keeps the heading, the unit and the legend that belong to each table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._section = self._heading = self._unit_line = ""
        self._in_appendix = False
        self._table: _Table | None = None  # being read
        self._last: _Table | None = None  # may still get a legend
        self._in_head = False
        self._cell: _Cell | None = None
        self._figure = ""
        self._collected: str | None = None  # text of a heading, a caption or a line of its own
        self._kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        names = frozenset(values.get("class", "").split())
        if tag == "section":
            self._in_appendix = "appendix" in names
        elif tag == "table" and "grid" in names:
            self._table = _Table(self._section, self._heading, self._unit_line)
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr" and self._table:
            self._table.rows.append(_Row(self._in_head, names))
        elif tag in ("td", "th") and self._table:
            self._cell = _Cell(int(values.get("colspan", 1)), int(values.get("rowspan", 1)), names)
            self._table.rows[-1].cells.append(self._cell)
        elif tag == "br":
            self._add("\n")
        elif "data-fact" in values and self._cell:
            self._figure = values["data-fact"]
            self._cell.figures.setdefault(self._figure, "")
        elif tag == "sup" and self._cell:
            self._kind = "sup"
        elif tag in (*_HEADINGS, "caption") or (tag == "p" and names & _LINES):
            self._collected, self._kind = "", tag if tag != "p" else min(names & _LINES)

    def handle_data(self, data: str) -> None:
        self._add(data.replace("\n", " "))  # a line of the source is no line of the page

    def _add(self, data: str) -> None:
        if self._cell is not None:
            if self._kind == "sup":
                self._cell.mark += data
                return
            self._cell.text += data
            if self._figure:
                self._cell.figures[self._figure] += data
        elif self._collected is not None:
            self._collected += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._in_appendix = False
        elif tag == "table" and self._table:
            self.tables.append(self._table)
            self._last, self._table, self._unit_line = self._table, None, ""
        elif tag == "thead":
            self._in_head = False
        elif tag in ("td", "th"):
            self._cell = None
        elif tag == "span":
            self._figure = ""
        elif tag == "sup":
            self._kind = ""
        elif self._collected is not None and tag in (*_HEADINGS, "caption", "p"):
            self._take(_lines(self._collected))
            self._collected, self._kind = None, ""

    def _take(self, text: str) -> None:
        if self._kind == "caption" and self._table:
            self._table.caption = text
        elif self._kind == "unit-line":
            self._unit_line = text
        elif self._kind == "legend":
            if self._last:
                self._last.legends.append(text)
        else:
            self._heading, self._unit_line, self._last = text, "", None
            if self._kind == "h1" or (self._kind == "h2" and not self._in_appendix):
                self._section = text


def _joined_head(rows: list[_Row]) -> list[str]:
    """Every column's headings from top to bottom, 'Hộ nghèo – Đầu năm'."""
    grid: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while (number, column) in grid:
                column += 1
            for down in range(cell.rows):
                for right in range(cell.columns):
                    grid[number + down, column + right] = _lines(cell.text).replace("\n", " ")
            column += cell.columns
    width = 1 + max((column for _, column in grid), default=-1)
    return [" – ".join(dict.fromkeys(grid[number, column] for number in range(len(rows)) if grid.get((number, column))))
            for column in range(width)]  # fmt: skip


def _unique(head: list[str]) -> list[str]:
    """No two headings alike and none empty, as a table of a spreadsheet program asks."""
    used: set[str] = set()
    made = []
    for column, heading in enumerate(head, 1):
        bare = heading or f"Cột {column}"
        name = next(one for one in (bare, *(f"{bare} ({more})" for more in range(2, len(head) + 2)))
                    if one.casefold() not in used)  # fmt: skip
        used.add(name.casefold())
        made.append(name)
    return made


def _lines(text: str) -> str:
    """Single spaces; only the breaks that the page asks for."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
