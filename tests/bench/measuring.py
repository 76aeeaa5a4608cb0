"""Commands run as a user runs them: a fresh process each, its wall time, processor time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GIAOBAN = (sys.executable, "-m", "pipeline.cli")


@dataclass(frozen=True)
class Measured:
    """seconds on the clock and of processors, children included; mebibytes of the largest process."""

    seconds: float
    processor: float = 0
    mebibytes: float = 0


def command(*arguments: str, home: Path) -> Measured:
    """One run of `giaoban`; SystemExit with what it said if it fails."""
    return process([*GIAOBAN, *arguments, "--home", str(home)])


def process(arguments: Sequence[str]) -> Measured:
    begun = time.perf_counter()
    child = subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    assert child.stderr is not None
    told = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)}\n{told}")
    return Measured(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def best(times: int, measure: Callable[[], Measured]) -> Measured:
    """The quickest of several runs: what else the machine does only makes a run slower."""
    return min((measure() for _ in range(times)), key=lambda one: one.seconds)
