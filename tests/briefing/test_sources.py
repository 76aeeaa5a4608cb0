"""Files that cannot be used, files not in the register, checks in words, revisions of an issued briefing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.briefing.document import REPORTS, briefing_html
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.programme import load_programmes
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.test_sentences import text_of

REFUSED = (
    "insert into raw.submissions values ('2023-Q4', 'u', '<b>la.xlsx</b>', null, false),"
    " ('2023-Q4', 'v', 'cu.xls', null, false)",
    "insert into raw.findings values"
    " ('2023-Q4', 'u', '<b>la.xlsx</b>', null, 'reporter-unknown', 'error', 'Biểu 01', '', 'không rõ đơn vị gửi',"
    " 'dòng ''Đơn vị báo cáo''', 'Ghi tên đơn vị ở đầu biểu rồi gửi lại.'),"
    " ('2023-Q4', 'v', 'cu.xls', '001', 'not-a-number', 'error', 'Biểu 02', 'E3', 'bí mật', 'số', 'Sửa ô E3.')",
)


def test_unusable_files_are_listed_and_counted(page):
    html = page(*REFUSED)
    text = text_of(html)
    assert "; 02 tệp không sử dụng được (Phụ lục III);" in text
    assert "Tệp không sử dụng được: 02 tệp" in text
    assert "&lt;b&gt;la.xlsx&lt;/b&gt;" in html and "<b>la" not in html
    assert "Không rõ đơn vị gửi (cần: dòng &#39;Đơn vị báo cáo&#39;)" in html
    assert "Ghi tên đơn vị ở đầu biểu rồi gửi lại" in text


def test_contents_of_an_unusable_file_are_never_printed(page):
    html = page(*REFUSED)
    assert "01 lỗi trong biểu" in html
    assert "bí mật" not in html


def test_a_file_accepted_under_another_receipt_is_not_unusable(page):
    html = page("insert into raw.submissions values ('2023-Q4', 's', 'ban-sao.xlsx', null, false)")
    assert "Tệp không sử dụng được" not in html


def test_files_not_in_the_register_are_named(page):
    text = text_of(page(
        "insert into raw.receipts values ('2023-Q4', 2, 'moi.xlsx', 't', null, 'illustrative', false)"
    ))  # fmt: skip
    assert "; 01 tệp chưa vào sổ (Phụ lục III);" in text
    assert "01 tệp có trong thư mục nhưng chưa vào sổ: moi.xlsx." in text


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("poor_households", "Tổng số hộ nghèo cuối kỳ"),
        ("poor_households last_year", "Tổng số hộ nghèo cuối kỳ (cùng kỳ năm trước)"),
        ("A05 Biểu 01!E14", "Tham gia BHXH, Biểu 01, ô E14"),
        ("poor_new", "Phát sinh mới"),
        ("271", "Huyện Ba Vì"),
    ],
)
def test_subjects_of_checks_are_spelt_out(page, subject, said):
    html = page(f"update checks.poverty_conservation set subject = '{subject}'")
    assert f"<td>{said}</td>" in html


def test_a_draft_is_preliminary_and_an_issued_quarter_is_not(page):
    assert "(Số liệu sơ bộ, tổng hợp đến 12/01/2024)" in page()
    html = page("insert into raw.issues values ('2023-Q4', '15/BC', date '2024-01-15', '', '', '')")
    assert "(Số liệu tổng hợp đến 12/01/2024)" in html


def test_revised_figures_are_marked_and_explained(page):
    html = page(
        "insert into raw.issues values ('2023-Q4', '15/BC', date '2024-01-15', '', '', '')",
        "update marts.indicator_progress set mark = 'r' where indicator_code = 'A08'",
        "update marts.area_comparison set mark = 'r' where indicator_code = 'A08' and area_code = '271'",
        "create table marts.indicator_values as select quarter, indicator_code, 'city' as area_code, state, numerator,"
        " denominator, areas_reported, areas_expected, is_estimate, qualifier, basis from marts.indicator_progress",
        "insert into marts.revisions values ('2023-Q4', 'A08', 'city', '92,4%', 'missed', 'year_met',"
        " 'Huyện Ba Vì gửi lại báo cáo ngày 20/01/2024')",
    )
    text = text_of(html)
    assert "So với Báo cáo số 15/BC ngày 15/01/2024" in text
    assert "(Đính chính Báo cáo số 15/BC ngày 15/01/2024; xem Phụ lục V)" in text
    assert '@top-left { content: "DỰ THẢO - ĐÍNH CHÍNH"; }' in html
    assert re.search(r"<strong>93,\d</strong><sup>r</sup>", html)
    assert len(re.findall(r"\d<sup>r</sup></td>", html)) == 1  # the district in appendix II
    assert "92,4%<br><em>không đạt kế hoạch năm</em>" in html
    assert "Huyện Ba Vì gửi lại báo cáo ngày 20/01/2024" in text


def test_nothing_revised_is_said(page):
    html = page()
    assert "<sup>r</sup>" not in html and "Đính chính Báo cáo" not in html and "ĐÍNH CHÍNH" not in html
    assert "Báo cáo quý IV/2023 chưa phát hành lần nào." in html
    issued = page("insert into raw.issues values ('2023-Q4', '15/BC', date '2024-01-15', '', '', '')")
    assert "Không có thay đổi so với Báo cáo số 15/BC ngày 15/01/2024." in issued


def test_remarks_are_printed_where_they_belong(page):
    rows = ", ".join(
        f"('2023-Q4', '271', 'Huyện Ba Vì', 'area', 17, 'f', 'H9', 'Hỏa táng', '{text}', {place})"
        for place, text in enumerate(
            ("Cách làm hay: đưa vào hương ước", "Kiến nghị: bổ sung kinh phí", "Đề nghị cấp thêm xe", "Đã có hai lò"), 1
        )
    )
    text = text_of(page(f"insert into marts.remarks values {rows}"))
    assert text.index("1. Kết quả nổi bật") < text.index("Hỏa táng: đưa vào hương ước (huyện Ba Vì)")
    assert text.index("VI. ĐỀ XUẤT") < text.index("Hỏa táng: bổ sung kinh phí (huyện Ba Vì)")
    assert text.index("VI. ĐỀ XUẤT") < text.index("Hỏa táng: đề nghị cấp thêm xe (huyện Ba Vì)")
    difficulties, causes = text.index("3. Khó khăn, vướng mắc"), text.index("4. Nguyên nhân")
    assert difficulties < text.index("Sàng lọc trước sinh: thiếu kinh phí mua sinh phẩm xét nghiệm (huyện S") < causes
    others = text.index("5. Nội dung khác các đơn vị ghi trong biểu báo cáo")
    assert causes < others < text.index("Hỏa táng: đã có hai lò (huyện Ba Vì)") < text.index("V. PHƯƠNG HƯỚNG")
    assert "5. Nội dung khác" not in page("delete from marts.remarks")


def test_notes_of_indicators_not_due_are_left_out(page):
    html = page(
        "update staging.indicators set is_due = false where indicator_code = 'B10'",
        "insert into marts.remarks select '2023-Q4', '271', 'Huyện Ba Vì', 'area', 17, 'f', 'H9', name_vi,"
        " 'Báo cáo năm', 1 from staging.indicators where indicator_code = 'B10'",
    )
    assert "áo cáo năm (huyện" not in html


def test_movements_contributions_and_both_readings_of_town_and_country(page):
    text = text_of(page())
    assert "Đóng góp nhiều nhất vào mức giảm 1.444 hộ nghèo" not in text  # made-up openings give another change
    assert re.search(r"Đóng góp nhiều nhất vào mức giảm [\d.]+ hộ nghèo của toàn Thành phố: huyện Ba Vì \(giảm", text)
    assert "Biến động ngược lại: huyện Mỹ Đức (tăng" in text
    assert text.index("Tính theo loại đơn vị hành chính cấp xã") < text.index("Tính trọn theo loại đơn vị")


def test_a_year_without_movement_prints_no_table_of_zeros(page):
    text = text_of(page(
        "update marts.poverty_counts set opening_poor_households = poor_households,"
        " opening_near_poor_households = near_poor_households"
    ))  # fmt: skip
    assert "Từ đầu năm chưa có biến động hộ nghèo, hộ cận nghèo." in text
    assert "không đổi so với đầu năm" in text
    assert "Đóng góp nhiều nhất" not in text


def test_a_figure_says_what_to_ask_the_trace_for(untouched_facts: BriefingFacts):
    facts = {key: fact.as_json("hanoi_08_ctr_tu") for key, fact in untouched_facts.book.facts.items()}
    here = {"programme": "hanoi_08_ctr_tu", "quarter": "2023-Q4"}
    assert facts["indicator.A01.value"]["trace"] == here | {"indicator": "A01", "area": "city"}
    assert facts["poverty.271.poor"]["trace"] == here | {"indicator": "poor_households", "area": "271"}
    assert facts["poverty.urban_communes.poor_rate"]["trace"]["indicator"] == "poverty_rate"
    assert facts["summary.total"]["trace"]["indicator"] == "status_summary"
    assert facts["indicator.A02.change_same_period"]["trace"]["indicator"] == "A02.same_period_growth"
    assert facts["submissions.received"]["trace"]["indicator"] == "reporters_received"
    assert [key for key, fact in facts.items() if fact["value"] is not None and not fact["trace"]] == []


def test_templates_and_code_name_no_programme(programme):
    """Terms of one programme's units come from its folder."""
    words = {term for one in load_programmes(HOME).loaded for term in (
        one.document.area_term, one.document.urban_district_term, one.document.place, one.document.symbol,
    )} | {"Thành phố", "toàn tỉnh", "huyện"}  # fmt: skip
    for path in (*REPORTS.rglob("*.j2"), *REPORTS.rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text.replace("cấp huyện", "")], path.name


def test_another_programme_is_printed_in_its_own_words(programme, fonts, marts):
    terms = {
        "area_term": "huyện, thị xã, thành phố", "top_area_term": "tỉnh", "urban_district_term": "thành phố, thị xã",
    }  # fmt: skip
    heading = programme.heading.model_copy(update={"document": programme.document.model_copy(update=terms)})
    other = replace(programme, heading=heading)
    text = text_of(briefing_html(other, collect(other, QUARTER, marts, HOME / "sql"), {}, fonts))
    assert "toàn tỉnh còn 690 hộ nghèo" in text
    assert "5/12 thành phố, thị xã không còn hộ cận nghèo." in text
    assert "III. KẾT QUẢ CỦA CÁC HUYỆN, THỊ XÃ, THÀNH PHỐ" in text
    assert "toàn Thành phố" not in text.partition("IV. ĐÁNH GIÁ CHUNG")[0]
