from __future__ import annotations

from datetime import date

import pytest

from pipeline.errors import UsageError
from pipeline.quarters import Quarter, quarters_between


@pytest.mark.parametrize("text", ["2023-Q4", "2023Q4", "IV/2023", "quý IV/2023", "4/2023", "iv-2023", "2023q4"])
def test_every_usual_spelling(text):
    assert Quarter.parse(text) == Quarter(2023, 4)


@pytest.mark.parametrize("text", ["2023-Q5", "Q4", "V/2023", "2023", ""])
def test_anything_else_is_told_how_to_write(text):
    with pytest.raises(UsageError, match="2023-Q4"):
        Quarter.parse(text)


def test_neighbours():
    quarter = Quarter(2023, 1)
    assert (str(quarter.previous), str(quarter.same_last_year), str(quarter.previous_year_end)) == (
        "2022-Q4", "2022-Q1", "2022-Q4",
    )  # fmt: skip
    assert (quarter.first_month, quarter.last_month, quarter.ends_on) == ("2023-01", "2023-03", date(2023, 3, 31))
    assert [str(one) for one in quarters_between(Quarter(2022, 4), Quarter(2023, 2))] == [
        "2022-Q4",
        "2023-Q1",
        "2023-Q2",
    ]
    assert Quarter.of(date(2024, 2, 29)) == Quarter(2024, 1)
