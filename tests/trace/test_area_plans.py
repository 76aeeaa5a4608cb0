"""Plans of areas on the tiny programme, from its spreadsheets to what is printed and traced of them."""

from __future__ import annotations

from pipeline.briefing.facts.collecting import collect
from pipeline.models.sql_files import SQL_FOLDER
from pipeline.trace import Records, recompute, trace

from .conftest import Q4, Office

# each of the two districts has created 250 jobs
PLANS = """J1,year,2030,1,ge,200,,,1,Giao cho quận,2030-02-01,published,
J1,year,2030,2,ge,400,,,1,Giao cho huyện,2030-02-01,published,
W1,year,2030,1,ge,90,,,1,Giao cho quận,2030-02-01,published,
"""


def test_the_plans_of_areas_are_judged_printed_and_traced(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    with (office.folder / "targets.csv").open("a", encoding="utf-8") as file:
        file.write(PLANS)
    office.receive_all()
    connection = computed()
    facts = collect(office.programme, Q4, connection, SQL_FOLDER)
    jobs, water = facts.area_plans
    assert (jobs.indicator.code, jobs.on_plan.printed, jobs.not_judged.printed) == ("J1", "1/2 đơn vị", "00 đơn vị")
    (far,) = jobs.farthest
    assert (far.area.name, far.value.printed, far.goal.plan.printed) == ("Tây Hòa", "250 người", "400 người")
    assert far.goal.completion is not None and far.goal.completion.printed == "62,5%"
    assert (water.on_plan.printed, water.not_judged.printed) == ("0/1 đơn vị", "01 đơn vị"), "not for urban districts"
    city = next(one for one in facts.indicators if one.code == "J1")
    assert city.year is not None and (city.year.plan.printed, city.status) == ("1.000 người", "missed")
    records = Records(connection, Q4)
    printed = [fact for fact in facts.book.facts.values() if fact.key.startswith("area_plan.")]
    assert len(printed) == 7
    for fact in printed:
        assert fact.trace is not None
        found = trace(records, fact.trace.subject, fact.trace.area)
        assert (found.printed, found.value, recompute(found)) == (fact.printed, fact.value, fact.value), fact.key


def test_the_areas_compared_with_last_year_are_named(office: Office, computed) -> None:  # type: ignore[no-untyped-def]
    office.receive_all()
    found = trace(Records(computed(), Q4), "W1.compared_areas")
    assert (found.printed, recompute(found)) == ("1 đơn vị", 1)
    assert [(item.name, item.is_counted) for item in found.items] == [("Quận Đông", False), ("Huyện Tây Hòa", True)]
