"""What units wrote themselves: what a remark is, and which remarks say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pipeline.quarters import Quarter
from pipeline.vietnamese import fold

Row = dict[str, Any]
Kind = Literal["difficulty", "practice", "proposal", "other"]
Wording = tuple[Kind, str, str]  # what it is, on which subject, the text
# how a remark begins that says itself what it is; what others are about is not guessed
_KINDS: dict[str, Kind] = {
    "khó khăn": "difficulty", "vướng mắc": "difficulty", "khó khăn vướng mắc": "difficulty",
    "cách làm hay": "practice", "kinh nghiệm": "practice",
    "kiến nghị": "proposal", "đề xuất": "proposal", "đề nghị": "proposal", "đề xuất kiến nghị": "proposal",
}  # fmt: skip
_ASKING = ("đề nghị ", "kiến nghị ", "đề xuất ")  # a sentence that begins so asks for something, without a colon too


def collated(
    remarks: Iterable[Row], indicators: Sequence[Row], measures: Sequence[Row], quarter: Quarter
) -> dict[Wording, list[Row]]:
    """The rows of marts.remarks by wording, the most frequent first, each reporter once and in the order given.

    indicators are rows of staging.indicators, measures of raw.measures. Left out is what stands beside a figure
    that is not due yet: it says so and is no difficulty.
    """
    labels: dict[str, str] = {fold(row["name_vi"]): row["short_name"] for row in indicators}
    not_due = _not_due(indicators, measures, quarter)
    found: dict[Wording, dict[str, Row]] = {}
    for row in remarks:
        label = str(row["row_label"] or "")
        if fold(label) not in not_due:
            kind, text = _kind(row["text"])
            found.setdefault((kind, labels.get(fold(label), label), text), {}).setdefault(row["reporter"], row)
    by_frequency = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return {wording: list(writers.values()) for wording, writers in by_frequency}


def _kind(text: str) -> tuple[Kind, str]:
    """What a remark is, by its first words, and the remark without those before its colon."""
    head, separator, rest = text.partition(":")
    kind = _KINDS.get(fold(head)) if separator else None
    if kind and rest.strip():
        return kind, rest.strip()
    return ("proposal" if fold(text).startswith(_ASKING) else "other"), text


def _not_due(indicators: Sequence[Row], measures: Sequence[Row], quarter: Quarter) -> set[str]:
    """The folded names of the indicators and measures that no form has to give this quarter."""
    found = {fold(row["name_vi"]) for row in indicators if not row["is_due"]}
    if quarter.number < 4:
        found |= {fold(row["name_vi"]) for row in measures if row["frequency"] == "yearly"}
    return found
