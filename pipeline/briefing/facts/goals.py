"""What an indicator is measured against: plans in words, completion, what is missing, how it stands to each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.briefing.facts.figure import POINTS, Fact, FactBook, Form, Origin, exact
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.vietnamese import number, unit_text

_PLAN_WORDS = {"gt": "trên ", "le": "không quá ", "lt": "dưới ", "approx": "khoảng "}
_AT_LEAST = ("tối thiểu ", "ít nhất ")  # words of the source for a lower bound, kept where its note begins so
UNKNOWN = "…"


@dataclass(frozen=True)
class Goal:
    """A year plan or a term target; every part is None where there is nothing to say of it.

    judged is what the goal is judged on where that is another measure; result is one or two words on how the
    indicator stands to it ('vượt', 'đạt', 'chậm tiến độ', '…' where that is not known). pace is how much of the
    plan should be reached by now (0.75 of it); it is drawn, not printed.
    """

    plan: Fact
    judged: Fact | None
    judged_name: str
    completion: Fact | None
    result: str
    pace: float | None = None


@dataclass(frozen=True)
class GoalTables:
    """The tables that goals are read from, by their keys."""

    measures: dict[str, Row]
    judgements: dict[tuple[str, str, str], Row]  # by indicator, area and horizon (year, term)
    lower_bound_words: dict[tuple[str, Decimal], str]  # by indicator and value


def goal_tables(marts: Marts, measures: dict[str, Row]) -> GoalTables:
    words = {}
    for row in marts.all_rows("raw.targets", "indicator_code, line"):
        said = next((word for word in _AT_LEAST if (row["note"] or "").lower().startswith(word)), None)
        if row["op"] == "ge" and said:
            words[row["indicator_code"], Decimal(row["value"])] = said
    return GoalTables(
        measures=measures,
        judgements={(row["indicator_code"], row["area_code"], row["horizon"]): row
                    for row in marts.of_quarter("intermediate.judgements", "indicator_code, area_code, horizon")},
        lower_bound_words=words,
    )  # fmt: skip


def is_yes_or_no(about: Row) -> bool:
    """Whether the indicator is reached or not, rather than counted."""
    return "yes" in (about["year_op"], about["term_op"])


def goal(book: FactBook, key: str, row: Row, which: str, tables: GoalTables, here: Origin) -> Goal | None:
    """The goal `which` (year, term) of a row of marts.indicator_progress; None where none was set.

    Of an area instead of the whole where `here` says so.
    """
    if row[f"{which}_op"] is None:
        return None
    measure = tables.measures.get(row[f"{which}_measure"] or "", {})
    judgement = tables.judgements.get((row["indicator_code"], here.area or TOP_AREA, which))
    judged = None
    if measure and row[f"{which}_judged"] is not None:
        judged = book.count(
            f"{key}.{which}_judged", row[f"{which}_judged"], measure["unit"],
            here.of(f"{which}_judged"),
        )  # fmt: skip
    return Goal(
        plan=_plan(book, f"{key}.{which}_plan", row, which, measure.get("unit") or row["unit"], tables, here),
        judged=judged, judged_name=measure.get("name_vi", ""),
        completion=_completion(book, f"{key}.{which}_completion", row, which, here),
        result=_result(judgement, which), pace=judgement.get("pace") if judgement else None,
    )  # fmt: skip


def _plan(book: FactBook, key: str, row: Row, which: str, unit: str, tables: GoalTables, place: Origin) -> Fact:
    """A plan as given: '93,5%', 'trên 94%', '73-75%', 'tối thiểu 68 năm'."""
    operator, value, high = row[f"{which}_op"], exact(row[f"{which}_value"]), exact(row[f"{which}_high"])
    here = Origin(row["indicator_code"], place.area).of(f"{which}_plan")
    if operator == "yes" or value is None:
        return book.answer(key, 1, unit, here)
    bare = number(value, 4)
    if operator == "range" and high is not None:
        bare = f"{bare}-{number(high, 4)}"
    word = _PLAN_WORDS.get(operator) or tables.lower_bound_words.get((row["indicator_code"], value), "")
    word = word if value else ""
    shown = word + (unit_text(bare, unit) if row[f"{which}_measure"] else bare)
    return book.words(key, word + unit_text(bare, unit), shown, unit, value, here)


def _completion(book: FactBook, key: str, row: Row, which: str, here: Origin) -> Fact | None:
    top, bottom = row[f"{which}_completion_numerator"], row[f"{which}_completion_denominator"]
    if top is None or not bottom or row["state"] != "value":
        return None
    decimals = row[f"{which}_completion_decimals"]
    return book.ratio(
        key, top, bottom, Form("%", 100, 1 if decimals is None else decimals), here.of(f"{which}_completion"),
        counts_shown=row["counts_shown"],
    )  # fmt: skip


def _result(judged: Row | None, which: str) -> str:
    """How an indicator stands to a goal, whatever its status as a whole."""
    if judged is None or judged["is_met"] is None or not judged["is_covered"]:
        return UNKNOWN
    if judged["is_exceeded"]:
        return "vượt"
    if judged["is_met"]:
        return "đạt"
    if judged["way_behind"] == judged["way_in_all"]:
        return "không đạt"
    way = "tiến độ" if which == "year" else "lộ trình"
    if judged["is_on_path"] is None:
        return "chưa đến hạn" if judged["op"] == "yes" else "chưa đạt"
    return f"{'đúng' if judged['is_on_path'] else 'chậm'} {way}"


def gap(book: FactBook, key: str, row: Row, tables: GoalTables, here: Origin) -> Fact | None:
    """How much is missing to the year plan, else to the term target; None where it is met or unknown."""
    if row["gap_value"] is None or row["state"] != "value" or is_yes_or_no(row):
        return None
    which = "year" if row["year_op"] else "term"
    plan, measure = exact(row[f"{which}_value"]), tables.measures.get(row[f"{which}_measure"] or "")
    if plan is None:
        return None
    if measure:
        judged, under, scale = exact(row[f"{which}_judged"]), Decimal(1), 1
        form = Form(measure["unit"])
    else:
        judged, under, scale = exact(row["numerator"]), exact(row["denominator"]) or Decimal(1), int(row["scale"] or 1)
        unit = POINTS if row["unit"].startswith("%") else row["unit"]
        form = Form(unit, decimals=row["decimals"], min_significant=row["min_significant"])
    if judged is None:
        return None
    missing = abs(plan * under - judged * scale)
    return book.ratio(key, missing, under, form, here.of(f"{which}_gap"), counts_shown=row["counts_shown"])
