"""`giaoban check`: what it finds without being told, what it prints, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer import Exit

from pipeline.cli.answering import check
from pipeline.errors import UsageError
from tests import tiny
from tests.feedback.conftest import Office, to_bytes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tiny.write_programme(tmp_path)
    (tmp_path / "raw" / tiny.PROGRAMME_ID / "submissions" / "2030-Q4").mkdir(parents=True)
    return tmp_path


def submitted(home: Path, name: str, workbook: tiny.Workbook) -> Path:
    path = home / "raw" / tiny.PROGRAMME_ID / "submissions" / "2030-Q4" / name
    path.write_bytes(to_bytes(workbook))
    return path


def faulty() -> tiny.Workbook:
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 1"]["E9"] = "25o"
    workbook["Biểu 1"]["E10"], workbook["Biểu 1"]["E12"] = None, 0
    return workbook


def giaoban(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "check", *words, "--home", str(home)],
        cwd=home, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_clean_file_ends_with_0_and_says_what_was_read(home: Path):
    path = submitted(home, "dong.xlsx", tiny.district_workbook("Quận Đông"))
    before = path.read_bytes()
    done = giaoban(home, str(path))
    assert done.returncode == 0, done.stderr
    assert "dong.xlsx: Quận Đông, quý IV/2030, Chương trình số 01-CTr/TN" in done.stdout
    assert "Biểu 2: dùng được, 4 số liệu" in done.stdout and "không có lỗi" in done.stdout
    assert "chưa có số liệu kỳ trước để đối chiếu" in done.stdout
    assert path.read_bytes() == before and not (home / "build").exists()


def test_errors_end_with_1_and_json_holds_every_finding(home: Path):
    done = giaoban(home, str(submitted(home, "tay.xlsx", faulty())), "--format", "json")
    assert done.returncode == 1, done.stderr
    (record,) = json.loads(done.stdout)
    assert (record["programme"], record["quarter"], record["reporter"]) == (tiny.PROGRAMME_ID, "2030-Q4", "002")
    assert record["forms"][1] == {"sheet": "Biểu 2", "form": "dan_cu", "accepted": True, "figures": 4}
    found = {one["rule"]: (one["severity"], one["sheet"], one["cell"]) for one in record["findings"]}
    assert found["mistyped-number"] == ("error", "Biểu 1", "E9")
    assert found["ratio_without_denominator"] == ("warn", "Biểu 1", "E11"), "the SQL checks judge the file too"
    assert set(record["findings"][0]) == {"rule", "severity", "sheet", "cell", "found", "expected", "remedy"}


def test_a_check_finds_what_a_run_finds(
    home: Path, new_office: Callable[[], Office], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    workbook = faulty()
    workbook["Biểu 2"]["D10"], workbook["Biểu 2"]["E9"] = 7, 0.9
    office = new_office()
    office.send("tay.xlsx", workbook, "002", date(2031, 1, 2))
    office.compute(tmp_path)
    (file,) = office.answers()["002"].files
    with pytest.raises(Exit):
        check([submitted(home, "tay.xlsx", workbook)], home=home, form="json")
    (record,) = json.loads(capsys.readouterr().out)
    assert record["findings"] == [vars(one) for one in file.findings] and len(record["findings"]) >= 4


def test_what_workers_import_again_is_small():
    code = "import sys, pipeline.cli; assert not {'typer', 'rich', 'duckdb', 'polars'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_wrong_usage_ends_with_2(home: Path):
    done = giaoban(home, "khong-co.xlsx")
    assert done.returncode == 2 and "Không thấy tệp khong-co.xlsx" in done.stderr and done.stdout == ""


def test_a_file_elsewhere_is_placed_by_its_title(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "gửi nhầm chỗ.xlsx"
    path.write_bytes(to_bytes(tiny.district_workbook("Quận Đông")))
    check([path], home=home, form="json")
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["programme"], record["quarter"], record["reporter"]) == (tiny.PROGRAMME_ID, "2030-Q4", "001")


@pytest.mark.parametrize("is_ambiguous", [True, False])
def test_what_the_title_leaves_open_is_asked_for(home: Path, tmp_path: Path, is_ambiguous: bool):
    path = tmp_path / "la.xlsx"
    if is_ambiguous:
        other = home / "raw" / "thu_nghiem_hai"
        shutil.copytree(home / "raw" / tiny.PROGRAMME_ID, other)
        heading = other / "programme.yml"
        heading.write_text(heading.read_text(encoding="utf-8").replace("id: thu_nghiem", "id: thu_nghiem_hai"))
        path.write_bytes(to_bytes(tiny.district_workbook("Quận Đông")))
        asked = r"--programme \(một trong: thu_nghiem, thu_nghiem_hai\)\.$"
    else:
        path.write_bytes(b"%PDF-1.7")
        asked = r"--programme \(một trong: thu_nghiem\) và --quarter, ví dụ 2023-Q4"
    with pytest.raises(UsageError, match=asked):
        check([path], home=home)


def test_without_out_only_a_file_with_findings_gets_a_letter(home: Path, capsys: pytest.CaptureFixture[str]):
    folder = home / "build" / tiny.PROGRAMME_ID / "feedback" / "kiem-tra"
    good = submitted(home, "tot.xlsx", tiny.district_workbook("Quận Đông"))
    check([good], home=home)
    assert not folder.exists() and "Thư phản hồi" not in capsys.readouterr().out
    with pytest.raises(Exit):
        check([submitted(home, "tay2.xlsx", faulty())], home=home)
    assert "tay2-danh-dau.xlsx" in [one.name for one in folder.iterdir()]


def test_out_takes_the_letter_and_the_marked_copy(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = submitted(home, "tay.xlsx", faulty())
    with pytest.raises(Exit) as ended:
        check([path], home=home, out=tmp_path / "ra")
    assert ended.value.exit_code == 1 and f"Thư phản hồi và bản đánh dấu: {tmp_path / 'ra'}" in capsys.readouterr().out
    assert sorted(one.name for one in (tmp_path / "ra").iterdir()) == [
        "tay-danh-dau.xlsx", "tay-thu-phan-hoi.html", "tay-thu-phan-hoi.txt",
    ]  # fmt: skip
    assert load_workbook(tmp_path / "ra" / "tay-danh-dau.xlsx")["Biểu 1"]["E9"].comment is not None
    said = (tmp_path / "ra" / "tay-thu-phan-hoi.txt").read_text(encoding="utf-8")
    assert "chưa vào sổ tiếp nhận" in said and "Ô E9: thấy 25o" in said


def test_each_file_of_several_is_judged_alone(home: Path, capsys: pytest.CaptureFixture[str]):
    files = [submitted(home, f"{name}.xlsx", tiny.district_workbook(name)) for name in ("Quận Đông", "Huyện Tây Hòa")]
    files.append(home / "quet.pdf")
    files[2].write_bytes(b"%PDF-1.7")
    with pytest.raises(Exit):
        check(files, programme="thu", quarter="IV/2030", home=home, form="json")
    records = json.loads(capsys.readouterr().out)
    assert [record["reporter"] for record in records] == ["001", "002", None]
    assert [len(record["findings"]) for record in records[:2]] == [0, 0]
    assert [one["rule"] for one in records[2]["findings"]] == ["not-a-workbook"]


def test_the_file_is_compared_with_what_was_published_before(
    home: Path, capsys: pytest.CaptureFixture[str], publish: Callable[[Path], None]
):
    """250 jobs since 1 January after 400 three months before: only the history knows."""
    earlier = tiny.district_workbook("Quận Đông", period="Quý III năm 2030")
    earlier["Biểu 1"]["E9"] = 400
    folder = home / "raw" / tiny.PROGRAMME_ID / "submissions" / "2030-Q3"
    folder.mkdir()
    (folder / "dong.xlsx").write_bytes(to_bytes(earlier))
    publish(home)
    check([submitted(home, "dong.xlsx", tiny.district_workbook("Quận Đông"))], home=home, form="json")
    (record,) = json.loads(capsys.readouterr().out)
    found = {one["rule"]: one for one in record["findings"]}["flow_decreases"]
    assert (found["severity"], found["cell"], found["expected"]) == ("warn", "E9", "400")
    assert record["compared_with"] == ["2030-Q3"]


@pytest.fixture
def publish() -> Callable[[Path], None]:
    """Read the third quarter of a home and publish its raw rows, with a check that only a whole run makes."""
    from pipeline.intake import take_in
    from pipeline.programme import load_programme
    from pipeline.quarters import Quarter
    from pipeline.warehouse import Warehouse

    def run(home: Path) -> None:
        programme, quarter = load_programme(home, tiny.PROGRAMME_ID), Quarter(2030, 3)
        with Warehouse(home / "build" / programme.id, programme.id) as work:
            frames = take_in(programme, quarter).frames
            work.replace_quarter(str(quarter), {f"raw.{name}": frame for name, frame in frames.items()}, "")
            work.rebuild("checks.part_exceeds_whole", "select 1 as quarter")
            work.publish()

    return run
