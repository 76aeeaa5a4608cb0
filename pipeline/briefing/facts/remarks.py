"""What the units wrote themselves, collated: one wording once, with those who wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.briefing.facts.figure import Fact, FactBook, counted_as
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.quarters import Quarter
from pipeline.remarks import Kind, collated

UNITS_NAMED = 3  # more units with the same remark are counted, not named


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
    """Remarks of the submissions in force, the most frequent first."""
    wordings = collated(
        marts.of_quarter("marts.remarks", "row_label, text, reporter_sort, reporter"),
        marts.of_quarter("staging.indicators", "sort"), marts.all_rows("raw.measures", "code"),
        Quarter.parse(marts.quarter),
    )  # fmt: skip
    made = []
    for place, ((kind, label, text), rows) in enumerate(wordings.items(), 1):
        # a remark is asked for by one of those who wrote it
        subject = f"remarks.{rows[0]['reporter']}.{rows[0]['place']}.beyond_{UNITS_NAMED}"
        others = max(len(rows) - UNITS_NAMED, 0)
        made.append(Remark(
            kind, label, text, tuple(_running_name(row, names) for row in rows[:UNITS_NAMED]),
            book.few(f"remarks.{place:03}.others", others, "đơn vị khác", counted_as(subject)),
        ))  # fmt: skip
    return made


def _running_name(row: Row, names: dict[str, str]) -> str:
    name: str = row["reporter_name"] or names.get(row["reporter"]) or row["file"]
    return name[:1].lower() + name[1:] if row["reporter_kind"] == "area" else name
