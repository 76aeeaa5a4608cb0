"""Plans in the words of their kind, yes or no instead of a number, what is missing in the right unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.briefing.facts.figure import FactBook, Origin
from pipeline.briefing.facts.goals import GoalTables, gap, goal, is_yes_or_no
from pipeline.briefing.facts.indicators import value_fact

HERE = Origin("X", "city")
TABLES = GoalTables(
    measures={"lifted": {"name_vi": "Số hộ thoát nghèo", "unit": "hộ"}}, judgements={},
    lower_bound_words={("X", Decimal(68)): "tối thiểu "},
)  # fmt: skip


def progress(**changes: Any) -> dict[str, Any]:
    row = dict.fromkeys(
        [f"{which}_{part}" for which in ("year", "term")
         for part in ("op", "value", "high", "measure", "judged", "completion_numerator", "completion_denominator",
                      "completion_decimals")]
    )  # fmt: skip
    row |= {
        "indicator_code": "X", "unit": "%", "decimals": 1, "min_significant": None, "scale": 1, "state": "value",
        "numerator": Decimal("66.1"), "denominator": None, "counts_shown": True, "gap_value": None, "basis": "",
        "qualifier": "", "is_estimate": False,
    }  # fmt: skip
    return row | changes


@pytest.fixture
def book() -> FactBook:
    return FactBook("2024-Q4", "here")


@pytest.mark.parametrize(
    ("operator", "value", "high", "unit", "printed"),
    [
        ("gt", "95", None, "%", "trên 95%"),
        ("approx", "75", None, "tuổi", "khoảng 75 tuổi"),
        ("ge", "68", None, "năm", "tối thiểu 68 năm"),
        ("ge", "95", None, "%", "95%"),
        ("lt", "16.6", None, "%", "dưới 16,6%"),
        ("le", "350", None, "căn", "không quá 350 căn"),
        ("le", "0", None, "căn", "0 căn"),
        ("range", "115", "120", "triệu đồng", "115-120 triệu đồng"),
        ("yes", "1", None, "có/không", "đạt"),
    ],
)
def test_a_plan_is_printed_in_its_own_words(book, operator, value, high, unit, printed):
    row = progress(term_op=operator, term_value=Decimal(value), term_high=high and Decimal(high), unit=unit)
    found = goal(book, "it", row, "term", TABLES, HERE)
    assert found is not None
    assert str(found.plan) == printed


@pytest.mark.parametrize(("value", "said", "cell"), [(1, "đạt", "đạt"), (0, "chưa đạt", "chưa đạt")])
def test_yes_and_no_are_words_and_never_nil(book, value, said, cell):
    row = progress(term_op="yes", term_value=Decimal(1), unit="có/không", numerator=Decimal(value))
    fact = value_fact(book, "it", row, row)
    assert is_yes_or_no(row)
    assert (str(fact), fact.cell, fact.is_answer) == (said, cell, True)


def test_an_unanswered_question_is_missing(book):
    row = progress(term_op="yes", term_value=Decimal(1), unit="có/không", numerator=None, state="missing")
    fact = value_fact(book, "it", row, row)
    assert (str(fact), fact.cell) == ("chưa có số liệu", "…")


def test_what_is_missing_has_the_unit_of_what_is_judged(book):
    judged = {"year_measure": "lifted", "year_judged": Decimal(0)}
    row = progress(year_op="ge", year_value=Decimal(722), gap_value=722.0, **judged)
    assert str(gap(book, "lifted", row, TABLES, HERE)) == "722 hộ"
    row = progress(year_op="ge", year_value=Decimal(68), gap_value=1.9)
    assert str(gap(book, "rate", row, TABLES, HERE)) == "1,9 điểm phần trăm"


@pytest.mark.parametrize(
    ("which", "judged", "said"),
    [
        ("year", {"is_met": True, "is_exceeded": True}, "vượt"),
        ("year", {"is_met": True}, "đạt"),
        ("year", {"is_met": False, "way_behind": 4}, "không đạt"),
        ("year", {"is_met": False, "is_on_path": True}, "đúng tiến độ"),
        ("term", {"is_met": False, "is_on_path": False}, "chậm lộ trình"),
        ("term", {"is_met": False, "is_on_path": None}, "chưa đạt"),
        ("term", {"op": "yes", "is_met": False, "is_on_path": None}, "chưa đến hạn"),
        ("year", {"op": "yes", "is_met": False, "is_on_path": None}, "chưa đến hạn"),
        ("year", {"op": "yes", "is_met": False, "is_on_path": False, "way_behind": 4}, "không đạt"),
        ("term", {"is_met": None}, "…"),
        ("term", {"is_met": True, "is_covered": False}, "…"),
    ],
)
def test_how_an_indicator_stands_to_each_goal(book, which, judged, said):
    whole = {"op": "ge", "is_exceeded": False, "is_on_path": None, "is_covered": True, "way_behind": 1, "way_in_all": 4}
    whole |= judged
    tables = GoalTables({}, {("X", "city", which): whole}, {})
    row = progress(**{f"{which}_op": whole["op"], f"{which}_value": Decimal(50)})
    found = goal(book, "it", row, which, tables, HERE)
    assert found is not None
    assert found.result == said
