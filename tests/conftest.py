"""What tests of several stages begin from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import receive
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests import tiny
from tests.made_once import made_once


@pytest.fixture(scope="session")
def printed_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the tiny programme whose three files of 2030-Q4 are received and whose briefing is printed."""
    return made_once(tmp_path_factory, "printed-office", _print_office)


def _print_office(home: Path) -> None:
    home.mkdir()
    programme, quarter = tiny.write_programme(home), Quarter(2030, 4)
    for workbook, name, reporter in (
        (tiny.district_workbook("Quận Đông"), "dong.xlsx", "001"),
        (tiny.district_workbook("Huyện Tây Hòa"), "tay hoa.xlsx", "002"),
        (tiny.agency_workbook(), "so mot.xlsx", "so_mot"),
    ):
        workbook.save(home / name)
        receive(programme, quarter, [home / name], reporter, date(2031, 1, 3))
    with Runner(programme) as runner:
        runner.briefing(quarter)
