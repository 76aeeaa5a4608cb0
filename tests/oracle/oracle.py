"""The marts recomputed from the raw frames by the rules of the design, without any of the models' SQL.

Each figure is asked for on its own and follows its definition back to the cells, instead of tables being joined
forward: amounts are whole numbers, rates and plans exact fractions, and nothing is rounded before it is compared.
"""

from __future__ import annotations

from fractions import Fraction

from .judging import Judgement, Judging
from .poverty import poverty_flows, poverty_rates
from .reading import BASES, UNIT, Frames, Row
from .senders import submission_status
from .values import Earlier, Values

GROUPS = {
    "not_assessable": "difficult",
    "not_due": "unknown",
    "no_data": "unknown",
    "term_exceeded": "term_done",
    "term_met": "term_done",
    "year_exceeded": "year_done",
    "year_met": "year_done",
    "on_track": "on_track",
    "not_yet": "unknown",
    "behind": "difficult",
    "missed": "difficult",
    "behind_term": "difficult",
    "no_plan": "unknown",
}
PLAIN = {"term_done": "term_met", "year_done": "year_met", "on_track": "on_track", "unknown": "no_data"}
QUALIFIERS = ("", "ước", "khoảng")


def recompute(frames: Frames) -> dict[str, list[Row]]:
    """Rows of the marts by name, with the columns the oracle has a word on."""
    values = Values(frames)
    indicator_values = [
        shown_value(values, quarter, code, area)
        for quarter in values.reading.quarters
        for code, definition in values.definitions(quarter).items()
        for area in [
            *values.reading.of_level(quarter, "city"),
            *(values.reading.of_level(quarter, "district") if definition["aggregation"] != "city_only" else []),
        ]
    ]
    judging = Judging(values, frames["programme"].to_dicts()[0], frames["targets"].to_dicts())
    assessments = frames["assessments"].to_dicts()
    progress = [
        shown_progress(judging, assessments, quarter, code)
        for quarter in values.reading.quarters
        for code in values.definitions(quarter)
    ]
    return {
        "indicator_values": indicator_values,
        "indicator_progress": progress,
        "status_summary": status_summary(values, progress),
        "area_comparison": area_comparison(judging),
        "poverty_rates": poverty_rates(values.reading),
        "poverty_flows": poverty_flows(values.reading),
        "submission_status": submission_status(frames, values.reading),
    }


def amount(tens_of_thousandths: int | None) -> Fraction | None:
    return None if tens_of_thousandths is None else Fraction(tens_of_thousandths, UNIT)


def shown_value(values: Values, quarter: str, code: str, area: Row) -> Row:
    value = values.of_place(quarter, "actual", code, area["code"])
    return {
        "quarter": quarter,
        "indicator_code": code,
        "area_code": area["code"],
        "area_level": area["level"],
        "state": value.state,
        "value": value.exact,
        "numerator": amount(value.numerator),
        "denominator": amount(value.denominator),
        "scale": value.scale,
        "areas_reported": value.reported,
        "areas_expected": value.expected,
        "is_estimate": value.estimate > 0,
        "qualifier": QUALIFIERS[value.estimate],
        "basis": None if value.basis is None else BASES[value.basis],
    }


def shown_progress(judging: Judging, assessments: list[Row], quarter: str, code: str) -> Row:
    values = judging.values
    city = values.reading.of_level(quarter, "city")[0]
    year, term = (judging.judge(quarter, code, city["code"], horizon) for horizon in ("year", "term"))
    computed = judging.status(quarter, code, year, term)
    recorded = latest_assessment(assessments, quarter, code)
    status, source = decide(computed, recorded, values.reading.calendar[quarter]["number"] == 4)
    plan = year or term
    return (
        {key: column for key, column in shown_value(values, quarter, code, city).items() if "area_" not in key}
        | judged_columns("year", year)
        | judged_columns("term", term)
        | {"term_year": term.due_year if term else None}
        | earlier_columns("same_period", values.same_period(quarter, code, city["code"]))
        | earlier_columns("year_end", values.year_end(quarter, code, city["code"]))
        | {
            "computed_status": computed,
            "recorded_status": recorded,
            "status": status,
            "status_source": source,
            "status_group": GROUPS[status],
            "gap_value": plan.gap if plan else None,
        }
    )


def judged_columns(horizon: str, judgement: Judgement | None) -> Row:
    plan = judgement.plan if judgement else {}
    done, of = (judgement.done, judgement.of) if judgement else (None, None)
    return {
        f"{horizon}_op": plan.get("op"),
        f"{horizon}_value": plan.get("value"),
        f"{horizon}_high": plan.get("high"),
        f"{horizon}_measure": plan.get("measure"),
        f"{horizon}_document": plan.get("document"),
        f"{horizon}_judged": judgement.judged if judgement else None,
        f"{horizon}_completion": None if done is None or of is None else done * 100 / of,
        f"{horizon}_completion_numerator": done,
        f"{horizon}_completion_denominator": of,
    }


