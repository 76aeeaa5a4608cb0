"""Which files the web interface hands out, asked at the address its links have."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._core.storage.compute_log_manager import ComputeIOType

from pipeline.finished_files import LogsAndFinishedFiles, address
from pipeline.run_record import dagster_home
from pipeline.warehouse import fresh_set


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build folder with one complete set, a warehouse, and something that is nobody's business outside."""
    build = tmp_path / "home" / "build"
    with fresh_set(build / "p", "2030-Q4") as made:
        (made / "briefing.pdf").write_bytes(b"%PDF")
        (made / "areas").mkdir()
        (made / "areas" / "001.pdf").write_bytes(b"%PDF 001")
        (made / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "secret.txt").write_text("s")
    (build / "p" / "warehouse.duckdb").write_text("w")
    (build / "p" / "feedback" / "2030-Q4").mkdir(parents=True)
    (build / "p" / "feedback" / "2030-Q4" / "letter.html").write_text("l")
    return build


def handed_out(build: Path, url: str) -> bytes | None:
    """What the interface answers to /logs/..., as its own code asks the keeper of logs; None: not found, refused."""
    _, logs, *log_key, extension = url.split("/")
    assert logs == "logs"
    try:
        path = Path(
            LogsAndFinishedFiles(str(build / "dagster" / "storage")).get_captured_local_path(log_key, extension)
        )
    except ValueError:
        return None
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize(("name", "content"), [("briefing.pdf", b"%PDF"), ("areas/001.pdf", b"%PDF 001")])
def test_a_file_of_a_complete_set_is_handed_out(build: Path, name: str, content: bytes) -> None:
    assert handed_out(build, address("p", "2030-Q4", name)) == content


@pytest.mark.parametrize(
    "url",
    [
        "/logs/p/2030-Q4/missing/pdf",
        "/logs/p/2030-Q4/secret/txt",  # a link out of the set
        "/logs/p/2030-Q4/../../warehouse/duckdb",
        "/logs/p/2030-Q4/..%2F..%2Fwarehouse/duckdb",
        "/logs/p/../p/warehouse/duckdb",
        "/logs/p/./warehouse/duckdb",
        "/logs/p/warehouse/duckdb",
        "/logs/p/.sets/../warehouse/duckdb",
        "/logs/p/feedback/2030-Q4/letter/html",
        "/logs/../../secret/txt",
        "/logs/../../../secret/txt",
        "/logs//p/2030-Q4/briefing/pdf",
    ],
)
def test_nothing_else_is_handed_out(build: Path, url: str) -> None:
    assert handed_out(build, url) is None


def test_logs_of_runs_lie_where_dagster_keeps_them(tmp_path: Path) -> None:
    with DagsterInstance.from_config(str(dagster_home(tmp_path))) as instance:
        logs = instance.compute_log_manager
        assert isinstance(logs, LogsAndFinishedFiles)
        with logs.open_log_stream(["run", "compute_logs", "step"], ComputeIOType.STDOUT) as log:
            log.write("x")
    assert (tmp_path / "build/dagster/storage/run/compute_logs/step.out").read_text() == "x"
