"""Which receipt, which cell and which area count."""

from datetime import date

import pytest

from .conftest import RunModel
from .returns import Returns


@pytest.fixture
def returns() -> Returns:
    made = Returns()
    made.measure("a")
    made.indicator("I", "a")
    return made


def test_the_same_bytes_received_again_count_again(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B")
    returns.receive("2023-Q4", "A", "01")
    (row,) = run_model("staging/observations", returns.tables)
    assert row["value"] == 1
    (form,) = run_model("staging/forms_in_force", returns.tables)
    assert (form["seq"], form["sha256"]) == (3, "A")


def test_a_rejected_newer_form_leaves_the_older_in_use(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"a": 2}, sha256="B", accepted=False)
    (row,) = run_model("staging/observations", returns.tables)
    assert row["value"] == 1


def test_forms_of_one_reporter_come_into_force_one_by_one(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A", form="bieu01")
    returns.send("2023-Q4", "01", {"b": 7}, sha256="B", form="bieu02")
    rows = run_model("staging/observations", returns.tables)
    assert {row["measure"]: row["value"] for row in rows} == {"a": 1, "b": 7}


def test_the_same_bytes_serve_two_quarters(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q3", "01", {"a": 1}, sha256="A")
    returns.send("2023-Q4", "01", {"a": 1}, sha256="A")
    rows = run_model("staging/observations", returns.tables)
    assert [row["quarter"] for row in rows] == ["2023-Q3", "2023-Q4"]


def test_an_older_month_is_kept_but_not_current(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q4", "01", {"a": 1}, month="2023-11")
    returns.send("2023-Q4", "02", {"a": 2})
    rows = run_model("staging/observations", returns.tables)
    assert {row["month"]: row["is_current"] for row in rows} == {"2023-11": False, "2023-12": True}
    values = run_model("marts/indicator_values", returns.tables)
    city = next(row for row in values if row["area_code"] == "city")
    assert (city["numerator"], city["areas_reported"]) == (2, 1)


@pytest.mark.parametrize("month", ["2023-12", "2022-12"])
def test_the_column_of_last_year_belongs_to_its_form(run_model: RunModel, returns: Returns, month: str) -> None:
    returns.send("2023-Q4", "01", {"a:last_year": 5})
    returns.tables["raw.observations"][0]["month"] = month
    (row,) = run_model("staging/observations", returns.tables)
    assert (row["series"], row["value"], row["is_current"]) == ("last_year", 5, True)


@pytest.mark.parametrize(
    ("figures", "state", "value", "contradicted"),
    [
        ({"a": 5, "a#F9": 5}, "value", 5, False),
        ({"a": 5, "a#F9": 6}, "missing", None, True),
        ({"a": 5, "a#F9": None}, "value", 5, False),
        ({"a": 0, "a#F9": None}, "value", 0, False),
        ({"a": "x", "a#F9": "x"}, "not_applicable", None, False),
        ({"a": "x", "a#F9": 5}, "missing", None, True),
        ({"a": None}, "missing", None, False),
    ],
)
def test_a_measure_on_two_places_counts_once(
    run_model: RunModel, returns: Returns, figures: dict, state: str, value: int | None, contradicted: bool
) -> None:
    returns.send("2023-Q4", "01", figures)
    (row,) = run_model("staging/observations", returns.tables)
    assert (row["state"], row["value"], row["is_contradicted"]) == (state, value, contradicted)


def test_only_quarters_with_receipts_have_rows(run_model: RunModel, returns: Returns) -> None:
    returns.send("2023-Q3", "01", {"a": 1})
    assert [row["quarter"] for row in run_model("staging/quarters", returns.tables)] == ["2023-Q3"]
    assert {row["quarter"] for row in run_model("marts/indicator_progress", returns.tables)} == {"2023-Q3"}


def test_an_area_is_in_force_on_the_last_day(run_model: RunModel, returns: Returns) -> None:
    returns.area("04", valid_to=date(2023, 12, 30))
    returns.area("05", valid_to=date(2023, 12, 31))
    returns.area("06", valid_from=date(2024, 1, 1))
    returns.send("2023-Q4", "01", {"a": 1})
    areas = {row["area_code"] for row in run_model("staging/areas", returns.tables)}
    assert areas == {"city", "01", "02", "03", "05"}


def test_agencies_report_what_is_due(run_model: RunModel, returns: Returns) -> None:
    returns.add("owners", code="nam", name="Báo cáo năm")
    returns.measure("q", reported_by="agency", reporter="so", level="city")
    returns.measure("y", reported_by="agency", reporter="nam", level="city", frequency="yearly")
    for quarter in ("2023-Q3", "2023-Q4"):
        returns.send(quarter, "01", {"a": 1})
    rows = run_model("staging/expected_reporters", returns.tables)
    by_quarter = {
        quarter: [row["reporter"] for row in rows if row["quarter"] == quarter] for quarter in ("2023-Q3", "2023-Q4")
    }
    assert by_quarter == {"2023-Q3": ["01", "02", "03", "so"], "2023-Q4": ["01", "02", "03", "nam", "so"]}


def test_an_indicator_is_in_force_while_it_is_valid(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("OLD", "a", valid_to=date(2023, 9, 30))
    returns.indicator("NEW", "a", valid_from=date(2023, 10, 1))
    returns.send("2023-Q4", "01", {"a": 1})
    codes = [row["indicator_code"] for row in run_model("staging/indicators", returns.tables)]
    assert codes == ["I", "NEW"]
