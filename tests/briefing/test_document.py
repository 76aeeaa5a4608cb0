"""The finished PDF: its pages, fonts, attachments, and the same bytes wherever it is made."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest

from pipeline.briefing.document import REPORTS
from pipeline.briefing.facts.collecting import figures
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.paper.render import render_pdf
from pipeline.briefing.provenance import inputs_record
from pipeline.errors import GiaobanError
from pipeline.quarters import Quarter
from tests.pdf_text import page_texts

QUARTER = Quarter(2023, 4)
APPENDICES = (
    "Phụ lục I KẾT QUẢ", "Phụ lục II SỐ LIỆU", "Phụ lục III TÌNH HÌNH", "Phụ lục IV PHƯƠNG PHÁP",
    "Phụ lục V SỐ LIỆU QUÝ", "Phụ lục VI PHIẾU THEO DÕI", "Phụ lục VII NGUỒN GỐC",
)  # fmt: skip


@pytest.fixture(scope="module")
def pdf(printed: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(printed / "briefing.pdf")


@pytest.fixture(scope="module")
def pages(printed: Path) -> list[str]:
    return page_texts(printed / "briefing.pdf")


def test_the_first_page_has_the_prescribed_heading(pages):
    for words in (
        "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "/BC-SLĐTBXH", "tháng 01 năm 2024",
        "BÁO CÁO", "quý IV/2023 và năm 2023", "TÓM TẮT", "DỰ THẢO", "SỐ LIỆU MINH HỌA",
    ):  # fmt: skip
        assert words in pages[0]


def test_sections_and_appendices_stand_in_order(pages):
    text = " ".join(pages)
    places = [text.index(words) for words in (
        "I. CÔNG TÁC LÃNH ĐẠO", "II. KẾT QUẢ THỰC HIỆN", "III. KẾT QUẢ CỦA CÁC QUẬN, HUYỆN, THỊ XÃ",
        "IV. ĐÁNH GIÁ CHUNG", "V. PHƯƠNG HƯỚNG, NHIỆM VỤ TRỌNG TÂM QUÝ I/2024", "VI. ĐỀ XUẤT, KIẾN NGHỊ",
        "Nơi nhận:", *APPENDICES,
    )]  # fmt: skip
    assert places == sorted(places)


def test_the_last_appendix_says_what_the_briefing_was_made_from(pages):
    text = " ".join(pages).partition("Phụ lục VII NGUỒN GỐC")[2]
    for words in ("Đầu vào của báo cáo này", "Mọi tệp đã nhận đến ngày 12/01/2024", "Danh mục, chỉ tiêu, kế hoạch"):
        assert words in text


def test_marks_stand_on_every_page(pages):
    assert 20 <= len(pages) <= 40
    assert all("DỰ THẢO" in page and "SỐ LIỆU MINH HỌA" in page for page in pages)


def test_page_numbers_restart_in_each_appendix(pages):
    numbers = [found[1] if (found := re.search(r"DỰ THẢO (\d+)", page)) else "" for page in pages]
    first = next(place for place, page in enumerate(pages) if "Phụ lục I KẾT QUẢ" in page)
    assert numbers[:first] == [""] + [str(number) for number in range(2, first + 1)]
    for title in APPENDICES:
        assert numbers[next(place for place, page in enumerate(pages) if title in page)] == "1"


def test_table_heads_repeat_on_every_page_of_a_table(pages):
    first, second = (next(place for place, page in enumerate(pages) if title in page)
                     for title in ("Phụ lục I KẾT QUẢ", "Phụ lục II SỐ LIỆU"))  # fmt: skip
    with_rows = [page for page in pages[first:second] if "Sở" in page]
    assert len(with_rows) > 1
    assert all("Mục tiêu giai đoạn" in page for page in with_rows)


def test_the_signature_is_not_alone_on_its_page(pages):
    signed = next(page for page in pages if "Nơi nhận:" in page)
    assert "Trên đây là báo cáo" in signed


def test_only_the_pinned_font_is_embedded(pdf):
    names = {str(font.get_object()["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert names
    assert all("Times-New-Roman" in name for name in names)


def test_the_file_is_tagged_titled_and_carries_its_sources(pdf, printed):
    assert pdf.metadata and "Kết quả thực hiện" in str(pdf.metadata.title)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    for name in ("inputs.json", "facts.json"):
        assert pdf.attachments[name] == [(printed / name).read_bytes()]


def test_facts_json_holds_the_figures_that_are_printed_and_no_other(printed, pages, untouched_facts):
    listed = {one["key"] for one in json.loads((printed / "facts.json").read_bytes())}
    known = untouched_facts.book.facts
    screen = (printed / "briefing.html").read_text(encoding="utf-8")
    marked = {unescape(key) for key in re.findall('data-fact="([^"]+)"', screen)}
    assert marked <= listed < set(known)
    text = "".join("".join(pages).split())
    others = {key: known[key] for key in listed - marked}  # within other words, or in a chart alone
    assert {"outlook.B05.projected_term_end"} <= set(others)
    assert [key for key, one in others.items() if "".join(one.number.split()) not in text] == []
    assert "poverty.271.coverage" in known.keys() - listed  # only said where somebody did not report


def test_charts_say_their_finding(printed, pdf):
    data = (printed / "briefing.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    alts = []
    stack = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while stack:
        node = stack.pop().get_object()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            alts += [str(node["/Alt"])] if "/Alt" in node else []
            stack += [node["/K"]] if "/K" in node else []
    assert any("Huyện Ba Vì với 264 hộ" in alt for alt in alts)


def test_the_manifest_knows_every_output(printed):
    manifest = json.loads((printed / "manifest.json").read_text(encoding="utf-8"))
    for name in ("briefing.pdf", "facts.json", "inputs.json"):
        assert manifest["outputs"][name] == sha256((printed / name).read_bytes()).hexdigest()
    assert manifest["inputs"] == json.loads((printed / "inputs.json").read_text(encoding="utf-8"))
    assert manifest["inputs"]["document_date"] == "2024-01-12"


def test_an_earlier_state_rests_on_the_rows_of_its_time(programme, fonts, marts):
    def record(as_of: date | None) -> dict[str, Any]:
        return inputs_record(programme, QUARTER, Marts(marts, QUARTER), fonts, as_of, date(2024, 1, 12))

    whole, cut = record(None), record(date(2024, 1, 31))
    assert "targets.csv" in whole["files"] and not whole["tables"]
    assert "targets.csv" not in cut["files"] and not [name for name in cut["files"] if "register" in name]
    marts.execute("delete from raw.targets where indicator_code = 'A01'")
    changed = record(date(2024, 1, 31))
    assert [name for name in cut["tables"] if cut["tables"][name] != changed["tables"][name]] == ["raw.targets"]


def test_a_missing_font_is_told(tmp_path):
    (tmp_path / "fonts.yml").write_text(
        f"family: X\nfolders: [{tmp_path}]\nfaces: [{{file: a.ttf, weight: normal, style: normal, sha256: 00}}]\n"
    )
    with pytest.raises(GiaobanError, match=r"Không tìm thấy phông chữ a\.ttf"):
        load_fonts(tmp_path)
    (tmp_path / "a.ttf").write_bytes(b"other")
    with pytest.raises(GiaobanError, match="khác bản đã ghim"):
        load_fonts(tmp_path)


def test_a_character_the_font_lacks_stops_the_print(fonts):
    with pytest.raises(GiaobanError, match=r"ký tự '🙂' \(U\+1F642\) trong văn bản: \"…xin chào 🙂 các bạn…\""):
        render_pdf("<p>xin chào 🙂 các bạn</p>", fonts, {}, {}, [], date(2024, 1, 12), bytes(16))


def test_a_foreign_address_stops_the_print(fonts):
    with pytest.raises(GiaobanError, match=r"http://example\.org/x\.png"):
        render_pdf('<img src="http://example.org/x.png" alt="x">', fonts, {}, {}, [], date(2024, 1, 12), bytes(16))


def test_every_style_and_chart_names_only_the_pinned_family():
    for path in REPORTS.glob("**/*.css"):
        families = [line for line in path.read_text(encoding="utf-8").splitlines() if "font-family" in line]
        assert all("Times New Roman" in line for line in families)


def test_figures_are_printed_as_in_the_briefing(programme, marts):
    marts.execute(
        "create table marts.indicator_values as select quarter, indicator_code, area_code, state, value, numerator,"
        " denominator, scale, 1 as areas_reported, 1 as areas_expected, is_estimate, qualifier, basis"
        " from marts.area_comparison union all select quarter, indicator_code, 'city', state, value, numerator,"
        " denominator, scale, areas_reported, areas_expected, is_estimate, qualifier, basis"
        " from marts.indicator_progress"
    )
    city = {row["indicator"]: row for row in figures(marts, programme, QUARTER)}
    assert city["A01"] | {"basis": ""} == {
        "indicator": "A01", "area": "city", "quarter": "2023-Q4", "value": pytest.approx(0.0301310044),
        "numerator": 690, "denominator": 2290000, "unit": "%", "printed": "0,03%", "basis": "",
        "coverage": "30/30", "status": "hoàn thành kế hoạch giai đoạn",
    }  # fmt: skip
    assert city["A09"]["numerator"] is None
    assert len(figures(marts, programme, QUARTER, indicator="A05")) == 31
    assert [row["indicator"] for row in figures(marts, programme, QUARTER, "A05", "001")] == ["A05"]
