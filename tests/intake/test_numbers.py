"""One cell to one figure: the table of what offices type."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from pipeline.intake.numbers import raw_text, read_figure


@pytest.mark.parametrize(
    "raw, decimals, value, qualifier",
    [
        ("1.234,5", 2, "1234.5", ""),
        ("1.234", 0, "1234", ""),
        ("1.234.567", 0, "1234567", ""),
        ("1,234,567", 0, "1234567", ""),
        ("93,5", 2, "93.5", ""),
        ("16.6", 2, "16.6", ""),
        ("1 234", 0, "1234", ""),
        ("1\u00a0234", 0, "1234", ""),
        ("'250", 0, "250", ""),
        ("-", 0, "0", ""),
        ("–", 0, "0", ""),
        ("Không", 0, "0", ""),
        ("~85", 0, "85", "khoảng"),
        ("Khoảng 215.000", 0, "215000", "khoảng"),
        ("ước đạt 12", 0, "12", "ước"),
        ("trên 95", 0, "95", ">"),
        (">94", 0, "94", ">"),
        (214258.0, 0, "214258", ""),
        (2.01, 2, "2.01", ""),
        (0, 0, "0", ""),
    ],
)
def test_readable(raw, decimals, value, qualifier):
    figure = read_figure(raw, decimals)
    assert (figure.state, figure.value, figure.qualifier) == ("value", Decimal(value), qualifier)
    assert figure.problem is None


@pytest.mark.parametrize("raw", [None, "", "…", "...", "KCSL", "chưa có", "Chưa có số liệu"])
def test_missing(raw):
    figure = read_figure(raw, 0)
    assert (figure.state, figure.value, figure.problem) == ("missing", None, None)


@pytest.mark.parametrize("raw", ["x", "X"])
def test_not_applicable(raw):
    assert read_figure(raw, 0).state == "not_applicable"


@pytest.mark.parametrize(
    "raw, decimals, rule",
    [
        ("1,234", 0, "ambiguous-number"),
        ("1.234", 2, "ambiguous-number"),
        ("85-90", 0, "range-in-cell"),
        ("l2", 0, "mistyped-number"),
        ("1O", 0, "mistyped-number"),
        ("hai", 0, "not-a-number"),
        ("?", 0, "not-a-number"),
        ("#REF!", 0, "error-cell"),
        ("#DIV/0!", 2, "error-cell"),
        (12.5, 0, "not-whole"),
        (True, 0, "not-a-number"),
        (float("nan"), 2, "not-a-number"),
        (datetime(2023, 4, 3), 0, "date-in-number"),
    ],
)
def test_a_problem_not_a_guess(raw, decimals, rule):
    figure = read_figure(raw, decimals)
    assert figure.value is None
    assert figure.problem is not None and figure.problem.rule == rule


def test_raw_text_is_what_a_person_sees():
    assert [raw_text(raw) for raw in (None, 690.0, 2.01, "1.234")] == ["", "690", "2.01", "1.234"]
