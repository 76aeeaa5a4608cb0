"""Hashes of what lies in a folder of submissions: never of a file elsewhere that a link points to."""

from __future__ import annotations

import hashlib
from pathlib import Path


def leaves_its_folder(path: Path) -> bool:
    """Whether it is a link to something that does not lie beside it."""
    return path.is_symlink() and path.resolve().parent != path.parent.resolve()


def sent_sha256(path: Path) -> str:
    """Of the content of a file; of a link that leaves its folder, of where it points to."""
    if leaves_its_folder(path):
        return hashlib.sha256(str(path.readlink()).encode("utf-8", "surrogateescape")).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
