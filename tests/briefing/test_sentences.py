"""Sentences for none, one, many and missing; what a reporter sent stays text."""

from __future__ import annotations

import re

import pytest

from pipeline.briefing.facts.figure import FactBook
from pipeline.briefing.facts.indicators import indicator_facts
from pipeline.briefing.facts.marts import Marts
from pipeline.errors import GiaobanError
from pipeline.quarters import Quarter


def text_of(html: str, between: str = "") -> str:
    """The words of a page; `between` stands where a tag was, such as a space between cells."""
    return " ".join(re.sub(r"<[^>]+>", between, html.partition("<body>")[2]).replace("&nbsp;", " ").split())


def test_districts_are_named_by_kind(page):
    text = text_of(page())
    assert (
        "gồm: toàn bộ các quận; các huyện Đông Anh, Gia Lâm, Thanh Trì, Đan Phượng, Hoài Đức; thị xã Sơn Tây." in text
    )


def test_no_poor_household_left(page):
    text = text_of(page("update marts.poverty_counts set poor_households = 0"))
    assert "toàn Thành phố không còn hộ nghèo;" in text
    assert "30/30 quận, huyện, thị xã không còn hộ nghèo" in text
    assert "Các quận, huyện, thị xã không còn hộ nghèo." in text and "nghèo còn lại phân bố như sau" not in text


def test_no_district_without_poor_households(page):
    text = text_of(page("update marts.poverty_counts set poor_households = 1 where area_level = 'district'"))
    assert "chưa có đơn vị nào hết hộ nghèo" in text
    assert "Chưa có quận, huyện, thị xã nào hết hộ nghèo." in text


def test_one_district_without_poor_households(page):
    text = text_of(page(
        "update marts.poverty_counts set poor_households = 1 where area_level = 'district' and area_code <> '271'",
        "update marts.poverty_counts set poor_households = 0 where area_code = '271'",
    ))  # fmt: skip
    assert "1/30 quận, huyện, thị xã không còn hộ nghèo: huyện Ba Vì." in text
    assert "690 hộ nghèo còn lại phân bố như sau; số liệu đầy đủ tại Phụ lục II." in text


def test_a_missing_district_is_named_and_never_zero(page):
    html = page(
        "update marts.submission_status set state = 'missing', received_on = null where reporter = '282'",
        "update marts.poverty_counts set poor_households = null, households = null where area_code = '282'",
        "update marts.poverty_counts set areas_reported = 29 where area_code = 'city'",
    )
    text = text_of(html)
    assert "chưa gửi: huyện Mỹ Đức" in text
    assert "(theo số liệu của 29/30 đơn vị báo cáo)" in text
    assert "theo số liệu của 29/30 đơn vị báo cáo, bằng 90,4% kế hoạch năm" in text
    row = re.search(r"<td>Huyện Mỹ Đức</td>(.*?)</tr>", html.partition('id="phu-luc-2"')[2])
    assert row and row[1].startswith(' <td class="figure">…</td>')


def test_a_stock_without_its_whole_has_no_rate(page):
    """690 of nobody knows how many is no rate, least of all 690%."""
    text = text_of(page("update marts.poverty_counts set households = null, persons = null"))
    assert "toàn Thành phố còn 690 hộ nghèo, giảm" in text
    assert "14.880 hộ cận nghèo, giảm" in text
    assert "Nhân khẩu thuộc hộ nghèo: 2.070 khẩu; thuộc hộ cận nghèo: 44.640 khẩu." in text
    assert "690%" not in text and "chưa có số liệu tổng số" not in text


def test_an_unknown_stock_is_not_told_as_none_left(page):
    text = text_of(page("update marts.poverty_counts set near_poor_households = null"))
    assert "; chưa có số liệu hộ cận nghèo." in text
    assert "Chưa có số liệu hộ cận nghèo theo địa bàn." in text
    assert "hết hộ cận nghèo" not in text and "không còn hộ cận nghèo" not in text


def test_urban_districts_are_named_alone_only_where_they_are_all(page):
    text = text_of(page("update marts.poverty_counts set near_poor_households = 0"))
    assert "30/30 quận, huyện, thị xã không còn hộ cận nghèo." in text
    assert "12/12 quận" not in text
    assert "không còn hộ cận nghèo, giảm" in text


def test_the_multidimensional_rate_is_printed_as_that_of_the_near_poor(page):
    text = text_of(page("update staging.indicators set decimals = 1 where numerator = 'near_poor_households'"))
    assert "chiếm 0,03% tổng số hộ dân, giảm" in text and "14.880 hộ cận nghèo, chiếm 0,6%, giảm" in text
    assert "tỷ lệ nghèo đa chiều (hộ nghèo và hộ cận nghèo): 0,7%." in text


