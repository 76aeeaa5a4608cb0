"""What the structure tree needs beyond WeasyPrint: captions of the pieces of a table, and the heads of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Elements = dict[bytes, Any]  # structure elements by their reference


def finish_tables(_: Any, pdf: Any) -> None:
    """Finisher of WeasyPrint: every table of the tree, and every piece of one, gets its caption and associations."""
    held: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and "S" in one]
    elements: Elements = {one.reference: one for one in held}
    for table in [element for element in elements.values() if element["S"] == "/Table"]:
        _name(table, elements)
        _associate(table, elements)


def _name(table: Any, elements: Elements) -> None:
    """Let a first head row of one cell be the caption: in HTML only such a row is repeated with each piece."""
    head: Any = next((kid for kid in _kids(table, elements) if kid["S"] == "/THead"), {"K": []})
    row: Any = next(_kids(head, elements), {"K": []})
    cells = list(_kids(row, elements))
    if len(cells) == 1 and cells[0]["S"] == "/TH" and len(head["K"]) > 1:
        head["K"].remove(row.reference)
        table["K"].insert(0, row.reference)
        row["S"], row["P"], cells[0]["S"] = "/Caption", table.reference, "/NonStruct"
        for mark in ("A", "ID"):
            cells[0].pop(mark, None)


def _associate(table: Any, elements: Elements) -> None:
    """Let every cell name the heads above it; WeasyPrint miscounts columns under heads of two rows."""
    heads: dict[int, list[Any]] = {}
    reaching: dict[int, int] = {}
    for row in (element for element in _below(table, elements) if element["S"] == "/TR"):
        taken = {column for column, rows in reaching.items() if rows > 0}
        reaching = {column: rows - 1 for column, rows in reaching.items()}
        column = 0
        for cell in _kids(row, elements):
            while column in taken:
                column += 1
            columns = range(column, column + cell["A"].get("ColSpan", 1))
            for place in columns:
                reaching[place] = cell["A"].get("RowSpan", 1) - 1
                if cell["S"] == "/TH":
                    heads.setdefault(place, []).append(cell["ID"])
            if cell["S"] == "/TD":
                named = {id(one): one for place in columns for one in heads.get(place, [])}
                cell["A"]["Headers"][:] = named.values()
            column += len(columns)


def _kids(element: Any, elements: Elements) -> Iterator[Any]:
    return (elements[kid] for kid in element["K"] if kid in elements)


def _below(element: Any, elements: Elements) -> Iterator[Any]:
    for kid in _kids(element, elements):
        yield kid
        yield from _below(kid, elements)
