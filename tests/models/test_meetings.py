"""What a meeting asks for: tasks, what last year left unfinished, what reporters wrote."""

from datetime import date
from typing import Any

import pytest

from .conftest import RunModel
from .one_indicator import agency, with_stock
from .returns import Returns

Q4 = "2023-Q4"


def task(returns: Returns, code: str = "T1", **more: Any) -> None:
    row = {"id": code, "indicator_code": "I", "task": f"việc {code}", "lead": "so", "state": "open"}
    returns.add("tasks", **{**row, "assigned_on": date(2023, 4, 1), "basis": "published", **more})


def tasks(run_model: RunModel, returns: Returns) -> list[dict[str, Any]]:
    return [row for row in run_model("marts/tasks", returns.tables) if row["quarter"] == Q4]


def dated(day: date = date(2024, 1, 10)) -> Returns:
    returns = Returns()
    returns.measure("a")
    returns.send(Q4, "01", {"a": 1}, received_on=day)
    return returns


@pytest.mark.parametrize(
    ("more", "state", "days"),
    [
        ({}, "open", 0),
        ({"due_on": date(2024, 1, 10)}, "open", 0),
        ({"due_on": date(2024, 1, 7)}, "overdue", 3),
        ({"due_on": date(2024, 1, 7), "state": "done", "done_on": date(2024, 1, 10)}, "done", 0),
        ({"due_on": date(2024, 1, 7), "state": "done", "done_on": date(2024, 1, 11)}, "overdue", 3),
        ({"state": "done", "done_on": date(2024, 1, 11)}, "open", 0),
        ({"state": "done"}, "done", 0),
        ({"due_on": date(2023, 1, 1), "state": "cancelled"}, "cancelled", 0),
    ],
)
def test_a_task_stands_as_it_stood_on_the_day(run_model: RunModel, more: dict[str, Any], state: str, days: int) -> None:
    returns = dated()
    task(returns, **more)
    (row,) = tasks(run_model, returns)
    assert (row["state_at_quarter"], row["days_overdue"], row["as_of"]) == (state, days, date(2024, 1, 10))


def test_the_day_is_that_of_the_latest_dated_input(run_model: RunModel) -> None:
    returns = dated()
    returns.assess(Q4, "I", "difficult", assessed_on=date(2024, 1, 12))
    returns.assess("2024-Q1", "I", "difficult", assessed_on=date(2024, 4, 12))
    returns.add("corrections", quarter="2023-Q3", measure="a", area_code="01", agreed_on=date(2024, 1, 14))
    for day in (12, 13, 14, 15):
        task(returns, f"T{day}", assigned_on=date(2024, 1, day))
    assert [row["task_id"] for row in tasks(run_model, returns)] == ["T12", "T13", "T14"]


@pytest.mark.parametrize(("lead", "name"), [("so", "Sở"), ("02", "Đơn vị 02"), ("Mặt trận", "Mặt trận")])
def test_who_leads_is_named(run_model: RunModel, lead: str, name: str) -> None:
    returns = dated()
    task(returns, lead=lead)
    assert tasks(run_model, returns)[0]["lead_name"] == name


def unfinished(run_model: RunModel, returns: Returns, quarter: str = "2023-Q1") -> dict[str, dict[str, Any]]:
    rows = run_model("marts/unfinished", returns.tables)
    return {row["indicator_code"]: row for row in rows if row["quarter"] == quarter}


def test_what_was_difficult_at_the_end_of_last_year_is_followed(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 10, year=2022)
    returns.indicator("DONE", "level", aggregation="city_only")
    returns.target("DONE", "year", "ge", 5, year=2022)
    agency(returns, "2022-Q4", 8)
    agency(returns, "2023-Q1", 12)
    returns.target("I", "year", "ge", 11, year=2023)
    task(returns, "T1", assigned_on=date(2019, 1, 1), due_on=date(2019, 6, 1))
    task(returns, "T2", assigned_on=date(2019, 1, 1), due_on=date(2029, 6, 1))
    task(returns, "T3", assigned_on=date(2019, 1, 1), state="done")
    rows = unfinished(run_model, returns)
    assert list(rows) == ["I"]
    row = rows["I"]
    assert (row["status_then"], row["status_now"], row["is_overcome"]) == ("missed", "year_exceeded", True)
    assert (row["owner_name"], row["open_tasks"], row["overdue_tasks"]) == ("Sở", 2, 1)
    assert row["remedy"] == "việc T1. việc T2"


def test_a_recorded_status_decides_what_is_unfinished(run_model: RunModel) -> None:
    returns = with_stock()
    returns.target("I", "year", "ge", 10, year=2022)
    agency(returns, "2022-Q4", 8)
    returns.assess("2022-Q4", "I", "year_done", assessed_on=date(2023, 1, 12))
    agency(returns, "2023-Q1", 8)
    assert unfinished(run_model, returns) == {}


def test_an_indicator_that_was_dropped_is_said_to_be(run_model: RunModel) -> None:
    returns = with_stock(valid_to=date(2022, 12, 31))
    returns.target("I", "year", "ge", 10, year=2022)
    agency(returns, "2022-Q4", 8)
    agency(returns, "2023-Q1", 8)
    row = unfinished(run_model, returns)["I"]
    assert (row["is_in_force"], row["status_now"], row["is_overcome"], row["remedy"]) == (False, None, False, None)


def remark(returns: Returns, sha256: str, text: str, sheet: str = "Biểu 01", cell: str = "H9", **more: Any) -> None:
    row = {"quarter": Q4, "sha256": sha256, "file": f"{sha256}.xlsx", "sheet": sheet, "cell": cell, "text": text}
    returns.add("remarks", **{**row, "reporter": "02", "row_label": "Dòng", **more})


def test_remarks_are_those_of_the_forms_in_force(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("a")
    returns.send(Q4, "02", {"a": 1}, sha256="old", form="bieu01")
    returns.send(Q4, "02", {"b": 1}, sha256="old", form="bieu02")
    returns.send(Q4, "02", {"a": 1}, sha256="new", form="bieu01")
    remark(returns, "old", "đã thay")
    remark(returns, "old", "còn dùng", sheet="Biểu 02")
    remark(returns, "old", "lời chung", sheet="Kiến nghị")
    remark(returns, "new", "mới")
    remark(returns, "new", "mới", file="bản sao.xlsx")
    remark(returns, "elsewhere", "không ai gửi")
    rows = run_model("marts/remarks", returns.tables)
    assert [(row["text"], row["place"]) for row in sorted(rows, key=lambda row: row["place"])] == [
        ("mới", 1),
        ("còn dùng", 2),
        ("lời chung", 3),
    ]
    assert {(row["reporter"], row["reporter_name"], row["reporter_sort"]) for row in rows} == {("02", "Đơn vị 02", 2)}
