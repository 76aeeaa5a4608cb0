"""build/journal.jsonl: what each run set out to do and how it ended, so that one that died is seen.

Read without Dagster, so that a monitor may ask every minute. Times are local; nothing printed depends on them.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.warehouse.process import is_alive, process_mark

Outcome = Literal["running", "done", "failed", "killed"]
KEPT_LINES = 2_000
NOTICE = "CAN-XU-LY.txt"


@dataclass(frozen=True)
class Entry:
    """One run; ended is None while it runs or when it was killed, cause is Vietnamese where it failed."""

    run: str
    programme: str
    job: str
    quarters: tuple[str, ...]
    process: str
    began: datetime
    ended: datetime | None = None
    outcome: Outcome = "running"
    cause: str = ""

    @property
    def is_refresh(self) -> bool:
        return self.job.endswith("_refresh")


def journal_file(home: Path) -> Path:
    return home / "build" / "journal.jsonl"


def begin_entry(home: Path, run: str, programme: str, job: str, quarters: tuple[str, ...]) -> None:
    """Write down what a run sets out to do, before it does anything."""
    _append(home, {
        "run": run, "programme": programme, "job": job, "quarters": quarters,
        "process": process_mark(os.getpid()) or "", "began": _now(),
    })  # fmt: skip


def end_entry(home: Path, run: str, programme: str, causes: list[str]) -> None:
    """Write down how it ended: done without causes, failed with them.

    build/<programme>/CAN-XU-LY.txt tells of the last failure until a run succeeds again.
    """
    cause = "\n".join(causes)
    _append(home, {"run": run, "ended": _now(), "outcome": "failed" if causes else "done", "cause": cause})
    notice = home / "build" / programme / NOTICE
    if causes:
        notice.parent.mkdir(parents=True, exist_ok=True)
        notice.write_text(
            f"Lần chạy lúc {datetime.now():%H:%M ngày %d/%m/%Y} không thành công; "
            f"số liệu và báo cáo cũ được giữ nguyên.\n\n"
            f"{cause}\n\nSau khi xử lý, chạy lại: giaoban refresh {programme} QUÝ\n",
            encoding="utf-8",
        )
    else:
        notice.unlink(missing_ok=True)


def entries(home: Path) -> list[Entry]:
    """Every run on record, oldest first. A run without an end whose process is gone was killed."""
    found: dict[str, Entry] = {}
    path = journal_file(home)
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            record: dict[str, Any] = json.loads(line)
        except ValueError:
            continue  # half a line: the machine stopped while it was written
        run = record["run"]
        if "began" in record:
            found[run] = Entry(
                run, record["programme"], record["job"], tuple(record["quarters"]), record["process"],
                datetime.fromisoformat(record["began"]),
            )  # fmt: skip
        elif run in found:
            found[run] = replace(
                found[run], ended=datetime.fromisoformat(record["ended"]), outcome=record["outcome"],
                cause=record["cause"],
            )  # fmt: skip
    return [one if one.ended or is_alive(one.process) else replace(one, outcome="killed") for one in found.values()]


def _append(home: Path, record: dict[str, Any]) -> None:
    path = journal_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(record, ensure_ascii=False) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def shorten(home: Path) -> None:
    """Keep the last lines; called while nothing runs."""
    path = journal_file(home)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
    if len(lines) > KEPT_LINES:
        partial = path.with_suffix(".part")
        partial.write_text("".join(lines[-KEPT_LINES:]), encoding="utf-8")
        partial.replace(path)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
