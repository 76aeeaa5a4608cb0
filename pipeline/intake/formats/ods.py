"""ods of LibreOffice and of Excel: everything is in one part, so one reader of its own takes it all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.intake.formats.archives import Archive
from pipeline.intake.formats.drafts import MAX_CELLS, Draft, Run, too_large
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.refusals import locked, unreadable
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from pipeline.intake.formats.xml_parts import Attributes, local, read_xml
from pipeline.intake.numbers import Raw

# Content that is in the part but not in a cell: comments, drawings, the log of changes.
_ASIDE = {"annotation", "tracked-changes", "shapes", "frame", "custom-shape", "rect", "line", "g", "object"}
_DURATION = re.compile(r"-?PT(\d+)H(\d+)M(\d+)(?:\.\d+)?S")


@dataclass
class _OdsStyle:
    """One named style as written; None where it says nothing and its parent counts."""

    parent: str = ""
    font: str | None = None
    is_struck: bool | None = None
    is_shown: bool = True


def read_drafts(archive: Archive) -> list[Draft]:
    """Every table of the document; RefusedError where it is encrypted or declares more than can be held."""
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise locked()
    styles = _Styles()
    if "styles.xml" in archive:
        read_xml(archive.read("styles.xml"), styles.start)
    reader = _ContentReader(styles)
    read_xml(archive.read("content.xml"), reader.start, reader.end, reader.text)
    return [draft.finish() for draft in reader.drafts]


class _Styles:
    """The styles of the document, by name."""

    def __init__(self) -> None:
        self._styles: dict[str, _OdsStyle] = {"": _OdsStyle()}
        self._faces: dict[str, str] = {}
        self._current = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag in ("style", "default-style"):
            self._current = local(attributes, "name") if tag == "style" else ""
            if tag == "style" or local(attributes, "family") == "table-cell":
                self._styles[self._current] = _OdsStyle(local(attributes, "parent-style-name"))
        elif tag == "font-face":
            self._faces[local(attributes, "name")] = local(attributes, "font-family").strip("'\"")
        elif tag == "text-properties" and self._current in self._styles:
            style = self._styles[self._current]
            if face := local(attributes, "font-name") or local(attributes, "font-family"):
                style.font = self._faces.get(face, face)
            if line := local(attributes, "text-line-through-style") or local(attributes, "text-line-through-type"):
                style.is_struck = line != "none"
        elif tag == "table-properties" and self._current in self._styles:
            self._styles[self._current].is_shown = local(attributes, "display") != "false"

    def is_shown(self, name: str) -> bool:
        return self._styles.get(name, _OdsStyle()).is_shown

    def font(self, name: str) -> str:
        return next((style.font for style in self._line(name) if style.font is not None), "")

    def is_struck(self, name: str) -> bool:
        return next((style.is_struck for style in self._line(name) if style.is_struck is not None), False)

    def _line(self, name: str) -> list[_OdsStyle]:
        """A style and its parents, nearest first; the default style comes last."""
        line: list[_OdsStyle] = []
        while name in self._styles and len(line) < 10:
            line.append(self._styles[name])
            if not name:
                return line
            name = self._styles[name].parent
        return [*line, self._styles[""]]


class _ContentReader:
    """content.xml to drafts; rows and cells that are repeated are written out only where they are filled."""

    def __init__(self, styles: _Styles) -> None:
        self.drafts: list[Draft] = []
        self._styles = styles
        self._depth_aside = 0
        self._written = 0
        self._row = self._column = 0
        self._rows_repeated = 1
        self._row_cells: list[tuple[int, int, Attributes, list[Run]]] = []
        self._row_style = ""
        self._column_styles: list[tuple[int, str]] = []  # (first column after it, default style of its cells)
        self._cell: Attributes | None = None
        self._runs: list[Run] = []
        self._spans: list[str] = []
        self._is_text = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._depth_aside or tag in _ASIDE:
            self._depth_aside += 1
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._runs = attributes, []
        elif tag == "p" and self._cell is not None:
            if self._runs:
                self._add("\n")
            self._is_text = True
        elif tag == "span":
            self._spans.append(local(attributes, "style-name"))
        elif tag == "s":
            self._add(" " * min(_count(attributes, "c"), 1_000))
        elif tag in ("tab", "line-break"):
            self._add("\t" if tag == "tab" else "\n")
        elif tag == "table-row":
            self._start_row(attributes)
        elif tag == "table-column":
            self._add_column(attributes)
        elif tag == "table":
            self._start_table(attributes)
        else:
            self._styles.start(tag, attributes)

    def text(self, text: str) -> None:
        if self._is_text and not self._depth_aside:
            self._add(re.sub(r"\s+", " ", text))

    def end(self, tag: str) -> None:
        if self._depth_aside:
            self._depth_aside -= 1
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "p":
            self._is_text = False
        elif tag == "span" and self._spans:
            self._spans.pop()
        elif tag == "table-row" and self.drafts:
            self._end_row(self.drafts[-1])

    def _add(self, text: str) -> None:
        if self._cell is not None:
            name = self._spans[-1] if self._spans else ""
            font, is_struck = (self._styles.font(name), self._styles.is_struck(name)) if name else ("", False)
            self._runs.append(Run(text, font, is_struck))

    def _start_table(self, attributes: Attributes) -> None:
        is_shown = self._styles.is_shown(local(attributes, "style-name"))
        self.drafts.append(Draft(Sheet(local(attributes, "name"), [], is_hidden=not is_shown)))
        self._row = 0
        self._column_styles = []

    def _add_column(self, attributes: Attributes) -> None:
        first = self._column_styles[-1][0] if self._column_styles else 0
        after = first + _count(attributes, "number-columns-repeated")
        self._column_styles.append((after, local(attributes, "default-cell-style-name")))
        if local(attributes, "visibility") in ("collapse", "filter") and self.drafts:
            self.drafts[-1].sheet.hidden_columns |= set(range(first, min(after, MAX_COLUMNS)))

    def _start_row(self, attributes: Attributes) -> None:
        self._rows_repeated = _count(attributes, "number-rows-repeated")
        self._row_style = local(attributes, "default-cell-style-name")
        self._column, self._row_cells = 0, []
        if local(attributes, "visibility") in ("collapse", "filter") and self.drafts:
            last = min(self._row + self._rows_repeated, MAX_ROWS)
            self.drafts[-1].sheet.hidden_rows |= set(range(self._row, last))

    def _end_cell(self, attributes: Attributes) -> None:
        repeated = _count(attributes, "number-columns-repeated")
        is_merged = _count(attributes, "number-columns-spanned") > 1 or _count(attributes, "number-rows-spanned") > 1
        if local(attributes, "value-type") or local(attributes, "formula") or self._runs or is_merged:
            self._row_cells.append((self._column, repeated, attributes, self._runs))
        self._column += repeated
        self._cell = None

    def _end_row(self, draft: Draft) -> None:
        for column, columns, attributes, runs in self._row_cells:
            if not self._is_filled(attributes, runs):
                columns, rows = 1, 1
            else:
                rows = self._rows_repeated
            self._written += min(rows, MAX_ROWS) * min(columns, MAX_COLUMNS)
            if self._written > MAX_CELLS:
                raise too_large(draft.sheet.name, self._row + rows - 1, column + columns - 1)
            for row in range(self._row, min(self._row + rows, max(self._row, MAX_ROWS) + 1)):
                for at in range(column, min(column + columns, max(column, MAX_COLUMNS) + 1)):
                    self._write(draft, row, at, attributes, runs)
        self._row += self._rows_repeated

    @staticmethod
    def _is_filled(attributes: Attributes, runs: list[Run]) -> bool:
        return bool(local(attributes, "value-type") or local(attributes, "formula") or runs)

    def _write(self, draft: Draft, row: int, column: int, attributes: Attributes, runs: list[Run]) -> None:
        sheet = draft.sheet
        down, across = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if down > 1 or across > 1:
            sheet.merged.append(((row, column), (row + down - 1, column + across - 1)))
        if not self._is_filled(attributes, runs):
            return
        value = _value(attributes, "".join(run.text for run in runs))
        is_error = any(key.endswith(":value-type") and held == "error" for key, held in attributes.items())
        if not draft.put(row, column, "" if is_error else value):
            return
        if is_error:
            sheet.errors[row, column] = str(value)
        elif value == "" and local(attributes, "formula") and not local(attributes, "value-type"):
            sheet.uncalculated.add((row, column))
        if local(attributes, "value-type") == "percentage":
            sheet.percent_cells.add((row, column))
        name = local(attributes, "style-name") or self._row_style or self._column_style(column)
        if self._styles.is_struck(name):
            sheet.struck.add((row, column))
        draft.see_runs(row, column, runs, font_claim(self._styles.font(name)))

    def _column_style(self, column: int) -> str:
        return next((style for after, style in self._column_styles if column < after), "")


def _count(attributes: Attributes, name: str) -> int:
    """A number of repetitions, 1 where none is written; never more than the largest sheet there can be."""
    text = local(attributes, name, "1")
    if not text.isdecimal() or len(text) > 9:
        raise unreadable()
    return min(max(int(text), 1), 1_048_576)


def _value(attributes: Attributes, text: str) -> Raw:
    kind = local(attributes, "value-type")
    try:
        if kind in ("float", "percentage", "currency"):
            return float(local(attributes, "value"))
        if kind == "boolean":
            return local(attributes, "boolean-value") == "true"
        if kind == "date":
            written = local(attributes, "date-value")
            return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
        if kind == "time" and (match := _DURATION.fullmatch(local(attributes, "time-value"))):
            return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3]))
    except (ValueError, OverflowError):
        return text
    return text or local(attributes, "string-value")
