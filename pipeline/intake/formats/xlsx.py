"""xlsx and xlsm: the values from calamine, all that calamine leaves out from the parts themselves.

Left out: number formats, fonts, strike-through, error values, formulas never calculated, hidden rows and columns.
The parts are read as a stream for these alone, which takes a tenth of the time of a full model of the workbook.
Macros are a part nobody opens.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.intake.formats.archives import Archive
from pipeline.intake.formats.drafts import PLAIN, Draft, Run, Style, is_percent_format
from pipeline.intake.formats.encodings import font_claim
from pipeline.intake.formats.refusals import WITHOUT_MACROS, not_a_workbook, unreadable
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from pipeline.intake.formats.xml_parts import Attributes, local, read_xml

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_BUILT_IN_PERCENT = {"9": "0%", "10": "0.00%"}  # number formats Excel knows without a definition


@dataclass
class Package:
    """The parts of a workbook: its sheets by name, styles by number, and texts with several fonts by number."""

    archive: Archive
    sheets: dict[str, str] = field(default_factory=dict)  # name -> path of the part
    styles: list[Style] = field(default_factory=list)
    rich_texts: dict[int, list[Run]] = field(default_factory=dict)
    is_recalculated: bool = False  # Excel is told to calculate everything when it opens the file


def read_drafts(archive: Archive) -> dict[str, Draft]:
    """What the second reader sees of each sheet, by the name of the sheet; without values."""
    package = open_package(archive)
    drafts = {}
    for name, path in package.sheets.items():
        draft = drafts[name] = Draft(Sheet(name, []))
        if path in archive:
            _SheetReader(draft, package).read(archive.read(path))
    return drafts


def related_parts(archive: Archive, path: str) -> dict[str, tuple[str, str]]:
    """Relations of a part: id -> (path of the other part, last word of the relation's type)."""
    folder, name = posixpath.split(path)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (whole, attributes.get("Type", "").rpartition("/")[2])

    if relations in archive:
        read_xml(archive.read(relations), start)
    return found


def workbook_part(archive: Archive, usual: str) -> str:
    """The path of the part the package names as its document; `usual` where it names none."""
    main = (path for path, kind in related_parts(archive, "").values() if kind == "officeDocument")
    return next((path for path in main if path in archive), usual)


def open_package(archive: Archive) -> Package:
    path = workbook_part(archive, "xl/workbook.xml")
    package = Package(archive)
    parts = related_parts(archive, path)

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            part, kind = parts.get(local(attributes, "id"), ("", ""))
            if kind.endswith("Macrosheet"):
                raise not_a_workbook("sổ tính có trang macro Excel 4.0", WITHOUT_MACROS)  # calamine cannot pass over it
            if kind == "worksheet":
                package.sheets[attributes.get("name", "")] = part
        elif tag == "calcPr":
            package.is_recalculated = attributes.get("fullCalcOnLoad") in ("1", "true")

    read_xml(archive.read(path), start)
    for part, kind in parts.values():
        if kind == "styles" and part in archive:
            package.styles = _read_styles(archive.read(part))
        elif kind == "sharedStrings" and part in archive:
            package.rich_texts = _read_rich_texts(archive.read(part))
    return package


def _read_styles(content: bytes) -> list[Style]:
    formats = dict(_BUILT_IN_PERCENT)
    fonts: list[tuple[str, bool]] = []
    styles: list[Style] = []
    within: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        within.append(tag)
        inside = within[-2] if len(within) > 1 else ""
        if tag == "numFmt" and inside == "numFmts":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "font" and inside == "fonts":
            fonts.append(("", False))
        elif tag == "name" and inside == "font" and fonts:
            fonts[-1] = (attributes.get("val", ""), fonts[-1][1])
        elif tag == "strike" and inside == "font" and fonts:
            fonts[-1] = (fonts[-1][0], _is_on(attributes))
        elif tag == "xf" and inside == "cellXfs":
            number = _number(attributes.get("fontId"))
            font, is_struck = fonts[number] if number < len(fonts) else ("", False)
            code = formats.get(attributes.get("numFmtId", ""), "")
            styles.append(Style(is_percent_format(code), is_struck, font_claim(font)))

    def end(tag: str) -> None:
        within.pop()

    read_xml(content, start, end)
    return styles


def _is_on(attributes: Attributes) -> bool:
    return attributes.get("val", "1") not in ("0", "false")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _read_rich_texts(content: bytes) -> dict[int, list[Run]]:
    """The shared strings with fonts of their own, by number."""
    if b"rPr" not in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return {}
    rich_texts: dict[int, list[Run]] = {}
    collector = _RunCollector()
    count = -1

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal count
        if tag == "si":
            count += 1
            collector.clear()
        else:
            collector.start(tag, attributes)

    def end(tag: str) -> None:
        collector.end(tag)
        if tag == "si" and collector.is_rich:
            rich_texts[count] = list(collector.runs)

    read_xml(content, start, end, collector.text)
    return rich_texts


class _RunCollector:
    """The runs of one text, from the tags inside `si` or `is`."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.runs: list[Run] = []
        self.is_rich = self._is_text = self._is_reading_aid = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "rPh":
            self._is_reading_aid = True
        elif tag == "r":
            self.runs.append(Run(""))
        elif tag == "t":
            self._is_text = not self._is_reading_aid
            if not self.runs:
                self.runs.append(Run(""))
        elif tag == "rFont" and self.runs:
            self.is_rich = True
            self.runs[-1] = self.runs[-1]._replace(font=attributes.get("val", ""))
        elif tag == "strike" and self.runs:
            self.is_rich = True
            self.runs[-1] = self.runs[-1]._replace(is_struck=_is_on(attributes))

    def end(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._is_reading_aid = False

    def text(self, text: str) -> None:
        if self._is_text:
            self.runs[-1] = self.runs[-1]._replace(text=self.runs[-1].text + text)


class _SheetReader:
    """One sheet's part to its draft. Called for every tag, so it does nothing for a cell without content."""

    def __init__(self, draft: Draft, package: Package) -> None:
        self._draft, self._sheet, self._package = draft, draft.sheet, package
        self._styles = {str(number): style for number, style in enumerate(package.styles)}
        self._place = (-1, -1)
        self._cell: Attributes = {}
        self._is_filled = self._has_formula = self._has_value = self._is_text = False
        self._value = ""
        self._inline: _RunCollector | None = None

    def read(self, content: bytes) -> None:
        read_xml(content, self._start, self._end, self._text)

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell = attributes
            reference = attributes.get("r")
            self._place = _place(reference) if reference else (self._place[0], self._place[1] + 1)
        elif tag == "v":
            self._is_filled = self._has_value = self._is_text = True
        elif tag == "f":
            self._is_filled = self._has_formula = True
        elif tag == "row":
            row = _number(attributes["r"]) - 1 if "r" in attributes else self._place[0] + 1
            self._place = (row, -1)
            if attributes.get("hidden") in ("1", "true") and 0 <= row < MAX_ROWS:
                self._sheet.hidden_rows.add(row)
        elif tag == "is":
            self._is_filled = True
            self._inline = _RunCollector()
        elif self._inline is not None:
            self._inline.start(tag, attributes)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _number(attributes.get("min")), _number(attributes.get("max"))
            self._sheet.hidden_columns |= set(range(max(first - 1, 0), min(last, MAX_COLUMNS)))

    def _text(self, text: str) -> None:
        if self._is_text:
            self._value += text
        elif self._inline is not None:
            self._inline.text(text)

    def _end(self, tag: str) -> None:
        if tag == "c":
            if self._is_filled:
                self._finish_cell()
                self._is_filled = self._has_formula = self._has_value = False
                self._value = ""
                self._inline = None
        elif tag == "v":
            self._is_text = False
        elif self._inline is not None:
            self._inline.end(tag)

    def _finish_cell(self) -> None:
        place, value, kind = self._place, self._value, self._cell.get("t", "n")
        if self._has_formula:
            # an empty text is a result, a missing one is not; writers that cannot calculate put 0 and ask Excel to
            is_calculated = bool(value) or (kind == "str" and self._has_value)
            if not is_calculated or (self._package.is_recalculated and value == "0"):
                self._sheet.uncalculated.add(place)
        if not value and self._inline is None:
            return
        if not self._draft.reach(*place):
            return
        style = self._styles.get(self._cell.get("s", "0"), PLAIN)
        if style != PLAIN:
            self._draft.see(*place, style)
        if kind == "e":
            self._sheet.errors[place] = value
        runs = self._inline.runs if self._inline else None
        if kind == "s" and self._package.rich_texts:
            runs = self._package.rich_texts.get(_number(value))
        if runs:
            self._draft.see_runs(*place, runs, style.claim)


@lru_cache(maxsize=50_000)
def _place(reference: str) -> tuple[int, int]:
    """`E14` -> (13, 4)."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise unreadable()
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
