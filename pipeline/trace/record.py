"""A trace as machines read it: the keys of `giaoban figures`, then everything that stands behind the figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.trace.cells import Cell, Correction
from pipeline.trace.figure import Derived, Given, Goal, Item, Summed, Trace, recompute
from pipeline.trace.wording import formula_text


def as_record(found: Trace) -> dict[str, Any]:
    """`terms` are records of the same kind; `cells` are all cells of the figure and its terms, each once."""
    own = found if isinstance(found, Summed) else None
    assessment = own.assessment if own else None
    record = {
        "indicator": found.code,
        "name": found.name,
        "area": found.area,
        "quarter": str(found.quarter),
        "series": own.series if own else None,
        "value": plain(found.value),
        "numerator": plain(own.numerator) if own else None,
        "denominator": plain(own.denominator) if own else None,
        "unit": found.unit,
        "printed": found.printed,
        "basis": found.basis,
        "coverage": found.coverage,
        "status": assessment.status if assessment else None,
        "formula": formula_text(found),
        "recomputed": plain(recompute(found)),
        "assessment": {
            "computed": assessment.computed, "recorded": assessment.recorded, "document": assessment.document,
            "recorded_on": _iso(assessment.recorded_on), "reason": assessment.reason,
        } if assessment else None,
        "plan": _goal_record(own.plan) if own else None,
        "target": _goal_record(own.target) if own else None,
        "models": list(found.models),
        "terms": [as_record(term) for term in found.terms],
        "givens": [_given_record(given) for given in found.givens],
        "rows": [_item_record(item) for item in found.items],
        "cells": [_cell_record(cell) for cell in found.cells],
        "left_out": _left_out_records(own) if own else [],
        "superseded": _superseded_records(own) if own else [],
    }  # fmt: skip
    return record | {"groups": _group_records(found)} if isinstance(found, Derived) and found.groups else record


def _cell_record(cell: Cell) -> dict[str, Any]:
    return {
        "file": cell.file, "sheet": cell.sheet, "cell": cell.cell, "raw": cell.raw, "value": plain(cell.value),
        "role": cell.role, "measure": cell.measure, "area": cell.area, "area_name": cell.area_name,
        "reporter": cell.reporter, "form": cell.form, "seq": cell.seq, "received_on": _iso(cell.received_on),
        "quarter": str(cell.quarter), "series": cell.series, "correction": _correction_record(cell.correction),
    }  # fmt: skip


def _correction_record(correction: Correction | None) -> dict[str, Any] | None:
    return None if correction is None else {
        "original": plain(correction.original), "reason": correction.reason, "agreed_by": correction.agreed_by,
        "agreed_on": _iso(correction.agreed_on),
    }  # fmt: skip


def _goal_record(goal: Goal | None) -> dict[str, Any] | None:
    return None if goal is None else {
        "year": goal.year, "op": goal.op, "value": plain(goal.value), "high": plain(goal.high), "unit": goal.unit,
        "measure": goal.measure, "document": goal.document, "judged": plain(goal.judged),
        "completion_numerator": plain(goal.completion_numerator),
        "completion_denominator": plain(goal.completion_denominator), "completion": goal.completion,
    }  # fmt: skip


def _given_record(given: Given) -> dict[str, Any]:
    value = given.value.isoformat() if isinstance(given.value, date) else plain(given.value)
    return {"name": given.name, "value": value, "printed": given.printed, "document": given.document,
            "file": given.file, "line": given.line}  # fmt: skip


def _item_record(item: Item) -> dict[str, Any]:
    return {"name": item.name, "said": item.said, "counted": item.is_counted, "file": item.file, "place": item.place,
            "indicator": item.subject, "area": item.area, "group": item.group}  # fmt: skip


def _left_out_records(found: Summed) -> list[dict[str, Any]]:
    return [
        {"area": one.unit, "name": one.name, "state": one.state, "reason": one.reason,
         "cells": [_cell_record(cell) for cell in one.cells]}
        for one in found.left_out
    ]  # fmt: skip


def _superseded_records(found: Summed) -> list[dict[str, Any]]:
    return [
        {"file": one.file, "seq": one.seq, "received_on": _iso(one.received_on), "reporter": one.reporter,
         "form": one.form, "replaced_by": one.replaced_by,
         "changed": [
             {"sheet": cell.sheet, "cell": cell.cell, "raw": cell.raw, "measure": cell.measure,
              "area": cell.area, "value": plain(cell.value), "now": plain(cell.now)}
             for cell in one.changed
         ]}
        for one in found.superseded
    ]  # fmt: skip


def _group_records(found: Derived) -> list[dict[str, Any]]:
    return [
        {"group": row["status_group"], "print": row["group_print"], "indicators": row["indicators"],
         "computed": row["computed"], "recorded": row["recorded"]}
        for row in found.groups
    ]  # fmt: skip


def plain(value: Decimal | None) -> int | float | None:
    """A JSON number: whole numbers as integers, others to ten places."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(round(value, 10))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