def test_no_opening_stock_means_no_change(page):
    text = text_of(page(
        "update marts.poverty_counts set opening_poor_households = null, opening_near_poor_households = null"
    ))  # fmt: skip
    assert "chiếm 0,03% tổng số hộ dân; 14.880 hộ cận nghèo, chiếm 0,65%; tỷ lệ nghèo đa chiều" in text
    assert "so với đầu năm" not in text.partition("Phụ lục I ")[0]


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ("214258", "203027", "đạt 214.258 lượt người, bằng 133,9% kế hoạch năm (160.000 lượt người); tăng 5,5% so với"),
        ("203027", "214258", "đạt 203.027 lượt người, bằng 133,9% kế hoạch năm (160.000 lượt người); giảm 5,2% so với"),
        ("214258", "0", "(160.000 lượt người); tăng 214.258 lượt người so với cùng kỳ năm trước."),
        ("0", "0", "đạt 0 lượt người, bằng 133,9% kế hoạch năm (160.000 lượt người); không đổi so với cùng kỳ"),
        ("0", "5", "giảm 100% so với cùng kỳ năm trước."),
        ("214258", "null", "(160.000 lượt người). Chủ trì: Sở LĐTBXH."),
        ("null", "5", "hằng năm: chưa có số liệu; kế hoạch năm: 160.000 lượt người. Chủ trì"),
    ],
)
def test_a_count_against_the_same_period(page, now, before, said):
    text = text_of(page(
        f"update marts.indicator_progress set numerator = {now}, state = if({now} is null, 'missing', 'value'),"
        f" same_period_numerator = {before}, term_op = null where indicator_code = 'A02'"
    ))  # fmt: skip
    assert said in text[text.index("- Số lao động được giải quyết việc làm") :]


@pytest.mark.parametrize(
    ("poor", "before", "said"),
    [
        ("690", "2134", "giảm 0,065 điểm phần trăm so với cùng kỳ năm trước; kết quả theo ghi nhận."),
        ("2134", "690", "tăng 0,062 điểm phần trăm so với cùng kỳ năm trước; kết quả theo ghi nhận."),
        ("690", "0", "tăng 0,03 điểm phần trăm so với cùng kỳ năm trước; kết quả theo ghi nhận."),
        ("0", "0", "ở mức 0% (0/2.290.000 hộ)"),
    ],
)
def test_a_rate_changes_in_points_also_from_zero(page, poor, before, said):
    text = text_of(page(
        f"update marts.indicator_progress set numerator = {poor}, same_period_numerator = {before}"
        " where indicator_code = 'A01'"
    ))  # fmt: skip
    assert said in text[text.index("- Tỷ lệ hộ nghèo theo chuẩn nghèo của Thành phố:") :]


@pytest.mark.parametrize(
    ("direction", "unit", "estimate", "said"),
    [
        ("lower", "hộ", "false", "Số hộ cận nghèo: còn 15.120 hộ"),
        ("lower", "hộ", "true", "Số hộ cận nghèo: ước còn 15.120 hộ"),
        ("lower", "%", "false", "Số hộ cận nghèo: ở mức 15.120%"),
        ("higher", "hộ", "false", "Số hộ cận nghèo: đạt 15.120 hộ"),
    ],
)
def test_what_should_be_small_is_left_or_at_a_level(page, direction, unit, estimate, said):
    text = text_of(page(
        f"update marts.indicator_progress set direction = '{direction}', unit = '{unit}', is_estimate = {estimate},"
        " is_counted = true where indicator_code = 'near_poor_households'"
    ))  # fmt: skip
    assert said in text


def test_the_first_year_has_no_last_year_to_speak_of(page):
    text = text_of(page(
        "delete from marts.unfinished", "delete from marts.indicator_progress where quarter = '2022-Q4'"
    ))  # fmt: skip
    assert "Chưa có số liệu cuối năm 2022 của Chương trình để xét các chỉ tiêu chưa hoàn thành từ năm trước." in text
    assert "Cuối năm 2022" not in text


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("false", "Cuối năm 2022 không có chỉ tiêu nào gặp khó khăn."),
        ("indicator_code = 'B05'", "Cuối năm 2022 có 01 chỉ tiêu gặp khó khăn; đến nay chưa chỉ tiêu nào đạt tiến độ"),
        (
            "is_overcome",
            "Cuối năm 2022 có 01 chỉ tiêu gặp khó khăn; đến nay 01 chỉ tiêu đã đạt tiến độ hoặc",
        ),
        ("true", "Cuối năm 2022 có 03 chỉ tiêu gặp khó khăn; đến nay 01 chỉ tiêu đã đạt tiến độ hoặc hoàn thành: Sàng"),
    ],
)
def test_none_one_and_some_unfinished_of_last_year(page, held, said):
    assert said in text_of(page(f"delete from marts.unfinished where not ({held})"))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("'282'", "Chưa gửi: huyện Mỹ Đức; số liệu của đơn vị này để trống, không tính là 0."),
        ("'282', '001'", "Chưa gửi: quận Ba Đình, huyện Mỹ Đức; số liệu của các đơn vị này để trống"),
    ],
)
def test_one_and_some_units_that_did_not_send(page, missing, said):
    state = f"update marts.submission_status set state = 'missing', received_on = null where reporter in ({missing})"
    assert said in text_of(page(state))


