"""The demonstration submissions: the committed files come from the story, and it keeps to the published figures."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipeline.quarters import Quarter, quarters_between
from tests.demo.figures import SERIES, Figures, demo_truth
from tests.demo.habits import habit_of
from tests.demo.poverty import SHARED
from tests.demo.sending import REGISTER
from tests.demo.split import split_total
from tests.demo.story import Story, load_story

HOME = Path(__file__).parents[2]
PROGRAMME = HOME / "raw" / "hanoi_08_ctr_tu"
SUBMISSIONS = PROGRAMME / "submissions"
QUARTERS = quarters_between(Quarter(2022, 1), Quarter(2023, 4))
FLOWS = {
    "poor": ({"poor_to_near_poor", "poor_above_near_poor", "poor_other_decrease"},
             {"poor_from_near_poor", "poor_returned", "poor_new", "poor_other_increase"}),
    "near_poor": ({"near_poor_to_poor", "near_poor_above", "near_poor_other_decrease"},
                  {"near_poor_from_poor", "near_poor_returned", "near_poor_new", "near_poor_other_increase"}),
}
# Published figures (reference/published_figures.csv, golden rows) and the totals that make them true at once.
STOCKS = {      # quarter: poor, near-poor, households of the urban and of the rural districts, units without poor
    "2022-Q1": (3612, 30176, 985_000, 1_207_000, None),
    "2022-Q4": (2134, 22246, 1_012_000, 1_235_000, 16),
    "2023-Q4": (690, 15600, 1_046_000, 1_244_000, 18),
}
COUNTS = [
    ("2022-Q1", "jobs_created", "actual", 50_019), ("2022-Q4", "jobs_created", "actual", 203_027),
    ("2023-Q4", "jobs_created", "actual", 214_258), ("2023-Q4", "jobs_created", "last_year", 203_027),
    ("2023-Q4", "jobs_created", "plan", 160_000), ("2023-Q4", "stations_with_doctor", "actual", 519),
    ("2023-Q4", "stations", "actual", 579), ("2023-Q4", "stations_rotating_doctor", "actual", 60),
    ("2023-Q4", "declared_poor_households", "last_year", 2134),
    ("2023-Q4", "declared_households", "last_year", 2_247_000),
]
RATES = [       # quarter, numerator, denominator, series, printed
    ("2022-Q1", "cremations", "deaths", "actual", "68"),
    ("2022-Q1", "health_insurance_participants", "insurable_population", "actual", "91.8"),
    ("2022-Q4", "special_children_cared", "special_children", "actual", "99.9"),
    ("2022-Q4", "drug_users_served", "drug_users_on_file", "actual", "80.7"),
    ("2023-Q4", "special_children_cared", "special_children", "last_year", "99.9"),
    ("2023-Q4", "drug_users_served", "drug_users_on_file", "last_year", "80.7"),
    ("2023-Q4", "cremations", "deaths", "actual", "74.2"),
    ("2023-Q4", "health_managed_persons", "resident_population", "actual", "85"),
    ("2023-Q4", "prenatal_screened", "pregnant_women", "actual", "89.74"),
]
CITY = [
    ("unemployment_rate", "actual", "2.01"), ("unemployment_rate", "last_year", "2.23"),
    ("trained_worker_rate", "last_year", "72.23"), ("hospital_beds_per_10000", "actual", "36.44"),
    ("doctors_per_10000", "actual", "16.6"), ("vocational_enrolment", "last_year", "251500"),
]


@pytest.fixture(scope="module")
def story() -> Story:
    return load_story(PROGRAMME)


@pytest.fixture(scope="module")
def figures(story: Story) -> Figures:
    return Figures(story)


def registered(quarter: Quarter) -> list[dict[str, str]]:
    with (SUBMISSIONS / str(quarter) / REGISTER).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# ---- bytes and register ------------------------------------------------------------------------------------------


def test_another_process_writes_the_committed_bytes(tmp_path: Path, story: Story):
    home = tmp_path / "raw" / PROGRAMME.name
    home.mkdir(parents=True)
    for table in PROGRAMME.glob("*.csv"):
        shutil.copy(table, home)
    elsewhere = os.environ | {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-m", "tests.demo", "--home", str(tmp_path)], check=True, cwd=HOME, env=elsewhere)
    for quarter in story.quarters:
        written = {path.name: path.read_bytes() for path in (home / "submissions" / str(quarter)).iterdir()}
        committed = {name: (SUBMISSIONS / str(quarter) / name).read_bytes() for name in written}
        assert written == committed
        assert {row["file"] for row in registered(quarter)} | {REGISTER} == written.keys()


def test_register_tells_the_hash_of_each_file(story: Story):
    for quarter in story.quarters:
        rows = registered(quarter)
        assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
        assert [row["received_on"] for row in rows] == sorted(row["received_on"] for row in rows)
        for row in rows:
            contents = (SUBMISSIONS / str(quarter) / row["file"]).read_bytes()
            assert row["sha256"] == hashlib.sha256(contents).hexdigest()
            assert row["basis"] == "illustrative"
        assert len({row["file"].casefold() for row in rows}) == len(rows)
        assert set(story.districts) <= {row["sent_by"] for row in rows}


def test_who_sends_and_when():
    third, fourth = registered(Quarter(2023, 3)), registered(Quarter(2023, 4))
    assert [row["sent_by"] for row in third if row["received_on"] > "2023-10-07"] == ["282"]
    assert [row["sent_by"] for row in third if row["sent_by"].startswith("so_")] == ["so_ldtbxh"]
    agencies = {row["sent_by"] for row in fourth if row["sent_by"].startswith("so_")}
    assert agencies == {"so_ldtbxh", "so_y_te", "so_xay_dung"}
    assert [row["received_on"] for row in fourth if row["sent_by"] == "271"] == ["2024-01-05", "2024-01-10"]
    assert fourth[-1]["note"] == "gửi lại, đã sửa số hộ thoát nghèo"


def test_file_names_are_safe_everywhere(story: Story):
    for quarter in story.quarters:
        for row in registered(quarter):
            assert unicodedata.is_normalized("NFC", row["file"])
            assert not set(row["file"]) & set('<>:"/\\|?*')


# ---- published figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("quarter", "expected"), STOCKS.items())
def test_stocks_add_up_to_the_city(story: Story, figures: Figures, quarter: str, expected: tuple[int | None, ...]):
    by_measure = figures.by_commune(Quarter.parse(quarter))

    def total(measure: str, keep: Callable[[str], bool] = lambda _: True) -> int:
        return sum(by_measure[measure][c.code] for d in story.districts if keep(d) for c in story.communes[d])

    def is_urban(district: str) -> bool:
        return story.districts[district].is_urban

    households = [total("households", is_urban), total("households", lambda d: not is_urban(d))]
    found = [total("poor_households"), total("near_poor_households"), *households]
    assert found == list(expected[:4])
    if expected[4] is not None:
        assert sum(total("poor_households", district.__eq__) == 0 for district in story.districts) == expected[4]


def test_year_ends_by_district(story: Story, figures: Figures):
    poor = figures.by_district("declared_poor_households", Quarter(2022, 4))
    assert sum(poor[code] for code, area in story.districts.items() if area.is_urban) == 6
    assert {code for code, n in poor.items() if not n and not story.districts[code].is_urban} == {
        "017", "018", "020", "273", "274"}
    poor = figures.by_district("declared_poor_households", Quarter(2023, 4))
    assert poor["271"] == 264 and len([n for n in poor.values() if n]) == 12
    near_poor = figures.by_commune(Quarter(2023, 4))["near_poor_households"]
    without = [code for code in story.districts if not sum(near_poor[c.code] for c in story.communes[code])]
    assert len(without) == 5 and all(story.districts[code].is_urban for code in without)


@pytest.mark.parametrize(("quarter", "measure", "series", "expected"), COUNTS)
def test_counts_add_up_to_the_city(
    story: Story, figures: Figures, quarter: str, measure: str, series: str, expected: int
):
    at = Quarter.parse(quarter)
    assert sum(figures.district_figure(measure, d, at, series) or 0 for d in story.districts) == expected


@pytest.mark.parametrize(("quarter", "numerator", "denominator", "series", "printed"), RATES)
def test_rates_of_the_city(
    story: Story, figures: Figures, quarter: str, numerator: str, denominator: str, series: str, printed: str
):
    top, bottom = (
        Decimal(sum(figures.district_figure(m, d, Quarter.parse(quarter), series) or 0 for d in story.districts))
        for m in (numerator, denominator)
    )
    assert (100 * top / bottom).quantize(Decimal(printed)) == Decimal(printed)
    if printed == "89.74":
        assert Decimal("105.575") <= 100 * 100 * top / bottom / 85 < Decimal("105.585")


@pytest.mark.parametrize(("measure", "series", "expected"), CITY)
def test_figures_of_the_agencies(figures: Figures, measure: str, series: str, expected: str):
    assert figures.city_figure(measure, Quarter(2023, 4), series) == Decimal(expected)


# ---- consistency, in every quarter the story knows ---------------------------------------------------------------


@pytest.mark.parametrize("quarter", QUARTERS, ids=str)
def test_households_and_persons_balance_in_every_commune(story: Story, figures: Figures, quarter: Quarter):
    told, found = story.poverty[quarter], figures.by_commune(quarter)
    assert sum(found["poor_households"].values()) == told["poor"]
    assert sum(found["near_poor_households"].values()) == told["near_poor"]
    for commune in found["households"]:
        for what in ("households", "persons"):
            for stock, (out, into) in FLOWS.items():
                change = sum(found[f"{kind}_{what}"][commune] for kind in into) - sum(
                    found[f"{kind}_{what}"][commune] for kind in out)
                closing = found[f"{stock}_{what}"][commune]
                assert found[f"{stock}_opening_{what}"][commune] + change == closing
                assert found[f"review_{stock}_{what}"][commune] == closing
            for one, other in SHARED.items():
                assert found[f"{one}_{what}"][commune] == found[f"{other}_{what}"][commune]


@pytest.mark.parametrize("quarter", QUARTERS, ids=str)
def test_communes_are_plausible(figures: Figures, quarter: Quarter):
    found = figures.by_commune(quarter)
    stems = [measure.removesuffix("_households") for measure in found if measure.endswith("_households")]
    for commune, households in found["households"].items():
        assert households >= 800
        assert households <= found["persons"][commune] <= 8 * households
        assert found["poor_households"][commune] + found["near_poor_households"][commune] <= households
        minority = sum(found[f"minority_{stock}_households"][commune] for stock in FLOWS)
        assert minority <= found["minority_households"][commune] <= households
        for stem in stems:
            if f"{stem}_persons" in found:
                count, persons = found[f"{stem}_households"][commune], found[f"{stem}_persons"][commune]
                assert 0 <= count <= persons <= 8 * count
        for stock in FLOWS:
            of_minority = found[f"minority_{stock}_households"][commune]
            assert 0 <= of_minority <= found[f"{stock}_households"][commune]


def test_a_year_only_adds_to_its_flows_and_starts_where_the_last_ended(figures: Figures):
    for quarter in QUARTERS[1:]:
        now, before = figures.by_commune(quarter), figures.by_commune(quarter.previous)
        if quarter.number == 1:
            for stock in FLOWS:
                assert now[f"{stock}_opening_households"] == before[f"{stock}_households"]
                assert now[f"{stock}_opening_persons"] == before[f"{stock}_persons"]
            continue
        for kind in set().union(*(out | into for out, into in FLOWS.values())):
            for commune, count in now[f"{kind}_households"].items():
                assert count >= before[f"{kind}_households"][commune]


@pytest.mark.parametrize("quarter", QUARTERS, ids=str)
def test_no_part_exceeds_its_whole(story: Story, figures: Figures, quarter: Quarter):
    for indicator in story.district_indicators():
        parts = story.indicator_parts(indicator)
        for district in story.districts if len(parts) == 2 else ():
            for series in ("in_period", "actual"):
                top, bottom = (figures.district_figure(part, district, quarter, series) for part in parts)
                assert (top is None) == (bottom is None)
                assert top is None or 0 <= top <= (bottom or 0), (indicator.code, district, series)


# ---- the workbooks -----------------------------------------------------------------------------------------------


def test_the_first_workbook_of_ba_vi_lacked_fifteen_exits(figures: Figures):
    right = figures.by_commune(Quarter(2023, 4))
    first = figures.by_commune(Quarter(2023, 4), ("271", 15))
    changed = {c for c in right["poor_households"] if first["poor_households"][c] != right["poor_households"][c]}
    assert len(changed) == 1
    assert sum(first["poor_households"].values()) == 690 + 15
    for stock, (out, into) in FLOWS.items():
        for commune, opening in first[f"{stock}_opening_persons"].items():
            change = sum(first[f"{kind}_persons"][commune] for kind in into) - sum(
                first[f"{kind}_persons"][commune] for kind in out)
            assert opening + change == first[f"{stock}_persons"][commune]


def test_truth_holds_a_figure_for_every_cell(story: Story):
    truth = demo_truth(PROGRAMME, "2023-Q4")
    assert truth["poor_households", "09694", "actual"] is not None
    assert truth["rural_water_households", "001", "actual"] is None       # "x"
    assert truth["school_milk_pupils", "016", "actual"] is None           # "…"
    assert {series for _, _, series in truth} == set(SERIES)
    assert truth["unemployment_rate", "city", "actual"] == Decimal("2.01")
    early = demo_truth(PROGRAMME, "2023-Q3")
    assert early["merit_families", "016", "actual"] is None
    assert early["vocational_enrolment", "city", "actual"] is not None
    assert ("life_expectancy", "city", "actual") not in early
    estimated = [d for d in story.districts if (truth["health_managed_persons", d, "actual"] or 1) % 1000 == 0]
    assert estimated == ["017", "021", "274"]


def test_a_workbook_says_what_was_meant(story: Story):
    truth = demo_truth(PROGRAMME, "2023-Q4")
    for row in registered(Quarter(2023, 4)):
        if row["sent_by"] not in story.districts or row["note"]:
            continue
        habit = habit_of(story, story.districts[row["sent_by"]])
        book = openpyxl.load_workbook(SUBMISSIONS / "2023-Q4" / row["file"])
        assert book.sheetnames == [habit.sheet.format(f"0{n}", n) for n in (1, 2, 3, 4)]
        for sheet in book:
            texts = [cell for line in sheet.iter_rows(values_only=True) for cell in line if isinstance(cell, str)]
            assert any(text == f"Đơn vị báo cáo: {habit.reporter}" for text in texts)
            assert "(Ký tên, đóng dấu)" in texts
        labels = {line[habit.first_column + 1]: line for line in book.worksheets[0].iter_rows(values_only=True)}
        name = "Số lao động được giải quyết việc làm"
        jobs = labels.get(name) or labels[f"{name} hằng năm"]
        typed = Decimal(str(jobs[habit.first_column + 5]).replace(".", ""))
        assert typed == truth["jobs_created", row["sent_by"], "actual"]


def test_split_total_keeps_bounds_and_sum():
    shares = split_total(10, {"a": 8, "b": 1, "c": 1}, dict.fromkeys("abc", 1), {"a": 4, "b": 9, "c": 3})
    assert sum(shares.values()) == 10 and shares == {"a": 4, "b": 3, "c": 3}
    with pytest.raises(ValueError, match="does not fit"):
        split_total(20, {"a": 1}, {"a": 0}, {"a": 5})
