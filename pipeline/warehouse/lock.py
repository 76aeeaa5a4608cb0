"""One writer at a time: a lock the operating system holds, and lets go when its process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType


class FileLock:
    """An exclusive lock on `path`; the file stays and names its last holder (pid and time).

    `waiting` is told, once and in Vietnamese, who holds the lock when it is not free at once.
    """

    def __init__(self, path: Path, what: str, waiting: Callable[[str], None] | None = None) -> None:
        self.path = path
        self._what = what
        self._waiting = waiting
        self._descriptor: int | None = None

    def acquire(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._wait_for(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {datetime.now():%H:%M %d/%m/%Y}\n".encode(), 0)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def _wait_for(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._waiting:
                pid, _, since = os.pread(descriptor, 100, 0).decode(errors="replace").strip().partition(" ")
                holder = f"tiến trình số {pid}, từ {since}" if pid else "một tiến trình khác"
                self._waiting(
                    f"{self._what} đang được một lần chạy khác sử dụng ({holder}). "
                    "Đang đợi lần chạy đó kết thúc; có thể nhấn Ctrl+C để thôi đợi."
                )
            fcntl.flock(descriptor, fcntl.LOCK_EX)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> FileLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
