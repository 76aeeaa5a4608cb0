"""The demonstration built once for all tests of the finished figures and pages, as a user builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse import open_for_reading
from tests.made_once import made_once

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME, QUARTER = "hanoi_08_ctr_tu", "2023-Q4"
PRINTED_AREAS = ("001", "271")  # the districts that get pages: without poor households, and with the most
AREAS = ("--areas", ",".join(PRINTED_AREAS))

Giaoban = Callable[..., "subprocess.CompletedProcess[str]"]


def run_giaoban(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`giaoban WORDS --home home` in a process of its own, from another working folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words, "--home", str(home)],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the committed submissions, its last quarter built with the ordinary command, two districts' pages."""
    return made_once(tmp_path_factory, "demo", _build_demo)


def _build_demo(home: Path) -> None:
    shutil.copytree(ROOT / "raw" / PROGRAMME, home / "raw" / PROGRAMME)
    done = run_giaoban(home, "briefing", "hanoi", QUARTER, *AREAS)
    assert done.returncode == 0, done.stderr


def copy_home(demo: Path, target: Path) -> Path:
    """Another home with the same submissions and warehouse: earlier quarters need not be read again."""
    shutil.copytree(demo / "raw", target / "raw")
    folder = target / "build" / PROGRAMME
    folder.mkdir(parents=True)
    shutil.copy(demo / "build" / PROGRAMME / "warehouse.duckdb", folder)
    return target


@pytest.fixture(scope="session")
def marts(demo: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(open_for_reading(demo, PROGRAMME)) as connection:
        yield connection


@pytest.fixture
def giaoban(demo: Path) -> Giaoban:
    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_giaoban(demo, *words, **environment)

    return run
