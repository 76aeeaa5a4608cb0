"""Which text of a document is which component: by wording and place as the profile describes them, never by a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile

from pipeline.proof.document import HEADING_ROLES, Block, Document, Line, Page
from pipeline.proof.geometry import MM, Box, around
from pipeline.proof.profile import Component, Profile
from pipeline.proof.structure import Element

BODY_ROLES = frozenset({"P", "LI", "LBody", "Lbl", "Div", "BlockQuote", "Note"})
_NEXT_LINE = 2.2  # ems: lines closer than this stand together
_RIGHT_COLUMN = 0.42  # share of the page's width from which on text is of the right column
APPENDIX = "appendix"


@dataclass(frozen=True, eq=False)
class Found:
    """One occurrence of a component; block is None where it is no text of its own (a page) or only a line of one."""

    lines: tuple[Line, ...]
    block: Block | None = None

    @property
    def page(self) -> int:
        return self.lines[0].page

    @cached_property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @cached_property
    def box(self) -> Box:
        return Box(
            min(line.left for line in self.lines), self.lines[0].top,
            max(line.right for line in self.lines), self.lines[-1].bottom,
        )  # fmt: skip

    @property
    def centre(self) -> float:
        return (self.box.left + self.box.right) / 2

    @property
    def widest(self) -> float:
        return max(line.right - line.left for line in self.lines)


@dataclass(frozen=True)
class Section:
    """The main document, or one appendix: the pages numbered together, first and last."""

    first: int
    last: int
    heading: Found | None


@dataclass(eq=False)
class Findings:
    """Components found so far, by id, in reading order; `used` are the lines that belong to one."""

    document: Document
    profile: Profile
    of: dict[str, list[Found]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    _with_heads: dict[Element, bool] = field(default_factory=dict)

    @property
    def sections(self) -> list[Section]:
        """The main document first, then the appendices."""
        headings = self.of.get(APPENDIX, [])
        starts = [1, *(heading.page for heading in headings)]
        ends = [*(start - 1 for start in starts[1:]), len(self.document.pages)]
        return [
            Section(start, max(start, end), heading)
            for start, end, heading in zip(starts, ends, [None, *headings], strict=True)
        ]

    def lines_of(self, ids: set[str]) -> set[int]:
        """The ids of the lines of some components."""
        return {id(line) for name in ids for found in self.of.get(name, []) for line in found.lines}

    def is_main(self, page: int) -> bool:
        """Whether a page stands before the first appendix."""
        headings = self.of.get(APPENDIX)
        return not headings or page < max(2, headings[0].page)

    def text_area(self, page: Page) -> Box:
        """What the running text takes of all pages as wide as this one; the whole sheet where there is none."""
        boxes = [one.text_box for one in self.document.pages if one.text_box and abs(one.width - page.width) < 1]
        return around(boxes) or Box(0, 0, page.width, page.height)

    def is_in_data(self, block: Block) -> bool:
        """Whether a block is a cell of a table that has heads, a caption or part of a figure."""
        table = self.table_of(block)
        if table is not None and table not in self._with_heads:
            self._with_heads[table] = any(element.role == "TH" for element in table.walk())
        return (table is not None and self._with_heads[table]) or block.is_within("Figure", "Caption")

    @cached_property
    def data_tables(self) -> set[Element]:
        """Tables that hold no component: the others only lay out the heading or the closing."""
        tree = self.document.tree
        if tree is None:
            return set()
        tables: set[Element | None] = {element for element in tree.walk() if element.role == "Table"}
        for block in self.document.blocks:
            if any(id(line) in self.used for line in block.lines):
                tables -= {self.table_of(block)}
        return {table for table in tables if table}

    def table_of(self, block: Block) -> Element | None:
        return block.element.within("Table") if block.element else None


def find_components(document: Document, profile: Profile) -> Findings:
    """Every component of the profile, looked for in the profile's order."""
    findings = Findings(document, profile)
    # what an appendix is decides which text is the main document, so it is looked for first
    ordered = sorted(profile.components, key=lambda component: component.id != APPENDIX)
    for component in ordered:
        occurrences = list(_FINDERS[component.by](findings, component))
        findings.of[component.id] = occurrences
        findings.used |= {id(line) for found in occurrences for line in found.lines}
    return findings


