"""Which figures must not be published, so that no small count can be read or computed from the others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Relation = Mapping[Key, int]  # the sum of factor times cell over its cells is 0: parts 1, their total -1


def withheld(cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], threshold: int) -> frozenset[Key]:
    """The cells to withhold: every count from 1 to threshold - 1, and as many others as their secrecy needs.

    Cells are counts, never negative. Afterwards no withheld cell follows from the published ones by the relations
    (by exact linear algebra, so by no subtraction), and where only terms of one sign are withheld in a relation
    they make up at least `threshold`, so that each could be anything between 0 and that sum. A cell that a
    relation names but `cells` does not hold counts as never published. Zeros are no small counts.
    """
    known = [relation for relation in relations if all(key in cells for key in relation)]
    order = {key: place for place, key in enumerate(cells)}
    hidden = {key for key, count in cells.items() if 0 < count < threshold}

    def smallest(candidates: Iterable[Key]) -> Key:
        """The smallest published count; a zero hides nothing and is the last resort."""
        return min(candidates, key=lambda key: (cells[key] == 0, cells[key], order[key]))

    while True:
        open_ones = next((published for relation in known if not _is_covered(relation, hidden, cells, threshold)
                          if (published := [key for key in relation if key not in hidden])), None)  # fmt: skip
        telling = open_ones or next(telltales(hidden, known), None)
        if telling is None:
            return frozenset(hidden)
        hidden.add(smallest(telling))


def _is_covered(relation: Relation[Key], hidden: set[Key], cells: Mapping[Key, Decimal], threshold: int) -> bool:
    """Whether what a relation alone tells of its withheld cells leaves each of them open."""
    inside = [key for key in relation if key in hidden]
    if not inside:
        return True
    one_sign = len({relation[key] > 0 for key in inside}) == 1
    weight = sum(abs(relation[key]) * cells[key] for key in inside)
    return len(inside) > 1 and (not one_sign or weight >= threshold)


def telltales(hidden: set[Key], relations: Sequence[Relation[Key]]) -> Iterator[list[Key]]:
    """For each withheld cell that follows from published ones, which those are.

    The relations are solved for the withheld cells (reduced row echelon form, exactly): a row with one withheld
    cell gives that cell as a combination of the published cells in it.
    """
    reduced: dict[Key, dict[Key, Fraction]] = {}  # by the withheld cell that a row is solved for
    for relation in relations:
        row = {key: Fraction(factor) for key, factor in relation.items()}
        for solved in [key for key in row if key in reduced]:
            row = _minus(row, reduced[solved], row[solved])
        lead = next((key for key in row if key in hidden), None)
        if lead is None:
            continue
        row = {key: factor / row[lead] for key, factor in row.items()}
        for solved, other in list(reduced.items()):
            if lead in other:
                reduced[solved] = _minus(other, row, other[lead])
        reduced[lead] = row
    for row in reduced.values():
        published = [key for key in row if key not in hidden]
        if published and len(row) - len(published) == 1:
            yield published


def _minus(row: dict[Key, Fraction], other: dict[Key, Fraction], times: Fraction) -> dict[Key, Fraction]:
    made = {
        key: row.get(key, Fraction(0)) - times * other.get(key, Fraction(0)) for key in dict.fromkeys([*row, *other])
    }
    return {key: factor for key, factor in made.items() if factor}
