"""Reading many files in worker processes: a file that kills or stalls its worker costs only itself."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.errors import GiaobanError
from pipeline.findings import Finding
from pipeline.limits import limit_process, limited_time
from pipeline.quarters import Quarter
from pipeline.sent_bytes import leaves_its_folder

if TYPE_CHECKING:  # what only workers use would cost every command that starts them
    from pipeline.intake.identity import Names
    from pipeline.intake.readings import Reading
    from pipeline.programme import Programme

LINK_RULE = "link-outside"
SECONDS_PER_FILE = 20
WORKER_MEMORY_BYTES = 2 << 30
BY_ACCIDENT = ("reader-died", "reader-too-slow", "reader-out-of-memory")  # what a busy machine may cause too
MAX_WORKERS = 4
FILES_PER_WORKER = 4  # fewer are read sooner than another worker starts


class Readers:
    """Worker processes that read files side by side, for as many quarters as are asked of them.

    Workers are spawned with a limit on memory and time, and load the programme themselves: what is sent to
    them stays small, because a parent that writes much to a child that dies at its start waits for ever.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._size = 0
        self._starting: Future[None] | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Have one worker begin to import what every reading needs; returns at once."""
        self._starting = self._workers().submit(_import_reader)

    def warm(self, home: Path, programme_id: str, quarter: Quarter) -> None:
        """Have the worker load what one quarter's readings need; returns when it has, or could not."""
        with suppress(BrokenProcessPool, GiaobanError):
            if self._starting is not None:
                self._starting.result()
            self._workers().submit(_prepared, home, programme_id, quarter).result()

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
        pool = self._workers(len(files))
        try:
            futures: dict[Future[Reading], Path] = {
                pool.submit(_read, programme.home, programme.id, quarter, path, sent_by): path
                for path, sent_by in files.items()
            }
            for future in as_completed(futures):
                readings[futures[future]] = future.result()
                tell(futures[future].name)
        except BrokenProcessPool:
            self.close()
        return readings

    def _workers(self, files: int = 1) -> ProcessPoolExecutor:
        """The pool, made anew where it has fewer workers than so many files are worth."""
        wanted = min(MAX_WORKERS, os.cpu_count() or 1, -(-files // FILES_PER_WORKER))
        if self._pool is None or self._size < wanted:
            self.close()
            self._size = wanted
            self._pool = ProcessPoolExecutor(
                wanted,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
            )
        return self._pool

    def close(self) -> None:
        """End the workers; a later reading starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _start() -> None:
    limit_process(WORKER_MEMORY_BYTES)


def _import_reader() -> None:
    """Load the parsers before the clock of the first file runs."""
    from pipeline.intake import workbook  # noqa: F401


@lru_cache(maxsize=16)
def _prepared(home: Path, programme_id: str, quarter: Quarter) -> Names:
    _import_reader()
    from pipeline.intake.identity import Names
    from pipeline.programme import load_programme

    return Names(load_programme(home, programme_id), quarter)


def read_workbook(content: bytes, file: str, names: Names, sent_by: str | None) -> Reading:
    """The reader, with its parsers, is imported in workers only."""
    from pipeline.intake.workbook import read_workbook as read

    return read(content, file, names, sent_by)


def _read(home: Path, programme_id: str, quarter: Quarter, path: Path, sent_by: str | None) -> Reading:
    if leaves_its_folder(path):
        return _a_link()
    names = _prepared(home, programme_id, quarter)
    try:
        with limited_time(SECONDS_PER_FILE):
            return read_workbook(path.read_bytes(), path.name, names, sent_by)
    except TimeoutError:
        return _lost("reader-too-slow", f"tệp cần hơn {SECONDS_PER_FILE} giây để đọc")
    except MemoryError:
        return _lost("reader-out-of-memory", "tệp cần quá nhiều bộ nhớ để đọc")
    except Exception as error:  # any parser error is this file's finding, never the others' loss
        return _lost("unreadable", f"tệp không đọc được ({type(error).__name__})")


def _a_link() -> Reading:
    from pipeline.intake.readings import Reading

    return Reading(
        findings=[
            Finding(
                LINK_RULE, "error", "", "", "tệp chỉ là liên kết đến nơi khác ngoài thư mục báo cáo", "tệp báo cáo",
                "Sao chép chính tệp báo cáo vào thư mục; liên kết không được mở.",
            )
        ]
    )  # fmt: skip


def _lost(rule: str, found: str) -> Reading:
    from pipeline.intake.readings import Reading

    remedy = "Sao chép riêng các biểu sang một tệp Excel mới rồi gửi lại."
    return Reading(findings=[Finding(rule, "error", "", "", found, "tệp Excel mở được", remedy)])
