"""What the briefing says of each indicator: value, plan, completion, change, status, and the counts of all."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.briefing.facts.figure import ANSWER_UNIT, PERCENT, Fact, FactBook, Form, Origin, counted_as, exact, worded
from pipeline.briefing.facts.goals import Goal, GoalTables, gap, goal, goal_tables, is_yes_or_no
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.vietnamese import number, short_date

_VALUES = ("rate", "value", "count")  # kinds of published.csv that are an indicator's own value


@dataclass(frozen=True)
class IndicatorFacts:
    """One indicator of the quarter; every figure is a Fact or None where there is nothing to say."""

    code: str
    order: int
    name: str
    short_name: str
    group_code: str
    group_name: str
    is_counted: bool
    is_due: bool  # in this quarter
    unit: str
    direction: str
    owner_name: str
    owner_short_name: str
    value: Fact
    counts: Fact | None
    coverage: Fact | None  # only where some of the expected areas did not report
    year: Goal | None
    term: Goal | None
    term_year: int | None
    compared_areas: Fact | None  # only where areas behind an earlier figure are left out, having none now
    change: Fact | None
    year_end_change: Fact | None  # of stocks only: a flow starts again on 1 January
    baseline: Fact | None
    baseline_year: int | None
    baseline_is_break: bool  # the method broke since, so that nothing is compared with it
    gap: Fact | None
    status: str
    status_print: str
    status_group: str
    is_yes_or_no: bool
    is_recorded: bool
    computed_print: str
    record: str  # 'Hội nghị ... ngày 12/01/2024', empty where nothing was recorded
    reason: str
    matches_published: bool
    is_revised: bool  # against the briefing issued for this quarter
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class StatusGroup:
    """One line of the headline count: how many counted indicators, which, and on what evidence."""

    code: str
    printed: str
    count: Fact
    share: Fact
    computed: Fact
    recorded: Fact
    indicators: tuple[IndicatorFacts, ...]


@dataclass(frozen=True)
class Summary:
    """The headline counts; total is the number of counted indicators."""

    total: Fact
    groups: tuple[StatusGroup, ...]
    computed: Fact
    recorded: Fact

    def group(self, code: str) -> StatusGroup | None:
        return next((group for group in self.groups if group.code == code), None)


def indicator_facts(marts: Marts, book: FactBook, folder: Path) -> list[IndicatorFacts]:
    """Every indicator of the quarter in printing order, context indicators (not counted) last."""
    measures = {row["code"]: row for row in marts.all_rows("raw.measures", "code")}
    parts = {row["indicator_code"]: row for row in marts.of_quarter("staging.indicators", "indicator_code")}
    tables = goal_tables(marts, measures)
    published = _published(folder / "published.csv", book.quarter)
    return [
        _indicator(row, book, tables, parts[row["indicator_code"]], published)
        for row in marts.of_quarter("marts.indicator_progress", "is_counted desc, sort, indicator_code")
    ]


def value_fact(book: FactBook, key: str, row: Row, about: Row, area: str = TOP_AREA, quarter: str = "") -> Fact:
    """The value of a mart row (numerator, denominator, state ...) in the print of its indicator."""
    reported, expected = row.get("areas_reported"), row.get("areas_expected")
    coverage = f"{reported}/{expected}" if expected is not None else ""
    origin = Origin(about["indicator_code"], area, row["basis"] or "", coverage, quarter=quarter)
    if is_yes_or_no(about):
        return book.answer(key, row["numerator"] if row["state"] == "value" else None, about["unit"], origin)
    return book.ratio(
        key, row["numerator"], row["denominator"], _form(about), origin,
        qualifier=row["qualifier"] or ("ước" if row["is_estimate"] else ""),
        counts_shown=about["counts_shown"], state=row["state"],
    )  # fmt: skip


def _form(about: Row) -> Form:
    return Form(about["unit"], int(about["scale"] or 1), about["decimals"], about["min_significant"])


def _indicator(
    row: Row, book: FactBook, tables: GoalTables, parts: Row, published: dict[str, set[str]]
) -> IndicatorFacts:
    code, unit, form = row["indicator_code"], row["unit"], _form(row)
    key = f"indicator.{code}"
    here = Origin(code, TOP_AREA, row["basis"] or "")
    value = value_fact(book, f"{key}.value", row, row)
    counts = None
    if value.is_known and row["denominator"] is not None and row["counts_shown"]:
        counted_in = tables.measures.get(parts["numerator"], {}).get("unit", "")
        whole_in = tables.measures.get(parts["denominator"], {}).get("unit", counted_in)
        pair = f"{number(exact(row['numerator']) or 0)}/{number(exact(row['denominator']) or 0)}"
        unit_word = counted_in if counted_in == whole_in else ""
        counts = book.words(
            f"{key}.counts",
            f"{pair} {unit_word}".strip(),
            pair,
            unit_word,
            exact(row["numerator"]),
            here.of("counts"),
        )
    coverage = None
    reported, expected = row["areas_reported"], row["areas_expected"]
    if expected and expected > 1 and 0 < reported < expected:
        coverage = book.part(f"{key}.coverage", reported, expected, "đơn vị báo cáo", here.of("coverage"))

    compared_areas = None
    if value.is_known and (row["is_same_period_partial"] or (row["is_year_end_partial"] and not row["is_flow"])):
        compared_areas = book.count(f"{key}.compared_areas", reported, "đơn vị", here.of("compared_areas"))

    year = goal(book, key, row, "year", tables, here)
    is_answer = is_yes_or_no(row)
    now = (row["numerator"], row["denominator"]) if value.is_known and not is_answer else (None, None)
    last_year = (row["same_period_numerator"], row["same_period_denominator"])
    year_end = (None, None) if row["is_flow"] else (row["year_end_numerator"], row["year_end_denominator"])
    baseline = None
    if row["baseline"] is not None and not is_answer:
        given = Origin(code, TOP_AREA)
        baseline = book.ratio(f"{key}.baseline", row["baseline"], None, Form(unit, decimals=4), given.of("baseline"))

    def since(moment: str, before: Any) -> Origin:
        return here.of(f"{moment}_{'growth' if form.changes_in_percent(exact(before)) else 'change'}")

    recorded_on = row["recorded_on"]
    record = " ".join(
        filter(None, (row["recorded_document"], f"ngày {short_date(recorded_on)}" if recorded_on else None))
    )
    return IndicatorFacts(
        code=code, order=row["sort"], name=row["name_vi"], short_name=row["short_name"],
        group_code=row["group_code"], group_name=row["group_name"], is_counted=row["is_counted"],
        is_due=parts["is_due"],
        unit=ANSWER_UNIT if is_answer else unit,
        direction=row["direction"], owner_name=row["owner_name"], owner_short_name=row["owner_short_name"],
        value=value, counts=counts, coverage=coverage, year=year,
        term=goal(book, key, row, "term", tables, here), term_year=row["term_year"],
        compared_areas=compared_areas,
        change=book.change(f"{key}.change_same_period", now, last_year, form, since("same_period", last_year[0])),
        year_end_change=book.change(f"{key}.change_year_end", now, year_end, form, since("year_end", year_end[0])),
        baseline=baseline, baseline_year=row["baseline_year"], baseline_is_break=bool(row["baseline_is_break"]),
        gap=gap(book, f"{key}.gap", row, tables, here),
        status=row["status"], status_print=row["status_print"], status_group=row["status_group"],
        is_yes_or_no=is_answer, is_recorded=row["status_source"] == "recorded",
        computed_print=row["computed_status_print"], record=record, reason=row["recorded_reason"] or "",
        matches_published=value.is_known and value.number.split()[-1] in published.get(code, ()),
        is_revised=row["mark"] == "r", notes=_notes(row, coverage, compared_areas, year),
    )  # fmt: skip


def _notes(row: Row, coverage: Fact | None, compared_areas: Fact | None, year: Goal | None) -> tuple[str, ...]:
    """What the last column of the table of indicators explains about one row."""
    notes: list[str] = []
    if coverage is not None:
        notes.append(worded("Theo số liệu của {}.", coverage))
    if compared_areas is not None:
        notes.append(worded("So sánh với năm trước tính trên {} có số liệu của cả hai kỳ.", compared_areas))
    if year is not None and year.judged is not None:
        notes.append(worded("Kế hoạch năm tính trên {}: thực hiện {}.", _lower(year.judged_name), year.judged))
    if row["status_source"] == "recorded":
        notes.append(f"Kết quả ghi nhận tại {row['recorded_document']}.")
    if row["break_note"]:
        notes.append(f"Không so sánh với cùng kỳ năm trước: {_lower(row['break_note']).rstrip('.')}.")
    for text in (row["recorded_reason"], row["definition"], row["method_note"]):
        if text:
            notes.append(text.rstrip(".") + ".")
    return tuple(notes)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _published(path: Path, quarter: str) -> dict[str, set[str]]:
    """Printed values of the whole area known from publications, by indicator."""
    found: dict[str, set[str]] = {}
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                is_here = (row["quarter"], row["area"], row["golden"]) == (quarter, TOP_AREA, "yes")
                if is_here and row["kind"] in _VALUES:
                    found.setdefault(row["indicator"], set()).add(row["printed"])
    return found


def summary_facts(marts: Marts, book: FactBook, indicators: list[IndicatorFacts]) -> Summary:
    """The counts 20 / 5 / 2 of 27: by group, and how many rest on figures or on a record."""
    rows = marts.of_quarter("marts.status_summary", "sort, status_group")
    name = "status_summary"
    total = book.count("summary.total", rows[0]["counted_total"] if rows else 0, "chỉ tiêu", counted_as(name))
    groups = []
    for row in rows:
        key, group = f"summary.{row['status_group']}", f"{name}.{row['status_group']}"
        members = tuple(one for one in indicators if one.is_counted and one.status_group == row["status_group"])
        groups.append(StatusGroup(
            code=row["status_group"], printed=row["group_print"], indicators=members,
            count=book.part(f"{key}.count", row["indicators"], row["counted_total"], "chỉ tiêu", counted_as(group)),
            share=book.ratio(
                f"{key}.share", row["indicators"], row["counted_total"], PERCENT, counted_as(f"{group}.share")
            ),
            computed=book.count(f"{key}.computed", row["computed"], "chỉ tiêu", counted_as(f"{group}.computed")),
            recorded=book.count(f"{key}.recorded", row["recorded"], "chỉ tiêu", counted_as(f"{group}.recorded")),
        ))  # fmt: skip
    computed, recorded = (
        book.count(f"summary.{one}", sum(row[one] for row in rows), "chỉ tiêu", counted_as(f"{name}.{one}"))
        for one in ("computed", "recorded")
    )
    return Summary(
        total=total, groups=tuple(groups), computed=computed, recorded=recorded,
    )  # fmt: skip
