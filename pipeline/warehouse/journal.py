"""build/journal.jsonl: what each run set out to do and how it ended, so that one that died is seen.

Read without Dagster, so that a monitor may ask every minute. Times are local; nothing printed depends on them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pipeline.quarters import Quarter
from pipeline.warehouse.lock import FileLock
from pipeline.warehouse.process import is_alive, process_mark

Outcome = Literal["running", "done", "failed", "killed"]
KEPT_BYTES = 1_000_000  # some two thousand runs
NEWS = timedelta(days=31)  # how long a failure is told that nobody made good
NOTICE = "CAN-XU-LY.txt"


@dataclass(frozen=True)
class Entry:
    """One run; ended is None while it runs or when it was killed, cause is Vietnamese where it failed.

    quarters is the quarter it was for, or the first and the last of a range; empty for models alone."""

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

    @property
    def what_happened(self) -> str:
        """One Vietnamese sentence on how the run went wrong."""
        quarters = " đến ".join(Quarter.parse(quarter).title for quarter in self.quarters)
        ended = "đã dừng đột ngột, chưa xong" if self.outcome == "killed" else "không thành công"
        return f"Lần chạy{f' {quarters}' if quarters else ''} lúc {self.began:%H:%M ngày %d/%m/%Y} {ended}."

    @property
    def remedy(self) -> str:
        return f"Chạy lại: giaoban refresh {self.programme} {self.quarters[-1] if self.quarters else 'QUÝ'}"

    def settles(self, earlier: Entry) -> bool:
        """Whether what went wrong in `earlier` is made good by this run: of its quarters, and no less than it."""
        if self.outcome != "done" or (earlier.is_refresh and not self.is_refresh):
            return False
        if not earlier.quarters:
            return True
        covered = self.quarters and self.quarters[0] <= earlier.quarters[0]
        return bool(covered and earlier.quarters[-1] <= self.quarters[-1])


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

    build/<programme>/CAN-XU-LY.txt tells of what went wrong until a run makes it good.
    """
    outcome = "failed" if causes else "done"
    _append(home, {
        "run": run, "programme": programme, "ended": _now(), "outcome": outcome, "cause": "\n".join(causes),
    })  # fmt: skip
    notice = home / "build" / programme / NOTICE
    told = unsettled([one for one in entries(home) if one.programme == programme], datetime.now())
    if told:
        notice.parent.mkdir(parents=True, exist_ok=True)
        parts = [
            f"{one.what_happened[0].upper()}{one.what_happened[1:]}\n{one.cause}\n\n{one.remedy}\n" for one in told
        ]
        partial = notice.with_name(f".{NOTICE}.{os.getpid()}")
        partial.write_text("\n".join([*parts, "Số liệu và báo cáo cũ được giữ nguyên.\n"]), encoding="utf-8")
        partial.replace(notice)
    else:
        notice.unlink(missing_ok=True)


def entries(home: Path) -> list[Entry]:
    """Every run on record, oldest first, once for each of its programmes. Without an end and process: killed."""
    found: dict[tuple[str, str], Entry] = {}
    path = journal_file(home)
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            record: dict[str, Any] = json.loads(line)
            key = (record["run"], record["programme"])
        except (ValueError, KeyError):
            continue  # half a line: the machine stopped while it was written
        if "began" in record:
            found[key] = Entry(
                *key, record["job"], tuple(record["quarters"]), record["process"],
                datetime.fromisoformat(record["began"]),
            )  # fmt: skip
        elif key in found:
            found[key] = replace(
                found[key], ended=datetime.fromisoformat(record["ended"]), outcome=record["outcome"],
                cause=record["cause"],
            )  # fmt: skip
    return [one if one.ended or is_alive(one.process) else replace(one, outcome="killed") for one in found.values()]


def unsettled(runs: Iterable[Entry], now: datetime) -> list[Entry]:
    """Of one programme's runs, oldest first, those that failed or were killed lately and that no later one made good.

    Of several with the same job and quarters only the last.
    """
    open_: dict[tuple[str, tuple[str, ...]], Entry] = {}
    for one in runs:
        if one.outcome in ("failed", "killed"):
            open_.pop((one.job, one.quarters), None)
            open_[one.job, one.quarters] = one
        else:
            open_ = {key: earlier for key, earlier in open_.items() if not one.settles(earlier)}
    return [one for one in open_.values() if now - one.began < NEWS]


def _append(home: Path, record: dict[str, Any]) -> None:
    path = journal_file(home)
    with FileLock(path.with_suffix(".lock"), "Nhật ký chạy"):
        if path.is_file() and path.stat().st_size > KEPT_BYTES:
            _shorten(path)
        with path.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(record, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())


def _shorten(path: Path) -> None:
    """Keep the later half."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    partial = path.with_suffix(".part")
    partial.write_text("".join(lines[len(lines) // 2 :]), encoding="utf-8")
    partial.replace(path)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
