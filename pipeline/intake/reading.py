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
from pathlib import Path
from types import FrameType

from pipeline.intake.findings import Finding
from pipeline.intake.identity import Names
from pipeline.intake.layouts import Layout, load_layouts
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme
from pipeline.quarters import Quarter

SECONDS_PER_FILE = 20
WORKER_MEMORY_BYTES = 2 << 30
MAX_WORKERS = 4
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_Job = tuple[Names, tuple[Layout, ...]]
_job: _Job | None = None


def read_all(
    programme: Programme,
    quarter: Quarter,
    files: Mapping[Path, str | None],
    progress: Callable[[str], None] | None = None,
) -> dict[Path, Reading]:
    """Read every file (path -> who sent it, if the register says); one Reading for each path.

    Files are read side by side in spawned workers with a limit on memory and time. A worker that dies takes
    the pool with it; the files without an answer are then read one at a time, each in a worker of its own.
    """
    if not files:
        return {}
    job: _Job = (Names(programme, quarter), load_layouts(programme.folder, programme.id))
    tell = progress or (lambda message: None)
    workers = min(MAX_WORKERS, os.cpu_count() or 1, len(files))
    readings = _read_in_pool(job, files, workers, tell)
    for path in files:
        if path not in readings:
            alone = _read_in_pool(job, {path: files[path]}, 1, tell)
            readings[path] = alone.get(path) or _lost(
                "reader-died", "tệp làm chương trình đọc dừng đột ngột hoặc dùng quá nhiều bộ nhớ"
            )
    return readings


def _read_in_pool(
    job: _Job, files: Mapping[Path, str | None], workers: int, tell: Callable[[str], None]
) -> dict[Path, Reading]:
    readings: dict[Path, Reading] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(job,)) as pool:
        futures: dict[Future[Reading], Path] = {
            pool.submit(_read, str(path), sent_by): path for path, sent_by in files.items()
        }
        for future in as_completed(futures):
            try:
                readings[futures[future]] = future.result()
            except BrokenProcessPool:
                continue
            tell(futures[future].name)
    return readings


def _start(job: _Job) -> None:
    """Set up a worker: it dies with its parent; then the limits, then what every file needs."""
    global _job
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_BYTES, WORKER_MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _stop)
    _job = job


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError


def _read(path: str, sent_by: str | None) -> Reading:
    assert _job is not None
    names, layouts = _job
    # the alarm interrupts Python code; a parser that never returns to Python meets the processor limit
    spent = resource.getrusage(resource.RUSAGE_SELF)
    hard = int(spent.ru_utime + spent.ru_stime) + 2 * SECONDS_PER_FILE
    resource.setrlimit(resource.RLIMIT_CPU, (hard, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_FILE)
    try:
        return read_workbook(Path(path).read_bytes(), Path(path).name, names, layouts, sent_by)
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
