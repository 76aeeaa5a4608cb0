"""What the briefing says of each indicator: value, plan, completion, change, status, and the counts of all."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipeline.briefing.figure import PERCENT, POINTS, Fact, FactBook, Form, Origin, exact
from pipeline.briefing.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.vietnamese import number, short_date, unit_text

_PLAN_WORDS = {"gt": "trên ", "le": "không quá ", "lt": "dưới ", "approx": "khoảng "}


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
    unit: str
    direction: str
    owner_name: str
    owner_short_name: str
    value: Fact
    counts: Fact | None
    coverage: Fact | None  # only where some of the expected areas did not report
    year_plan: Fact | None
    year_judged: Fact | None  # what the year plan is judged on, where that is another measure
    year_judged_name: str
    year_completion: Fact | None
    term_target: Fact | None
    term_year: int | None
    term_completion: Fact | None
    same_period: Fact | None
    change: Fact | None
    year_end_change: Fact | None  # of stocks only: a flow starts again on 1 January
    baseline: Fact | None  # None where the method broke since
    baseline_year: int | None
    gap: Fact | None
    status: str
    status_print: str
    status_group: str
    is_recorded: bool
    computed_print: str
    record: str  # 'Hội nghị ... ngày 12/01/2024', empty where nothing was recorded
    reason: str
    matches_published: bool
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
    parts = {row["code"]: row for row in marts.all_rows("raw.indicators", "code")}
    prints = {row["status"]: row["print"] for row in marts.all_rows("staging.statuses", "status")}
    published = _published(folder / "published.csv", book.quarter)
    return [
        _indicator(row, book, measures, parts.get(row["indicator_code"], {}), prints, published)
        for row in marts.of_quarter("marts.indicator_progress", "is_counted desc, sort, indicator_code")
    ]


def value_fact(book: FactBook, key: str, row: Row, about: Row, area: str = TOP_AREA) -> Fact:
    """The value of a mart row (numerator, denominator, state ...) in the print of its indicator."""
    reported, expected = row.get("areas_reported"), row.get("areas_expected")
    coverage = f"{reported}/{expected}" if expected is not None else ""
    return book.ratio(
        key, row["numerator"], row["denominator"], _form(about),
        Origin(about["indicator_code"], area, row["basis"] or "", coverage),
        qualifier=row["qualifier"] or ("ước" if row["is_estimate"] else ""),
        counts_shown=about["counts_shown"], state=row["state"],
    )  # fmt: skip


def _form(about: Row) -> Form:
    return Form(about["unit"], int(about["scale"] or 1), about["decimals"], about["min_significant"])


def _indicator(
    row: Row,
    book: FactBook,
    measures: dict[str, Row],
    parts: Row,
    prints: dict[str, str],
    published: dict[str, set[str]],
) -> IndicatorFacts:
    code, unit, form = row["indicator_code"], row["unit"], _form(row)
    key = f"indicator.{code}"
    here = Origin(code, TOP_AREA, row["basis"] or "")
    value = value_fact(book, f"{key}.value", row, row)
    counts = None
    if value.is_known and row["denominator"] is not None and row["counts_shown"]:
        counted_in = measures.get(parts.get("numerator", ""), {}).get("unit", "")
        whole_in = measures.get(parts.get("denominator", ""), {}).get("unit", counted_in)
        pair = f"{number(exact(row['numerator']) or 0)}/{number(exact(row['denominator']) or 0)}"
        unit_word = counted_in if counted_in == whole_in else ""
        counts = book.words(
            f"{key}.counts", f"{pair} {unit_word}".strip(), pair, unit_word, exact(row["numerator"]), here
        )
    coverage = None
    reported, expected = row["areas_reported"], row["areas_expected"]
    if expected and expected > 1 and 0 < reported < expected:
        coverage = book.part(f"{key}.coverage", reported, expected, "đơn vị báo cáo", here)

    judged_measure = measures.get(row["year_measure"] or "", {})
    year_plan = _plan(book, f"{key}.year_plan", row, "year", judged_measure.get("unit") or unit)
    year_judged = None
    if judged_measure and row["year_judged"] is not None:
        year_judged = book.count(f"{key}.year_judged", row["year_judged"], judged_measure["unit"], here)
    now = (row["numerator"], row["denominator"]) if value.is_known else (None, None)
    last_year = (row["same_period_numerator"], row["same_period_denominator"])
    is_stock = measures.get(parts.get("numerator", ""), {}).get("period_kind") == "stock"
    year_end = (row["year_end_numerator"], row["year_end_denominator"]) if is_stock else (None, None)
    baseline = None
    if row["baseline"] is not None and not row["baseline_is_break"]:
        baseline = book.ratio(f"{key}.baseline", row["baseline"], None, Form(unit, decimals=4), here)
    recorded_on = row["recorded_on"]
    record = " ".join(
        filter(None, (row["recorded_document"], f"ngày {short_date(recorded_on)}" if recorded_on else None))
    )
    return IndicatorFacts(
        code=code, order=row["sort"], name=row["name_vi"], short_name=row["short_name"],
        group_code=row["group_code"], group_name=row["group_name"], is_counted=row["is_counted"], unit=unit,
        direction=row["direction"], owner_name=row["owner_name"], owner_short_name=row["owner_short_name"],
        value=value, counts=counts, coverage=coverage, year_plan=year_plan, year_judged=year_judged,
        year_judged_name=judged_measure.get("name_vi", ""),
        year_completion=_completion(book, f"{key}.year_completion", row, "year", here),
        term_target=_plan(book, f"{key}.term_target", row, "term", unit), term_year=row["term_year"],
        term_completion=_completion(book, f"{key}.term_completion", row, "term", here),
        same_period=book.ratio(f"{key}.same_period", *last_year, form, here, counts_shown=row["counts_shown"])
        if last_year[0] is not None else None,
        change=book.change(f"{key}.change_same_period", now, last_year, form, here),
        year_end_change=book.change(f"{key}.change_year_end", now, year_end, form, here),
        baseline=baseline, baseline_year=row["baseline_year"], gap=_gap(book, f"{key}.gap", row, value, here),
        status=row["status"], status_print=row["status_print"], status_group=row["status_group"],
        is_recorded=row["status_source"] == "recorded",
        computed_print=prints.get(row["computed_status"], row["computed_status"] or ""), record=record,
        reason=row["recorded_reason"] or "",
        matches_published=bool(value.is_known and value.number in published.get(code, ())),
        notes=_notes(row, coverage, year_judged, judged_measure),
    )  # fmt: skip


def _plan(book: FactBook, key: str, row: Row, which: str, unit: str) -> Fact | None:
    """A plan as given: '93,5%', 'trên 94%', '73-75%'; None where none was set."""
    operator, value, high = row[f"{which}_op"], exact(row[f"{which}_value"]), exact(row[f"{which}_high"])
    here = Origin(row["indicator_code"], TOP_AREA)
    if operator is None:
        return None
    if operator == "yes" or value is None:
        return book.words(key, "đạt", "đạt", "", None, here)
    bare = number(value, 4)
    if operator == "range" and high is not None:
        bare = f"{bare}-{number(high, 4)}"
    word = "" if value == 0 else _PLAN_WORDS.get(operator, "")
    shown = word + (unit_text(bare, unit) if which == "year" and row["year_measure"] else bare)
    return book.words(key, word + unit_text(bare, unit), shown, unit, value, here)


def _completion(book: FactBook, key: str, row: Row, which: str, here: Origin) -> Fact | None:
    top, bottom = row[f"{which}_completion_numerator"], row[f"{which}_completion_denominator"]
    if top is None or not bottom or row["state"] != "value":
        return None
    decimals = row[f"{which}_completion_decimals"]
    return book.ratio(
        key, top, bottom, Form("%", 100, 1 if decimals is None else decimals), here,
        counts_shown=row["counts_shown"],
    )  # fmt: skip


def _gap(book: FactBook, key: str, row: Row, value: Fact, here: Origin) -> Fact | None:
    """How much is missing to the year plan, else to the term target; None where it is met or unknown."""
    if row["gap_value"] is None or not value.is_known:
        return None
    which = "year" if row["year_op"] else "term"
    plan = exact(row[f"{which}_value"])
    if plan is None:
        return None
    if which == "year" and row["year_measure"]:
        judged, under, scale = exact(row["year_judged"]), Decimal(1), 1
    else:
        judged, under, scale = exact(row["numerator"]), exact(row["denominator"]) or Decimal(1), int(row["scale"] or 1)
    if judged is None:
        return None
    unit = POINTS if row["unit"].startswith("%") and not (which == "year" and row["year_measure"]) else row["unit"]
    return book.ratio(
        key, abs(plan * under - judged * scale), under,
        Form(unit, decimals=row["decimals"], min_significant=row["min_significant"]), here,
        counts_shown=row["counts_shown"],
    )  # fmt: skip


def _notes(row: Row, coverage: Fact | None, judged: Fact | None, measure: Row) -> tuple[str, ...]:
    """What the last column of the table of indicators explains about one row."""
    notes = []
    if coverage is not None:
        notes.append(f"Theo số liệu của {coverage}.")
    if judged is not None:
        notes.append(f"Kế hoạch năm tính trên {_lower(measure['name_vi'])}: thực hiện {judged}.")
    if row["status_source"] == "recorded":
        notes.append(f"Kết quả ghi nhận tại {row['recorded_document']}.")
    for text in (row["recorded_reason"], row["definition"], row["method_note"]):
        if text:
            notes.append(text.rstrip(".") + ".")
    return tuple(notes)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _published(path: Path, quarter: str) -> dict[str, set[str]]:
    """Printed values known from publications (columns quarter, code, kind, scope, printed), by indicator."""
    found: dict[str, set[str]] = {}
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["quarter"] == quarter and row["kind"] in ("rate", "value", "count"):
                    found.setdefault(row["code"], set()).add(row["printed"])
    return found


def summary_facts(marts: Marts, book: FactBook, indicators: list[IndicatorFacts]) -> Summary:
    """The counts 20 / 5 / 2 of 27: by group, and how many rest on figures or on a record."""
    rows = marts.of_quarter("marts.status_summary", "sort, status_group")
    total = book.count("summary.total", rows[0]["counted_total"] if rows else 0, "chỉ tiêu")
    groups = []
    for row in rows:
        key = f"summary.{row['status_group']}"
        members = tuple(one for one in indicators if one.is_counted and one.status_group == row["status_group"])
        groups.append(StatusGroup(
            code=row["status_group"], printed=row["group_print"], indicators=members,
            count=book.part(f"{key}.count", row["indicators"], row["counted_total"], "chỉ tiêu"),
            share=book.ratio(f"{key}.share", row["indicators"], row["counted_total"], PERCENT),
            computed=book.count(f"{key}.computed", row["computed"], "chỉ tiêu"),
            recorded=book.count(f"{key}.recorded", row["recorded"], "chỉ tiêu"),
        ))  # fmt: skip
    return Summary(
        total=total, groups=tuple(groups),
        computed=book.count("summary.computed", sum(row["computed"] for row in rows), "chỉ tiêu"),
        recorded=book.count("summary.recorded", sum(row["recorded"] for row in rows), "chỉ tiêu"),
    )  # fmt: skip