def _by_pattern(findings: Findings, component: Component) -> Iterator[Found]:
    pattern = re.compile(component.find or "", re.IGNORECASE)
    if component.unit == "block":
        blocks = findings.document.blocks
        for place, block in enumerate(blocks):
            if _in_zone(findings, component, block.lines[0], block) and pattern.search(block.lines[0].text):
                more = takewhile(lambda one: re.search(component.more or r"(?!)", one.text), blocks[place + 1 :])
                yield Found((*block.lines, *(line for one in more for line in one.lines)), block)
        return
    placed = [one for one in _lines(findings, component) if _in_zone(findings, component, *one)]
    matching = [(line, block) for line, block in placed if pattern.search(line.text)]
    if component.unit == "cluster" and matching:
        page = matching[-1][0].page
        first = next(line for line, _ in matching if line.page == page)
        column = sorted((line for line, _ in placed if line.page == page), key=lambda line: line.y)
        yield Found(tuple(_together(column[column.index(first) :])))
        return
    yield from (Found((line,), block) for line, block in matching)


def _lines(findings: Findings, component: Component) -> Iterator[tuple[Line, Block | None]]:
    if component.zone in ("margin", "first_page"):
        pages = findings.document.pages[: 1 if component.zone == "first_page" else None]
        yield from ((line, None) for page in pages for line in page.margin_lines)
    if component.zone != "margin":
        yield from ((line, block) for block in findings.document.blocks for line in block.lines)


def _in_zone(findings: Findings, component: Component, line: Line, block: Block | None) -> bool:
    page = findings.document.page(line.page)
    is_main = findings.is_main(line.page)
    is_right = line.left > _RIGHT_COLUMN * page.width
    is_heading = line.page == 1 and line.y < page.height / 2
    if component.zone not in ("anywhere", "margin") and block and findings.is_in_data(block):
        return False
    match component.zone:
        case "first_page":
            return line.page == 1
        case "heading_left":
            return is_heading and line.centre < page.width / 2
        case "heading_right":
            return is_heading and is_right
        case "main":
            return is_main
        case "appendix":
            return component.id == APPENDIX or not is_main
        case "closing" | "closing_left" | "closing_right":
            # the heading of page 1 is no closing
            is_closing = is_main and not (line.page == 1 and line.y < page.height / 3)
            return is_closing and component.zone in ("closing", "closing_right" if is_right else "closing_left")
        case _:
            return True


def _organisations(findings: Findings, component: Component) -> Iterator[Found]:
    """Names of bodies above `to` (số, ký hiệu); a name starts with one of the words of `find`, the last one issues."""
    below = findings.of[component.to or ""]
    page = findings.document.pages[0]
    limit = below[0].lines[0].y if below else page.height / 5
    lines = [
        line
        for block in findings.document.blocks
        for line in block.lines
        if line.page == 1 and line.centre < page.width / 2 and line.right < page.width * 0.55 and line.y < limit - 1
    ]
    names: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.y):
        if not re.search(r"\w", line.text):
            continue
        if not names or re.match(component.find or "", line.text, re.IGNORECASE):
            names.append([])
        names[-1].append(line)
    chosen = names[-1:] if component.which == "last" else names[:-1]
    yield from (Found(tuple(name)) for name in chosen)


def _after(findings: Findings, component: Component) -> Iterator[Found]:
    """The block right after each occurrence of `to`; with `find` those that follow one another and match."""
    blocks = findings.document.blocks
    for anchor in findings.of[component.to or ""]:
        place = next((place for place, block in enumerate(blocks) if block is anchor.block), len(blocks)) + 1
        for block in blocks[place:]:
            if component.find and any(id(line) in findings.used for line in block.lines):
                continue
            if component.find and not re.search(component.find, block.text, re.IGNORECASE):
                break
            yield Found(block.lines, block)
            if not component.find:
                break


def _below(findings: Findings, component: Component) -> Iterator[Found]:
    """The lines under `to` in its column: at once, or where `room` is asked for only after it."""
    for anchor in findings.of[component.to or ""][-1:]:
        page = findings.document.page(anchor.page)
        is_right = anchor.lines[0].left > _RIGHT_COLUMN * page.width
        column = sorted(
            (
                line
                for block in findings.document.blocks
                for line in block.lines
                if line.page == anchor.page
                and id(line) not in findings.used
                and line.y > anchor.lines[-1].y + 1
                and (line.left > _RIGHT_COLUMN * page.width) == is_right
                and line.centre < page.width / 2 + (page.width if is_right else 0)
            ),
            key=lambda line: line.y,
        )
        cluster = list(_together(column))
        if not cluster:
            continue
        is_near = cluster[0].y - anchor.lines[-1].y < _NEXT_LINE * anchor.lines[-1].size * MM
        if is_near if not component.room else cluster[0].top - anchor.lines[-1].bottom > component.room:
            yield Found(tuple(cluster))


def _together(lines: Iterable[Line]) -> Iterator[Line]:
    """The first of these lines, from top to bottom, and those that follow it closely."""
    before: Line | None = None
    for line in lines:
        if before and line.y - before.y > _NEXT_LINE * before.size * MM:
            return
        yield line
        before = line


def _rest(findings: Findings, component: Component) -> Iterator[Found]:
    """Every paragraph and list item of the main document after `to` that is nothing else."""
    blocks = findings.document.blocks
    anchor = next((found.block for found in findings.of[component.to or ""] if found.block), None)
    start = next((place + 1 for place, block in enumerate(blocks) if block is anchor), len(blocks))
    closing = _closing(findings)
    for block in blocks[start:]:
        if block.role not in BODY_ROLES or not findings.is_main(block.page) or block.is_within("TD", "TH"):
            continue
        is_taken = any(id(line) in findings.used for line in block.lines) or block.is_within("Figure", "Caption")
        if not is_taken and not (block.element and closing & set(block.element.ancestors)):
            yield Found(block.lines, block)


def _closing(findings: Findings) -> set[Element]:
    """The elements that lay out nơi nhận beside the signature: what else stands in them is no paragraph."""
    ids = {component.id for component in findings.profile.components if component.zone.startswith("closing")}
    around: set[Element] = set()
    for block in findings.document.blocks:
        if block.element and any(id(line) in findings.lines_of(ids) for line in block.lines):
            around |= set(islice(block.element.ancestors, 2, 3))
    return {element for element in around if element.role not in ("Document", "Part", "Art", "Sect", "StructTreeRoot")}


def _whole(findings: Findings, component: Component) -> Iterator[Found]:
    """Nothing to find: the rules look at the whole document."""
    yield from ()


def _cells(findings: Findings, component: Component) -> Iterator[Found]:
    for block in findings.document.blocks:
        if findings.table_of(block) in findings.data_tables and not block.is_within("Caption"):
            yield Found(block.lines, block)


def _headings(findings: Findings, component: Component) -> Iterator[Found]:
    """Headings whose first line matches; without `find` those that are nothing else."""
    for block in findings.document.blocks:
        if block.role not in HEADING_ROLES or any(id(line) in findings.used for line in block.lines):
            continue
        if component.zone == "main" and not findings.is_main(block.page):
            continue
        if not component.find or re.search(component.find, block.text, re.IGNORECASE):
            yield Found(block.lines, block)


_FINDERS: dict[str, Callable[[Findings, Component], Iterator[Found]]] = {
    "pattern": _by_pattern,
    "organisations": _organisations,
    "after": _after,
    "below": _below,
    "rest": _rest,
    "whole": _whole,
    "cells": _cells,
    "headings": _headings,
}
