"""Plans of areas in print: who reached them, who is farthest, and nothing where no area has one."""

from __future__ import annotations

from pipeline.briefing.facts.collecting import collect
from pipeline.programme import Programme
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.test_sentences import text_of

# of the districts in the order of their numbers: 60 of 100, 90 of 100, 100, 100 and nobody knows
GIVEN = """update marts.area_comparison set plan_op = 'ge', plan = 80, numerator = reached, denominator = 100,
    completion_numerator = reached * 100, completion_denominator = 8000,
    is_on_plan = if(area_code = '005', null, reached >= 80)
from (values ('001', 60), ('002', 78), ('003', 60.5), ('004', 100), ('005', 1)) as given (code, reached)
where area_code = given.code and indicator_code = 'A08'"""
CEILING = """update marts.area_comparison set plan_op = 'le', plan = 2, numerator = held, denominator = 100,
    is_on_plan = held <= 2
from (values ('001', 3), ('002', 5), ('003', 2)) as given (code, held)
where area_code = given.code and indicator_code = 'B05'"""
HEADING = "So với kế hoạch giao cho địa bàn"


def test_no_area_was_given_a_plan(page):
    assert HEADING not in page()


def test_the_areas_farthest_from_their_plan_are_named_first(page):
    text = text_of(page(GIVEN), between=" ")
    assert f"3. {HEADING}" in text
    assert "Số đơn vị đạt kế hoạch/ được giao" in text
    assert (
        "Bao phủ BHYT 1/5 01 Ba Đình (60%, kế hoạch 80%, bằng 75%); Tây Hồ (60,5%, kế hoạch 80%, bằng 75,6%);"
        " Hoàn Kiếm (78%, kế hoạch 80%, bằng 97,5%) BHXH" in text[text.index(HEADING) :]
    )


def test_the_farthest_are_not_cut_inside_a_tie(page):
    tied = GIVEN.replace("('002', 78), ('003', 60.5)", "('002', 70), ('003', 70), ('006', 70)")
    assert "Bao phủ BHYT 1/6 01 Ba Đình (60%, kế hoạch 80%, bằng 75%) BHXH" in text_of(page(tied), between=" ")


def test_a_ceiling_is_missed_by_what_lies_above_it(page):
    text = text_of(page(CEILING), between=" ")
    assert "1/3 - Hoàn Kiếm (5%, kế hoạch không quá 2%); Ba Đình (3%, kế hoạch không quá 2%)" in text


def test_every_figure_of_an_area_plan_says_what_to_ask_the_trace_for(programme: Programme, marts):
    marts.execute(GIVEN)
    book = collect(programme, QUARTER, marts, HOME / "sql").book
    asked = {key: (fact.trace.subject, fact.trace.area) for key, fact in book.facts.items() if "area_plan" in key}
    assert asked["area_plan.A08.on_plan"] == ("A08.areas_on_plan", "city")
    assert asked["area_plan.A08.not_judged"] == ("A08.areas_not_judged", "city")
    assert asked["area_plan.A08.001.value"] == ("A08", "001")
    assert asked["area_plan.A08.001.year_plan"] == ("A08.year_plan", "001")
    assert asked["area_plan.A08.001.year_completion"] == ("A08.year_completion", "001")


def test_a_comparison_over_part_of_the_areas_says_so(page):
    text = text_of(page("update marts.indicator_progress set is_same_period_partial = true, areas_reported = 29"
                        " where indicator_code = 'A02'"))  # fmt: skip
    assert " so với cùng kỳ năm trước (so sánh trên 29 đơn vị có số liệu của cả hai kỳ)" in text
    assert "So sánh với năm trước tính trên 29 đơn vị có số liệu của cả hai kỳ." in text
