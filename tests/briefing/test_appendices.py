"""Method, waivers, revisions, sheets of agencies and the origin of figures: what the last appendices say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.origins import FILES_SHOWN, Origins, origins_of
from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.provenance import REPORTS, inputs_record
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.test_sentences import text_of

WAIVED = (
    "create table staging.waivers as select '2023-Q4' as quarter, '280' as reporter, 'deadline' as rule,"
    " 'mưa lũ, <b>mất điện</b>' as reason, 'Cơ quan thường trực' as agreed_by, date '2024-01-08' as agreed_on,"
    " date '2024-01-10' as valid_until"
    " union all select '2023-Q4', '001', 'total-differs', 'tổng gồm cả hộ tạm trú', 'Cơ quan thường trực',"
    " date '2024-01-09', null"
)


def appendix(html: str, number: int) -> str:
    """The text of one appendix, a space where a tag was."""
    start, end = (f'<section class="appendix" id="phu-luc-{one}">' for one in (number, number + 1))
    inside = html.partition(start)[2].partition(end)[0]
    return text_of(f"<body>{inside}", " ")


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """A record of inputs with every kind of file."""
    names = ["indicators.csv", "layouts/a.yml", "narrative/2023-Q4.md", "submissions/2022-Q1/cu.xlsx"]
    names += [
        "submissions/2022-Q1/register.csv",
        "submissions/2023-Q4/001/moi.xlsx",
        "submissions/2023-Q4/register.csv",
    ]
    return {
        "as_of": None, "code": "c" * 64, "python": "3.11.7", "packages": {"weasyprint": "70.0"}, "quarter": "2023-Q4",
        "libraries": {"pango-1.0": "1.50"}, "fonts": {"a.ttf": "0" * 64}, "tables": {},
        "files": {name: f"{place:064d}" for place, name in enumerate(names, 1)},
    }  # fmt: skip


@pytest.fixture(scope="module")
def origins(record: dict[str, Any]) -> Origins:
    return origins_of(record, b"[]")


def test_every_indicator_is_defined_with_its_source(page, untouched_facts):
    text = appendix(page(), 4)
    assert "Tổng số hộ nghèo cuối kỳ Tổng số hộ dân cư Các quận, huyện, thị xã; hằng tháng" in text
    assert "Tỷ lệ thất nghiệp (%) Tỷ lệ thất nghiệp x Sở LĐTBXH; hằng năm" in text
    assert "Tổng số hộ dân nông thôn Các quận, huyện, thị xã; hằng quý Chỉ tính địa bàn nông thôn." in text
    names = [one.name for one in (*untouched_facts.indicators, *untouched_facts.context)]
    assert [name for name in names if name not in text] == []


def test_breaks_standard_statuses_documents_and_records_are_told(page):
    text = appendix(page(), 4)
    assert "17 Giường bệnh/vạn dân quý IV/2023 Phạm vi tính có thể đã thay đổi" in text
    assert "Chuẩn đang áp dụng: chuẩn nghèo của Thành phố giai đoạn 2022-2025." in text
    assert "Chậm lộ trình giai đoạn Không có kế hoạch năm, kém hơn lộ trình" in text
    assert "Kết quả đã ghi nhận cho kỳ này; dùng thay kết quả xác định từ số liệu: 16 chỉ tiêu" in text
    assert "- Chương trình số 08-CTr/TU ngày 17/3/2021;" in text
    assert "Hội nghị giao ban Chương trình số 08-CTr/TU, ngày 12/01/2024 Gặp khó khăn (20), (23)" in text
    assert "9. Ngoại lệ đang áp dụng Không có ngoại lệ." in text


def test_the_table_of_indicators_says_what_it_holds(page):
    assert "Thực hiện, kế hoạch, mục tiêu và kết quả từng chỉ tiêu STT Chỉ tiêu" in appendix(page(), 1)


def test_every_status_of_the_models_has_its_condition(page):
    declared = (HOME / "sql" / "staging" / "statuses.sql").read_text(encoding="utf-8")
    text = appendix(page("drop table staging.statuses", f"create table staging.statuses as {declared}"), 4)
    assert (
        "Chưa đến hạn hoàn thành Chỉ tiêu đạt hay không đạt, chưa đạt và chưa hết năm của kế hoạch, mục tiêu." in text
    )
    assert "Chưa giao kế hoạch Không có cả kế hoạch năm và mục tiêu giai đoạn." in text


def test_nothing_to_correct_is_said(page):
    assert "Không có số liệu nào phải điều chỉnh." in appendix(page(), 5)


def test_the_signs_of_the_tables_are_told_before_the_heat_map_which_has_others(page):
    text = appendix(page(), 2)
    legend = '"-" không phát sinh; "x" không áp dụng. Số thứ tự trong ngoặc và đơn vị tính là của Phụ lục I.'
    assert f"{legend} Hơn, kém so bằng số chưa làm tròn." in text
    assert text.index(legend) < text.index("các chỉ tiêu theo địa bàn")


def test_a_quarter_without_breaks_and_records_says_so(page):
    text = appendix(page("delete from raw.method_breaks", "delete from raw.assessments"), 4)
    assert "Không có chỉ tiêu thay đổi cách tính." in text
    assert "Không dùng kết quả ghi nhận; mọi kết quả xác định từ số liệu." in text


def test_waivers_are_printed_with_reason_and_end(page):
    html = page(WAIVED)
    text = appendix(html, 4)
    assert "Các ngoại lệ đã chấp thuận cho kỳ này: 02 ngoại lệ" in text
    assert (
        "Huyện Phú Xuyên Hạn gửi báo cáo Mưa lũ, &lt;b&gt;mất điện&lt;/b&gt; Cơ quan thường trực, ngày 08/01/2024"
        in text
    )
    assert "ngày 08/01/2024 10/01/2024" in text
    assert "Quận Ba Đình Quy tắc kiểm tra “total-differs” Tổng gồm cả hộ tạm trú" in text
    assert "ngày 09/01/2024 không hạn" in text


def test_what_was_agreed_stands_in_the_record_of_inputs(programme, marts):
    marts.execute(WAIVED)
    marts.execute("update marts.submission_status set state = 'missing' where reporter = '001'")
    made = inputs_record(programme, QUARTER, Marts(marts, QUARTER), load_fonts(REPORTS), None, date(2024, 1, 12))
    assert made["coverage"] == {"agency": {"expected": 2, "received": 2}, "area": {"expected": 30, "received": 29}}
    assert [(one["reporter"], one["valid_until"]) for one in made["waivers"]] == [("001", None), ("280", "2024-01-10")]
    assert len(made["assessments"]) == 27 and made["assessments"][0]["assessed_on"] == "2024-01-12"
    assert made["issue"] is None


def told_twice(*more: str) -> tuple[str, ...]:
    """A wrong total as a finding of the intake, and as a row of a check."""
    return (
        "create table checks.stated_total_differs as select '2023-Q4' as quarter, '277' as area_code,"
        " 'poor_households Biểu 02!E14' as subject, 57 as found, 58 as expected",
        *more,
    )


def test_a_wrong_total_that_intake_found_too_stands_once(page):
    text = appendix(page(*told_twice()), 3)
    assert "Số tổng cộng ghi trên biểu khác tổng số" not in text
    assert text.count("ô E14") == 2 and "Biểu 02, ô E14 (277.xlsx) 57 58" in text  # its place and its remedy


def test_other_rows_of_the_same_check_are_kept(page):
    other = "insert into checks.stated_total_differs values ('2023-Q4', '271', 'poor_households Biểu 02!E9', 1, 2)"
    text = appendix(page(*told_twice(other)), 3)
    assert "Số tổng cộng ghi trên biểu khác tổng số của các xã, phường, thị trấn (cần xác minh): 02 trường hợp" in text
    assert "Đơn vị Số liệu Trên biểu Đối chiếu" in text
    assert "Huyện Ba Vì Tổng số hộ nghèo cuối kỳ, Biểu 02, ô E9 1 2" in text
    assert "Các trường hợp khác cùng loại đã nêu ở bảng phát hiện trong biểu đã nhận." in text
    assert "Tổng số hộ nghèo cuối kỳ, Biểu 02, ô E14" not in text


def test_every_indicator_stands_on_the_sheet_of_its_agency_once(page, untouched_facts):
    held = [row.indicator for agency in untouched_facts.agencies for row in agency.followed]
    assert sorted(one.order for one in held) == list(range(1, 32))
    assert all(
        row.indicator.owner_name == agency.name for agency in untouched_facts.agencies for row in agency.followed
    )
    sheet = appendix(page(), 6).partition("3. Sở Y tế")[2].partition("4. Sở Giáo dục")[0]
    assert re.search(r"20 Tỷ lệ người dân được quản lý sức khỏe khoảng 85% trên 94% 100% .* \+1,9 \+0,6 ", sheet)
    assert "Quản lý sức khỏe Không đạt kế hoạch năm Không đạt kế hoạch năm Thống nhất cách tính" in sheet
    assert "15/12/2023 Quá hạn 28 ngày" in sheet and "chưa định Đang thực hiện" in sheet


def test_an_agency_without_tasks_and_a_body_without_indicators(page):
    text = appendix(page("update marts.tasks set lead_name = 'Huyện Ba Vì' where task_id = '1'"), 6)
    assert "Không có chỉ tiêu chưa hoàn thành từ năm 2022. Không có nhiệm vụ được giao còn phải thực hiện." in text
    other = text.partition("6. Huyện Ba Vì")[2]
    assert other.startswith(" Huyện Ba Vì: nhiệm vụ được giao chưa hoàn thành") and "Quá hạn 28 ngày" in other


def test_the_first_year_has_no_sheets_of_last_year(page):
    text = appendix(page(
        "delete from marts.unfinished", "delete from marts.indicator_progress where quarter = '2022-Q4'"
    ), 6)  # fmt: skip
    assert text.count("Chưa có số liệu cuối năm 2022 để xét") == 1
    assert "Không có chỉ tiêu chưa hoàn thành" not in text


def test_input_files_are_grouped_and_their_hashes_shortened(origins, record):
    held = {group.title: {file.name: file.digest for file in group.files} for group in origins.groups}
    assert held["Danh mục, chỉ tiêu, kế hoạch"] == {"indicators.csv": "0000 0000 0000"}
    assert list(held["Phần lời do cơ quan soạn thảo viết"]) == ["2023-Q4.md"]
    assert list(held["Báo cáo gửi lên quý IV/2023"]) == ["001/moi.xlsx", "register.csv"]
    assert list(held["Báo cáo gửi lên các kỳ trước, mỗi kỳ một mã băm chung"]) == ["quý I/2022"]
    assert origins.packages == "weasyprint 70.0" and origins.as_of == ""
    changed = {**record, "files": record["files"] | {"submissions/2022-Q1/cu.xlsx": "f" * 64}}
    before, after = ([one.digest for one in made.groups[-1].files] for made in (origins, origins_of(changed, b"[]")))
    assert before != after


def test_a_hash_of_digits_alone_is_not_read_as_a_number(origins):
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", origins.inputs_digest)
    assert not re.search(r"\d{5}", origins.inputs_digest + origins.code + origins.fonts[0].digest)


def test_many_files_do_not_fill_the_document(record):
    many = {f"submissions/2023-Q4/{place:04}.xlsx": "a" * 64 for place in range(FILES_SHOWN + 5)}
    group = origins_of({**record, "files": many}, b"[]").groups[0]
    assert len(group.files) == FILES_SHOWN and group.has_more
    assert len(group.pairs) == FILES_SHOWN / 2 and group.pairs[-1][1] is not None


def test_an_odd_number_of_files_leaves_the_last_place_free(origins):
    assert [len([file for file in pair if file]) for pair in origins.groups[0].pairs] == [1]


def test_an_earlier_state_tells_its_day_and_its_tables(record):
    cut = {**record, "as_of": "2024-01-31", "tables": {"raw.targets": "b" * 64}}
    made = origins_of(cut, b"[]")
    assert made.as_of == "31/01/2024"
    group = next(group for group in made.groups if "tính đến ngày" in group.title)
    assert [file.name for file in group.files] == ["bảng targets"]
