"""Counts of what is to be done: tasks, last year's unfinished indicators, remarks of the units."""

from __future__ import annotations

from decimal import Decimal

from pipeline.programme import TOP_AREA
from pipeline.remarks import collated
from pipeline.trace.asked import Asked, Build, derive
from pipeline.trace.counts import Asking, Count, count_of
from pipeline.trace.figure import Derived, Formula, Item, day_given
from pipeline.trace.records import Row
from pipeline.trace.standing import indicators_compared
from pipeline.vietnamese import short_date

_TASKS = "marts.tasks"
_STATES = {"open": "đang thực hiện", "overdue": "quá hạn", "done": "đã xong", "cancelled": "đã hủy"}
_KINDS = {
    "difficulty": "khó khăn, vướng mắc",
    "practice": "cách làm hay",
    "proposal": "đề xuất, kiến nghị",
    "other": "việc khác",
}


def _task(row: Row, *, is_counted: bool) -> Item:
    due = f", hạn {short_date(row['due_on'])}" if row["due_on"] else ""
    return Item(row["task"], f"{_STATES[row['state_at_quarter']]}{due}", is_counted, "tasks.csv", row["task_id"])


def _tasks(state: str) -> Count:
    def build(asking: Asking) -> Derived:
        rows = sorted(asking.records.rows(_TASKS), key=lambda row: row["task_id"])
        items = [_task(row, is_counted=row["state_at_quarter"] == state) for row in rows]
        name = f"Số nhiệm vụ {_STATES[state]}"
        words = f"số nhiệm vụ {_STATES[state]} vào ngày của số liệu"
        return count_of(asking, name, items, "nhiệm vụ", words, table=_TASKS, style="few")

    return build


def _days_overdue(asking: Asking) -> Derived:
    """From the day a task was due to the day the quarter's inputs are dated; 0 where it is not overdue."""
    row = asking.records.one(_TASKS, task_id=asking.parameter)
    if row is None:
        raise asking.unknown([row["task_id"] for row in asking.records.rows(_TASKS)])
    is_overdue = row["state_at_quarter"] == "overdue"
    givens = [
        day_given("Ngày của số liệu", row["as_of"], document="ngày muộn nhất trong các tài liệu đầu vào"),
        day_given("Thời hạn của nhiệm vụ", row["due_on"], "tasks.csv", row["document"]),
    ] if is_overdue else []  # fmt: skip
    formula = Formula("ngày của số liệu - thời hạn", "{0} - {1}", lambda today, due: today - due)
    name, days = f"Số ngày quá hạn: {row['task']}", row["days_overdue"]
    return derive(
        asking.records, asking.code, name, TOP_AREA, Decimal(days), f"{days:02} ngày",
        formula if givens else Formula("0, vì nhiệm vụ không quá hạn"), table=_TASKS, unit="ngày", givens=givens,
    )  # fmt: skip


def _tasks_of(states: tuple[str, ...]) -> Build:
    """Tasks of one indicator in some state."""

    def build(asked: Asked) -> Derived:
        rows = [row for row in asked.records.rows(_TASKS) if row["indicator_code"] == asked.subject.code]
        items = [_task(row, is_counted=row["state_at_quarter"] in states) for row in rows]
        count = sum(item.is_counted for item in items)
        return asked.answer(
            Decimal(count), f"{count} nhiệm vụ", Formula("số nhiệm vụ vào ngày của số liệu"), table=_TASKS,
            unit="nhiệm vụ", items=items,
        )  # fmt: skip

    return build


def _unfinished(asking: Asking) -> Derived:
    """Indicators in difficulty at the end of last year: all, or those that are out of it."""
    if asking.parameter not in ("", "overcome"):
        raise asking.unknown(["overcome"])
    is_part = asking.parameter == "overcome"
    items = [
        Item(f"{row['indicator_code']} {row['short_name']}",
             f"cuối năm trước {row['status_then_print']}, nay {row['status_now_print'] or 'không còn trong danh mục'}",
             row["is_overcome"] or not is_part, subject=row["indicator_code"])
        for row in sorted(asking.records.rows("marts.unfinished"), key=lambda row: (row["sort"], row["indicator_code"]))
    ]  # fmt: skip
    words = "số chỉ tiêu gặp khó khăn cuối năm trước" + (" nay đã khắc phục" if is_part else "")
    return count_of(asking, words.capitalize(), items, "chỉ tiêu", words, table="marts.unfinished", style="few")


