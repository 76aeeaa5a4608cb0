"""Files that kill, stall or flood their worker."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path

import pytest

from pipeline.intake import Readers
from pipeline.intake import reading as workers
from pipeline.intake.readings import Reading
from pipeline.programme import Programme, load_programme, programme_ids
from tests import tiny
from tests.intake.conftest import QUARTER, to_bytes

PIPE_BUFFER_BYTES = 65_536
start = workers._start


def misbehave(content: bytes, file: str, *rest: object) -> Reading:
    """Stands in for the reader in the workers: does to the process what the file's name says."""
    if "abort" in file:
        os.abort()
    if "stall" in file:
        time.sleep(60)
    if "flood" in file:
        bytearray(4 << 30)
    return Reading(reporter="001")


def start_misbehaving() -> None:
    start()
    workers.read_workbook = misbehave  # type: ignore[assignment]
    workers.SECONDS_PER_FILE = 1


def die_at_start() -> None:
    os._exit(1)


def files_named(folder: Path, *names: str) -> dict[Path, None]:
    paths = [folder / f"{name}.xlsx" for name in names]
    for path in paths:
        path.write_bytes(to_bytes(tiny.district_workbook()))
    return dict.fromkeys(paths)


def test_each_bad_file_is_one_finding_and_the_others_are_read(programme: Programme, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(workers, "_start", start_misbehaving)
    files = files_named(tmp_path, "tot 1", "abort", "stall", "flood", "tot 2")
    with Readers() as readers:
        readings = readers.read(programme, QUARTER, files)
    found = {path.stem: [one.rule for one in reading.findings] for path, reading in readings.items()}
    assert found == {
        "tot 1": [],
        "tot 2": [],
        "abort": ["reader-died"],
        "stall": ["reader-too-slow"],
        "flood": ["reader-out-of-memory"],
    }


def test_workers_that_cannot_start_end_in_findings_not_in_waiting(programme: Programme, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(workers, "_start", die_at_start)
    with Readers() as readers:
        readings = readers.read(programme, QUARTER, files_named(tmp_path, "a", "b"))
    assert [one.rule for reading in readings.values() for one in reading.findings] == ["reader-died"] * 2


def test_what_a_worker_is_sent_fits_a_pipe(monkeypatch):
    """A parent that writes more than a pipe holds to a child that died at its start waits for ever."""
    root = Path(__file__).parents[2]
    for programme_id in programme_ids(root):
        programme = load_programme(root, programme_id)
        quarter = programme.submitted_quarters()[-1]
        task = (programme.home, programme.id, quarter, programme.submissions_folder(quarter) / "tệp.xlsx", "001")
        assert len(pickle.dumps((workers._start, task))) < PIPE_BUFFER_BYTES / 16


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_real_workers_read_real_files_of_several_quarters(programme: Programme, tmp_path: Path, names):
    told: list[str] = []
    files = files_named(tmp_path, *names)
    with Readers() as readers:
        first = readers.read(programme, QUARTER, files, told.append)
        other = readers.read(programme, QUARTER.previous, files, told.append)
    assert {reading.reporter for reading in first.values()} == {"001"}
    assert {finding.rule for reading in other.values() for finding in reading.findings} == {"period-differs"}
    assert sorted(told) == sorted(2 * [path.name for path in files])
