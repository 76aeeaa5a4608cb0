"""No attacker with every published figure and every relation gets a withheld one back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.briefing.public.suppression import VALUES, Relation, withheld

Cells = dict[Any, Decimal]


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """Of a matrix, by elimination downwards only."""
    left, found = [list(row) for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for place in range(found + 1, len(left)):
            times = left[place][column] / pivot[column]
            left[place] = [one - times * other for one, other in zip(left[place], pivot, strict=True)]
        found += 1
    return found


def recovered(hidden: frozenset[Any], relations: Sequence[Relation[Any]]) -> list[Any]:
    """What exact linear algebra finds: a cell is known where its unit vector lies in the row space."""
    columns = sorted(hidden)
    matrix = [[Fraction(relation.get(key, 0)) for key in columns] for relation in relations]
    whole = rank(matrix)
    return [
        key for place, key in enumerate(columns)
        if rank([*matrix, [Fraction(int(at == place)) for at in range(len(columns))]]) == whole
    ]  # fmt: skip


def bounds(
    cells: Cells, hidden: frozenset[Any], relations: Sequence[Relation[Any]], threshold: int = 0
) -> dict[Any, list[float]]:
    """What an attacker knows who also knows that counts are not negative: intervals, narrowed until nothing moves.

    With a threshold also of each withheld count whether it is below.
    """
    known: dict[Any, list[float]] = {
        key: [float(count), float(count)] if key not in hidden
        else [1, threshold - 1] if 0 < count < threshold else [threshold if count else 0, float("inf")]
        for key, count in cells.items()
    }  # fmt: skip
    for _ in range(200):
        before = [tuple(one) for one in known.values()]
        for relation in relations:
            for key, factor in relation.items():
                # factor * cell = -(sum of the others)
                ends = [
                    sorted((-other * known[name][0], -other * known[name][1]))
                    for name, other in relation.items() if name != key
                ]  # fmt: skip
                low, high = sorted((sum(end[0] for end in ends) / factor, sum(end[1] for end in ends) / factor))
                known[key] = [max(known[key][0], low), min(known[key][1], high)]
        if before == [tuple(one) for one in known.values()]:
            break
    return known


def assignments(
    known: Mapping[Any, int], relations: Sequence[Relation[Any]], choices: Mapping[Any, Sequence[int]]
) -> Iterator[Mapping[Any, int]]:
    """All counts that fit: every choice for every withheld cell is tried; what a relation leaves no choice is set."""
    for relation in relations:
        missing = [key for key in relation if key not in known]
        over = -sum(factor * known[key] for key, factor in relation.items() if key in known)
        if not missing and over:
            return
        if len(missing) == 1:
            (key,) = missing
            if over / relation[key] in choices[key]:
                yield from assignments({**known, key: over // relation[key]}, relations, choices)
            return
    key = next((key for key in choices if key not in known), None)
    if key is None:
        yield known
        return
    for count in choices[key]:
        yield from assignments({**known, key: count}, relations, choices)


def tied(key: Any, hidden: frozenset[Any], relations: Sequence[Relation[Any]]) -> set[Any]:
    """The cells of its relations, of the relations of what those withhold, and so on."""
    found, more = set[Any](), {key}
    while more > found:
        found = more
        more = found.union(*(relation for relation in relations if found & hidden & set(relation)))
    return found


def tried(
    cells: Cells, hidden: frozenset[Any], relations: Sequence[Relation[Any]], threshold: int
) -> dict[Any, set[int]]:
    """Values of every withheld cell, for who knows of each whether it is small; the search ends with enough of all.

    Cells are left out that would have fewer than enough with every count withheld, and counts that are not small
    where such cells alone are withheld beside them.
    """
    enough = min(VALUES, threshold - 1)

    def choices(count: int) -> list[int]:
        low, high = (1, threshold - 1) if 0 < count < threshold else (threshold if count else 0, count + 9)
        return sorted(range(low, high + 1), key=lambda other: abs(other - count))

    counts = frozenset(key for key, count in cells.items() if count)
    ranges = bounds(cells, counts | hidden, relations, threshold)
    lost = {key for key in hidden if ranges[key][1] - ranges[key][0] < enough - 1}
    large = {key for key in hidden for relation in relations if key in relation and cells[key] >= threshold
             and hidden.intersection(relation) - {key} <= lost}  # fmt: skip
    # intervals do not find all that are lost: of the others everything is withheld without avail
    found: dict[Any, set[int]] = {
        key: set() for key in hidden - lost - large if tied(key, hidden, relations) & counts - hidden
    }
    published = {key: int(count) for key, count in cells.items() if key not in hidden}
    own = {key: choices(int(cells[key])) for key in cells if key in hidden}
    for fitting in assignments(published, relations, own):
        for key, values in found.items():
            values.add(fitting[key])
        if all(len(values) >= enough for values in found.values()):
            break
    return found


def are_several(found: Mapping[Any, set[int]], threshold: int) -> bool:
    return all(len(values) >= min(VALUES, threshold - 1) for values in found.values())


def column(name: str, counts: Sequence[int]) -> tuple[Cells, Relation[Any]]:
    """Parts and their printed total."""
    cells: Cells = {(name, place): Decimal(count) for place, count in enumerate(counts)}
    relation = dict.fromkeys(cells, 1) | {(name, 99): -1}
    return cells | {(name, 99): Decimal(sum(counts))}, relation


COUNTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 9000)), min_size=1, max_size=14)


@given(COUNTS, st.integers(3, 10))
def test_a_total_never_gives_a_part_back(counts: list[int], threshold: int) -> None:
    cells, relation = column("poor", counts)
    hidden = withheld(cells, [relation], threshold)
    assert {key for key, count in cells.items() if 0 < count < threshold} <= hidden
    assert recovered(hidden, [relation]) == []
    for key, (low, high) in bounds(cells, hidden, [relation]).items():
        assert key not in hidden or high - low >= threshold
    if not any(0 < count < threshold for count in cells.values()):
        assert not hidden


@st.composite
def crossed(draw: st.DrawFn) -> tuple[Cells, list[Relation[Any]]]:
    """Areas by classes with totals of rows, columns and groups of rows, and flows: opening - less + more = closing."""
    areas, classes = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    small = st.one_of(st.integers(0, 7), st.integers(0, 400))
    cells: Cells = {}
    relations: list[Relation[Any]] = []
    for area in range(areas):
        for kind in range(classes):
            cells[area, kind] = Decimal(draw(small))
        less = draw(st.integers(0, int(cells[area, 0])))
        more = draw(small)
        cells |= {(area, 80): Decimal(less), (area, 81): Decimal(more), (area, 82): cells[area, 0] - less + more}
        relations.append({(area, 0): 1, (area, 80): -1, (area, 81): 1, (area, 82): -1})
        cells[area, 90] = sum((cells[area, kind] for kind in range(classes)), Decimal(0))
        relations.append({(area, kind): 1 for kind in range(classes)} | {(area, 90): -1})
    half = draw(st.integers(1, areas - 1))
    for kind in (*range(classes), 80, 81, 82, 90):
        for total, members in ((70, range(half)), (71, range(half, areas)), (72, range(areas))):
            cells[total, kind] = sum((cells[area, kind] for area in members), Decimal(0))
            relations.append({(area, kind): 1 for area in members} | {(total, kind): -1})
    return cells, relations


@settings(max_examples=15, deadline=None)
@given(crossed(), st.integers(3, 8))
def test_no_chain_of_subtractions_gives_a_withheld_count_back(
    table: tuple[Cells, list[Relation[Any]]], threshold: int
) -> None:
    cells, relations = table
    for relation in relations:
        assert sum(factor * cells[key] for key, factor in relation.items()) == 0
    hidden = withheld(cells, relations, threshold)
    assert {key for key, count in cells.items() if 0 < count < threshold} <= hidden
    assert recovered(hidden, relations) == []


@pytest.mark.parametrize(
    ("counts", "rest", "threshold", "value"),
    [
        ([1] * 5, 690, 5, 1),  # no "(*)" is a zero, so five of them that make 5 are told
        ([27] * 3, 614, 28, 27),  # nor is a small count above 27
        ([4, 4], 100, 5, 4),
        ([2, 2], 90, 3, 2),
    ],
)
def test_small_counts_are_not_told_by_the_least_or_the_most_they_can_be(
    counts: list[int], rest: int, threshold: int, value: int
) -> None:
    cells, relation = column("poor", [*counts, rest, rest + 1])
    small = frozenset(("poor", place) for place in range(len(counts)))
    assert tried(cells, small, [relation], threshold) == {key: {value} for key in small}
    hidden = withheld(cells, [relation], threshold)
    assert hidden == small | {("poor", len(counts))}  # one more does
    assert are_several(tried(cells, hidden, [relation], threshold), threshold)


FEW = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 14)), min_size=1, max_size=7)


@given(FEW, st.integers(3, 7))
def test_whoever_tries_all_counts_finds_several_for_every_withheld_one(counts: list[int], threshold: int) -> None:
    cells, relation = column("poor", counts)
    assert are_several(tried(cells, withheld(cells, [relation], threshold), [relation], threshold), threshold)


@st.composite
def small_table(draw: st.DrawFn) -> tuple[Cells, list[Relation[Any]]]:
    """Areas by the poor and the others, with sums over areas and kinds, and a sum that overlaps both."""
    areas = draw(st.integers(2, 4))
    cells: Cells = {}
    relations: list[Relation[Any]] = []
    for area in range(areas):
        for kind in range(2):
            cells[area, kind] = Decimal(draw(st.one_of(st.integers(0, 5), st.integers(0, 14))))
    sums = [({(area, 0), (area, 1)}, (area, 90)) for area in range(areas) if draw(st.booleans())]
    sums += [({(area, kind) for area in range(areas)}, (99, kind)) for kind in range(2)]
    if draw(st.booleans()):
        sums.append((set(draw(st.lists(st.sampled_from(sorted(cells)), min_size=2, unique=True))), (99, 99)))
    for parts, total in sums:
        cells[total] = sum((cells[part] for part in parts), Decimal(0))
        relations.append(dict.fromkeys(sorted(parts), 1) | {total: -1})
    return cells, relations


@settings(max_examples=60, deadline=None)
@given(small_table(), st.integers(3, 6))
def test_whoever_tries_all_counts_of_a_table_finds_several_for_every_withheld_one(
    table: tuple[Cells, list[Relation[Any]]], threshold: int
) -> None:
    cells, relations = table
    hidden = withheld(cells, relations, threshold)
    assert recovered(hidden, relations) == []
    assert are_several(tried(cells, hidden, relations, threshold), threshold)


def test_nothing_is_withheld_in_vain() -> None:
    """Three of a total known to be below 5 are 1 or 2 whatever is withheld: the households beside them stay."""
    cells, relation = column("poor", [1, 1, 1, 0])
    relations = [relation]
    for area in range(4):
        cells |= {("households", area): Decimal(900), ("others", area): 900 - cells["poor", area]}
        relations.append({("poor", area): 1, ("others", area): 1, ("households", area): -1})
    hidden = withheld(cells, relations, 5)
    assert hidden == {key for key in cells if key[0] != "households" and key not in {("poor", 3), ("others", 3)}}
    assert tried(cells, hidden, relations, 5) == {}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 0, 40, 60], [0, 0, 40, 60]),
        ([2, 0, 40, 60], [None, 0, None, 60]),  # the next smallest goes with it
        ([1, 1, 40, 60], [None, None, None, 60]),  # two that make 2 would be told by their sum
        ([4, 3, 40, 60], [None, None, None, 60]),  # two that make 7 may be 3 and 4 only
        ([2, 4, 40, 60], [None, None, 40, 60]),
        ([1, 1, 4, 60], [None, None, None, 60]),
        ([3, 0, 0, 0], [None, 0, 0, 0]),  # the total is as small and goes too
        ([2, 1, 1, 1], [None, None, None, None]),
    ],
)
def test_no_more_is_withheld_than_secrecy_needs(counts: list[int], shown: list[int | None]) -> None:
    cells, relation = column("poor", counts)
    hidden = withheld(cells, [relation], 5)
    assert [None if key in hidden else int(count) for key, count in cells.items()][:-1] == shown


def test_without_secondary_suppression_the_attack_would_succeed() -> None:
    """The attackers of these tests are no straw men."""
    cells, relation = column("poor", [2, 0, 40, 60])
    primary = frozenset({("poor", 0)})
    assert recovered(primary, [relation]) == [("poor", 0)]
    assert bounds(cells, primary, [relation])["poor", 0] == [2, 2]


def test_sums_that_overlap_are_solved_together() -> None:
    """Each sum alone leaves both of its parts open; half of a + c - b is x."""
    cells = dict.fromkeys("xyz", Decimal(2)) | dict.fromkeys("abc", Decimal(4))
    relations = [{"x": 1, "y": 1, "a": -1}, {"y": 1, "z": 1, "b": -1}, {"x": 1, "z": 1, "c": -1}]
    assert recovered(frozenset("xyz"), relations) == ["x", "y", "z"]
    hidden = withheld(cells, relations, 3)
    assert hidden > set("xyz") and recovered(hidden, relations) == []


def test_a_relation_with_an_unpublished_term_tells_nothing() -> None:
    relation: Mapping[str, int] = {"a": 1, "b": 1, "never published": -1}
    assert withheld({"a": Decimal(2), "b": Decimal(50)}, [relation], 5) == {"a"}


def test_the_order_of_the_cells_decides_between_equals_and_nothing_else() -> None:
    cells, relation = column("poor", [2, 9, 9, 9])
    assert withheld(cells, [relation], 5) == {("poor", 0), ("poor", 1)}
    assert withheld(cells, [dict(reversed(relation.items()))], 5) == {("poor", 0), ("poor", 1)}
