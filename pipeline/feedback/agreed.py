"""Figures that another was agreed on for: their senders are told, so that the next file holds the right one."""

from __future__ import annotations

import duckdb

from pipeline.feedback.checked import CheckedFinding
from pipeline.findings import Finding
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import number, short_date

_CELLS = """
select corrections.measure, corrections.new_value, corrections.reason, corrections.agreed_by, corrections.agreed_on,
    cells.reporter, cells.sha256, cells.sheet, cells.cell, cells.raw_text
from staging.corrections as corrections
inner join staging.cells as cells
    on corrections.quarter = cells.quarter and corrections.measure = cells.measure
    and corrections.area_code = cells.area_code and corrections.series = cells.series
where corrections.quarter = ? and cells.is_current
order by all
"""


def agreed_findings(
    connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter
) -> list[CheckedFinding]:
    """One info for each cell in force whose figure is replaced by a correction of corrections.yml."""
    names = {measure.code: measure.name_vi for measure in programme.measures}
    findings = []
    for row in connection.execute(_CELLS, [str(quarter)]).fetchall():
        measure, new, reason, agreed_by, agreed_on, reporter, sha256, sheet, cell, raw_text = row
        used = "không có số liệu" if new is None else number(new, 4)
        found = (
            f"{names.get(measure, measure)}: biểu ghi {raw_text or 'để trống'}, đã thống nhất dùng {used}"
            f" ({reason}; {agreed_by}, ngày {short_date(agreed_on)})"
        )
        remedy = f"Ghi {used} khi gửi lại biểu này; không phải gửi lại chỉ vì điểm này."
        finding = Finding("figure-corrected", "info", sheet, cell, found, used, remedy)
        findings.append(CheckedFinding(reporter, sha256, finding, is_stated=False))
    return findings
