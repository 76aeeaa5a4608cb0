"""Which figures must not be published, so that no small count can be read, computed or guessed from the others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import lcm
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Relation = Mapping[Key, int]  # the sum of factor times cell over its cells is known, of a total and its parts 0
Row = dict[Key, Fraction]

VALUES = 3  # that every withheld count may have at least; 2 where the threshold is 3 and a small count is 1 or 2


def withheld(cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], threshold: int) -> frozenset[Key]:
    """The cells to withhold: every count from 1 to threshold - 1, and as many others as their secrecy needs.

    Cells are counts, never negative. Whoever attacks knows the published counts, all relations, and of each withheld
    count whether it is small (1 to threshold - 1) or not (threshold or more). Afterwards
    - no withheld cell follows from the published ones by the relations, by exact linear algebra;
    - terms of one sign that are all a relation withholds make up at least `threshold`: their sum is no small count;
    - each withheld cell may have VALUES values or more, proven by other counts that fit all that is known. Fewer are
      left only where they would be with every count withheld (1 and 1 of a total known to be below 3), and to a count
      that is not small where such cells alone are withheld beside it.
    A cell that a relation names but `cells` does not hold counts as never published. Zeros are no small counts; one
    that has to go with others is taken for any count. What the order of withholding tells is not reckoned with.
    """
    known = [relation for relation in relations if all(key in cells for key in relation)]
    order = {key: place for place, key in enumerate(cells)}
    hidden = {key for key, count in cells.items() if 0 < count < threshold}
    lost = _lost(cells, known, threshold)

    def smallest(candidates: Iterable[Key]) -> Key:
        """The smallest published count; a zero hides nothing and is the last resort."""
        return min(candidates, key=lambda key: (cells[key] == 0, cells[key], order[key]))

    def is_in_vain(key: Key) -> bool:
        """Whether nothing more is withheld for its sake."""
        beside = (hidden.intersection(relation) - {key} for relation in known if key in relation)
        return key in lost or (cells[key] >= threshold and any(others <= lost for others in beside))

    def telling() -> Iterator[list[Key]]:
        """Published cells that tell too much together, so that one of them has to go."""
        for relation in known:
            if not _is_covered(relation, hidden, cells, threshold):
                yield [key for key in relation if key not in hidden]
        yield from telltales(cells, known, hidden)
        for key in _narrow(cells, known, hidden, threshold):
            if not is_in_vain(key):
                yield _around(key, cells, known, hidden)

    while told := next(filter(None, telling()), None):
        hidden.add(smallest(told))
    return frozenset(hidden)


def _is_covered(relation: Relation[Key], hidden: set[Key], cells: Mapping[Key, Decimal], threshold: int) -> bool:
    """Whether what a relation alone tells of its withheld cells is neither one of them nor a small sum."""
    inside = [key for key in relation if key in hidden]
    if not inside:
        return True
    one_sign = len({relation[key] > 0 for key in inside}) == 1
    weight = sum(abs(relation[key]) * cells[key] for key in inside)
    return len(inside) > 1 and (not one_sign or weight >= threshold)


def telltales(
    cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], hidden: set[Key]
) -> Iterator[list[Key]]:
    """For each withheld cell that follows from published ones, which those are: a row with no other withheld cell."""
    for row in _solved(cells, relations, hidden).values():
        published = [key for key in row if key not in hidden]
        if published and len(row) - len(published) == 1:
            yield published


def _solved(cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], hidden: set[Key]) -> dict[Key, Row[Key]]:
    """The relations solved for withheld cells (reduced row echelon form, exactly), by the cell of each row.

    A row with one withheld cell gives that cell as a combination of the published cells in it.
    """
    reduced: dict[Key, Row[Key]] = {}
    for relation in relations:
        row = {key: Fraction(factor) for key, factor in relation.items()}
        for solved in [key for key in row if key in reduced]:
            row = _minus(row, reduced[solved], row[solved])
        # the largest has most room for what the others gain and lose
        lead = max((key for key in row if key in hidden), key=cells.__getitem__, default=None)
        if lead is None:
            continue
        row = {key: factor / row[lead] for key, factor in row.items()}
        for other in [key for key in reduced if lead in reduced[key]]:
            reduced[other] = _minus(reduced[other], row, reduced[other][lead])
        reduced[lead] = row
    return reduced


def _around(cell: Key, cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], hidden: set[Key]) -> list[Key]:
    """The published counts of its relations; where there are none, of the relations of what those withhold, and so on.

    Zeros are left out: a zero makes room for nothing.
    """
    reached: set[Key] = set()
    more = {cell}
    published: list[Key] = []
    while not published and more > reached:
        reached = more
        near = [key for relation in relations if not reached.isdisjoint(relation) for key in relation]
        more = reached | hidden.intersection(near)
        published = [key for key in near if key not in hidden and cells[key]]
    return published


def _narrow(
    cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], hidden: set[Key], threshold: int
) -> list[Key]:
    """Withheld cells for which too few values are found, the smallest counts first.

    A value is found by an exchange: what one cell gains others lose, so that no relation is touched and every count
    stays small or not. Exchanges are tried one by one, then by two where a cell is still short of values.
    """
    few, rows = _few(threshold), _solved(cells, relations, hidden)
    found = {key: {cells[key]} for key in cells if key in hidden}
    exchanges = [_exchange(key, rows) for key in found if key not in rows]

    def try_out(*together: dict[Key, int]) -> None:
        keys = dict.fromkeys(key for one in together for key in one)
        for times in product(range(1 - few, few), repeat=len(together)):
            moved = {key: cells[key] + sum(time * one.get(key, 0) for time, one in zip(times, together, strict=True))
                     for key in keys}  # fmt: skip
            if all(low <= moved[key] <= high for key in keys for low, high in [_range(cells[key], threshold)]):
                for key, count in moved.items():
                    found[key].add(count)

    for exchange in exchanges:
        try_out(exchange)
    for at, exchange in enumerate(exchanges):
        for other in exchanges[at + 1 :]:
            shared = exchange.keys() & other.keys()
            if shared and any(len(found[key]) < few for key in exchange.keys() | other.keys()):
                try_out(exchange, other)
    return sorted((key for key in found if len(found[key]) < few), key=cells.__getitem__)


def _exchange(cell: Key, rows: Mapping[Key, Row[Key]]) -> dict[Key, int]:
    """By how much each withheld cell changes with one that the rows leave free; in whole numbers."""
    changes = {cell: Fraction(1)} | {lead: -row[cell] for lead, row in rows.items() if cell in row}
    whole = lcm(*(change.denominator for change in changes.values()))
    return {key: int(change * whole) for key, change in changes.items()}


def _lost(cells: Mapping[Key, Decimal], relations: Sequence[Relation[Key]], threshold: int) -> set[Key]:
    """The cells that have too few values whatever is withheld, by the least and the most that each can be."""
    ranges = {key: _range(count, threshold) if count else (count, count) for key, count in cells.items()}
    before: dict[Key, tuple[Decimal, Decimal]] = {}
    while before != ranges:
        before = dict(ranges)
        for relation in relations:
            total = sum((factor * cells[key] for key, factor in relation.items()), Decimal(0))
            for key, factor in relation.items():
                ends = [sorted(times * end for end in ranges[one]) for one, times in relation.items() if one != key]
                low, high = sorted((total - sum(end)) / factor for end in zip(*ends, strict=True))
                ranges[key] = max(ranges[key][0], low), min(ranges[key][1], high)
    return {key for key, (low, high) in ranges.items() if cells[key] and high - low < _few(threshold) - 1}


def _few(threshold: int) -> int:
    return min(VALUES, threshold - 1)


def _range(count: Decimal, threshold: int) -> tuple[Decimal, Decimal]:
    """What a withheld count can be for who knows whether it is small."""
    if 0 < count < threshold:
        return Decimal(1), Decimal(threshold - 1)
    return Decimal(threshold if count else 0), Decimal("Infinity")


def _minus(row: Row[Key], other: Row[Key], times: Fraction) -> Row[Key]:
    made = {
        key: row.get(key, Fraction(0)) - times * other.get(key, Fraction(0)) for key in dict.fromkeys([*row, *other])
    }
    return {key: factor for key, factor in made.items() if factor}
