"""Pace needed against pace observed, and where the record leads: marts.indicator_outlook, of the whole programme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter
from pipeline.trace.asked import POINTS, Asked, Build
from pipeline.trace.figure import Derived, Formula, Given, Item, Trace, change_text
from pipeline.trace.plans import Horizon, Plan, find_plan, judged
from pipeline.trace.records import Row
from pipeline.trace.sums import summed
from pipeline.vietnamese import number, unit_text

_TABLE = "marts.indicator_outlook"
_DONE = ("term_done", "year_done")  # groups of statuses
_CEILINGS = ("le", "lt")
_HUNDRED = Decimal(100)


def _row(asked: Asked) -> Row | None:
    """The outlook of the indicator; none for a single area."""
    return asked.records.one(_TABLE, indicator_code=asked.subject.code) if asked.area == TOP_AREA else None


def _decimal(row: Row | None, column: str) -> Decimal | None:
    """A double of the mart as it prints."""
    return None if row is None or row[column] is None else Decimal(str(row[column]))


def _unknown(asked: Asked, row: Row | None) -> Derived:
    if row is None:
        return asked.unknown("chỉ tính cho toàn địa bàn", table=_TABLE)
    return asked.unknown(row["no_projection_reason_vi"] or "kế hoạch đã đạt hoặc chưa đủ số liệu", table=_TABLE)


def _finer(asked: Asked, unit: str) -> int:
    """A change is finer than the value it is a change of; whole things stay whole."""
    subject = asked.subject
    is_whole = unit != subject.unit or not (subject.decimals or unit.startswith("%"))
    return 0 if is_whole else subject.decimals + 1


def _quarters_left(asked: Asked, plan: Plan) -> Given:
    now, row = asked.records.quarter, plan.row
    if row["is_total"]:
        left = row["way_in_all"] - row["way_behind"]
    elif plan.horizon == "year" or row["is_flow"]:
        left = 4 - now.number
    else:
        left = (plan.year - now.year) * 4 + 4 - now.number
    until = now.year if plan.horizon == "year" or (row["is_flow"] and not row["is_total"]) else plan.year
    return _quarters(left, f"Số quý còn lại đến hết năm {until}")


def _quarters(count: int, name: str) -> Given:
    return Given(name, Decimal(count), f"{count} quý")


def _paced(asked: Asked, plan: Plan, value: Decimal, formula: Formula, terms: Sequence[Trace],
           givens: Sequence[Given]) -> Derived:  # fmt: skip
    unit = POINTS if plan.subject.unit.startswith("%") else plan.subject.unit
    printed = change_text(value, unit, _finer(asked, plan.subject.unit), 1)
    return asked.answer(value, printed, formula, table=_TABLE, unit=plan.subject.unit, terms=terms, givens=givens)


def _pace_plan(asked: Asked, row: Row | None) -> Plan | None:
    horizon: Horizon | None = row["pace_horizon"] if row else None
    return find_plan(asked, horizon) if horizon else None


def _pace_needed(asked: Asked) -> Derived:
    row = _row(asked)
    value, plan = _decimal(row, "pace_needed"), _pace_plan(asked, row)
    if value is None or plan is None:
        return _unknown(asked, row)
    formula = Formula(
        "(kế hoạch - số thực hiện) / số quý còn lại", "({1} - {0}) / {2}",
        lambda made, due, quarters: (due - made) / quarters,
    )  # fmt: skip
    return _paced(asked, plan, value, formula, [judged(asked, plan)], [plan.given, _quarters_left(asked, plan)])


def _pace_observed(asked: Asked) -> Derived:
    row = _row(asked)
    value, plan = _decimal(row, "pace_observed"), _pace_plan(asked, row)
    if value is None or plan is None:
        return _unknown(asked, row)
    if plan.row["is_flow"]:
        is_total = plan.row["is_total"]
        behind = plan.row["way_behind"] if is_total else asked.records.quarter.number
        given = _quarters(behind, f"Số quý đã qua của {'giai đoạn' if is_total else 'năm'}")
        formula = Formula("số lũy kế / số quý đã qua", "{0} / {1}", lambda made, quarters: made / quarters)
        return _paced(asked, plan, value, formula, [judged(asked, plan)], [given])
    first, between = _first_comparable(asked, plan)
    formula = Formula(
        f"(số {asked.records.quarter.title} - số {first.quarter.title}) / số quý ở giữa", "({0} - {1}) / {2}",
        lambda now, then, quarters: (now - then) / quarters,
    )  # fmt: skip
    return _paced(asked, plan, value, formula, [judged(asked, plan), first], [between])


def _first_comparable(asked: Asked, plan: Plan) -> tuple[Trace, Given]:
    """The figure of the first quarter of one method and standard with this one, and the quarters between."""
    point = asked.records.one(
        "intermediate.comparable_points", indicator_code=asked.subject.code, measure=plan.row["measure"] or ""
    )
    now = asked.records.quarter
    first = Quarter.parse(point["first_quarter"]) if point else now
    between = (now.year - first.year) * 4 + now.number - first.number
    return summed(asked.records.at(first), plan.subject, asked.area), _quarters(between, f"Số quý từ {first.title}")


def _projected(horizon: Horizon) -> Build:
    column = f"projected_{horizon}_end"

    def build(asked: Asked) -> Derived:
        row = _row(asked)
        value, plan = _decimal(row, column), find_plan(asked, horizon)
        if value is None or plan is None:
            return _unknown(asked, row)
        made = judged(asked, plan)
        terms: list[Trace] = [made]
        lead: Callable[..., Fraction]
        if plan.row["is_flow"]:
            words, pattern, givens, lead = _spread(asked, plan)
        else:
            first, between = _first_comparable(asked, plan)
            terms.append(first)
            givens = [between, _quarters_left(asked, plan)]
            words = f"số kỳ này + mức tăng, giảm bình quân mỗi quý từ {first.quarter.title} × số quý còn lại"
            pattern = "{0} + ({0} - {1}) / {2} × {3}"
            lead = _straight_on
        lowest, highest = _bounds(asked, plan)
        held, said = _held(lead, lowest, highest)
        words += said
        unit = plan.subject.unit
        printed = unit_text(number(value, min(_finer(asked, unit), 2)), unit)
        return asked.answer(
            value, printed, Formula(words, pattern, held), table=_TABLE, unit=unit, terms=terms, givens=givens
        )

    return build


def _spread(asked: Asked, plan: Plan) -> tuple[str, str, list[Given], Callable[..., Fraction]]:
    """A flow goes on as its plan spreads it over the year, else as it went so far."""
    is_total, share = plan.row["is_total"], plan.row["expected_share"]
    if share is not None and not is_total:
        given = plan.given
        printed = unit_text(number(share * 100, 2), "%")
        expected = Given("Tỷ lệ kế hoạch dự kiến đến kỳ này", share, printed, given.document, given.file, given.line)
        return "số lũy kế / tỷ lệ kế hoạch dự kiến đến kỳ này", "{0} / {1}", [expected], lambda made, part: made / part
    span = "giai đoạn" if is_total else "năm"
    behind = plan.row["way_behind"] if is_total else asked.records.quarter.number
    givens = [_quarters(behind, f"Số quý đã qua của {span}"), _quarters(plan.row["way_in_all"], f"Số quý cả {span}")]
    words = f"số lũy kế × số quý cả {span} / số quý đã qua"
    return words, "{0} × {2} / {1}", givens, lambda made, past, whole: made * whole / past


def _straight_on(made: Fraction, then: Fraction, between: Fraction, left: Fraction) -> Fraction:
    return made + (made - then) / between * left


def _bounds(asked: Asked, plan: Plan) -> tuple[Decimal | None, Decimal | None]:
    """A rate lies between 0 and the whole, a measure within its own bounds."""
    subject = asked.subject
    measure = asked.records.measures.get(plan.row["measure"] or subject.numerator[0], {})
    if plan.row["measure"] is None and subject.denominator:
        return Decimal(0), _HUNDRED if subject.scale == _HUNDRED else None
    return measure.get("lower"), measure.get("upper")


def _held(
    lead: Callable[..., Fraction], lowest: Decimal | None, highest: Decimal | None
) -> tuple[Callable[..., Fraction], str]:
    """The projection within its bounds, and the words for them."""

    def held(*operands: Fraction) -> Fraction:
        reached = lead(*operands)
        if lowest is not None and reached < lowest:
            return Fraction(lowest)
        return Fraction(highest) if highest is not None and reached > highest else reached

    bounds = [f"không {word} {number(bound, 4)}"
              for word, bound in (("dưới", lowest), ("quá", highest)) if bound is not None]  # fmt: skip
    return held, f", {', '.join(bounds)}" if bounds else ""


def _points_used(asked: Asked) -> Derived:
    """The quarters of one method and one standard with this one; none where there is no plan."""
    row = _row(asked)
    plan = _pace_plan(asked, row)
    if row is None:
        return _unknown(asked, row)
    subject = plan.subject if plan else asked.subject
    found = asked.records.select(
        "select earlier.quarter from intermediate.judged_values as earlier"
        " inner join intermediate.judged_values as now on now.quarter = ? and now.indicator_code = ?"
        " and now.area_code = ? and now.measure = ? and earlier.indicator_code = now.indicator_code"
        " and earlier.area_code = now.area_code and earlier.measure = now.measure and now.is_covered"
        " and earlier.method = now.method and earlier.standard = now.standard and earlier.quarter <= now.quarter"
        " where earlier.is_covered order by earlier.quarter",
        str(asked.records.quarter), asked.subject.code, asked.area, plan.row["measure"] or "",
    ) if plan else []  # fmt: skip
    quarters = [Quarter.parse(one["quarter"]) for one in found]
    items = [
        Item(quarter.title, summed(asked.records.at(quarter), subject, asked.area).printed, subject=subject.code,
             area=asked.area)
        for quarter in quarters
    ]  # fmt: skip
    value = Decimal(row["points_used"])
    formula = Formula("số quý đủ số liệu, cùng phương pháp và chuẩn nghèo với quý này")
    return asked.answer(value, f"{value} kỳ", formula, table=_TABLE, unit="kỳ", items=items)


def _falls_short(row: Row, progress: Row) -> bool:
    """Whether the pace so far leads to less than a goal."""
    for which in ("year", "term"):
        operator, plan = progress[f"{which}_op"], progress[f"{which}_value"]
        projected = _decimal(row, f"projected_{which}_end")
        if projected is None or plan is None or operator in (None, "yes"):
            continue
        if (projected > plan) if operator in _CEILINGS else (projected < plan):
            return True
    return False


def _alike(column: str, words: str, has: Callable[[Row, Row], bool]) -> Build:
    """The counted indicators of which the outlook says the same."""

    def build(asked: Asked) -> Derived:
        own = _row(asked)
        if own is None or own[column] is None:
            return _unknown(asked, own)
        about = {row["indicator_code"]: row for row in asked.records.rows("marts.indicator_progress")}
        items = []
        for code, indicator in asked.records.indicators.items():
            row, progress = asked.records.one(_TABLE, indicator_code=code), about.get(code)
            if row is None or progress is None or not indicator["is_counted"] or row[column] != own[column]:
                continue
            if has(row, progress):
                items.append(Item(f"{code} {indicator['short_name']}", progress["status_print"], subject=code))
        value = Decimal(len(items))
        formula = Formula(words.format(own[column]))
        return asked.answer(value, f"{value} chỉ tiêu", formula, table=_TABLE, unit="chỉ tiêu", items=items)

    return build


def _is_projected(row: Row) -> bool:
    return row["projected_year_end"] is not None or row["projected_term_end"] is not None


def _has_method(row: Row, progress: Row) -> bool:
    """In difficulty or heading for it, with a projection."""
    is_running = progress["state"] == "value" and progress["status_group"] not in _DONE
    is_listed = progress["status_group"] == "difficult" or (is_running and _falls_short(row, progress))
    return is_listed and _is_projected(row)


def _has_reason(row: Row, progress: Row) -> bool:
    """Still open, with a figure, and without a projection."""
    is_open = progress["status_group"] not in _DONE and progress["state"] == "value" and row["pace_horizon"]
    is_answer = "yes" in (progress["year_op"], progress["term_op"])
    return bool(is_open) and not is_answer and not _is_projected(row)


OUTLOOK: dict[str, tuple[str, Build]] = {
    "pace_needed": ("mức cần tăng, giảm mỗi quý để đạt kế hoạch", _pace_needed),
    "pace_observed": ("mức tăng, giảm bình quân mỗi quý", _pace_observed),
    "projected_year_end": ("dự báo đến cuối năm", _projected("year")),
    "projected_term_end": ("dự báo đến cuối giai đoạn", _projected("term")),
    "points_used": ("số kỳ so sánh được dùng để dự báo", _points_used),
    "same_method": (
        "số chỉ tiêu gặp khó khăn dự báo cùng một cách",
        _alike("projection_method_vi", "số chỉ tiêu gặp khó khăn hoặc có nguy cơ, dự báo theo cách: {}", _has_method),
    ),
    "same_reason": (
        "số chỉ tiêu không dự báo vì cùng một lý do",
        _alike("no_projection_reason_vi", "số chỉ tiêu chưa xong, không dự báo vì: {}", _has_reason),
    ),
}
