"""What a worker process that opens sent files is held to: memory, time, and dying with its parent."""

from __future__ import annotations

import ctypes
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_process(memory_bytes: int, kind: int = resource.RLIMIT_AS) -> None:
    """Set up a spawned worker; call it once, at its start. kind RLIMIT_DATA leaves out what is reserved, never used."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(kind, (memory_bytes, memory_bytes))
    signal.signal(signal.SIGALRM, _stop)


@contextmanager
def limited_time(seconds: int) -> Iterator[None]:
    """TimeoutError after `seconds`, by an alarm that interrupts Python code; a parser that never returns to Python
    meets the limit on processor time instead, after twice as long."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    hard = int(spent.ru_utime + spent.ru_stime) + 2 * seconds
    resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError
