"""What the daemon does by itself: files at rest are registered and their quarters refreshed; failed runs are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from openpyxl import load_workbook

from pipeline import automation, definitions
from pipeline.automation import READING
from pipeline.definitions import load_definitions
from pipeline.health import troubles
from pipeline.intake.register import registered_rows
from pipeline.models import read_sql_files
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.warehouse import Warehouse, quarter_fingerprint
from pipeline.warehouse.journal import NOTICE, TIME_ZONE, entries
from pipeline.warehouse.old_runs import RANGE_TAGS
from pipeline.warehouse.resource import enter_begin
from tests import tiny

Q2, Q3, Q4 = Quarter(2030, 2), Quarter(2030, 3), Quarter(2030, 4)


class Daemon:
    """Looks at a programme again and again, as the daemon does, keeping the cursor between its looks."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._definitions = load_definitions(programme.home)
        self._sensor = self._definitions.resolve_sensor_def(f"{programme.id}_new_files")
        self._cursor: str | None = None

    def look(self) -> dg.SensorResult | list[dg.RunRequest] | str:
        """The run requests of one look, or why there are none."""
        with (
            dg.DagsterInstance.ephemeral() as instance,
            dg.build_sensor_context(
                instance, cursor=self._cursor, repository_def=self._definitions.get_repository_def()
            ) as context,
        ):
            told = self._sensor.evaluate_tick(context)
        self._cursor = told.cursor or self._cursor
        return list(told.run_requests or []) or str(told.skip_message)

    def scheduled(self) -> dg.RunRequest:
        """What the schedule asks for on the sixth of January."""
        schedule = self._definitions.resolve_schedule_def(f"{self.programme.id}_monthly_refresh")
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_schedule_context(
                instance,
                datetime(2031, 1, 6, 6, tzinfo=TIME_ZONE),
                repository_def=self._definitions.get_repository_def(),
            )
            (asked,) = schedule.evaluate_tick(context).run_requests or ()
        return asked

    def refresh(self) -> None:
        """What a refresh leaves behind, as far as the next look is concerned: what each quarter was made from."""
        with Warehouse(self.programme.home / "build" / self.programme.id, self.programme.id) as warehouse:
            for quarter in self.programme.submitted_quarters():
                warehouse.replace_quarter(str(quarter), {}, quarter_fingerprint(self.programme, quarter))
            warehouse.publish()


@pytest.fixture
def programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """Without a single model: what is asked for here is never run."""
    (tmp_path / "sql").mkdir()
    monkeypatch.setattr(definitions, "read_sql_files", lambda tables: read_sql_files(tables, tmp_path / "sql"))
    return tiny.write_programme(tmp_path)


@pytest.fixture
def daemon(programme: Programme) -> Daemon:
    """Has looked at a programme that was refreshed once and whose quarters are as they were then."""
    for quarter in (Q3, Q4):
        programme.submissions_folder(quarter).mkdir(parents=True)
    daemon = Daemon(programme)
    daemon.refresh()
    daemon.look(), daemon.look()
    return daemon


def send(programme: Programme, quarter: Quarter, name: str = "dong.xlsx") -> Path:
    path = programme.submissions_folder(quarter) / name
    tiny.district_workbook("Quận Đông", f"Quý {quarter.roman} năm {quarter.year}").save(path)
    return path


def test_a_new_file_is_registered_and_its_quarter_refreshed_once_it_rests(daemon: Daemon) -> None:
    programme = daemon.programme
    assert daemon.look() == "Không có gì mới."
    path = send(programme, Q3)
    assert daemon.look() == "Đang đợi chép xong: 2030-Q3."
    path.write_bytes(path.read_bytes() + b"\0")  # still being copied
    assert daemon.look() == "Đang đợi chép xong: 2030-Q3." and registered_rows(programme, Q3) == []
    send(programme, Q3), daemon.look()
    (asked,) = daemon.look()
    assert isinstance(asked, dg.RunRequest) and asked.partition_key == "2030-Q3" and asked.run_key
    assert [(row.file, row.sent_by) for row in registered_rows(programme, Q3)] == [("dong.xlsx", "001")]
    # asked once, whatever becomes of the run
    assert [daemon.look(), daemon.look()] == ["Không có gì mới."] * 2
    daemon.refresh()
    assert daemon.look() == "Không có gì mới."


