"""What the tests of the demonstration share: the programmes that have a story, and their figures told once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from pipeline.quarters import Quarter
from tests.demo.figures import Figures
from tests.demo.sending import REGISTER
from tests.demo.story import STORIES, Story, load_story

HOME = Path(__file__).parents[2]
PROGRAMMES = sorted(path.parent.name for path in STORIES.glob("*/story.yml"))


@dataclass(frozen=True)
class Told:
    """One programme of the demonstration."""

    folder: Path

    @cached_property
    def story(self) -> Story:
        return load_story(self.folder)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.story)

    def submissions(self, quarter: Quarter) -> Path:
        return self.folder / "submissions" / str(quarter)

    def registered(self, quarter: Quarter) -> list[dict[str, str]]:
        return rows_of(self.submissions(quarter) / REGISTER)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


_TOLD = {name: Told(HOME / "raw" / name) for name in PROGRAMMES}


@pytest.fixture(params=PROGRAMMES)
def told(request: pytest.FixtureRequest) -> Told:
    """Each programme in turn."""
    return _TOLD[request.param]


@pytest.fixture
def hanoi() -> Told:
    return _TOLD["hanoi_08_ctr_tu"]


@pytest.fixture
def long_an() -> Told:
    return _TOLD["long_an_52_ctr_tu"]
