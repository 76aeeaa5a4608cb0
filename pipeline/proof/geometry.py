"""Points, boxes and transformations; y grows downwards, lengths are mm unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

MM = 25.4 / 72  # of one point
STILL = 1e-3  # nothing that is drawn is smaller


class Matrix(NamedTuple):
    """a b c d e f of the PDF specification; `@` applies the left one first."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def __matmul__(self, other: Matrix) -> Matrix:
        return Matrix(
            self.a * other.a + self.b * other.c, self.a * other.b + self.b * other.d,
            self.c * other.a + self.d * other.c, self.c * other.b + self.d * other.d,
            self.e * other.a + self.f * other.c + other.e, self.e * other.b + self.f * other.d + other.f,
        )  # fmt: skip

    def point(self, x: float, y: float) -> tuple[float, float]:
        return x * self.a + y * self.c + self.e, x * self.b + y * self.d + self.f


class Box(NamedTuple):
    """A rectangle; left <= right and top <= bottom, y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def is_within(self, other: Box) -> bool:
        """Whether no side stands out; computed edges differ by less than anything that is drawn."""
        is_narrow = self.left >= other.left - STILL and self.right <= other.right + STILL
        return is_narrow and self.top >= other.top - STILL and self.bottom <= other.bottom + STILL

    def cut(self, other: Box | None) -> Box | None:
        """What lies in both; None where they do not meet."""
        if other is None:
            return self
        both = Box(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))
        return both if both.width >= -STILL and both.height >= -STILL else None


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all of them."""
    edges = list(zip(*boxes, strict=True))
    return Box(min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])) if edges else None
