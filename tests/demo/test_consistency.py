"""The figures of every quarter the stories know agree with one another, as good returns would."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.quarters import Quarter
from tests.demo.conftest import Told, rows_of
from tests.demo.figures import SERIES, demo_truth
from tests.demo.poverty import SHARED
from tests.demo.split import split_total

FLOWS = {
    "poor": (
        {"poor_to_near_poor", "poor_above_near_poor", "poor_other_decrease"},
        {"poor_from_near_poor", "poor_returned", "poor_new", "poor_other_increase"},
    ),
    "near_poor": (
        {"near_poor_to_poor", "near_poor_above", "near_poor_other_decrease"},
        {"near_poor_from_poor", "near_poor_returned", "near_poor_new", "near_poor_other_increase"},
    ),
}


def test_households_and_persons_balance_in_every_commune(told: Told):
    for quarter in told.story.quarters:
        stocks, found = told.story.poverty[quarter], told.figures.by_commune(quarter)
        assert sum(found["poor_households"].values()) == stocks["poor"]
        assert sum(found["near_poor_households"].values()) == stocks["near_poor"]
        for commune in found["households"]:
            for what in ("households", "persons"):
                for stock, (out, into) in FLOWS.items():
                    change = sum(found[f"{kind}_{what}"][commune] for kind in into) - sum(
                        found[f"{kind}_{what}"][commune] for kind in out
                    )
                    closing = found[f"{stock}_{what}"][commune]
                    assert found[f"{stock}_opening_{what}"][commune] + change == closing
                    assert found[f"review_{stock}_{what}"][commune] == closing
                for one, other in SHARED.items():
                    assert found[f"{one}_{what}"][commune] == found[f"{other}_{what}"][commune]


def test_communes_are_plausible(told: Told):
    for quarter in told.story.quarters:
        found = told.figures.by_commune(quarter)
        stems = [measure.removesuffix("_households") for measure in found if measure.endswith("_households")]
        stems = [stem for stem in stems if f"{stem}_persons" in found]
        for commune, households in found["households"].items():
            assert households >= 600
            assert households <= found["persons"][commune] <= 8 * households
            assert found["poor_households"][commune] + found["near_poor_households"][commune] <= households
            minority = sum(found[f"minority_{stock}_households"][commune] for stock in FLOWS)
            assert minority <= found["minority_households"][commune] <= households
            for stem in stems:
                count, persons = found[f"{stem}_households"][commune], found[f"{stem}_persons"][commune]
                assert 0 <= count <= persons <= 8 * count
            for stock in FLOWS:
                of_minority = found[f"minority_{stock}_households"][commune]
                assert 0 <= of_minority <= found[f"{stock}_households"][commune]


def test_a_year_only_adds_to_its_flows_and_starts_where_the_last_ended(told: Told):
    kinds = set().union(*(out | into for out, into in FLOWS.values()))
    for quarter in told.story.quarters[1:]:
        now, before = told.figures.by_commune(quarter), told.figures.by_commune(quarter.previous)
        if quarter.number == 1:
            for stock in FLOWS:
                for what in ("households", "persons"):
                    assert now[f"{stock}_opening_{what}"] == before[f"{stock}_{what}"]
            continue
        for kind in kinds:
            for commune, count in now[f"{kind}_households"].items():
                assert count >= before[f"{kind}_households"][commune]


def test_no_part_exceeds_its_whole(told: Told):
    for quarter in told.story.quarters:
        for indicator in told.story.district_indicators():
            parts = told.story.indicator_parts(indicator)
            for district in told.story.districts if len(parts) == 2 else ():
                for series in ("in_period", "actual", "last_year"):
                    top, bottom = (told.figures.district_figure(part, district, quarter, series) for part in parts)
                    # a yearly figure over a quarterly one; and the poor under the standard before 1 January 2022
                    is_half = (indicator.is_yearly and quarter.number < 4) or quarter.year == 2022
                    assert (top is None) == (bottom is None) or (is_half and top is None)
                    assert top is None or 0 <= top <= (bottom or 0), (indicator.code, district, series)


def test_the_column_of_last_year_says_what_was_reported_then(told: Told):
    compared = 0
    for quarter in told.story.quarters:
        if quarter.same_last_year not in told.story.quarters:
            continue
        now, then = (demo_truth(told.folder, at) for at in (quarter, quarter.same_last_year))
        for (measure, area, series), value in now.items():
            if series == "last_year" and (measure, area, "actual") in then:
                assert value == then[measure, area, "actual"], (measure, area, quarter)
                compared += 1
    assert compared or len(told.story.quarters) == 4


def test_no_office_leaves_last_year_blank_where_it_has_a_figure_now(told: Told):
    for quarter in told.story.quarters:
        truth = demo_truth(told.folder, quarter)
        blank = {
            measure
            for (measure, area, series), value in truth.items()
            if series == "last_year" and value is None and truth[measure, area, "actual"] is not None
        }
        assert blank <= {"declared_poor_households"} and (not blank or quarter.year == 2022)


def test_the_first_workbook_of_ba_vi_lacked_fifteen_exits(hanoi: Told):
    right = hanoi.figures.by_commune(Quarter(2023, 4))
    first = hanoi.figures.by_commune(Quarter(2023, 4), ("271", 15))
    changed = {c for c in right["poor_households"] if first["poor_households"][c] != right["poor_households"][c]}
    assert len(changed) == 1
    assert sum(first["poor_households"].values()) == 690 + 15
    for stock, (out, into) in FLOWS.items():
        for commune, opening in first[f"{stock}_opening_persons"].items():
            change = sum(first[f"{kind}_persons"][commune] for kind in into) - sum(
                first[f"{kind}_persons"][commune] for kind in out
            )
            assert opening + change == first[f"{stock}_persons"][commune]


def test_truth_holds_a_figure_for_every_cell(hanoi: Told):
    truth = demo_truth(hanoi.folder, "2023-Q4")
    assert truth["poor_households", "09694", "actual"] is not None
    assert truth["rural_water_households", "001", "actual"] is None  # "x"
    assert truth["school_milk_pupils", "016", "actual"] is None  # "…"
    assert {series for _, _, series in truth} == set(SERIES)
    early = demo_truth(hanoi.folder, "2023-Q3")
    assert early["merit_families", "016", "actual"] is None
    assert early["vocational_enrolment", "city", "actual"] is not None
    assert ("life_expectancy", "city", "actual") not in early
    estimated = [
        code for code in hanoi.story.districts if (truth["health_managed_persons", code, "actual"] or 1) % 1000 == 0
    ]
    assert estimated == ["017", "021", "274"]


def test_truth_of_the_other_programme(long_an: Told):
    truth = demo_truth(long_an.folder, "2024-Q4")
    assert truth["border_communes", "794", "actual"] is None  # "x"
    assert truth["border_communes", "801", "actual"] == 5
    assert truth["hdi_high_group", "city", "actual"] is None  # "…"
    assert truth["malaria_eliminated", "city", "actual"] == 1
    assert ("housing_area_per_person", "city", "actual") not in truth  # the agency never sent
    assert sum(truth["administrative_units", code, "actual"] or 0 for code in long_an.story.districts) == 15 + 188


def test_split_total_keeps_bounds_and_sum():
    shares = split_total(10, {"a": 8, "b": 1, "c": 1}, dict.fromkeys("abc", 1), {"a": 4, "b": 9, "c": 3})
    assert sum(shares.values()) == 10 and shares == {"a": 4, "b": 3, "c": 3}
    with pytest.raises(ValueError, match="does not fit"):
        split_total(20, {"a": 1}, {"a": 0}, {"a": 5})


def test_what_is_expected_by_each_quarter_is_told_of_one_plan_and_only_as_an_illustration(told: Told):
    """The plan is on its way in every quarter, though less than a quarter of it is done by the end of the first."""
    (plan,) = (row for row in rows_of(told.folder / "targets.csv") if row["share_q1"])
    assert (plan["scope"], plan["basis"], plan["measure"]) == ("year", "illustrative", "poor_gross_decrease_households")
    done = []
    for number in (1, 2, 3):
        found = told.figures.by_commune(Quarter(int(plan["year"]), number))
        done.append(sum(sum(found[f"{kind}_households"].values()) for kind in FLOWS["poor"][0]))
    due = [Decimal(plan[f"share_q{number}"]) * int(plan["value"]) for number in (1, 2, 3)]
    assert all(has >= expected for has, expected in zip(done, due, strict=True))
    assert done[0] * 4 < int(plan["value"])


def test_the_plan_of_a_district_is_the_same_on_its_form_and_on_record(long_an: Told):
    targets = [row for row in rows_of(long_an.folder / "targets.csv") if row["scope"] == "year"]
    assigned = {row["area"]: row for row in targets if row["area"]}
    assert assigned.keys() == long_an.story.districts.keys()
    assert {(row["indicator"], row["year"], row["basis"]) for row in assigned.values()} == {
        ("L3.01", "2024", "illustrative")
    }
    (province,) = (row for row in targets if row["indicator"] == "L3.01" and not row["area"])
    on_forms = long_an.figures.planned("temporary_houses", 2024)
    assert {area: int(row["value"]) for area, row in assigned.items()} == on_forms
    assert sum(on_forms.values()) == int(province["value"])
