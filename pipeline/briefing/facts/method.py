"""How each figure is made: definitions and sources, breaks, statuses, documents, records and waivers in force."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.briefing.facts.figure import Fact, FactBook, counted_as
from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import Programme
from pipeline.programme.tables import Indicator, Measure
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date

_OFTEN = {"monthly": "hằng tháng", "quarterly": "hằng quý", "yearly": "hằng năm"}
_LEAVE = {"deadline": "hạn gửi báo cáo", "period-locked": "khóa số liệu của kỳ"}
_DIRECTIONS = ("higher", "lower", "range", "not_assessable")


@dataclass(frozen=True)
class Definition:
    """One indicator in words; denominator is empty where there is nothing to divide by."""

    indicator: IndicatorFacts
    numerator: str
    denominator: str
    reported_by: str  # 'Các quận, huyện; hằng quý'
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Break:
    """From this quarter on an indicator is not compared with its own past."""

    order: int
    name: str
    since: str
    note: str


@dataclass(frozen=True)
class Status:
    """What print calls a computed status, and the group it is counted in."""

    code: str
    printed: str
    group: str


@dataclass(frozen=True)
class Document:
    title: str
    issued_on: str  # empty where it is unknown


@dataclass(frozen=True)
class Recorded:
    """What one document recorded for some indicators, by their numbers in Phụ lục I."""

    document: str
    said: str
    orders: tuple[int, ...]


@dataclass(frozen=True)
class Leave:
    """One waiver in force: leave from a rule for one unit, why, who agreed, until when (empty: no end)."""

    who: str
    rule: str
    reason: str
    agreed: str
    until: str


@dataclass(frozen=True)
class Method:
    definitions: tuple[Definition, ...]
    directions: dict[str, tuple[int, ...]]  # numbers of the counted indicators by direction
    breaks: tuple[Break, ...]
    poverty_standard: str  # empty where none is in force
    statuses: tuple[Status, ...]  # in the order in which they are tried
    documents: tuple[Document, ...]
    records: tuple[Recorded, ...]
    waivers: tuple[Leave, ...]
    waiver_count: Fact


def method_facts(
    marts: Marts, book: FactBook, programme: Programme, indicators: list[IndicatorFacts], names: dict[str, str]
) -> Method:
    """Everything Phụ lục IV says, of the indicators, plans, records and waivers of this quarter."""
    quarter = Quarter.parse(marts.quarter)
    defined = {one.code: one for one in programme.indicators}
    measures = {measure.code: measure for measure in programme.measures}
    by_code = {one.code: one for one in indicators}
    waivers = _waivers(marts, names)
    standards = {standard.id: standard.name for standard in programme.heading.poverty_standards}
    return Method(
        definitions=tuple(_definition(one, defined[one.code], measures, programme, quarter) for one in indicators),
        directions={
            direction: tuple(one.order for one in indicators if one.is_counted and one.direction == direction)
            for direction in _DIRECTIONS
        },
        breaks=tuple(_breaks(marts, by_code)),
        poverty_standard=standards.get(programme.poverty_standard(quarter) or "", ""),
        statuses=tuple(_statuses(marts)), documents=tuple(_documents(marts, by_code)),
        records=tuple(_records(marts, by_code)), waivers=waivers,
        waiver_count=book.few("method.waivers", len(waivers), "ngoại lệ", counted_as("waivers")),
    )  # fmt: skip


def _definition(
    one: IndicatorFacts, defined: Indicator, measures: dict[str, Measure], programme: Programme, quarter: Quarter
) -> Definition:
    parts = [measures[code] for code in (defined.numerator, defined.denominator) if code]
    senders = dict.fromkeys(_sender(part, programme, quarter) for part in parts)
    notes = [defined.definition, defined.method_note]
    if defined.applies_to == "rural_areas":
        notes.append("Chỉ tính địa bàn nông thôn")
    if defined.basis == "illustrative":
        notes.append("Định nghĩa minh họa")
    return Definition(
        indicator=one, numerator=parts[0].name_vi, denominator=parts[1].name_vi if len(parts) > 1 else "",
        reported_by=f"{', '.join(senders)}; {_OFTEN[defined.frequency]}",
        notes=tuple(f"{note.rstrip('.')}." for note in notes if note),
    )  # fmt: skip


def _sender(measure: Measure, programme: Programme, quarter: Quarter) -> str:
    if measure.reported_by == "area":
        return f"Các {programme.document.area_term}"
    code = programme.reporter_of(measure, quarter)
    return next((owner.short_name for owner in programme.owners if owner.code == code), "chưa có cơ quan phụ trách")


def _breaks(marts: Marts, indicators: dict[str, IndicatorFacts]) -> list[Break]:
    rows = marts.select(
        "select indicator_code, from_quarter, note from raw.method_breaks where from_quarter <= ?"
        " order by from_quarter, indicator_code, note",
        marts.quarter,
    )
    found = [(indicators[row["indicator_code"]], row) for row in rows if row["indicator_code"] in indicators]
    return [
        Break(one.order, one.short_name, Quarter.parse(row["from_quarter"]).title, row["note"])
        for one, row in sorted(found, key=lambda pair: (pair[1]["from_quarter"], pair[0].order))
    ]


def _statuses(marts: Marts) -> list[Status]:
    groups = {row["status_group"]: row["print"] for row in marts.all_rows("staging.status_groups", "sort")}
    return [
        Status(row["status"], row["print"], groups[row["status_group"]])
        for row in marts.all_rows("staging.statuses", "sort, status")
    ]


def _documents(marts: Marts, indicators: dict[str, IndicatorFacts]) -> list[Document]:
    """The documents that set the plans of the year and the targets of the term, by date."""
    rows = marts.select(
        "select indicator_code, document, issued_on from raw.targets where year = ? or scope <> 'year'"
        " order by issued_on nulls last, document",
        Quarter.parse(marts.quarter).year,
    )
    used = dict.fromkeys((row["document"], row["issued_on"]) for row in rows if row["indicator_code"] in indicators)
    # the name of a document may say its date already
    return [
        Document(title, short_date(day) if day and short_date(day) not in title else "")
        for title, day in used
    ]  # fmt: skip


def _records(marts: Marts, indicators: dict[str, IndicatorFacts]) -> list[Recorded]:
    """The assessments used, those of one document and one result together."""
    prints: dict[str, tuple[int, str]] = {}
    for table, column in (("staging.status_groups", "status_group"), ("staging.statuses", "status")):
        prints |= {row[column]: (row["sort"], row["print"]) for row in marts.all_rows(table, "sort")}
    held: dict[tuple[str, int, str], list[int]] = {}
    for row in marts.of_quarter("raw.assessments", "assessed_on, document, indicator_code"):
        one = indicators.get(row["indicator_code"])
        if one is not None and one.record:
            place, said = prints[row["status"]]
            held.setdefault((_dated(row), place, said), []).append(one.order)
    return [Recorded(document, said, tuple(sorted(orders))) for (document, _, said), orders in sorted(held.items())]


def _dated(row: Row) -> str:
    return f"{row['document']}, ngày {short_date(row['assessed_on'])}"


def _waivers(marts: Marts, names: dict[str, str]) -> tuple[Leave, ...]:
    rows = marts.of_quarter("staging.waivers", "reporter, rule")
    return tuple(
        Leave(
            who=names.get(row["reporter"]) or row["reporter"],
            rule=_LEAVE.get(row["rule"], f"quy tắc kiểm tra “{row['rule']}”"),
            reason=row["reason"], agreed=f"{row['agreed_by']}, ngày {short_date(row['agreed_on'])}",
            until=short_date(row["valid_until"]) if row["valid_until"] else "",
        )
        for row in rows
    )  # fmt: skip
