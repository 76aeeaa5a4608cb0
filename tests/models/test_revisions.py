"""Figures against the issued briefing: preliminary, revised and why."""

from datetime import date
from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns

Q4 = "2023-Q4"
ISSUED = date(2024, 1, 15)
BEFORE, AFTER = date(2024, 1, 5), date(2024, 1, 20)


def sent(day: date = BEFORE) -> Returns:
    returns = Returns()
    returns.communes("02", "0201")
    returns.measure("a", name_vi="Số a")
    returns.indicator("I", "a")
    returns.target("I", "year", "ge", 10, year=2023, issued_on=date(2022, 12, 1))
    returns.send(Q4, "01", {"a": 5}, received_on=BEFORE)
    returns.send(Q4, "02", {"a": 6}, received_on=BEFORE)
    returns.send(Q4, "03", {"a": 0}, received_on=day)
    return returns


def issue(returns: Returns, status: str = "year_exceeded", **figures: float | None) -> None:
    returns.add("issues", quarter=Q4, number="01/BC", issued_on=ISSUED)
    for area, numerator in {"city": 11, "d01": 5, "d02": 6, "d03": 0, **figures}.items():
        area = area.removeprefix("d")
        returns.add(
            "issued_figures",
            quarter=Q4,
            indicator_code="I",
            area_code=area,
            numerator=numerator,
            status=status if area == "city" else None,
            printed=str(numerator),
        )


def marks(run_model: RunModel, returns: Returns) -> dict[str, str]:
    values = run_model("marts/indicator_values", returns.tables)
    (progress,) = run_model("marts/indicator_progress", returns.tables)
    return {row["area_code"]: row["mark"] for row in values} | {"status": progress["mark"]}


def revisions(run_model: RunModel, returns: Returns) -> dict[str, dict[str, Any]]:
    return {row["area_code"]: row for row in run_model("marts/revisions", returns.tables)}


def test_figures_of_a_quarter_not_issued_are_preliminary(run_model: RunModel) -> None:
    assert set(marks(run_model, sent()).values()) == {"p"}
    assert revisions(run_model, sent()) == {}


def test_what_was_issued_and_still_holds_has_no_mark(run_model: RunModel) -> None:
    returns = sent()
    issue(returns)
    assert set(marks(run_model, returns).values()) == {""}
    assert revisions(run_model, returns) == {}


def test_a_resubmission_revises_its_area_and_the_city(run_model: RunModel) -> None:
    returns = sent()
    issue(returns)
    returns.send(Q4, "02", {"a": 8}, received_on=AFTER)
    assert marks(run_model, returns) == {"city": "r", "01": "", "02": "r", "03": "", "status": "r"}
    rows = revisions(run_model, returns)
    assert list(rows) == ["02", "city"]
    assert (rows["02"]["old_numerator"], rows["02"]["new_numerator"], rows["02"]["mark"]) == (6, 8, "r")
    assert {row["reason_vi"] for row in rows.values()} == {"Đơn vị 02 gửi lại báo cáo ngày 20/01/2024"}
    assert (rows["city"]["old_status"], rows["city"]["new_status"]) == ("year_exceeded", "year_exceeded")
    assert (rows["city"]["issue_number"], rows["city"]["issued_on"]) == ("01/BC", ISSUED)


def test_a_figure_that_came_or_went_is_revised(run_model: RunModel) -> None:
    returns = sent(AFTER)
    issue(returns, d03=None)
    assert marks(run_model, returns)["03"] == "r"
    assert revisions(run_model, returns)["03"]["old_numerator"] is None


def test_a_correction_is_named_with_its_reason(run_model: RunModel) -> None:
    returns = sent()
    issue(returns)
    correction = {"quarter": Q4, "measure": "a", "area_code": "01", "series": "actual", "old_value": 5}
    returns.add("corrections", **correction, new_value=4, reason="ghi nhầm", agreed_by="Sở", agreed_on=AFTER)
    rows = revisions(run_model, returns)
    assert list(rows) == ["01", "city"]
    assert rows["city"]["reason_vi"] == "đính chính Số a của Đơn vị 01: ghi nhầm"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("target", "kế hoạch thay đổi theo Quyết định"),
        ("assessment", "đánh giá lại theo Kết luận"),
        (None, "số liệu tính lại"),
    ],
)
def test_a_status_that_changed_is_a_revision(run_model: RunModel, cause: str | None, reason: str) -> None:
    returns = sent()
    issue(returns, status="year_exceeded" if cause else "behind")
    if cause == "target":
        returns.target("I", "year", "ge", 20, year=2023, issued_on=AFTER, document="Quyết định")
    if cause == "assessment":
        returns.assess(Q4, "I", "difficult", assessed_on=AFTER, document="Kết luận")
    rows = revisions(run_model, returns)
    assert list(rows) == ["city"]
    assert rows["city"]["reason_vi"] == reason
    assert marks(run_model, returns) == {"city": "", "01": "", "02": "", "03": "", "status": "r"}


def test_many_causes_are_counted(run_model: RunModel) -> None:
    returns = sent()
    for code in ("04", "05", "06"):
        returns.area(code, sort=9)
    issue(returns)
    for code in ("01", "02", "03", "04", "05", "06"):
        returns.send(Q4, code, {"a": 1}, received_on=AFTER)
    reason = revisions(run_model, returns)["city"]["reason_vi"]
    assert reason.count("gửi lại") == 4
    assert reason.endswith("; và 2 nguyên nhân khác")


def test_what_the_issue_did_not_list_has_no_mark(run_model: RunModel) -> None:
    returns = sent()
    returns.add("issues", quarter=Q4, number="01/BC", issued_on=ISSUED)
    assert set(marks(run_model, returns).values()) == {""}
