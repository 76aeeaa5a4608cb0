"""What the briefing says of difficulties: gaps, pace, projections, last year's unfinished indicators, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.briefing.facts.figure import POINTS, Fact, FactBook, Form, Origin, counted_as, exact, worded
from pipeline.briefing.facts.goals import Goal
from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter
from pipeline.vietnamese import number, short_date, unit_text

_DONE = ("term_done", "year_done")  # status groups
NAMED = 5  # indicators of which the same is said; more are counted
_REACHED = ("vượt", "đạt")  # results of a goal


@dataclass(frozen=True)
class Pace:
    """Signed changes per quarter towards a goal: what is needed, what was reached; None where not known."""

    needed: Fact | None
    observed: Fact | None


@dataclass(frozen=True)
class Difficulty:
    """An indicator in difficulty, or one that the pace so far will not bring to its goal.

    outcomes say where the pace leads ('cuối năm 2023: 84,7%').
    """

    indicator: IndicatorFacts
    goal: Goal | None  # the year plan while it is open or missed, else the term target
    needed: Fact | None
    observed: Fact | None
    outcomes: tuple[str, ...]
    is_only_at_risk: bool


@dataclass(frozen=True)
class Grouped:
    """The indicators of which one thing is said; others counts those beyond the named ones."""

    said: str
    named: tuple[IndicatorFacts, ...]
    others: Fact


@dataclass(frozen=True)
class Outlook:
    paces: dict[str, Pace]  # by indicator
    difficulties: tuple[Difficulty, ...]
    methods: tuple[Grouped, ...]
    not_projected: tuple[Grouped, ...]


@dataclass(frozen=True)
class Unfinished:
    """An indicator in difficulty at the end of last year; now is empty where it has no status any more."""

    short_name: str
    owner: str
    owner_name: str
    then: str
    now: str
    remedy: str


@dataclass(frozen=True)
class UnfinishedList:
    """Last year's unfinished indicators; is_known False where there is no figure of last year."""

    is_known: bool
    year: int
    total: Fact
    overcome_count: Fact
    overcome: tuple[str, ...]
    remaining: tuple[Unfinished, ...]


@dataclass(frozen=True)
class Task:
    task: str
    lead: str
    partners: str
    document: str
    due_on: str
    state: str  # 'quá hạn 28 ngày', 'đang thực hiện'
    is_overdue: bool


@dataclass(frozen=True)
class Tasks:
    open: tuple[Task, ...]  # overdue ones first
    overdue: Fact
    done: Fact

    @property
    def late(self) -> tuple[Task, ...]:
        return tuple(task for task in self.open if task.is_overdue)


def outlook_facts(marts: Marts, book: FactBook, indicators: list[IndicatorFacts]) -> Outlook:
    """Counted indicators in difficulty or at risk, and why others have no projection."""
    measures = {row["code"]: row for row in marts.all_rows("raw.measures", "code")}
    about = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_progress", "sort")}
    outlooks = {row["indicator_code"]: row for row in marts.of_quarter("marts.indicator_outlook", "indicator_code")}
    paces = {
        one.code: _pace(outlooks[one.code], about[one.code], book, one, measures)
        for one in indicators if one.code in outlooks
    }  # fmt: skip
    difficulties = []
    methods: dict[str, list[IndicatorFacts]] = {}
    reasons: dict[str, list[IndicatorFacts]] = {}
    for one in (one for one in indicators if one.is_counted):
        row, progress = outlooks.get(one.code), about[one.code]
        in_difficulty = one.status_group == "difficult"
        if row is None:
            continue
        is_running = one.value.is_known and not in_difficulty and one.status_group not in _DONE
        at_risk = is_running and _falls_short(row, progress)
        if in_difficulty or at_risk:
            made = _difficulty(row, progress, book, one, measures, paces[one.code], at_risk)
            difficulties.append(made)
            if made.outcomes:
                methods.setdefault(row["projection_method_vi"], []).append(one)
        is_projected = row["projected_year_end"] is not None or row["projected_term_end"] is not None
        is_open = one.status_group not in _DONE and one.value.is_known and row["pace_horizon"] and not one.is_yes_or_no
        if is_open and not is_projected and row["no_projection_reason_vi"]:
            reasons.setdefault(row["no_projection_reason_vi"], []).append(one)
    return Outlook(
        paces, tuple(difficulties), _grouped(book, "outlook.methods", methods, "same_method"),
        _grouped(book, "outlook.reasons", reasons, "same_reason"),
    )  # fmt: skip


def _grouped(book: FactBook, key: str, by_words: dict[str, list[IndicatorFacts]], alike: str) -> tuple[Grouped, ...]:
    return tuple(
        Grouped(said, tuple(ones[:NAMED]),
                book.few(f"{key}.{place:03}.others", max(len(ones) - NAMED, 0), "chỉ tiêu khác",
                         Origin(ones[0].code, TOP_AREA).of(f"{alike}.beyond_{NAMED}")))
        for place, (said, ones) in enumerate(by_words.items(), 1)
    )  # fmt: skip


