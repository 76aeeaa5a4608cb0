"""Poverty rates of communes, zones, districts and the city; movements."""

from typing import Any

import pytest

from .conftest import RunModel
from .returns import Returns

STEMS = [
    "poor_opening",
    "poor_to_near_poor",
    "poor_above_near_poor",
    "poor_other_decrease",
    "poor_from_near_poor",
    "poor_returned",
    "poor_new",
    "poor_other_increase",
    "poor",
    "near_poor_opening",
    "near_poor_to_poor",
    "near_poor_above",
    "near_poor_other_decrease",
    "near_poor_from_poor",
    "near_poor_returned",
    "near_poor_new",
    "near_poor_other_increase",
    "near_poor",
]


def with_forms() -> Returns:
    """District 01: two wards; 02: a township and two communes; 03: one ward, one commune."""
    returns = Returns()
    returns.communes("01", "0101", "0102", is_urban=True)
    returns.communes("02", "0201", is_urban=True)
    returns.communes("02", "0202", "0203")
    returns.communes("03", "0301", is_urban=True)
    returns.communes("03", "0302")
    for stem in STEMS:
        kind = "stock" if stem.endswith(("opening", "poor")) and "_to_" not in stem else "flow"
        for suffix in ("households", "persons"):
            returns.measure(f"{stem}_{suffix}", level="commune", period_kind=kind)
    for code in ("households", "persons", "minority_households", "minority_poor_households"):
        returns.measure(code, level="commune")
    return returns


def figures(commune: str, households: int | None, poor: int | None, near: int | None) -> dict[str, Any]:
    return {
        f"households@{commune}": households,
        f"poor_households@{commune}": poor,
        f"near_poor_households@{commune}": near,
    }


def rates(run_model: RunModel, returns: Returns) -> dict[str, dict[str, Any]]:
    return {row["area_code"]: row for row in run_model("marts/poverty_rates", returns.tables)}


def test_both_readings_of_urban_and_rural(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "01", figures("0101", 100, 1, 0) | figures("0102", 100, 0, 0))
    returns.send("2023-Q4", "02", figures("0201", 100, 2, 5) | figures("0202", 100, 4, 0) | figures("0203", 100, 6, 0))
    returns.send("2023-Q4", "03", figures("0301", 100, 0, 0) | figures("0302", 100, 8, 0))
    areas = rates(run_model, returns)
    poor = {code: (areas[code]["poor_households"], areas[code]["households"]) for code in areas}
    assert poor["city"] == (21, 700)
    assert poor["urban_communes"] == (3, 400)
    assert poor["rural_communes"] == (18, 300)
    assert poor["urban_districts"] == (1, 200)
    assert poor["rural_districts"] == (20, 500)
    assert poor["02"] == (12, 300)
    assert poor["0203"] == (6, 100)
    assert areas["city"]["poverty_rate"] == pytest.approx(0.03)
    assert areas["city"]["near_poverty_rate"] == pytest.approx(5 / 700)
    assert areas["city"]["multidimensional_poverty_rate"] == pytest.approx(26 / 700)
    assert areas["urban_districts"]["area_name"] == "Các quận"
    assert areas["rural_districts"]["area_name"] == "Các huyện, thị xã"
    zone = areas["urban_communes"]
    assert (zone["area_level"], zone["parent_code"], zone["standard"]) == ("zone", "city", "chuan")
    assert (zone["areas_reported"], zone["areas_expected"]) == (4, 4)
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (3, 3)
    assert (areas["rural_districts"]["areas_reported"], areas["02"]["areas_expected"]) == (2, 3)


def test_a_commune_without_a_return_has_no_rate(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "02", figures("0201", 100, 0, 1) | figures("0202", None, None, None))
    areas = rates(run_model, returns)
    assert (areas["0201"]["poverty_rate"], areas["0201"]["basis"]) == (0, "reported")
    for code in ("0202", "0203", "01", "0101", "urban_districts"):
        assert (areas[code]["poor_households"], areas[code]["poverty_rate"]) == (None, None), code
    assert (areas["02"]["areas_reported"], areas["02"]["areas_expected"]) == (1, 3)
    assert (areas["city"]["areas_reported"], areas["city"]["areas_expected"]) == (1, 3)


