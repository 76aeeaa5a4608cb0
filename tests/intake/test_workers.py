"""Files that kill, stall or flood their worker."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.intake import reading as workers
from pipeline.intake.readings import Reading
from tests import tiny
from tests.intake.conftest import QUARTER, to_bytes


def misbehave(content: bytes, file: str, *rest: object) -> Reading:
    """Stands in for the reader in the workers: does to the process what the file's name says."""
    if "abort" in file:
        os.abort()
    if "stall" in file:
        time.sleep(60)
    if "flood" in file:
        bytearray(4 << 30)
    return Reading(reporter="001")


def start_misbehaving(job: workers._Job) -> None:
    workers._start(job)
    workers.read_workbook = misbehave  # type: ignore[assignment]
    workers.SECONDS_PER_FILE = 1


def test_each_bad_file_is_one_finding_and_the_others_are_read(programme, tmp_path: Path, monkeypatch):
    real = workers.ProcessPoolExecutor

    def pool(count, mp_context, initializer, initargs):
        return real(count, mp_context=mp_context, initializer=start_misbehaving, initargs=initargs)

    monkeypatch.setattr(workers, "ProcessPoolExecutor", pool)
    files = {}
    for name in ("tot 1", "abort", "stall", "flood", "tot 2"):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(b"x")
        files[path] = None
    readings = workers.read_all(programme, QUARTER, files)
    found = {path.stem: [one.rule for one in reading.findings] for path, reading in readings.items()}
    assert found == {
        "tot 1": [],
        "tot 2": [],
        "abort": ["reader-died"],
        "stall": ["reader-too-slow"],
        "flood": ["reader-out-of-memory"],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_real_workers_read_real_files(programme, tmp_path: Path, count):
    files = {}
    for number in range(count):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(to_bytes(tiny.district_workbook()))
        files[path] = None
    told: list[str] = []
    readings = workers.read_all(programme, QUARTER, files, told.append)
    assert {reading.reporter for reading in readings.values()} == {"001"}
    assert sorted(told) == sorted(path.name for path in files)
