"""The workbook, the page for the screen and the CSV of the marts hold what the PDF prints, figure by figure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.briefing.companions.mart_files import csv_file, mart_files
from pipeline.briefing.companions.printed_tables import PrintedCell, PrintedTable, printed_tables
from pipeline.briefing.companions.workbook import CONTENTS, FIRST_ROW, NOTES, as_number, sheet_names
from pipeline.briefing.document import briefing_html
from pipeline.briefing.facts.collecting import BriefingFacts
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.paper.fonts import Fonts, printed_texts
from pipeline.programme import Programme
from pipeline.vietnamese import number
from tests.briefing.conftest import QUARTER

FIGURE = re.compile(r'<span data-fact="([^"]+)">([^<]*)</span>')


def shown(cell: Cell) -> str:
    """What a spreadsheet program set to Vietnamese shows of a cell: a text as it is, a number in its format."""
    return cell.value if isinstance(cell.value, str) else formatted(Decimal(repr(cell.value)), cell.number_format)


def formatted(value: Decimal, form: str) -> str:
    sections = form.split(";")
    section = sections[0]
    if len(sections) == 3 and value <= 0:
        section, value = sections[1 if value else 2], abs(value)
    assert value >= 0, "a negative number needs a section of its own"
    made = ""
    for literal, pattern in re.findall(r'"([^"]*)"|([^"]+)', section):
        if digits := re.search(r"[#,0.]*0[#,0.]*", pattern):
            whole, _, decimals = digits[0].partition(".")
            size = value * 100 if "%" in section else value
            text = f"{size:{',' if ',' in whole else ''}.{len(decimals)}f}"
            assert Decimal(text.replace(",", "")) == size.quantize(Decimal(1).scaleb(-len(decimals)))
            text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
            least = 0 if "#" in whole else len(whole)
            front, comma, back = text.partition(",")
            made += pattern.replace(digits[0], front.rjust(least, "0") + comma + back)
        else:
            made += literal + pattern
    return made


@pytest.fixture(scope="module")
def screen(printed: Path) -> str:
    return (printed / "briefing.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables(screen: str) -> list[PrintedTable]:
    return printed_tables(screen)


@pytest.fixture(scope="module")
def book(printed: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(printed / "briefing.xlsx")


@pytest.fixture(scope="module")
def sheets(book: openpyxl.Workbook, tables: list[PrintedTable]) -> list[Worksheet]:
    return [book[name] for name in sheet_names(tables)]


def grids(html: str) -> list[str]:
    return re.findall(r'<table class="grid.*?</table>', html, flags=re.DOTALL)


def body_cells(sheet: Worksheet, table: PrintedTable) -> Iterator[tuple[Cell, PrintedCell]]:
    for row, cells in enumerate(table.rows, FIRST_ROW + 2):
        for column, cell in enumerate(cells, 1):
            yield sheet.cell(row, column), cell


def test_every_figure_in_a_table_of_the_page_is_in_the_workbook_as_it_is_printed(screen, sheets, untouched_facts):
    """By key: the page's own text says which figure stands in which row, the number formats what a sheet shows."""
    facts, seen = untouched_facts.book.facts, 0
    for grid, sheet in zip(grids(screen), sheets, strict=True):
        rows = re.findall(r"<tr.*?</tr>", grid.partition("</thead>")[2], flags=re.DOTALL)
        rows = [row for row in rows if not re.match(r'<tr class="(group|reading)"', row)]
        assert sheet.max_row >= len(rows)
        for place, row in enumerate(rows, FIRST_ROW + 2):
            texts = [shown(cell) for cell in sheet[place] if cell.value is not None]
            for key, said in ((key, unescape(said)) for key, said in FIGURE.findall(row)):
                assert said in (facts[key].printed, facts[key].number, facts[key].cell)
                assert [text for text in texts if said in text], (sheet.title, place, key, said)
                seen += 1
    assert seen > 700


