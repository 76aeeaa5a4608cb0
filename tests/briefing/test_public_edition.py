"""What the public edition shows, leaves out, and keeps from being computed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from pypdf import PdfReader

from pipeline.briefing.document import briefing_html
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.paper.fonts import Fonts, printed_texts
from pipeline.briefing.public.building import build_public
from pipeline.briefing.public.edition import WITHHELD, Counts, PublicEdition, public_edition
from pipeline.errors import UsageError
from pipeline.programme import Programme
from pipeline.programme.heading import Heading
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.marts import build_marts
from tests.briefing.test_companions import FIGURE, shown
from tests.briefing.test_sentences import text_of
from tests.briefing.test_suppression import bounds, recovered
from tests.pdf_text import page_texts

MEASURES = ("households", "poor", "near")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return build_marts()


@pytest.fixture(scope="module")
def edition_of(connection: duckdb.DuckDBPyConnection, untouched_facts: BriefingFacts) -> Callable[[int], PublicEdition]:
    return lambda threshold: public_edition(Marts(connection, QUARTER), untouched_facts, threshold)


def truth(facts: BriefingFacts) -> dict[tuple[str, str], Decimal]:
    """Every count of every district and of the whole, as it is known inside."""
    assert facts.poverty
    found = {}
    for row in (facts.poverty.city, *facts.poverty.districts):
        for measure, fact in zip(MEASURES, (row.households, row.poor.households, row.near.households), strict=True):
            assert fact.value is not None
            found[measure, row.area.code] = fact.value
    return found


@pytest.mark.parametrize("threshold", [5, 19, 20, 33, 41, 300, 700, 900, 70_000])
def test_who_reads_every_published_figure_computes_no_withheld_one(
    edition_of: Callable[[int], PublicEdition], untouched_facts: BriefingFacts, threshold: int
) -> None:
    counts, edition = truth(untouched_facts), edition_of(threshold)
    told: set[Any] = set()
    for row in edition.areas:
        code = row.area.code
        for measure, count, rate in (("poor", row.poor, row.poor_rate), ("near", row.near, row.near_rate)):
            # a rate tells its count to whoever knows the households
            for fact in (count, rate):
                told |= {(measure, code)} if fact.number != WITHHELD else set()
            assert (count.number == WITHHELD) == (rate.number == WITHHELD)
        told |= {("households", code)} if row.households.number != WITHHELD else set()
    by_code = {one.about.code: one for one in edition.indicators}
    if by_code["A01"].value.number != WITHHELD:
        told |= {("poor", "city"), ("households", "city")}
    if by_code["near_poor_households"].value.number != WITHHELD:
        told |= {("near", "city")}

    hidden = frozenset(set(counts) - told)
    assert {key for key, count in counts.items() if 0 < count < threshold} <= hidden
    districts = sorted({code for _, code in counts} - {"city"})
    relations = [{(measure, code): 1 for code in districts} | {(measure, "city"): -1} for measure in MEASURES]
    assert recovered(hidden, relations) == []
    for key, (low, high) in bounds(counts, hidden, relations).items():
        assert key not in hidden or high - low >= threshold
    if threshold == 5:
        assert not hidden  # the figures of the fixture have no small count


def test_what_goes_with_a_small_count_is_the_next_smallest(edition_of: Callable[[int], PublicEdition]) -> None:
    gone = {row.area.code for row in edition_of(20).areas if row.poor.number == WITHHELD}
    assert gone == {"279", "281"}  # 18 households, and the next smallest, 25


def test_a_withheld_whole_takes_its_indicator_with_it(edition_of: Callable[[int], PublicEdition]) -> None:
    edition = edition_of(700)
    by_code = {one.about.code: one for one in edition.indicators}
    poor = by_code["A01"]
    assert {str(fact) for fact in (poor.value, poor.change, poor.year_completion) if fact} == {WITHHELD}
    assert poor.year_plan and poor.year_plan.number != WITHHELD  # what was asked for is no figure of anybody
    assert by_code["A05"].value.number == "45,6" and by_code["A04"].value.number != WITHHELD


def test_a_small_rest_is_withheld_like_a_small_part(
    marts: duckdb.DuckDBPyConnection, programme: Programme, untouched_facts: BriefingFacts
) -> None:
    """Of 203,400 people 203,397 were helped: three were not."""
    marts.execute(
        "update marts.indicator_progress set numerator = 203397, denominator = 203400 where indicator_code = 'A10'"
    )
    facts = collect(programme, QUARTER, marts, HOME / "sql")
    by_code = {one.about.code: one for one in public_edition(Marts(marts, QUARTER), facts, 5).indicators}
    assert str(by_code["A10"].value) == WITHHELD and str(by_code["A11"].value) != WITHHELD


def test_a_district_with_a_small_rest_is_covered_by_another() -> None:
    """All but two of the households of one district are poor: its count must not follow from the total."""
    counts = Counts(5)
    poor = {code: Decimal(count) for code, count in (("001", 998), ("002", 300), ("003", 400))}
    for code, count in poor.items():
        counts.share(counts.cell("poor", code, count, ""), counts.cell("households", code, Decimal(1000), ""))
    counts.cell("poor", "city", sum(poor.values(), Decimal(0)), "")
    counts.relations.append({("poor", code): 1 for code in poor} | {("poor", "city"): -1})
    assert {key for key in counts.hidden() if key[0] == "poor"} == {("poor", "001"), ("poor", "002")}
    assert recovered(counts.hidden(), counts.relations) == []


def test_a_movement_that_follows_from_the_others_is_not_told(
    marts: duckdb.DuckDBPyConnection, programme: Programme
) -> None:
    """Closing, decrease and last year's closing are published; together they would tell an increase of 2."""
    row = "marts.indicator_progress set year_measure = 'poor_gross_decrease_households', year_judged = {},"
    row += " same_period_numerator = {}, same_period_denominator = 2247000 where indicator_code = 'A01'"
    opening = marts.execute(
        "select opening_poor_households from marts.poverty_rates where quarter = '2023-Q4' and area_code = 'city'"
    ).fetchall()[0][0]  # fmt: skip
    marts.execute("update " + row.format(opening - 690 + 2, opening))
    facts = collect(programme, QUARTER, marts, HOME / "sql")
    (poor,) = [one for one in public_edition(Marts(marts, QUARTER), facts, 5).indicators if one.about.code == "A01"]
    told = [str(fact) != WITHHELD for fact in (poor.value, poor.change, poor.year_completion) if fact is not None]
    assert len(told) == 3 and not all(told)


