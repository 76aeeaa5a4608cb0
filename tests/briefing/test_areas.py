"""The areas a list names: the first of an order, and never one without its equals."""

from __future__ import annotations

import pytest

from pipeline.briefing.charts import briefing_pictures
from pipeline.briefing.facts.areas import MOST_SHOWN, WORST_SHOWN, leading
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.programme import Programme


@pytest.mark.parametrize(
    ("ordered", "limit", "shown"),
    [
        ("", 3, ""),
        ("ab", 3, "ab"),
        ("aabc", 3, "aab"),
        ("abbb", 3, "a"),  # not two of three equals
        ("abbc", 2, "a"),  # nor the one after them
        ("aaaab", 3, "aaaa"),  # the very first are more than there is room for
        ("aaaa", 4, "aaaa"),
    ],
)
def test_a_list_is_never_cut_inside_a_tie(ordered: str, limit: int, shown: str):
    held = [(letter, place) for place, letter in enumerate(ordered)]
    assert leading(held, lambda one: one[0], limit) == tuple(held[: len(shown)])


def test_who_is_not_named_is_better_than_who_is(untouched_facts: BriefingFacts, programme: Programme):
    comparison = untouched_facts.comparison
    counts = {one.area.name: one.below.value or 0 for one in comparison.areas}
    most = [one.area.name for one in comparison.most_below]
    picture = next(one for one in briefing_pictures(untouched_facts, programme.document) if one.name == "below_city")
    for named in (most, [row["area"] for row in picture.rows]):
        others = counts.keys() - set(named)
        assert named and others and min(counts[name] for name in named) > max(counts[name] for name in others)
    assert len(most) <= MOST_SHOWN
    for place, one in enumerate(comparison.indicators):
        held = {area.area.code: cell.value.value or 0 for area in comparison.areas
                if (cell := area.cells[place]) and cell.is_below}  # fmt: skip
        lowest = {area.code for area, _ in one.lowest}
        others = held.keys() - lowest
        assert lowest <= held.keys() and (len(lowest) <= WORST_SHOWN or len({held[code] for code in lowest}) == 1)
        assert not others or max(held[code] for code in lowest) < min(held[code] for code in others)
