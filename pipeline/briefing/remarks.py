"""What the units wrote themselves, collated: one wording once, with those who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.briefing.figure import Fact, FactBook
from pipeline.briefing.marts import Marts, Row
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold

UNITS_NAMED = 3  # more units with the same remark are counted, not named
Kind = Literal["difficulty", "practice", "proposal"]
# how a remark begins that says itself what it is; any other is read as a difficulty
_KINDS: dict[str, Kind] = {
    "khó khăn": "difficulty", "vướng mắc": "difficulty", "khó khăn vướng mắc": "difficulty",
    "cách làm hay": "practice", "kinh nghiệm": "practice",
    "kiến nghị": "proposal", "đề xuất": "proposal", "đề nghị": "proposal", "đề xuất kiến nghị": "proposal",
}  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """One wording on one subject; named are the first units that wrote it, others how many more."""

    kind: Kind
    label: str
    text: str
    named: tuple[str, ...]
    others: Fact

    @property
    def running_text(self) -> str:
        """The text after its label: a small letter first, unless an abbreviation begins it; no full stop."""
        text = self.text.rstrip(" .")
        return text if not self.label or text[1:2].isupper() else text[:1].lower() + text[1:]


def remark_facts(marts: Marts, book: FactBook, names: dict[str, str]) -> list[Remark]:
    """Remarks of the submissions in force, the most frequent first.

    Left out is what stands beside a figure that is not due yet: it says so and is no difficulty.
    """
    labels = _labels(marts)
    not_due = _not_due(marts)
    writers: dict[tuple[Kind, str, str], dict[str, None]] = {}
    for row in marts.of_quarter("marts.remarks", "row_label, text, reporter_sort, reporter"):
        label = row["row_label"] or ""
        if fold(label) in not_due:
            continue
        kind, text = _kind(row["text"])
        key = (kind, labels.get(fold(label), label), text)
        writers.setdefault(key, {})[_running_name(row, names)] = None
    by_frequency = sorted(writers.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Remark(
            kind, label, text, tuple(who)[:UNITS_NAMED],
            book.few(f"remarks.{place:03}.others", max(len(who) - UNITS_NAMED, 0), "đơn vị khác"),
        )
        for place, ((kind, label, text), who) in enumerate(by_frequency, 1)
    ]  # fmt: skip


def _kind(text: str) -> tuple[Kind, str]:
    """What a remark is, by the words before its colon, and the remark without them."""
    head, separator, rest = text.partition(":")
    kind = _KINDS.get(fold(head)) if separator else None
    return (kind, rest.strip()) if kind and rest.strip() else ("difficulty", text)


def _running_name(row: Row, names: dict[str, str]) -> str:
    name: str = row["reporter_name"] or names.get(row["reporter"]) or row["file"]
    return name[:1].lower() + name[1:] if row["reporter_kind"] == "area" else name


def _labels(marts: Marts) -> dict[str, str]:
    """The short name of each indicator by its folded full name."""
    return {fold(row["name_vi"]): row["short_name"] for row in marts.of_quarter("staging.indicators", "sort")}


def _not_due(marts: Marts) -> set[str]:
    """The folded names of the indicators and measures that no form has to give this quarter."""
    found = {fold(row["name_vi"]) for row in marts.of_quarter("staging.indicators", "sort") if not row["is_due"]}
    if Quarter.parse(marts.quarter).number < 4:
        measures = marts.all_rows("raw.measures", "code")
        found |= {fold(row["name_vi"]) for row in measures if row["frequency"] == "yearly"}
    return found
