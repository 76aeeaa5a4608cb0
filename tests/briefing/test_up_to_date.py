"""A briefing counts as up to date only while all it was made from, and all that was made, is still the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.provenance import REPORTS, is_up_to_date, manifest, to_json, undated_record
from pipeline.intake import receive
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter
from tests import tiny

QUARTER = Quarter(2030, 4)


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    programme = tiny.write_programme(tmp_path)
    sent = tmp_path / "dong.xlsx"
    tiny.district_workbook().save(sent)
    receive(programme, QUARTER, [sent], None, date(2031, 1, 3))
    return programme


@pytest.fixture
def made(programme: Programme) -> Path:
    """A folder as a run leaves it, with a PDF of a few bytes."""
    folder = programme.home / "build" / "made"
    folder.mkdir(parents=True)
    record = undated_record(programme, QUARTER, load_fonts(REPORTS))
    record |= {"as_of": None, "document_date": "2031-01-03", "tables": {}}
    (folder / "briefing.pdf").write_bytes(b"%PDF")
    (folder / "manifest.json").write_bytes(to_json(manifest(record, {"briefing.pdf": b"%PDF"})))
    return folder


def test_the_same_inputs_and_outputs_are_up_to_date(programme: Programme, made: Path) -> None:
    assert is_up_to_date(load_programme(programme.home, programme.id), QUARTER, made)


def add_line(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda raw, made: add_line(raw / "indicators.csv"), id="a definition"),
        pytest.param(lambda raw, made: add_line(next((raw / "layouts").glob("*.yml"))), id="a layout"),
        pytest.param(lambda raw, made: add_line(raw / f"submissions/{QUARTER}/dong.xlsx"), id="a workbook"),
        pytest.param(lambda raw, made: (raw / f"submissions/{QUARTER}/dong.xlsx").unlink(), id="a workbook gone"),
        pytest.param(lambda raw, made: (raw / f"submissions/{QUARTER}/moi.xlsx").write_bytes(b"PK"), id="a new file"),
        pytest.param(
            lambda raw, made: ((raw / "narrative").mkdir(), (raw / f"narrative/{QUARTER}.md").write_text("# A")),
            id="the narrative",
        ),
        pytest.param(lambda raw, made: (made / "briefing.pdf").write_bytes(b"%PDX"), id="a spoiled output"),
        pytest.param(lambda raw, made: (made / "briefing.pdf").unlink(), id="an output gone"),
        pytest.param(lambda raw, made: (made / "manifest.json").write_text("{"), id="half a manifest"),
        pytest.param(lambda raw, made: (made / "manifest.json").unlink(), id="no manifest"),
    ],
)
def test_any_change_makes_it_out_of_date(
    programme: Programme, made: Path, change: Callable[[Path, Path], object]
) -> None:
    change(programme.folder, made)
    assert not is_up_to_date(load_programme(programme.home, programme.id), QUARTER, made)


def test_what_lies_beside_changes_nothing(programme: Programme, made: Path) -> None:
    (programme.folder / "submissions" / str(QUARTER) / "~$dong.xlsx").write_bytes(b"lock file of an office program")
    assert is_up_to_date(load_programme(programme.home, programme.id), QUARTER, made)


def test_other_code_means_out_of_date(programme: Programme, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.briefing.provenance.code_version", lambda: "other")
    assert not is_up_to_date(programme, QUARTER, made)
