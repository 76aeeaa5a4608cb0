"""What replaces a figure: an agreed correction, a later receipt."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns

Q4 = "2023-Q4"


def sent(figure: Any = 5, **figures: Any) -> Returns:
    returns = Returns()
    returns.measure("a")
    returns.indicator("I", "a")
    returns.send(Q4, "01", {"a": figure, **figures})
    return returns


def correct(returns: Returns, old: float | None, new: float | None, **more: Any) -> None:
    row = {"quarter": Q4, "measure": "a", "area_code": "01", "series": "actual", "reason": "ghi nhầm"}
    agreed = {"agreed_by": "Sở", "agreed_on": date(2024, 1, 10)}
    returns.add("corrections", **{**row, **agreed, "old_value": old, "new_value": new, **more})


def figure(run_model: RunModel, returns: Returns, series: str = "actual") -> dict[str, Any]:
    rows = run_model("staging/observations", returns.tables)
    return next(row for row in rows if row["series"] == series)


def test_a_correction_replaces_the_figure_and_says_what_was_sent(run_model: RunModel) -> None:
    returns = sent()
    correct(returns, 5, 7)
    row = figure(run_model, returns)
    assert (row["value"], row["original_value"], row["correction_reason"]) == (7, 5, "ghi nhầm")
    assert (row["corrected_by"], row["corrected_on"]) == ("Sở", date(2024, 1, 10))
    (city, *_) = [row for row in run_model("marts/indicator_values", returns.tables) if row["area_code"] == "city"]
    assert city["numerator"] == 7


def test_without_a_correction_nothing_is_said(run_model: RunModel) -> None:
    row = figure(run_model, sent())
    assert (row["value"], row["original_value"], row["correction_reason"]) == (5, None, None)


@pytest.mark.parametrize(
    ("was", "old", "new", "state", "value"),
    [
        (5, 6, 7, "value", 5),
        (5, None, 7, "value", 5),
        (None, None, 7, "value", 7),
        (None, 0, 7, "missing", None),
        (5, 5, None, "missing", None),
        (0, 0, 7, "value", 7),
    ],
)
def test_a_correction_applies_to_the_figure_it_was_agreed_for(
    run_model: RunModel, was: float | None, old: float | None, new: float | None, state: str, value: float | None
) -> None:
    returns = sent(was)
    correct(returns, old, new)
    row = figure(run_model, returns)
    assert (row["state"], row["value"]) == (state, value)


def test_a_correction_concerns_one_series_and_one_quarter(run_model: RunModel) -> None:
    returns = sent(5, **{"a:last_year": 5})
    correct(returns, 5, 7, series="last_year")
    correct(returns, 5, 8, quarter="2023-Q3")
    assert figure(run_model, returns)["value"] == 5
    assert figure(run_model, returns, "last_year")["value"] == 7


def test_the_latest_correction_of_a_figure_holds(run_model: RunModel) -> None:
    returns = sent()
    correct(returns, 5, 7)
    correct(returns, 5, 8, agreed_on=date(2024, 2, 1), reason="tính lại")
    row = figure(run_model, returns)
    assert (row["value"], row["correction_reason"]) == (8, "tính lại")


def test_what_was_agreed_upon_is_no_estimate(run_model: RunModel) -> None:
    returns = sent((5, "ước"))
    correct(returns, 5, 7)
    assert figure(run_model, returns)["estimate_rank"] == 0


def test_a_settled_figure_is_no_longer_contradicted(run_model: RunModel) -> None:
    """Two cells disagree, so there is no figure; the correction says which it is."""
    returns = sent(5, **{"a#F9": 6})
    correct(returns, None, 6)
    row = figure(run_model, returns)
    assert (row["value"], row["is_contradicted"], row["basis_rank"]) == (Decimal(6), False, 2)


@pytest.mark.parametrize(
    ("sent_as", "agreed_as", "basis_rank"),
    [
        ("reported", "illustrative", 3),
        ("illustrative", "reported", 3),
        ("published", None, 2),
        ("published", "published", 1),
    ],
)
def test_a_corrected_figure_rests_on_the_worse_of_file_and_agreement(
    run_model: RunModel, sent_as: str, agreed_as: str | None, basis_rank: int
) -> None:
    returns = sent()
    returns.tables["raw.receipts"][0]["basis"] = sent_as
    correct(returns, 5, 7, basis=agreed_as)
    assert figure(run_model, returns)["basis_rank"] == basis_rank


def test_a_word_of_doubt_goes_with_the_figure(run_model: RunModel) -> None:
    returns = sent((85, "khoảng"))
    values = {row["area_code"]: row for row in run_model("marts/indicator_values", returns.tables)}
    assert (values["city"]["is_estimate"], values["city"]["qualifier"]) == (True, "khoảng")


def test_a_later_receipt_without_the_word_is_final(run_model: RunModel) -> None:
    returns = sent((85, "khoảng"))
    returns.send(Q4, "01", {"a": 84})
    values = {row["area_code"]: row for row in run_model("marts/indicator_values", returns.tables)}
    assert (values["city"]["value"], values["city"]["is_estimate"], values["city"]["qualifier"]) == (84, False, "")
