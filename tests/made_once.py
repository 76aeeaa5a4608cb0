"""What takes long to make and many tests begin from: made by the first worker that needs it, copied by the others."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this worker's own, filled by `make` in whichever worker comes first."""
    own = factory.mktemp(name) / "home"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        make(own)
        return own
    common = factory.getbasetemp().parent
    made = common / f"{name}-made"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            begun = common / f"{name}-begun"
            make(begun)
            begun.rename(made)
    return shutil.copytree(made, own, symlinks=True)
