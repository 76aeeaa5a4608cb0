"""Rows that break a rule of sql/checks as findings of their senders, at the cell they come from where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import duckdb

from pipeline.findings import Finding, Severity
from pipeline.programme import TOP_AREA, Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import number

_REGISTER = ("staging.receipts", "marts.submission_status")  # who sent what, when: the office's own concern
_REMEDY = "Kiểm tra lại các số liệu liên quan; nếu ghi sai thì sửa rồi gửi lại, nếu đúng thì đề nghị báo lại lý do."
_SERIES = {"actual": "thực hiện", "in_period": "trong kỳ", "plan": "kế hoạch", "last_year": "cùng kỳ năm trước"}
# what the checks write where found or expected is no figure
WORDS_OF_CHECKS = {
    "not in force": "địa bàn chưa có hoặc không còn hiệu lực",
    "in force at the end of the quarter": "địa bàn có hiệu lực vào cuối kỳ",
    "no figure": "không có số liệu",
    "figures of the commune": "số liệu của xã, phường, thị trấn này",
    "not applicable": "không áp dụng",
}


class Rule(Protocol):
    """What is said of a check: table checks.<name>, its title in Vietnamese, the table it judges."""

    @property
    def name(self) -> str: ...
    @property
    def title_vi(self) -> str: ...
    @property
    def checks(self) -> str: ...
    @property
    def severity(self) -> str: ...


def judges_figures(rule: Rule) -> bool:
    """Whether a rule is about what a sender wrote, not about the register of what came."""
    return not rule.checks.startswith("raw.") and rule.checks not in _REGISTER


@dataclass(frozen=True)
class CheckedFinding:
    """A finding of one reporter; sha256 is of the file that holds the cell, empty where no single cell does.

    is_stated: it is about a total or rate printed on the form, which the reader compares as well.
    """

    reporter: str
    sha256: str
    finding: Finding
    is_stated: bool


@dataclass(frozen=True)
class _Broken:
    """One row of a check: whose, about which measure of which area, and the place it names by itself."""

    rule: Rule
    reporter: str
    area: str
    subject: str
    measure: str
    place: tuple[str, str]
    found: Any
    expected: Any


def checked_findings(
    connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter, rules: Iterable[Rule]
) -> list[CheckedFinding]:
    """The rows of every check of figures in one quarter, in the order of their rules."""
    tables = _broken_rules(connection)
    words = _Words(programme)
    broken: list[_Broken] = []
    for rule in rules:
        if rule.name in tables and judges_figures(rule):
            rows = connection.execute(
                f"select area_code, subject, found, expected from checks.{rule.name} where quarter = ? order by all",
                [str(quarter)],
            ).fetchall()
            broken += [one for row in rows if (one := words.attributed(rule, *row))]
    cells = _cells(connection, quarter, [(one.measure, one.area) for one in broken])
    totals = _totals(connection, quarter, sorted({one.reporter for one in broken}))
    findings = []
    for one in broken:
        sha256, sheet, cell = _located(one, cells, totals)
        severity: Severity = "error" if one.rule.severity == "error" else "warn"
        title = one.rule.title_vi[:1].lower() + one.rule.title_vi[1:]
        found = f"{title} ({words.spelt(one)}): {words.said(one.found)}"
        finding = Finding(one.rule.name, severity, sheet, cell, found, words.said(one.expected), _REMEDY)
        findings.append(CheckedFinding(one.reporter, sha256, finding, is_stated=bool(one.place[1])))
    return findings


def _broken_rules(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The checks that have rows at all: most have none, and each query takes its time."""
    made = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = current_database() and schema_name = 'checks' order by 1"
    ).fetchall()
    queries = [f"select '{name}' where exists (from checks.{name})" for (name,) in made]
    return {name for (name,) in connection.execute(" union all ".join(queries)).fetchall()} if queries else set()


