"""Deliberate changes to rules in the models: each must change what a compact programme comes to.

A rule that can be changed without a test noticing is not tested. The text a change replaces must occur in its
model, so that a rewritten model asks for its change to be rewritten too.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest

from .conftest import SQL_FOLDER, Tables, build
from .test_poverty import CHANGES, with_forms

Q1, Q3, Q4 = "2023-Q1", "2023-Q3", "2023-Q4"


@dataclass(frozen=True)
class Mutation:
    """`old` becomes `new` in sql/`model`.sql, wherever it stands."""

    name: str
    model: str
    old: str
    new: str


MUTATIONS = [
    Mutation(
        "a value equal to its target misses it",
        "intermediate/judgements",
        "when op in ('ge', 'range', 'yes') then attained_exact >= due",
        "when op in ('ge', 'range', 'yes') then attained_exact > due",
    ),
    Mutation(
        "a range is judged on its upper bound",
        "intermediate/judgements",
        "when op in ('ge', 'range', 'yes') then attained_exact >= due",
        "when op in ('ge', 'yes') then attained_exact >= due\n"
        "            when op = 'range' then attained_exact >= due_high",
    ),
    Mutation(
        "a strict bound is taken as a loose one",
        "intermediate/judgements",
        "when op = 'lt' then attained_exact < due",
        "when op = 'lt' then attained_exact <= due",
    ),
    Mutation(
        "the year's expected share is off by a quarter",
        "intermediate/judgements",
        "                else number\n            end as integer",
        "                else number - 1\n            end as integer",
    ),
    Mutation(
        "the expected share of a plan is ignored",
        "intermediate/plans",
        "when 1 then targets.share_q1",
        "when 1 then null",
    ),
    Mutation(
        "the first document gives the plan",
        "intermediate/plans",
        "issued_on desc nulls last, line desc",
        "issued_on asc nulls last, line asc",
    ),
    Mutation(
        "the city's rate is a mean of the districts' rates",
        "intermediate/city_indicators",
        "        sum(numerator) as numerator,\n        sum(denominator) as denominator,",
        "        coalesce(avg(numerator * 1.0 / denominator), sum(numerator)) as numerator,\n"
        "        case when sum(denominator) > 0 then 1 end as denominator,",
    ),
    Mutation(
        "a rate is over all, not over those who reported both",
        "intermediate/area_indicators",
        "            when numerators.state = 'value' and denominators.state = 'value' then 'value'",
        "            when numerators.state = 'value' or denominators.state = 'value' then 'value'",
    ),
    Mutation(
        "a missing figure is zero",
        "staging/cells",
        "case when observations.state = 'value' then observations.value end as value,",
        "case when observations.state <> 'not_applicable' then coalesce(observations.value, 0) end as value,",
    ),
    Mutation(
        "the first receipt counts, not the latest",
        "staging/forms_in_force",
        "order by receipts.seq desc,",
        "order by receipts.seq asc,",
    ),
    Mutation(
        "a figure on two places counts twice",
        "staging/observations",
        "        max(value) as value,",
        "        sum(value) as value,",
    ),
    Mutation(
        "a rejected form counts",
        "staging/forms_in_force",
        "where is_accepted and reporter is not null",
        "where reporter is not null",
    ),
    Mutation(
        "the minimum coverage is dropped",
        "intermediate/city_indicators",
        "    and sums.areas_reported >= indicators.minimum_coverage * sums.areas_expected as is_covered,",
        "    and true as is_covered,",
    ),
    Mutation(
        "flows are held to the path of stocks",
        "staging/indicators",
        "coalesce(numerators.period_kind, '') = 'flow' as is_flow",
        "coalesce(numerators.period_kind, '') = 'none' as is_flow",
    ),
    Mutation(
        "urban districts count where only rural areas do",
        "intermediate/area_indicators",
        "when not wanted.is_applicable then 'not_applicable'",
        "when false then 'not_applicable'",
    ),
    Mutation(
        "the path starts under another method",
        "staging/indicators",
        "\n    || coalesce(indicators.break_from, '') as method",
        " as method",
    ),
    Mutation(
        "the form's column is compared across a break",
        "intermediate/earlier_figures",
        "            when indicators.is_broken_last_year then 'break'\n",
        "",
    ),
    Mutation(
        "a correction is applied to any figure",
        "staging/observations",
        "                figures.value = corrections.old_value\n",
        "                figures.value is not null\n",
    ),
    Mutation(
        "the group of a record overrides the status it agrees with",
        "intermediate/indicator_statuses",
        "            when recorded_groups.status_group = computed_statuses.status_group\n",
        "            when recorded_groups.status_group = 'none'\n",
    ),
    Mutation(
        "net movement forgets what left",
        "marts/poverty_flows",
        "else changes.households_in - changes.households_out",
        "else changes.households_in",
    ),
    Mutation(
        "less is ranked first where more is better",
        "marts/area_comparison",
        "order by value * better desc nulls last",
        "order by value * better asc nulls last",
    ),
    Mutation(
        "three figures are enough to project",
        "intermediate/horizon_outlooks",
        "when points_used < 4\n",
        "when points_used < 3\n",
    ),
    Mutation(
        "the city's plan holds for every area",
        "intermediate/plans",
        "or (targets.area_code is null and areas.area_level = 'city')",
        "or targets.area_code is null",
    ),
    Mutation(
        "the plan of an area is taken for the city's",
        "intermediate/plans",
        "targets.area_code = areas.area_code",
        "(targets.area_code is not null and areas.area_level = 'city')",
    ),
    Mutation(
        "what is not done yet is behind",
        "intermediate/judgements",
        "when op = 'yes' and not is_within and not is_due then null",
        "",
    ),
    Mutation(
        "what is not done is never behind",
        "intermediate/judgements",
        "when op = 'yes' then is_within",
        "when op = 'yes' then true",
    ),
    Mutation(
        "what this year asks for is behind before the year is over",
        "intermediate/indicator_statuses",
        "            when year_judgements.op = 'yes' then 'not_yet'\n",
        "",
    ),
    Mutation(
        "a sum with an area missing keeps below its ceiling",
        "intermediate/judgements",
        "            or is_complete\n",
        "            or true\n",
    ),
    Mutation(
        "a sum above its ceiling is in doubt while an area is missing",
        "intermediate/judgements",
        "            or (not is_within and (is_flow or is_due))\n",
        "",
    ),
    Mutation(
        "part of this year is compared with the whole of last year",
        "intermediate/comparable_figures",
        "        figures.areas_reported = figures.areas_expected\n",
        "        true\n",
    ),
    Mutation(
        "an area that did not report last year is compared with nothing",
        "intermediate/comparable_figures",
        "        and same_areas.areas = same_areas.areas_now\n",
        "",
    ),
]


def programme() -> Tables:
    """Every rule above decides at least one figure or status of this programme."""
    returns = with_forms()
    for code in ("part", "half", "whole", "level", "water", "twice", "fixed", "late", "huts", "new"):
        returns.measure(code)
    returns.measure("done", level="city", reported_by="agency", reporter="so")
    returns.measure("jobs", period_kind="flow")
    returns.indicator("RATE", "part", "whole")
    returns.indicator("HALF", "half", "whole")
    returns.indicator("LEVEL", "level", minimum_coverage=0.9)
    returns.indicator("JOBS", "jobs")
    returns.indicator("SPREAD", "jobs")
    returns.indicator("WATER", "water", applies_to="rural_areas")
    returns.indicator("TWICE", "twice")
    returns.indicator("OVER", "twice")
    returns.indicator("RANGE", "twice", direction="range")
    returns.indicator("STRICT", "twice", direction="lower")
    returns.indicator("FIXED", "fixed")
    returns.indicator("LATE", "late")
    returns.indicator("HUTS", "huts", direction="lower")
    returns.indicator("FIRES", "huts", direction="lower")
    returns.indicator("NEW", "new", minimum_coverage=0.3)
    returns.indicator("DONE", "done", aggregation="city_only")
    returns.indicator("DUE", "done", aggregation="city_only")
    returns.indicator("OPEN", "done", aggregation="city_only")
    returns.add("method_breaks", indicator_code="FIXED", from_quarter="2023-Q2", note="mới", basis="published")
    correction = {"quarter": Q4, "measure": "fixed", "area_code": "01", "series": "actual", "old_value": 4}
    returns.add("corrections", **correction, new_value=9, reason="nhầm", agreed_by="Sở", agreed_on=date(2024, 1, 9))
    returns.target("RATE", "year", "ge", 25, year=2023)
    returns.target("RATE", "year", "ge", 30, year=2023, area_code="01")
    returns.target("RATE", "year", "ge", 20, year=2023, area_code="02")
    returns.target("HUTS", "year", "le", 50, year=2023)
    returns.target("FIRES", "year", "le", 5, year=2023)
    returns.target("DONE", "term_end", "yes", None, year=2025)
    returns.target("DUE", "term_end", "yes", None, year=2023)
    returns.target("OPEN", "year", "yes", None, year=2023)
    returns.target("LEVEL", "year", "ge", 1, year=2023)
    returns.target("LATE", "year", "ge", 50, year=2023)
    returns.target("FIXED", "year", "ge", 7, year=2023)
    returns.target("JOBS", "year", "ge", 240, year=2023)
    returns.target("SPREAD", "year", "ge", 240, year=2023, share_q1=0.2)
    returns.target("TWICE", "term_end", "ge", 20, year=2025, issued_on=date(2021, 1, 1))
    returns.target("TWICE", "term_end", "ge", 15, year=2025, issued_on=date(2022, 1, 1))
    returns.target("OVER", "year", "ge", 14, year=2023)
    returns.target("RANGE", "term_end", "range", 15, high=20, year=2025)
    returns.target("STRICT", "term_end", "lt", 15, year=2025)
    returns.assess(Q4, "OVER", "year_done", assessed_on=date(2024, 1, 12))
    returns.send_all("2022-Q4", fixed=(1, 1, 1), late=(1, 1, 1), new=(1, 1, None))
    returns.send_all(Q1, jobs=(20, 20, 10), late=(2, 2, 2))
    returns.send_all(Q3, **{"fixed": (2, 2, 2), "fixed:last_year": (1, 1, 1), "late": (3, 3, 3)})
    for quarter in (Q3, Q4):
        returns.send(quarter, "so", {"done@city": 0}, form="bieu05")
    returns.send(Q4, "01", {"late": 1, "part": 2})
    returns.send(
        Q4,
        "01",
        {"part": 1, "half": 1, "whole": 2, "jobs": 80, "water": 7, "twice": 5, "fixed": 5, "late": 4}
        | {"huts": 3, "new": 2},
    )
    returns.send(Q4, "01", {"late": 9}, accepted=False)
    returns.send(
        Q4,
        "02",
        {"part": 1, "half": 1, "whole": 8, "jobs": 80, "level": 1, "water": 3, "twice#E8": 5, "twice#E9": 5}
        | {"huts": 3},
    )
    figures = {"part": 2, "whole": 6, "jobs": 80, "level": None, "water": 3, "twice": 5, "late": 4}
    returns.send(Q4, "03", figures | {"new": 2})
    returns.send(Q4, "03", {f"{flow}_households@0302": value for flow, value in CHANGES.items()}, form="bieu02")
    return returns.tables


EXPECTED = {
    # status, computed or recorded, value, areas behind it, end of last year, same period last year
    "progress": {
        (Q1, "JOBS"): ("behind", "computed", 50, 3, None, None),  # a quarter of 240 is 60
        (Q1, "SPREAD"): ("on_track", "computed", 50, 3, None, None),  # a fifth of 240 is 48
        (Q3, "OPEN"): ("not_yet", "computed", 0, 1, None, None),  # due at the end of the year
        (Q3, "FIXED"): ("behind", "computed", 6, 3, None, None),  # no start to a path: held to 7 itself
        (Q4, "RATE"): ("year_met", "computed", 25, 3, None, None),  # 4 of 16
        (Q4, "HALF"): ("no_plan", "computed", 20, 2, None, None),  # 2 of 10: district 03 sent no half
        (Q4, "LEVEL"): ("no_data", "computed", 1, 1, None, None),
        (Q4, "JOBS"): ("year_met", "computed", 240, 3, None, None),
        (Q4, "WATER"): ("no_plan", "computed", 6, 2, None, None),  # the 7 of an urban district aside
        (Q4, "TWICE"): ("term_met", "computed", 15, 3, None, None),
        (Q4, "OVER"): ("year_exceeded", "computed", 15, 3, None, None),
        (Q4, "RANGE"): ("term_met", "computed", 15, 3, None, None),
        (Q4, "STRICT"): ("no_data", "computed", 15, 3, None, None),  # no path to be below of
        (Q4, "FIXED"): ("no_data", "computed", 5, 1, None, None),
        (Q4, "LATE"): ("missed", "computed", 8, 2, 2, 2),  # the two of today had 2 then
        (Q4, "HUTS"): ("no_data", "computed", 6, 2, None, None),  # 6 of at most 50, without district 03
        (Q4, "FIRES"): ("missed", "computed", 6, 2, None, None),  # 6 of at most 5, whatever 03 has
        (Q4, "NEW"): ("no_plan", "computed", 4, 2, None, None),  # district 03 reports now and did not then
        (Q4, "DONE"): ("not_yet", "computed", 0, 1, None, None),  # due in 2025
        (Q4, "DUE"): ("behind_term", "computed", 0, 1, None, None),  # due now
    },
    "ranks": {("RATE", "01"): (1, False, True), ("RATE", "02"): (3, True, False), ("RATE", "03"): (2, False, None)},
    "flows": {("03", "poor_net"): (-1,), ("city", "poor_gross_decrease"): (6,)},
    "outlook": {(Q3, "LATE"): (3, None)},  # three figures: too few
}
READ = {
    "progress": "select quarter, indicator_code, status, status_source, value, areas_reported, year_end_value,"
    " same_period_value from marts.indicator_progress",
    "ranks": "select indicator_code, area_code, rank, is_below_city, is_plan_met from marts.area_comparison"
    f" where quarter = '{Q4}'",
    "flows": f"select area_code, flow, households from marts.poverty_flows where quarter = '{Q4}'",
    "outlook": "select quarter, indicator_code, points_used, projected_year_end from marts.indicator_outlook",
}
MARTS = ("indicator_progress", "area_comparison", "poverty_flows", "indicator_outlook")


def mutated_text(mutation: Mutation) -> str:
    text = (SQL_FOLDER / f"{mutation.model}.sql").read_text(encoding="utf-8")
    assert mutation.old in text, f"{mutation.model} no longer says this: rewrite the change '{mutation.name}'"
    return text.replace(mutation.old, mutation.new)


def outcome(mutation: Mutation | None = None) -> dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]:
    """What the programme comes to, with one model changed or none, as far as EXPECTED names it."""
    changed = {mutation.model.replace("/", "."): mutated_text(mutation)} if mutation else {}
    tables, built = programme(), set[str]()
    with duckdb.connect(config={"threads": 1}) as connection:
        for mart in MARTS:
            build(connection, f"marts.{mart}", tables, built, changed)
        read = {name: connection.execute(sql).fetchall() for name, sql in READ.items()}
    return {name: {row[:2]: tuple(row[2:]) for row in rows if row[:2] in EXPECTED[name]} for name, rows in read.items()}


def test_the_models_as_they_are_come_to_what_is_expected() -> None:
    assert outcome() == EXPECTED


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.name for mutation in MUTATIONS])
def test_a_changed_rule_is_noticed(mutation: Mutation) -> None:
    assert outcome(mutation) != EXPECTED
