"""Equations of the poverty forms fail at the level that shows them: commune, district, city."""

from datetime import date
from typing import Any

from .check_tables import BALANCED_FORM
from .conftest import RunModel
from .returns import Returns
from .test_poverty import with_forms

Q4 = "2023-Q4"


def at(commune: str, **changed: int | None) -> dict[str, Any]:
    return {f"{measure}@{commune}": value for measure, value in (BALANCED_FORM | changed).items()}


def broken(run_model: RunModel, returns: Returns, check: str) -> list[tuple[str, str, float, float]]:
    rows = run_model(f"checks/{check}", returns.tables)
    return [(row["area_code"], row["subject"], float(row["found"]), float(row["expected"])) for row in rows]


def test_what_a_commune_shows_is_said_once(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(Q4, "02", at("0201", poor_households=7) | at("0202"))
    assert broken(run_model, returns, "poverty_conservation") == [("0201", "poor_households", 7, 6)]


def test_a_district_does_not_balance_where_a_commune_left_a_column_empty(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(Q4, "02", at("0201") | at("0202", poor_households=None))
    assert broken(run_model, returns, "poverty_conservation") == [("02", "poor_households", 6, 12)]


def test_the_city_does_not_balance_where_a_district_left_a_column_empty(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(Q4, "02", at("0201", poor_households=None))
    returns.send(Q4, "03", at("0302"))
    assert broken(run_model, returns, "poverty_conservation") == [("city", "poor_households", 6, 12)]


def test_a_district_says_what_its_communes_do_not(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(Q4, "02", at("0201", poor_households=7) | at("0202", poor_households=None))
    assert broken(run_model, returns, "poverty_conservation") == [
        ("02", "poor_households", 7, 12),
        ("0201", "poor_households", 7, 6),
    ]


def test_the_two_movement_forms_differ_where_a_commune_is_only_on_one(run_model: RunModel) -> None:
    returns = with_forms()
    both = {"poor_to_near_poor_households@0201": 3, "near_poor_from_poor_households@0201": 3}
    returns.send(Q4, "02", {**both, "poor_to_near_poor_households@0202": 2})
    returns.send(Q4, "03", {"poor_to_near_poor_households@0301": 4})
    assert broken(run_model, returns, "poverty_forms_differ") == [
        ("02", "poor_to_near_poor_households", 5, 3),
        ("city", "poor_to_near_poor_households", 9, 3),
    ]


def test_the_review_differs_from_the_movements_at_district_level(run_model: RunModel) -> None:
    returns = with_forms()
    returns.measure("review_poor_households", level="commune")
    returns.send(Q4, "02", {"poor_households@0201": 3, "review_poor_households@0202": 4})
    assert broken(run_model, returns, "poverty_review_differs") == [("02", "poor_households", 3, 4)]


def renumbered() -> Returns:
    """District 02 had one commune until 2022 and has another since."""
    returns = Returns()
    returns.area("0201", level="commune", parent_code="02", valid_to=date(2022, 12, 31))
    returns.area("0202", level="commune", parent_code="02", valid_from=date(2023, 1, 1))
    for code in ("poor_opening_households", "poor_households"):
        returns.measure(code, level="commune")
    return returns


def test_a_district_continues_where_its_communes_changed(run_model: RunModel) -> None:
    returns = renumbered()
    returns.send("2022-Q4", "02", {"poor_households@0201": 5})
    returns.send("2023-Q1", "02", {"poor_opening_households@0202": 6})
    assert broken(run_model, returns, "opening_differs") == [("02", "poor_opening_households", 6, 5)]


def test_a_district_that_continues_is_not_named(run_model: RunModel) -> None:
    returns = renumbered()
    returns.communes("02", "0203")
    returns.send("2022-Q4", "02", {"poor_households@0201": 5, "poor_households@0203": 1})
    returns.send("2023-Q1", "02", {"poor_opening_households@0202": 4, "poor_opening_households@0203": 2})
    assert broken(run_model, returns, "opening_differs") == [("0203", "poor_opening_households", 2, 1)]


def test_sums_with_a_commune_missing_do_not_compare_in_time(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2022-Q4", "02", {f"poor_households@{commune}": 5 for commune in ("0201", "0202", "0203")})
    returns.send("2023-Q1", "02", {"poor_opening_households@0201": 5, "poor_opening_households@0202": 5})
    assert broken(run_model, returns, "opening_differs") == []


def test_a_part_exceeds_the_whole_of_the_district_alone(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(Q4, "02", {"poor_households@0201": 4, "households@0202": 3})
    assert broken(run_model, returns, "poverty_bounds") == [("02", "poor_households cộng hộ cận nghèo", 4, 3)]
