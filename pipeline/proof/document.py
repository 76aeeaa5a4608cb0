"""A finished PDF as the measures see it: pages, lines, blocks of text in reading order, what stands in the margins."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any, TypeVar

from pypdf import PdfReader

from pipeline.errors import UsageError
from pipeline.proof.content import Interpreter, Run, Stroke
from pipeline.proof.geometry import MM, Box, around
from pipeline.proof.structure import Element, structure
from pipeline.proof.typefaces import Typeface

Value = TypeVar("Value")
# how far Times New Roman and faces of its metrics reach above and below the baseline, in ems
ASCENT, DESCENT = 0.891, 0.216
_SAME_LINE = 0.45  # ems: raised and lowered figures still belong to their line
_RAISED = 0.85  # a run smaller than this share of the line's size is a raised or lowered figure
_COLUMN_GAP = 5.0  # mm: without tags, text further apart on a line is of two columns
BLOCK_ROLES = frozenset({
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "LI", "LBody", "Lbl", "TD", "TH", "Caption", "Figure", "Div",
    "BlockQuote", "Note", "TOCI",
})  # fmt: skip
HEADING_ROLES = frozenset({"H", "H1", "H2", "H3", "H4", "H5", "H6"})


@dataclass(frozen=True, eq=False)
class Line:
    """Runs on one baseline. `size` (pt) and style are those of most of its letters."""

    page: int
    runs: tuple[Run, ...]

    @cached_property
    def text(self) -> str:
        """Composed letters, single spaces; a gap between two runs is a space."""
        pieces = [self.runs[0].text]
        for before, run in zip(self.runs, self.runs[1:], strict=False):
            pieces += [" " if run.left - before.right > 0.15 * run.size * MM else "", run.text]
        return " ".join(unicodedata.normalize("NFC", "".join(pieces)).split())

    @cached_property
    def main_runs(self) -> tuple[Run, ...]:
        """Without raised and lowered figures."""
        largest = max(run.size for run in self.runs)
        return tuple(run for run in self.runs if run.size >= _RAISED * largest)

    def most(self, of: Callable[[Run], Value]) -> Value:
        """The value that most letters of the line have."""
        weights: dict[Value, int] = {}
        for run in self.main_runs:
            weights[of(run)] = weights.get(of(run), 0) + len(run.text.strip())
        return max(weights, key=lambda value: weights[value])

    @cached_property
    def size(self) -> float:
        return self.most(lambda run: round(run.size, 2))

    @cached_property
    def left(self) -> float:
        return min(run.left for run in self.runs)

    @cached_property
    def right(self) -> float:
        return max(run.right for run in self.runs)

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return self.main_runs[0].y

    @property
    def top(self) -> float:
        return self.y - ASCENT * self.size * MM

    @property
    def bottom(self) -> float:
        return self.y + DESCENT * self.size * MM


@dataclass(frozen=True, eq=False)
class Block:
    """A paragraph, heading, list item or cell; without tags a single line. Never empty."""

    lines: tuple[Line, ...]
    element: Element | None

    @property
    def role(self) -> str:
        return self.element.role if self.element else ""

    @property
    def page(self) -> int:
        return self.lines[0].page

    @cached_property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    def most(self, of: Callable[[Run], Value]) -> Value:
        return Line(self.page, tuple(run for line in self.lines for run in line.main_runs)).most(of)

    def is_within(self, *roles: str) -> bool:
        return self.element is not None and self.element.within(*roles) is not None


@dataclass(frozen=True, eq=False)
class Page:
    """Sizes in mm. `margin_lines`: what is no part of the running text, such as the page number."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    strokes: tuple[Stroke, ...]
    margin_lines: tuple[Line, ...]

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height

    @cached_property
    def text_box(self) -> Box | None:
        """Around everything but the margin lines; None for a page without contents."""
        outside = {id(run) for line in self.margin_lines for run in line.runs}
        boxes = [
            Box(run.left, run.y - ASCENT * run.size * MM, run.right, run.y + DESCENT * run.size * MM)
            for run in self.runs
            if id(run) not in outside
        ]
        text = around(boxes)
        boxes += [stroke.box for stroke in self.strokes if stroke.mcid is not None or not self._is_margin(stroke, text)]
        return around(boxes)

    def _is_margin(self, stroke: Stroke, text: Box | None) -> bool:
        """Whether a line beyond the text is nearer to what stands in the margin, as the line over a page's foot is."""
        to_margin = [_distance(stroke.box, line.top, line.bottom) for line in self.margin_lines]
        to_text = _distance(stroke.box, text.top, text.bottom) if text else float("inf")
        return bool(to_margin) and min(to_margin) < to_text


