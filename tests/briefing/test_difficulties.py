"""What is unfinished, slow or overdue: gaps, pace, projections, remedies and tasks as they are printed."""

from __future__ import annotations

import re

import pytest

from pipeline.briefing.facts.outlook import _falls_short
from tests.briefing.test_sentences import text_of


def test_the_table_of_difficulties_says_pace_and_projection(page):
    text = text_of(page(), " ")
    assert "Quản lý sức khỏe Sở Y tế trên 94% khoảng 85% 9 điểm phần trăm +1,9 +0,6 " in text
    assert "đến năm 2025: 89,8%" in text
    assert "Dự báo: giá trị quý IV/2023 cộng mức thay đổi bình quân mỗi quý của 8 kỳ." in text


def test_the_pace_of_a_plan_on_another_measure_has_its_unit(page):
    html = page(
        "update marts.indicator_outlook set pace_measure = 'poor_households', pace_needed = 321, pace_observed = -5"
        " where indicator_code = 'B05'"
    )
    text = text_of(html, " ")
    assert "khoảng 85% 9 điểm phần trăm +321 hộ -5 hộ " in text
    assert text.count("với kế hoạch xét trên số liệu khác là mức mỗi quý của số liệu ấy, kèm đơn vị; cần có:") == 2


def test_indicators_without_a_projection_are_grouped_by_reason(page):
    text = text_of(page("update marts.indicator_progress set status_group = 'on_track' where is_counted"))
    assert re.search(r"Chưa đủ số liệu để dự báo\. .* và \d\d chỉ tiêu khác: mới có 2 kỳ có số liệu so sánh được", text)


def test_an_indicator_at_risk_stands_beside_those_in_difficulty(page):
    text = text_of(page(
        "update marts.indicator_progress set status_group = 'on_track', recorded_reason = null"
        " where indicator_code = 'B05'",
    ))  # fmt: skip
    assert "Có nguy cơ không đạt; đến năm 2025: 89,8%" in text


@pytest.mark.parametrize(
    ("operator", "projected", "expected"),
    [("ge", 93, True), ("ge", 95, False), ("lt", 95, True), ("lt", 93, False), ("yes", 0, False), (None, 0, False)],
)
def test_the_pace_falls_short_below_a_floor_and_above_a_ceiling(operator, projected, expected):
    outlook = {"projected_year_end": projected, "projected_term_end": None}
    goals = {"year_op": operator, "year_value": 94, "term_op": None, "term_value": None}
    assert _falls_short(outlook, goals) is expected


def test_nothing_in_difficulty_is_said(page):
    text = text_of(page("update marts.indicator_progress set status_group = 'term_done'"), " ")
    assert "2. Tồn tại, hạn chế Không có chỉ tiêu gặp khó khăn." in text


def test_last_years_unfinished_indicators_have_owner_and_remedy(page):
    text = text_of(page(), " ")
    assert "Cuối năm 2022 có 03 chỉ tiêu gặp khó khăn; đến nay 01 chỉ tiêu đã đạt tiến độ hoặc hoàn thành:" in text
    assert "Không đạt kế hoạch năm Thống nhất cách tính Sở Y tế" in text
    assert "Không còn trong danh mục chỉ tiêu Chưa giao nhiệm vụ cụ thể" in text


def test_a_first_period_says_nothing_of_last_year(page):
    html = page("delete from marts.unfinished", "delete from marts.indicator_progress where quarter = '2022-Q4'")
    assert "Cuối năm 2022" not in html


def test_a_year_without_difficulties_is_said(page):
    assert "Cuối năm 2022 không có chỉ tiêu nào gặp khó khăn." in text_of(page("delete from marts.unfinished"))


def test_overdue_tasks_stand_first_and_in_the_summary(page):
    text = text_of(page(), " ")
    assert " Quá hạn 01 nhiệm vụ: thống nhất cách tính (Sở Y tế, hạn 15/12/2023)." in text
    assert text.index("Quá hạn 28 ngày") < text.index("chưa định Đang thực hiện")
    assert "Đã hoàn thành 01 nhiệm vụ được giao" in text


def test_long_tasks_are_cut_in_the_summary_between_words(page):
    text = text_of(page(
        "update marts.tasks set task = repeat('rà soát ', 40), due_on = date '2023-12-15', days_overdue = 28,"
        " state_at_quarter = 'overdue' where task_id in ('1', '2')"
    ), " ").partition("I. CÔNG TÁC LÃNH ĐẠO")[0]  # fmt: skip
    tasks = re.findall(r"((?: rà| soát)+)\.\.\. \(Sở Y tế, hạn 15/12/2023\)", text)
    assert "Quá hạn 02 nhiệm vụ: rà soát" in text
    assert len(tasks) == 2 and all(100 < len(task) < 110 for task in tasks)


def test_the_summary_names_four_in_difficulty_and_counts_the_others(page):
    text = text_of(page("update marts.indicator_progress set status_group = 'difficult'"
                        " where indicator_code in ('A04', 'A05', 'A06', 'B05', 'B08', 'B10')"))  # fmt: skip
    named = text.partition("Gặp khó khăn: ")[2].partition(" (mục IV.2).")[0]
    assert named.endswith("; Sở Y tế) và 02 chỉ tiêu khác") and named.count("; Sở") + named.count("; BHXH") == 4


def test_no_task_leaves_no_table(page):
    text = text_of(page("delete from marts.tasks"))
    assert "quá hạn" not in text and "Nhiệm vụ được giao chưa hoàn thành" not in text


def test_both_goals_and_both_statuses_stand_side_by_side(page):
    html = page()
    row = re.search(r"<td>Tỷ lệ người dân được quản lý sức khỏe</td>(.*?)</tr>", html.partition('id="phu-luc-1"')[2])
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1]) if row else []
    assert cells[4:10] == ["trên 94", "90,4", "không đạt", "100", "85", "đúng lộ trình"]
    assert cells[10] == "Không đạt kế hoạch năm"


def test_a_method_break_is_a_footnote(page):
    text = text_of(page())
    assert "Không so sánh với cùng kỳ năm trước: phạm vi tính đã thay đổi." in text
