"""Definitions under raw/: what Excel does to them is understood, what is wrong is told all at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import ProgrammeError, UsageError
from pipeline.programme import find_programme, load_programme, load_programmes
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from tests import tiny

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write_programme(tmp_path).folder


def rewrite(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")


def test_every_programme_in_the_project_loads():
    programmes = load_programmes(ROOT)
    assert programmes.broken == {}
    for programme in programmes.loaded:
        assert programme.districts(programme.quarters[0])


def test_a_table_saved_by_excel_is_understood(folder):
    areas = (folder / "areas.csv").read_text(encoding="utf-8")
    spoilt = areas.replace(",", ";").replace("001;Đông", "1;Đông").replace("00011;Một", "11;Một")
    (folder / "areas.csv").write_text("\ufeff" + spoilt, encoding="utf-8")
    rewrite(folder, "targets.csv", ("2030-01-01", "31/01/2030"))
    programme = load_programme(folder.parents[1], tiny.PROGRAMME_ID)
    assert programme.area_by_code["001"].name == "Đông"
    assert programme.area_by_code["00011"].parent_code == "001"
    assert programme.targets[1].value == Decimal("90.5")
    assert programme.targets[1].issued_on == date(2030, 1, 31)


def test_all_mistakes_are_told_at_once_with_file_line_and_column(folder):
    rewrite(
        folder, "indicators.csv", ("P1,Tỷ lệ hộ nghèo,Hộ nghèo", "P1,,Hộ nghèo"), ("jobs_created,,1", "việc làm,,1")
    )
    rewrite(folder, "areas.csv", ("thi_tran", "thitran"))
    rewrite(folder, "targets.csv", ('"1000"', '"một nghìn"'), ("W1,term_end", "W9,term_end"))
    with pytest.raises(ProgrammeError) as caught:
        load_programme(folder.parents[1], tiny.PROGRAMME_ID)
    text = str(caught.value)
    for place in (
        "indicators.csv, dòng 2, cột 'name_vi'",
        "indicators.csv, dòng 3, cột 'numerator': thấy 'việc làm'",
        "areas.csv, dòng 7, cột 'kind': thấy 'thitran'",
        "targets.csv, dòng 2, cột 'value': thấy 'một nghìn'",
        "targets.csv, dòng 3, cột 'indicator': thấy 'W9'",
    ):
        assert place in text


@pytest.mark.parametrize(
    "name, old, new, told",
    [
        ("programme.yml", "announced: 4", "announced: 27", "thấy '4 chỉ tiêu từ 2030-01-01', cần: 27"),
        ("programme.yml", "id: thu_nghiem", "id: khac", "tên thư mục"),
        ("programme.yml", "due_days: 5", "due_days: [", "YAML"),
        ("measures.csv", "city,agency,so_mot", "city,agency,", "mã cơ quan khi reported_by=agency"),
        ("measures.csv", "households,Số hộ,", "poor_households,Số hộ,", "mã không trùng với dòng 2"),
        ("indicators.csv", "poor_households,households,100", "poor_households,,100", "mẫu số"),
        ("targets.csv", "ge,\"1000\"", "range,\"1000\"", "cận trên"),
        ("targets.csv", 'J1,year,2030,,ge,"1000"', "J1,year,2030,,yes,",
         "targets.csv, dòng 2, cột 'op': thấy 'yes', cần: ge, .* vì J1 không có đơn vị tính 'có/không'"),
        ("targets.csv", 'J1,year,2030,,ge,"1000",,', "J1,year,2030,,yes,,,unemployment",
         "dòng 2, cột 'op': thấy 'yes', cần: ge, .* vì unemployment không có đơn vị tính 'có/không'"),
        ("indicators.csv", "yes,người,higher", "yes,có/không,higher",
         "targets.csv, dòng 2, cột 'op': thấy 'ge', cần: yes, vì J1 có đơn vị tính 'có/không'"),
        ("targets.csv", 'ge,"1000"', "yes,5", "dòng 2, cột 'value': thấy '5', cần: 1 hoặc để trống"),
        ("targets.csv", "J1,year,2030,,", "J1,year,2030,00011,", "dòng 2, cột 'area': thấy '00011', cần: .* cấp huyện"),
        ("targets.csv", "J1,year,2030,,", "J1,year,2030,city,", "dòng 2, cột 'area': thấy 'city', cần: .* để trống"),
        ("targets.csv", "J1,year,2030,,", "U1,year,2030,1,", "cột 'area': thấy '001', cần: .* vì U1 không có số liệu"),
        ("targets.csv", 'J1,year,2030,,ge,"1000",,', 'J1,year,2030,1,ge,"1000",,unemployment',
         "dòng 2, cột 'area': thấy '001', cần: .* vì unemployment không có số"),
        ("layouts/dan_cu.yml", "measure: households", "measure: so_ho", "layouts/dan_cu, cột 'columns': thấy 'so_ho'"),
        ("layouts/dan_cu.yml", "rows: areas", "rows: [", "dan_cu.yml, dòng .*sai cú pháp YAML"),
        ("layouts/dan_cu.yml", "sender: area", "sender: huyen", "dan_cu.yml, cột 'sender': thấy 'huyen'"),
        ("areas.csv", "city,Thành Thử", "tinh,Thành Thử", "một dòng mã 'city'"),
    ],
)  # fmt: skip
def test_each_mistake_says_what_is_expected(folder, name, old, new, told):
    rewrite(folder, name, (old, new))
    with pytest.raises(ProgrammeError, match=told):
        load_programme(folder.parents[1], tiny.PROGRAMME_ID)


def test_what_is_done_or_not_done_is_planned_with_yes_and_an_area_has_plans_of_its_own(folder, tmp_path):
    rewrite(folder, "indicators.csv", ("4,yes,%,lower,city_only", "4,yes,có/không,higher,city_only"))
    rewrite(folder, "targets.csv", ('J1,year,2030,,ge,"1000",,,1,',
            'U1,term_end,2031,,yes,,,,,Kế hoạch thử,2030-01-01,published,\nJ1,year,2030,1,ge,"400",,,1,'))  # fmt: skip
    done, jobs, _ = load_programme(tmp_path, tiny.PROGRAMME_ID).targets
    assert (done.op, done.value, done.area) == ("yes", None, None)
    assert (jobs.area, jobs.value) == ("001", 400)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ("25,50,75", "dòng 2, cột 'share_q1': thấy '25', cần: một số không quá 1"),
        ('"0,5",,"0,4"', "dòng 2, cột 'share_q1, share_q2, share_q3': thấy '0.5; 0.4', cần: tỷ lệ lũy kế từ đầu năm"),
    ],
)
def test_expected_shares_are_parts_of_a_year_that_add_up(folder, shares, told):
    columns = "completion_decimals,share_q1,share_q2,share_q3,document"
    rewrite(folder, "targets.csv", ("completion_decimals,document", columns), ("1,Kế hoạch thử", "1,,,,Kế hoạch thử"))
    assert load_programme(folder.parents[1], tiny.PROGRAMME_ID).targets[0].share_q1 is None
    rewrite(folder, "targets.csv", ('"1000",,,1,,,,', f'"1000",,,1,{shares},'))
    with pytest.raises(ProgrammeError, match=told):
        load_programme(folder.parents[1], tiny.PROGRAMME_ID)


def test_one_broken_programme_does_not_unload_the_others(folder, tmp_path):
    broken = tmp_path / "raw" / "hong"
    broken.mkdir()
    (broken / "programme.yml").write_text("id: hong\n", encoding="utf-8")
    programmes = load_programmes(tmp_path)
    assert [programme.id for programme in programmes.loaded] == [tiny.PROGRAMME_ID]
    assert list(programmes.broken) == ["hong"]


def test_short_forms_and_a_wrong_name_lists_what_exists(folder, tmp_path):
    assert find_programme(tmp_path, "thu").id == tiny.PROGRAMME_ID
    assert find_programme(tmp_path, "Thử nghiệm").id == tiny.PROGRAMME_ID
    with pytest.raises(UsageError, match="thu_nghiem"):
        find_programme(tmp_path, "khong_co")


def test_reporters_expected_follow_the_frequency_of_what_they_owe(folder, tmp_path):
    programme = load_programme(tmp_path, tiny.PROGRAMME_ID)
    assert programme.expected_reporters(Quarter(2030, 3)) == ["001", "002"]
    assert programme.expected_reporters(Quarter(2030, 4)) == ["001", "002", "so_mot"]


def test_targets_and_assessments_are_cut_at_as_of(folder, tmp_path):
    rewrite(folder, "targets.csv", ("W1,term_end,2031,,ge,\"90,5\",,,1,Kế hoạch thử,2030-01-01",
                                    "W1,term_end,2031,,ge,\"90,5\",,,1,Kế hoạch thử,2030-06-01"))  # fmt: skip
    (folder / "assessments.csv").write_text(
        "quarter,indicator,status,document,assessed_on,reason,basis\n"
        "2030-Q4,P1,term_done,Hội nghị,2031-01-12,,published\n",
        encoding="utf-8",
    )
    programme = load_programme(tmp_path, tiny.PROGRAMME_ID)
    early, late = (programme_frames(programme, day) for day in (date(2030, 5, 31), date(2031, 1, 12)))
    assert [early[name].height for name in ("targets", "assessments")] == [1, 0]
    assert [late[name].height for name in ("targets", "assessments")] == [2, 1]


def test_the_set_may_shrink_and_an_owner_may_change(folder, tmp_path):
    announced = "indicators_announced: [{from: 2030-01-01, count: 4}, {from: 2031-01-01, count: 3}]"
    rewrite(folder, "programme.yml", ("indicators_announced: 4", announced))
    rewrite(folder, "owners.csv", ("so_mot,Sở Một,Sở Một,,,", "so_mot,Sở Một,Sở Một,,,\nso_hai,Sở Hai,Sở Hai,,,"))
    line = next(line for line in (folder / "indicators.csv").read_text(encoding="utf-8").splitlines() if "W1" in line)
    ended, renewed = line + "2030-12-31", line.replace("so_mot", "so_hai").replace("2030-01-01", "2030-07-01")
    rewrite(folder, "indicators.csv", (line, ended))
    assert load_programme(tmp_path, tiny.PROGRAMME_ID).indicators[2].valid_to == date(2030, 12, 31)
    rewrite(folder, "indicators.csv", (ended, f"{ended}\n{renewed}"))
    with pytest.raises(ProgrammeError, match="dòng 5, cột 'code': thấy 'W1', cần: thời gian hiệu lực"):
        load_programme(tmp_path, tiny.PROGRAMME_ID)


def test_tasks_corrections_breaks_and_issues_are_read_and_cut_at_as_of(folder, tmp_path):
    for name, text in {
        "tasks.csv": "id,indicator,task,lead,partners,document,assigned_on,due_on,state,done_on,basis,note\n"
        "N1,P1,Rà soát hộ nghèo,so_mot,,Kết luận,2031-01-12,2031-03-31,done,2031-03-01,published,\n",
        "method_breaks.csv": "indicator,from_quarter,note,basis\nP1,2030-Q2,Chuẩn mới,published\n",
        "corrections.yml": "- {quarter: 2030-Q4, measure: jobs_created, area: '001', old: 250, new: 240,\n"
        "   reason: gõ nhầm, agreed_by: Sở Một, agreed_on: 2031-01-08}\n",
        "issued/2030-Q4.json": '{"quarter": "2030-Q4", "number": "05", "issued_on": "2031-01-15", "inputs_sha256": "a",'
        ' "facts_sha256": "b", "pdf_sha256": "c", "figures": [{"indicator": "J1", "area": "city", "numerator": "250",'
        ' "denominator": null, "status": "behind", "printed": "250"}]}',
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    programme = load_programme(tmp_path, tiny.PROGRAMME_ID)
    now, before = programme_frames(programme), programme_frames(programme, date(2031, 1, 13))
    assert now["tasks"]["state"].to_list() == ["done"] and before["tasks"]["state"].to_list() == ["open"]
    assert before["tasks"]["done_on"].to_list() == [None]
    assert [frame["corrections"].height for frame in (now, before)] == [1, 1]
    assert programme_frames(programme, date(2031, 1, 7))["corrections"].is_empty()
    assert [frame["issued_figures"].height for frame in (now, before)] == [1, 0]
    assert now["method_breaks"]["from_quarter"].to_list() == ["2030-Q2"]


def test_waivers_are_read_and_cut_at_as_of_and_the_lock_is_a_day_of_its_own(folder, tmp_path):
    heading = folder / "programme.yml"
    heading.write_text(heading.read_text(encoding="utf-8") + "lock_days: 20\n", encoding="utf-8")
    (folder / "waivers.yml").write_text(
        "- {rule: period-locked, quarter: 2030-Q4, reporter: '002', reason: bão lụt, agreed_by: Sở Một,\n"
        "   agreed_on: 2031-01-22, until: 2031-01-31}\n", encoding="utf-8",
    )  # fmt: skip
    programme = load_programme(tmp_path, tiny.PROGRAMME_ID)
    quarter = Quarter(2030, 4)
    assert (programme.due_on(quarter), programme.locked_on(quarter)) == (date(2031, 1, 5), date(2031, 1, 20))
    assert programme_frames(programme)["waivers"]["valid_until"].to_list() == [date(2031, 1, 31)]
    assert programme_frames(programme, date(2031, 1, 21))["waivers"].is_empty()


@pytest.mark.parametrize(
    "name, text, told",
    [
        (
            "waivers.yml",
            "- {rule: deadline, quarter: 2030-Q4, reporter: '999', reason: a, agreed_by: b, agreed_on: 2031-01-08}\n",
            "waivers.yml, mục 1, cột 'reporter': thấy '999'",
        ),
        (
            "waivers.yml",
            "- {rule: deadline, quarter: 2030-Q4, reporter: '002', reason: a, agreed_by: b, agreed_on: 2031-01-08,\n"
            "   until: 2031-01-07}\n",
            "ngày không sớm hơn ngày thống nhất",
        ),
        ("corrections.yml", "- {quarter: 2030-Q4}\n", "corrections.yml, mục 1, cột 'measure'"),
        ("corrections.yml", "quarter: 2030-Q4\n", "một danh sách"),
        ("issued/2030-Q4.json", "{", "sai cú pháp JSON"),
        ("tasks.csv", "id,task,lead,document,assigned_on,state,basis\n1,a,so_9,b,2031-01-01,open,published\n", "so_9"),
        ("method_breaks.csv", "indicator,from_quarter,note,basis\nP1,2030,x,published\n", "from_quarter"),
        (
            "tasks.csv",
            "id,task,lead,document,assigned_on,state,basis\n" + 2 * "1,a,so_mot,b,2031-01-01,open,published\n",
            "dòng 3, cột 'id': thấy '1', cần: mã không trùng với dòng 2",
        ),
        (
            "corrections.yml",
            "- {quarter: 2035-Q4, measure: jobs_created, area: 1, old: 1, new: 2, reason: a, agreed_by: b,\n"
            "   agreed_on: 2031-01-08}\n",
            "thấy '2035-Q4', cần: năm từ 2030 đến 2031",
        ),
        (
            "assessments.csv",
            "quarter,indicator,status,document,assessed_on,reason,basis\n2049-Q4,P1,term_done,a,2031-01-12,,published\n",
            "thấy '2049-Q4'",
        ),
    ],
)  # fmt: skip
def test_the_optional_files_are_validated_too(folder, tmp_path, name, text, told):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError, match=told):
        load_programme(tmp_path, tiny.PROGRAMME_ID)


@pytest.mark.parametrize(
    ("tiles", "told"),
    [
        (("2,1", "2,1"), r"areas.csv, dòng 4, cột 'tile_x, tile_y': thấy '2, 1', cần: một ô khác với ô của Quận Đông"),
        (("2,", "2,1"), r"areas.csv, dòng 3, cột 'tile_x, tile_y': thấy '2, ', cần: cả hai"),
        (("0,1", "2,1"), r"areas.csv, dòng 3, cột 'tile_x': thấy '0'"),
    ],
)
def test_a_district_has_a_tile_of_its_own_on_the_map(folder, tiles, told):
    ends = ("Quận Đông|Q. Đông", "Huyện Tây Hòa|H. Tây Hòa")
    rewrite(folder, "areas.csv", ("sort,aliases", "sort,aliases,tile_x,tile_y"),
            *((end, f"{end},{tile}") for end, tile in zip(ends, tiles, strict=True)))  # fmt: skip
    with pytest.raises(ProgrammeError, match=told):
        load_programme(folder.parents[1], tiny.PROGRAMME_ID)
    whole = zip(ends, tiles, (1, 2), strict=True)
    rewrite(folder, "areas.csv", *((f"{end},{tile}", f"{end},{x},1") for end, tile, x in whole))
    placed = [(area.tile_x, area.tile_y) for area in load_programme(folder.parents[1], tiny.PROGRAMME_ID).areas]
    assert placed == [(None, None), (1, 1), (2, 1), *[(None, None)] * 4]
