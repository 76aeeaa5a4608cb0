"""The oracle and the models agree on the demonstration's own spreadsheets, read as a run reads them."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.intake import take_in
from pipeline.programme import load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from tests.demo.conftest import HOME

from .frames import complete
from .models import differences, run_models
from .oracle import recompute
from .reading import Frames

LAST = [("hanoi_08_ctr_tu", ["2022-Q4", "2023-Q4"]), ("long_an_52_ctr_tu", ["2024-Q4"])]


def frames_of_demo(programme_id: str, quarters: list[str]) -> Frames:
    programme = load_programme(HOME, programme_id)
    taken = [take_in(programme, Quarter.parse(quarter)).frames for quarter in quarters]
    return complete(programme_frames(programme) | {name: pl.concat([one[name] for one in taken]) for name in taken[0]})


@pytest.mark.parametrize(("programme_id", "quarters"), LAST)
def test_the_oracle_agrees_on_the_demonstration(programme_id: str, quarters: list[str]) -> None:
    frames = frames_of_demo(programme_id, quarters)
    ours = recompute(frames)
    city = [row for row in ours["indicator_values"] if row["area_level"] == "city" and row["state"] == "value"]
    assert {row["quarter"] for row in city} == set(quarters)
    assert len(city) > len(ours["indicator_progress"]) / 2  # two that agree on nothing would agree as well
    assert differences(ours, run_models(frames)) == []