def test_changes_of_several_quarters_are_one_run_and_every_request_has_its_own_key(daemon: Daemon) -> None:
    programme = daemon.programme
    send(programme, Q3), send(programme, Q4), send(programme, Q4, "dong (2).xlsx"), daemon.look()
    (first,) = daemon.look()
    assert isinstance(first, dg.RunRequest) and first.partition_key is None
    assert [first.tags[tag] for tag in RANGE_TAGS] == ["2030-Q3", "2030-Q4"]
    daemon.refresh()
    areas = programme.folder / "areas.csv"
    before = areas.read_bytes()
    keys = {first.run_key}
    for content in (before + b"\n", before, before + b"\n"):  # there, back again, and there once more
        areas.write_bytes(content)
        assert daemon.look() == f"Đang đợi chép xong: {READING}."
        (asked,) = daemon.look()
        assert isinstance(asked, dg.RunRequest) and [asked.tags[tag] for tag in RANGE_TAGS] == ["2030-Q3", "2030-Q4"]
        keys.add(asked.run_key)
        daemon.refresh()
    assert len(keys) == 4


def test_a_file_that_is_refused_is_dealt_with_once(daemon: Daemon) -> None:
    programme = daemon.programme
    path = send(programme, Q4)
    workbook = load_workbook(path)
    sheet = workbook.create_sheet("Danh sách")
    for row in (["STT", "Họ và tên", "Ngày sinh", "Số CCCD"], *([n, "Người Thử", "1/1/1980", f"00108000000{n}"]
                for n in range(1, 9))):  # fmt: skip
        sheet.append(row)
    workbook.save(path)
    daemon.look()
    (asked,) = daemon.look()  # the refresh tells its sender
    assert isinstance(asked, dg.RunRequest) and asked.partition_key == "2030-Q4"
    assert registered_rows(programme, Q4) == []
    daemon.refresh()
    assert [daemon.look(), daemon.look()] == ["Không có gì mới."] * 2


def test_before_the_first_refresh_only_what_comes_is_taken_in(programme: Programme) -> None:
    for quarter in (Q3, Q4):
        programme.submissions_folder(quarter).mkdir(parents=True)
    send(programme, Q3)
    daemon = Daemon(programme)
    assert [daemon.look(), daemon.look()] == ["Không có gì mới."] * 2 and registered_rows(programme, Q3) == []
    send(programme, Q4), daemon.look()
    assert isinstance(daemon.look(), list) and len(registered_rows(programme, Q4)) == 1


def test_an_open_workbook_and_a_refresh_by_hand_ask_for_nothing(daemon: Daemon) -> None:
    (daemon.programme.submissions_folder(Q4) / "~$dong.xlsx").write_bytes(b"lock")
    assert daemon.look() == "Không có gì mới."
    send(daemon.programme, Q4), daemon.look()
    daemon.refresh()  # registers nothing, but reads the file
    told = daemon.look()  # the register is new, and part of what the quarter is made from
    assert isinstance(told, list) and told[0].partition_key == "2030-Q4"


def told(programme: Programme) -> str:
    """What the secretariat finds in the notice file."""
    notice = programme.home / "build" / programme.id / NOTICE
    return notice.read_text(encoding="utf-8") if notice.exists() else ""


def test_definitions_that_cannot_be_read_are_told_and_nothing_is_lost(daemon: Daemon) -> None:
    indicators = daemon.programme.folder / "indicators.csv"
    good = indicators.read_bytes()
    indicators.write_text("code\n", encoding="utf-8")
    assert "indicators.csv" in str(daemon.look()) and "indicators.csv" in told(daemon.programme)
    indicators.write_bytes(good + b"\n")
    daemon.look()
    assert isinstance(daemon.look(), list) and told(daemon.programme) == ""


def test_a_spoiled_register_is_told_until_it_is_mended_and_the_other_quarters_go_on(daemon: Daemon) -> None:
    programme = daemon.programme
    register = programme.submissions_folder(Q3) / "register.csv"
    register.write_text(
        "seq,file,sha256,received_on,sent_by,basis,note\n1,a.xlsx,abc,31/13/2030,001,reported,\n", encoding="utf-8"
    )
    for quarter in (Q2, Q4):
        programme.submissions_folder(quarter).mkdir(exist_ok=True)
        send(programme, quarter)
    daemon.look()
    asked = daemon.look()  # a run of what lies on either side
    assert isinstance(asked, list) and [one.partition_key for one in asked] == ["2030-Q2", "2030-Q4"]
    assert len({one.run_key for one in asked}) == 2
    for _ in range(2):  # tried again, told once, and nothing is asked for twice while the runs are on their way
        assert "register.csv, dòng 2" in str(daemon.look())
    assert "Lần vào sổ tệp quý III/2030" in told(programme) and "register.csv, dòng 2" in told(programme)
    assert "register.csv, dòng 2" in "".join(one.what for one in troubles(programme.home, datetime.now()))
    assert len(entries(programme.home)) == 1
    daemon.refresh()
    register.unlink(), send(programme, Q3), daemon.look()
    (mended,) = daemon.look()
    assert isinstance(mended, dg.RunRequest) and mended.partition_key == "2030-Q3" and told(programme) == ""
    daemon.refresh()
    assert [daemon.look(), daemon.look()] == ["Không có gì mới."] * 2


