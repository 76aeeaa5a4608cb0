"""Who sent what, when; what intake found in what counts."""

from datetime import date
from typing import Any

from .conftest import RunModel
from .returns import Returns


def status(run_model: RunModel, returns: Returns, reporter: str = "01") -> dict[str, Any]:
    rows = run_model("marts/submission_status", returns.tables)
    return next(row for row in rows if row["reporter"] == reporter)


def returns_due_on_5_january() -> Returns:
    returns = Returns()
    returns.measure("a")
    returns.send("2023-Q4", "03", {"a": 1}, sha256="other")
    return returns


def test_an_expected_reporter_without_a_file_is_missing(run_model: RunModel) -> None:
    row = status(run_model, returns_due_on_5_january())
    assert (row["state"], row["receipts"], row["file"], row["days_late"]) == ("missing", 0, None, None)
    assert (row["reporter_name"], row["reporter_kind"], row["sort"]) == ("Đơn vị 01", "area", 1)
    assert not any(row[flag] for flag in ("is_late", "is_corrected", "has_rejected_newer", "is_registered"))


def test_a_form_for_another_month_is_still_missing(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, month="2023-09")
    row = status(run_model, returns)
    assert (row["state"], row["receipts"]) == ("missing", 1)


def test_late_is_a_first_receipt_after_the_due_day(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, received_on=date(2024, 1, 5))
    returns.send("2023-Q4", "02", {"a": 1}, received_on=date(2024, 1, 8))
    on_time, late = (status(run_model, returns, reporter) for reporter in ("01", "02"))
    assert (on_time["state"], on_time["is_late"], on_time["days_late"]) == ("accepted", False, 0)
    assert (late["state"], late["is_late"], late["days_late"]) == ("accepted", True, 3)
    assert late["due_on"] == date(2024, 1, 5)


def test_who_sent_in_time_and_corrected_after_the_due_day_is_not_late(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", received_on=date(2024, 1, 4))
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", received_on=date(2024, 1, 9))
    row = status(run_model, returns)
    assert (row["is_late"], row["days_late"], row["is_corrected"], row["file"]) == (False, 0, True, "B.xlsx")


def test_other_bytes_for_the_same_form_are_a_correction(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"b": 1}, sha256="F2", form="bieu02")
    assert not status(run_model, returns)["is_corrected"]


def test_the_corrected_file_is_the_one_shown(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", is_registered=False)
    row = status(run_model, returns)
    assert (row["is_corrected"], row["file"], row["receipts"]) == (True, "B.xlsx", 2)
    assert row["is_registered"] is False


def test_the_same_bytes_again_are_no_correction(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.receive("2023-Q4", "A", "01")
    row = status(run_model, returns)
    assert (row["is_corrected"], row["receipts"], row["seq"]) == (False, 2, 3)


def test_a_rejected_newer_file_is_said(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", accepted=False)
    row = status(run_model, returns)
    assert (row["state"], row["has_rejected_newer"], row["file"]) == ("accepted", True, "A.xlsx")


def test_a_rejected_older_file_is_not(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", accepted=False)
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    assert not status(run_model, returns)["has_rejected_newer"]


def test_an_unreadable_newer_file_is_known_by_the_register(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.receive("2023-Q4", "broken", "01")
    returns.add("submissions", quarter="2023-Q4", sha256="broken", file="broken.xlsx", is_accepted=False)
    returns.receive("2023-Q4", "broken", "02")
    assert status(run_model, returns)["has_rejected_newer"]
    alone = status(run_model, returns, "02")
    assert (alone["state"], alone["file"], alone["has_rejected_newer"]) == ("rejected", "broken.xlsx", False)


def test_a_registered_file_whose_bytes_are_gone_is_missing_not_rejected(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.receive("2023-Q4", "gone", "01")
    row = status(run_model, returns)
    assert (row["state"], row["receipts"], row["file"]) == ("missing", 1, None)


def test_findings_of_the_files_that_count(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="old")
    returns.send("2023-Q4", "01", {"a": 1}, sha256="new")
    returns.send("2023-Q4", "02", {"a": 1}, sha256="refused", accepted=False)
    for sha256, severity, cell in (
        ("old", "error", "A1"),
        ("new", "warn", "A1"),
        ("new", "warn", "A2"),
        ("refused", "error", "A1"),
    ):
        returns.add("findings", quarter="2023-Q4", sha256=sha256, rule="total-differs", severity=severity, cell=cell)
    counts = [status(run_model, returns, reporter) for reporter in ("01", "02")]
    assert [(row["errors"], row["warns"]) for row in counts] == [(0, 2), (1, 0)]
    assert run_model("marts/data_quality", returns.tables) == [
        {"quarter": "2023-Q4", "rule": "total-differs", "severity": "warn", "findings": 2, "reporters": 1}
    ]


def test_a_copy_under_a_second_name_changes_nothing(run_model: RunModel) -> None:
    returns = returns_due_on_5_january()
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    finding = {"quarter": "2023-Q4", "sha256": "A", "rule": "r", "severity": "warn", "cell": "A1"}
    for table in ("submissions", "forms", "observations"):
        row = next(row for row in returns.tables[f"raw.{table}"] if row["sha256"] == "A")
        returns.add(table, **{**row, "file": "copy.xlsx"})
    returns.receive("2023-Q4", "A", "01", file="copy.xlsx", is_registered=False)
    for file in ("A.xlsx", "copy.xlsx"):
        returns.add("findings", **finding, file=file)
    row = status(run_model, returns)
    assert (row["state"], row["receipts"], row["warns"], row["is_corrected"]) == ("accepted", 2, 1, False)
    (quality,) = run_model("marts/data_quality", returns.tables)
    assert quality["findings"] == 1
    (value,) = [row for row in run_model("staging/observations", returns.tables) if row["area_code"] == "01"]
    assert value["value"] == 1
