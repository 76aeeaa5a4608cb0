"""All facts of one briefing, read from the marts once; and the figures that commands print."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import duckdb

from pipeline.briefing.facts.agencies import Agency, agency_sheets
from pipeline.briefing.facts.area_plans import AreaPlans, area_plan_facts
from pipeline.briefing.facts.areas import AreaName, Comparison, area_names, comparison_facts
from pipeline.briefing.facts.corrections import Corrections, correction_facts
from pipeline.briefing.facts.figure import Fact, FactBook, counted_as, facts_json, plain, worst_basis
from pipeline.briefing.facts.indicators import (
    IndicatorFacts,
    Summary,
    indicator_facts,
    summary_facts,
    value_fact,
)
from pipeline.briefing.facts.last_quarter import LastQuarter, last_quarter_facts
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.method import Method, method_facts
from pipeline.briefing.facts.outlook import (
    Outlook,
    Tasks,
    UnfinishedList,
    outlook_facts,
    task_facts,
    unfinished_facts,
)
from pipeline.briefing.facts.poverty import Poverty, poverty_facts
from pipeline.briefing.facts.quality import (
    DoubtTable,
    Submissions,
    check_facts,
    finding_facts,
    reporter_names,
    submission_facts,
)
from pipeline.briefing.facts.remarks import Remark, remark_facts
from pipeline.briefing.facts.revisions import Revisions, revision_facts
from pipeline.briefing.facts.trends import Trend, trend_facts
from pipeline.errors import GiaobanError
from pipeline.programme import TOP_AREA, Programme
from pipeline.quarters import Quarter
from pipeline.remarks import Kind

DIFFICULT_SHOWN = 4  # indicators named in the summary; the table of section IV has them all
REMARKS_SHOWN = 40


@dataclass(frozen=True)
class IndicatorGroup:
    code: str
    name: str
    indicators: tuple[IndicatorFacts, ...]


@dataclass(frozen=True)
class BriefingFacts:
    """Everything the templates lay out; `book` holds every figure among it."""

    book: FactBook
    quarter: Quarter
    summary: Summary
    last_quarter: LastQuarter | None
    difficult_shown: tuple[IndicatorFacts, ...]
    difficult_others: Fact  # how many more the summary only counts
    groups: tuple[IndicatorGroup, ...]
    context: tuple[IndicatorFacts, ...]
    poverty: Poverty | None
    trends: tuple[Trend, ...]
    comparison: Comparison
    area_plans: tuple[AreaPlans, ...]
    outlook: Outlook
    unfinished: UnfinishedList
    tasks: Tasks
    revisions: Revisions
    submissions: Submissions
    corrections: Corrections
    method: Method
    agencies: tuple[Agency, ...]
    findings: tuple[DoubtTable, ...]
    checks: tuple[DoubtTable, ...]
    remarks: tuple[Remark, ...]
    remarks_others: dict[Kind, Fact]  # how many more of each kind are not printed
    districts: tuple[AreaName, ...]
    data_date: date
    is_illustrative: bool

    @property
    def indicators(self) -> tuple[IndicatorFacts, ...]:
        return tuple(one for group in self.groups for one in group.indicators)

    @property
    def without_data(self) -> list[IndicatorFacts]:
        """Counted indicators that were due and have no figure, or too few areas behind it, whatever is said of them."""
        return [
            one for one in self.indicators
            if one.status == "no_data" or (one.is_due and not one.value.is_known)
        ]  # fmt: skip

    def remarks_of(self, kind: Kind) -> list[Remark]:
        """The most frequent remarks of a kind; the rest is counted in remarks_others."""
        return [remark for remark in self.remarks if remark.kind == kind][:REMARKS_SHOWN]

    def as_json(self, printed: Container[str]) -> bytes:
        """facts.json: the facts whose keys are printed."""
        return facts_json((fact for key, fact in self.book.facts.items() if key in printed), self.book.programme)


def collect(
    programme: Programme, quarter: Quarter, connection: duckdb.DuckDBPyConnection, sql_folder: Path
) -> BriefingFacts:
    """Read the marts of a quarter and write down every figure; GiaobanError where they know nothing of it."""
    marts, book = Marts(connection, quarter), FactBook(str(quarter), programme.id)
    names, reporters = area_names(marts), reporter_names(marts)
    indicators = indicator_facts(marts, book, programme.folder)
    if not indicators:
        raise GiaobanError(
            f"Kho dữ liệu chưa có số liệu {quarter.title} của chương trình {programme.id}. "
            "Đề nghị đưa báo cáo của quý vào thư mục nhận, làm mới số liệu rồi in lại."
        )
    counted = [one for one in indicators if one.is_counted]
    group_codes = list(dict.fromkeys((one.group_code, one.group_name) for one in counted))
    poverty = poverty_facts(marts, book, names, programme.document.urban_district_term)
    comparison = comparison_facts(marts, book, indicators, names)
    area_plans = area_plan_facts(marts, book, indicators, names)
    bases = {fact.basis for fact in book.facts.values()}
    bases |= {row["basis"] for row in marts.of_quarter("raw.receipts", "seq")}
    summary = summary_facts(marts, book, indicators)
    difficult = group.indicators if (group := summary.group("difficult")) else ()
    remarks = remark_facts(marts, book, reporters)
    others = max(len(difficult) - DIFFICULT_SHOWN, 0)
    outlook, unfinished = outlook_facts(marts, book, indicators), unfinished_facts(marts, book)
    tasks, findings = task_facts(marts, book), finding_facts(marts, book, reporters)
    return BriefingFacts(
        book=book, quarter=quarter, summary=summary,
        last_quarter=last_quarter_facts(marts, book, indicators), difficult_shown=difficult[:DIFFICULT_SHOWN],
        difficult_others=book.few(
            "summary.difficult_others", others, "chỉ tiêu khác",
            counted_as(f"status_summary.difficult.beyond_{DIFFICULT_SHOWN}"),
        ),
        groups=tuple(
            IndicatorGroup(code, name, tuple(one for one in counted if one.group_code == code))
            for code, name in group_codes
        ),
        context=tuple(one for one in indicators if not one.is_counted), poverty=poverty,
        trends=trend_facts(marts, book), comparison=comparison,
        area_plans=area_plans,
        outlook=outlook, unfinished=unfinished, tasks=tasks,
        revisions=revision_facts(marts, book, names, poverty, programme.issues),
        submissions=submission_facts(marts, book), corrections=correction_facts(marts, book, reporters),
        method=method_facts(marts, book, programme, indicators, reporters),
        agencies=agency_sheets(programme, indicators, outlook, unfinished, tasks),
        findings=tuple(findings), checks=tuple(check_facts(marts, book, reporters, sql_folder, findings)),
        remarks=tuple(remarks), remarks_others=_remarks_left_out(book, remarks),
        districts=tuple(area for area in names.values() if area.code != TOP_AREA),
        data_date=data_date(marts, quarter), is_illustrative=worst_basis(bases) == "illustrative",
    )  # fmt: skip


def _remarks_left_out(book: FactBook, remarks: list[Remark]) -> dict[Kind, Fact]:
    kinds: tuple[Kind, ...] = get_args(Kind)
    return {
        kind: book.few(
            f"remarks.{kind}.left_out",
            max(held - REMARKS_SHOWN, 0),
            "ý kiến khác",
            counted_as(f"remarks.{kind}.beyond_{REMARKS_SHOWN}"),
        )
        for kind in kinds
        for held in [sum(remark.kind == kind for remark in remarks)]
    }


def data_date(marts: Marts, quarter: Quarter) -> date:
    """The latest date among the inputs up to this quarter, never before its end and never today."""
    rows = marts.select("select data_on from staging.quarters where quarter = ?", str(quarter))
    return rows[0]["data_on"] if rows else quarter.ends_on


def figures(
    connection: duckdb.DuckDBPyConnection,
    programme: Programme,
    quarter: Quarter,
    indicator: str | None = None,
    area: str | None = None,
) -> list[dict[str, Any]]:
    """Values of a quarter as the briefing prints them, one row per indicator and area.

    Keys: indicator, area, quarter, value (in the unit), numerator, denominator (None where counts may not be
    shown), unit, printed, basis, coverage ('29/30'), status (print, of the city's row only). `indicator` and
    `area` (a code or 'city') narrow the list; both None: every city value.
    """
    marts, book = Marts(connection, quarter), FactBook(str(quarter), programme.id)
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort, indicator_code")}
    sorts = {code: name.sort for code, name in area_names(marts).items()}
    wanted = TOP_AREA if area is None and indicator is None else area
    rows = [
        row
        for row in marts.of_quarter("marts.indicator_values", "indicator_code, area_code")
        if row["indicator_code"] in about
        and indicator in (None, row["indicator_code"])
        and wanted in (None, row["area_code"])
    ]
    rows.sort(key=lambda row: (about[row["indicator_code"]]["sort"], sorts.get(row["area_code"], 0), row["area_code"]))
    found = []
    for row in rows:
        code, place = row["indicator_code"], row["area_code"]
        fact: Fact = value_fact(book, f"{code}.{place}", row, about[code], place)
        found.append({
            "indicator": code, "area": place, "quarter": str(quarter), "value": plain(fact.told),
            "numerator": plain(fact.numerator), "denominator": plain(fact.denominator), "unit": about[code]["unit"],
            "printed": fact.printed, "basis": row["basis"], "coverage": fact.coverage,
            "status": about[code]["status_print"] if place == TOP_AREA else None,
        })  # fmt: skip
    return found
