"""Every check passes on clean figures and names what breaks it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from .check_tables import (
    BALANCED_FORM,
    NEAR_POOR_FORM,
    Q3,
    Q4,
    a_receipt,
    communes,
    corrected,
    flow,
    from_agency,
    once_and_twice,
    planned,
    ratio,
    received,
    rows_of_a_form,
    sent,
    stated,
    stated_total,
    stock,
    twice,
)
from .conftest import SQL_FOLDER, RunModel, Tables

COLUMNS = ["quarter", "area_code", "subject", "found", "expected"]
CASES: dict[str, list[tuple[Tables, Tables, list[tuple[Any, ...]]]]] = {
    "received_after_lock": [
        (
            received(date(2024, 1, 20)),
            received(date(2024, 1, 21)),
            [(Q4, "01", "A.xlsx", "2024-01-21", "by the lock day")],
        ),
    ],
    "waiver_without_use": [
        (
            received(date(2024, 1, 21), "period-locked"),
            received(date(2024, 1, 20), "period-locked"),
            [(Q4, "01", "period-locked", "not used", "a finding or a date it lets pass")],
        ),
    ],
    "repeated_area": [once_and_twice("staging.areas", "quarter, area_code", f"('{Q4}', '01')")],
    "repeated_indicator": [once_and_twice("staging.indicators", "quarter, indicator_code", f"('{Q4}', 'I')")],
    "repeated_observation": [
        once_and_twice(
            "staging.observations",
            "quarter, measure, area_code, month, series",
            f"('{Q4}', 'a', '01', '2023-12', 'actual')",
        )
    ],
    "repeated_indicator_value": [
        once_and_twice("marts.indicator_values", "quarter, indicator_code, area_code", f"('{Q4}', 'I', '01')")
    ],
    "repeated_indicator_progress": [
        once_and_twice("marts.indicator_progress", "quarter, indicator_code", f"('{Q4}', 'I')")
    ],
    "repeated_poverty_rate": [
        once_and_twice("marts.poverty_rates", "quarter, area_code, standard", f"('{Q4}', '01', 'chuan')")
    ],
    "unknown_area": [
        (sent(a=1), sent(a=1, a__99=2), [(Q4, "99", "a", "99", "a code of areas.csv")]),
    ],
    "unknown_measure": [
        (sent(a=1), sent(a=1, z=2), [(Q4, None, "z", "z", "a code of measures.csv")]),
    ],
    "rows_not_accounted": [
        (rows_of_a_form(3), rows_of_a_form(4), [(Q4, "02", "sha-0.xlsx Biểu 01 bieu01", 3, 4)]),
    ],
    "receipt_without_submission": [
        (
            a_receipt(with_submission=True),
            a_receipt(with_submission=False),
            [(Q4, "02", "sha-0.xlsx", "no submission", "sha-0")],
        ),
    ],
    "area_not_in_force": [
        (
            sent(a=1),
            sent(a=1, a__old=2),
            [(Q4, "old", "a", "not in force", "in force at the end of the quarter")],
        ),
    ],
    "area_of_another_reporter": [
        (sent(a=1, c__0201=1), sent(a=1, a__03=2), [(Q4, "03", "a", "02", "03")]),
        (sent(a=1), sent(a__city=1), [(Q4, "city", "a", "02", None)]),
    ],
    "measure_at_wrong_level": [
        (sent(a=1, c__0201=1), sent(m=3), [(Q4, "02", "m", "district", "city")]),
        (sent(m=None), sent(c=3), [(Q4, "02", "c", "district", "commune")]),
    ],
    "measure_given_twice": [
        (
            twice(5),
            twice(6),
            [(Q4, "02", "a actual", "sha-0.xlsx Biểu 01!E14: 6.0000", "sha-0.xlsx Biểu 01!E10: 5.0000")],
        ),
    ],
    "communes_missing": [
        (
            sent(c__0201=1, c__0202=0),
            sent(c__0201=1, c__0202=None),
            [(Q4, "0202", "02", "no figure", "figures of the commune")],
        ),
    ],
    "unexpected_reporter": [
        (from_agency(Q4), from_agency(Q3), [(Q3, "so", "bieu05", "sha-0.xlsx", "nothing expected")]),
    ],
    "value_where_not_applicable": [
        (
            ratio(1, 2, district="01"),
            ratio(1, 2, district="01", applies_to="rural_areas"),
            [(Q4, "01", "I", 1, "not applicable")],
        ),
        (ratio("x", "x", district="01", applies_to="rural_areas"), {}, []),
    ],
    "ratio_without_denominator": [(ratio(0, 0), ratio(1, 0), [(Q4, "02", "I", 1, 0)])],
    "part_exceeds_whole": [
        (ratio(2, 2), ratio(3, 2), [(Q4, "02", "I", 3, 2)]),
        (ratio(3, 2, scale=10000), {}, []),
    ],
    # 2 of 9 is 22.2222...
    "stated_rate_differs": [
        (stated(22.2), stated(22.3), [(Q4, "02", "I Biểu 01!E9", 22.3, 200 / 9)]),
        (stated(22), stated(23), [(Q4, "02", "I Biểu 01!E9", 23, 200 / 9)]),
        (stated(22.222222), stated(22.23), [(Q4, "02", "I Biểu 01!E9", 22.23, 200 / 9)]),
        (stated(None), stated(0, denominator=2000), [(Q4, "02", "I Biểu 01!E9", 0, 0.1)]),
    ],
    "stated_total_differs": [
        (stated_total(6), stated_total(7), [(Q4, "02", "c Biểu 01!E9", 7, 6)]),
        # a subtotal of a zone, and a sum with a commune missing, are not that total
        (stated_total(9, kind="subtotal"), {}, []),
        (stated_total(9, second=None), {}, []),
    ],
    "correction_outdated": [
        (corrected(5), corrected(6), [(Q4, "02", "a actual", "5.0000", "6.0000")]),
        (
            corrected(6, quarter="2023-Q3"),
            corrected(None),
            [(Q4, "02", "a actual", "5.0000", "missing")],
        ),
        ({}, corrected(5, area_code="03"), [(Q4, "03", "a actual", "no row", "5.0000")]),
    ],
    "declared_poverty_differs": [
        (
            communes({"declared_poor_households": 6, "poor_households": 6, "households": 100}),
            communes({"declared_households": 99, "poor_households": 6, "households": 100}),
            [(Q4, "02", "declared_households", 99, 100)],
        ),
        (communes({"declared_households": 99, "households": None}), {}, []),
    ],
    "poverty_conservation": [
        (
            communes(BALANCED_FORM),
            communes({**BALANCED_FORM, "poor_households": 7}),
            [(Q4, "0201", "poor_households", 7, 6)],
        ),
        (
            communes(NEAR_POOR_FORM),
            communes({**NEAR_POOR_FORM, "near_poor_new_persons": 2}),
            [(Q4, "0201", "near_poor_persons", 6, 7)],
        ),
        (communes({**BALANCED_FORM, "poor_households": 7, "poor_new_households": None}), {}, []),
    ],
    "poverty_forms_differ": [
        (
            communes({"poor_to_near_poor_households": 3, "near_poor_from_poor_households": 3}),
            communes({"poor_from_near_poor_persons": 3, "near_poor_to_poor_persons": 4}),
            [(Q4, "0201", "poor_from_near_poor_persons", 3, 4)],
        ),
    ],
    "poverty_review_differs": [
        (
            communes({"poor_households": 3, "review_poor_households": 3, "near_poor_persons": 9}),
            communes({"near_poor_persons": 3, "review_near_poor_persons": 4}),
            [(Q4, "0201", "near_poor_persons", 3, 4)],
        ),
    ],
    "poverty_bounds": [
        (
            communes({"poor_households": 3, "near_poor_households": 7, "households": 10}),
            communes({"poor_households": 4, "near_poor_households": 7, "households": 10}),
            [(Q4, "0201", "poor_households cộng hộ cận nghèo", 11, 10)],
        ),
        (
            communes({"minority_households": 10, "households": 10}),
            communes({"minority_poor_households": 2, "poor_households": 1}),
            [(Q4, "0201", "minority_poor_households", 2, 1)],
        ),
    ],
    "household_size": [
        (
            communes({"households": 10, "persons": 120}),
            communes({"households": 10, "persons": 121}),
            [(Q4, "0201", "persons", 121, 10)],
        ),
        (
            communes({"poor_households": 3, "poor_persons": 3}),
            communes({"poor_households": 3, "poor_persons": 2}),
            [(Q4, "0201", "poor_persons", 2, 3)],
        ),
    ],
    "opening_differs": [
        (
            communes({"poor_opening_households": 5}, {"poor_households": 5}),
            communes({"poor_opening_households": 5}, {"poor_households": 6}),
            [(Q4, "0201", "poor_opening_households", 5, 6)],
        ),
        (
            communes({"poor_opening_households": 5}, {"poor_households": 6}, standards={2023: "moi"}),
            {},
            [],
        ),
    ],
    "opening_changes": [
        (
            communes({"poor_opening_households": 5}, {"poor_opening_households": 5}, before=Q3),
            communes({"poor_opening_households": 5}, {"poor_opening_households": 6}, before=Q3),
            [(Q4, "0201", "poor_opening_households", 5, 6)],
        ),
        # a new year has a new opening number
        (
            communes({"poor_opening_households": 5}, {"poor_opening_households": 6}, quarter="2023-Q1"),
            {},
            [],
        ),
    ],
    "flow_decreases": [
        (
            flow({"actual": 5}, {"actual": 5}),
            flow({"actual": 4}, {"actual": 5}),
            [(Q4, "02", "jobs", 4, 5)],
        ),
        (flow({"actual": 1}, {"actual": 5}, quarter="2023-Q1", earlier="2022-Q4"), {}, []),
    ],
    "in_period_differs": [
        (
            flow({"actual": 9, "in_period": 4}, {"actual": 5}),
            flow({"actual": 9, "in_period": 9}, {"actual": 5}),
            [(Q4, "02", "jobs", 9, 4)],
        ),
        (
            flow({"actual": 3, "in_period": 3}, {"actual": 50}, quarter="2023-Q1", earlier="2022-Q4"),
            flow({"actual": 3, "in_period": 2}, {"actual": 50}, quarter="2023-Q1", earlier="2022-Q4"),
            [("2023-Q1", "02", "jobs", 2, 3)],
        ),
    ],
    "same_period_differs": [
        (
            flow({"last_year": 5}, {"actual": 5}, earlier="2022-Q4"),
            flow({"last_year": 5}, {"actual": 6}, earlier="2022-Q4"),
            [(Q4, "02", "jobs", 5, 6)],
        ),
        (
            communes({"poor_households:last_year": 5}, {"poor_households": 6}, standards={2022: "cu"}),
            communes({"poor_households:last_year": 5}, {"poor_households": 6}),
            [(Q4, "0201", "poor_households", 5, 6)],
        ),
    ],
    "figure_out_of_line": [
        (stock(249, 50), stock(250, 50), [(Q4, "02", "a", 250, 50)]),
        (stock(11, 50), stock(10, 50), [(Q4, "02", "a", 10, 50)]),
        (stock(49, 1), stock(0, 50), [(Q4, "02", "a", 0, 50)]),
        (stock(500, 0), {}, []),
        (
            flow({"actual": 249}, {"actual": 50}, earlier="2022-Q4"),
            flow({"actual": 250}, {"actual": 50}, earlier="2022-Q4"),
            [(Q4, "02", "jobs", 250, 50)],
        ),
        # a flow starts anew each year: the quarter before says nothing of it
        (flow({"actual": 500}, {"actual": 50}), {}, []),
        (
            communes({"poor_households": 500}, {"poor_households": 50}, quarter="2023-Q1", standards={2022: "cu"}),
            communes({"poor_households": 500}, {"poor_households": 50}, quarter="2023-Q1"),
            [("2023-Q1", "0201", "poor_households", 500, 50)],
        ),
    ],
    "plan_on_record_differs": [
        (planned(5), planned(6), [(Q4, "02", "jobs", 6, 5)]),
        (planned(5, measure="jobs"), planned(50, measure="jobs"), [(Q4, "02", "jobs", 50, 5)]),
        (planned(6, op="approx"), {}, []),
    ],
    "plan_changes": [
        (flow({"plan": 5}, {"plan": 5}), flow({"plan": 5}, {"plan": 6}), [(Q4, "02", "jobs", 5, 6)]),
    ],
}


def test_every_check_is_tried() -> None:
    assert {path.stem for path in SQL_FOLDER.glob("checks/*.sql")} == set(CASES)


@pytest.mark.parametrize(
    ("name", "tables"),
    [(name, clean) for name, cases in CASES.items() for clean, _, _ in cases],
    ids=[f"{name}-{number}" for name, cases in CASES.items() for number in range(len(cases))],
)
def test_a_check_passes(run_model: RunModel, name: str, tables: Tables) -> None:
    assert run_model(f"checks/{name}", tables) == []


@pytest.mark.parametrize(
    ("name", "tables", "broken"),
    [(name, broken, rows) for name, cases in CASES.items() for _, broken, rows in cases if rows],
    ids=[f"{name}-{n}" for name, cases in CASES.items() for n, case in enumerate(cases) if case[2]],
)
def test_a_check_fails(run_model: RunModel, name: str, tables: Tables, broken: list[tuple[Any, ...]]) -> None:
    rows = run_model(f"checks/{name}", tables)
    assert all(list(row) == COLUMNS for row in rows)
    assert [tuple(map(plain, row.values())) for row in rows] == [
        tuple(pytest.approx(value) if isinstance(value, (int, float)) else value for value in row) for row in broken
    ]


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