def test_two_values_of_one_measure_do_not_stand_side_by_side(
    marts: duckdb.DuckDBPyConnection, programme: Programme
) -> None:
    """687 of 690 in another indicator would tell the three households of the areas left out there."""
    marts.execute("update marts.indicator_progress set numerator = 687 where indicator_code = 'A01'")
    facts = collect(programme, QUARTER, marts, HOME / "sql")
    (poor,) = [one for one in public_edition(Marts(marts, QUARTER), facts, 5).indicators if one.about.code == "A01"]
    assert str(poor.value) == WITHHELD


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory, connection: duckdb.DuckDBPyConnection, programme: Programme
) -> Path:
    """The files of an edition in which some counts are withheld."""
    out = tmp_path_factory.mktemp("public")
    build_public(_with_threshold(programme, 20), QUARTER, connection, HOME, out)
    return out


def _with_threshold(programme: Programme, threshold: int | None) -> Programme:
    changed: Heading = programme.heading.model_copy(update={"public_threshold": threshold})
    return replace(programme, heading=changed)


def test_every_file_withholds_the_same_figures(published: Path, untouched_facts: BriefingFacts) -> None:
    facts = {one["key"]: one for one in json.loads((published / "facts.json").read_text(encoding="utf-8"))}
    withheld = {key for key, one in facts.items() if one["printed"] == WITHHELD}
    # the fixture has two values of the near-poor households of the whole, so neither indicator of them is told
    twice = {"indicator.near_poor_households.value", "indicator.near_poor_rate.value"}
    twice |= {"indicator.near_poor_rate.change_same_period"}
    assert withheld == twice | {f"poverty.{code}.{name}" for code in ("279", "281") for name in ("poor", "poor_rate")}
    for key in withheld:
        assert (facts[key]["value"], facts[key]["numerator"], facts[key]["denominator"]) == (None, None, None)

    page = (published / "briefing.html").read_text(encoding="utf-8")
    marked = FIGURE.findall(page)
    assert {key for key, said in marked if said == WITHHELD} == withheld
    assert {key for key, _ in marked} <= set(facts)  # nothing is printed that is not listed
    inside = untouched_facts.book.facts
    assert all(said in (inside[key].cell, inside[key].number, inside[key].printed)
               for key, said in marked if key not in withheld)  # fmt: skip

    book = openpyxl.load_workbook(BytesIO((published / "briefing.xlsx").read_bytes()))
    rows = {row[1].value: row for row in book[book.sheetnames[3]].iter_rows(min_row=5) if row[1].value}
    for name in ("Huyện Thường Tín", "Huyện Ứng Hòa"):
        code = next(area.code for area in untouched_facts.districts if area.full_name == name)
        texts = [shown(cell) for cell in rows[name] if cell.value is not None]
        assert (WITHHELD in texts) == (code in ("279", "281"))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert cells.count(WITHHELD) == len(withheld) + 1  # and the legend

    text = " ".join(page_texts(published / "briefing.pdf"))
    assert text.count(WITHHELD) == len(withheld) + 1
    attached = PdfReader(published / "briefing.pdf").attachments
    assert set(attached) == {"facts.json", "inputs.json"}
    assert all(data == [(published / name).read_bytes()] for name, data in attached.items())


