"""The public edition carries number and date once its quarter is issued, as long as its figures are those issued."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.briefing.edition import DRAFT, Edition
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.public.building import issued_as
from pipeline.briefing.public.edition import public_edition
from pipeline.cli import proving
from pipeline.programme import Programme, load_programme
from pipeline.programme.tables import Issue
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests.briefing.conftest import HOME, QUARTER
from tests.issuing import issue_briefing
from tests.pdf_text import page_texts
from tests.tiny import PROGRAMME_ID

Q4 = Quarter(2030, 4)
ISSUE = Issue(
    quarter="2023-Q4", number="15/BC", issued_on=date(2024, 1, 15), inputs_sha256="1", facts_sha256="2",
    pdf_sha256="3", figures=(), printed={"indicator.A01.year_plan": "1.500 hộ"},
)  # fmt: skip


def carried(
    programme: Programme, marts: duckdb.DuckDBPyConnection, *issues: Issue, as_of: date | None = None
) -> Edition:
    facts = collect(replace(programme, issues=issues), QUARTER, marts, HOME / "sql")
    read = Marts(marts, QUARTER)
    edition = public_edition(read, facts, 5)
    return issued_as(replace(programme, issues=issues), QUARTER, read, facts, edition, as_of)


def plan_of(facts: BriefingFacts) -> str:
    return facts.book.facts["indicator.A01.year_plan"].printed


def test_number_and_date_come_with_the_issue_that_the_tables_know(
    programme: Programme, marts: duckdb.DuckDBPyConnection, untouched_facts: BriefingFacts
) -> None:
    issue = ISSUE.model_copy(update={"printed": {"indicator.A01.year_plan": plan_of(untouched_facts)}})
    assert carried(programme, marts, issue) == DRAFT  # recorded after the tables were made
    marts.execute("insert into raw.issues values ('2023-Q4', '15/BC', date '2024-01-15', '1', '2', '3')")
    assert carried(programme, marts, issue) == Edition("15/BC", date(2024, 1, 15))
    assert carried(programme, marts, issue, as_of=date(2024, 1, 14)) == DRAFT
    later = issue.model_copy(update={"number": "19/BC", "issued_on": date(2024, 2, 1), "pdf_sha256": "4"})
    assert carried(programme, marts, issue, later) == DRAFT
    assert carried(programme, marts, issue, later, as_of=date(2024, 1, 31)) == Edition("15/BC", date(2024, 1, 15))


def test_another_plan_than_the_issued_one_makes_it_a_draft(
    programme: Programme, marts: duckdb.DuckDBPyConnection
) -> None:
    marts.execute("insert into raw.issues values ('2023-Q4', '15/BC', date '2024-01-15', '1', '2', '3')")
    assert carried(programme, marts, ISSUE) == DRAFT


@pytest.fixture(scope="module")
def issued(printed_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose quarter is issued as 05/BC-TN."""
    home = shutil.copytree(printed_office, tmp_path_factory.mktemp("issued") / "home", symlinks=True)
    with Runner(load_programme(home, PROGRAMME_ID)) as runner:
        assert "DỰ THẢO" in text_of(runner.briefing(Q4, edition="public"))
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 2, 3))
    return home


def text_of(folder: Path) -> str:
    return " ".join(" ".join(page_texts(folder / "briefing.pdf")).split())


def test_what_is_published_of_an_issued_quarter_is_final_and_proven(
    issued: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Runner(load_programme(issued, PROGRAMME_ID)) as runner:
        folder = runner.briefing(Q4, edition="public")
    text, page = text_of(folder), (folder / "briefing.html").read_text(encoding="utf-8")
    assert "BẢN CÔNG BỐ" in text and "BẢN CÔNG BỐ" in page
    assert "Số: 05/BC-TN" in text and "ngày 03 tháng 02 năm 2031" in text
    assert "DỰ THẢO" not in text + page and "sơ bộ" not in text + page
    record: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    assert record["issued_as"] == {"issued_on": "2031-02-03", "number": "05/BC-TN"}
    capsys.readouterr()
    proving.verify(folder / "briefing.pdf", "json", issued)  # which exits where it is not
    assert json.loads(capsys.readouterr().out)["outcome"] == "identical"


def test_a_figure_that_changed_since_makes_it_a_draft_again(issued: Path) -> None:
    targets = issued / "raw" / PROGRAMME_ID / "targets.csv"
    kept = targets.read_text(encoding="utf-8")
    targets.write_text(kept.replace("1000", "900"), encoding="utf-8")
    try:
        with Runner(load_programme(issued, PROGRAMME_ID)) as runner:
            text = text_of(runner.briefing(Q4, edition="public"))
    finally:
        targets.write_text(kept, encoding="utf-8")
    assert "BẢN CÔNG BỐ - DỰ THẢO" in text and "05/BC-TN" not in text