def earlier_columns(name: str, earlier: Earlier) -> Row:
    value = earlier.value
    return {
        f"{name}_source": earlier.source,
        f"{name}_value": value.exact if value else None,
        f"{name}_numerator": amount(value.numerator) if value else None,
        f"{name}_denominator": amount(value.denominator) if value else None,
        f"{name}_areas": value.reported if value else None,
        f"is_{name}_partial": earlier.is_partial,
    }


def latest_assessment(assessments: list[Row], quarter: str, code: str) -> str | None:
    own = [row for row in assessments if (row["quarter"], row["indicator_code"]) == (quarter, code)]
    return max(own, key=lambda row: row["assessed_on"])["status"] if own else None


def decide(computed: str, recorded: str | None, is_year_end: bool) -> tuple[str, str]:
    """The status that holds and where it comes from; a recorded group lets the figures say how."""
    if recorded is None or (recorded not in GROUPS and recorded == GROUPS[computed]):
        return computed, "computed"
    if recorded in GROUPS:
        return recorded, "recorded"
    return PLAIN.get(recorded) or ("missed" if is_year_end else "behind"), "recorded"


def status_summary(values: Values, progress: list[Row]) -> list[Row]:
    rows = []
    for quarter in values.reading.quarters:
        counted = [
            row
            for row in progress
            if row["quarter"] == quarter and values.definitions(quarter)[row["indicator_code"]]["is_counted"]
        ]
        for group in dict.fromkeys(GROUPS.values()):
            sources = [row["status_source"] for row in counted if row["status_group"] == group]
            rows.append(
                {
                    "quarter": quarter,
                    "status_group": group,
                    "indicators": len(sources),
                    "counted_total": len(counted),
                    "computed": sources.count("computed"),
                    "recorded": sources.count("recorded"),
                    "by_figures": sum(GROUPS[row["computed_status"]] == group for row in counted),
                }
            )
    return rows


def area_comparison(judging: Judging) -> list[Row]:
    return [
        row
        for quarter in judging.values.reading.quarters
        for code, definition in judging.values.definitions(quarter).items()
        if definition["aggregation"] != "city_only"
        for row in compared(judging, quarter, code, definition)
    ]


def compared(judging: Judging, quarter: str, code: str, definition: Row) -> list[Row]:
    """The districts of one indicator beside each other; rank 1 + how many are better."""
    values = judging.values
    districts = {
        area["code"]: values.of_area(quarter, "actual", code, area["code"])
        for area in values.reading.of_level(quarter, "district")
    }
    better = {"lower": -1, "not_assessable": 0}.get(definition["direction"], 1)
    shown = [value.exact for value in districts.values() if value.exact is not None]
    city = values.of_city(quarter, "actual", code)
    rows = []
    for area, value in districts.items():
        own = value.exact
        beside = city.exact if value.denominator is not None else None
        gap = own - beside if own is not None and beside is not None else None
        same, before = values.same_period(quarter, code, area), values.year_end(quarter, code, area)
        rows.append(
            {
                "quarter": quarter,
                "indicator_code": code,
                "area_code": area,
                "state": value.state,
                "value": own,
                "city_value": beside,
                "gap": gap,
                "rank": 1 + sum((other - own) * better > 0 for other in shown) if own is not None and better else None,
                "areas_ranked": len(shown),
                "areas_at_rank": shown.count(own) if own is not None and better else None,
                "is_below_city": gap * better < 0 if gap is not None and better else None,
                "same_period_source": same.source,
                "same_period_value": same.value.exact if same.value else None,
                "year_end_source": before.source,
                "year_end_value": before.value.exact if before.value else None,
            }
            | own_plans(judging, quarter, code, area, is_assessed=better != 0)
        )
    return rows


def own_plans(judging: Judging, quarter: str, code: str, area: str, is_assessed: bool) -> Row:
    """How an area stands to what was given to it; the city's plans are nothing to it."""
    year, term = (judging.judge(quarter, code, area, horizon) for horizon in ("year", "term"))
    year_known, term_known = (
        one if one and one.is_covered and is_assessed else Judgement({}, 0) for one in (year, term)
    )
    is_year_end = judging.values.reading.calendar[quarter]["number"] == 4
    is_kept = year_known.is_met
    if is_kept is False and not is_year_end:
        is_milestone = year_known.plan.get("op") == "yes"
        is_kept = year_known.is_on_path if is_milestone else year_known.is_on_path is True
    columns = judged_columns("plan", year) | judged_columns("term", term)
    names = {"plan_value": "plan", "term_value": "term_plan"}
    names |= {name: name.removeprefix("plan_") for name in columns if name.startswith("plan_completion")}
    return {names.get(name, name): column for name, column in columns.items()} | {
        "is_plan_met": year_known.is_met,
        "is_plan_on_path": year_known.is_on_path,
        "is_on_plan": is_kept,
        "plan_gap": year_known.gap,
        "term_year": term.due_year if term else None,
        "is_term_met": term_known.is_met,
    }
