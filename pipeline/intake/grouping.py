"""Many cells with one fault told as one finding, at a range that can be marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.findings import Finding, Severity
from pipeline.intake.cells import address
from pipeline.intake.grid import cell_range

_FEW = 3
_MANY = 10
_SHOWN = 6


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, before it is told; hint is only for the cell told alone."""

    rule: str
    severity: Severity
    row: int
    column: int
    found: str
    expected: str
    remedy: str
    hint: str = ""


def told(sheet: str, faults: Iterable[Fault], rows: Sequence[int], columns: Sequence[int]) -> list[Finding]:
    """Findings in the order of the sheet; rows and columns are those of the table, without what is no part of it.

    Cells of one fault that follow each other down a column or along a row become one range.
    """
    by_cause: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        by_cause.setdefault((fault.rule, fault.severity, fault.expected, fault.remedy), []).append(fault)
    found: list[tuple[tuple[int, int], Finding]] = []
    for same in by_cause.values():
        found.extend(
            ((group[0].row, group[0].column), _finding(sheet, group)) for group in _groups(same, rows, columns)
        )
    return [finding for _, finding in sorted(found, key=lambda one: one[0])]


def _groups(faults: list[Fault], rows: Sequence[int], columns: Sequence[int]) -> list[list[Fault]]:
    if len(faults) <= _FEW:
        return [[fault] for fault in faults]
    row_place = {row: place for place, row in enumerate(sorted({*rows, *(fault.row for fault in faults)}))}
    column_place = {column: place for place, column in enumerate(columns)}
    down, rest = _runs(faults, lambda fault: (fault.column, row_place[fault.row]))
    along, rest = _runs(rest, lambda fault: (fault.row, column_place.get(fault.column, -fault.column)))
    return [*down, *along, *([rest] if len(rest) > _MANY else [[fault] for fault in rest])]


def _runs(faults: list[Fault], place: Callable[[Fault], tuple[int, int]]) -> tuple[list[list[Fault]], list[Fault]]:
    """Faults of one line whose places follow each other; and those that make no run."""
    runs: list[list[Fault]] = []
    for fault in sorted(faults, key=place):
        line, at = place(fault)
        if runs and place(runs[-1][-1]) == (line, at - 1):
            runs[-1].append(fault)
        else:
            runs.append([fault])
    return [run for run in runs if len(run) >= _FEW], [fault for run in runs if len(run) < _FEW for fault in run]


def _finding(sheet: str, group: list[Fault]) -> Finding:
    first, last = group[0], group[-1]
    if len(group) == 1:
        place, expected = address(first.row, first.column), f"{first.expected}{first.hint}"
        return Finding(first.rule, first.severity, sheet, place, first.found, expected, first.remedy)
    texts = list(dict.fromkeys(fault.found for fault in group))
    listed = ", ".join(f"'{text}'" for text in texts[:_FEW]) + (", …" if len(texts) > _FEW else "")
    if first.row == last.row or first.column == last.column:
        cell = cell_range(first.row, first.column, last.row, last.column)
        found = f"{len(group)} ô: {listed}"
    else:
        cell = address(first.row, first.column)
        places = ", ".join(address(fault.row, fault.column) for fault in group[:_SHOWN])
        found = f"{len(group)} ô ({places}, …): {listed}"
    return Finding(first.rule, first.severity, sheet, cell, found, first.expected, first.remedy)