def test_a_cell_that_is_one_figure_is_a_number_of_the_very_digits(sheets, tables, untouched_facts: BriefingFacts):
    numbers = 0
    for sheet, table in zip(sheets, tables, strict=True):
        for cell, printed in body_cells(sheet, table):
            if not printed.key:
                continue
            fact = untouched_facts.book.facts[printed.key]
            assert printed.text in (fact.cell, fact.number, fact.printed)
            assert shown(cell) == f"{printed.text} {printed.mark}".strip()
            is_single = (fact.is_known and not re.search(r"\d[-/]\d|^\D+$", printed.text)) or printed.text == "-"
            assert isinstance(cell.value, int | float) == is_single, (printed, cell.value)
            numbers += is_single
    assert numbers > 600


def test_every_filled_cell_for_a_figure_has_its_key(screen):
    cells = re.findall(r'<td class="figure">(.*?)</td>', screen, flags=re.DOTALL)
    assert len(cells) > 300
    assert [cell for cell in cells if cell.strip() and not FIGURE.search(cell)] == []


def test_the_page_for_the_screen_says_word_for_word_what_is_printed(
    screen: str, programme: Programme, untouched_facts: BriefingFacts, fonts: Fonts
) -> None:
    def words(html: str) -> str:
        return "".join("".join(printed_texts(html)).split())

    printed = briefing_html(programme, untouched_facts, {}, fonts)
    # the page of the fixture has charts, so both are made without
    on_screen = briefing_html(programme, untouched_facts, {}, fonts, for_screen=True)
    state = "DỰTHẢO·SỐLIỆUMINHHỌA"
    assert words(on_screen).replace(state, "", 1) == words(printed)
    keys = {key for key, _ in FIGURE.findall(screen)}
    assert keys and keys <= set(untouched_facts.book.facts)


def test_the_page_needs_nothing_from_outside_and_runs_nothing(screen):
    assert re.search(r'<html lang="vi">\s*<head>\s*<meta charset="utf-8">', screen)
    assert "default-src 'none'" in screen and 'name="viewport"' in screen
    sources = re.findall(r'\b(?:src|href|action|srcset|poster)\s*=\s*"([^"]*)"', screen)
    assert sources and all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not re.search(r"<script|url\(|@import|giaoban:|\son\w+=", screen)
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]*>", screen))
    assert screen.count('<div class="scroll" tabindex="0"><table') == len(grids(screen))


