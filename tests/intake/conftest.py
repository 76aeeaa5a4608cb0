"""Reading a workbook built in a test, as the workers read a sent one."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.intake.identity import Names
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests import tiny

QUARTER = Quarter(2030, 4)


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