def _compared(asking: Asking) -> Derived:
    """Indicators whose rate can be compared over the areas."""
    progress = {row["indicator_code"]: row for row in asking.records.rows("marts.indicator_progress")}
    items = [
        Item(f"{code} {progress[code]['short_name']}", progress[code]["status_print"], subject=f"{code}.below")
        for code in indicators_compared(asking.records)
    ]
    words = "số chỉ tiêu có tỷ lệ của từng địa bàn để so sánh"
    return count_of(asking, words.capitalize(), items, "chỉ tiêu", words, table="marts.area_comparison")


def _remarks(asking: Asking) -> Derived:
    """Wordings of a kind; or the units with the wording of one remark: its reporter and its number there."""
    records = asking.records
    rows = records.of_quarter(
        "select * from marts.remarks where quarter = ? order by row_label, text, reporter_sort, reporter"
    )
    about = (list(records.indicators.values()), list(records.measures.values()), records.quarter)
    wordings = collated(rows, *about)
    if asking.parameter in _KINDS:
        items = [
            Item(f"{label}: {text}".removeprefix(": "), f"{len(writers)} đơn vị", file=writers[0]["file"],
                 place=_place(writers[0]), subject=f"remarks.{writers[0]['reporter']}.{writers[0]['place']}")
            for (kind, label, text), writers in wordings.items() if kind == asking.parameter
        ]  # fmt: skip
        words = f"số ý kiến khác nhau về {_KINDS[asking.parameter]}"
        return count_of(asking, words.capitalize(), items, "ý kiến", words, table="marts.remarks", style="few")
    reporter, _, place = asking.parameter.rpartition(".")
    like = next((row for row in rows if (row["reporter"], str(row["place"])) == (reporter, place)), None)
    own = collated([like], *about) if like else {}
    if not own:
        raise asking.unknown([*_KINDS, *(f"{row['reporter']}.{row['place']}" for row in rows[:1])])
    (_, label, text), writers = next((wording, wordings[wording]) for wording in own)
    items = [Item(row["reporter_name"] or row["reporter"], row["text"], file=row["file"], place=_place(row))
             for row in writers]  # fmt: skip
    words = f"số đơn vị cùng viết “{text}”" + (f" ({label})" if label else "")
    return count_of(asking, words.capitalize(), items, "đơn vị", words, table="marts.remarks", style="few")


def _place(row: Row) -> str:
    return f"{row['sheet']}!{row['cell']}"


MATTERS: dict[str, tuple[str, Count]] = {
    "tasks_open": ("số nhiệm vụ đang thực hiện", _tasks("open")),
    "tasks_overdue": ("số nhiệm vụ quá hạn", _tasks("overdue")),
    "tasks_done": ("số nhiệm vụ đã xong", _tasks("done")),
    "days_overdue": ("số ngày quá hạn của một nhiệm vụ", _days_overdue),
    "unfinished": ("số chỉ tiêu gặp khó khăn cuối năm trước, hoặc đã khắc phục (overcome)", _unfinished),
    "indicators_compared": ("số chỉ tiêu so sánh giữa các địa bàn", _compared),
    "remarks": ("số ý kiến (difficulty, practice, proposal, other), hoặc số đơn vị cùng một ý kiến", _remarks),
}
TASKS: dict[str, tuple[str, Build]] = {
    "open_tasks": ("số nhiệm vụ chưa xong", _tasks_of(("open", "overdue"))),
    "overdue_tasks": ("số nhiệm vụ quá hạn", _tasks_of(("overdue",))),
}