class _Words:
    """The codes that checks write, as words, and whose they are."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._measures = {measure.code: measure for measure in programme.measures}
        self._indicators = {indicator.code: indicator for indicator in programme.indicators}
        self._names = {code: measure.name_vi for code, measure in self._measures.items()}
        self._names |= {code: indicator.short_name for code, indicator in self._indicators.items()}
        self._names |= {code: f"({word})" for code, word in _SERIES.items()}
        self._owners = {owner.code for owner in programme.owners}

    def attributed(
        self, rule: Rule, area: str | None, subject: str | None, found: Any, expected: Any
    ) -> _Broken | None:
        """The row with its reporter; None where it is nobody's (a sum over several senders)."""
        code, _, rest = (subject or "").partition(" ")
        sheet, mark, cell = rest.rpartition("!")
        indicator = self._indicators.get(code)
        measure = indicator.numerator if indicator else code
        reporter = self._reporter(area or "", found) or self._agency(area, measure)
        if reporter is None:
            return None
        place = (sheet, cell) if mark else ("", "")
        return _Broken(rule, reporter, area or "", subject or "", measure, place, found, expected)

    def _reporter(self, area: str, found: Any) -> str | None:
        """A row that names a sender as what was found is about that sender; else the district of the area."""
        areas = self._programme.area_by_code
        if isinstance(found, str) and (found in self._owners or (found in areas and areas[found].level == "district")):
            return found
        if area in self._owners:
            return area
        if area not in areas or area == TOP_AREA:
            return None
        return areas[area].parent_code if areas[area].level == "commune" else area

    def _agency(self, area: str | None, measure: str) -> str | None:
        declared = self._measures.get(measure)
        return declared.reporter if declared and area in (None, "", TOP_AREA) else None

    def spelt(self, one: _Broken) -> str:
        """`Hộ nghèo, Phường Một`: the subject with its codes spelt out, and the area where it is not the sender's."""
        text = re.sub(r" \S.*!\S+$", "", one.subject) if one.place[1] else one.subject
        parts = [self._spelt_codes(text)] if text not in (one.area, one.reporter) else []
        if one.area not in ("", TOP_AREA, one.reporter) and one.area in self._programme.area_by_code:
            parts.append(self._programme.area_by_code[one.area].full_name)
        return ", ".join(parts) or self._programme.reporter_name(one.reporter)

    def _spelt_codes(self, text: str) -> str:
        return re.sub(r"[A-Za-z][\w.]*", lambda code: self._names.get(code[0], code[0]), text, flags=re.ASCII)

    def said(self, value: Any) -> str:
        """A figure in Vietnamese, a code as its name, other words as they are."""
        if value is None:
            return "không có số liệu"
        if isinstance(value, str):
            if value in self._programme.area_by_code or value in self._owners:
                return self._programme.reporter_name(value)
            return WORDS_OF_CHECKS.get(value, value)
        try:
            return number(Decimal(str(value)), 4)
        except ArithmeticError:
            return str(value)


def _located(
    one: _Broken, cells: Mapping[tuple[str, str], Sequence[_Cell]], totals: Mapping[tuple[str, str], _Cell]
) -> tuple[str, str, str]:
    """sha256, sheet and cell; a total stands for the communes it sums, empty strings for what is in no single cell."""
    own = [cell for cell in cells.get((one.measure, one.area), ()) if cell.reporter == one.reporter]
    if one.place[1]:
        sha256 = next((cell.sha256 for cell in (*own, *totals.values()) if cell.sheet == one.place[0]), "")
        return (sha256, *one.place) if sha256 else ("", "", "")
    # the series of a plan or of last year is known by its value
    same = [cell for cell in own if cell.value is not None and cell.value == one.found]
    chosen = next(iter([*same, *(cell for cell in own if cell.series == "actual")]), None)
    if chosen is None and one.area == one.reporter:
        chosen = totals.get((one.reporter, one.measure))
    return (chosen.sha256, chosen.sheet, chosen.cell) if chosen else ("", "", "")


@dataclass(frozen=True)
class _Cell:
    sha256: str
    sheet: str
    cell: str
    reporter: str
    series: str
    value: Decimal | None


def _cells(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[_Cell]]:
    """The cells in force of the wanted (measure, area) pairs."""
    if not wanted:
        return {}
    pairs = sorted(set(wanted))
    rows = connection.execute(
        "select cells.measure, cells.area_code, cells.sha256, cells.sheet, cells.cell, cells.reporter, cells.series,"
        " cells.value from staging.cells as cells inner join"
        " (select unnest(?) as measure, unnest(?) as area_code) as wanted"
        " on cells.measure = wanted.measure and cells.area_code = wanted.area_code"
        " where cells.quarter = ? and cells.is_current order by all",
        [[measure for measure, _ in pairs], [area for _, area in pairs], str(quarter)],
    ).fetchall()
    found: dict[tuple[str, str], list[_Cell]] = {}
    for measure, area, *cell in rows:
        found.setdefault((measure, area), []).append(_Cell(*cell))
    return found


def _totals(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, reporters: Sequence[str]
) -> dict[tuple[str, str], _Cell]:
    """(reporter, measure) -> the cell of the total on the form in force."""
    if not reporters:
        return {}
    rows = connection.execute(
        "select distinct stated.reporter, stated.subject, stated.sha256, stated.sheet, stated.cell, stated.series,"
        " stated.value from raw.stated as stated inner join staging.forms_in_force as used"
        " on stated.quarter = used.quarter and stated.sha256 = used.sha256 and stated.form = used.form"
        " and stated.reporter = used.reporter and stated.month = used.month"
        " where stated.quarter = ? and stated.kind = 'total' and stated.reporter in (select unnest(?))"
        " order by all desc",
        [str(quarter), list(reporters)],
    ).fetchall()
    return {
        (reporter, subject): _Cell(sha256, sheet, cell, reporter, series, value)
        for reporter, subject, sha256, sheet, cell, series, value in rows
    }
