"""Runs through Dagster: what is read again, what is published, and what a failure leaves untouched."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipeline import currency
from pipeline.errors import GiaobanError, UsageError
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.warehouse import quarter_fingerprint
from tests.orchestration.conftest import Demo

Q3, Q4 = Quarter.parse("2023-Q3"), Quarter.parse("2023-Q4")


def test_a_briefing_reads_every_changed_quarter_in_one_run(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        folder = runner.briefing(Q4)
    assert [quarter for quarter, _ in demo.read] == ["2023-Q3", "2023-Q4"]
    assert demo.rows("marts.totals") == [("2023-Q3", 100), ("2023-Q4", 200)]
    assert folder == demo.build / "2023-Q4" and folder.is_symlink()
    assert (folder / "briefing.pdf").read_text() == "200"
    assert sorted(path.name for path in (demo.build / "marts").iterdir()) == ["areas.parquet", "totals.parquet"]
    assert not list(demo.build.glob(".work-*"))


def test_a_refresh_writes_the_letters_of_every_quarter_it_read(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        folder = runner.feedback_folder(Q4)
    assert folder == demo.build / "feedback" / "2023-Q4" and folder.is_symlink()
    assert (folder / "letter.txt").read_text() == "200"
    assert (demo.build / "feedback" / "2023-Q3" / "letter.txt").read_text() == "100"


def test_a_refresh_that_fails_leaves_the_letters_as_they_were(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        before = (demo.build / "feedback" / "2023-Q4").resolve()
        demo.submit("2023-Q4", -5)
        with pytest.raises(GiaobanError, match="Số hộ không được âm"):
            runner.refresh(Q4)
    after = (demo.build / "feedback" / "2023-Q4").resolve()
    assert after == before and (after / "letter.txt").read_text() == "200"


def test_only_what_changed_is_read_again_and_the_quarter_asked_for(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        demo.read.clear()
        runner.refresh(Q4)
        assert [quarter for quarter, _ in demo.read] == ["2023-Q4"]
        demo.submit("2023-Q3", 101)
        demo.read.clear()
        runner.refresh(Q4)
    assert [quarter for quarter, _ in demo.read] == ["2023-Q3", "2023-Q4"]
    assert demo.rows("marts.totals") == [("2023-Q3", 101), ("2023-Q4", 200)]


def test_a_refresh_makes_anew_only_what_depends_on_a_change(demo: Demo) -> None:
    """A table with a mark in it was kept; who asks for it by name has it made anew all the same."""
    import duckdb

    tables = ("staging.counts", "marts.totals", "marts.areas", "checks.households_are_positive")

    def marked() -> list[str]:
        with duckdb.connect(str(demo.build / "warehouse.duckdb"), read_only=True) as connection:
            found = [table for table in tables if "mark" in connection.sql(f"from {table}").columns]
        with duckdb.connect(str(demo.build / "warehouse.duckdb")) as connection:
            for table in set(tables) - set(found):
                connection.execute(f"alter table {table} add column mark varchar")
        return found

    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        assert marked() == []
        runner.refresh(Q4)
        assert marked() == [*tables]
        demo.submit("2023-Q4", 201)
        runner.refresh(Q4)
        assert marked() == []
        heading = demo.programme.folder / "programme.yml"  # moves the quarters, which only marts.totals reads
        heading.write_text(heading.read_text(encoding="utf-8").replace("due_days: 7", "due_days: 8"), encoding="utf-8")
        runner.refresh(Q4)
        assert marked() == ["staging.counts", "marts.areas", "checks.households_are_positive"]
        runner.run("marts/areas", None)
        assert marked() == ["staging.counts", "marts.totals", "checks.households_are_positive"]
    assert demo.rows("marts.totals")[-1][:2] == ("2023-Q4", 201)


def test_a_second_briefing_replaces_the_set_whole_and_leaves_no_other(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        first = runner.briefing(Q4).resolve()
        second = runner.briefing(Q4).resolve()
    assert first != second and not first.exists() and second.exists()


def test_one_asset_reruns_alone(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        demo.submit("2023-Q4", 999)
        demo.read.clear()
        mark = "create or replace table {0} as select *, 'sentinel' as mark from {0}"
        import duckdb

        with duckdb.connect(str(demo.build / "warehouse.duckdb")) as connection:
            for table in ("raw.observations", "staging.counts", "marts.totals", "marts.areas"):
                connection.execute(mark.format(table))
        assert runner.run("marts/totals", None) == ["marts/totals"]
    assert demo.read == []
    assert demo.rows("marts.totals") == [("2023-Q3", 100), ("2023-Q4", 200)]
    for table in ("raw.observations", "staging.counts", "marts.areas"):
        assert all(row[-1] == "sentinel" for row in demo.rows(table)), table


def test_a_selection_may_reach_upstream_and_then_needs_a_quarter(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        with pytest.raises(UsageError, match="--quarter"):
            runner.run("+marts/areas", None)
        names = runner.run("+marts/totals", Q4)
        assert "marts/areas" not in names and "raw/observations" in names
        with pytest.raises(UsageError, match="marts/totals"):
            runner.run("marts/nothing", None)
    assert demo.rows("marts.totals") == [("2023-Q4", 200)]


def test_a_blocking_check_publishes_nothing_and_says_why(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        before = (demo.build / "warehouse.duckdb").read_bytes()
        demo.submit("2023-Q4", -5)
        with pytest.raises(GiaobanError, match=r"Số hộ không được âm[\s\S]*-5"):
            runner.refresh(Q4)
    assert (demo.build / "warehouse.duckdb").read_bytes() == before
    assert not list(demo.build.glob(".work-*"))


def test_a_warning_publishes_and_is_told(demo: Demo) -> None:
    demo.submit("2023-Q4", 2_000_000)
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        assert [(doubt.title, doubt.rows) for doubt in runner.doubts] == [
            ("Số hộ của một địa bàn nhỏ hơn một triệu.", 1)
        ]
    assert demo.rows("checks.households_are_plausible")[0][:2] == ("2023-Q4", "001")


def test_an_interrupted_run_publishes_nothing(demo: Demo) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    demo.while_reading = interrupt
    with Runner(demo.programme) as runner, pytest.raises(KeyboardInterrupt):
        runner.refresh(Q4)
    assert not (demo.build / "warehouse.duckdb").exists()


def test_a_publication_that_fails_fails_the_run(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("pipeline.warehouse.file.swap_file", full_disk)
    with Runner(demo.programme) as runner, pytest.raises(GiaobanError, match="No space left"):
        runner.refresh(Q4)
    assert not (demo.build / "warehouse.duckdb").exists()


def test_as_of_publishes_nothing_and_writes_beside(demo: Demo) -> None:
    with Runner(demo.programme, as_of=date(2024, 1, 8)) as runner:
        folder = runner.briefing(Q4)
        with runner.reading() as connection:
            assert connection.execute("from marts.totals").fetchall() == [("2023-Q3", 100), ("2023-Q4", 200)]
    assert demo.read == [("2023-Q3", date(2024, 1, 8)), ("2023-Q4", date(2024, 1, 8))]
    assert folder == demo.build / "2023-Q4@2024-01-08"
    assert not (demo.build / "warehouse.duckdb").exists() and not (demo.build / "2023-Q4").exists()
    assert (folder / "feedback" / "letter.txt").read_text() == "200" and not (demo.build / "feedback").exists()
    assert not (demo.home / "build" / "dagster").exists()


def test_out_receives_the_files_instead_of_the_build_folder(demo: Demo, tmp_path: Path) -> None:
    with Runner(demo.programme) as runner:
        runner.briefing(Q4, out=tmp_path / "hop")
    assert (tmp_path / "hop" / "briefing.pdf").read_text() == "200"
    assert not (demo.build / "2023-Q4").exists()


def test_a_quarter_outside_the_term_is_refused_in_vietnamese(demo: Demo) -> None:
    late = demo.programme.quarters[-1].next
    with Runner(demo.programme) as runner, pytest.raises(Exception, match=str(late)):
        runner.refresh(late)


def test_a_dead_run_is_marked_failed_by_the_next(demo: Demo) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with Runner(demo.programme) as runner:
        for run_id, pid in (("dead", dead.pid), ("alive", os.getppid()), ("unsigned", None)):
            from pipeline.warehouse.process import process_mark

            mark = pid and (process_mark(pid) or f"{pid}:1")
            runner._instance.add_run(
                dg.DagsterRun(
                    "elsewhere", run_id=run_id, status=dg.DagsterRunStatus.STARTED,
                    tags={"giaoban/process": mark} if mark else {},
                )
            )  # fmt: skip
        runner.refresh(Q4)
        status = {run_id: runner._instance.get_run_by_id(run_id).status for run_id in ("dead", "alive", "unsigned")}
    assert status == {
        "dead": dg.DagsterRunStatus.FAILURE,
        "alive": dg.DagsterRunStatus.STARTED,
        "unsigned": dg.DagsterRunStatus.STARTED,
    }


def test_a_briefing_is_not_printed_from_files_that_changed_since_they_were_read(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        demo.submit("2023-Q3", 101)
        with pytest.raises(GiaobanError, match=r"chưa tính theo thay đổi mới nhất \(2023-Q3\)"):
            runner.run("briefing/briefing", Q4)
    assert not (demo.build / "2023-Q4").exists()


@pytest.mark.parametrize("who", ["_is_refreshing", "_daemon_lives"])
def test_a_briefing_waits_for_a_refresh_that_is_on_its_way(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, who: str
) -> None:
    """As when somebody prints in the interface while the daemon takes in a file: no failure, and the new figures."""
    import duckdb

    looked: list[str] = []

    def is_on_its_way(*_: object) -> bool:
        looked.append(who)
        if len(looked) == 3:
            fingerprint = quarter_fingerprint(demo.programme, Quarter(2023, 3))
            with duckdb.connect(str(demo.build / "warehouse.duckdb")) as connection:
                connection.execute("update raw.taken_in set fingerprint = ? where quarter = '2023-Q3'", [fingerprint])
        return True

    monkeypatch.setattr(currency, who, is_on_its_way)
    monkeypatch.setattr(currency, "LOOK_SECONDS", 0.01)
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        demo.submit("2023-Q3", 101)
        runner.run("briefing/briefing", Q4)
    assert len(looked) == 3 and (demo.build / "2023-Q4" / "briefing.pdf").is_file()
    assert [one.message for one in caplog.records if "Đang đợi" in one.message] == [
        "Đang đợi lần làm mới số liệu đọc những thay đổi ở 2023-Q3."
    ]


def test_a_refresh_that_does_not_come_is_not_waited_for_for_ever(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(currency, "_daemon_lives", lambda *_: True)
    monkeypatch.setattr(currency, "COMING_SECONDS", 0.05)
    monkeypatch.setattr(currency, "LOOK_SECONDS", 0.01)
    with Runner(demo.programme) as runner:
        runner.refresh(Q4)
        demo.submit("2023-Q3", 101)
        with pytest.raises(GiaobanError, match=r"chưa tính theo thay đổi mới nhất \(2023-Q3\)"):
            runner.run("briefing/briefing", Q4)


def test_a_part_is_not_published_before_there_is_a_whole(demo: Demo) -> None:
    with Runner(demo.programme) as runner, pytest.raises(GiaobanError, match="giaoban refresh"):
        runner.run("marts/totals", None)
    assert not (demo.build / "warehouse.duckdb").exists()


def test_what_a_killed_run_of_a_day_left_goes_with_the_next_one(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "giaoban-as-of-999999999:1-abc"
    left.mkdir()
    with Runner(demo.programme, date(2024, 1, 1)):
        (own,) = tmp_path.glob("giaoban-as-of-*")
        with Runner(demo.programme, date(2024, 1, 1)):
            assert own.is_dir() and len(list(tmp_path.glob("giaoban-as-of-*"))) == 2
    assert not list(tmp_path.glob("giaoban-as-of-*"))
