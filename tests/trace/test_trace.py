"""From a figure to its cells, on workbooks whose every cell is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from pipeline.errors import UsageError
from pipeline.trace import Records, Trace, as_record, as_text, parts, recompute, trace, traced_record, traced_text
from tests.tiny import district_workbook
from tests.trace.conftest import Q4, Office


def traced(connection: duckdb.DuckDBPyConnection, code: str, area: str = "city") -> Trace:
    return trace(Records(connection, Q4), code, area)


def addresses(found: Trace) -> list[tuple[str, str, str]]:
    return [(cell.file, f"{cell.sheet}!{cell.cell}", cell.raw) for cell in found.cells]


def test_a_rate_of_a_district_names_the_cells_of_its_communes(complete: duckdb.DuckDBPyConnection) -> None:
    found = traced(complete, "P1", "001")
    assert addresses(found) == [
        ("dong.xlsx", "Biểu 2!D8", "3"), ("dong.xlsx", "Biểu 2!C8", "1500"),
        ("dong.xlsx", "Biểu 2!D9", "1"), ("dong.xlsx", "Biểu 2!C9", "500"),
    ]  # fmt: skip
    assert (parts(found), recompute(found), found.printed) == ((4, 2000), Decimal("0.2"), "0,2%")
    assert [cell.received_on for cell in found.cells] == [date(2031, 1, 2)] * 4
    record = as_record(found)
    assert record["formula"] == "Hộ nghèo × 100 / Số hộ: 4 × 100 / 2.000 = 0,2 → in 0,2%"
    assert {"indicator", "area", "quarter", "value", "numerator", "denominator", "unit", "printed", "basis",
            "coverage", "status", "formula", "models", "cells"} <= set(record)  # fmt: skip


def test_a_commune_has_a_figure_of_its_own_where_the_form_has_one(complete: duckdb.DuckDBPyConnection) -> None:
    found = traced(complete, "P1", "00022")
    assert (found.printed, len(found.cells), recompute(found)) == ("0,2%", 2, found.value)
    with pytest.raises(UsageError, match="không có số riêng"):
        traced(complete, "J1", "00022")


def test_the_city_sums_all_units_and_says_plan_target_and_status(complete: duckdb.DuckDBPyConnection) -> None:
    found = traced(complete, "J1")
    assert [cell.value for cell in found.cells] == [250, 250]
    assert found.plan and (found.plan.completion, found.plan.document) == ("50%", "Kế hoạch thử")
    assert "500 × 100 / 1.000 = 50 → đạt 50%" in as_text(found)
    assert found.assessment and found.assessment.recorded is None
    assert traced(complete, "J1", "001").assessment is None


def test_models_are_those_the_figure_went_through_in_their_order(complete: duckdb.DuckDBPyConnection) -> None:
    city, district = traced(complete, "P1").models, traced(complete, "P1", "001").models
    assert city[0] == "sql/staging/cells.sql" and city[-1] == "sql/marts/indicator_values.sql"
    assert set(city) - set(district) == {"sql/intermediate/city_indicators.sql"}


def test_an_area_to_which_an_indicator_does_not_apply_is_left_out(complete: duckdb.DuckDBPyConnection) -> None:
    found = traced(complete, "W1")
    assert [(one.unit, one.state) for one in found.left_out] == [("001", "not_applicable")]
    assert {cell.area for cell in found.cells} == {"002"} and found.coverage == "1/1"
    assert traced(complete, "W1", "001").printed == "không áp dụng"


def test_measures_flows_rates_and_the_summary_are_traced_too(complete: duckdb.DuckDBPyConnection) -> None:
    assert traced(complete, "poor_households").printed == "8 hộ"
    assert traced(complete, "POOR_HOUSEHOLDS", "00011").printed == "3 hộ"
    assert traced(complete, "poverty_rate", "urban_communes").coverage == "3/3"
    zeros = traced(complete, "areas_without_poor")
    assert (zeros.printed, recompute(zeros), parts(zeros)) == ("0/2", 0, (0, 2))
    summary = traced_record(complete, Q4, "status_summary")
    assert sum(group["indicators"] for group in summary["groups"]) == 4
    assert "4 chỉ tiêu" in traced_text(complete, Q4, "status_summary")


def test_what_is_unknown_lists_what_exists(complete: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match=r"P1, J1, W1, U1.*status_summary"):
        traced(complete, "P9")
    with pytest.raises(UsageError, match="001 Đông, 002 Tây Hòa"):
        traced(complete, "P1", "009")
    with pytest.raises(UsageError, match="--area city"):
        traced(complete, "U1", "001")


def test_nobody_reported_is_said_by_name(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive(district_workbook("Quận Đông"), "dong.xlsx", "001", date(2031, 1, 2))
    connection = computed()
    found = traced(connection, "P1", "002")
    assert (found.cells, recompute(found), found.printed) == ((), None, "chưa có số liệu")
    assert "chưa báo cáo (2): Thị trấn Tây Hòa (Huyện Tây Hòa), Xã Thủy Xá (Huyện Tây Hòa)" in " ".join(
        as_text(found).split()
    )
    assert traced(connection, "P1").coverage == "1/2"
    assert [one.reason for one in traced(connection, "U1").left_out] == ["chưa báo cáo"]


def test_a_replaced_version_is_shown_with_what_changed(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive_all()
    mended = district_workbook("Quận Đông")
    mended["Biểu 2"]["D8"], mended["Biểu 2"]["D7"], mended["Biểu 2"]["D10"] = 2, 3, 3
    office.receive(mended, "dong sua.xlsx", "001", date(2031, 1, 8))
    found = traced(computed(), "P1", "001")
    assert parts(found) == (3, 2000) and {cell.file for cell in found.cells} == {"dong sua.xlsx"}
    (older,) = found.superseded
    assert (older.file, older.seq, older.replaced_by) == ("dong.xlsx", 1, 4)
    assert [(cell.cell, cell.value, cell.now) for cell in older.changed] == [("D8", 3, 2)]
    assert "trước 3, nay 2" in as_text(found)
    # before it came, the older version counts and nothing was replaced
    before = traced(computed(date(2031, 1, 7)), "P1", "001")
    assert parts(before) == (4, 2000) and before.superseded == ()


def test_a_correction_counts_and_says_who_agreed_and_what_stood_there(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive_all()
    (office.folder / "corrections.yml").write_text(
        "- {quarter: 2030-Q4, measure: poor_households, area: '00011', old: 3, new: 5, reason: ghi nhầm,"
        " agreed_by: Phòng A, agreed_on: 2031-01-09}\n"
    )
    found = traced(computed(), "P1", "001")
    (cell,) = (cell for cell in found.cells if cell.correction)
    assert (cell.cell, cell.raw, cell.value, cell.correction.original) == ("D8", "3", 5, 3)
    assert parts(found) == (6, 2000) == (found.numerator, found.denominator)
    assert "số gốc 3; sửa vì ghi nhầm, Phòng A thống nhất ngày 09/01/2031" in " ".join(as_text(found).split())
    assert parts(traced(computed(date(2031, 1, 8)), "P1", "001")) == (4, 2000)


def test_cells_that_contradict_each_other_are_left_out_and_shown(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    workbook = district_workbook("Quận Đông")
    workbook["Biểu 1"].insert_rows(10)
    for column, value in enumerate(("-", "Việc làm mới", "người", None, 260, 200), start=1):
        workbook["Biểu 1"].cell(10, column, value)
    office.receive(workbook, "dong.xlsx", "001", date(2031, 1, 2))
    found = traced(computed(), "J1", "001")
    (left_out,) = found.left_out
    assert (left_out.reason, [cell.value for cell in left_out.cells]) == ("các ô ghi số khác nhau", [250, 260])
    assert recompute(found) is None


def test_text_fits_100_columns_and_obeys_no_control_character(complete: duckdb.DuckDBPyConnection) -> None:
    for code in ("P1", "J1", "W1", "U1", "areas_without_poor", "status_summary"):
        text = traced_text(complete, Q4, code)
        assert max(map(len, text.splitlines())) <= 100
        assert all(line.isprintable() for line in text.splitlines())
