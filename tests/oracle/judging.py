"""How a value stands to a plan: met, exceeded, on the way, how much of it is done; in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .reading import UNIT, Row
from .values import Value, Values

BETTER_UP = ("ge", "gt", "range")


@dataclass(frozen=True)
class Judgement:
    """A plan in force and how it is met; what cannot be judged is None."""

    plan: Row
    due_year: int
    judged: Fraction | None = None
    is_covered: bool = False
    is_met: bool | None = None
    is_exceeded: bool | None = None
    is_on_path: bool | None = None
    done: Fraction | None = None
    of: Fraction | None = None
    gap: Fraction | None = None


class Judging:
    def __init__(self, values: Values, programme: Row, targets: list[Row]) -> None:
        self.values = values
        self.first_year: int = programme["first_year"]
        self.last_year: int = programme["last_year"]
        self._targets = [row for row in targets if row["value"] is not None or row["op"] == "yes"]

    # --- which plan

    def year_plan(self, quarter: str, code: str, area: str) -> tuple[Row, int] | None:
        """The latest version of the plan of this very year, else of what is planned for each year."""
        year = self.values.reading.calendar[quarter]["year"]
        own = [row for row in self._of(code, area, "year") if row["year"] == year]
        plan = latest(own) or latest(self._of(code, area, "each_year"))
        return (plan, year) if plan else None

    def term_plan(self, quarter: str, code: str, area: str) -> tuple[Row, int] | None:
        """The latest version of the nearest milestone still ahead, else of what is planned for each year."""
        year = self.values.reading.calendar[quarter]["year"]
        ahead: dict[int, list[Row]] = {}
        for row in self._of(code, area, "term_end", "term_total"):
            ahead.setdefault(row["year"] or self.last_year, []).append(row)
        milestones = [due for due in ahead if due >= year]
        if milestones:
            nearest = min(milestones)
            plan = latest(ahead[nearest])
            return (plan, nearest) if plan else None
        plan = latest(self._of(code, area, "each_year"))
        return (plan, self.last_year) if plan and self.last_year >= year else None

    def _of(self, code: str, area: str, *scopes: str) -> list[Row]:
        """What was given to this very area; a target that names none was given to the city."""
        return [
            row
            for row in self._targets
            if (row["indicator_code"], row["area_code"] or "city") == (code, area) and row["scope"] in scopes
        ]

    # --- what is judged

    def judged_value(self, quarter: str, code: str, area: str, measure: str | None) -> Value | None:
        if measure:
            return self.values.measure_of_place(quarter, code, measure, area)
        if self.values.definitions(quarter)[code]["aggregation"] == "city_only" and area != "city":
            return None
        value = self.values.of_place(quarter, "actual", code, area)
        return value if value.state == "value" else None

    def is_flow(self, quarter: str, code: str, measure: str | None) -> bool:
        """What adds up over the year; a ratio of two flows is a level."""
        definition = self.values.definitions(quarter)[code]
        if measure is None and definition["denominator"] is not None:
            return False
        return self.values.period_kind(measure or definition["numerator"]) == "flow"

    def same_series(self, quarter: str, other: str, code: str, area: str, measure: str | None) -> Value | None:
        """The value judged at another quarter, if it belongs to the series of this one and enough reported."""
        values = self.values
        if other not in values.reading.quarters or code not in values.definitions(other):
            return None
        if area not in values.reading.areas(other):
            return None
        if values.kind(other, code, measure) != values.kind(quarter, code, measure):
            return None
        value = self.judged_value(other, code, area, measure)
        return value if value and value.is_covered else None

    def years_before(self, quarter: str, code: str, area: str, measure: str | None) -> list[Value] | None:
        """What was reached in each year of the term before this one; None where a year is not known."""
        years = range(self.first_year, self.values.reading.calendar[quarter]["year"])
        found = [self.same_series(quarter, f"{year}-Q4", code, area, measure) for year in years]
        return None if None in found else [value for value in found if value]

    # --- how it stands

    def judge(self, quarter: str, code: str, area: str, horizon: str) -> Judgement | None:
        """The plan of an area in force at a quarter (horizon year or term), and how the area stands to it."""
        found = (self.year_plan if horizon == "year" else self.term_plan)(quarter, code, area)
        if found is None:
            return None
        plan, due_year = found
        measure = plan["measure"]
        value = self.judged_value(quarter, code, area, measure)
        if value is None or value.exact is None:
            return Judgement(plan, due_year)
        is_flow = self.is_flow(quarter, code, measure)
        is_total = is_flow and plan["scope"] == "term_total"
        before = self.years_before(quarter, code, area, measure) if is_total else []
        if before is None:
            return Judgement(plan, due_year, is_covered=value.is_covered)
        reached = value.exact + sum((year.exact or Fraction(0) for year in before), Fraction(0))
        goal = goal_of(plan)
        definition = self.values.definitions(quarter)[code]
        is_ceiling = plan["op"] in ("le", "lt") or (plan["op"] == "approx" and definition["direction"] == "lower")
        number, year = (self.values.reading.calendar[quarter][name] for name in ("number", "year"))
        is_over = number == 4 and (not is_total or year == due_year)
        is_within = meets(reached, goal, plan["op"], is_ceiling, definition["decimals"])
        # a flow has kept below its ceiling only when its time is over
        is_met = is_within and (is_over or not is_ceiling or not is_flow)
        done, of = self._completion(plan, reached, value)
        is_due = number == 4 and (horizon == "year" or year == due_year)
        is_whole = value.denominator is not None or all(one.is_complete for one in (value, *before))
        # what is missing can only make a sum larger: too small a sum proves nothing, too large a one does,
        # once it cannot fall again
        if is_ceiling and not is_whole and (is_within or not (is_flow or is_due)):
            return Judgement(plan, due_year, reached, value.is_covered, done=done, of=of)
        path = self._path(quarter, code, area, plan, due_year, horizon, is_flow, is_total)
        is_on_path = None if path is None else (reached <= path if is_ceiling else reached >= path)
        if plan["op"] == "yes":  # nobody is half-way to a yes; it is late when its day has come
            is_on_path = True if is_within else (False if is_due else None)
        return Judgement(
            plan,
            due_year,
            reached,
            value.is_covered,
            is_met,
            exceeds(reached, goal, plan),
            is_on_path,
            done,
            of,
            None if is_within or plan["op"] == "yes" else (reached - goal) * (1 if is_ceiling else -1),
        )

    def _path(
        self, quarter: str, code: str, area: str, plan: Row, due_year: int, horizon: str, is_flow: bool, is_total: bool
    ) -> Fraction | None:
        """Where the value should be by now; None for a stock whose start is not known."""
        goal = goal_of(plan)
        number, year = (self.values.reading.calendar[quarter][name] for name in ("number", "year"))
        if is_total:
            years = Fraction(4 * (year - self.first_year) + number, 4)
            return goal * years / (due_year - self.first_year + 1)
        if is_flow:
            share = plan[f"share_q{number}"] if number < 4 else None
            return goal * (Fraction(number, 4) if share is None else Fraction(share))
        start = self._start(quarter, code, area, plan["measure"])
        if start is None or start.exact is None:
            return None
        years_ahead = 1 if horizon == "year" else due_year - year + 1
        return start.exact + (goal - start.exact) * Fraction(number, 4) / years_ahead

    def _start(self, quarter: str, code: str, area: str, measure: str | None) -> Value | None:
        """The end of last year: as we recorded it, or for the indicator itself as the forms of quarter IV say.

        A plan is one for the whole area, and so is where it starts: also when some did not report today.
        """
        before = self.values.reading.calendar[quarter]["previous_year_end"]
        own = self.same_series(quarter, before, code, area, measure)
        is_year_end = self.values.reading.calendar[quarter]["number"] == 4
        if own or measure or not is_year_end or self.values.is_broken_since(quarter, before, code):
            return own
        stated = self.values.of_place(quarter, "last_year", code, area)
        return stated if stated.state == "value" and stated.is_covered else None

    @staticmethod
    def _completion(plan: Row, reached: Fraction, value: Value) -> tuple[Fraction | None, Fraction | None]:
        """The two parts of the completion, over the denominator of the value; only where more is better."""
        goal = goal_of(plan)
        if plan["op"] not in BETTER_UP or goal <= 0 or reached < 0:
            return None, None
        base = Fraction(1) if value.denominator is None else Fraction(value.denominator, UNIT)
        return reached * base, goal * base

    def status(self, quarter: str, code: str, year: Judgement | None, term: Judgement | None) -> str:
        """The computed status: the first rule that holds."""
        definition = self.values.definitions(quarter)[code]
        value = self.values.of_city(quarter, "actual", code)
        is_year_end = self.values.reading.calendar[quarter]["number"] == 4
        is_known = value.state == "value" and value.is_covered
        if definition["direction"] == "not_assessable":
            return "not_assessable"
        if not is_known:
            return "no_data" if is_year_end or definition["frequency"] != "yearly" else "not_due"
        if term and term.is_covered and (term.is_met or term.is_exceeded):
            return "term_exceeded" if term.is_exceeded else "term_met"
        plan = year or term
        if plan is None:
            return "no_plan"
        if plan.is_met is None or not plan.is_covered:
            return "no_data"
        if plan is term:
            if plan.is_on_path is None:  # without a start there is no path to be below of, and none to a yes
                return "not_yet" if plan.plan["op"] == "yes" else "no_data"
            return "on_track" if plan.is_on_path else "behind_term"
        if plan.is_exceeded or plan.is_met:
            return "year_exceeded" if plan.is_exceeded else "year_met"
        if is_year_end:
            return "missed"
        if plan.plan["op"] == "yes":
            return "not_yet"
        return "on_track" if plan.is_on_path else "behind"


def latest(plans: list[Row]) -> Row | None:
    """The version of the latest document; one without a date is the oldest, then the lower line of the table counts."""
    return max(plans, key=lambda row: (row["issued_on"] or date.min, row["line"]), default=None)


def goal_of(plan: Row) -> Fraction:
    """What is done or not done has no value: done is 1."""
    return Fraction(1 if plan["value"] is None else plan["value"])


def meets(reached: Fraction, goal: Fraction, op: str, is_ceiling: bool, decimals: int) -> bool:
    if op == "approx":  # prints as the goal, rounded half-up, or better
        half = Fraction(1, 2 * 10**decimals)
        return reached < goal + half if is_ceiling else reached >= goal - half
    strictly = {"gt": reached > goal, "lt": reached < goal}
    return strictly.get(op, reached <= goal if is_ceiling else reached >= goal)


def exceeds(reached: Fraction, goal: Fraction, plan: Row) -> bool:
    if plan["op"] == "range":
        return plan["high"] is not None and reached > Fraction(plan["high"])
    return plan["op"] in ("ge", "gt") and reached > goal
