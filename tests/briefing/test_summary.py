"""The summary on the first page: counts, what changed since the last quarter, what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.briefing.facts.last_quarter import _moves
from tests.briefing.test_sentences import text_of


def test_the_summary_answers_what_decision_makers_ask(page):
    text = text_of(page(), " ").partition("I. CÔNG TÁC LÃNH ĐẠO")[0]
    assert "Hoàn thành và hoàn thành vượt kế hoạch giai đoạn 20/27 74% " in text
    assert "Hoàn thành và vượt kế hoạch năm 5/27 19% " in text and "Gặp khó khăn 2/27 7% " in text
    text = text_of(page()).partition("I. CÔNG TÁC LÃNH ĐẠO")[0]
    assert "So với quý trước: chưa có số liệu quý trước của Chương trình." in text
    assert "toàn Thành phố còn 690 hộ nghèo, chiếm 0,03% tổng số hộ dân; 18/30 quận, huyện, thị xã" in text
    assert "5/12 quận không còn hộ cận nghèo." in text
    assert "Quản lý sức khỏe (khoảng 85%, kế hoạch trên 94%; Sở Y tế)" in text
    assert "không có đơn vị chưa gửi; gửi chậm: huyện Sóc Sơn, huyện Phú Xuyên" in text
    assert "Số liệu còn thiếu: đã nhận báo cáo của 32/32 đơn vị; không có đơn vị chưa gửi;" in text
    assert text.endswith("(Phụ lục III); chưa có hoặc chưa đủ số liệu: Sữa học đường (Sở GDĐT). ")


def test_a_summary_in_which_nothing_is_missing_speaks_of_figures_only(page):
    text = text_of(page(
        "update marts.indicator_progress set numerator = 1, denominator = 2, state = 'value'"
        " where indicator_code = 'B08'"
    )).partition("I. CÔNG TÁC LÃNH ĐẠO")[0]  # fmt: skip
    assert " Số liệu: đã nhận báo cáo của 32/32 đơn vị; không có đơn vị chưa gửi;" in text
    assert text.endswith("không có chỉ tiêu đến kỳ mà thiếu số liệu. ")


@pytest.mark.parametrize(
    ("status", "is_due", "missing"),
    [
        ("not_assessable", True, ["B08"]),
        ("no_data", True, ["B08"]),
        ("not_assessable", False, []),
        ("not_due", False, []),
    ],
)
def test_what_has_no_figure_is_missing_unless_it_is_not_due(untouched_facts, status, is_due, missing):
    groups = tuple(
        replace(group, indicators=tuple(replace(one, status=status, is_due=is_due) if one.code == "B08" else one
                                        for one in group.indicators))
        for group in untouched_facts.groups
    )  # fmt: skip
    assert [one.code for one in replace(untouched_facts, groups=groups).without_data] == missing


LAST_QUARTER = (
    "insert into marts.status_summary by name select * replace ('2023-Q3' as quarter, 1 as indicators)"
    " from marts.status_summary",
    "insert into marts.indicator_progress by name select '2023-Q3' as quarter, indicator_code, true as is_counted,"
    " case when indicator_code = 'B05' then 'on_track' when indicator_code in ('A01', 'A02', 'A03') then 'difficult'"
    " else status_group end as status_group from marts.indicator_progress where quarter = '2023-Q4' and is_counted",
    "create table marts.earlier as select * from marts.poverty_rates",
    "drop view marts.poverty_rates",
    "create table marts.poverty_rates as select * from marts.earlier union all by name"
    " select * replace ('2023-Q3' as quarter, 777 as poor_households) from marts.earlier where area_code = 'city'",
)


def test_the_summary_says_what_changed_since_the_quarter_before(page):
    text = text_of(page(*LAST_QUARTER)).partition("I. CÔNG TÁC LÃNH ĐẠO")[0]
    moved = "So với quý trước: vào nhóm hoàn thành kế hoạch giai đoạn: Hộ nghèo; Giải quyết việc làm; Thất nghiệp."
    assert f"{moved} Vào nhóm gặp khó khăn: Quản lý sức khỏe. " in text
    assert "tổng số hộ dân (quý III/2023: 777 hộ);" in text
    assert "Kết quảSố chỉ tiêuTỷ lệQuý III/2023" in text and "giai đoạn20/2774%1/27" in text


def test_who_had_not_reported_a_quarter_ago_is_told_beside_its_figure(page):
    partial = "update marts.poverty_rates set areas_reported = 29 where quarter = '2023-Q3'"
    text = text_of(page(*LAST_QUARTER, partial))
    assert "tổng số hộ dân (quý III/2023: 777 hộ, mới có 29/30 đơn vị báo cáo);" in text


@pytest.mark.parametrize(("moved", "named", "has_more"), [(1, 1, False), (2, 2, False), (3, 3, False), (4, 2, True)])
def test_a_move_leaves_never_a_single_one_unnamed(untouched_facts, moved, named, has_more):
    chosen = [replace(one, status_group="term_done") for one in untouched_facts.indicators[:moved]]
    (move,) = _moves(chosen, {one.code: "on_track" for one in chosen})
    assert (move.said, move.has_more) == ("vào nhóm hoàn thành kế hoạch giai đoạn", has_more)
    assert move.named == tuple(chosen[:named])


def test_quarters_alike_have_no_moves(page):
    text = text_of(page(
        "insert into marts.status_summary by name select * replace ('2023-Q3' as quarter) from marts.status_summary",
        "insert into marts.indicator_progress by name select '2023-Q3' as quarter, indicator_code, true as is_counted,"
        " status_group from marts.indicator_progress where quarter = '2023-Q4' and is_counted",
    ))  # fmt: skip
    assert "So với quý trước: không có chỉ tiêu chuyển nhóm kết quả." in text
