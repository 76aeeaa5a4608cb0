"""The reader finds in the demonstration what was meant, but for odd cells, and complains of nothing but them."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from pipeline.intake import take_in
from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from tests.demo.conftest import HOME
from tests.demo.figures import demo_truth
from tests.demo.odd_cells import TOTAL, odd_cells
from tests.demo.story import load_story

# the quarters with something particular: a year end, a district that never sent, a workbook sent again
SAMPLE = [
    ("hanoi_08_ctr_tu", "2023-Q2"),
    ("hanoi_08_ctr_tu", "2023-Q4"),
    ("long_an_52_ctr_tu", "2024-Q3"),
    ("long_an_52_ctr_tu", "2024-Q4"),
]


@pytest.mark.parametrize(("name", "at"), SAMPLE)
def test_every_figure_is_read_as_it_was_meant(name: str, at: str):
    programme = load_programme(HOME, name)
    frames = take_in(programme, Quarter.parse(at)).frames
    story = load_story(programme.folder)
    odd = odd_cells(story, Quarter.parse(at))
    # a slip in a total or a rate contradicts its own form, another may do so
    contradicted = {cell.area for cell in odd if cell.row == TOTAL or str(cell.typed).endswith("%")}
    complaints = set(frames["findings"].filter(pl.col("severity") != "info")["reporter"])
    assert contradicted <= complaints <= {cell.area for cell in odd}
    assert frames["submissions"]["is_accepted"].all()
    in_force = frames["receipts"].sort("seq").group_by("sent_by").last()["sha256"].to_list()
    observations = frames["observations"].filter(pl.col("sha256").is_in(in_force))
    read: dict[tuple[str, str, str], Decimal | None] = {
        (row["measure"], row["area_code"], row["series"]): row["value"] for row in observations.iter_rows(named=True)
    }
    truth = dict(demo_truth(programme.folder, at))
    truth |= {cell.figure(story): Decimal(cell.typed) for cell in odd if cell.is_another_figure}
    assert read.keys() == truth.keys()
    assert [key for key in truth if read[key] != truth[key]] == []
