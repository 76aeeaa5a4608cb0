"""One cell to one figure: the table of what offices type."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.numbers import raw_text, read_figure, read_yes_no


@pytest.mark.parametrize(
    "raw, decimals, value, qualifier",
    [
        ("1.234,5", 2, "1234.5", ""),
        ("1.234", 0, "1234", ""),
        ("1.234.567", 0, "1234567", ""),
        ("1.234.567", 2, "1234567", ""),
        ("1,234,567", 0, "1234567", ""),
        ("1,234.5", 2, "1234.5", ""),
        ("93,5", 2, "93.5", ""),
        ("16.6", 2, "16.6", ""),
        ("0,123", 3, "0.123", ""),
        ("0.123", 3, "0.123", ""),
        ("12345", 0, "12345", ""),
        ("12.0", 0, "12", ""),
        ("+5", 0, "5", ""),
        ("-5", 0, "-5", ""),
        ("\u22125", 0, "-5", ""),
        ("1 234", 0, "1234", ""),
        ("1 234 567", 0, "1234567", ""),
        ("12 345,6", 1, "12345.6", ""),
        ("1\u00a0234", 0, "1234", ""),
        ("987\u00a0992", 0, "987992", ""),
        ("987\u202f992", 0, "987992", ""),
        ("\u00a012 ", 0, "12", ""),
        ("1\u200b234", 0, "1234", ""),
        ("'250", 0, "250", ""),
        ("-", 0, "0", ""),
        ("–", 0, "0", ""),
        ("—", 0, "0", ""),
        ("Không", 0, "0", ""),
        ("không có", 0, "0", ""),
        ("Không phát sinh", 0, "0", ""),
        ("0", 0, "0", ""),
        ("~85", 0, "85", "khoảng"),
        ("≈ 85", 0, "85", "khoảng"),
        ("Khoảng 215.000", 0, "215000", "khoảng"),
        ("xấp xỉ 12", 0, "12", "khoảng"),
        ("ước đạt 12", 0, "12", "ước"),
        ("ước tính 12", 0, "12", "ước"),
        ("trên 95", 0, "95", ">"),
        ("hơn 95", 0, "95", ">"),
        (">94", 0, "94", ">"),
        (">= 94", 0, "94", ">"),
        ("dưới 5", 0, "5", "<"),
        (214258.0, 0, "214258", ""),
        (2.01, 2, "2.01", ""),
        (0.1 + 0.2, 2, "0.3", ""),
        (12.000000000000002, 0, "12", ""),
        (0, 0, "0", ""),
    ],
)
def test_readable(raw, decimals, value, qualifier):
    figure = read_figure(raw, decimals)
    assert (figure.state, figure.value, figure.qualifier) == ("value", Decimal(value), qualifier)
    assert figure.problem is None


@pytest.mark.parametrize(
    "raw, value, qualifier", [("0,16%", "0.16", ""), ("16.5 %", "16.5", ""), ("~85%", "85", "khoảng")]
)
def test_a_percent_sign_is_kept(raw, value, qualifier):
    figure = read_figure(raw, 0)
    assert (figure.value, figure.qualifier, figure.is_percent) == (Decimal(value), qualifier, True)


@pytest.mark.parametrize(
    "raw", [None, "", " ", "…", "...", "….", "KCSL", "chưa có", "Chưa có số liệu", "N/A", "Đang tổng hợp"]
)
def test_missing(raw):
    figure = read_figure(raw, 0)
    assert (figure.state, figure.value, figure.problem) == ("missing", None, None)


@pytest.mark.parametrize("raw", ["-", "–", "Không", "không có"])
def test_a_dash_may_mean_that_nothing_is_known(raw):
    assert read_figure(raw, 0, dash="missing").state == "missing"
    assert read_figure("0", 0, dash="missing").value == 0
    assert read_figure("không phát sinh", 0, dash="missing").value == 0


@pytest.mark.parametrize("raw", ["x", "X"])
def test_not_applicable(raw):
    assert read_figure(raw, 0).state == "not_applicable"


@pytest.mark.parametrize(
    "raw, decimals, rule",
    [
        ("1,234", 0, "ambiguous-number"),
        ("1,234", 2, "ambiguous-number"),
        ("1.234", 2, "ambiguous-number"),
        ("1,234%", 0, "ambiguous-number"),
        ("85-90", 0, "range-in-cell"),
        ("85 – 90", 0, "range-in-cell"),
        ("từ 85 đến 90", 0, "range-in-cell"),
        ("khoảng 85-90%", 0, "range-in-cell"),
        ("l2", 0, "mistyped-number"),
        ("1O", 0, "mistyped-number"),
        ("1.23O", 0, "mistyped-number"),
        ("１２３", 0, "mistyped-number"),
        ("1.234.56", 0, "mistyped-number"),
        ("hai", 0, "not-a-number"),
        ("12 hộ", 0, "not-a-number"),
        ("(5)", 0, "not-a-number"),
        ("?", 0, "not-a-number"),
        ("1E5", 0, "not-a-number"),
        ("9" * 80, 0, "not-a-number"),
        ("001099012345", 0, "not-a-number"),
        ("40.690(1)", 0, "footnote-in-number"),
        ("40.690 (1)", 0, "footnote-in-number"),
        ("40.690*", 0, "footnote-in-number"),
        ("40.690[2]", 0, "footnote-in-number"),
        ("12,5%*", 0, "footnote-in-number"),
        ("12²", 0, "footnote-in-number"),
        ("ước 12 (a)", 0, "footnote-in-number"),
        ("987 992", 0, "two-numbers"),
        ("987\n992", 0, "two-numbers"),
        ("12\t13", 0, "two-numbers"),
        ("12  345", 0, "two-numbers"),
        ("3/4", 0, "date-in-number"),
        ("03/04/2023", 0, "date-in-number"),
        ("#REF!", 0, "error-cell"),
        ("#DIV/0!", 2, "error-cell"),
        ("#N/A", 0, "error-cell"),
        ("#VALUE!", 0, "error-cell"),
        (12.5, 0, "not-whole"),
        ("12,5", 0, "not-whole"),
        (True, 0, "not-a-number"),
        (float("nan"), 2, "not-a-number"),
        (float("inf"), 2, "not-a-number"),
        (1e15, 0, "number-too-large"),
        ("9" * 20, 0, "number-too-large"),
        (datetime(2023, 4, 3), 0, "date-in-number"),
        (date(2023, 4, 3), 0, "date-in-number"),
        (time(3, 4), 0, "date-in-number"),
        (timedelta(hours=3), 0, "date-in-number"),
    ],
)
def test_a_problem_not_a_guess(raw, decimals, rule):
    figure = read_figure(raw, decimals)
    assert figure.value is None
    assert figure.problem is not None and figure.problem.rule == rule
    assert figure.problem.expected


@pytest.mark.parametrize(
    "raw, decimals, readings",
    [
        ("1.234", 2, {"vi": "1234", "en": "1.234"}),
        ("1,234", 0, {"vi": "1.234", "en": "1234"}),
        ("-1,234", 0, {"vi": "-1.234", "en": "-1234"}),
        ("987 992", 0, {"space": "987992"}),
    ],
)
def test_an_ambiguous_number_names_its_readings(raw, decimals, readings):
    assert dict(read_figure(raw, decimals).readings) == {style: Decimal(value) for style, value in readings.items()}


@pytest.mark.parametrize(
    "raw, value",
    [("Có", 1), ("Đạt", 1), ("x", 1), ("✓", 1), (True, 1), (1.0, 1), ("Không", 0), ("Chưa đạt", 0), ("0", 0),
     ("-", None), (None, None), ("…", None)],
)  # fmt: skip
def test_yes_and_no(raw, value):
    figure = read_yes_no(raw)
    assert figure.problem is None
    assert (figure.state, figure.value) == (("missing", None) if value is None else ("value", value))


@pytest.mark.parametrize("raw", [2, "có thể", "50%", "1%", 0.5])
def test_neither_yes_nor_no(raw):
    figure = read_yes_no(raw)
    assert figure.value is None and figure.problem is not None and figure.problem.rule == "not-yes-or-no"


def test_raw_text_is_what_a_person_sees():
    assert [raw_text(raw) for raw in (None, 690.0, 2.01, "1.234")] == ["", "690", "2.01", "1.234"]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="0123456789., -–~%()*xO\u00a0\n", max_size=14), st.sampled_from([0, 2]))
def test_any_text_is_a_figure_a_token_or_a_problem(raw, decimals):
    figure = read_figure(raw, decimals)
    assert (figure.value is not None) == (figure.state == "value")
    assert figure.problem is None or figure.value is None
    digits = [letter for letter in raw if letter.isdigit()]
    # nothing is invented: a figure other than nil has the digits of its cell and no others
    if figure.value:
        written = str(abs(figure.value)).replace(".", "")
        assert "".join(digits).strip("0") == written.strip("0")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.decimals(min_value=0, max_value=10**12, places=1))
def test_what_is_written_the_vietnamese_way_is_read_back(value):
    text = f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_figure(text, 1).value == value
