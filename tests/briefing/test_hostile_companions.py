"""Whatever stands in what was sent or written by hand stays text: on the page, in the workbook, in the CSV."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

import duckdb
import openpyxl
import pytest

from pipeline.briefing.charts import Chart
from pipeline.briefing.companions.mart_files import mart_files
from pipeline.briefing.companions.screen import screen_page
from pipeline.briefing.companions.workbook import workbook
from pipeline.briefing.document import briefing_html
from pipeline.briefing.facts.collecting import collect
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.narrative import SECTIONS
from pipeline.briefing.paper.fonts import Fonts
from pipeline.programme import Programme
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.test_sources import REFUSED

MORE_ROWS = (
    *REFUSED,
    "insert into raw.receipts values ('2023-Q4', 2, 'moi.xlsx', 't', null, 'illustrative', false)",
    "insert into marts.revisions values ('2023-Q4', 'A01', 'city', '1', 'term_met', 'term_exceeded', 'x')",
    "insert into raw.issues by name select '2023-Q4' as quarter, '01/BC' as number, date '2024-01-02' as issued_on",
    "create table marts.indicator_values as select quarter, indicator_code, 'city' as area_code, state, value,"
    " numerator, denominator, scale, areas_reported, areas_expected, is_estimate, qualifier, basis"
    " from marts.indicator_progress",
    "create table staging.corrections as select '2023-Q4' as quarter, '271' as area_code, 'jobs_created' as measure,"
    " 'actual' as series, 10.0::decimal(18, 4) as old_value, 9.0::decimal(18, 4) as new_value, 'x' as reason,"
    " 'x' as agreed_by, date '2024-01-05' as agreed_on",
    "alter table checks.poverty_conservation alter found type varchar",
    "alter table checks.poverty_conservation alter expected type varchar",
)
FIELDS = (
    *(("raw.findings", one) for one in ("file", "sheet", "found", "expected", "remedy")),
    ("raw.submissions", "file"), ("raw.receipts", "file"), ("raw.issues", "number"),
    *(("marts.remarks", one) for one in ("row_label", "text", "reporter_name", "file")),
    *(("marts.tasks", one) for one in ("task", "lead_name", "partners", "document")),
    *(("marts.revisions", one) for one in ("old_printed", "reason_vi")),
    *(("marts.indicator_progress", one) for one in ("recorded_document", "recorded_reason", "break_note")),
    ("marts.unfinished", "remedy"), ("checks.poverty_conservation", "found"),
    ("checks.poverty_conservation", "expected"),
    ("staging.corrections", "reason"), ("staging.corrections", "agreed_by"),
)  # fmt: skip
WRITTEN = "<script>alert(1)</script>{{ 7*7 }}{% raw %}[a](javascript:alert(2))<img src=x onerror=alert(3)>"
WRITTEN += '<span data-fact="indicator.A01.value">9</span>'
ACTING = f'{WRITTEN}</td></table><table class="grid"><tr><td> src="giaoban:chart/status" _x0041_'
BEGINNINGS = ('=HYPERLINK("http://a.example";"a")', "+1+1|", "-2+3|", "@SUM(1)|", " \t=1+1|")


@dataclass(frozen=True)
class Made:
    page: str
    book: openpyxl.workbook.workbook.Workbook
    tables: dict[str, list[list[str]]]


@pytest.fixture
def make(
    marts: duckdb.DuckDBPyConnection, programme: Programme, fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> Callable[[list[str], str], Made]:
    for change in MORE_ROWS:
        marts.execute(change)

    def build(sent: list[str], by_hand: str) -> Made:
        for place, (table, column) in enumerate(FIELDS):
            marts.execute(f"update {table} set {column} = ?", [sent[place % len(sent)]])
        written = "".join(f"## {title}\n\n{by_hand}\n\n" for title in SECTIONS.values())
        monkeypatch.setattr(type(programme), "narrative", lambda self, quarter: written)
        facts = collect(programme, QUARTER, marts, HOME / "sql")
        chart = Chart("status", "Biểu đồ", "Biểu đồ: một chỉ tiêu.", b"<svg/>", {})
        page = screen_page(
            briefing_html(programme, facts, {"status": chart}, fonts, for_screen=True), {"status": chart}
        )
        book = openpyxl.load_workbook(BytesIO(workbook(programme, facts, page)))
        tables = {one.name: list(csv.reader(StringIO(one.data.decode("utf-8-sig"), newline="")))
                  for one in mart_files(Marts(marts, QUARTER))}  # fmt: skip
        return Made(page, book, tables)

    return build


class Outline(HTMLParser):
    """Every tag with its attributes' names, and the text between."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[Any] = Counter()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(name for name, _ in attrs)] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_from_outside_does_nothing_anywhere(make: Callable[[list[str], str], Made]) -> None:
    plain = make(["Một câu chữ thường."], "Chữ viết tay.")
    hostile = make([beginning + ACTING for beginning in BEGINNINGS], f"=1+1 {WRITTEN}")

    before, after = Outline(plain.page), Outline(hostile.page)
    assert after.tags == before.tags  # nothing came in but text
    assert not any(name.startswith("on") or name == "href" for _, names in after.tags for name in names)
    assert after.text.count("{{ 7*7 }}") > 20

    assert len(hostile.book.sheetnames) == len(plain.book.sheetnames)
    cells = [cell for sheet in hostile.book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    begun = [beginning for beginning in BEGINNINGS for cell in cells if str(cell.value).startswith(beginning.strip())]
    assert set(begun) == set(BEGINNINGS)  # kept as it was sent
    assert any("_x0041_" in str(cell.value) for cell in cells)

    texts = [text for rows in hostile.tables.values() for row in rows for text in row]
    assert {beginning for beginning in BEGINNINGS if any(text.startswith(f"'{beginning}") for text in texts)} == set(
        BEGINNINGS
    )
    assert [text for text in texts if re.match(r"\s*[=+@-]", text) and not re.fullmatch(r"-?[\d.e-]+", text)] == []
