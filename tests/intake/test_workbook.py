"""From bytes to observations: what is read, and what is said about what cannot be."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from pipeline.intake.readings import Reading
from tests import tiny
from tests.intake.conftest import rules, to_bytes


def values(reading: Reading, series: str = "actual") -> dict[tuple[str, str], Decimal | str | None]:
    return {
        (one.measure, one.area_code): one.value if one.state == "value" else one.state
        for one in reading.observations
        if one.series == series
    }


def test_a_tidy_workbook_is_read_without_a_finding(read):
    reading = read(tiny.district_workbook("Huyện Tây Hòa"))
    assert reading.findings == []
    assert (reading.reporter, reading.reporter_kind) == ("002", "area")
    assert values(reading) == {
        ("jobs_created", "002"): 250,
        ("water_households", "002"): 800,
        ("water_base", "002"): 1000,
        ("households", "00021"): 1500,
        ("poor_households", "00021"): 3,
        ("households", "00022"): 500,
        ("poor_households", "00022"): 1,
    }
    assert values(reading, "last_year")["jobs_created", "002"] == 200
    assert values(reading, "plan")["jobs_created", "002"] == 500


def test_every_observation_names_the_cell_it_came_from(read):
    workbook = tiny.district_workbook()
    reading = read(workbook)
    for one in reading.observations:
        assert str(workbook[one.sheet][one.cell].value or "") == one.raw_text
    poor = next(one for one in reading.observations if one.measure == "poor_households" and one.area_code == "00011")
    assert (poor.sheet, poor.cell, poor.month, poor.form) == ("Biểu 2", "D8", "2030-12", "dan_cu")


def test_rows_are_all_accounted_for(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 1"].insert_rows(10)
    workbook["Biểu 1"]["B10"] = "Chỉ tiêu tự thêm"
    workbook["Biểu 1"]["E10"] = 7
    reading = read(workbook)
    for form in reading.forms:
        assert form.rows_read == form.rows_used + form.rows_recognised + form.rows_set_aside
    assert reading.forms[0].rows_set_aside == 1
    assert rules(reading) == {"row-unknown": "Biểu 1!B10"}


def test_not_applicable_missing_and_zero_stay_three_things(read):
    workbook = tiny.district_workbook()
    sheet = workbook["Biểu 1"]
    sheet["E9"] = "…"
    reading = read(workbook)
    assert values(reading)["water_households", "001"] == "not_applicable"
    assert values(reading)["jobs_created", "001"] == "missing"
    sheet["E9"] = "-"
    assert values(read(workbook))["jobs_created", "001"] == 0


def test_totals_and_rates_are_compared_and_never_observed(read):
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 2"]["C10"] = 2001
    workbook["Biểu 1"]["E10"] = 81
    reading = read(workbook)
    assert rules(reading) == {"total-differs": "Biểu 2!C10", "rate-differs": "Biểu 1!E10"}
    assert all(form.is_accepted for form in reading.forms)
    assert {one.cell for one in reading.stated if one.kind == "total"} == {"C10", "D10"}
    assert not {"C10", "E10"} & {one.cell for one in reading.observations}


@pytest.mark.parametrize("typed, number_format", [(80, "General"), (0.8, "0.0%"), ("80%", "General"), (0.8, "General")])
def test_a_rate_may_be_typed_in_any_of_the_usual_ways(read, typed, number_format):
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 1"]["E10"] = typed
    workbook["Biểu 1"]["E10"].number_format = number_format
    assert [finding.severity for finding in read(workbook).findings] in ([], ["info"])


def test_a_percentage_formatted_cell_of_a_percent_measure_is_a_percentage(read):
    workbook = tiny.agency_workbook(0.0201)
    workbook["Sheet1"]["C5"].number_format = "0.00%"
    assert values(read(workbook)) == {("unemployment", "city"): Decimal("2.01")}


def test_a_bad_cell_of_a_measure_row_costs_only_itself(read):
    workbook = tiny.district_workbook("Huyện Tây Hòa")
    workbook["Biểu 1"]["E9"] = "hai trăm"
    reading = read(workbook)
    assert rules(reading) == {"not-a-number": "Biểu 1!E9"}
    assert values(reading)["jobs_created", "002"] == "missing"
    assert values(reading)["water_households", "002"] == 800
    assert all(form.is_accepted for form in reading.forms)


@pytest.mark.parametrize(
    "cell, typed, rule",
    [
        ("C8", None, "blank-cell"),
        ("C8", "1,234", "ambiguous-number"),
        ("C8", -1, "out-of-range"),
        ("C8", 12.5, "not-whole"),
        ("B9", "Phường Một", "row-repeated"),
        ("B9", "Phường Lạ", "row-unknown"),
    ],
)
def test_a_hole_in_a_form_that_is_summed_rejects_the_form_not_the_file(read, cell, typed, rule):
    workbook = tiny.district_workbook()
    workbook["Biểu 2"][cell] = typed
    reading = read(workbook)
    assert rule in rules(reading)
    assert {form.form: form.is_accepted for form in reading.forms} == {"chi_tieu": True, "dan_cu": False}


def test_a_missing_commune_is_named(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 2"].delete_rows(9)
    finding = next(one for one in read(workbook).findings if one.rule == "commune-missing")
    assert "Phường Hai" in finding.found


def test_the_wrong_quarter_is_not_used(read):
    reading = read(tiny.district_workbook(period="Quý III năm 2030"))
    assert set(rules(reading)) == {"period-differs"}
    assert not reading.is_accepted


def test_two_reporters_in_one_file_are_never_chosen_from(read):
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 2"]["A1"] = "UBND HUYỆN TÂY HÒA"
    reading = read(workbook)
    assert set(rules(reading)) == {"reporter-ambiguous"}
    assert reading.reporter is None


def test_contents_outrank_the_register_and_the_file_name(read):
    reading = read(tiny.district_workbook("Quận Đông"), file="Huyện Tây Hòa.xlsx", sent_by="002")
    assert reading.reporter == "001"
    assert set(rules(reading)) == {"reporter-differs"}


def test_without_a_name_inside_the_register_then_the_file_name_tells(read):
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 1"]["A1"] = workbook["Biểu 1"]["A4"] = workbook["Biểu 2"]["A1"] = None
    assert read(workbook, sent_by="001").reporter == "001"
    assert read(workbook, file="Q. Đông.xlsx").reporter == "001"
    assert set(rules(read(workbook, file="khong ro.xlsx"))) == {"reporter-unknown"}


def test_columns_are_found_by_wording_wherever_they_stand(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 2"].unmerge_cells("D4:E4")
    workbook["Biểu 2"].insert_cols(1)
    workbook["Biểu 2"].insert_rows(1, amount=3)
    workbook["Biểu 2"].merge_cells("E7:F7")
    reading = read(workbook)
    assert reading.findings == []
    assert values(reading)["poor_households", "00011"] == 3


def test_a_renamed_column_is_reported_and_its_form_rejected(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 2"]["C5"] = "Số nhà"
    reading = read(workbook)
    assert {"column-missing", "column-unknown"} == set(rules(reading))
    assert [form.is_accepted for form in reading.forms] == [True, False]


def test_a_figure_in_thousands_is_stored_in_units_and_told(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 1"]["C9"] = "nghìn người"
    reading = read(workbook)
    assert rules(reading) == {"unit-scaled": "Biểu 1!C9"}
    assert values(reading)["jobs_created", "001"] == 250_000


def test_a_formula_never_calculated_is_said_not_taken_for_empty(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 1"]["E9"] = "=200+50"
    assert rules(read(workbook)) == {"formula-not-calculated": "Biểu 1!E9"}


def test_an_estimate_keeps_its_qualifier(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 1"]["E9"] = "khoảng 250"
    jobs = next(one for one in read(workbook).observations if one.measure == "jobs_created" and one.series == "actual")
    assert (jobs.value, jobs.qualifier, jobs.raw_text) == (250, "khoảng", "khoảng 250")


def test_a_measure_of_another_agency_is_set_aside(read, programme):
    workbook = tiny.new_workbook()
    sheet = tiny.add_agency_sheet(workbook)
    sheet["A1"] = "Đơn vị báo cáo: Quận Đông"
    reading = read(workbook)
    assert set(rules(reading)) == {"sender-differs"}
    assert not reading.observations


def test_the_same_form_twice_is_not_chosen_from(read):
    workbook = tiny.district_workbook()
    tiny.add_household_sheet(workbook).title = "Biểu 2 (cũ)"
    reading = read(workbook)
    assert set(rules(reading)) == {"form-repeated"}
    assert [form.is_accepted for form in reading.forms] == [True, False, False]


def test_remarks_are_kept_with_their_cell(read):
    (remark,) = read(tiny.district_workbook()).remarks
    assert (remark.cell, remark.row_label, remark.text) == ("F9", "P. Hai", "khó khăn <b>nhà ở</b>")


def test_personal_data_is_refused_and_nothing_of_it_is_kept(read):
    workbook = tiny.district_workbook()
    workbook["Biểu 2"]["H4"], workbook["Biểu 2"]["I4"] = "Họ và tên", "Số CCCD"
    workbook["Biểu 2"]["H8"], workbook["Biểu 2"]["I8"] = "Người Bí Mật", "001099999999"
    reading = read(workbook)
    assert set(rules(reading)) == {"personal-data"}
    assert not (reading.observations or reading.remarks or reading.stated or reading.forms)
    assert "001099999999" not in repr(reading)


@pytest.mark.parametrize(
    "content, found",
    [
        (b"", "tệp rỗng"),
        (b"%PDF-1.7 ...", "tệp PDF"),
        (b"<html><table></table></html>", "trang web (HTML) không có bảng nào"),
        (b"Kinh gui quy co quan\n", "văn bản thường, không phải bảng"),
    ],
)
def test_what_is_no_workbook_is_named(read, content, found):
    (finding,) = read(content).findings
    assert (finding.rule, finding.found) == ("not-a-workbook", found)
    assert finding.remedy


def test_a_damaged_workbook_is_a_finding(read):
    content = to_bytes(tiny.district_workbook())
    (finding,) = read(content[: len(content) // 2]).findings
    assert finding.rule == "unreadable"


def test_an_archive_that_expands_without_end_is_measured_first(read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/{number}.xml", b"0" * 100_000_000)
    (finding,) = read(buffer.getvalue()).findings
    assert finding.rule == "archive-too-large"


def test_a_workbook_without_a_known_form_says_so(read):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet().write(0, 0, "Danh mục")
    (finding,) = read(buffer.getvalue()).findings
    assert finding.rule == "no-known-form"
