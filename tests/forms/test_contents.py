"""What stands on a form: who owes it, which rows in which order, which cells are asked, what is known already."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.forms import earlier_figures, excused_reporters, owing_reporters
from pipeline.forms.form import Ask, Form, Rate, Shown, Sum
from pipeline.forms.owed import forms_of
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests.forms.conftest import PROGRAMME_IDS, demonstration, two_lines, with_files

Q4 = Quarter(2030, 4)


def labels(form: Form) -> list[tuple[str, str]]:
    return [(row.ordinal, row.label) for row in form.rows]


def asked(form: Form) -> set[tuple[str, int]]:
    """(label, column of figures) of every cell to fill."""
    return {(row.label, column) for row in form.rows for column, cell in enumerate(row.cells) if isinstance(cell, Ask)}


def test_a_form_with_a_row_per_measure(tiny_programme: Programme):
    indicators, _ = forms_of(tiny_programme, Q4, "002", {})
    assert indicators.paths == (("Kế hoạch năm",), ("Thực hiện", "Lũy kế"), ("Cùng kỳ",))
    assert labels(indicators) == [
        ("I", "NHÓM THỬ NGHIỆM"),
        ("1", "Số người có việc làm"),
        ("2", "Tỷ lệ hộ có nước sạch"),
        ("-", "Số hộ có nước sạch"),
        ("-", "Số hộ nông thôn"),
    ]
    # a plan is asked only for what is judged by itself, not for the parts of a rate
    measures = ("Số người có việc làm", "Số hộ có nước sạch", "Số hộ nông thôn")
    assert asked(indicators) == {(label, column) for label in measures for column in (1, 2)} | {(measures[0], 0)}
    rate = indicators.rows[2]
    assert rate.cells == (None, Rate((3, 1), (4, 1), 1), Rate((3, 2), (4, 2), 1))


def test_a_form_with_a_row_per_commune_apart_by_class(tiny_programme: Programme):
    _, households = forms_of(tiny_programme, Q4, "002", {})
    assert labels(households) == [
        ("I", "Khu vực thành thị"),
        ("1", "Thị trấn Tây Hòa"),
        ("II", "Khu vực nông thôn"),
        ("2", "Xã Thủy Xá"),
        ("", "Tổng cộng"),
    ]
    assert [row.cells[0] for row in households.rows if row.kind != "figures"] == [Sum((1,)), Sum((3,)), Sum((1, 3))]
    assert households.formulas == ("", "", "=(4)/(3)")
    assert households.units == ("hộ",)


def test_a_district_of_one_class_has_no_groups(tiny_programme: Programme):
    _, households = forms_of(tiny_programme, Q4, "001", {})
    assert labels(households) == [("1", "Phường Một"), ("2", "Phường Hai"), ("", "Tổng cộng")]


def test_what_does_not_apply_is_marked(tiny_programme: Programme):
    water = {"Số hộ có nước sạch", "Số hộ nông thôn"}

    def given(reporter: str) -> set[object]:
        form = forms_of(tiny_programme, Q4, reporter, {})[0]
        return {cell.given for row in form.rows if row.label in water for cell in row.cells if isinstance(cell, Ask)}

    assert given("001") == {"x"}  # an urban district, an indicator of rural areas
    assert given("002") == {None}


def test_yearly_figures_are_asked_in_the_fourth_quarter_only(tiny_programme: Programme):
    assert owing_reporters(tiny_programme, Q4) == ["001", "002", "so_mot"]
    assert excused_reporters(tiny_programme, Q4) == {}
    assert owing_reporters(tiny_programme, Quarter(2030, 3)) == ["001", "002"]
    assert excused_reporters(tiny_programme, Quarter(2030, 3)) == {"so_mot": "chỉ có số liệu báo cáo năm, gửi ở quý IV"}


def test_who_has_no_declared_form_is_told(tmp_path: Path):
    programme = with_files(tmp_path, {"layouts/cap_tren.yml": ("sender: agency", "sender: area")})
    assert owing_reporters(programme, Q4) == ["001", "002"]
    assert excused_reporters(programme, Q4) == {"so_mot": "không có biểu mẫu nào trong khai báo"}


@pytest.mark.parametrize("programme_id", PROGRAMME_IDS)
def test_every_owed_measure_and_commune_stands_once(programme_id: str):
    programme = demonstration(programme_id)
    quarter = programme.submitted_quarters()[-1]
    for reporter in owing_reporters(programme, quarter):
        forms = forms_of(programme, quarter, reporter, {})
        found = [
            (cell.measure.code, row.label if cell.measure.level == "commune" else "")
            for form in forms for row in form.rows
            for cell in {cell.measure.code: cell for cell in row.cells if isinstance(cell, Ask)}.values()
        ]  # fmt: skip
        communes = [area.full_name for area in programme.communes(reporter, quarter)]
        kind = "area" if reporter in programme.area_by_code else "agency"
        owed = [
            measure for measure in programme.measures
            if measure.form and measure.reported_by == kind and programme.is_reported_by(measure, reporter, quarter)
        ]  # fmt: skip
        expected = [
            (measure.code, commune)
            for measure in owed for commune in (communes if measure.level == "commune" else [""])
        ]  # fmt: skip
        assert sorted(found) == sorted(expected)
        assert all(row.ordinal for form in forms for row in form.rows if row.kind != "total")


def test_the_plan_of_the_year_comes_from_the_targets(tmp_path: Path):
    old = "W1,term_end,2031,,ge"
    new = (
        'J1,year,2030,002,ge,"300",,,1,Kế hoạch thử,2030-01-01,published,\n'
        'J1,year,2030,002,ge,"350",,,1,Kế hoạch điều chỉnh,2030-06-01,published,\n'
        'W1,each_year,,002,ge,"88,5",,,1,Kế hoạch thử,2030-01-01,published,\n' + old
    )
    programme = with_files(tmp_path, {"targets.csv": (old, new)})

    def plans(reporter: str) -> list[object]:
        return [row.cells[0] for row in forms_of(programme, Q4, reporter, {})[0].rows if row.kind != "group"]

    jobs, rate = plans("002")[:2]
    assert isinstance(jobs, Ask) and jobs.given == 350  # the later document
    assert rate == Shown(Decimal("88.5"), 1)
    jobs, rate = plans("001")[:2]
    assert isinstance(jobs, Ask) and jobs.given is None and rate is None  # the plan of the whole is not a district's


def test_known_figures_are_given_and_formulas_use_them(tiny_programme: Programme):
    earlier = {
        ("last_year", "water_households", "002"): Decimal(800),
        ("last_year", "water_base", "002"): Decimal(960),
        ("plan", "jobs_created", "002"): Decimal(500),
        ("actual", "households", "00021"): Decimal(1500),
    }
    indicators, households = forms_of(tiny_programme, Q4, "002", earlier)
    assert [indicators.value(row, 2) for row in range(1, 5)] == [None, Decimal("83.3"), 800, 960]
    assert indicators.value(1, 0) == 500
    assert indicators.value(2, 1) == "…"
    assert [households.value(row, 0) for row in range(5)] == [1500, 1500, "…", None, 1500]


def test_a_form_on_which_blank_means_zero_is_not_handed_out_blank(tmp_path: Path):
    programme = with_files(tmp_path, {"layouts/dan_cu.yml": ("rows: areas", "rows: areas\nblank: zero")})
    _, households = forms_of(programme, Q4, "001", {})
    assert {cell.given for row in households.rows for cell in row.cells if isinstance(cell, Ask)} == {"…"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("lines: Phân tổ\n", [("1", "Phường Một", "Tất cả"), ("", "", "Nghèo")]),
        ("", [("1", "Phường Một", ""), ("", "Tất cả", ""), ("", "Nghèo", "")]),
    ],
)
def test_two_lines_for_each_unit(tmp_path: Path, lines: str, expected: list[tuple[str, str, str]]):
    programme = with_files(tmp_path, two_lines(lines))
    form = forms_of(programme, Q4, "001", {})[1]
    assert form.paths == (("Số hộ",), ("Tỷ lệ",))
    size = len(expected)
    assert [(row.ordinal, row.label, row.line) for row in form.rows[:size]] == expected
    everybody, poor = size - 2, size - 1
    assert form.rows[everybody].cells[1] is None
    assert form.rows[poor].cells[1] == Rate((poor, 0), (everybody, 0), 2)
    assert form.rows[-1].cells[0] == Sum((poor, size + poor))


def test_one_row_per_district(tmp_path: Path):
    levels = ("stock,commune,area,,dan_cu", "stock,district,area,,dan_cu")
    layout = {"layouts/dan_cu.yml": ("rows: areas", "rows: areas\narea_level: district"), "measures.csv": levels}
    programme = with_files(tmp_path, layout)
    _, form = forms_of(programme, Q4, "002", {})
    assert labels(form) == [("1", "Huyện Tây Hòa")]


def warehouse(programme: Programme, rows: list[tuple[str, str, str, str, int]]) -> None:
    """staging.observations as the models leave it, with these (quarter, measure, area, series, value)."""
    path = programme.home / "build" / programme.id / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.observations (quarter varchar, measure varchar, area_code varchar, series varchar,"
            " state varchar, value decimal(18, 4), is_current boolean)"
        )
        for quarter, measure, area, series, value in rows:
            state = "missing" if value < 0 else "value"
            connection.execute(
                "insert into staging.observations values (?, ?, ?, ?, ?, ?, true)",
                [quarter, measure, area, series, state, None if value < 0 else value],
            )


POVERTY = """
poor_opening_households,Hộ nghèo đầu kỳ,hộ,0,stock,commune,area,,dan_cu,quarterly,0,,,
poor_households,"""


@pytest.fixture
def poverty_programme(tmp_path: Path) -> Programme:
    return with_files(tmp_path, {"measures.csv": ("\npoor_households,", POVERTY)})


def test_without_a_warehouse_nothing_is_known(tiny_programme: Programme):
    assert earlier_figures(tiny_programme, Q4) == {}


def test_earlier_figures_go_where_they_belong(poverty_programme: Programme):
    warehouse(poverty_programme, [
        ("2030-Q4", "poor_households", "00011", "actual", 7),
        ("2030-Q4", "poor_households", "00012", "actual", -1),
        ("2030-Q4", "jobs_created", "001", "actual", 900),
        ("2030-Q2", "jobs_created", "001", "actual", 400),
        ("2030-Q2", "jobs_created", "001", "plan", 1000),
        ("2031-Q1", "jobs_created", "001", "plan", 1100),
        ("2031-Q1", "poor_opening_households", "00011", "actual", 6),
        ("2031-Q1", "poor_opening_households", "00012", "actual", 5),
    ])  # fmt: skip
    assert earlier_figures(poverty_programme, Quarter(2031, 2)) == {
        # the closing figure of the year before; where there is none, what this year's form said
        ("actual", "poor_opening_households", "00011"): 7,
        ("actual", "poor_opening_households", "00012"): 5,
        ("last_year", "jobs_created", "001"): 400,
        ("plan", "jobs_created", "001"): 1100,
    }


def test_poverty_under_another_standard_is_not_carried_over(tmp_path: Path):
    standards = (
        "2031-Q4}",
        "2030-Q4}\n  - {id: thu_2031, name: chuẩn sau, first_quarter: 2031-Q1, last_quarter: 2031-Q4}",
    )
    programme = with_files(tmp_path, {"measures.csv": ("\npoor_households,", POVERTY), "programme.yml": standards})
    warehouse(programme, [
        ("2030-Q4", "poor_households", "00011", "actual", 7),
        ("2030-Q4", "jobs_created", "001", "actual", 900),
    ])  # fmt: skip
    assert earlier_figures(programme, Quarter(2031, 4)) == {("last_year", "jobs_created", "001"): 900}
