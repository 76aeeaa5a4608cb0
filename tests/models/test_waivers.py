"""Closing a quarter, and what the office decided to let pass all the same."""

from datetime import date
from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns

DUE, LOCKED = date(2024, 1, 5), date(2024, 1, 20)


@pytest.fixture
def returns() -> Returns:
    """One measure of three districts; the figures of 2023-Q4 are closed after 20 January."""
    returns = Returns()
    returns.measure("a")
    for row in returns.tables["raw.quarters"]:
        row["locked_on"] = LOCKED if row["quarter"] == "2023-Q4" else None
    returns.send("2023-Q4", "03", {"a": 1}, sha256="other", received_on=DUE)
    return returns


def waive(returns: Returns, rule: str, **more: Any) -> None:
    about = {"quarter": "2023-Q4", "reporter": "01", "reason": "bão", "agreed_by": "Sở", "agreed_on": date(2024, 1, 22)}
    returns.add("waivers", rule=rule, **about | more)


def find(returns: Returns, sha256: str, rule: str, sheet: str = "Biểu 01") -> None:
    returns.add(
        "findings", quarter="2023-Q4", sha256=sha256, file=f"{sha256}.xlsx", reporter="01", rule=rule, severity="error",
        sheet=sheet, cell="E9", found="x", expected="y", remedy="z",
    )  # fmt: skip


def status(run_model: RunModel, returns: Returns) -> dict[str, Any]:
    return next(row for row in run_model("marts/submission_status", returns.tables) if row["reporter"] == "01")


def in_force(run_model: RunModel, returns: Returns) -> list[str]:
    rows = run_model("staging/forms_in_force", returns.tables)
    return [row["sha256"] for row in rows if row["reporter"] == "01"]


def test_a_file_after_the_lock_does_not_count(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=date(2024, 1, 21))
    row = status(run_model, returns)
    assert (row["state"], row["receipts"]) == ("locked", 1)
    assert in_force(run_model, returns) == []
    assert [row["subject"] for row in run_model("checks/received_after_lock", returns.tables)] == ["A.xlsx"]


def test_on_the_day_of_the_lock_it_counts(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=LOCKED)
    assert in_force(run_model, returns) == ["A"]
    assert run_model("checks/received_after_lock", returns.tables) == []


def test_a_later_version_after_the_lock_leaves_the_earlier_in_use(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=DUE)
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", received_on=date(2024, 1, 25))
    row = status(run_model, returns)
    assert (row["state"], row["file"], row["has_locked_newer"]) == ("accepted", "A.xlsx", True)


@pytest.mark.parametrize(("until", "counts"), [(None, True), (date(2024, 1, 25), True), (date(2024, 1, 24), False)])
def test_a_waiver_opens_the_quarter_for_one_reporter(
    run_model: RunModel, returns: Returns, until: date | None, counts: bool
) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=date(2024, 1, 25))
    returns.send("2023-Q4", "02", {"a": 1}, sha256="C", received_on=date(2024, 1, 25))
    waive(returns, "period-locked", valid_until=until)
    assert in_force(run_model, returns) == (["A"] if counts else [])
    assert [
        row["state"] for row in run_model("marts/submission_status", returns.tables) if row["reporter"] == "02"
    ] == ["locked"]


def test_leave_from_the_deadline_is_no_leave_from_the_lock(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=date(2024, 1, 12))
    waive(returns, "deadline", valid_until=date(2024, 1, 12))
    row = status(run_model, returns)
    assert (row["state"], row["is_late"]) == ("accepted", False)


def test_leave_from_the_deadline_ends(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=date(2024, 1, 13))
    waive(returns, "deadline", valid_until=date(2024, 1, 12))
    assert status(run_model, returns)["is_late"]


def test_a_refused_form_counts_once_each_of_its_errors_is_waived(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", accepted=False, received_on=DUE)
    find(returns, "A", "total-differs", sheet="")
    waive(returns, "total-differs")
    assert in_force(run_model, returns) == ["A"]
    assert [row["is_waived"] for row in run_model("staging/forms", returns.tables)].count(True) == 1


def test_one_error_without_a_waiver_keeps_the_form_refused(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", accepted=False, received_on=DUE)
    find(returns, "A", "total-differs", sheet="")
    find(returns, "A", "column-missing", sheet="")
    waive(returns, "total-differs")
    assert in_force(run_model, returns) == []
    assert status(run_model, returns)["state"] == "rejected"


def test_a_form_without_figures_cannot_be_waived_into_use(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {}, sha256="A", accepted=False, received_on=DUE)
    returns.tables["raw.forms"][-1]["rows_used"] = 0
    find(returns, "A", "column-missing", sheet="")
    waive(returns, "column-missing")
    assert in_force(run_model, returns) == []


def test_a_waiver_without_use_is_named(run_model: RunModel, returns: Returns) -> None:
    waive(returns, "total-differs")
    waive(returns, "period-locked", quarter="2024-Q1")  # nothing came yet
    rows = run_model("checks/waiver_without_use", returns.tables)
    assert [(row["quarter"], row["area_code"], row["subject"]) for row in rows] == [("2023-Q4", "01", "total-differs")]