def test_a_file_that_cannot_be_read_is_told_and_holds_up_nothing_else(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = daemon.programme

    def fingerprint(programme: Programme, quarter: Quarter, reading: str) -> str:
        if quarter == Q3:
            raise PermissionError(13, "Permission denied", "t\udce1y.xlsx")
        return quarter_fingerprint(programme, quarter, reading)

    monkeypatch.setattr(automation, "quarter_fingerprint", fingerprint)
    send(programme, Q4), daemon.look()
    (asked,) = daemon.look()
    assert isinstance(asked, dg.RunRequest) and asked.partition_key == "2030-Q4"
    assert "Không đọc hoặc ghi được t?y.xlsx: Permission denied." in str(daemon.look())
    assert "t?y.xlsx" in told(programme) and len(entries(programme.home)) == 1
    monkeypatch.undo()
    daemon.refresh(), daemon.look()
    assert daemon.look() == "Không có gì mới." and told(programme) == ""


def test_new_reading_code_has_every_quarter_read_again_once(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.warehouse.fingerprint._READING_CODE", ("intake",))
    assert daemon.look() == f"Đang đợi chép xong: {READING}."
    (asked,) = daemon.look()
    assert isinstance(asked, dg.RunRequest) and [asked.tags[tag] for tag in RANGE_TAGS] == ["2030-Q3", "2030-Q4"]
    daemon.refresh()
    assert [daemon.look(), daemon.look()] == ["Không có gì mới."] * 2


def test_the_schedule_has_changed_quarters_read_with_its_own_in_one_run(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert daemon.scheduled().partition_key == "2030-Q4"
    daemon.programme.submissions_folder(Q2).mkdir()
    send(daemon.programme, Q2)
    asked = daemon.scheduled()
    assert asked.partition_key is None and [asked.tags[tag] for tag in RANGE_TAGS] == ["2030-Q2", "2030-Q4"]

    def unreadable(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "tay.xlsx")

    monkeypatch.setattr(automation, "changed_quarters", unreadable)
    assert daemon.scheduled().partition_key == "2030-Q4"


@pytest.mark.parametrize(("had_begun", "cause"), [(False, "Không khởi động được."), (True, "dừng đột ngột")])
def test_a_run_that_could_not_say_so_itself_leaves_a_notice_with_cause_and_remedy(
    programme: Programme, had_begun: bool, cause: str
) -> None:
    sensor = load_definitions(programme.home).resolve_sensor_def("notice_of_failures")
    job = load_definitions(programme.home).resolve_job_def(f"{programme.id}_refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(job, tags={"dagster/partition": "2030-Q4"})
        if had_begun:
            enter_begin(programme.home, run)
        event = instance.report_run_failed(run, "Không khởi động được.")
        for _ in range(2):  # told once, however often it is looked at
            context = dg.build_run_status_sensor_context(sensor.name, event, instance, run)
            sensor(context.for_run_failure())
    told = (programme.home / "build" / programme.id / NOTICE).read_text(encoding="utf-8")
    assert "quý IV/2030" in told and cause in told and f"giaoban refresh {programme.id} 2030-Q4" in told
    assert [(one.outcome, one.is_refresh, one.quarters) for one in entries(programme.home)] == [
        ("failed", True, ("2030-Q4",))
    ]


def test_the_cursor_stays_small_and_the_day_is_that_of_the_office(daemon: Daemon) -> None:
    send(daemon.programme, Q4), daemon.look(), daemon.look()
    assert daemon._cursor and len(daemon._cursor) < 2_000 and json.loads(daemon._cursor)["asked"] == 1
    (row,) = registered_rows(daemon.programme, Q4)
    assert abs((datetime.now(UTC).date() - row.received_on).days) <= 1
