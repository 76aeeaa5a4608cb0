"""One archive of all that cannot be computed again: raw/ and what was printed; checked before it counts."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pipeline.errors import GiaobanError

SUMS = "SHA256SUMS"
KEPT = 12
_SKIPPED = (".part", ".lock")


def back_up(home: Path, folder: Path, now: datetime, kept: int = KEPT) -> tuple[Path, int]:
    """Write giaoban-<moment>.tar.gz into `folder` and remove all but the latest `kept`; the archive and its file count.

    It holds raw/, every printed set of build/<programme>/ and SHA256SUMS, and is read back before it gets its name.
    GiaobanError where what was read back differs, or where there is nothing to keep.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"giaoban-{now:%Y%m%d-%H%M%S}.tar.gz"
    partial = folder / f".{target.name}.part"
    try:
        sums = _write(partial, _files(home))
        if not sums:
            raise GiaobanError(f"Không có gì để sao lưu trong {home / 'raw'}.")
        _read_back(partial, sums)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    for old in sorted(folder.glob("giaoban-*.tar.gz"))[:-kept]:
        old.unlink()
    return target, len(sums)


def _files(home: Path) -> Iterator[tuple[str, bytes, int]]:
    """Name in the archive, content and time of every file, in the order of names."""
    for link in sorted(manifest.parent for manifest in (home / "build").glob("*/*/manifest.json")):
        # the link of a quarter is followed: the archive holds the files themselves
        for name, (content, modified) in _whole_set(link).items():
            yield f"{link.relative_to(home).as_posix()}/{name}", content, modified
    for path in sorted((home / "raw").rglob("*")):
        if path.is_file() and not path.name.endswith(_SKIPPED):
            yield path.relative_to(home).as_posix(), path.read_bytes(), int(path.stat().st_mtime)


def _whole_set(link: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of every file of a printed set; read again where a new one took its place meanwhile.

    Without its lock, because nobody should have to wait for a backup, and it may not write into build/.
    """
    while True:
        folder = link.resolve()
        with suppress(FileNotFoundError):  # the old set goes once the new one is there
            found = {
                path.relative_to(folder).as_posix(): (path.read_bytes(), int(path.stat().st_mtime))
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            }
            if link.resolve() == folder:
                return found


def _write(archive: Path, files: Iterable[tuple[str, bytes, int]]) -> dict[str, str]:
    sums: dict[str, str] = {}
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        for name, content, modified in files:
            sums[name] = hashlib.sha256(content).hexdigest()
            _add(tar, name, content, modified)
        _add(tar, SUMS, "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode(), 0)
    descriptor = os.open(archive, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return sums


def _add(tar: tarfile.TarFile, name: str, content: bytes, modified: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), modified
    tar.addfile(member, io.BytesIO(content))


def _read_back(archive: Path, sums: dict[str, str]) -> None:
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None and member.name != SUMS:
                found[member.name] = hashlib.sha256(content.read()).hexdigest()
    if found != sums:
        raise GiaobanError(f"Bản sao lưu {archive} đọc lại không khớp; đĩa có thể bị lỗi. Đề nghị sao lưu sang ổ khác.")
