"""Making marked copies in worker processes: a file that kills or stalls its worker costs only its own copy."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.feedback.records import Change
from pipeline.feedback.source_books import SheetReader
from pipeline.findings import Finding
from pipeline.limits import limit_process, limited_time

SECONDS_PER_COPY = 20
WORKER_MEMORY_BYTES = 2 << 30
MAX_WORKERS = 4
FINDINGS_SENT = 2000  # as many as a copy lists; what is sent to a worker stays small


@dataclass(frozen=True)
class Copy:
    """One copy to make: of the file `source` with these bytes, written to `target`."""

    source: Path
    sha256: str
    name: str
    made_on: date
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    target: Path

    @property
    def key(self) -> str:
        """The same key means the same bytes: file, findings, changes and the code that marks."""
        parts = (self.sha256, self.name, self.made_on, self.findings, self.changes, _code())
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def _code() -> str:
    digest = hashlib.sha256(version("openpyxl").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_copies(copies: Sequence[Copy], read_sheets: SheetReader, made: Mapping[str, Path]) -> set[Path]:
    """Write every copy whose file can be opened; the targets written.

    `made` has copies of an earlier run by key: the same copy is not made twice.
    """
    written = set()
    rest = []
    for one in copies:
        one.target.parent.mkdir(parents=True, exist_ok=True)
        earlier = made.get(one.key)
        if earlier is not None and earlier.is_file():
            shutil.copyfile(earlier, one.target)
            written.add(one.target)
        else:
            rest.append(one)
    if rest:
        answered = _side_by_side(rest, read_sheets)
        for one in rest:
            # a worker that died took the others' answers with it: those are asked again, each alone
            is_written = answered[one.target] if one.target in answered else _alone(one, read_sheets)
            if is_written:
                written.add(one.target)
    return written


def _alone(one: Copy, read_sheets: SheetReader) -> bool:
    return _side_by_side([one], read_sheets).get(one.target, False)


def _side_by_side(copies: Sequence[Copy], read_sheets: SheetReader) -> dict[Path, bool]:
    answered: dict[Path, bool] = {}
    with ProcessPoolExecutor(
        min(MAX_WORKERS, os.cpu_count() or 1, len(copies)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=limit_process,
        initargs=(WORKER_MEMORY_BYTES,),
    ) as pool:
        try:
            futures: dict[Future[bool], Path] = {pool.submit(_write, one, read_sheets): one.target for one in copies}
            for future in as_completed(futures):
                answered[futures[future]] = future.result()
        except BrokenProcessPool:
            pass
    return answered


def _write(one: Copy, read_sheets: SheetReader) -> bool:
    """False where the file is no longer what was read, or cannot be opened within the limits."""
    from pipeline.feedback.copies import marked_copy

    try:
        with limited_time(SECONDS_PER_COPY):
            content = one.source.read_bytes()
            if hashlib.sha256(content).hexdigest() != one.sha256:
                return False
            data = marked_copy(content, one.findings, one.changes, one.name, one.made_on, read_sheets)
    except Exception:  # the letter says all that the copy would show
        return False
    one.target.write_bytes(data)
    return True
