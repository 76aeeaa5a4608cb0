"""Whether the quarter was issued, and which figures changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.briefing.facts.areas import AreaName
from pipeline.briefing.facts.figure import Fact, FactBook
from pipeline.briefing.facts.indicators import value_fact
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.poverty import Poverty
from pipeline.programme import TOP_AREA
from pipeline.programme.tables import Issue
from pipeline.vietnamese import short_date

OTHERS_SHOWN = 60
_SUBJECTS = {
    "households": "Tổng số hộ dân", "persons": "Tổng số khẩu", "minority_households": "Tổng số hộ dân tộc thiểu số",
    "multidimensional_rate": "Tỷ lệ nghèo đa chiều", "coverage": "Số đơn vị có số liệu hộ nghèo",
} | {
    f"{kind}{name}": pattern.format(said)
    for kind, said in (("poor", "nghèo"), ("near_poor", "cận nghèo"))
    for name, pattern in (
        ("", "Hộ {}"), ("_opening", "Hộ {} đầu năm"), ("_less", "Hộ {} giảm từ đầu năm"),
        ("_more", "Hộ {} tăng từ đầu năm"), ("_change", "Tăng, giảm hộ {} từ đầu năm"), ("_rate", "Tỷ lệ hộ {}"),
        ("_persons", "Khẩu thuộc hộ {}"), ("_person_rate", "Tỷ lệ khẩu thuộc hộ {}"),
        ("_minority", "Hộ dân tộc thiểu số {}"), ("_minority_rate", "Tỷ lệ hộ dân tộc thiểu số {}"),
    )
}  # fmt: skip


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
class OtherRevision:
    """A figure of poverty, no indicator, of which another size was issued."""

    subject: str
    area: AreaName
    old: str
    new: Fact


@dataclass(frozen=True)
class Revisions:
    """issue and issued_on are those of the latest issued briefing, empty before the first: figures are preliminary.

    has_more_others: more figures of poverty changed than are told.
    """

    issue: str
    issued_on: str
    rows: tuple[Revision, ...]
    others: tuple[OtherRevision, ...] = ()
    has_more_others: bool = False

    @property
    def is_corrected(self) -> bool:
        """Whether any figure differs from what was issued."""
        return bool(self.rows or self.others)

    @property
    def is_preliminary(self) -> bool:
        return not self.issue


def revision_facts(
    marts: Marts, book: FactBook, names: dict[str, AreaName], poverty: Poverty | None, issues_known: Iterable[Issue]
) -> Revisions:
    """The figures of the quarter that changed since its latest issue, in the order of the indicators.

    Those of poverty are compared as they are printed; `book` has them all.
    """
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
    issued = next((one for one in issues_known if (one.quarter, one.number) == (book.quarter, number)), None)
    others = list(_others(book, poverty, _movement_names(marts), issued.printed)) if issued and poverty else []
    return Revisions(number, day, tuple(made), tuple(others[:OTHERS_SHOWN]), len(others) > OTHERS_SHOWN)


def _others(
    book: FactBook, poverty: Poverty, movements: dict[str, str], printed: Mapping[str, str]
) -> Iterator[OtherRevision]:
    areas = {row.area.code: row.area for row in (poverty.city, *poverty.zones, *poverty.districts)}
    for key, old in printed.items():
        new, (kind, *path) = book.facts.get(key), key.split(".")
        if new is None or new.printed == old or len(path) < 2:
            continue
        if kind == "poverty" and path[0] in areas and (subject := _SUBJECTS.get(".".join(path[1:]))):
            yield OtherRevision(subject, areas[path[0]], old, new)
        elif kind == "flow" and path[1] in movements:
            yield OtherRevision(movements[path[1]], poverty.city.area, old, new)


def _movement_names(marts: Marts) -> dict[str, str]:
    return {row["flow"]: row["flow_print"] for row in marts.all_rows("staging.poverty_movements", "sort")}
