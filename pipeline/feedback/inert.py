"""Texts that senders wrote, before they go anywhere: nothing in them is obeyed by a page, a sheet or a terminal."""

from __future__ import annotations

import re
from pathlib import PurePath

_LONGEST_TEXT = 600  # a list of form titles fits; a whole paragraph pasted into a cell does not
_LONGEST_NAME_BYTES = 200  # file systems take 255 with the ending
_LIVE = ("=", "+", "-", "@", "\t", "\r")


def said(text: str) -> str:
    """One line of printable characters: no control, zero-width or direction marks; cut where it is too long."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def is_live(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula once somebody edits the cell."""
    return text.startswith(_LIVE)


def file_stem(name: str) -> str:
    """The name of a sent file without its ending, fit to be part of a file name of ours."""
    stem = re.sub(r'[\\/:*?"<>|]', "_", said(PurePath(name).stem)).strip(" .") or "tep"
    return stem.encode("utf-8")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip(" .")
