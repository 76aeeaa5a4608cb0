"""A district's two pages: the figures of the briefing, whatever its senders wrote, in any process the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import duckdb
import pypdf
import pytest

from pipeline.briefing.area_pages import AreaPage, Order, area_pages, area_printing, printing
from pipeline.briefing.area_pages.figures import AreaRemark
from pipeline.briefing.area_pages.layout import area_charts, area_html
from pipeline.briefing.area_pages.printing import Printed, earlier_pages, print_pages
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.quality import Doubt
from pipeline.briefing.facts.trends import Trend, TrendPoint
from pipeline.briefing.paper.fonts import Fonts
from pipeline.briefing.paper.render import PageCountError
from pipeline.briefing.provenance import is_up_to_date, manifest, to_json, undated_record
from pipeline.cli.arguments import asked_areas
from pipeline.errors import GiaobanError, UsageError
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests.pdf_text import page_texts

QUARTER = Quarter(2023, 4)
MARK = "DỰ THẢO"
INPUTS = {"quarter": "2023-Q4", "programme": "x", "as_of": None, "files": {}}
HOSTILE = '</style><script>alert(1)</script><img src="file:///etc/passwd"> {{ page }} =1+1 🙂 ' + "rất dài " * 60
Made = Callable[..., tuple[BriefingFacts, dict[str, AreaPage]]]


@pytest.fixture
def made(programme: Programme, marts: duckdb.DuckDBPyConnection) -> Made:
    """The facts of the briefing and the pages by district, after some SQL changed the marts."""

    def build(*changes: str) -> tuple[BriefingFacts, dict[str, AreaPage]]:
        for change in changes:
            marts.execute(change)
        facts = collect(programme, QUARTER, marts, programme.home / "sql")
        return facts, {page.area.code: page for page in area_pages(Marts(marts, QUARTER), facts)}

    return build


def line(page: AreaPage, order: int):
    return next(line for line in page.lines if line.order == order)


def test_the_figures_are_the_briefings_own(made: Made):
    facts, pages = made()
    assert facts.poverty and list(pages) == [area.code for area in facts.districts] and len(pages) == 30
    orders = {one.indicator.code: one.indicator.order for one in facts.comparison.indicators}
    for compared in facts.comparison.areas:
        page = pages[compared.area.code]
        assert page.below is compared.below and len(page.below_names) == compared.below.value
        for one, cell in zip(facts.comparison.indicators, compared.cells, strict=True):
            own = [line for line in page.lines if line.order == orders[one.indicator.code]]
            assert [line.value for line in own] == ([cell.value] if cell else [])
            assert all(line.whole is one.indicator.value and line.is_below == cell.is_below for line in own if cell)
    for row in facts.poverty.districts:
        assert pages[row.area.code].poverty is row and pages[row.area.code].whole_poverty is facts.poverty.city
    shared = set(pages["271"].facts()) & set(facts.book.facts)
    assert len(shared) > 50
    assert all(pages["271"].facts()[key] is facts.book.facts[key] for key in shared)


def test_a_figure_that_is_context_is_never_marked_below(made: Made, programme: Programme, fonts: Fonts):
    def below(pages: dict[str, AreaPage]) -> list[bool]:
        return [line.is_below for page in pages.values() for line in page.lines if line.name == "Tham gia BHXH"]

    _, counted = made()
    _, context = made("update marts.indicator_progress set is_counted = false where indicator_code = 'A05'")
    assert len(below(counted)) == len(below(context)) == 30
    assert any(below(counted)) and not any(below(context))
    for page in context.values():
        html = area_html(page, page, programme.document, {}, fonts, {}, MARK, "roomy")
        assert page.below and html.count('class="figure below"') == len(page.below_names) == page.below.value


@pytest.mark.parametrize(
    ("code", "poor", "opening", "said"),
    [
        ("001", 0, 0, "không có hộ nghèo; toàn"),
        ("271", 0, 803, "không còn hộ nghèo (giảm 803 hộ so với đầu năm); toàn"),
        ("271", 803, 803, "còn <strong>803 hộ</strong>, tỷ lệ <strong>1,02%</strong> (không đổi so với đầu năm); toàn"),
        ("271", 3, 0, "(tăng 3 hộ so với đầu năm); toàn"),
        ("271", 0, "null", "không còn hộ nghèo; toàn"),
    ],
)
def test_none_left_and_none_ever_are_two_things(
    made: Made, programme: Programme, fonts: Fonts, code: str, poor: int, opening: int | str, said: str
):
    _, pages = made(f"update marts.poverty_counts set poor_households = {poor}, opening_poor_households = {opening}"
                    f" where area_code = '{code}'")  # fmt: skip
    html = area_html(pages[code], pages[code], programme.document, {}, fonts, {}, MARK, "roomy")
    (lead,) = [line for line in html.splitlines() if "- Hộ nghèo: " in line]
    assert said in lead and lead.count("đầu năm") == said.count("đầu năm")


def test_what_was_agreed_to_correct_is_told_to_its_district(made: Made, programme: Programme, fonts: Fonts):
    _, pages = made(
        "create table staging.corrections as select '2023-Q4' as quarter, '271' as area_code, 'jobs_created' as"
        " measure, 'actual' as series, 10.0::decimal(18, 4) as old_value, 9.0::decimal(18, 4) as new_value,"
        " 'nhầm' as reason, 'Sở' as agreed_by, date '2024-01-05' as agreed_on"
    )
    told = ("Đã thống nhất điều chỉnh (Huyện Ba Vì): số lao động được giải quyết việc làm, đã gửi 10 lượt người,"
            " nay dùng 9 lượt người; đề nghị gửi lại tệp đúng.")  # fmt: skip
    for code, page in pages.items():
        figures: dict[str, str] = {}
        html = area_html(page, page, programme.document, {}, fonts, figures, MARK, "roomy")
        assert (told in html) == (code == "271") == ("corrections.271.jobs_created" in figures)
        assert html.count("Đã thống nhất điều chỉnh") == (code == "271")
    assert "corrections.271.jobs_created" in pages["271"].facts()


def test_areas_with_the_same_figure_share_a_rank_and_one_without_has_none(made: Made):
    _, pages = made("update marts.area_comparison set rank = 7, areas_at_rank = 2"
                    " where indicator_code = 'A05' and area_code in ('001', '002')",
                    "update marts.area_comparison set rank = null where indicator_code = 'B05' and area_code = '282'",
                    "update marts.area_comparison set areas_ranked = 29 where indicator_code = 'B05'")  # fmt: skip
    for code in ("001", "002"):
        assert str(line(pages[code], 5).rank) == "7/30" and line(pages[code], 5).is_tied
    assert not line(pages["003"], 5).is_tied
    missing = line(pages["282"], 20)
    assert missing.rank is None and missing.value.cell == "…" and str(line(pages["281"], 20).rank).endswith("/29")


def test_the_plan_of_the_district_stands_beside_its_figure(made: Made, programme: Programme, fonts: Fonts):
    _, without = made()
    _, pages = made("update marts.area_comparison set plan_op = 'ge', plan = 40, completion_numerator = 46,"
                    " completion_denominator = 40 where indicator_code = 'A05' and area_code = '001'")  # fmt: skip
    goal = line(pages["001"], 5).goal
    assert goal and (str(goal.plan), str(goal.completion)) == ("40%", "115%")
    assert goal.plan.trace and (goal.plan.trace.subject, goal.plan.trace.area) == ("A05.year_plan", "001")
    html = area_html(pages["001"], pages["001"], programme.document, {}, fonts, {}, MARK, "roomy")
    assert "Kế hoạch năm của địa bàn" in html and "40 (115%): " in html
    html = area_html(without["001"], without["001"], programme.document, {}, fonts, {}, MARK, "roomy")
    assert "Kế hoạch năm của địa bàn" not in html


def test_there_are_two_pages_whatever_the_senders_wrote(made: Made, programme: Programme):
    _, pages = made()
    page = pages["271"]
    loud = replace(
        page, doubts=tuple(Doubt("Huyện Ba Vì", HOSTILE, HOSTILE, HOSTILE, "") for _ in range(40)),
        remarks=tuple(AreaRemark("Khó khăn", HOSTILE, HOSTILE) for _ in range(40)),
    )  # fmt: skip
    first, second = page_texts(print_pages(Order(loud, programme.document, INPUTS, MARK)).data)
    assert "SỐ LIỆU QUÝ IV/2023 CỦA HUYỆN BA VÌ" in first and "Xếp hạng" in first
    assert "<script>alert(1)</script>" in second and "{{ page }}" in second and "[U+1F642]" in second
    assert "liệu khác cần xác minh, xem Phụ lục III" in second and "Ý kiến khác: xem biểu báo cáo" in second
    assert all(mark in text for text in (first, second) for mark in ("DỰ THẢO", "SỐ LIỆU MINH HỌA"))


def test_what_finds_no_room_at_all_is_told_and_not_printed(made: Made, programme: Programme, monkeypatch):
    _, pages = made()

    def too_long(*_: object) -> bytes:
        raise PageCountError("3")

    monkeypatch.setattr("pipeline.briefing.paper.render.render_pdf", too_long)
    with pytest.raises(GiaobanError, match="Số liệu của Huyện Ba Vì không xếp vừa 2 trang"):
        print_pages(Order(pages["271"], programme.document, INPUTS, MARK))


def test_the_trend_says_what_it_shows_and_is_a_labelled_gap_without_figures(
    made: Made, programme: Programme, fonts: Fonts
):
    _, pages = made()
    page = pages["271"]
    assert page.trends == ()
    html = area_html(page, page, programme.document, {}, fonts, {}, MARK, "roomy")
    assert "[Chưa có biểu đồ diễn biến tỷ lệ hộ nghèo, vì chưa có số liệu của hai quý]" in html
    own, whole = line(page, 5).value, line(page, 5).whole
    moments = [TrendPoint("III/2023", 1, own, False, ""), TrendPoint("IV/2023", 2, own, False, "")]
    beside = [replace(point, value=whole) for point in moments]
    trends = ((Trend("A01", "Tỷ lệ hộ nghèo", tuple(moments)), Trend("A01", "Tỷ lệ hộ nghèo", tuple(beside))),)
    charts = area_charts(replace(page, trends=trends), programme.document, fonts)
    alt = charts["trend"].alt
    assert alt == f"Biểu đồ: Tỷ lệ hộ nghèo giữ ở mức {own} từ III/2023 đến IV/2023, mức chung {whole}."
    assert "huyện Ba Vì (đường liền), toàn Thành phố (đường đứt)" in charts["trend"].title


def test_workers_make_the_same_bytes_as_one_process_and_each_file_carries_its_figures(
    made: Made, programme: Programme, monkeypatch
):
    _, pages = made()
    two = [pages[code] for code in ("001", "271")]
    monkeypatch.setattr(printing, "FEWEST", 2)
    orders = [Order(page, programme.document, INPUTS, MARK) for page in two]
    with area_printing(orders, workers=2) as collect:
        there = collect(lambda _: None)
    assert there == {order.name: print_pages(order) for order in orders}
    assert list(there) == ["areas/001.pdf", "areas/271.pdf"]
    read = pypdf.PdfReader(BytesIO(there["areas/271.pdf"].data))
    root = read.trailer["/Root"]
    assert len(read.pages) == 2 and root["/Lang"] == "vi" and root["/MarkInfo"]["/Marked"]
    (facts,), (inputs,) = read.attachments["facts.json"], read.attachments["inputs.json"]
    assert json.loads(inputs) == INPUTS
    text, known = " ".join(page_texts(there["areas/271.pdf"].data)), two[1].facts()
    listed = {one["key"] for one in json.loads(facts)}
    assert {one.value.key for one in two[1].lines} <= listed < set(known)
    assert [key for key in listed if not {known[key].cell, known[key].number, known[key].printed} & {*text.split()}
            and known[key].printed not in text and known[key].number not in text] == []  # fmt: skip


def test_pages_are_taken_over_where_nothing_in_them_changed(made: Made, programme: Programme, tmp_path: Path):
    """A sum of the whole that moves by what nobody sees is no change; a rank is."""

    def order(*changes: str) -> Order:
        page = made(*changes)[1]["001"]
        return Order(page, programme.document, INPUTS, MARK, earlier_pages(tmp_path).get("areas/001.pdf"))

    def printed_now(*changes: str) -> Printed:
        return print_pages(order(*changes))

    first = printed_now()
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "001.pdf").write_bytes(first.data)
    record = {"areas/001.pdf": first.made_from}, {"areas/001.pdf": sha256(first.data).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps(dict(zip(("made_from", "outputs"), record, strict=True))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.briefing.paper.render.render_pdf", None)  # nothing is laid out
        assert printed_now() == first
        whole = "update marts.indicator_progress set numerator = numerator * 1.0001 where indicator_code = 'A05'"
        assert printed_now(whole) == first
    (tmp_path / "areas" / "001.pdf").write_bytes(first.data + b" ")  # touched since
    assert printed_now() == first
    other = printed_now("update marts.area_comparison set rank = 9 where indicator_code = 'A05' and area_code = '001'")
    assert other.data != first.data and other.made_from != first.made_from
    assert earlier_pages(tmp_path / "nothing") == {}


class Pool:
    """Workers that do their work at once, in this process; one district kills them."""

    opened: ClassVar[list[list[str]]] = []
    closed: ClassVar[list[bool]] = []

    def __init__(self, *_: object, **__: object) -> None:
        self.opened.append([])

    def submit(self, _: object, order: Order) -> Future[Printed]:
        self.opened[-1].append(order.page.area.code)
        done: Future[Printed] = Future()
        if order.page.area.code == "008":
            done.set_exception(BrokenProcessPool())
        else:
            done.set_result(Printed(b"", order.name))
        return done

    def shutdown(self, cancel_futures: bool) -> None:
        self.closed.append(cancel_futures)


def test_workers_are_replaced_after_some_pages_and_a_dead_one_is_told(made: Made, programme: Programme, monkeypatch):
    _, pages = made()
    monkeypatch.setattr(printing, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(printing, "PAGES_PER_WORKER", 2)
    said: list[str] = []
    orders = [Order(page, programme.document, INPUTS, MARK) for page in pages.values()]
    with area_printing(orders[:7], workers=2) as collect:
        files = collect(said.append)
    assert [(name, one.made_from) for name, one in files.items()] == [(one.name, one.name) for one in orders[:7]]
    assert Pool.opened == [["001", "002", "003", "004"], ["005", "006", "007"]] and Pool.closed == [True, True]
    assert said[-1] == "Trang địa bàn 7/7: Quận Hai Bà Trưng"
    with (
        pytest.raises(GiaobanError, match=r"dừng giữa chừng sau 7/8 địa bàn.*--areas none"),
        area_printing(orders[:8], workers=2) as collect,
    ):
        collect(said.append)
    assert Pool.closed == [True] * 4
    with pytest.raises(KeyError), area_printing(orders[:7], workers=2):
        raise KeyError  # the briefing itself failed meanwhile
    assert Pool.closed == [True] * 5


def test_districts_are_asked_for_by_code_or_name(programme: Programme):
    assert asked_areas(programme, QUARTER, "all") is None
    assert asked_areas(programme, QUARTER, "none") == ()
    assert asked_areas(programme, QUARTER, "271, Ba Đình,271") == ("001", "271")
    for wrong in ("city", "999", "00001", ","):
        with pytest.raises(UsageError, match="Viết all, none hoặc các mã cách nhau bằng dấu phẩy: 001 Ba Đình"):
            asked_areas(programme, QUARTER, wrong)


@pytest.mark.parametrize(
    ("printed", "asked", "is_there"),
    [(None, None, True), (None, (), True), (None, ("001",), True), (("001",), ("001",), True), (("001",), (), True),
     (("001",), None, False), (("001",), ("001", "002"), False), ((), ("001",), False)],
)  # fmt: skip
def test_a_set_is_up_to_date_for_those_districts_whose_pages_it_has(
    programme: Programme, fonts: Fonts, tmp_path: Path, printed, asked, is_there
):
    record = undated_record(programme, QUARTER, fonts) | {"as_of": None}
    (tmp_path / "manifest.json").write_bytes(to_json(manifest(record, {}, printed)))
    assert is_up_to_date(programme, QUARTER, tmp_path, asked) == is_there
