"""Numbers that can be read in two ways, decided by their column: its other cells and its checks, else asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pipeline.intake.numbers import Figure, Style

# True: a total or a rate comes out exactly; False: one does not, or a part exceeds its whole; None: no check
Check = Callable[[Mapping[int, Figure]], bool | None]


@dataclass(frozen=True)
class Decision:
    """How the ambiguous cells of a column were read, and why."""

    rows: tuple[int, ...]
    style: Style
    reason: str


def decide(
    typed: Mapping[int, Figure], convert: Callable[[int, Figure], Figure], check: Check
) -> tuple[dict[int, Figure], list[Decision]]:
    """The figures of a column by row, each converted; an ambiguous one that nothing decides keeps its problem."""
    settled = dict(typed)
    decisions: list[Decision] = []
    kinds = {tuple(style for style, _ in figure.readings) for figure in typed.values() if figure.readings}
    for styles in sorted(kinds):
        rows = tuple(row for row, figure in typed.items() if tuple(style for style, _ in figure.readings) == styles)
        if decision := _decide(rows, styles, settled, convert, check):
            settled |= {row: _read_as(settled[row], decision.style) for row in rows}
            decisions.append(decision)
    return {row: convert(row, figure) for row, figure in settled.items()}, decisions


def _decide(
    rows: tuple[int, ...],
    styles: tuple[Style, ...],
    typed: Mapping[int, Figure],
    convert: Callable[[int, Figure], Figure],
    check: Check,
) -> Decision | None:
    verdicts: dict[Style, bool | None] = {}
    doubtful: set[Style] = set()
    for style in styles:
        column = {row: _read_as(figure, style) if row in rows else figure for row, figure in typed.items()}
        converted = {row: convert(row, figure) for row, figure in column.items()}
        problems = {problem.rule for row in rows if (problem := converted[row].problem)}
        verdicts[style] = False if problems else check(converted)
        if problems == {"not-whole"}:
            doubtful.add(style)  # not this figure, but perhaps a figure in thousands: no proof of the other
    proven = [style for style in styles if verdicts[style]]
    if len(proven) == 1:
        return Decision(rows, proven[0], "dòng tổng hoặc tỷ lệ của biểu")
    others = {figure.style for row, figure in typed.items() if row not in rows and figure.style in styles}
    if len(others) == 1 and verdicts[style := others.pop()] is not False:
        return Decision(rows, style, "cách viết của các ô khác cùng cột")
    left = [style for style in styles if verdicts[style] is not False]
    if len(left) == 1 and len(styles) > 1 and not doubtful:
        return Decision(rows, left[0], "giới hạn của số liệu; cách đọc kia không thể đúng")
    return None


def _read_as(figure: Figure, style: Style) -> Figure:
    value = dict(figure.readings)[style]
    return replace(figure, state="value", value=value, problem=None, style=style, readings=())
