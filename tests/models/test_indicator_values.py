"""Sums over sums, coverage, and missing, zero and not applicable as three things."""

import pytest

from .conftest import RunModel
from .returns import Returns

MODEL = "marts/indicator_values"


@pytest.fixture
def returns() -> Returns:
    made = Returns()
    made.measure("part")
    made.measure("whole")
    return made


def by_area(run_model: RunModel, returns: Returns, indicator: str = "I") -> dict[str, dict]:
    rows = run_model(MODEL, returns.tables)
    return {row["area_code"]: row for row in rows if row["indicator_code"] == indicator}


def test_the_city_rate_is_a_sum_over_a_sum(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send_all("2023-Q4", part=(1, 9, 5), whole=(10, 10, 80))
    areas = by_area(run_model, returns)
    assert areas["city"]["value"] == pytest.approx(15)
    assert (areas["city"]["numerator"], areas["city"]["denominator"]) == (15, 100)
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (3, 3)
    assert areas["02"]["value"] == pytest.approx(90)


def test_a_district_with_half_a_ratio_is_in_neither_sum(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send_all("2023-Q4", part=(1, 9, None), whole=(10, 10, 80))
    areas = by_area(run_model, returns)
    assert (areas["city"]["numerator"], areas["city"]["denominator"]) == (10, 20)
    assert areas["city"]["areas_reported"] == 2
    assert (areas["03"]["state"], areas["03"]["value"], areas["03"]["denominator"]) == ("missing", None, None)


def test_zero_missing_and_not_applicable_stay_three_things(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part")
    returns.send_all("2023-Q4", part=(0, None, "x"))
    areas = by_area(run_model, returns)
    assert {code: row["state"] for code, row in areas.items()} == {
        "city": "value",
        "01": "value",
        "02": "missing",
        "03": "not_applicable",
    }
    assert areas["01"]["value"] == 0
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (1, 2)


def test_nothing_reported_is_missing_and_never_zero(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send("2023-Q4", "01", {"other": 1})
    city = by_area(run_model, returns)["city"]
    assert (city["state"], city["value"], city["numerator"], city["basis"]) == ("missing", None, None, None)
    assert (city["areas_reported"], city["areas_expected"]) == (0, 3)


def test_urban_districts_are_not_expected_for_rural_areas(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole", applies_to="rural_areas")
    returns.send_all("2023-Q4", part=(7, 1, 1), whole=(7, 2, 2))
    areas = by_area(run_model, returns)
    assert areas["01"]["state"] == "not_applicable"
    assert areas["01"]["numerator"] is None
    assert areas["city"]["value"] == pytest.approx(50)
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (2, 2)


def test_a_rate_of_nobody_has_no_value(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send_all("2023-Q4", part=(0, 3, 2), whole=(0, 4, 0))
    areas = by_area(run_model, returns)
    assert (areas["01"]["state"], areas["01"]["value"]) == ("not_applicable", None)
    assert areas["03"]["state"] == "missing"
    assert areas["city"]["value"] == pytest.approx(75)
    assert areas["city"]["areas_reported"] == 2


def test_a_city_only_value_comes_from_the_agency(run_model: RunModel, returns: Returns) -> None:
    returns.measure("beds", level="city", reported_by="agency", reporter="so")
    returns.indicator("I", "beds", aggregation="city_only", minimum_coverage=1)
    returns.send("2023-Q4", "so", {"beds@city": 36.44}, form="bieu05")
    returns.send("2023-Q4", "01", {"beds@01": 99})
    areas = by_area(run_model, returns)
    assert list(areas) == ["city"]
    assert areas["city"]["value"] == pytest.approx(36.44)
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (1, 1)


def test_the_worst_basis_and_the_weakest_word_go_with_the_result(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send("2023-Q4", "01", {"part": (1, "ước"), "whole": 2}, basis="published")
    returns.send("2023-Q4", "02", {"part": 1, "whole": (2, "~")}, basis="illustrative")
    returns.send("2023-Q4", "03", {"part": 1, "whole": 2}, basis="reported")
    areas = by_area(run_model, returns)
    assert {code: row["basis"] for code, row in areas.items()} == {
        "city": "illustrative",
        "01": "published",
        "02": "illustrative",
        "03": "reported",
    }
    assert {code: row["qualifier"] for code, row in areas.items()} == {
        "city": "khoảng",
        "01": "ước",
        "02": "khoảng",
        "03": "",
    }
    assert [areas[code]["is_estimate"] for code in ("city", "03")] == [True, False]


def test_a_district_is_the_sum_of_its_communes_that_reported(run_model: RunModel, returns: Returns) -> None:
    returns.communes("02", "0201", "0202", "0203")
    returns.measure("poor_households", level="commune")
    returns.measure("households", level="commune")
    returns.indicator("COUNT", "poor_households")
    returns.indicator("I", "poor_households", "households")
    returns.send(
        "2023-Q4",
        "02",
        {
            "poor_households@0201": 1,
            "poor_households@0202": 2,
            "poor_households@0203": None,
            "households@0201": 100,
            "households@0203": 50,
        },
    )
    count = by_area(run_model, returns, "COUNT")["02"]
    assert (count["value"], count["units_reported"], count["units_expected"]) == (3, 2, 3)
    # a commune with only one of the two is in neither sum
    rate = by_area(run_model, returns)["02"]
    assert (rate["numerator"], rate["denominator"]) == (1, 100)


@pytest.mark.parametrize(("communes", "state"), [(("0201",), "missing"), (("0201", "0202"), "not_applicable")])
def test_a_district_is_not_applicable_only_when_every_commune_says_so(
    run_model: RunModel, communes: tuple[str, ...], state: str
) -> None:
    """A measure of communes under one of the district: a commune without a row has said nothing."""
    returns = Returns()
    returns.communes("02", "0201", "0202")
    returns.measure("part")
    returns.measure("homes", level="commune")
    returns.indicator("I", "part", "homes")
    returns.send("2023-Q4", "02", {"part": "x", **{f"homes@{commune}": "x" for commune in communes}})
    assert by_area(run_model, returns)["02"]["state"] == state


def test_a_derived_measure_is_missing_when_a_part_is(run_model: RunModel, returns: Returns) -> None:
    returns.communes("02", "0201", "0202")
    for code in ("out", "away", "gross"):
        returns.measure(code, level="commune", period_kind="flow")
    returns.add("measure_parts", measure_code="gross", part_code="out")
    returns.add("measure_parts", measure_code="gross", part_code="away")
    returns.indicator("I", "gross")
    returns.send("2023-Q4", "02", {"out@0201": 3, "away@0201": 4, "out@0202": 9})
    assert by_area(run_model, returns)["02"]["value"] == 7


def test_large_counts_stay_exact(run_model: RunModel, returns: Returns) -> None:
    returns.indicator("I", "part", "whole")
    returns.send_all("2023-Q4", part=(999999999, 999999999, 1), whole=(1000000000, 1000000000, 1000000000))
    city = by_area(run_model, returns)["city"]
    assert (city["numerator"], city["denominator"]) == (1999999999, 3000000000)
