"""build/journal.jsonl: what each run set out to do and how it ended, so that one that died is seen.

Read without Dagster, so that a monitor may ask every minute. Times are those of the office, as the schedule's are,
whatever the machine's clock is set to; nothing printed depends on them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from pipeline.quarters import Quarter, quarters_between
from pipeline.warehouse.lock import FileLock
from pipeline.warehouse.process import is_alive, process_mark

Outcome = Literal["running", "done", "failed", "killed"]
TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REFRESH, BRIEFING, RECEIVE = "refresh", "briefing", "receive"  # how the names of the jobs end that are told apart
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
    def kind(self) -> str:
        return self.job.rpartition("_")[2]

    @property
    def is_refresh(self) -> bool:
        return self.kind == REFRESH

    @property
    def what_happened(self) -> str:
        """One Vietnamese sentence on how the run went wrong."""
        what = {BRIEFING: "Lần in báo cáo", RECEIVE: "Lần vào sổ tệp"}.get(self.kind, "Lần chạy")
        quarters = " đến ".join(Quarter.parse(quarter).title for quarter in self.quarters)
        ended = "đã dừng đột ngột, chưa xong" if self.outcome == "killed" else "không thành công"
        return f"{what}{f' {quarters}' if quarters else ''} lúc {self.began:%H:%M ngày %d/%m/%Y} {ended}."

    @property
    def remedy(self) -> str:
        """What settles it, in Vietnamese."""
        if self.kind == RECEIVE:
            return "Sửa chỗ nêu trên; dịch vụ tự thử lại mỗi phút, không phải chạy lệnh nào."
        command = BRIEFING if self.kind == BRIEFING else REFRESH
        return f"Chạy lại: giaoban {command} {self.programme} {self.quarters[-1] if self.quarters else 'QUÝ'}"

    @property
    def parts(self) -> list[Entry]:
        """What is made good one by one: each briefing of a range, because the command prints one quarter."""
        if self.kind != BRIEFING or len(self.quarters) < 2:
            return [self]
        first, last = (Quarter.parse(quarter) for quarter in self.quarters)
        return [replace(self, quarters=(str(quarter),)) for quarter in quarters_between(first, last)]

    def covers(self, quarters: tuple[str, ...]) -> bool:
        """Whether a quarter, or all of a range, was part of this run."""
        return self.quarters[:1] <= quarters[:1] and quarters[-1:] <= self.quarters[-1:]

    def settles(self, earlier: Entry) -> bool:
        """Whether what went wrong in `earlier` is made good by this run.

        A refresh reads what changed in the quarters before its own too; it neither prints nor registers anything.
        """
        if self.outcome != "done":
            return False
        if self.is_refresh and earlier.kind not in (BRIEFING, RECEIVE):
            return earlier.quarters[-1:] <= self.quarters[-1:]
        return self.job == earlier.job and self.covers(earlier.quarters)


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
    told = unsettled([one for one in entries(home) if one.programme == programme], datetime.now(TIME_ZONE))
    if told:
        notice.parent.mkdir(parents=True, exist_ok=True)
        parts = [
            f"{one.what_happened[0].upper()}{one.what_happened[1:]}\n{one.cause}\n\n{one.remedy}\n" for one in told
        ]
        partial = notice.with_name(f".{NOTICE}.{os.getpid()}")
        text = "\n".join([*parts, "Số liệu và báo cáo cũ được giữ nguyên.\n"])
        partial.write_text(text, encoding="utf-8", errors="replace")
        partial.replace(notice)
    else:
        notice.unlink(missing_ok=True)


def enter_attempts(home: Path, programme: str, job: str, causes: Mapping[tuple[str, ...], str | None]) -> None:
    """Write down how something that is tried again and again went: by quarters, why it failed; None where it did not.

    Nothing is written for what stands as it stood, and of quarters that were not tried nothing changes.
    """
    mine = [one for one in entries(home) if (one.programme, one.job) == (programme, job)]
    known = {one.quarters: one.cause for one in unsettled(mine, datetime.now(TIME_ZONE))}
    for quarters, cause in causes.items():
        if cause != known.get(quarters):
            run = uuid4().hex
            begin_entry(home, run, programme, job, quarters)
            end_entry(home, run, programme, [cause] if cause else [])


def entries(home: Path) -> list[Entry]:
    """Every run on record, oldest first, once for each of its programmes. Without an end and process: killed."""
    found: dict[tuple[str, str], Entry] = {}
    path = journal_file(home)
    for line in path.read_bytes().splitlines() if path.is_file() else []:  # as bytes: a letter may be cut in two
        try:
            record: dict[str, Any] = json.loads(line)
            key = (record["run"], record["programme"])
        except (ValueError, KeyError):
            continue  # half a line: the machine stopped while it was written
        if "began" in record:
            found[key] = Entry(
                *key, record["job"], tuple(record["quarters"]), record["process"],
                _moment(record["began"]),
            )  # fmt: skip
        elif key in found:
            found[key] = replace(
                found[key], ended=_moment(record["ended"]), outcome=record["outcome"], cause=record["cause"],
            )  # fmt: skip
    return [one if one.ended or is_alive(one.process) else replace(one, outcome="killed") for one in found.values()]


def unsettled(runs: Iterable[Entry], now: datetime) -> list[Entry]:
    """Of one programme's runs, oldest first, those that failed or were killed lately and that no later one made good.

    Of several with the same job and quarters only the last.
    """
    open_: dict[tuple[str, tuple[str, ...]], Entry] = {}
    for one in runs:
        if one.outcome in ("failed", "killed"):
            for part in one.parts:
                open_.pop((part.job, part.quarters), None)
                open_[part.job, part.quarters] = part
        else:
            open_ = {key: earlier for key, earlier in open_.items() if not one.settles(earlier)}
    return [one for one in open_.values() if now - one.began < NEWS]


def _append(home: Path, record: dict[str, Any]) -> None:
    path = journal_file(home)
    with FileLock(path.with_suffix(".lock"), "Nhật ký chạy"):
        if path.is_file() and path.stat().st_size > KEPT_BYTES:
            _shorten(path)
        cut_off = path.is_file() and path.read_bytes()[-1:] not in (b"", b"\n")  # the machine stopped within a line
        with path.open("a", encoding="utf-8", errors="replace") as journal:
            journal.write(("\n" if cut_off else "") + json.dumps(record, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())


def _shorten(path: Path) -> None:
    """Keep the later half."""
    lines = path.read_bytes().splitlines(keepends=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(b"".join(lines[len(lines) // 2 :]))
    partial.replace(path)


def _now() -> str:
    return datetime.now(TIME_ZONE).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    """A time of the journal; one without a zone is of this machine's clock, as they were all written once."""
    return datetime.fromisoformat(text).astimezone(TIME_ZONE)
