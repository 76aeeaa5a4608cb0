"""feedback.json: what a quarter's feedback holds, for whoever asks later; read without importing what made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RECORD = "feedback.json"


@dataclass(frozen=True)
class FeedbackSummary:
    """How many senders were answered, who of them has to send again (names, in order), and the marked copies:
    path within the folder -> key of what it was made from."""

    senders: int
    must_resend: tuple[str, ...]
    copies: Mapping[str, str]


def write_summary(folder: Path, summary: FeedbackSummary) -> None:
    text = json.dumps(vars(summary), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def summary_of(folder: Path | None) -> FeedbackSummary | None:
    """What was written into `folder`; None where nothing was."""
    if folder is None or not (folder / RECORD).is_file():
        return None
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return FeedbackSummary(record["senders"], tuple(record["must_resend"]), record["copies"])