def test_a_rejected_report_is_told_with_its_errors(page):
    text = text_of(page("update marts.submission_status set state = 'rejected' where reporter = '001'"))
    assert "đã nhận báo cáo của 31/32 đơn vị; không có đơn vị chưa gửi; gửi nhưng chưa dùng được: quận Ba Đình;" in text
    assert "Báo cáo gửi lên chưa dùng được (3 lỗi), đề nghị sửa và gửi lại" in text


def test_everything_missing_is_said(page):
    text = text_of(page(
        "update marts.indicator_progress set state = 'missing', numerator = null, status = 'no_data',"
        " status_print = 'chưa đủ số liệu', status_group = 'unknown', status_source = 'computed'",
        "delete from marts.poverty_counts", "delete from marts.area_comparison",
        "update marts.status_summary set indicators = if(status_group = 'unknown', 27, 0), computed = 27, recorded = 0",
    ))  # fmt: skip
    assert "Chưa đánh giá27/27100%" in text and "và các chỉ tiêu khác" in text
    assert "Không có chỉ tiêu gặp khó khăn." in text
    assert "Tỷ lệ bao phủ bảo hiểm y tế: chưa có số liệu; kế hoạch năm: 93,5%" in text
    assert "Chưa có số liệu để so sánh giữa các địa bàn." in text


def test_a_rate_without_shown_counts_prints_no_counts(page, untouched_facts):
    said = (
        "mức sống trung bình của dân cư nơi cư trú</strong>: đạt <strong>100%</strong>; kết quả theo ghi nhận. Chủ trì"
    )
    assert said in page()
    facts = [fact for fact in untouched_facts.book.facts.values() if fact.indicator == "A09"]
    assert facts
    assert not [fact.key for fact in facts if fact.numerator is not None and "below" not in fact.key]


def test_a_record_that_differs_prints_both(page):
    assert "Hoàn thành kế hoạch giai đoạn (*)<br><em>số liệu: vượt kế hoạch năm</em>" in page()


def test_sent_text_is_inert(page):
    html = page(
        "update marts.remarks set text = '<script>alert(1)</script> {{ 7 * 7 }} 🙂'",
        "update raw.findings set found = '<img src=http://example.org/x>', remedy = 'a\x01b'",
    )
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} [U+1F642]" in html
    assert "&lt;img src=http://example.org/x&gt;" in html
    assert "a[U+0001]b" in html


def test_the_same_remark_of_many_units_stands_once(page):
    rows = ", ".join(
        f"('2023-Q4', '{n:03}', 'Quận {n}', 'area', {n}, 'f', 'H9', 'Mục', 'Chưa có hướng dẫn.', 1)"
        for n in range(1, 6)
    )
    text = text_of(page(f"insert into marts.remarks values {rows}"))
    assert text.count("Mục: chưa có hướng dẫn (quận 1, quận 2, quận 3 và 02 đơn vị khác).") == 1


def test_a_quarter_without_figures_is_not_printed(page):
    with pytest.raises(GiaobanError, match="chưa có số liệu quý IV/2023"):
        page("delete from marts.indicator_progress")


def test_a_programme_without_urban_districts_speaks_of_all(page):
    text = text_of(page("update raw.areas set is_urban = false where level = 'district'"))
    assert "5/30 quận, huyện, thị xã không còn hộ cận nghèo." in text
    assert "5/12 quận" not in text


def test_a_value_that_equals_the_published_one_is_recognised(tmp_path, marts):
    (tmp_path / "published.csv").write_text(
        "quarter,indicator,area,kind,printed,golden\n"
        '2023-Q4,A01,city,rate,"0,03",yes\n2023-Q4,A03,city,rate,"2,02",yes\n2023-Q4,A02,city,count,214.258,no\n',
        encoding="utf-8",
    )
    facts = indicator_facts(Marts(marts, Quarter(2023, 4)), FactBook("2023-Q4", "here"), tmp_path)
    assert [one.code for one in facts if one.matches_published] == ["A01"]


def test_every_sentence_figure_is_a_fact(untouched_facts):
    printed = {fact.printed for fact in untouched_facts.book.facts.values()}
    assert {"20/27 chỉ tiêu", "74%", "690 hộ", "0,03%", "18/30", "5/12 quận", "khoảng 85%", "133,9%"} <= printed