def test_a_rate_is_over_the_communes_that_reported_both_parts(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(
        "2023-Q4", "02", figures("0201", 100, 5, 1) | figures("0202", None, 7, 2) | figures("0203", 100, None, 3)
    )
    district = rates(run_model, returns)["02"]
    assert (district["poor_households"], district["households"]) == (12, 200)
    assert district["poverty_rate"] == pytest.approx(0.05)
    assert (district["poverty_rate_numerator"], district["poverty_rate_denominator"]) == (5, 100)
    assert (district["near_poverty_rate_numerator"], district["near_poverty_rate_denominator"]) == (4, 200)
    assert district["multidimensional_poverty_rate"] == pytest.approx(0.06)


def test_a_programme_without_the_national_forms_has_no_poverty_rates(run_model: RunModel) -> None:
    returns = Returns()
    returns.measure("a")
    returns.send("2023-Q4", "01", {"a": 1})
    assert run_model("marts/poverty_rates", returns.tables) == []
    assert run_model("marts/poverty_flows", returns.tables) == []


def test_movements_are_sums_of_communes(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send(
        "2023-Q4",
        "02",
        {
            "poor_opening_households@0201": 9,
            "poor_opening_households@0202": 1,
            "poor_opening_persons@0202": 3,
            "poor_to_near_poor_households@0201": 4,
        },
    )
    returns.send("2023-Q4", "03", {"poor_opening_households@0302": 5})
    rows = {(row["area_code"], row["flow"]): row for row in run_model("marts/poverty_flows", returns.tables)}
    opening = rows["02", "poor_opening"]
    assert (opening["households"], opening["persons"], opening["sign"], opening["class"]) == (10, 3, 0, "poor")
    assert (opening["areas_reported"], opening["areas_expected"]) == (2, 3)
    city = rows["city", "poor_opening"]
    assert (city["households"], city["areas_reported"], city["areas_expected"]) == (15, 2, 3)
    out = rows["city", "poor_to_near_poor"]
    assert (out["households"], out["persons"], out["sign"]) == (4, None, -1)
    assert rows["01", "poor"]["households"] is None
    assert {row["class"] for row in rows.values()} == {"poor", "near_poor"}
    in_order = [row["flow"] for row in sorted(rows.values(), key=lambda row: row["sort"])][::4]
    summaries = ("gross_decrease", "gross_increase", "net")
    assert [flow for flow in in_order if not flow.endswith(summaries)] == STEMS
    assert len(in_order) == len(STEMS) + 2 * len(summaries)


CHANGES = {
    "poor_to_near_poor": 3,
    "poor_above_near_poor": 2,
    "poor_other_decrease": 1,
    "poor_from_near_poor": 1,
    "poor_returned": 0,
    "poor_new": 4,
    "poor_other_increase": 0,
}


def test_gross_and_net_movements_are_sums_of_the_flows(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "02", {f"{flow}_households@0201": value for flow, value in CHANGES.items()})
    returns.send("2023-Q4", "03", {f"{flow}_households@0302": value for flow, value in CHANGES.items()})
    rows = {(row["area_code"], row["flow"]): row for row in run_model("marts/poverty_flows", returns.tables)}
    assert rows["02", "poor_gross_decrease"]["households"] == 6
    assert rows["02", "poor_gross_increase"]["households"] == 5
    assert (rows["02", "poor_net"]["households"], rows["city", "poor_net"]["households"]) == (-1, -2)
    assert (rows["city", "poor_gross_decrease"]["households"], rows["city", "poor_gross_decrease"]["sign"]) == (12, 0)
    assert rows["02", "poor_net"]["persons"] is None
    assert rows["01", "poor_net"]["households"] is None


def test_a_net_movement_with_a_part_missing_is_missing(run_model: RunModel) -> None:
    returns = with_forms()
    some = {flow: value for flow, value in CHANGES.items() if flow != "poor_new"}
    returns.send("2023-Q4", "02", {f"{flow}_households@0201": value for flow, value in some.items()})
    rows = {(row["area_code"], row["flow"]): row for row in run_model("marts/poverty_flows", returns.tables)}
    assert (rows["02", "poor_net"]["households"], rows["02", "poor_gross_decrease"]["households"]) == (None, None)


def test_rates_of_persons_and_of_minority_households(run_model: RunModel) -> None:
    returns = with_forms()
    returns.measure("minority_near_poor_households", level="commune")
    returns.send(
        "2023-Q4",
        "02",
        {
            "persons@0201": 400,
            "poor_persons@0201": 8,
            "near_poor_persons@0201": 12,
            "minority_households@0201": 50,
            "minority_poor_households@0201": 5,
            "minority_near_poor_households@0201": 10,
            "persons@0202": 600,
            "poor_persons@0202": None,
            "minority_households@0202": None,
            "minority_poor_households@0202": 1,
        },
    )
    areas = rates(run_model, returns)
    for code in ("0201", "02", "city", "urban_communes", "rural_districts"):
        area = areas[code]
        assert (area["poverty_person_rate_numerator"], area["poverty_person_rate_denominator"]) == (8, 400), code
        assert area["near_poverty_person_rate"] == pytest.approx(0.03)
        assert area["multidimensional_poverty_person_rate"] == pytest.approx(0.05)
        assert area["minority_poverty_rate"] == pytest.approx(0.1)
        assert area["minority_near_poverty_rate"] == pytest.approx(0.2)
        assert area["poverty_rate"] is None
    assert areas["rural_communes"]["minority_poverty_rate"] is None


def test_the_reading_of_a_zone_is_said(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "02", figures("0201", 100, 2, 5))
    areas = rates(run_model, returns)
    assert {code: areas[code]["reading"] for code in ("urban_communes", "rural_districts", "city", "0201")} == {
        "urban_communes": "class_of_commune",
        "rural_districts": "class_of_district",
        "city": "city",
        "0201": "commune",
    }


def closings(commune: str, opening: int | None, closing: int | None, kind: str = "poor") -> dict[str, Any]:
    return {f"{kind}_opening_households@{commune}": opening, f"{kind}_households@{commune}": closing}


def test_districts_add_to_the_change_of_the_city(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "01", closings("0101", 10, 12) | closings("0102", 50, None))
    returns.send("2023-Q4", "02", closings("0201", 30, 20) | closings("0201", 7, 7, "near_poor"))
    rows = {row["area_code"]: row for row in run_model("marts/poverty_contributions", returns.tables)}
    assert [rows[code]["change"] for code in ("01", "02", "03")] == [2, -10, None]
    assert {row["city_change"] for row in rows.values()} == {-8}
    assert [rows[code]["share"] for code in ("01", "02", "03")] == [-0.25, 1.25, None]
    assert (rows["02"]["near_poor_change"], rows["02"]["near_poor_share"]) == (0, None)
    assert rows["01"]["opening_poor_households"] == 10, "a commune with only one of the two is in neither sum"


def test_only_districts_that_report_zero_everywhere_are_without(run_model: RunModel) -> None:
    returns = with_forms()
    returns.send("2023-Q4", "01", closings("0101", 1, 0) | closings("0102", 2, 0))
    returns.send("2023-Q4", "02", closings("0201", 0, 0) | closings("0202", 0, 0) | closings("0203", 0, None))
    returns.send("2023-Q4", "03", closings("0301", 0, 0, "near_poor") | closings("0302", 0, 0, "near_poor"))
    rows = run_model("marts/areas_without", returns.tables)
    assert [(row["kind"], row["area_code"], row["area_full_name"]) for row in rows] == [
        ("near_poor", "03", "Đơn vị 03"),
        ("poor", "01", "Đơn vị 01"),
    ]
    assert [(row["districts_reported"], row["districts_expected"]) for row in rows] == [(1, 3), (1, 3)]
    assert rows[1]["opening_households"] == 3
