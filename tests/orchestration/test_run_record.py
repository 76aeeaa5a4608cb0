"""The record of runs: its settings follow its place, its files stay open but few, and others can read it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import yaml

from pipeline.run_record import KEPT_OPEN, RunRecord, dagster_home, open_record
from pipeline.warehouse.old_runs import KEPT_FOR, forget_old_runs
from tests.orchestration.conftest import REPOSITORY


def run_once(instance: dg.DagsterInstance) -> str:
    @dg.asset
    def number() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": 3})

    return dg.materialize([number], instance=instance).run_id


def test_what_was_recorded_is_there_for_another_process(tmp_path: Path) -> None:
    with open_record(tmp_path) as instance:
        assert isinstance(instance.event_log_storage, RunRecord)
        run_id = run_once(instance)
        # while this process still has the files open
        script = (
            "import sys; from pathlib import Path; from pipeline.run_record import open_record\n"
            "with open_record(Path(sys.argv[1])) as instance:\n"
            "    logs = instance.all_logs(sys.argv[2])\n"
            "    print(sum(entry.is_dagster_event and entry.get_dagster_event().is_step_success for entry in logs))"
        )
        asked = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path), run_id],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        assert asked.stdout == "1\n"


def test_only_the_files_of_the_latest_runs_stay_open(tmp_path: Path) -> None:
    with open_record(tmp_path) as instance:
        runs = [run_once(instance) for _ in range(KEPT_OPEN + 2)]
        record = instance.event_log_storage
        assert isinstance(record, RunRecord) and len(record._engines) == KEPT_OPEN
        assert all(instance.all_logs(run_id) for run_id in runs)
    assert record._engines == {}


def test_a_copied_home_keeps_its_own_record(tmp_path: Path) -> None:
    with open_record(tmp_path / "first") as instance:
        run_once(instance)
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    with open_record(tmp_path / "second") as instance:
        run_once(instance)
        assert len(instance.get_runs()) == 2
    with open_record(tmp_path / "first") as instance:
        assert len(instance.get_runs()) == 1
    settings = yaml.safe_load((dagster_home(tmp_path / "second") / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}


def test_two_processes_may_set_it_up_at_once(tmp_path: Path) -> None:
    setup = (
        "import sys; from pathlib import Path; from pipeline.run_record import open_record;"
        " open_record(Path(sys.argv[1])).get_runs_count()"
    )
    command = [sys.executable, "-c", setup, str(tmp_path)]
    for attempt in range(2):  # together on an empty folder, then once more on what they left
        processes = [subprocess.Popen(command, cwd=REPOSITORY) for _ in range(2 - attempt)]
        assert [process.wait() for process in processes] == [0] * len(processes)


def test_old_runs_go_with_their_files_and_the_last_success_stays(tmp_path: Path) -> None:
    with open_record(tmp_path) as instance:
        runs = [run_once(instance) for _ in range(3)]
        broken = instance.create_run_for_job(failing, run_id="00000000-0000-0000-0000-000000000001")
        instance.report_run_failed(broken)
        logs = [instance.compute_log_manager.get_captured_local_path([run_id, "step"], "out") for run_id in runs]  # type: ignore[attr-defined]
        for log in map(Path, logs):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text("said")
        now = datetime.now(UTC)
        assert forget_old_runs(instance, now + KEPT_FOR - timedelta(hours=1)) == []
        assert set(forget_old_runs(instance, now + KEPT_FOR + timedelta(hours=1))) == {*runs[:2], broken.run_id}
        assert [run.run_id for run in instance.get_runs()] == runs[2:]
        assert [Path(log).exists() for log in logs] == [False, False, True]
        record = instance.event_log_storage
        assert isinstance(record, RunRecord)
        assert [Path(record.path_for_shard(run_id)).exists() for run_id in runs] == [False, False, True]
        assert instance.get_latest_materialization_event(dg.AssetKey("number"))
        assert not Path(record.path_for_shard(broken.run_id)).exists()


@dg.job
def failing() -> None:
    """Is never run."""
