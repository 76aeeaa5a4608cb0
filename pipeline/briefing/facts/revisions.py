"""Whether the quarter was issued, and which figures changed since."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.briefing.facts.areas import AreaName
from pipeline.briefing.facts.figure import Fact, FactBook
from pipeline.briefing.facts.indicators import value_fact
from pipeline.briefing.facts.marts import Marts
from pipeline.programme import TOP_AREA
from pipeline.vietnamese import short_date


@dataclass(frozen=True)
class Revision:
    """One figure that differs from the issued one; old_status and new_status are empty where they agree."""

    order: int
    indicator: str
    area: AreaName
    old: str
    new: Fact
    old_status: str
    new_status: str
    reason: str


@dataclass(frozen=True)
class Revisions:
    """issue and issued_on are those of the latest issued briefing, empty before the first: figures are preliminary."""

    issue: str
    issued_on: str
    rows: tuple[Revision, ...]

    @property
    def is_preliminary(self) -> bool:
        return not self.issue


def revision_facts(marts: Marts, book: FactBook, names: dict[str, AreaName]) -> Revisions:
    """The figures of the quarter that changed since its latest issue, in the order of the indicators."""
    issues = marts.of_quarter("raw.issues", "issued_on desc, number desc")
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
    values = {(row["indicator_code"], row["area_code"]): row
              for row in marts.of_quarter("marts.indicator_values", "indicator_code, area_code")}  # fmt: skip
    prints = {row["status"]: row["print"] for row in marts.all_rows("staging.statuses", "status")}
    rows = [row for row in marts.of_quarter("marts.revisions", "indicator_code, area_code")
            if row["indicator_code"] in about and row["area_code"] in names]  # fmt: skip
    rows.sort(key=lambda row: (about[row["indicator_code"]]["sort"], names[row["area_code"]].sort))
    made = []
    for row in rows:
        code, place = row["indicator_code"], row["area_code"]
        is_changed = place == TOP_AREA and row["old_status"] != row["new_status"]
        made.append(Revision(
            about[code]["sort"], about[code]["short_name"], names[place], row["old_printed"] or "",
            value_fact(book, f"revision.{code}.{place}", values[code, place], about[code], place),
            prints.get(row["old_status"] or "", "") if is_changed else "",
            prints.get(row["new_status"] or "", "") if is_changed else "", row["reason_vi"],
        ))  # fmt: skip
    number, day = (issues[0]["number"], short_date(issues[0]["issued_on"])) if issues else ("", "")
    return Revisions(number, day, tuple(made))
