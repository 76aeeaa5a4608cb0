"""Reading many files in worker processes: a file that kills or stalls its worker costs only itself."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from types import FrameType, TracebackType

from pipeline.findings import Finding
from pipeline.intake.identity import Names
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter

SECONDS_PER_FILE = 20
WORKER_MEMORY_BYTES = 2 << 30
MAX_WORKERS = 4
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Readers:
    """Worker processes that read files side by side, for as many quarters as are asked of them.

    Workers are spawned with a limit on memory and time, and load the programme themselves: what is sent to
    them stays small, because a parent that writes much to a child that dies at its start waits for ever.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def read(
        self,
        programme: Programme,
        quarter: Quarter,
        files: Mapping[Path, str | None],
        progress: Callable[[str], None] | None = None,
    ) -> dict[Path, Reading]:
        """Read every file (path -> who sent it, if the register says); one Reading for each path.

        A worker that dies takes the pool with it; the files without an answer are then read one at a time,
        each in a worker of its own.
        """
        tell = progress or (lambda message: None)
        readings = self._read_side_by_side(programme, quarter, files, tell) if files else {}
        for path in files:
            if path not in readings:
                with Readers() as alone:
                    answer = alone._read_side_by_side(programme, quarter, {path: files[path]}, tell)
                readings[path] = answer.get(path) or _lost(
                    "reader-died", "tệp làm chương trình đọc dừng đột ngột hoặc dùng quá nhiều bộ nhớ"
                )
        return readings

    def _read_side_by_side(
        self, programme: Programme, quarter: Quarter, files: Mapping[Path, str | None], tell: Callable[[str], None]
    ) -> dict[Path, Reading]:
        readings: dict[Path, Reading] = {}
        pool = self._pool = self._pool or ProcessPoolExecutor(
            min(MAX_WORKERS, os.cpu_count() or 1),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
        )
        try:
            futures: dict[Future[Reading], Path] = {
                pool.submit(_read, programme.home, programme.id, quarter, path, sent_by): path
                for path, sent_by in files.items()
            }
            for future in as_completed(futures):
                readings[futures[future]] = future.result()
                tell(futures[future].name)
        except BrokenProcessPool:
            self._close()
        return readings

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _start() -> None:
    """Set up a worker: it dies with its parent, and cannot take all memory."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_BYTES, WORKER_MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _stop)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError


@lru_cache(maxsize=16)
def _prepared(home: Path, programme_id: str, quarter: Quarter) -> Names:
    return Names(load_programme(home, programme_id), quarter)


def _read(home: Path, programme_id: str, quarter: Quarter, path: Path, sent_by: str | None) -> Reading:
    names = _prepared(home, programme_id, quarter)
    # the alarm interrupts Python code; a parser that never returns to Python meets the processor limit
    spent = resource.getrusage(resource.RUSAGE_SELF)
    hard = int(spent.ru_utime + spent.ru_stime) + 2 * SECONDS_PER_FILE
    resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_FILE)
    try:
        return read_workbook(path.read_bytes(), path.name, names, sent_by)
    except TimeoutError:
        return _lost("reader-too-slow", f"tệp cần hơn {SECONDS_PER_FILE} giây để đọc")
    except MemoryError:
        return _lost("reader-out-of-memory", "tệp cần quá nhiều bộ nhớ để đọc")
    except Exception as error:  # any parser error is this file's finding, never the others' loss
        return _lost("unreadable", f"tệp không đọc được ({type(error).__name__})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _lost(rule: str, found: str) -> Reading:
    remedy = "Sao chép riêng các biểu sang một tệp Excel mới rồi gửi lại."
    return Reading(findings=[Finding(rule, "error", "", "", found, "tệp Excel mở được", remedy)])
