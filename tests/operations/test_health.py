"""What health says of runs that failed, died or never started, and of deadlines; the journal it reads."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.health import LONG_RUN, troubles
from pipeline.intake import receive
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.warehouse import warehouse_file
from pipeline.warehouse.journal import NEWS, NOTICE, TIME_ZONE, begin_entry, end_entry, entries, journal_file
from tests import tiny
from tests.orchestration.conftest import REPOSITORY

QUARTER = Quarter(2030, 4)
AFTER = datetime(2031, 1, 6, 7, 0, tzinfo=TIME_ZONE)  # an hour after the scheduled refresh


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Two districts and an agency are expected; one district has sent."""
    programme = tiny.write_programme(tmp_path)
    tiny.district_workbook().save(tmp_path / "dong.xlsx")
    receive(programme, QUARTER, [tmp_path / "dong.xlsx"], None, date(2031, 1, 3))
    return programme


def write_run(
    programme: Programme, began: datetime, job: str = "refresh", quarters: tuple[str, ...] = (str(QUARTER),), **end: str
) -> None:
    """One run in the journal as it would have been written then; without `end` it has none."""
    begin_entry(programme.home, f"run of {began}", programme.id, f"{programme.id}_{job}", quarters)
    path = journal_file(programme.home)
    lines = path.read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[-1]) | {"began": began.isoformat()}
    if end:
        last = {
            "run": first["run"],
            "programme": programme.id,
            "ended": began.isoformat(),
            "outcome": "done",
            "cause": "",
        } | end
        path.write_text("\n".join([*lines[:-1], json.dumps(first), json.dumps(last), ""]), encoding="utf-8")
    else:
        path.write_text("\n".join([*lines[:-1], json.dumps(first), ""]), encoding="utf-8")


def told(programme: Programme, now: datetime, about_deadlines: bool = False) -> str:
    """What health says of runs, or of deadlines."""
    said = [f"{one.what} {one.remedy}" for one in troubles(programme.home, now)]
    return "\n".join(line for line in said if ("hết hạn" in line) == about_deadlines)


def test_a_refresh_done_on_its_day_leaves_nothing_to_say(programme: Programme) -> None:
    assert "chưa làm mới số liệu quý IV/2030 theo lịch ngày 06/01/2031" in told(programme, AFTER)
    write_run(programme, AFTER - timedelta(minutes=50), outcome="done")
    assert told(programme, AFTER) == ""


def test_a_refresh_of_last_month_is_not_this_months(programme: Programme) -> None:
    write_run(programme, AFTER - timedelta(days=31), outcome="done")
    assert "chưa làm mới số liệu quý IV/2030" in told(programme, AFTER)
    # before six o'clock that day the refresh of December is still the last one due
    assert "chưa làm mới" not in told(programme, AFTER - timedelta(hours=2))


def test_a_failed_run_is_told_with_its_cause_until_one_succeeds(programme: Programme) -> None:
    write_run(programme, AFTER, outcome="failed", cause="Tệp indicators.csv dòng 3 sai.")
    assert "không thành công. Tệp indicators.csv dòng 3 sai." in told(programme, AFTER)
    write_run(programme, AFTER + timedelta(hours=1), outcome="done")
    assert told(programme, AFTER + timedelta(hours=2)) == ""


@pytest.mark.parametrize(
    ("job", "quarters", "is_settled"),
    [
        ("refresh", ("2030-Q4",), True),
        ("refresh", ("2030-Q1", "2031-Q1"), True),
        ("refresh", ("2031-Q1",), True),  # reads what changed before it too
        ("refresh", ("2030-Q3",), False),
        ("briefing", ("2030-Q4",), False),  # prints what was there before
        ("marts", (), False),
    ],
)
def test_only_a_run_that_makes_it_good_hides_a_failure(
    programme: Programme, job: str, quarters: tuple[str, ...], is_settled: bool
) -> None:
    write_run(programme, AFTER, outcome="failed", cause="Ổ đĩa đầy.")
    write_run(programme, AFTER + timedelta(hours=1), job, quarters, outcome="done")
    assert ("Ổ đĩa đầy." not in told(programme, AFTER + timedelta(hours=2))) == is_settled
    assert "Ổ đĩa đầy." not in told(programme, AFTER + NEWS)


def test_the_refresh_of_another_quarter_is_not_the_scheduled_one(programme: Programme) -> None:
    write_run(programme, AFTER, quarters=("2030-Q1",), outcome="done")
    assert "chưa làm mới số liệu quý IV/2030" in told(programme, AFTER)
    write_run(programme, AFTER + timedelta(minutes=1), quarters=("2030-Q3", "2031-Q1"), outcome="done")
    assert told(programme, AFTER) == ""


def test_hours_are_those_of_the_office_on_any_machine(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule runs at six in the office; lines of the journal had the machine's time, and no zone, once."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        due = "theo lịch ngày 06/01/2031"  # told on a clock without a zone
        assert due not in told(programme, datetime(2031, 1, 5, 22, 59))
        assert due in told(programme, datetime(2031, 1, 5, 23, 0))
        write_run(programme, datetime(2031, 1, 5, 23, 0), outcome="done")
        assert entries(programme.home)[0].began.isoformat() == "2031-01-06T06:00:00+07:00"
        assert told(programme, datetime(2031, 1, 6, 0, 0)) == ""
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_failed_is_made_good_by_following_its_remedy(programme: Programme) -> None:
    def follow(job: str, quarter: str, minutes: int) -> str:
        write_run(programme, AFTER + timedelta(minutes=minutes), job, (quarter,), outcome="done")
        return told(programme, AFTER + timedelta(hours=1))

    write_run(programme, AFTER, quarters=("2030-Q3", "2030-Q4"), outcome="failed", cause="Kiểm tra X.")
    began = AFTER + timedelta(minutes=1)
    write_run(programme, began, "briefing", ("2030-Q3", "2030-Q4"), outcome="failed", cause="Thiếu phông chữ.")
    said = told(programme, AFTER)
    assert f"Kiểm tra X. Chạy lại: giaoban refresh {programme.id} 2030-Q4" in said
    for quarter in ("2030-Q3", "2030-Q4"):  # the command prints one quarter
        assert f"Thiếu phông chữ. Chạy lại: giaoban briefing {programme.id} {quarter}" in said
    said = follow("refresh", "2030-Q4", 2)
    assert "Kiểm tra X." not in said and said.count("Lần in báo cáo") == 2
    assert "2030-Q4" not in follow("briefing", "2030-Q4", 3)
    assert follow("briefing", "2030-Q3", 4) == ""


def test_a_failure_is_told_once_however_often_it_was_tried(programme: Programme) -> None:
    for hours in range(3):
        write_run(programme, AFTER + timedelta(hours=hours), outcome="failed", cause=f"Lần {hours}.")
    assert told(programme, AFTER + timedelta(hours=3)).count("không thành công") == 1
    assert "Lần 2." in told(programme, AFTER + timedelta(hours=3))


def test_the_journal_keeps_its_later_half_when_it_has_grown_long(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warehouse.journal.KEPT_BYTES", 4_000)
    for number in range(40):
        begin_entry(programme.home, str(number), programme.id, "refresh", ())
        end_entry(programme.home, str(number), programme.id, ["Ổ đĩa đầy."] if number % 2 else [])
    assert journal_file(programme.home).stat().st_size < 5_000
    kept = [one.run for one in entries(programme.home)]
    assert kept == [str(number) for number in range(40 - len(kept), 40)] and len(kept) > 5


def test_a_killed_run_is_told_and_a_running_one_is_not(programme: Programme) -> None:
    script = (
        "import sys; from pathlib import Path; from pipeline.warehouse.journal import begin_entry\n"
        "begin_entry(Path(sys.argv[1]), 'a', sys.argv[2], sys.argv[2] + '_refresh', ('2030-Q4',))\n"
        "print('begun', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(programme.home), programme.id]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"begun\n"
        (running,) = entries(programme.home)
        assert running.outcome == "running"
        assert "dừng đột ngột" not in told(programme, running.began)
        assert "đến nay chưa xong" in told(programme, running.began + LONG_RUN + timedelta(minutes=1))
        process.kill()
    assert [one.outcome for one in entries(programme.home)] == ["killed"]
    assert "đã dừng đột ngột, chưa xong" in told(programme, running.began)


def test_a_passed_deadline_names_who_is_missing_while_it_is_news(programme: Programme) -> None:
    due = datetime.combine(programme.due_on(QUARTER), AFTER.time())
    assert "quý IV/2030" not in told(programme, due, about_deadlines=True)
    late = told(programme, due + timedelta(days=1), about_deadlines=True)
    assert "hết hạn gửi báo cáo quý IV/2030" in late and "Huyện Tây Hòa" in late
    assert f"giaoban status {programme.id} 2030-Q4" in late
    assert "quý IV/2030" not in told(programme, due + timedelta(days=93), about_deadlines=True)


def test_a_broken_programme_is_told_and_half_a_line_of_the_journal_is_not_fatal(programme: Programme) -> None:
    write_run(programme, AFTER, outcome="done")
    with journal_file(programme.home).open("a", encoding="utf-8") as journal:
        journal.write('{"run": "b", "beg')
    assert told(programme, AFTER) == ""
    (programme.folder / "indicators.csv").write_text("code\n", encoding="utf-8")
    assert "indicators.csv" in told(programme, AFTER)


def test_a_damaged_warehouse_is_told(programme: Programme) -> None:
    write_run(programme, AFTER, outcome="done")
    folder = programme.home / "build" / programme.id
    folder.mkdir(parents=True)
    (folder / "warehouse.duckdb").write_bytes(b"cut")
    assert "bị hỏng" in told(programme, AFTER) and f"giaoban refresh {programme.id}" in told(programme, AFTER)


def test_a_warehouse_that_cannot_be_opened_is_told(programme: Programme) -> None:
    """As when a program that opened it to write was killed, and a refresh put another in its place since."""
    write_run(programme, AFTER, outcome="done")
    warehouse = warehouse_file(programme.home / "build" / programme.id)
    warehouse.parent.mkdir(parents=True)
    killed = (
        "import duckdb, os, sys\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "connection.execute('create table a as select 1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(warehouse)], check=False)
    warehouse.unlink()
    wal = warehouse.with_name("warehouse.duckdb.wal").rename(programme.home / "wal")
    duckdb.connect(str(warehouse)).execute("create table a as select 1; checkpoint").close()
    assert told(programme, AFTER) == ""
    wal.rename(warehouse.with_name("warehouse.duckdb.wal"))
    assert "Không mở được kho số liệu" in told(programme, AFTER)


def test_the_notice_file_stands_until_a_run_succeeds(programme: Programme) -> None:
    notice = programme.home / "build" / programme.id / NOTICE
    begin_entry(programme.home, "a", programme.id, f"{programme.id}_refresh", ())
    end_entry(programme.home, "a", programme.id, ["Ổ đĩa đầy."])
    assert "Ổ đĩa đầy." in notice.read_text(encoding="utf-8") and "giaoban refresh" in notice.read_text(
        encoding="utf-8"
    )
    end_entry(programme.home, "a", programme.id, [])
    assert not notice.exists()


def test_the_command_ends_with_1_where_something_is_to_be_done(programme: Programme) -> None:
    def ask() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline.cli", "health", "--home", str(programme.home)]
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    healthy = ask()  # 2031 has not come yet
    assert (healthy.returncode, healthy.stdout) == (0, "Mọi việc bình thường.\n")
    write_run(programme, datetime.now(), outcome="failed", cause="Ổ đĩa đầy.")
    ill = ask()
    assert ill.returncode == 1 and "CẦN XỬ LÝ" in ill.stdout and "Ổ đĩa đầy." in ill.stdout
