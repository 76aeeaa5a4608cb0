"""How figures are rounded and worded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.briefing.facts.figure import PERCENT, FactBook, Form, worst_basis

POOR = Form("%", 100, decimals=2, min_significant=2)


@pytest.fixture
def book() -> FactBook:
    return FactBook("2023-Q4", "here")


@pytest.mark.parametrize(
    ("numerator", "denominator", "form", "printed"),
    [
        (690, 2290000, POOR, "0,03%"),
        (2134, 2247000, POOR, "0,095%"),
        (3612, 2192000, POOR, "0,16%"),
        (0, 1000, POOR, "0%"),
        (20, 27, PERCENT, "74%"),
        (214258, 160000, Form("%", 100, 1), "133,9%"),
        (Decimal("36.44"), 30, Form("%", 100, 2), "121,47%"),
        (1, 8, Form("%", 100, 1), "12,5%"),
        (25, 1000, Form("%", 100, 0), "3%"),  # half-up, not to even
        (690, None, Form("hộ"), "690 hộ"),
        (214258, None, Form("lượt người"), "214.258 lượt người"),
    ],
)
def test_a_ratio_is_divided_exactly_and_rounded_once(book, numerator, denominator, form, printed):
    assert book.ratio("it", numerator, denominator, form).printed == printed


def test_missing_nil_and_not_applicable_stay_three_things(book):
    missing = book.ratio("missing", None, 100, PERCENT)
    nil = book.ratio("nil", 0, 100, PERCENT)
    outside = book.ratio("outside", None, None, PERCENT, state="not_applicable")
    assert [fact.cell for fact in (missing, nil, outside)] == ["…", "-", "x"]
    assert [str(fact) for fact in (missing, nil, outside)] == ["chưa có số liệu", "0%", "không áp dụng"]
    assert missing.value is None


def test_a_rate_over_nothing_is_missing(book):
    assert not book.ratio("it", 5, 0, PERCENT).is_known


def test_an_estimate_says_so(book):
    assert str(book.ratio("it", 85, 100, PERCENT, qualifier="khoảng")) == "khoảng 85%"
    assert str(book.ratio("other", 94, 100, PERCENT, qualifier=">")) == "trên 94%"


def test_counts_that_may_not_be_shown_are_not_kept(book):
    fact = book.ratio("it", 999, 1000, Form("%", 100, 1), counts_shown=False)
    assert str(fact) == "99,9%"
    assert fact.as_json("here")["numerator"] is None
    assert fact.as_json("here")["denominator"] is None


@pytest.mark.parametrize(
    ("now", "before", "form", "printed"),
    [
        ((690, 2290000), (2134, 2247000), POOR, "giảm 0,065 điểm phần trăm"),
        ((Decimal("2.01"), None), (Decimal("2.23"), None), Form("%", decimals=2), "giảm 0,22 điểm phần trăm"),
        ((214258, None), (203027, None), Form("lượt người"), "tăng 5,5%"),
        ((5, None), (0, None), Form("hộ"), "tăng 5 hộ"),
        ((5, 10), (50, 100), PERCENT, "không đổi"),
        ((Decimal("76.6"), None), (Decimal("76.4"), None), Form("tuổi", decimals=1), "tăng 0,2 tuổi"),
    ],
)
def test_a_rate_changes_in_points_and_a_quantity_in_percent(book, now, before, form, printed):
    assert str(book.change("it", now, before, form)) == printed


def test_a_change_from_the_unknown_is_not_printed(book):
    assert book.change("it", (5, 10), (None, None), PERCENT) is None


def test_a_part_of_a_whole_stays_a_fraction(book):
    assert str(book.part("it", 18, 30)) == "18/30"


def test_a_figure_is_written_once(book):
    book.count("it", 1, "hộ")
    with pytest.raises(ValueError, match="written twice"):
        book.count("it", 2, "hộ")


def test_a_result_takes_the_worst_basis():
    assert worst_basis(["published", "illustrative", "reported"]) == "illustrative"
    assert worst_basis([]) == ""
