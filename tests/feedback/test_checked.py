"""Rows of the checks in the words of their senders."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.feedback.checked import WORDS_OF_CHECKS, CheckedFinding, checked_findings, judges_figures
from pipeline.models import read_sql_files
from pipeline.programme import Programme
from pipeline.steps import raw_tables
from tests import tiny
from tests.feedback.conftest import Q4

SHA = "a" * 64


@dataclass(frozen=True)
class Broken:
    """A check with one row."""

    name: str = "rule"
    title_vi: str = "Số liệu cần xem lại"
    checks: str = "intermediate.area_measures"
    severity: str = "warn"


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., list[CheckedFinding]]:
    """`told(area, subject, found, expected)`: what becomes of one row, beside one cell in force of each district."""
    programme: Programme = tiny.write_programme(tmp_path)

    def run(*row: Any, rule: Broken = Broken()) -> list[CheckedFinding]:
        with duckdb.connect() as connection:
            connection.execute("create schema checks; create schema staging; create schema raw")
            connection.execute(
                "create table staging.cells (quarter text, measure text, area_code text, sha256 text, sheet text,"
                " cell text, reporter text, series text, value decimal(18, 4), is_current boolean)"
            )
            for measure, area, cell, reporter, series, value in (
                ("jobs_created", "001", "E9", "001", "actual", 250),
                ("jobs_created", "001", "D9", "001", "plan", 500),
                ("poor_households", "00011", "D8", "001", "actual", 3),
                ("unemployment", "city", "C5", "so_mot", "actual", 2),
            ):
                values = [str(Q4), measure, area, SHA, "Biểu", cell, reporter, series, value, True]
                connection.execute("insert into staging.cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            keys = "quarter text, reporter text, form text, month text, sha256 text"
            connection.execute(f"create table staging.forms_in_force ({keys})")
            connection.execute("insert into staging.forms_in_force values (?, '001', 'f', 'm', ?)", [str(Q4), SHA])
            connection.execute(
                f"create table raw.stated ({keys}, subject text, sheet text, cell text, series text,"
                " value decimal(18, 4), kind text)"
            )
            connection.execute(
                "insert into raw.stated values (?, '001', 'f', 'm', ?, 'poor_households', 'Biểu', 'D10', 'actual', 4,"
                " 'total')", [str(Q4), SHA],
            )  # fmt: skip
            connection.execute(
                f"create table checks.{rule.name} as select ? as quarter, ? as area_code, ? as subject, ? as found,"
                " ? as expected", [str(Q4), *row],
            )  # fmt: skip
            return checked_findings(connection, programme, Q4, [rule])

    return run


def place(one: CheckedFinding) -> tuple[str, str, str]:
    return one.reporter, one.finding.sheet, one.finding.cell


def test_a_figure_is_found_at_its_cell_with_its_name(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("001", "jobs_created", Decimal(250), Decimal(400))
    assert place(one) == ("001", "Biểu", "E9") and one.sha256 == SHA
    assert one.finding.found == "số liệu cần xem lại (Số người có việc làm): 250"
    assert (one.finding.expected, one.finding.severity) == ("400", "warn")


def test_the_series_meant_is_that_of_the_value(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("001", "jobs_created", Decimal(500), Decimal(480))
    assert place(one) == ("001", "Biểu", "D9")


def test_a_commune_speaks_for_its_district_and_a_sum_stands_at_the_total(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("00011", "poor_households", 3, 5)
    assert place(one) == ("001", "Biểu", "D8") and "(Hộ nghèo, Phường Một): 3" in one.finding.found
    (one,) = told("001", "poor_households", 4, 5)
    assert place(one) == ("001", "Biểu", "D10")


def test_a_place_in_the_subject_is_that_place(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("001", "poor_households Biểu!D10", 4, 5)
    assert place(one) == ("001", "Biểu", "D10") and "(Hộ nghèo): 4" in one.finding.found
    (one,) = told("001", "poor_households Không có!D10", 4, 5)
    assert place(one) == ("001", "", "")


def test_figures_of_the_whole_are_their_agency_s_and_sums_nobody_s(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("city", "unemployment", 2, 3)
    assert place(one) == ("so_mot", "Biểu", "C5")
    assert told("city", "poor_households", 2, 3) == []


def test_a_row_that_names_who_sent_it_is_about_that_sender(told: Callable[..., list[CheckedFinding]]):
    (one,) = told("00011", "poor_households", "002", "001")
    assert one.reporter == "002" and one.finding.found.endswith(": Huyện Tây Hòa")
    assert one.finding.expected == "Quận Đông"


@pytest.mark.parametrize("table", ["raw.receipts", "staging.receipts", "marts.submission_status"])
def test_rules_of_the_register_are_not_for_senders(told: Callable[..., list[CheckedFinding]], table: str):
    assert told("001", "tệp", "no submission", "x", rule=Broken(checks=table)) == []


def test_every_word_the_checks_write_has_a_translation():
    written = {
        words
        for check in read_sql_files(raw_tables()).checks
        if judges_figures(check) and not check.is_blocking  # rows of a blocking one stop the run before any letter
        for words in re.findall(r"'([a-z][a-z .]*)' as (?:found|expected)", check.text)
    }
    assert {"no figure", "not applicable"} <= written
    assert written <= set(WORDS_OF_CHECKS)
