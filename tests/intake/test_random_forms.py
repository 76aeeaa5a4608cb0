"""Whatever an office does with a form, the same figures are read back. More examples: GIAOBAN_EXAMPLES=2000."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from pipeline.intake.identity import Names
from pipeline.intake.workbook import read_workbook
from pipeline.programme import Programme
from tests.intake.conftest import QUARTER
from tests.intake.random_forms import Written, area_form, measure_form

EXAMPLES = int(os.environ.get("GIAOBAN_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def base(province_names: Names) -> Programme:
    return province_names.programme


@pytest.mark.parametrize("write", [area_form, measure_form])
def test_the_figures_meant_are_the_figures_read(base: Programme, write: Callable[..., Written]):
    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def reads_back(data: Any) -> None:
        written = write(data.draw, base)
        for habit in written.habits:
            event(habit)
        note(str(written.habits))
        reading = read_workbook(written.content, "bao cao.xlsx", Names(written.programme, QUARTER))
        read = {
            (one.measure, one.area_code, one.series): one.value if one.state == "value" else one.state
            for one in reading.observations
        }
        assert not [finding for finding in reading.findings if finding.severity == "error"]
        assert read == {
            key: Decimal(value) if isinstance(value, Decimal) else value for key, value in written.truth.items()
        }
        for form in reading.forms:
            assert form.rows_read == form.rows_used + form.rows_recognised + form.rows_set_aside
        told = [finding.rule for finding in reading.findings]
        assert len(told) == len(set(told)) or len(told) < 12  # one cause, one finding

    reads_back()
