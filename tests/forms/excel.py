"""The little of Excel that a blank form uses: its formulas are computed and its entries judged as Excel would.

A cell is None (empty), a number or a text. Errors (#VALUE!, #DIV/0!) are ExcelError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Cells = Mapping[str, Any]
_TOKEN = re.compile(
    r'\s*(?:(\d+(?:\.\d+)?)|"([^"]*)"|([A-Z]+\d+:[A-Z]+\d+)|([A-Z]+\d+)|([A-Z]+)(?=\()|(>=|<=|[-=<>/*(),]))'
)


class ExcelError(Exception):
    """What Excel shows as #VALUE! or #DIV/0!."""


def compute(formula: str, cells: Cells) -> Any:
    """The value of `=IF(...)` over these cells; IF computes only the branch it takes."""
    parser = _Parser(formula.removeprefix("="))
    value = parser.comparison()(cells)
    assert parser.at_end, formula
    return value


def is_allowed(validation: Any, cell: str, entry: Any) -> bool:
    """Whether a validation read by openpyxl lets a person type `entry` into its first cell."""
    if validation.type == "list":
        return str(entry) in validation.formula1.strip('"').split(",")
    assert validation.type == "custom"
    try:
        return bool(compute(validation.formula1, {cell: entry}))
    except ExcelError:
        return False


def _number(value: Any) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ExcelError(value)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _compare(sign: str, left: Any, right: Any) -> bool:
    # any text is greater than any number
    keys = [(1, value.casefold()) if isinstance(value, str) else (0, _number(value)) for value in (left, right)]
    order = (keys[0] > keys[1]) - (keys[0] < keys[1])
    return {"=": order == 0, ">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0}[sign]


def _round(value: Any, places: Any) -> Decimal:
    return _number(value).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


def _sum(*ranges: list[Any]) -> Decimal:
    return sum((_number(value) for values in ranges for value in values if _is_number(value)), Decimal(0))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "AND": lambda *tests: all(tests),
    "OR": lambda *tests: any(tests),
    "ISNUMBER": _is_number,
    "ROUND": _round,
    "SUM": _sum,
    "COUNT": lambda *ranges: sum(_is_number(value) for values in ranges for value in values),
    "LOWER": lambda value: _text(value).lower(),
    "TRIM": lambda value: _text(value).strip(),
    "LEFT": lambda value, count: _text(value)[: int(count)],
}


class _Parser:
    """Recursive descent; each part becomes a function of the cells."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match, text[at:]
            kinds = ("number", "text", "range", "cell", "function", "sign")
            self._tokens.append(next((kind, part) for kind, part in zip(kinds, match.groups(), strict=True)
                                     if part is not None))  # fmt: skip
            at = match.end()

    @property
    def at_end(self) -> bool:
        return not self._tokens

    def comparison(self) -> Callable[[Cells], Any]:
        left = self._product()
        if self._next() in ("=", ">=", "<=", ">", "<"):
            sign, right = self._take(), self._product()
            return lambda cells: _compare(sign, left(cells), right(cells))
        return left

    def _product(self) -> Callable[[Cells], Any]:
        value = self._primary()
        while self._next() in ("*", "/"):
            sign, left, right = self._take(), value, self._primary()
            value = lambda cells, sign=sign, left=left, right=right: _times(sign, left(cells), right(cells))  # noqa: E731
        return value

    def _primary(self) -> Callable[[Cells], Any]:
        kind, part = self._tokens.pop(0)
        if kind == "number":
            return lambda cells: Decimal(part)
        if kind == "text":
            return lambda cells: part
        if kind == "cell":
            return lambda cells: cells.get(part)
        if kind == "range":
            return lambda cells: [cells.get(cell) for cell in _cells_of(part)]
        assert kind == "function", part
        arguments: list[Callable[[Cells], Any]] = []
        assert self._take() == "("
        while not arguments or self._take() == ",":
            arguments.append(self.comparison())
        if part == "IF":
            test, yes, no = arguments
            return lambda cells: yes(cells) if test(cells) else no(cells)
        return lambda cells: FUNCTIONS[part](*(argument(cells) for argument in arguments))

    def _next(self) -> str | None:
        return self._tokens[0][1] if self._tokens and self._tokens[0][0] == "sign" else None

    def _take(self) -> str:
        return self._tokens.pop(0)[1]


def _times(sign: str, left: Any, right: Any) -> Decimal:
    if sign == "*":
        return _number(left) * _number(right)
    if _number(right) == 0:
        raise ExcelError("#DIV/0!")
    return _number(left) / _number(right)


def _cells_of(area: str) -> list[str]:
    first, last = area.split(":")
    column = first.rstrip("0123456789")
    assert column == last.rstrip("0123456789"), area
    return [f"{column}{row}" for row in range(int(first[len(column) :]), int(last[len(column) :]) + 1)]
