"""Bytes as they were sent -> cells -> observations and findings. `take_in` reads one quarter whole.

What is named here is imported when it is first asked for: a worker that reads one file needs no data frames.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.intake.reading import Readers
    from pipeline.intake.register import Receipt, receive
    from pipeline.intake.taking_in import TakenIn, take_in

__all__ = ["Readers", "Receipt", "TakenIn", "receive", "take_in"]
_MODULES = {"Readers": "reading", "Receipt": "register", "receive": "register", "TakenIn": "taking_in",
            "take_in": "taking_in"}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