def _falls_short(row: Row, progress: Row) -> bool:
    """Whether the pace so far leads to less than the goal."""
    for which in ("year", "term"):
        operator, plan = progress[f"{which}_op"], exact(progress[f"{which}_value"])
        projected = exact(row[f"projected_{which}_end"])
        if projected is None or plan is None or operator in (None, "yes"):
            continue
        if (projected > plan) if operator in ("le", "lt") else (projected < plan):
            return True
    return False


def _pace(row: Row, progress: Row, book: FactBook, one: IndicatorFacts, measures: dict[str, Row]) -> Pace:
    here, of = Origin(one.code, TOP_AREA, one.value.basis), _unit(one, measures, row["pace_measure"])

    def said(name: str) -> Fact | None:
        speed = exact(row[name])
        if speed is None:
            return None
        key, size = f"outlook.{one.code}.{name}", number(abs(speed), _finer(progress, one, of), 1)
        words = unit_text(size, POINTS if of.startswith("%") else of)
        sign, word = ("-", "giảm") if speed < 0 else ("+", "tăng")
        if size == "0":
            return book.words(key, "không đổi", "0", of, speed, here.of(name))
        # a column of changes is in the unit of its indicator; another one is said
        bare = sign + (size if of == one.unit else words)
        return book.words(key, f"{word} {words}", bare, of, speed, here.of(name))

    return Pace(said("pace_needed"), said("pace_observed"))


def _unit(one: IndicatorFacts, measures: dict[str, Row], measure: str | None) -> str:
    unit: str = measures[measure]["unit"] if measure else one.unit
    return unit


def _finer(progress: Row, one: IndicatorFacts, of: str) -> int:
    """Decimals of a change, finer than the value it is a change of; whole things stay whole."""
    is_whole = of != one.unit or not (progress["decimals"] or of.startswith("%"))
    return 0 if is_whole else progress["decimals"] + 1


def _difficulty(
    row: Row, progress: Row, book: FactBook, one: IndicatorFacts, measures: dict[str, Row], pace: Pace, at_risk: bool
) -> Difficulty:
    key, here = f"outlook.{one.code}", Origin(one.code, TOP_AREA, one.value.basis)
    outcomes = []
    for which, column, moment in (
        ("year", "projected_year_end", f"cuối năm {Quarter.parse(book.quarter).year}"),
        ("term", "projected_term_end", f"đến năm {progress['term_year']}"),
    ):
        if row[column] is not None:
            of = _unit(one, measures, row[f"{which}_measure"])
            fact = book.ratio(f"{key}.{column}", Decimal(str(row[column])), None,
                              Form(of, decimals=min(_finer(progress, one, of), 2)), here.of(column))  # fmt: skip
            outcomes.append(worded("{}: {}", moment, fact))
    return Difficulty(
        one, one.year if one.year is not None and one.year.result not in _REACHED else one.term or one.year,
        pace.needed, pace.observed, tuple(outcomes), at_risk,
    )  # fmt: skip


def unfinished_facts(marts: Marts, book: FactBook) -> UnfinishedList:
    """What was in difficulty at the end of last year and what became of it."""
    rows = marts.of_quarter("marts.unfinished", "sort, indicator_code")
    before = Quarter.parse(book.quarter).previous_year_end
    known = marts.select("select 1 from marts.indicator_progress where quarter = ? limit 1", str(before))
    return UnfinishedList(
        is_known=bool(known), year=before.year,
        total=book.few("unfinished.total", len(rows), "chỉ tiêu", counted_as("unfinished")),
        overcome_count=book.few(
            "unfinished.overcome", sum(row["is_overcome"] for row in rows), "chỉ tiêu",
            counted_as("unfinished.overcome"),
        ),
        overcome=tuple(row["short_name"] for row in rows if row["is_overcome"]),
        remaining=tuple(
            Unfinished(
                row["short_name"], row["owner_short_name"], row["owner_name"], row["status_then_print"],
                row["status_now_print"] or "không còn trong danh mục chỉ tiêu", row["remedy"] or "",
            )
            for row in rows if not row["is_overcome"]
        ),
    )  # fmt: skip


def task_facts(marts: Marts, book: FactBook) -> Tasks:
    """What meetings ordered: open tasks by due date, the overdue ones before the others."""
    rows = marts.of_quarter("marts.tasks", "due_on nulls last, task_id")
    overdue = [row for row in rows if row["state_at_quarter"] == "overdue"]
    running = [row for row in rows if row["state_at_quarter"] == "open"]
    made = []
    for row in [*overdue, *running]:
        state = "đang thực hiện"
        if row["state_at_quarter"] == "overdue":
            late = book.few(
                f"tasks.{row['task_id']}.days_overdue",
                row["days_overdue"],
                "ngày",
                counted_as(f"days_overdue.{row['task_id']}"),
            )
            state = worded("quá hạn {}", late)
        made.append(Task(
            row["task"], row["lead_name"], row["partners"] or "", row["document"] or "",
            short_date(row["due_on"]) if row["due_on"] else "", state, row["state_at_quarter"] == "overdue",
        ))  # fmt: skip
    done = sum(row["state_at_quarter"] == "done" for row in rows)
    return Tasks(
        tuple(made), book.few("tasks.overdue", len(overdue), "nhiệm vụ", counted_as("tasks_overdue")),
        book.few("tasks.done", done, "nhiệm vụ", counted_as("tasks_done")),
    )  # fmt: skip
