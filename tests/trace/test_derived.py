"""Figures that follow from others: every part is named, and the parts alone give the figure."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import UsageError
from pipeline.trace import Derived, Records, Summed, Trace, as_record, as_text, recompute, trace
from tests.tiny import PROGRAMME_ID, agency_workbook, district_workbook
from tests.trace.conftest import Q4, Office

EVERY = (
    "P1.same_period", "J1.same_period", "J1.same_period_growth", "J1.same_period_change", "J1.year_plan",
    "J1.year_judged", "J1.year_completion", "J1.year_gap", "W1.term_gap", "P1.counts", "P1.coverage", "P1.below",
    "P1.revision", "J1.pace_needed", "J1.projected_year_end", "J1.points_used", "status_summary",
    "status_summary.unknown", "status_summary.unknown.share", "status_summary.computed", "indicators_compared",
    "reporters_received", "areas_received", "reporters_late", "files_received", "unregistered_files", "tasks_overdue",
    "unfinished", "remarks.difficulty", "findings.error", "unusable_files", "days_late.001",
    "receipts.001", "errors.001", "remarks.difficulty.beyond_1",
)  # fmt: skip


def asked(connection: duckdb.DuckDBPyConnection, text: str, area: str = "city") -> Trace:
    return trace(Records(connection, Q4), text, area)


def derived(connection: duckdb.DuckDBPyConnection, text: str, area: str = "city") -> Derived:
    found = asked(connection, text, area)
    assert isinstance(found, Derived)
    return found


@pytest.mark.parametrize("text", EVERY)
def test_the_parts_give_the_figure_and_the_text_says_it(complete: duckdb.DuckDBPyConnection, text: str) -> None:
    found = asked(complete, text)
    assert found.code == text
    assert (recompute(found) if found.value is not None else None) == found.value
    lines = as_text(found).splitlines()
    assert max(map(len, lines)) <= 100 and all(line.isprintable() for line in lines)
    assert found.printed in " ".join(as_text(found).split()) and "CẢNH BÁO" not in as_text(found)
    record = as_record(found)
    assert json.loads(json.dumps(record)) == record
    assert {"indicator", "area", "quarter", "value", "printed", "formula", "models", "cells", "terms", "givens",
            "rows"} <= set(record)  # fmt: skip


def test_last_year_is_read_from_the_column_of_the_form_itself(complete: duckdb.DuckDBPyConnection) -> None:
    found = derived(complete, "J1.same_period")
    assert (found.printed, [cell.series for cell in found.cells]) == ("400 người", ["last_year"] * 2)
    assert {(cell.file, cell.cell, cell.value) for cell in found.cells} == {
        ("dong.xlsx", "F9", 200), ("tay hoa.xlsx", "F9", 200),
    }  # fmt: skip
    growth = derived(complete, "J1.same_period_growth")
    assert (growth.printed, growth.value, recompute(growth)) == ("tăng 25%", 25, 25)
    assert "(500 - 400) × 100 / 400 = 25 → in tăng 25%" in as_text(growth)
    assert {cell.series for cell in growth.cells} == {"actual", "last_year"}
    change = derived(complete, "W1.same_period_change", "002")
    assert (change.printed, recompute(change)) == ("tăng 5 điểm phần trăm", 5)


def test_what_cannot_be_compared_says_why(complete: duckdb.DuckDBPyConnection) -> None:
    found = derived(complete, "P1.same_period")
    assert (found.value, found.printed) == (None, "chưa có số liệu")
    assert "chưa có số liệu quý IV/2029 so sánh được" in as_text(found)
    assert "chưa ban hành báo cáo nào" in as_text(derived(complete, "P1.revision"))


def test_a_plan_names_its_document_and_line(complete: duckdb.DuckDBPyConnection) -> None:
    found = derived(complete, "J1.year_completion")
    (plan,) = found.givens
    assert (plan.value, plan.file, plan.line, found.printed) == (1000, "targets.csv", 2, "50%")
    said = "1.000 người (Kế hoạch thử, ban hành ngày 01/01/2030; targets.csv, dòng 2)"
    assert said in " ".join(as_text(found).split())
    assert (derived(complete, "J1.year_gap").printed, derived(complete, "J1.year_plan").printed) == (
        "500 người", "1.000 người",
    )  # fmt: skip
    gap = derived(complete, "W1.term_gap")
    assert (gap.printed, recompute(gap)) == ("10,5 điểm phần trăm", Decimal("10.5"))
    assert gap.givens[0].line == 3
    assert derived(complete, "P1.year_plan").value is None


def test_an_area_stands_beside_the_city_and_the_others(complete: duckdb.DuckDBPyConnection) -> None:
    below = derived(complete, "P1.below")
    assert (below.printed, recompute(below)) == ("0/2 đơn vị", 0)
    assert {item.name: item.said for item in below.items} == {"Quận Đông": "0,2%", "Huyện Tây Hòa": "0,2%"}
    assert len(below.terms) == 3 and len(below.cells) == 8
    rank = derived(complete, "P1.rank", "002")
    assert (rank.printed, recompute(rank)) == ("1/2", 1)
    gap = derived(complete, "P1.gap", "002")
    assert (gap.printed, recompute(gap)) == ("bằng mức chung", 0)
    assert derived(complete, "indicators_below", "002").printed == "0/2 chỉ tiêu"
    assert derived(complete, "P1.gap").value is None


def test_counts_and_coverage_are_those_of_the_paired_areas(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive(district_workbook("Quận Đông"), "dong.xlsx", "001", date(2031, 1, 2))
    connection = computed()
    counts = derived(connection, "P1.counts")
    assert (counts.printed, recompute(counts)) == ("4/2.000 hộ", 4)
    assert [term.value for term in counts.terms] == [4, 2000]
    coverage = derived(connection, "P1.coverage")
    assert (coverage.printed, recompute(coverage)) == ("1/2 đơn vị báo cáo", 1)
    assert [(item.name, item.is_counted) for item in coverage.items] == [("Quận Đông", True), ("Huyện Tây Hòa", False)]
    assert derived(connection, "W1.coverage").printed == "0/1 đơn vị báo cáo"
    received = derived(connection, "reporters_received")
    assert (received.printed, recompute(received)) == ("1/3 đơn vị", 1)
    assert received.items[0].file == "submissions/2030-Q4/register.csv"


def test_days_late_are_counted_from_the_calendar(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive(district_workbook("Quận Đông"), "dong.xlsx", "001", date(2031, 1, 8))
    found = derived(computed(), "days_late.001")
    assert (found.printed, recompute(found)) == ("3 ngày", 3)
    assert "08/01/2031 - 05/01/2031 = 3 → in 3 ngày" in as_text(found)
    with pytest.raises(UsageError, match=r"days_late\.001, days_late\.002, days_late\.so_mot"):
        asked(computed(), "days_late.xx")


def test_tasks_are_counted_by_their_day(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive_all()
    (office.folder / "tasks.csv").write_text(
        "id,indicator,task,lead,partners,document,assigned_on,due_on,state,done_on,basis,note\n"
        "1,J1,Mở sàn việc làm,so_mot,,Kết luận,2030-10-01,2030-12-25,open,,published,\n"
        "2,,Rà soát,so_mot,,Kết luận,2030-10-01,,open,,published,\n"
    )
    connection = computed()
    overdue = derived(connection, "tasks_overdue")
    assert (overdue.printed, recompute(overdue)) == ("01 nhiệm vụ", 1)
    assert [(item.place, item.is_counted) for item in overdue.items] == [("1", True), ("2", False)]
    late = derived(connection, "days_overdue.1")
    assert (late.printed, recompute(late), [given.file for given in late.givens]) == ("10 ngày", 10, ["", "tasks.csv"])
    assert derived(connection, "J1.open_tasks").printed == "1 nhiệm vụ"


def test_a_revision_stands_beside_what_was_issued(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive_all()
    issued = {
        "quarter": "2030-Q4", "number": "12", "issued_on": "2031-01-06", "inputs_sha256": "a", "facts_sha256": "b",
        "pdf_sha256": "c", "figures": [{"indicator": "P1", "area": "001", "numerator": 5, "denominator": 2000,
                                        "status": None, "printed": "0,25%"}],
    }  # fmt: skip
    (office.folder / "issued").mkdir()
    (office.folder / "issued" / "2030-Q4.json").write_text(json.dumps(issued))
    found = derived(computed(), "P1.revision", "001")
    assert (found.printed, recompute(found)) == ("giảm 0,05 điểm phần trăm", Decimal("-0.05"))
    assert [given.value for given in found.givens] == [5, 2000]
    assert "Báo cáo số 12, ngày 06/01/2031" in found.givens[0].document


def test_yes_or_no_is_said_in_words(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    for name, old, new in (
        ("targets.csv", "W1,term_end", "U1,term_end,2031,,yes,1,,,,Kế hoạch thử,2030-01-01,published,\nW1,term_end"),
        ("indicators.csv", "yes,%,lower,city_only", "yes,có/không,higher,city_only"),
        ("measures.csv", "Tỷ lệ thất nghiệp,%", "Tỷ lệ thất nghiệp,có/không"),
    ):
        path = office.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    office.receive(agency_workbook(1), "so mot.xlsx", "so_mot", date(2031, 1, 4))
    connection = computed()
    assert asked(connection, "U1").printed == "đạt"
    plan = derived(connection, "U1.term_plan")
    assert (plan.printed, plan.value) == ("đạt", 1)


def test_a_remark_is_found_by_its_reporter_and_number(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    for reporter, code in (("Quận Đông", "001"), ("Huyện Tây Hòa", "002")):
        workbook = district_workbook(reporter)
        workbook["Biểu 1"]["G9"] = "Khó khăn: thiếu vốn"
        office.receive(workbook, f"{code}.xlsx", code, date(2031, 1, 2))
    connection = computed()
    found = derived(connection, "remarks.001.1")
    assert (found.printed, recompute(found)) == ("02 đơn vị", 2)
    assert [(item.name, item.place) for item in found.items] == [
        ("Quận Đông", "Biểu 1!G9"), ("Huyện Tây Hòa", "Biểu 1!G9"),
    ]  # fmt: skip
    rest = derived(connection, "remarks.001.1.beyond_1")
    assert (rest.printed, recompute(rest), [item.is_counted for item in rest.items]) == (
        "01 đơn vị khác", 1, [False, True],
    )  # fmt: skip


def test_what_stands_in_a_refused_file_is_never_repeated(office: Office) -> None:
    office.receive_all()
    office.compute()
    with duckdb.connect(office.home / "build" / PROGRAMME_ID / "warehouse.duckdb") as connection:
        connection.execute(
            "insert into raw.submissions by name select '2030-Q4' as quarter, 'u' as sha256, 'la.xlsx' as file,"
            " false as is_accepted"
        )
        connection.execute(
            "insert into raw.findings by name select '2030-Q4' as quarter, 'u' as sha256, 'la.xlsx' as file,"
            " 'not-a-number' as rule, 'error' as severity, 'Biểu 1' as sheet, 'E9' as cell, 'bí mật' as found,"
            " 'một số' as expected, 'Sửa ô E9.' as remedy"
        )
        assert derived(connection, "unusable_files").printed == "01 tệp"
        errors = derived(connection, "unusable_files.001")
        assert (errors.printed, [(item.place, item.said) for item in errors.items]) == (
            "01 lỗi", [("Biểu 1!E9", "cần một số")],
        )  # fmt: skip
        for text in ("unusable_files", "unusable_files.001"):
            assert "bí mật" not in json.dumps(as_record(asked(connection, text)), ensure_ascii=False)


def test_the_code_of_an_indicator_hides_a_rate_only_where_it_has_the_area(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    indicators = office.folder / "indicators.csv"
    indicators.write_text(indicators.read_text().replace("P1,", "poverty_rate,"))
    office.receive_all()
    connection = computed()
    city, zone = asked(connection, "poverty_rate"), asked(connection, "poverty_rate", "urban_communes")
    assert isinstance(city, Summed) and isinstance(zone, Summed)
    assert (city.subject.kind, zone.subject.kind, zone.printed) == ("indicator", "rate", "0,2%")
    assert asked(connection, "households", "rural_districts").printed == "2.000 hộ"
    assert derived(connection, "poverty_coverage", "urban_communes").printed == "3/3"
    with pytest.raises(UsageError, match="không có số riêng"):
        asked(connection, "jobs_created", "urban_communes")


@pytest.mark.parametrize(
    ("text", "area", "told"),
    [
        ("P1.nothing", "city", "same_period .*year_completion .*gap"),
        ("nothing.at.all", "city", r"P1, J1, W1, U1.*status_summary.*days_late"),
        ("tasks_overdue", "001", "không có số riêng của từng địa bàn"),
        ("P1.beyond_3", "city", "không phải là số đếm"),
        ("status_summary.nobody", "city", r"status_summary\.term_done"),
        ("checks.nobody", "city", "không có dòng nào"),
        ("reporters_received", "009", "001 Đông, 002 Tây Hòa"),
    ],
)
def test_wrong_words_are_told_what_exists(
    complete: duckdb.DuckDBPyConnection, text: str, area: str, told: str
) -> None:  # fmt: skip
    with pytest.raises(UsageError, match=told):
        asked(complete, text, area)


def test_nothing_of_the_quarter_is_an_error_that_says_what_to_do(complete_home: Path) -> None:
    empty = Office(complete_home.parent / "empty")
    empty.compute()
    with pytest.raises(Exception, match="chưa có số liệu quý IV/2030"):
        from pipeline.warehouse import open_for_reading

        with open_for_reading(empty.home, empty.programme.id) as connection:
            asked(connection, "P1")
