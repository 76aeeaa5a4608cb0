"""Ask the trace of every printed figure, and of figures of every mart, and make each again from what it lists."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.briefing.facts.collecting import collect
from pipeline.briefing.facts.figure import Fact
from pipeline.errors import UsageError
from pipeline.programme import TOP_AREA, load_programme
from pipeline.quarters import Quarter
from pipeline.trace import Records, Trace, recompute, trace
from tests.golden.conftest import ROOT

SEED = 8
# the first of each programme, one where somebody did not report, the last
TRACED = {Quarter(2022, 1), Quarter(2023, 2), Quarter(2023, 4), Quarter(2024, 1), Quarter(2024, 3), Quarter(2024, 4)}
DIGITS = Decimal("1e-9")  # to which a double is asked for
OF_DOUBLES = "outlook."  # facts that print a double of a mart
# the columns of each mart that are figures: what to ask for, with the row's own words; of its area, else of the whole
MARTS = {
    "marts.indicator_values": {"value": "{indicator_code}"},
    "marts.area_comparison": {
        "gap": "{indicator_code}.gap", "rank": "{indicator_code}.rank", "plan": "{indicator_code}.year_plan",
        "same_period_value": "{indicator_code}.same_period", "year_end_value": "{indicator_code}.year_end",
        "same_period_change": "{indicator_code}.same_period_change", "plan_gap": "{indicator_code}.year_gap",
        "year_end_change": "{indicator_code}.year_end_change", "plan_judged": "{indicator_code}.year_judged",
        "completion": "{indicator_code}.year_completion", "term_completion": "{indicator_code}.term_completion",
    },
    "marts.indicator_progress": {
        "areas_reported": "{indicator_code}.coverage", "baseline": "{indicator_code}.baseline",
        "same_period_value": "{indicator_code}.same_period", "year_end_value": "{indicator_code}.year_end",
        "year_value": "{indicator_code}.year_plan", "term_value": "{indicator_code}.term_plan",
        "year_judged": "{indicator_code}.year_judged", "term_judged": "{indicator_code}.term_judged",
        "year_completion": "{indicator_code}.year_completion", "term_completion": "{indicator_code}.term_completion",
    },
    "marts.indicator_outlook": {
        "gap_to_year": "{indicator_code}.year_gap", "gap_to_term": "{indicator_code}.term_gap",
        "pace_needed": "{indicator_code}.pace_needed", "pace_observed": "{indicator_code}.pace_observed",
        "projected_year_end": "{indicator_code}.projected_year_end", "points_used": "{indicator_code}.points_used",
        "projected_term_end": "{indicator_code}.projected_term_end",
    },
    "marts.poverty_rates": {
        "households": "households", "poor_persons": "poor_persons", "near_poor_households": "near_poor_households",
        "minority_poor_households": "minority_poor_households", "areas_reported": "poverty_coverage",
        "opening_poor_households": "poor_opening_households",
    },
    "marts.poverty_flows": {"households": "{flow}", "persons": "{flow}_persons"},
    "marts.poverty_contributions": {
        "change": "poor_households.contribution", "near_poor_change": "near_poor_households.contribution",
    },
    "marts.submission_status": {
        "days_late": "days_late.{reporter}", "receipts": "receipts.{reporter}", "errors": "errors.{reporter}",
        "warns": "warns.{reporter}",
    },
    "marts.status_summary": {
        "indicators": "status_summary.{status_group}", "by_figures": "status_summary.{status_group}.by_figures",
        "counted_total": "status_summary",
    },
    "marts.unfinished": {
        "open_tasks": "{indicator_code}.open_tasks", "overdue_tasks": "{indicator_code}.overdue_tasks",
    },
    "marts.tasks": {"days_overdue": "days_overdue.{task_id}"},
    "marts.data_quality": {"findings": "findings.{rule}"},
}  # fmt: skip


class Traces:
    """A built programme whose figures are asked for; what stands behind them is read once for each quarter."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, home: Path, programme: str) -> None:
        self._connection = connection
        self._programme = load_programme(home, programme)
        self._folder = home / "build" / programme
        quarters = connection.execute("select quarter from staging.quarters order by quarter").fetchall()
        self._quarters = [Quarter.parse(quarter) for (quarter,) in quarters]
        self._records = Records(connection, self._quarters[-1])

    def of(self, quarter: str) -> Records:
        return self._records.at(Quarter.parse(quarter))

    def problems_of_facts(self) -> Iterator[str]:
        """Every number of the traced quarters that the trace does not print and make again alike."""
        for quarter in (one for one in self._quarters if one in TRACED):
            book = collect(self._programme, quarter, self._connection, ROOT / "sql").book
            printed = self._folder / str(quarter) / "facts.json"
            for one in json.loads(printed.read_bytes()) if printed.is_file() else ():
                if one != book.facts[one["key"]].as_json(self._programme.id):
                    yield f"{one['key']} of {printed} is not what the warehouse says"
            known = [fact for fact in book.facts.values() if fact.value is not None]
            assert len(known) > 500
            yield from (f"{quarter} {fact.key}: {problem}" for fact in known if (problem := self._problem(fact)))

    def _problem(self, fact: Fact) -> str:
        if fact.trace is None or fact.value is None:
            return "nothing to ask for"
        found = self._asked(Quarter.parse(fact.trace.quarter), fact.trace.subject, fact.trace.area)
        if isinstance(found, str):
            return found
        if (found.printed, found.value) != (fact.printed, fact.value):
            return f"{found.printed} ({found.value}) for {fact.printed} ({fact.value})"
        is_again = _is_again(found, fact.value, is_double=fact.key.startswith(OF_DOUBLES))
        return "" if is_again else f"{recompute(found)} from its sources for {fact.value}"

    def problems_of_marts(self, sampled: int) -> Iterator[str]:
        """Figures of some rows of every mart that the trace does not find and make again alike."""
        for mart, columns in MARTS.items():
            for row in _sample(self._connection, mart, sampled):
                for column, pattern in columns.items():
                    if row.get(column) is None:
                        continue
                    value, asked, area = Decimal(str(row[column])), pattern.format(**row), row.get("area_code")
                    found = self._asked(Quarter.parse(row["quarter"]), asked, area or TOP_AREA)
                    place = f"{mart} {row['quarter']} {asked} {area}"
                    if isinstance(found, str):
                        yield f"{place}: {found}"
                    elif not _is_again(found, value, is_double=True):
                        yield f"{place}: {recompute(found)} from its sources for {value}"

    def _asked(self, quarter: Quarter, text: str, area: str) -> Trace | str:
        try:
            return trace(self._records.at(quarter), text, area)
        except UsageError as error:
            return str(error)


def _is_again(found: Trace, value: Decimal, *, is_double: bool) -> bool:
    again = recompute(found)
    if again is None:
        return False
    return abs(again - value) <= DIGITS * max(1, abs(value)) if is_double else again == value


def _sample(connection: duckdb.DuckDBPyConnection, mart: str, sampled: int) -> list[dict[str, Any]]:
    result = connection.execute(f"select * from {mart} order by all")
    names = [column[0] for column in result.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return random.Random(SEED).sample(rows, min(sampled, len(rows)))