@dataclass(frozen=True, eq=False)
class Document:
    """Everything read once; `reader` is there for what is not on a page."""

    reader: PdfReader = field(repr=False)
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    tree: Element | None
    fonts: tuple[Typeface, ...]

    @property
    def catalog(self) -> Any:
        return self.reader.trailer["/Root"].get_object()

    def page(self, number: int) -> Page:
        return self.pages[number - 1]


def _distance(box: Box, top: float, bottom: float) -> float:
    """How far a box lies above or below a band; 0 where it lies in it."""
    return max(0.0, box.top - bottom, top - box.bottom)


def read_document(data: bytes) -> Document:
    """Reads a whole PDF; UsageError for what is none or cannot be read to its end."""
    try:
        return _read(PdfReader(BytesIO(data)))
    except Exception as error:  # pypdf raises whatever a broken file leads it to
        raise UsageError(f"Không đọc được tệp như một PDF ({type(error).__name__}: {error}).") from error


def _read(reader: PdfReader) -> Document:
    tree = structure(reader)
    fonts: dict[int, tuple[Any, Typeface]] = {}
    drawn = [Interpreter(page, number, fonts) for number, page in enumerate(reader.pages, 1)]
    marked = set(tree.marks) if tree else set()
    pages = []
    for number, one in enumerate(drawn, 1):
        if tree:
            outside = [run for run in one.runs if (number, run.mcid) not in marked]
            margin = _lines(outside, True)
        else:
            margin = [line for line in _lines(one.runs) if _stands_alone_in_margin(line, one.height)]
        pages.append(Page(number, one.width, one.height, tuple(one.runs), tuple(one.strokes), tuple(margin)))
    blocks = _tagged_blocks(tree, pages) if tree else _plain_blocks(pages)
    return Document(reader, tuple(pages), tuple(blocks), tree, tuple(face for _, face in fonts.values()))


def _stands_alone_in_margin(line: Line, height: float) -> bool:
    """Without tags only a figure alone above or below the text counts as no part of it."""
    return line.text.strip("-– ").isdigit() and (line.bottom < 20 or line.top > height - 20)


def _tagged_blocks(tree: Element, pages: Sequence[Page]) -> list[Block]:
    runs: dict[tuple[int, int | None], list[Run]] = {}
    for page in pages:
        for run in page.runs:
            runs.setdefault((page.number, run.mcid), []).append(run)
    blocks: list[Block] = []

    def collect(element: Element) -> list[Run]:
        """The runs that belong to the block around `element`; the blocks within it are put on the list first."""
        own: list[Run] = []
        for kid in element.kids:
            if isinstance(kid, tuple):
                own += runs.get(kid, [])
            elif kid.role in BLOCK_ROLES:
                place = len(blocks)
                lines = _lines(collect(kid))
                if lines:
                    blocks.insert(place, Block(tuple(lines), kid))
            else:
                own += collect(kid)
        return own

    collect(tree)
    return blocks


def _plain_blocks(pages: Iterable[Page]) -> list[Block]:
    outside = {id(line.runs[0]) for page in pages for line in page.margin_lines}
    return [
        Block((line,), None) for page in pages for line in _lines(page.runs, True) if id(line.runs[0]) not in outside
    ]


def _lines(runs: Iterable[Run], splits_columns: bool = False) -> list[Line]:
    """Runs put into lines, from top to bottom; turned text is no line."""
    rows: list[list[Run]] = []
    for run in sorted((run for run in runs if run.is_level), key=lambda run: (run.page, run.y)):
        row = rows[-1] if rows else []
        tallest = max(row, key=lambda one: one.size) if row else run
        reach = _SAME_LINE * max(tallest.size, run.size) * MM
        if row and row[0].page == run.page and run.y - tallest.y < reach:
            row.append(run)
        else:
            rows.append([run])
    lines = []
    for row in rows:
        row.sort(key=lambda run: run.left)
        parts = [[row[0]]]
        for run in row[1:]:
            if splits_columns and run.left - parts[-1][-1].right > _COLUMN_GAP:
                parts.append([])
            parts[-1].append(run)
        lines += [Line(part[0].page, tuple(part)) for part in parts]
    return lines
