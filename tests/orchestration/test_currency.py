"""Nothing is printed or issued from tables that are not what files, definitions and models give."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.briefing import document
from pipeline.briefing.provenance import is_up_to_date
from pipeline.currency import what_changed
from pipeline.errors import GiaobanError, UsageError
from pipeline.models import SqlFiles, read_sql_files
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.steps import raw_tables
from pipeline.warehouse import Makings, open_for_reading
from tests.issuing import issue_briefing
from tests.tiny import PROGRAMME_ID, district_workbook, set_in

Q4 = Quarter(2030, 4)


@pytest.fixture
def home(printed_office: Path, tmp_path: Path) -> Path:
    shutil.copytree(printed_office, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def programme_of(home: Path) -> Programme:
    return load_programme(home, PROGRAMME_ID)


def send_again(home: Path) -> None:
    """The first district's file with another figure, as somebody puts it into the folder."""
    workbook = district_workbook("Quận Đông")
    workbook["Biểu 1"]["E9"] = 260
    workbook.save(home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "gửi lại.xlsx")


def changed(home: Path, files: SqlFiles | None = None) -> list[str]:
    with closing(open_for_reading(home, PROGRAMME_ID)) as connection:
        given = files or read_sql_files(raw_tables())
        return what_changed(programme_of(home), Q4, connection, Makings(connection), given)


def test_what_a_refresh_published_is_current(printed_office: Path) -> None:
    assert changed(printed_office) == []


def test_another_model_makes_every_table_stale(printed_office: Path) -> None:
    files = read_sql_files(raw_tables())
    first, *others = files.models
    other = SqlFiles((replace(first, text=first.text + "\n-- otherwise"), *others), files.checks)
    assert changed(printed_office, other) == ["các bảng tính"]


def test_files_read_without_their_models_are_not_printed(home: Path) -> None:
    before = set_in(home).resolve()
    send_again(home)
    with Runner(programme_of(home)) as runner:
        runner.run("raw/observations", Q4)
        with pytest.raises(GiaobanError, match=r"các bảng tính.*giaoban briefing thu_nghiem 2030-Q4"):
            runner.run("briefing/briefing", Q4)
    assert set_in(home).resolve() == before


def test_a_file_that_comes_while_it_is_printed_is_no_input_of_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set_in(home).resolve()
    draw = document.briefing_charts

    def draw_while_a_file_comes(*given: object) -> object:
        send_again(home)
        return draw(*given)

    (home / "raw" / PROGRAMME_ID / "narrative").mkdir(exist_ok=True)
    narrative = home / "raw" / PROGRAMME_ID / "narrative" / "2030-Q4.md"
    narrative.write_text("## Kết quả nổi bật\n\nĐạt.\n", encoding="utf-8")
    monkeypatch.setattr(document, "briefing_charts", draw_while_a_file_comes)
    with Runner(programme_of(home)) as runner, pytest.raises(GiaobanError, match="chưa tính theo thay đổi mới nhất"):
        runner.briefing(Q4)
    assert set_in(home).resolve() == before


def test_a_draft_is_not_issued_from_tables_of_other_files(home: Path) -> None:
    with Runner(programme_of(home)) as runner:
        send_again(home)
        runner.refresh(Q4)
    (home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "gửi lại.xlsx").unlink()
    with pytest.raises(GiaobanError, match="chưa tính theo thay đổi mới nhất"):
        issue_briefing(programme_of(home), Q4, "01/BC-TN", date(2031, 2, 3))
    assert not (home / "raw" / PROGRAMME_ID / "issued" / "2030-Q4.json").exists()


def test_an_issue_is_known_to_who_comes_after_it(home: Path) -> None:
    loaded_before = programme_of(home)
    path, issued = issue_briefing(programme_of(home), Q4, "01/BC-TN", date(2031, 2, 3))
    # the pages of the districts are on record too
    assert list(issued.pages) == ["areas/001.pdf", "areas/002.pdf"]
    assert json.loads(path.read_text(encoding="utf-8"))["pages"] == issued.pages
    # tables that do not know what was issued are not current
    assert changed(home) == ["khai báo, hồ sơ ban hành của chương trình"]
    # who waited for the lock sees the record of who had it
    with pytest.raises(UsageError, match="phải có ngày sau"):
        issue_briefing(loaded_before, Q4, "02/BC-TN", date(2031, 2, 3))
    with pytest.raises(GiaobanError, match="chưa biết báo cáo số 01/BC-TN"):
        issue_briefing(loaded_before, Q4, "02/BC-TN", date(2031, 2, 4))
    # an edition with a number that is on no record is made again
    assert is_up_to_date(programme_of(home), Q4, set_in(home))
    path.unlink()
    assert not is_up_to_date(programme_of(home), Q4, set_in(home))


def test_a_mart_that_is_no_more_leaves_with_the_next_refresh(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "sql"
    shutil.copytree(Path(__file__).parents[2] / "sql", folder)
    (folder / "marts" / "old_values.sql").write_text(
        "-- Nothing\n-- grain: one row\n-- inputs: staging.areas\n-- units: none\n-- source: test\n\n"
        "select 1 as one from staging.areas\n",
        encoding="utf-8",
    )
    marts = home / "build" / PROGRAMME_ID / "marts"
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.definitions.read_sql_files", lambda tables: read_sql_files(tables, folder))
        with Runner(programme_of(home)) as runner:
            runner.refresh(Q4)
    assert (marts / "old_values.parquet").is_file()
    with Runner(programme_of(home)) as runner:
        runner.refresh(Q4)
    assert not (marts / "old_values.parquet").exists() and (marts / "indicator_values.parquet").is_file()
