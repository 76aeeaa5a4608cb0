"""What the raw rows of a quarter were made from, so that a run knows which quarters to read again."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.sent_bytes import leaves_its_folder, sent_sha256
from pipeline.warehouse.file import taken_in

_CODE = Path(__file__).resolve().parents[1]
_READING_CODE = ("intake", "programme", "findings.py", "limits.py", "quarters.py", "sent_bytes.py", "vietnamese.py")
_READING_LIBRARIES = ("openpyxl", "polars", "python-calamine", "xlrd")


def quarter_fingerprint(programme: Programme, quarter: Quarter, reading: str | None = None) -> str:
    """sha256 over the quarter's submissions folder and all that `reading_fingerprint` covers (`reading`, if known)."""
    folder = programme.submissions_folder(quarter)
    named = ((path.relative_to(folder).as_posix(), path) for path in quarter_files(programme, quarter))
    return _digest(named, reading or reading_fingerprint(programme))


def changed_quarters(programme: Programme) -> list[Quarter]:
    """Quarters whose raw rows as last published are missing, or were made from other files or code, in order."""
    submitted = {str(quarter) for quarter in programme.submitted_quarters()}
    known, reading = taken_in(programme.home / "build" / programme.id), reading_fingerprint(programme)
    return [
        quarter
        for quarter in programme.quarters
        if (str(quarter) in submitted or str(quarter) in known)
        and known.get(str(quarter)) != quarter_fingerprint(programme, quarter, reading)
    ]


def quarter_files(programme: Programme, quarter: Quarter) -> list[Path]:
    """What lies in a quarter's submissions folder, its register too, in order.

    Locks and what an office program leaves beside an open workbook are no submissions.
    """
    return sorted(
        path
        for path in programme.submissions_folder(quarter).rglob("*")
        if (path.is_file() or leaves_its_folder(path)) and not path.name.startswith((".", "~$"))
    )


def definition_files(programme: Programme) -> list[Path]:
    """The tables and documents of a programme and its layouts, in order."""
    found = [path for path in programme.folder.iterdir() if path.suffix in (".yml", ".csv")]
    return sorted([*found, *(programme.folder / "layouts").rglob("*.yml")])


def reading_fingerprint(programme: Programme) -> str:
    """sha256 over what decides how a file is read: definitions, layouts, the code that reads and its libraries."""
    libraries = [platform.python_version(), *(f"{name} {version(name)}" for name in _READING_LIBRARIES)]
    code = [path for part in _READING_CODE for path in sorted((_CODE / part).rglob("*.*")) or [_CODE / part]]
    return _digest([
        *((path.relative_to(programme.folder).as_posix(), path) for path in definition_files(programme)),
        *((path.relative_to(_CODE).as_posix(), path) for path in code if path.suffix != ".pyc"),
    ], "\n".join(libraries))  # fmt: skip


def _digest(files: Iterable[tuple[str, Path]], start: str = "") -> str:
    digest = hashlib.sha256(start.encode())
    for name, path in files:
        digest.update(f"{name}\n{sent_sha256(path)}\n".encode())
    return digest.hexdigest()
