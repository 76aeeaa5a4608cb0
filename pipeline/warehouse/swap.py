"""Putting a finished file or folder in place of the old one in a single step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pipeline.warehouse.lock import FileLock


def sync(path: Path) -> None:
    """Have the disk hold a file's contents, or a folder's names, before anything relies on them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def swap_file(new: Path, target: Path) -> None:
    """Replace `target` by `new` (same file system); readers of the old file keep it."""
    sync(new)
    new.replace(target)
    sync(target.parent)


def swap_link(new: Path, link: Path) -> None:
    """Point the symbolic link `link` at the complete folder `new`.

    The link is relative, so that the whole of build/ may be moved or shared.
    A plain folder of that name, left by hand, is moved out of the way and removed.
    """
    for path in sorted(new.rglob("*")):
        if path.is_file():
            sync(path)
    fresh = link.with_name(f".{link.name}-{uuid4().hex}.link")
    fresh.symlink_to(os.path.relpath(new, link.parent), target_is_directory=True)
    if link.is_dir() and not link.is_symlink():
        old = link.with_name(f".{link.name}-{uuid4().hex}.old")
        link.rename(old)
        fresh.replace(link)
        shutil.rmtree(old)
    else:
        fresh.replace(link)
    sync(link.parent)


def discard_leftovers(folder: Path, pattern: str, keep: Path | None = None) -> None:
    """Remove what dead runs left behind in `folder`; call it only while holding the lock."""
    for path in folder.glob(pattern):
        if path.is_symlink():
            path.unlink()
        elif keep is None or path.resolve() != keep.resolve():
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def fresh_set(
    folder: Path, label: str, copy_to: str = "", waiting: Callable[[str], None] | None = None
) -> Iterator[Path]:
    """An empty folder to fill; when all went well the link `folder/label` points at it, and the old set goes.

    With `copy_to` the files are copied into that folder instead, and the link stays as it was.
    One filler of a label at a time, the next is told to wait; what is left unfinished is never linked.
    """
    sets, link = folder / ".sets", folder / label
    own = f"{label}-{'[0-9a-f]' * 32}"  # '2023-Q4-public' has sets of its own
    with FileLock(sets / f"{label}.lock", f"Thư mục kết quả {link}", waiting):
        discard_leftovers(sets, own, keep=link)
        discard_leftovers(folder, f".{own}.*")
        fresh = sets / f"{label}-{uuid4().hex}"
        fresh.mkdir()
        try:
            yield fresh
            if copy_to:
                shutil.copytree(fresh, copy_to, dirs_exist_ok=True)
            else:
                swap_link(fresh, link)
        finally:
            discard_leftovers(sets, own, keep=link)