def test_nothing_internal_is_in_it(
    published: Path, programme: Programme, connection: duckdb.DuckDBPyConnection
) -> None:
    sent = connection.execute(
        "select text from marts.remarks union select task from marts.tasks union select file from raw.receipts"
        " union select remedy from raw.findings union select remedy from marts.unfinished where remedy is not null"
    ).fetchall()
    communes = connection.execute("select full_name from raw.areas where level = 'commune'").fetchall()
    by_hand = [line for line in programme.narrative(QUARTER).splitlines() if len(line) > 30]
    book = openpyxl.load_workbook(published / "briefing.xlsx")
    everything = {
        "html": "\n".join(printed_texts((published / "briefing.html").read_text(encoding="utf-8"))),
        "facts": (published / "facts.json").read_text(encoding="utf-8"),
        "manifest": (published / "manifest.json").read_text(encoding="utf-8"),
        "inputs": (published / "inputs.json").read_text(encoding="utf-8"),
        "xlsx": "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row),
    }
    assert by_hand and len(sent) > 4 and len(communes) > 100
    names = {name for (name,) in communes if name} - {"Thành phố Hà Nội"}
    for kind, text in everything.items():
        assert [one for (one,) in sent if len(one) > 8 and one in text] == [], kind
        assert [line for line in by_hand if line.lstrip("- ")[:40] in text] == [], kind
        assert [name for name in names if name in text] == [], kind
        assert not re.search(r"Phụ lục|chưa gửi|cần xác minh|submissions|\d\.xlsx", text), kind
    assert {path.name for path in published.iterdir()} == {
        "briefing.pdf", "briefing.html", "briefing.xlsx", "facts.json", "inputs.json", "manifest.json"
    }  # fmt: skip


def test_without_a_threshold_there_is_no_public_edition(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, programme: Programme
) -> None:
    with pytest.raises(UsageError, match=r"Chưa khai public_threshold trong raw/hanoi_08_ctr_tu/programme\.yml"):
        build_public(_with_threshold(programme, None), QUARTER, connection, HOME, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_page_tells_groups_records_and_what_a_plan_is_judged_on(
    programme: Programme, untouched_facts: BriefingFacts, fonts: Fonts, edition_of: Callable[[int], PublicEdition]
) -> None:
    edition = edition_of(5)
    html = briefing_html(programme, untouched_facts, {}, fonts, public=edition)
    text = text_of(html, " ")
    assert html.count('<tr class="group">') == 3
    assert "PHÁT TRIỂN HỆ THỐNG AN SINH XÃ HỘI 1 Tỷ lệ hộ nghèo" in text
    assert "Hoàn thành kế hoạch giai đoạn ghi nhận 2 Số lao động" in text
    assert "133,9 Hoàn thành vượt kế hoạch giai đoạn 3 Tỷ lệ thất nghiệp" in text
    assert "hoặc là số liệu bối cảnh, không đánh giá." in text
    assert "Kế hoạch năm của chỉ tiêu 1 xét trên số liệu: số hộ nghèo giảm trong năm (chưa trừ số tăng)." in text
    assert '"Ghi nhận": kết quả theo kết luận của hội nghị hoặc văn bản' in text
    computed = tuple(replace(one, about=replace(one.about, is_recorded=False)) for one in edition.indicators)
    html = briefing_html(programme, untouched_facts, {}, fonts, public=replace(edition, indicators=computed))
    assert "ghi nhận" not in html.lower()


def test_the_page_says_what_the_sign_means(
    programme: Programme, untouched_facts: BriefingFacts, fonts: Fonts, edition_of: Callable[[int], PublicEdition]
) -> None:
    legend = '"(*)" số nhỏ, không công bố: số từ 1 đến dưới 20'
    for threshold, is_said in ((20, True), (5, False)):
        page = briefing_html(programme, untouched_facts, {}, fonts, public=edition_of(threshold))
        assert (legend in " ".join(page.split())) == is_said
