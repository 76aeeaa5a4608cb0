"""From blank forms to the warehouse and back: this year's answers stand in next year's forms."""

from __future__ import annotations

from random import Random

from pipeline.forms import blank_workbook, earlier_figures, owing_reporters
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from tests.forms.clerk import Clerk
from tests.forms.test_round_trip import filled
from tests.golden.conftest import run_giaoban


def test_next_years_forms_show_what_was_reported(tiny_programme: Programme):
    quarter, next_year = Quarter(2030, 4), Quarter(2031, 4)
    folder = tiny_programme.submissions_folder(quarter)
    folder.mkdir(parents=True)
    reported = {}
    for reporter in owing_reporters(tiny_programme, quarter):
        clerk = Clerk(blank_workbook(tiny_programme, quarter, reporter, {}), tiny_programme, quarter, reporter)
        entries, truth = filled(clerk, Random(reporter))
        (folder / f"{reporter}.xlsx").write_bytes(clerk.filled(entries))
        reported |= {key[:2]: value for key, value in truth.items() if key[2] == "actual" and value != "x"}

    done = run_giaoban(tiny_programme.home, "refresh", tiny_programme.id, str(quarter))
    assert done.returncode == 0, done.stderr
    assert "2/2" in done.stdout and "1/1" in done.stdout
    assert "Cần kiểm tra thêm" not in done.stdout  # no check of the models has a doubt either

    earlier = earlier_figures(tiny_programme, next_year)
    assert earlier and earlier == {("last_year", *key): value for key, value in reported.items()}
    shown = {
        (place.measure.code, place.area): place.given
        for reporter in owing_reporters(tiny_programme, next_year)
        for place in Clerk(
            blank_workbook(tiny_programme, next_year, reporter, earlier), tiny_programme, next_year, reporter
        ).places
        if place.series == "last_year" and place.given not in (None, "x")
    }
    on_that_form = ("jobs_created", "water_households", "water_base")
    expected = {key: value for key, value in reported.items() if key[0] in on_that_form}
    assert shown == expected and len(expected) == 4
