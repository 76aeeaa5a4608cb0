"""Several people at once, a range of quarters at once, and the day the disk is lost: on a real small programme."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest
from pypdf import PdfReader

from pipeline.backup import back_up
from pipeline.definitions import load_definitions
from pipeline.warehouse import FileLock
from pipeline.warehouse.old_runs import RANGE_TAGS
from tests import tiny
from tests.golden.conftest import ROOT
from tests.intake.conftest import to_bytes

QUARTERS = ("2030-Q3", "2030-Q4")
Shown = Mapping[str, Mapping[str, dg.MetadataValue]]
BRIEFING = ("briefing", tiny.PROGRAMME_ID, "2030-Q4")


def send(home: Path, quarter: str, jobs: int) -> None:
    workbook = tiny.district_workbook("Quận Đông", f"Quý {'III' if quarter.endswith('3') else 'IV'} năm 2030")
    workbook["Biểu 1"]["E9"] = jobs
    folder = home / "raw" / tiny.PROGRAMME_ID / "submissions" / quarter
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dong.xlsx").write_bytes(to_bytes(workbook))


def printed(home: Path) -> dict[str, str]:
    """Hashes of the last quarter's set."""
    folder = home / "build" / tiny.PROGRAMME_ID / QUARTERS[-1]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", *words, "--home", str(home)],
        cwd=home, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def reader(home: Path) -> Iterator[Callable[[bool], str]]:
    """Another process that reads jobs_created of the last quarter; asked with True it reconnects first."""
    script = (
        "import sys; from pathlib import Path; from pipeline.warehouse import open_for_reading\n"
        "connect = lambda: open_for_reading(Path(sys.argv[1]), sys.argv[2])\n"
        "sql = \"select sum(value) from raw.observations where measure = 'jobs_created' and series = 'actual'"
        " and quarter = '2030-Q4'\"\n"
        "connection = connect()\n"
        "for line in sys.stdin:\n"
        "    if line == 'True\\n': connection.close(); connection = connect()\n"
        "    print(int(connection.execute(sql).fetchall()[0][0]), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home), tiny.PROGRAMME_ID],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout

        def ask(anew: bool) -> str:
            assert process.stdin and process.stdout
            print(anew, file=process.stdin, flush=True)
            return process.stdout.readline().strip()

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def backfill(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dg.ExecuteInProcessResult]:
    """Two quarters, made from workbooks to briefings in one run, as the web interface backfills them."""
    home = tmp_path_factory.mktemp("office")
    tiny.write_programme(home)
    for quarter in QUARTERS:
        send(home, quarter, 100)
    job = load_definitions(home).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(instance=instance, tags=dict(zip(RANGE_TAGS, QUARTERS, strict=True)))
    assert done.success
    return home, done


@pytest.fixture(scope="module")
def home(backfill: tuple[Path, dg.ExecuteInProcessResult]) -> Path:
    return backfill[0]


@pytest.fixture(scope="module")
def shown(backfill: tuple[Path, dg.ExecuteInProcessResult]) -> Shown:
    """What the web interface shows of each quarter's briefing."""
    made = backfill[1].asset_materializations_for_node(f"{tiny.PROGRAMME_ID}__briefing__briefing")
    return {str(one.partition): one.metadata for one in made}


def test_one_run_makes_every_quarter_of_a_range(home: Path, shown: Shown) -> None:
    for quarter in QUARTERS:
        pdf = home / "build" / tiny.PROGRAMME_ID / quarter / "briefing.pdf"
        assert shown[quarter]["briefing.pdf"].value == str(pdf)
        assert shown[quarter]["pages"].value == len(PdfReader(pdf).pages)
        picture = re.fullmatch(r"!\[Trang 1\]\(data:image/png;base64,(.+)\)", str(shown[quarter]["preview"].value))
        assert picture and base64.b64decode(picture[1]).startswith(b"\x89PNG")
        folder = home / "build" / tiny.PROGRAMME_ID / quarter
        assert (folder / "briefing.pdf").read_bytes().startswith(b"%PDF") and (folder / "manifest.json").is_file()
        assert any((home / "build" / tiny.PROGRAMME_ID / "feedback" / quarter).iterdir())


def test_two_briefings_at_once_on_a_new_machine_give_the_bytes_that_were_backed_up(home: Path, tmp_path: Path) -> None:
    """The restore drill of pipeline/deployment/README.md: all that is left is the archive."""
    archive, _ = back_up(home, tmp_path / "backups", datetime(2031, 1, 10, 18, 30))
    restored = tmp_path / "restored"
    with tarfile.open(archive) as tar:
        tar.extractall(restored, filter="data")
    kept = printed(restored)
    assert kept == printed(home) and "briefing.pdf" in kept
    (restored / "build").rename(tmp_path / "printed")  # what was printed is not what a run starts from
    both = [start(restored, *BRIEFING) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert printed(restored) == kept
    build = restored / "build" / tiny.PROGRAMME_ID
    assert len([path for path in (build / ".sets").iterdir() if path.is_dir()]) == 1
    assert not [*build.glob(".work-*"), *build.glob(".*.link")] and len([*build.glob(".marts-*")]) == 1


def test_a_writer_waits_and_is_told_for_whom_while_a_reader_keeps_what_it_opened(home: Path) -> None:
    send(home, "2030-Q4", 260)
    with reader(home) as ask:
        with FileLock(home / "build" / tiny.PROGRAMME_ID / "warehouse.lock", "Kho"):
            process = start(home, "refresh", tiny.PROGRAMME_ID, "2030-Q4")
            assert process.stderr
            told = ""
            while "Đang đợi" not in told:
                told += (line := process.stderr.readline())
                assert line, told
            assert f"tiến trình số {os.getpid()}" in told
            assert [ask(False), ask(True)] == ["100", "100"]  # readers wait for nobody
        _, told = process.communicate()
        assert process.returncode == 0, told
        assert [ask(False), ask(True)] == ["100", "260"]
