"""The same quarter as of two days: before a district sent its mended file and after; the same day, the same bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.golden.conftest import PROGRAMME, QUARTER, ROOT, run_giaoban


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with the submissions of its last quarter only, to be read more than once."""
    home = tmp_path_factory.mktemp("as_of")
    raw = home / "raw" / PROGRAMME
    shutil.copytree(ROOT / "raw" / PROGRAMME, raw, ignore=shutil.ignore_patterns("submissions"))
    shutil.copytree(ROOT / "raw" / PROGRAMME / "submissions" / QUARTER, raw / "submissions" / QUARTER)
    return home


def ask(home: Path, command: list[str], day: str) -> str:
    done = run_giaoban(home, *command, "--as-of", day, "--format", "json")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_resubmission_counts_from_the_day_it_was_received(home: Path) -> None:
    figures = ["figures", "hanoi", QUARTER, "--area", "271", "--indicator", "A01"]
    before, after = (ask(home, figures, day) for day in ("2024-01-08", "2024-01-10"))
    assert (json.loads(before)["numerator"], json.loads(after)["numerator"]) == (279, 264)
    assert not (home / "build" / PROGRAMME / "warehouse.duckdb").exists()
