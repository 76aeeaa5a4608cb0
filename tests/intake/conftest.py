"""Reading a workbook built in a test, as the workers read a sent one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from pipeline.findings import Finding
from pipeline.intake.identity import Names
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests import tiny
from tests.intake import province

QUARTER = Quarter(2030, 4)
Rows = Sequence[Sequence[Any]]


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return tiny.write_programme(tmp_path)


@pytest.fixture
def read(programme: Programme) -> Callable[..., Reading]:
    def read_it(
        workbook: Workbook | bytes, file: str = "bao cao.xlsx", sent_by: str | None = None, quarter: Quarter = QUARTER
    ) -> Reading:
        content = workbook if isinstance(workbook, bytes) else to_bytes(workbook)
        return read_workbook(content, file, Names(programme, quarter), sent_by)

    return read_it


@pytest.fixture(scope="session")
def province_names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return Names(province.write(tmp_path_factory.mktemp("province")), QUARTER)


@pytest.fixture
def read_sheets_of(province_names: Names) -> Callable[..., Reading]:
    """Read sheets of the made-up province, given as rows by name; `prepare` changes the workbook before."""

    def read_them(
        prepare: Callable[[Workbook], object] | None = None, sent_by: str | None = None, **sheets: Rows
    ) -> Reading:
        workbook = tiny.new_workbook()
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if prepare is not None:
            prepare(workbook)
        reading = read_workbook(to_bytes(workbook), "bao cao.xlsx", province_names, sent_by)
        for form in reading.forms:
            assert form.rows_read == form.rows_used + form.rows_recognised + form.rows_set_aside
        return reading

    return read_them


def to_bytes(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rules(reading: Reading) -> dict[str, str]:
    """rule -> place (`sheet!cell`, or empty) of the last finding with that rule."""
    return {
        finding.rule: f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
        for finding in reading.findings
    }


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """rule, severity and cell of each finding."""
    return [(one.rule, one.severity, one.cell) for one in findings]


def figures(reading: Reading, series: str = "actual") -> dict[tuple[str, str], Decimal | str | None]:
    """(measure, area) -> value, or the state where there is none."""
    return {
        (one.measure, one.area_code): one.value if one.state == "value" else one.state
        for one in reading.observations
        if one.series == series
    }
