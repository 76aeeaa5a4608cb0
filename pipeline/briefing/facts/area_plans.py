"""How the areas stand to the year plans they were given themselves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipeline.briefing.facts.areas import WORST_SHOWN, AreaName, leading
from pipeline.briefing.facts.figure import Fact, FactBook, Origin
from pipeline.briefing.facts.goals import Goal, GoalTables, goal, goal_tables
from pipeline.briefing.facts.indicators import IndicatorFacts, value_fact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA

# the year plan in marts.area_comparison, under the names marts.indicator_progress has for it
_YEAR_PLAN = {
    "year_op": "plan_op", "year_value": "plan", "year_high": "plan_high", "year_measure": "plan_measure",
    "year_judged": "plan_judged", "year_completion_numerator": "completion_numerator",
    "year_completion_denominator": "completion_denominator", "year_completion_decimals": "completion_decimals",
}  # fmt: skip


@dataclass(frozen=True)
class PlannedArea:
    """An area and what it reached of its plan: value is what the plan is judged on."""

    area: AreaName
    value: Fact
    goal: Goal


@dataclass(frozen=True)
class AreaPlans:
    """One indicator with plans for areas: '12/15 đơn vị' on plan, that is met or, while there is time, on the way;
    how many lack the figures to say so; of the others those farthest from their plan."""

    indicator: IndicatorFacts
    on_plan: Fact
    not_judged: Fact
    farthest: tuple[PlannedArea, ...]


def area_plan_facts(
    marts: Marts, book: FactBook, indicators: list[IndicatorFacts], names: dict[str, AreaName]
) -> tuple[AreaPlans, ...]:
    """Every indicator that has a year plan for at least one area, in printing order."""
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
    tables = goal_tables(marts, {row["code"]: row for row in marts.all_rows("raw.measures", "code")})
    rows = [row for row in marts.of_quarter("marts.area_comparison", "indicator_code, area_sort, area_code")
            if row["plan_op"] is not None]  # fmt: skip

    def shown(row: Row) -> PlannedArea:
        code, area = row["indicator_code"], row["area_code"]
        plan = area_year_goal(book, row, about[code], tables)
        assert plan is not None
        value = plan.judged or value_fact(book, f"area_plan.{code}.{area}.value", row, about[code] | row, area)
        return PlannedArea(names[area], value, plan)

    made = []
    for one in indicators:
        own = [row for row in rows if row["indicator_code"] == one.code]
        if not own:
            continue
        short = sorted((row for row in own if row["is_on_plan"] is False), key=shortfall, reverse=True)
        unknown = sum(row["is_on_plan"] is None for row in own)
        here, key = Origin(one.code, TOP_AREA), f"area_plan.{one.code}"
        made.append(AreaPlans(
            one,
            book.part(f"{key}.on_plan", sum(row["is_on_plan"] is True for row in own), len(own), "đơn vị",
                      here.of("areas_on_plan")),
            book.few(f"{key}.not_judged", unknown, "đơn vị", here.of("areas_not_judged")),
            tuple(shown(row) for row in leading(short, shortfall, WORST_SHOWN)),
        ))  # fmt: skip
    return tuple(made)


def area_year_goal(book: FactBook, row: Row, about: Row, tables: GoalTables) -> Goal | None:
    """The year plan of a row of marts.area_comparison; None where the area was given none."""
    code, area = row["indicator_code"], row["area_code"]
    whole = about | row | {name: row[held] for name, held in _YEAR_PLAN.items()}
    here = Origin(code, area, row["basis"] or "")
    return goal(book, f"area_plan.{code}.{area}", whole, "year", tables, here)


def shortfall(row: Row) -> Fraction:
    """How far a row of marts.area_comparison is from its plan, as a part of the plan."""
    plan = Fraction(1 if row["plan"] is None else row["plan"])
    if row["plan_measure"]:
        value = Fraction(str(row["plan_judged"]))
    else:
        value = Fraction(row["numerator"]) * row["scale"] / Fraction(row["denominator"] or 1)
    return abs(plan - value) / (abs(plan) or 1)
