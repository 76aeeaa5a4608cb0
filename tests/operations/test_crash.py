"""Killed, out of space, without permission, with a cut warehouse: what was there stays, what comes next is right.

GIAOBAN_KILLS=50 kills as often as `make test-crash`; the suite kills five times.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from ctypes import CDLL
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.warehouse import open_for_reading
from pipeline.warehouse.journal import NOTICE
from tests import tiny
from tests.golden.conftest import ROOT, run_giaoban
from tests.intake.conftest import to_bytes

KILLS = int(os.environ.get("GIAOBAN_KILLS", "5"))
QUARTER = "2030-Q4"
BRIEFING = ("briefing", tiny.PROGRAMME_ID, QUARTER, "--areas", "none")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h

Outputs = dict[str, str]


@dataclass
class Office:
    """A small programme with two versions of its one workbook, and what an undisturbed run makes of either."""

    home: Path
    kept: Path  # what undisturbed runs made of either version, to begin from
    workbooks: dict[int, bytes]
    undisturbed: dict[int, Outputs]
    seconds: float  # of an undisturbed run

    @property
    def build(self) -> Path:
        return self.home / "build" / tiny.PROGRAMME_ID

    def send(self, jobs: int) -> None:
        folder = self.home / "raw" / tiny.PROGRAMME_ID / "submissions" / QUARTER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "dong.xlsx").write_bytes(self.workbooks[jobs])

    def begin(self, jobs: int) -> None:
        """The state after an undisturbed run of that version."""
        self.send(jobs)
        shutil.rmtree(self.home / "build", ignore_errors=True)
        shutil.copytree(self.kept / str(jobs), self.home / "build", symlinks=True)

    def outputs(self) -> Outputs:
        """Hashes of all that others read: the set of the quarter and the marts; never of half of them."""
        files = [*(self.build / QUARTER).rglob("*"), *(self.build / "marts").glob("*.parquet")]
        return {
            path.relative_to(self.build).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(files) if path.is_file()
        }  # fmt: skip

    def assert_whole(self) -> None:
        """The set is one of the two, the marts are one of the two, and the warehouse answers."""
        now = self.outputs()
        for folder in (QUARTER, "marts"):
            part = {name: digest for name, digest in now.items() if name.startswith(folder)}
            known = [
                {name: digest for name, digest in one.items() if name.startswith(folder)}
                for one in self.undisturbed.values()
            ]
            assert part in known, f"{folder} is neither the old nor the new"
        with closing(open_for_reading(self.home, tiny.PROGRAMME_ID)) as connection:
            assert connection.execute("select count(*) > 0 from marts.indicator_values").fetchall() == [(True,)]

    def start(self, limits: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *BRIEFING, "--home", str(self.home)],
            cwd=self.home, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True, preexec_fn=limits,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def workbook_of(jobs: int) -> bytes:
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 1"]["E9"] = jobs
    return to_bytes(workbook)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    home, kept = tmp_path_factory.mktemp("crash"), tmp_path_factory.mktemp("kept")
    tiny.write_programme(home)
    office = Office(home, kept, {jobs: workbook_of(jobs) for jobs in (100, 260)}, {}, 0)
    for jobs in (100, 260):
        office.send(jobs)
        if not office.seconds:
            begun = time.monotonic()
            done = run_giaoban(home, *BRIEFING)
            office.seconds = time.monotonic() - begun
            assert done.returncode == 0, done.stderr
        else:
            run(home)
        office.undisturbed[jobs] = office.outputs()
        shutil.copytree(home / "build", kept / str(jobs), symlinks=True)
    assert office.undisturbed[100] != office.undisturbed[260]
    return office


def run(home: Path) -> None:
    """An undisturbed run, in this process: a second begins without the imports of the first."""
    with Runner(load_programme(home, tiny.PROGRAMME_ID)) as runner:
        runner.briefing(Quarter.parse(QUARTER), areas=())


def finish(office: Office, jobs: int) -> None:
    """The next run, undisturbed, ends well and makes exactly what an undisturbed history would have made."""
    run(office.home)
    assert office.outputs() == office.undisturbed[jobs]


def test_killed_at_any_moment_nothing_is_lost(office: Office) -> None:
    moments = random.Random(20301231)
    for kill in range(KILLS):
        jobs = (100, 260)[kill % 2]
        office.send(jobs)
        process = office.start()
        time.sleep(moments.uniform(0.2, office.seconds))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        office.assert_whole()
        if kill % 10 == KILLS % 10 or kill == KILLS - 1:
            finish(office, jobs)


def test_tables_of_other_files_than_the_briefing_are_made_again(office: Office) -> None:
    """As a run leaves them that dies between the refresh and the briefing."""
    office.begin(100)
    office.send(260)
    with Runner(load_programme(office.home, tiny.PROGRAMME_ID)) as runner:
        runner.refresh(Quarter.parse(QUARTER))
    office.send(100)
    done = run_giaoban(office.home, *BRIEFING)  # the command looks first whether anything changed
    assert done.returncode == 0, done.stderr
    assert office.outputs() == office.undisturbed[100]


def cannot_write_much() -> None:
    """As on a full disk: no file grows beyond a little, and the write fails."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))


def cannot_write_here() -> None:
    """Even root obeys permissions without this capability."""
    CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


def test_a_full_disk_changes_nothing_and_is_told(office: Office) -> None:
    office.begin(260)
    office.send(100)
    _, told = (process := office.start(cannot_write_much)).communicate()
    assert process.returncode == 1 and "Lỗi" in told and "Traceback" not in told
    assert office.outputs() == office.undisturbed[260]
    finish(office, 100)


def test_a_folder_that_may_not_be_written_changes_nothing_and_is_told(office: Office) -> None:
    office.begin(100)
    office.send(260)
    folders = [office.build, *(path for path in office.build.rglob("*") if path.is_dir() and not path.is_symlink())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        _, told = (process := office.start(cannot_write_here)).communicate()
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert process.returncode == 1 and "Lỗi" in told and "Traceback" not in told
    assert office.outputs() == office.undisturbed[100]
    finish(office, 260)
    assert not (office.build / NOTICE).exists()


def test_a_warehouse_cut_short_is_made_anew(office: Office) -> None:
    office.begin(260)
    warehouse = office.build / "warehouse.duckdb"
    os.truncate(warehouse, warehouse.stat().st_size - 1)
    figures = run_giaoban(office.home, "figures", tiny.PROGRAMME_ID, QUARTER)
    assert figures.returncode == 1 and "bị hỏng" in figures.stderr
    office.send(100)
    finish(office, 100)
