"""The programmes whose forms are made, and the reader that reads them back."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pipeline.intake.identity import Names
from pipeline.intake.readings import Reading
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme, load_programme, programme_ids
from pipeline.quarters import Quarter
from tests import tiny

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME_IDS = programme_ids(ROOT)
demonstration = cache(lambda programme_id: load_programme(ROOT, programme_id))


@pytest.fixture
def tiny_programme(tmp_path: Path) -> Programme:
    return tiny.write_programme(tmp_path)


def read_back(content: bytes, programme: Programme, quarter: Quarter) -> Reading:
    """What the real reader makes of a workbook whose file name says nothing."""
    return read_workbook(content, "bao_cao.xlsx", Names(programme, quarter))


def with_files(home: Path, changed: dict[str, tuple[str, str]]) -> Programme:
    """The tiny programme with one wording replaced in some files."""
    tiny.write_programme(home)
    for name, (old, new) in changed.items():
        path = home / "raw" / tiny.PROGRAMME_ID / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return load_programme(home, tiny.PROGRAMME_ID)


def two_lines(lines: str) -> dict[str, tuple[str, str]]:
    """The form of households with two lines for each commune; `lines` declares their column, or is empty."""
    layout = tiny.FILES["layouts/dan_cu.yml"]
    columns = layout[layout.index("columns:") : layout.index("groups:")]
    declared = (
        "columns:\n"
        "  - {measure: households, header: Số hộ, line: Tất cả|Chung}\n"
        "  - {measure: poor_households, header: Số hộ, line: Nghèo}\n"
        "  - {rate_of: [poor_households, households], header: Tỷ lệ, line: Nghèo}\n"
    )
    return {"layouts/dan_cu.yml": (columns, lines + declared)}
