"""What a page draws: its text in runs of one font and size, and its straight lines, in mm from the top left corner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream

from pipeline.proof.geometry import MM, STILL, Box, Matrix
from pipeline.proof.typefaces import Typeface, typeface

THIN = 1.2  # mm: a filled rectangle not thicker than this is a line
_WIDE_GAP = 200  # thousandths of the size: a jump that wide separates two words
_WINDOWS = 2
_DEEPEST = 12  # forms within forms


@dataclass(frozen=True)
class Run:
    """Text shown at once; x without the spaces at its ends, y is the baseline. mcid: its place in the structure."""

    page: int
    text: str
    left: float
    right: float
    y: float
    size: float  # pt
    font: Typeface
    colour: tuple[float, ...] | None
    mcid: int | None
    is_artifact: bool
    is_level: bool


@dataclass(frozen=True)
class Stroke:
    """A straight horizontal or vertical line as it is seen, after clipping."""

    page: int
    box: Box
    is_dashed: bool
    mcid: int | None

    @property
    def is_horizontal(self) -> bool:
        return self.box.width >= self.box.height


@dataclass
class _State:
    ctm: Matrix
    clip: Box | None = None
    fill: tuple[float, ...] | None = (0.0,)
    line_width: float = 1.0
    is_dashed: bool = False
    font: Typeface | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass
class _Path:
    """Subpaths as lists of points in mm, and whether each consists of straight lines along the axes."""

    subpaths: list[list[tuple[float, float]]] = field(default_factory=list)
    is_straight: bool = True
    is_to_clip: bool = False


class Interpreter:
    """Runs the content of one page; `runs` and `strokes` are in the order of drawing."""

    def __init__(self, page: PageObject, number: int, fonts: dict[int, tuple[Any, Typeface]]) -> None:
        self._number, self._fonts = number, fonts
        box, turn = page.mediabox, int(page.get("/Rotate", 0)) % 360
        left, bottom, right, top = (float(edge) for edge in (box.left, box.bottom, box.right, box.top))
        width, height = right - left, top - bottom
        base = {
            0: Matrix(1, 0, 0, -1, -left, top),
            90: Matrix(0, 1, 1, 0, -bottom, -left),
            180: Matrix(-1, 0, 0, 1, right, -bottom),
            270: Matrix(0, -1, -1, 0, top, right),
        }[turn]
        self.width, self.height = (width, height) if turn % 180 == 0 else (height, width)
        self.width, self.height = self.width * MM, self.height * MM
        self._state = _State(base @ Matrix(MM, 0, 0, MM))
        self._saved: list[_State] = []
        self._text = self._line = Matrix()
        self._path = _Path()
        self._marks: list[tuple[str, int | None]] = []
        self.runs: list[Run] = []
        self.strokes: list[Stroke] = []
        contents = page.get_contents()
        if contents is not None:
            self._run(contents, page.get("/Resources", {}), page.pdf, 0)

    def _run(self, stream: Any, resources: Any, pdf: Any, depth: int) -> None:
        resources = resources.get_object()
        for operands, operator in ContentStream(stream, pdf).operations:
            match operator:
                case b"q":
                    self._saved.append(replace(self._state))
                case b"Q" if self._saved:
                    self._state = self._saved.pop()
                case b"cm":
                    self._state.ctm = Matrix(*map(float, operands)) @ self._state.ctm
                case b"Do" if depth < _DEEPEST:
                    self._form(operands[0], resources, pdf, depth)
                case b"BMC" | b"BDC":
                    self._marks.append((str(operands[0]), _mcid(operands, resources)))
                case b"EMC" if self._marks:
                    self._marks.pop()
                case b"w" | b"d" | b"g" | b"rg" | b"k" | b"cs" | b"sc" | b"scn":
                    self._paint_setting(operator, operands)
                case b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re":
                    self._construct(operator, operands)
                case b"W" | b"W*":
                    self._path.is_to_clip = True
                case b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n":
                    self._paint(operator)
                case _:
                    self._text_operator(operator, operands, resources)

    def _form(self, name: Any, resources: Any, pdf: Any, depth: int) -> None:
        form = resources.get("/XObject", {}).get_object().get(name)
        form = form.get_object() if form is not None else {}
        if form.get("/Subtype") != "/Form":
            return
        saved = replace(self._state)
        self._state.ctm = Matrix(*map(float, form.get("/Matrix", Matrix()))) @ self._state.ctm
        self._run(form, form.get("/Resources", resources), pdf, depth + 1)
        self._state = saved

    def _paint_setting(self, operator: bytes, operands: list[Any]) -> None:
        if operator == b"w":
            self._state.line_width = float(operands[0])
        elif operator == b"d":
            self._state.is_dashed = any(float(length) for length in operands[0])
        elif operator == b"cs":
            self._state.fill = (0.0,)
        else:
            numbers = tuple(float(one) for one in operands if isinstance(one, (int, float)))
            self._state.fill = numbers if numbers and len(numbers) == len(operands) else None

    def _construct(self, operator: bytes, operands: list[Any]) -> None:
        numbers = [float(one) for one in operands]
        path, ctm = self._path, self._state.ctm
        match operator:
            case b"re":
                x, y, width, height = numbers
                corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))
                path.subpaths.append([ctm.point(*corner) for corner in corners])
            case b"m":
                path.subpaths.append([ctm.point(*numbers)])
            case b"h" if path.subpaths:
                path.subpaths[-1].append(path.subpaths[-1][0])
            case b"l" | b"c" | b"v" | b"y" if path.subpaths:
                path.is_straight &= operator == b"l"
                path.subpaths[-1].append(ctm.point(*numbers[-2:]))

    def _paint(self, operator: bytes) -> None:
        path, self._path = self._path, _Path()
        subpaths = [points for points in path.subpaths if len(points) > 1]
        if path.is_to_clip and subpaths:
            around = _around([point for points in subpaths for point in points])
            cut = around.cut(self._state.clip)
            self._state.clip = cut or Box(0, 0, 0, 0)
            # dashes may be drawn as a line seen through many small windows
            self._state.is_dashed |= len(subpaths) > _WINDOWS
        if not path.is_straight or operator == b"n":
            return
        if operator in (b"S", b"s", b"B", b"B*", b"b", b"b*"):
            for points in subpaths:
                closed = [*points, points[0]] if operator in (b"s", b"b", b"b*") else points
                self._add(self._sides(closed))
        else:
            self._add(_filled([_around(points) for points in subpaths if _is_rectangle(points)]))

    def _sides(self, points: list[tuple[float, float]]) -> Iterable[Box]:
        ctm = self._state.ctm
        half = self._state.line_width * abs(ctm.a * ctm.d - ctm.b * ctm.c) ** 0.5 / 2
        for (x1, y1), (x2, y2) in pairwise(points):
            if abs(y1 - y2) < STILL:
                yield Box(min(x1, x2), y1 - half, max(x1, x2), y1 + half)
            elif abs(x1 - x2) < STILL:
                yield Box(x1 - half, min(y1, y2), x1 + half, max(y1, y2))

    def _add(self, boxes: Iterable[Box]) -> None:
        for box in boxes:
            seen = box.cut(self._state.clip)
            if seen is not None and max(seen.width, seen.height) > STILL:
                self.strokes.append(Stroke(self._number, seen, self._state.is_dashed, self._mark()))

    def _mark(self) -> int | None:
        return next((mcid for _, mcid in reversed(self._marks) if mcid is not None), None)

    def _text_operator(self, operator: bytes, operands: list[Any], resources: Any) -> None:
        state = self._state
        match operator:
            case b"BT":
                self._text = self._line = Matrix()
            case b"Tf":
                state.font, state.size = self._font(operands[0], resources), float(operands[1])
            case b"Tm":
                self._text = self._line = Matrix(*map(float, operands))
            case b"Td" | b"TD" | b"T*":
                if operator == b"TD":
                    state.leading = -float(operands[1])
                x, y = map(float, operands) if operator != b"T*" else (0.0, -state.leading)
                self._line = self._text = Matrix(1, 0, 0, 1, x, y) @ self._line
            case b"Tc":
                state.letter_space = float(operands[0])
            case b"Tw":
                state.word_space = float(operands[0])
            case b"Tz":
                state.stretch = float(operands[0]) / 100
            case b"TL":
                state.leading = float(operands[0])
            case b"Ts":
                state.rise = float(operands[0])
            case b"Tj":
                self._show(operands)
            case b"TJ":
                self._show(operands[0])
            case b"'" | b'"':
                if operator == b'"':
                    state.word_space, state.letter_space = float(operands[0]), float(operands[1])
                self._line = self._text = Matrix(1, 0, 0, 1, 0, -state.leading) @ self._line
                self._show(operands[-1:])

    def _font(self, name: Any, resources: Any) -> Typeface | None:
        font = resources.get("/Font", {}).get_object().get(name)
        if font is None:
            return None
        font = font.get_object()
        if id(font) not in self._fonts:
            self._fonts[id(font)] = font, typeface(font)  # the dictionary is kept, so that its id stays its own
        return self._fonts[id(font)][1]

    def _show(self, pieces: Iterable[Any]) -> None:
        state, start = self._state, self._text
        if state.font is None:
            return
        letters: list[tuple[str, float, float]] = []
        advance = 0.0
        for piece in pieces:
            if isinstance(piece, (int, float)):
                advance -= float(piece) / 1000 * state.size * state.stretch
                if -float(piece) > _WIDE_GAP and letters and not letters[-1][0].isspace():
                    letters.append((" ", advance, advance))
                continue
            for code, text, width in state.font.read(_raw(piece)):
                wide = width / 1000 * state.size + state.letter_space
                wide += state.word_space if code == ord(" ") and state.font.code_length == 1 else 0
                letters.append((text, advance, advance + (wide - state.letter_space) * state.stretch))
                advance += wide * state.stretch
        self._text = Matrix(1, 0, 0, 1, advance, 0) @ start
        seen = [place for place, (text, _, _) in enumerate(letters) if not text.isspace()]
        if not seen:
            return
        whole = start @ state.ctm
        left, y = whole.point(letters[seen[0]][1], state.rise)
        right, end = whole.point(letters[seen[-1]][2], state.rise)
        self.runs.append(
            Run(
                page=self._number,
                text="".join(text for text, _, _ in letters),
                left=min(left, right), right=max(left, right), y=y,
                size=state.size * (whole.c**2 + whole.d**2) ** 0.5 / MM,
                font=state.font, colour=state.fill, mcid=self._mark(),
                is_artifact=any(tag == "/Artifact" for tag, _ in self._marks),
                is_level=abs(end - y) < 0.1 and right >= left,
            )
        )  # fmt: skip


def _mcid(operands: list[Any], resources: Any) -> int | None:
    if len(operands) < 2:
        return None
    properties = operands[1]
    if not isinstance(properties, dict):
        properties = resources.get("/Properties", {}).get_object().get(properties, {})
    number = properties.get_object().get("/MCID") if properties else None
    return int(number) if number is not None else None


def _raw(piece: Any) -> bytes:
    """The bytes of a string as they stand in the file, before any guess at their encoding."""
    return bytes(piece.original_bytes if hasattr(piece, "original_bytes") else piece)


def _around(points: list[tuple[float, float]]) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def _is_rectangle(points: list[tuple[float, float]]) -> bool:
    box = _around(points)
    return len(points) in (4, 5) and all(
        min(abs(x - box.left), abs(x - box.right)) < STILL and min(abs(y - box.top), abs(y - box.bottom)) < STILL
        for x, y in points
    )


def _filled(boxes: list[Box]) -> list[Box]:
    """The lines among filled rectangles; two, one within the other, are the sides of a frame."""
    if len(boxes) == 2:
        inner, outer = sorted(boxes, key=lambda box: (box.width, box.height))
        if inner.is_within(outer):
            sides = (
                Box(outer.left, outer.top, outer.right, inner.top),
                Box(outer.left, inner.bottom, outer.right, outer.bottom),
                Box(outer.left, outer.top, inner.left, outer.bottom),
                Box(inner.right, outer.top, outer.right, outer.bottom),
            )
            return [side for side in sides if STILL < min(side.width, side.height) <= THIN]
    return [box for box in boxes if min(box.width, box.height) <= THIN]
