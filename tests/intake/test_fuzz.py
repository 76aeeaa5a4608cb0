"""A sample of what `make fuzz` tries, and every input that ever failed."""

from __future__ import annotations

import os

import pytest

from tests.intake.fuzz import FAILURES, Trial

INPUTS = int(os.environ.get("GIAOBAN_EXAMPLES", "250"))
# numbers of spoiled cells that once ended otherwise than in a reading
NUMBERS: list[int] = []
KEPT = sorted(path for path in FAILURES.glob("*.bin") if path.name != "last.bin")


@pytest.fixture(scope="module")
def trial(province_names) -> Trial:
    return Trial(province_names)


def test_spoiled_workbooks_end_in_readings(trial):
    faults = {
        number: faults for number in [*NUMBERS, *range(INPUTS)] if (faults := trial.faults(trial.spoiled(number)))
    }
    assert faults == {}


@pytest.mark.parametrize("path", KEPT, ids=[path.name for path in KEPT])
def test_an_input_that_failed_once_is_read(trial, path):
    assert trial.faults(path.read_bytes()) == []
