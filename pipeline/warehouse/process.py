"""Whether a process that signed something is still the one that lives."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def process_mark(pid: int) -> str | None:
    """`pid:start` of a living process, so that a number used again is not mistaken; None if it is dead."""
    try:
        with suppress(PermissionError):  # another user's, but it lives
            os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except ProcessLookupError:
        return None
    except (PermissionError, FileNotFoundError):
        return f"{pid}:"  # hidden, or a system without /proc: the number must do
    return None if state[0] == "Z" else f"{pid}:{state[19]}"


def is_alive(mark: str) -> bool:
    """Whether the process that left this mark still runs on this machine."""
    pid = mark.partition(":")[0]
    return pid.isdigit() and process_mark(int(pid)) in (mark, f"{pid}:")
