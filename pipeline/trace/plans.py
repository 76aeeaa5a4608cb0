"""A figure against its plans: the plan itself, what is judged on it, how much of it is done and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pipeline.quarters import Quarter
from pipeline.trace.asked import POINTS, Asked, Build, ratio, same
from pipeline.trace.figure import Derived, Formula, Given, Trace, as_decimal
from pipeline.trace.records import Row
from pipeline.trace.subjects import Subject, measure_subject
from pipeline.trace.sums import summed
from pipeline.vietnamese import number, short_date, unit_text

Horizon = Literal["year", "term"]
TABLE = "intermediate.judgements"
_NAMES: dict[Horizon, str] = {"year": "kế hoạch năm", "term": "mục tiêu giai đoạn"}
_WORDS = {"gt": "trên ", "le": "không quá ", "lt": "dưới ", "approx": "khoảng "}
_AT_LEAST = ("tối thiểu ", "ít nhất ")  # words of the source for a lower bound, kept where its note begins so
_CEILINGS = ("le", "lt")


@dataclass(frozen=True)
class Plan:
    """A plan in force for an indicator and an area, and what is judged on it; row is that of the judgement."""

    horizon: Horizon
    row: Row
    subject: Subject  # the indicator, or the measure the plan names
    given: Given

    @property
    def year(self) -> int:
        return int(self.row["target_year"])

    @property
    def is_ceiling(self) -> bool:
        return self.row["op"] in _CEILINGS


def find_plan(asked: Asked, horizon: Horizon) -> Plan | None:
    records, keys = asked.records, {"indicator_code": asked.subject.code, "area_code": asked.area, "horizon": horizon}
    row, plan = records.one(TABLE, **keys), records.one("intermediate.plans", **keys)
    if row is None or plan is None:
        return None
    subject = measure_subject(records, row["measure"]) if row["measure"] else asked.subject
    return Plan(horizon, row, subject, _given(asked, plan, subject.unit, bool(row["measure"])))


def _given(asked: Asked, plan: Row, unit: str, is_of_measure: bool) -> Given:
    """The plan as the briefing prints it, with its document and the line of targets.csv."""
    targets = asked.records.select(
        "select * from raw.targets where indicator_code = ? order by line", asked.subject.code
    )
    alike = ("scope", "op", "value", "high", "measure", "document", "issued_on")
    own = None if asked.records.areas[asked.area]["area_level"] == "city" else asked.area
    lines = [row["line"] for row in targets
             if row["area_code"] in (own, asked.area) and all(row[one] == plan[one] for one in alike)]  # fmt: skip
    operator, value = plan["op"], plan["value"]
    if operator == "yes" or value is None:
        printed, value = "đạt", Decimal(1)
    else:
        bare = number(value, 4)
        if operator == "range" and plan["high"] is not None:
            bare = f"{bare}-{number(plan['high'], 4)}"
        said = next((word for row in targets for word in _AT_LEAST if row["op"] == operator == "ge"
                     and row["value"] == value and (row["note"] or "").lower().startswith(word)), "")  # fmt: skip
        word = (_WORDS.get(operator) or said) if value else ""
        printed = word + unit_text(bare, unit)
    issued = short_date(plan["issued_on"]) if plan["issued_on"] else ""
    day = f", ban hành ngày {issued}" if issued and issued not in plan["document"] else ""
    horizon: Horizon = plan["horizon"]
    year = plan["target_year"]
    name = f"{_NAMES[horizon][0].upper()}{_NAMES[horizon][1:]} {year if horizon == 'year' else f'đến năm {year}'}"
    return Given(name, value, printed, f"{plan['document']}{day}", "targets.csv", max(lines, default=None))


def judged(asked: Asked, plan: Plan) -> Trace:
    """What is judged on a plan: a figure of the quarter; of a plan for the whole term the years before go in."""
    now = summed(asked.records, plan.subject, asked.area)
    years = _earlier_years(asked, plan) if plan.row["is_total"] else []
    if not years:
        return now
    terms = [*(summed(asked.records.at(quarter), plan.subject, asked.area) for quarter in years), now]
    values = [ratio(term.numerator, term.denominator, plan.subject.scale) for term in terms]
    known = [value for value in values if value is not None]
    total = as_decimal(sum(known, Fraction(0))) if len(known) == len(values) else None
    words = " + ".join(term.quarter.title for term in terms)
    return asked.answer(
        total, "" if total is None else unit_text(number(total, plan.subject.decimals), plan.subject.unit),
        Formula(f"{plan.subject.name}: {words}", " + ".join(f"{{{place}}}" for place in range(len(terms))), _sum),
        table=TABLE, unit=plan.subject.unit, terms=terms,
    )  # fmt: skip


def _sum(*values: Fraction) -> Fraction:
    return sum(values, Fraction(0))


def _earlier_years(asked: Asked, plan: Plan) -> list[Quarter]:
    """The last quarters of the earlier years of the term that are of one method with this one."""
    measure = plan.row["measure"] or ""
    rows = asked.records.select(
        "select earlier.quarter from intermediate.judged_values as earlier"
        " inner join intermediate.judged_values as now on now.quarter = ? and now.indicator_code = ?"
        " and now.area_code = ? and now.measure = ? and earlier.indicator_code = now.indicator_code"
        " and earlier.area_code = now.area_code and earlier.measure = now.measure"
        " and earlier.method = now.method and earlier.standard = now.standard and earlier.year < now.year"
        " where earlier.number = 4 and earlier.is_covered order by earlier.quarter",
        str(asked.records.quarter), asked.subject.code, asked.area, measure,
    )  # fmt: skip
    return [Quarter.parse(row["quarter"]) for row in rows]


def no_plan(asked: Asked, horizon: Horizon) -> Derived:
    return asked.unknown(f"chưa giao {_NAMES[horizon]}", table=TABLE)


def _plan(horizon: Horizon) -> Build:
    def build(asked: Asked) -> Derived:
        plan = find_plan(asked, horizon)
        if plan is None:
            return no_plan(asked, horizon)
        value = plan.given.value if isinstance(plan.given.value, Decimal) else None
        formula = Formula(f"theo {plan.given.document}", "{0}", same)
        return asked.answer(
            value, plan.given.printed, formula, table="intermediate.plans", unit=plan.subject.unit, givens=[plan.given]
        )

    return build


def _judged(horizon: Horizon) -> Build:
    def build(asked: Asked) -> Derived:
        plan = find_plan(asked, horizon)
        if plan is None:
            return no_plan(asked, horizon)
        term = judged(asked, plan)
        if isinstance(term, Derived):
            return term
        printed = term.printed if plan.row["measure"] is None or term.value is None else (
            unit_text(number(term.value), term.unit)
        )  # fmt: skip
        formula = Formula(f"{term.name} ({term.code})", "{0}", same)
        return asked.answer(term.value, printed, formula, table=TABLE, unit=term.unit, terms=[term])

    return build


def _completion(horizon: Horizon) -> Build:
    def build(asked: Asked) -> Derived:
        plan = find_plan(asked, horizon)
        if plan is None:
            return no_plan(asked, horizon)
        term, row = judged(asked, plan), plan.row
        done = ratio(row["completion_numerator"], row["completion_denominator"], 100)
        if done is None or asked.own.state != "value":
            reason = "không tính tỷ lệ hoàn thành của mức trần, mức xấp xỉ, mức bằng 0 hoặc khi chưa có số liệu"
            return asked.unknown(reason, table=TABLE, terms=[term])
        value, decimals = as_decimal(done), row["completion_decimals"]
        printed = unit_text(number(value, 1 if decimals is None else decimals), "%")
        formula = Formula(
            f"{plan.subject.name} × 100 / {_NAMES[horizon]}", "{0} × 100 / {1}", lambda made, due: made * 100 / due
        )
        return asked.answer(value, printed, formula, table=TABLE, unit="%", terms=[term], givens=[plan.given])

    return build


def _gap(horizon: Horizon) -> Build:
    def build(asked: Asked) -> Derived:
        plan = find_plan(asked, horizon)
        if plan is None:
            return no_plan(asked, horizon)
        term = judged(asked, plan)
        if plan.row["plan_gap"] is None or term.value is None or asked.own.state != "value":
            reason = "đã đạt, hoặc chưa đủ số liệu để nói còn thiếu bao nhiêu"
            return asked.unknown(reason, table=TABLE, terms=[term])
        due = plan.given.exact
        now = Fraction(term.value)
        if isinstance(term, Derived) or term.denominator is None:
            value = as_decimal(abs(due - now))
        else:
            exact = ratio(term.numerator, term.denominator, term.subject.scale)
            assert exact is not None
            value = as_decimal(abs(due - exact))
        unit = POINTS if plan.subject.unit.startswith("%") else plan.subject.unit
        shown = (0, None) if plan.row["measure"] else (asked.subject.decimals, asked.subject.min_significant)
        is_over = plan.is_ceiling or now > due
        formula = (
            Formula(f"{plan.subject.name} - {_NAMES[horizon]}", "{0} - {1}", lambda made, plan: made - plan)
            if is_over else
            Formula(f"{_NAMES[horizon]} - {plan.subject.name}", "{1} - {0}", lambda made, plan: plan - made)
        )  # fmt: skip
        return asked.answer(
            value, unit_text(number(value, *shown), unit), formula, table=TABLE, unit=unit, terms=[term],
            givens=[plan.given],
        )  # fmt: skip

    return build


def _pair(name: str, horizon: Horizon) -> str:
    return f"{name} {_NAMES[horizon]}"


PLANS: dict[str, tuple[str, Build]] = {
    "year_plan": ("kế hoạch năm", _plan("year")),
    "term_plan": ("mục tiêu giai đoạn", _plan("term")),
    "year_judged": (_pair("số dùng để đánh giá", "year"), _judged("year")),
    "term_judged": (_pair("số dùng để đánh giá", "term"), _judged("term")),
    "year_completion": (_pair("tỷ lệ hoàn thành", "year"), _completion("year")),
    "term_completion": (_pair("tỷ lệ hoàn thành", "term"), _completion("term")),
    "year_gap": (_pair("còn thiếu so với", "year"), _gap("year")),
    "term_gap": (_pair("còn thiếu so với", "term"), _gap("term")),
}
