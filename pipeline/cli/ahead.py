"""The workers of `check`, which get ready while this process is still learning what is asked of it."""

from __future__ import annotations

from functools import cache

from pipeline.intake import Readers


@cache
def readers() -> Readers:
    """The readers of this process; the first call starts one worker and returns at once."""
    made = Readers()
    made.start()
    return made
