"""What the raw rows of a quarter were made from, so that a run knows which quarters to read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.programme import Programme
from pipeline.quarters import Quarter

_CODE = Path(__file__).resolve().parents[1]
_READING_CODE = ("intake", "programme", "quarters.py", "vietnamese.py")


def quarter_fingerprint(programme: Programme, quarter: Quarter) -> str:
    """sha256 over the quarter's submissions folder, the definitions, the layouts and the code that reads them."""
    digest = hashlib.sha256()
    for name, path in _inputs(programme, quarter):
        digest.update(f"{name}\n{path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _inputs(programme: Programme, quarter: Quarter) -> Iterator[tuple[str, Path]]:
    definitions = [path for path in programme.folder.iterdir() if path.suffix in (".yml", ".csv")]
    definitions += (programme.folder / "layouts").rglob("*.yml")
    submissions = [path for path in programme.submissions_folder(quarter).rglob("*") if path.is_file()]
    for path in sorted(definitions + submissions):
        yield path.relative_to(programme.folder).as_posix(), path
    code = [path for part in _READING_CODE for path in sorted((_CODE / part).rglob("*.py")) or [_CODE / part]]
    for path in code:
        yield path.relative_to(_CODE).as_posix(), path