def test_contents_and_notes_come_first_and_lead_to_every_table(book, tables):
    names = sheet_names(tables)
    assert book.sheetnames == [CONTENTS, NOTES, *names]
    links = [cell.hyperlink.location for cell in book[CONTENTS]["B"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names]
    assert "SỐ LIỆU MINH HỌA" in book[CONTENTS]["A2"].value and "12/01/2024" in book[CONTENTS]["A2"].value
    assert {row[0].value for row in book[NOTES].iter_rows(min_row=5)} >= {"…", "-", "x", "r", "c", "Nguồn"}
    assert all(len(name) <= 31 for name in names) and len({name.lower() for name in names}) == len(names)


def test_each_sheet_holds_one_named_table_ready_for_print(sheets, tables):
    named = [table for sheet in sheets for table in sheet.tables.values()]
    assert len(named) == len(sheets) == len({table.name for table in named})
    for sheet, table in zip(sheets, tables, strict=True):
        (only,) = sheet.tables.values()
        heads = [sheet.cell(FIRST_ROW + 1, column).value for column in range(1, len(table.head) + 1)]
        assert heads == list(table.head) == [column.name for column in only.tableColumns]
        assert len({head.lower() for head in heads}) == len(heads)
        assert only.autoFilter is not None
        assert sheet.freeze_panes and sheet.freeze_panes.endswith(str(FIRST_ROW + 2))
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == f"${FIRST_ROW + 1}:${FIRST_ROW + 1}"
        assert sheet.oddFooter.right.text == "Trang &P/&N"


def test_the_workbook_is_dated_by_its_figures(book):
    assert book.properties.created.isoformat()[:10] == book.properties.modified.isoformat()[:10] == "2024-01-12"


@given(
    st.decimals(min_value=0, max_value=10**9, places=4), st.integers(0, 4),
    st.sampled_from(["", "+", "-", "ước ", "trên ", "dưới ", "không quá ", "tối thiểu "]),
    st.sampled_from(["", "%", " hộ", " lượt người", " điểm phần trăm", " giường bệnh/vạn dân"]),
)  # fmt: skip
@example(Decimal("0.095"), 3, "", "")
@example(Decimal("0.03"), 2, "", "%")
@example(Decimal(214258), 0, "trên ", " lượt người")
def test_any_printed_number_is_shown_again(value: Decimal, decimals: int, before: str, after: str) -> None:
    digits = number(value, decimals)
    sign = before if before in ("+", "-") and digits != "0" else ""
    text = f"{sign or before.strip('+-')}{digits}{after}"
    found = as_number(PrintedCell(text, "key"))
    assert found is not None
    exact = Decimal(digits.replace(".", "").replace(",", "."))
    assert found[0] == pytest.approx(
        float(exact / (100 if after == "%" else 1)) * (-1 if sign == "-" else 1), rel=1e-15
    )
    assert formatted(Decimal(repr(found[0])), found[1]) == text


@pytest.mark.parametrize("text", ["18/30", "73-75%", "…", "x", "đạt", "", "chưa có số liệu", '5" hộ', "12/01/2024"])
def test_what_is_no_single_number_stays_text(text: str) -> None:
    assert as_number(PrintedCell(text, "key")) is None


def test_the_marts_are_whole_in_csv_but_for_communes_and_counts_not_shown(marts):
    marts.execute("update marts.indicator_progress set counts_shown = false where indicator_code = 'A09'")
    communes = marts.execute("select code from raw.areas where level = 'commune'").fetchall()
    assert communes
    files = {one.name: one for one in mart_files(Marts(marts, QUARTER))}
    assert files["remarks"].is_of_senders and not files["area_comparison"].is_of_senders
    for name, file in files.items():
        assert file.data.startswith(b"\xef\xbb\xbf")
        rows = read_csv(file.data)
        of_quarter = marts.execute(f"select count(*) from marts.{name} where quarter = '2023-Q4'").fetchone()[0]
        assert len(rows) == of_quarter, name  # none of a commune in these marts
        assert all(row["quarter"] == "2023-Q4" for row in rows)
    progress = {row["indicator_code"]: row for row in read_csv(files["indicator_progress"].data)}
    assert (progress["A01"]["numerator"], progress["A01"]["denominator"]) == ("690", "2290000")
    assert progress["A09"]["numerator"] == progress["A09"]["denominator"] == "" != progress["A09"]["value"]
    assert {row["numerator"] for row in read_csv(files["area_comparison"].data) if row["indicator_code"] == "A09"} == {
        ""
    }

    marts.execute("update marts.area_comparison set area_code = ? where area_code = '001'", communes[0])
    fewer = {one.name: one for one in mart_files(Marts(marts, QUARTER))}
    gone = len(read_csv(files["area_comparison"].data)) - len(read_csv(fewer["area_comparison"].data))
    assert (
        gone
        == marts.execute("select count(*) from marts.area_comparison where area_code = ?", communes[0]).fetchone()[0]
    )


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_values_of_every_kind_are_written_plainly() -> None:
    data = csv_file(["a"] * 6, [[None, True, Decimal("1200.5000"), -5, 0.25, 'dấu "," và\nxuống dòng']])
    assert data.decode("utf-8-sig") == 'a,a,a,a,a,a\r\n,true,1200.5,-5,0.25,"dấu "","" và\nxuống dòng"\r\n'


def test_the_pdf_carries_the_marts_of_areas(printed: Path) -> None:
    from pypdf import PdfReader

    held = PdfReader(printed / "briefing.pdf").attachments
    inside = {name: data[0] for name, data in held.items() if name.endswith(".csv")}
    beside = {path.name: path.read_bytes() for path in (printed / "tables").iterdir()}
    assert {"area_comparison.csv", "indicator_progress.csv", "poverty_rates.csv"} <= set(inside)
    assert inside == {
        name: data for name, data in beside.items() if name not in ("remarks.csv", "submission_status.csv")
    }


def test_the_workbook_has_no_formula_and_no_link_out(printed: Path) -> None:
    book = openpyxl.load_workbook(BytesIO((printed / "briefing.xlsx").read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 1000
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target] == []
