"""The register of a quarter: which bytes came when, from whom. Receipts are ordered, files are not.

register.csv has the columns seq, file, sha256, received_on, sent_by, basis, note; only `receive` writes it.
"""

from __future__ import annotations

import csv
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import GiaobanError, ProgrammeError
from pipeline.findings import Finding
from pipeline.intake.reading import LINK_RULE, Readers
from pipeline.intake.readings import Reading
from pipeline.programme import Programme
from pipeline.programme.files import Mistakes, read_table
from pipeline.programme.tables import Basis, Day, Name, OptionalText, Row, Text
from pipeline.quarters import Quarter
from pipeline.sent_bytes import leaves_its_folder, sent_sha256

REGISTER = "register.csv"
COLUMNS = ("seq", "file", "sha256", "received_on", "sent_by", "basis", "note")


class RegisterRow(Row):
    """One line of register.csv."""

    seq: int
    file: Name
    sha256: Name
    received_on: Day
    sent_by: OptionalText = None
    basis: Basis = "reported"
    note: Text = ""


@dataclass(frozen=True)
class Receipt:
    """One arrival of one file. received_on is None for a file that lies in the folder unregistered;
    path is None where the bytes of a registered file are gone."""

    seq: int
    file: str
    sha256: str
    received_on: date | None
    sent_by: str | None
    basis: str
    note: str
    path: Path | None

    @property
    def is_registered(self) -> bool:
        return self.received_on is not None


@dataclass(frozen=True)
class Arrival:
    """What became of one file handed in: receipt is None where it was refused (findings say why) or is the
    same file as the sender's last; findings are the errors its sender should mend."""

    file: str
    receipt: Receipt | None
    findings: tuple[Finding, ...]


def receipts(programme: Programme, quarter: Quarter, as_of: date | None = None) -> list[Receipt]:
    """Receipts of a quarter in order; unregistered files come last, and not at all under `as_of`."""
    folder = programme.submissions_folder(quarter)
    registered = registered_rows(programme, quarter)
    present = {sent_sha256(path): path for path in submission_files(folder)}
    found = [
        Receipt(row.seq, row.file, row.sha256, row.received_on, row.sent_by, row.basis, row.note,
                present.get(row.sha256))
        for row in registered
        if as_of is None or row.received_on <= as_of
    ]  # fmt: skip
    if as_of is not None:
        return found
    known = {row.sha256 for row in registered}
    last = max((row.seq for row in registered), default=0)
    strays = sorted((path.name, sha256) for sha256, path in present.items() if sha256 not in known)
    return found + [
        Receipt(last + position, name, sha256, None, None, "reported", "chưa vào sổ", present[sha256])
        for position, (name, sha256) in enumerate(strays, start=1)
    ]


def registered_rows(programme: Programme, quarter: Quarter) -> list[RegisterRow]:
    """The rows of register.csv by seq; none where there is no register yet. ProgrammeError for a bad one."""
    folder = programme.submissions_folder(quarter)
    if not (folder / REGISTER).is_file():
        return []
    mistakes = Mistakes()
    rows = [row for _, row in read_table(folder, REGISTER, RegisterRow, mistakes)]
    sequence = [row.seq for row in rows]
    if len(set(sequence)) != len(sequence):
        mistakes.add(REGISTER, None, "seq", "có số trùng", "mỗi lần nhận một số thứ tự riêng")
    if mistakes:
        raise ProgrammeError(programme.id, [f"submissions/{quarter}/{mistake}" for mistake in mistakes])
    return sorted(rows, key=lambda row: row.seq)


def submission_files(folder: Path) -> list[Path]:
    """Files that may be submissions: no register, no hidden file, none that an open Excel leaves (`~$`)."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if (path.is_file() or leaves_its_folder(path))
        and path.name != REGISTER
        and not path.name.startswith(("~$", "."))
    )


def receive(
    programme: Programme,
    quarter: Quarter,
    files: Sequence[Path],
    sent_by: str | None,
    on: date,
) -> list[Arrival]:
    """Copy files into the quarter's folder and register them; without files, register what lies there.

    A file with personal data is refused before it is copied. The same bytes as the reporter's latest
    receipt are not registered twice. What is wrong with a file does not keep it out of the register: it came.
    """
    folder = programme.submissions_folder(quarter)
    expected = programme.expected_reporters(quarter)
    if sent_by is not None and sent_by not in expected:
        raise GiaobanError(
            f"Không có đơn vị báo cáo mã '{sent_by}' trong {quarter.title}. Các mã: {', '.join(expected)}."
        )
    for file in files:
        if not file.is_file():
            raise GiaobanError(f"Không thấy tệp {file}. Kiểm tra lại đường dẫn.")
    if not files and not submission_files(folder):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder), Readers() as readers:
        rows = registered_rows(programme, quarter)
        known = {row.sha256 for row in rows}
        arrived = list(files) or [path for path in submission_files(folder) if sent_sha256(path) not in known]
        readings = readers.read(programme, quarter, dict.fromkeys(arrived, sent_by))
        return [_register(folder, rows, path, readings[path], sent_by, on) for path in arrived]


def _register(
    folder: Path, rows: list[RegisterRow], path: Path, reading: Reading, sent_by: str | None, on: date
) -> Arrival:
    """Add one arrival to `rows` and to the register on disk, unless it is refused or nothing new."""
    told = ("reporter-differs",)  # no error of the sender's, but somebody mixed up two offices
    findings = tuple(one for one in reading.findings if one.severity == "error" or one.rule in told)
    if any(finding.rule in ("personal-data", LINK_RULE) for finding in findings):
        return Arrival(path.name, None, findings)
    reporter, sha256 = reading.reporter or sent_by, sent_sha256(path)
    latest = next((row for row in reversed(rows) if row.sent_by == reporter), None)
    if latest is not None and latest.sha256 == sha256:
        return Arrival(path.name, None, ())
    stored = path if path.resolve().parent == folder.resolve() else _copy(path, folder, sha256)
    seq = max((row.seq for row in rows), default=0) + 1
    row = RegisterRow(seq=seq, file=stored.name, sha256=sha256, received_on=on, sent_by=reporter)
    rows.append(row)
    _write(folder / REGISTER, rows)
    receipt = Receipt(row.seq, row.file, sha256, on, reporter, row.basis, row.note, folder / row.file)
    return Arrival(path.name, receipt, findings)


def _copy(path: Path, folder: Path, sha256: str) -> Path:
    """Copy under the file's own name; another file of that name keeps it."""
    target = folder / path.name
    count = 2
    while target.exists() and sent_sha256(target) != sha256:
        target = folder / f"{path.stem} ({count}){path.suffix}"
        count += 1
    if not target.exists():
        partial = folder / f".{target.name}.part"
        shutil.copyfile(path, partial)
        partial.replace(target)
    return target


def _write(path: Path, rows: Sequence[RegisterRow]) -> None:
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([getattr(row, column) if getattr(row, column) is not None else "" for column in COLUMNS])
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / f".{REGISTER}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
