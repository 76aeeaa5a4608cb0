"""What an office types otherwise than it means changes no published figure: agreed upon, or nothing rests on it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from pipeline.quarters import Quarter
from tests.demo.conftest import Told
from tests.demo.figures import demo_truth
from tests.demo.odd_cells import TypedCells, odd_cells


def test_every_wrong_figure_of_a_quarter_is_agreed_upon_with_the_right_one(told: Told):
    path = told.folder / "corrections.yml"
    agreed = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    corrected = {
        (Quarter.parse(one["quarter"]), one["measure"], one["area"], one["series"]): (one["old"], one["new"])
        for one in agreed
    }
    wrong = {}
    for quarter in told.story.quarters:
        truth = demo_truth(told.folder, quarter)
        for cell in odd_cells(told.story, quarter):
            measure, area, series = cell.figure(told.story)
            if cell.is_another_figure:
                assert Decimal(cell.typed) != truth[measure, area, series]
                if series == "actual":
                    wrong[quarter, measure, area, series] = (cell.typed, truth[measure, area, series])
    assert corrected == wrong
    assert all(one["basis"] == "illustrative" for one in agreed)


def test_the_last_quarter_shows_each_kind_once(hanoi: Told):
    cells = odd_cells(hanoi.story, Quarter(2023, 4))
    assert sorted((cell.area, cell.row, cell.column) for cell in cells) == [
        ("007", "B07", "actual"),
        ("018", "jobs_created", "last_year"),
        ("277", "jobs_created", "actual"),
        ("281", "total", "near_poor_households"),
        ("282", "housing_supported", "actual"),
    ]
    assert odd_cells(hanoi.story, Quarter(2023, 3)) == []


def test_a_cell_is_typed_as_the_office_types(hanoi: Told):
    place = {"area": "1", "quarter": "2023-Q4", "form": "a", "row": "r"}
    facts = {"odd_cells": [place | {"column": "c", "typed": 12345}, place | {"column": "d", "typed": "ước 9"}]}
    story = replace(hanoi.story, facts=facts)
    as_number, as_text = (TypedCells(story, "1", Quarter(2023, 4), is_text) for is_text in (False, True))
    assert as_number("a", "r", "c", (1, "count_bold")) == (12345, "count_bold")
    assert as_text("a", "r", "c", ("1", "figure")) == ("12.345", "figure")
    assert as_number("a", "r", "d", (1, "count")) == ("ước 9", "figure")
    assert as_number("a", "r", "e", (1, "count")) == (1, "count")
    assert as_number.left() == [] and as_text.left() == [("a", "r", "d")]


@pytest.mark.parametrize(("area", "quarter"), [("2", Quarter(2023, 4)), ("1", Quarter(2023, 3))])
def test_another_office_and_another_quarter_type_what_they_mean(hanoi: Told, area: str, quarter: Quarter):
    cell = {"area": "1", "quarter": "2023-Q4", "form": "a", "row": "r", "column": "c", "typed": 5}
    typed = TypedCells(replace(hanoi.story, facts={"odd_cells": [cell]}), area, quarter, False)
    assert typed("a", "r", "c", (1, "count")) == (1, "count")
