"""Tables of a web page: what web systems and Excel's `Save as web page` give the name .xls.

Text outside the tables and the tables themselves stand one below the other on one sheet, as Excel opens them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.intake.formats.csv_text import SHEET_NAME, decoded_text
from pipeline.intake.formats.drafts import MAX_CELLS, PLAIN, Draft, Run, Style, is_percent_format, too_large
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.refusals import SAVE_AS, not_a_workbook
from pipeline.intake.formats.sheet import MAX_COLUMNS, Sheet
from pipeline.intake.numbers import Raw

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,60})</x:Name>")
_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_MOST_SPANNED = 1_000
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "caption", "body"}
_SILENT = {"script", "style", "title", "xml", "head", "select", "textarea", "template", "noscript"}
_STRUCK = {"s", "strike", "del"}
_VOID = {"br", "img", "hr", "input", "meta", "link", "col", "wbr", "base"}
Marks = list[tuple[str, str | None]]


def read_draft(content: bytes) -> Draft:
    """The one sheet of a page; RefusedError where it has no table, or tables inside tables."""
    text = _page_text(content)
    if "<frameset" in text.lower():
        raise not_a_workbook("trang web lưu từ Excel, bảng nằm ở tệp khác", SAVE_AS)
    names = _SHEET_NAME.findall(text)
    reader = _Reader(names[0] if len(names) == 1 else SHEET_NAME)
    reader.feed(text)
    reader.close()
    if not reader.has_cells:
        raise not_a_workbook("trang web (HTML) không có bảng nào", SAVE_AS)
    return reader.draft.finish()


def _page_text(content: bytes) -> str:
    match = _CHARSET.search(content[:4_000])
    named = match[1].decode("ascii", errors="replace").lower() if match else ""
    if named == "windows-1258" and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return content.decode("cp1258", errors="replace")
    return decoded_text(content)


@dataclass
class _Look:
    """A style as CSS says it; None where it says nothing."""

    is_percent: bool | None = None
    is_struck: bool | None = None
    font: str | None = None
    is_hidden: bool = False


@dataclass
class _Cell:
    across: int
    down: int
    look: _Look
    number: str | None  # x:num: the exact number behind the shown one
    is_error: bool
    runs: list[Run] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.draft = Draft(Sheet(name, []))
        self.has_cells = False
        self._row, self._column, self._columns = -1, 0, 0
        self._is_table = False
        self._cell: _Cell | None = None
        self._taken: dict[int, set[int]] = {}  # row -> columns covered by a cell spanning from above
        self._looks: dict[str, _Look] = {}
        self._silent: list[str] = []
        self._outside: list[Run] = []
        self._marks: list[tuple[str, _Look]] = []
        self._written = 0

    def handle_starttag(self, tag: str, attrs: Marks) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "table":
            if self._is_table:
                raise not_a_workbook("trang web (HTML) có bảng lồng trong bảng", SAVE_AS)
            self._end_line()
            self._is_table = True
            self._columns = 0
        elif tag == "tr" and self._is_table:
            self._end_cell()
            self._start_row(self._look(attributes))
        elif tag in ("td", "th") and self._is_table:
            self._end_cell()
            self._start_cell(attributes)
        elif tag == "col" and self._is_table:
            self._add_columns(_span(attributes, "span"), self._look(attributes))
        elif tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self._break()
        elif tag not in _VOID:
            look = self._look(attributes)
            if tag == "font" and attributes.get("face"):
                look.font = attributes["face"].split(",")[0].strip("'\" ")
            if tag in _STRUCK:
                look.is_struck = True
            self._marks.append((tag, look))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            self._is_table = False
            self._row = max([self._row, *self._taken])
            self._taken.clear()
        elif tag in _BLOCKS:
            self._break()
        else:
            for at in range(len(self._marks) - 1, -1, -1):
                if self._marks[at][0] == tag:
                    del self._marks[at:]
                    break

    def handle_data(self, data: str) -> None:
        if self._silent:
            if self._silent[-1] == "style":
                self._add_rules(data)
            return
        self._add(re.sub(r"[ \t\r\n\f]+", " ", data))

    def handle_comment(self, data: str) -> None:
        if self._silent and self._silent[-1] == "style":
            self._add_rules(data)

    def close(self) -> None:
        super().close()
        self._end_cell()
        self._end_line()

    def _add(self, text: str) -> None:
        if self._silent:
            return
        font = next((look.font for _, look in reversed(self._marks) if look.font), "")
        run = Run(text, font, any(look.is_struck for _, look in self._marks))
        if self._cell is not None:
            self._cell.runs.append(run)
        elif not self._is_table:
            self._outside.append(run)

    def _break(self) -> None:
        if self._cell is not None:
            if self._cell.runs:
                self._add("\n")
        elif not self._is_table:
            self._end_line()

    def _end_line(self) -> None:
        """Text outside a table takes a row of its own, in the first column."""
        runs, self._outside = _trimmed(self._outside), []
        for line in _lines(runs):
            self._row += 1
            self._put(self._row, 0, "".join(run.text for run in line), line, PLAIN)

    def _add_columns(self, count: int, look: _Look) -> None:
        if look.is_hidden:
            self.draft.sheet.hidden_columns |= set(range(self._columns, min(self._columns + count, MAX_COLUMNS)))
        self._columns += count

    def _start_row(self, look: _Look) -> None:
        self._row += 1
        self._column = 0
        if look.is_hidden:
            self.draft.sheet.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._row < 0:
            self._row = 0
        self._cell = _Cell(
            _span(attributes, "colspan"), _span(attributes, "rowspan"), self._look(attributes),
            attributes.get("x:num") or None, "x:err" in attributes,
        )  # fmt: skip
        self._marks = []

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        row, column = self._row, self._column
        while column in self._taken.get(row, ()):
            column += 1
        self._column = column + cell.across
        self.has_cells = True
        self._written += cell.across * cell.down
        if self._written > MAX_CELLS:
            raise too_large(self.draft.sheet.name, row, column)
        for below in range(row + 1, row + cell.down):
            self._taken.setdefault(below, set()).update(range(column, column + cell.across))
        sheet = self.draft.sheet
        if cell.across > 1 or cell.down > 1:
            sheet.merged.append(((row, column), (row + cell.down - 1, column + cell.across - 1)))
        runs = _trimmed(cell.runs)
        text = "".join(run.text for run in runs)
        if not text:
            return
        claim = font_claim(cell.look.font or "")
        value = _value(text, cell.number)
        is_percent = cell.look.is_percent or (isinstance(value, float) and text.endswith("%"))
        style = Style(bool(is_percent) and isinstance(value, float), bool(cell.look.is_struck), claim)
        if cell.is_error:
            sheet.errors[row, column] = text
        self._put(row, column, "" if cell.is_error else value, runs, style)

    def _put(self, row: int, column: int, value: Raw, runs: list[Run], style: Style) -> None:
        if self.draft.put(row, column, value):
            self.draft.see(row, column, style)
            self.draft.see_runs(row, column, runs, style.claim)

    def _look(self, attributes: dict[str, str]) -> _Look:
        look = _Look()
        for name in attributes.get("class", "").split():
            look = _over(look, self._looks.get(name, _Look()))
        look = _over(look, _css(attributes.get("style", "")))
        look.is_hidden |= "hidden" in attributes
        return look

    def _add_rules(self, text: str) -> None:
        for name, body in _RULE.findall(text):
            self._looks[name] = _css(body)


def _css(body: str) -> _Look:
    look = _Look()
    for declaration in body.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "mso-number-format":
            code = re.sub(r"\\([0-9a-fA-F]{4})|\\", lambda m: chr(int(m[1], 16)) if m[1] else "", value.strip("\"'"))
            look.is_percent = code == "Percent" or is_percent_format(code)
        elif name in ("text-decoration", "text-line-through"):
            look.is_struck = "line-through" in value
        elif name == "font-family":
            look.font = value.split(",")[0].strip("'\" ")
        elif name == "display" and value == "none":
            look.is_hidden = True
    return look


def _over(below: _Look, above: _Look) -> _Look:
    return _Look(
        below.is_percent if above.is_percent is None else above.is_percent,
        below.is_struck if above.is_struck is None else above.is_struck,
        below.font if above.font is None else above.font,
        below.is_hidden or above.is_hidden,
    )


def _span(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "").strip()
    return max(1, min(int(text), _MOST_SPANNED)) if text.isdecimal() and len(text) < 9 else 1


def _value(text: str, number: str | None) -> Raw:
    try:
        return float(number) if number is not None else text
    except ValueError:
        return text


def _trimmed(runs: list[Run]) -> list[Run]:
    """The runs without the white space around the whole text."""
    runs = [run for run in runs if run.text]
    while runs and not runs[0].text.strip(" \n"):
        runs = runs[1:]
    while runs and not runs[-1].text.strip(" \n"):
        runs = runs[:-1]
    if runs:
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip(" \n"))
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" \n"))
    return runs


def _lines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        for at, text in enumerate(run.text.split("\n")):
            if at:
                lines.append([])
            if text:
                lines[-1].append(run._replace(text=text))
    return [line for line in lines if any(run.text.strip() for run in line)]
