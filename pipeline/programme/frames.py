"""A programme's tables as Polars frames, the shape in which the warehouse takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipeline.programme.loading import Programme
from pipeline.programme.tables import Issue


def programme_frames(programme: Programme, as_of: date | None = None) -> dict[str, pl.DataFrame]:
    """The tables raw.programme ... raw.issued_figures; whatever is dated is cut at `as_of`."""

    amount, share, text, day = pl.Decimal(18, 4), pl.Decimal(9, 4), pl.String, pl.Date
    heading = programme.heading

    def known(on: date | None) -> bool:
        """What has no date was always there."""
        return as_of is None or on is None or on <= as_of

    def frame(schema: dict[str, Any], rows: Iterator[Sequence[Any]]) -> pl.DataFrame:
        return pl.DataFrame(list(rows), schema=schema, orient="row")

    return {
        "programme": frame(
            {"id": text, "title": text, "short_title": text, "issuer": text, "number": text, "issued_on": day,
             "first_year": pl.Int32, "last_year": pl.Int32, "due_days": pl.Int32,
             "outlier_factor": pl.Int32, "outlier_floor": pl.Int32},
            iter([(heading.id, heading.title, heading.short_title, heading.issuer, heading.number,
                   heading.issued_on, heading.first_year, heading.last_year, heading.due_days,
                   heading.outliers.factor, heading.outliers.floor)]),
        ),
        "quarters": frame(
            {"quarter": text, "year": pl.Int32, "number": pl.Int32, "first_month": text, "last_month": text,
             "ends_on": day, "due_on": day, "locked_on": day, "previous_quarter": text, "same_quarter_last_year": text,
             "previous_year_end": text, "poverty_standard": text},
            ((str(quarter), quarter.year, quarter.number, quarter.first_month, quarter.last_month,
              quarter.ends_on, programme.due_on(quarter), programme.locked_on(quarter),
              str(quarter.previous), str(quarter.same_last_year),
              str(quarter.previous_year_end), programme.poverty_standard(quarter))
             for quarter in programme.quarters),
        ),
        "areas": frame(
            {"code": text, "name": text, "full_name": text, "kind": text, "level": text, "parent_code": text,
             "is_urban": pl.Boolean, "valid_from": day, "valid_to": day, "sort": pl.Int32, "tile_x": pl.Int32,
             "tile_y": pl.Int32},
            ((area.code, area.name, area.full_name, area.kind, area.level, area.parent_code, area.urban,
              area.valid_from, area.valid_to, area.sort, area.tile_x, area.tile_y) for area in programme.areas),
        ),
        "owners": frame(
            {"code": text, "name": text, "short_name": text, "valid_from": day, "valid_to": day},
            ((owner.code, owner.name, owner.short_name, owner.valid_from, owner.valid_to)
             for owner in programme.owners),
        ),
        "measures": frame(
            {"code": text, "name_vi": text, "unit": text, "period_kind": text, "level": text,
             "reported_by": text, "reporter": text, "form": text, "frequency": text, "lower": amount,
             "upper": amount, "sum_of": text},
            ((measure.code, measure.name_vi, measure.unit, measure.period_kind, measure.level,
              measure.reported_by, measure.reporter, measure.form, measure.frequency, measure.lower,
              measure.upper, "|".join(measure.sum_of) or None) for measure in programme.measures),
        ),
        "measure_parts": frame(
            {"measure_code": text, "part_code": text},
            ((measure.code, part) for measure in programme.measures for part in measure.sum_of),
        ),
        "measure_successors": frame(
            {"measure_code": text, "place": pl.Int32, "owner_code": text},
            ((measure.code, place, owner) for measure in programme.measures
             for place, owner in enumerate(measure.successors, start=1)),
        ),
        "indicators": frame(
            {"code": text, "name_vi": text, "short_name": text, "group_code": text, "group_name": text,
             "sort": pl.Int32, "is_counted": pl.Boolean, "unit": text, "direction": text,
             "aggregation": text, "numerator": text, "denominator": text, "scale": pl.Int32,
             "frequency": text, "owner": text, "decimals": pl.Int32, "min_significant": pl.Int32,
             "counts_shown": pl.Boolean, "applies_to": text, "minimum_coverage": pl.Decimal(9, 4),
             "baseline": amount, "baseline_year": pl.Int32, "baseline_is_break": pl.Boolean, "basis": text,
             "definition": text, "method_note": text, "valid_from": day, "valid_to": day},
            ((one.code, one.name_vi, one.short_name, one.group_code, one.group_name, one.sort, one.counted,
              one.unit, one.direction, one.aggregation, one.numerator, one.denominator, one.scale,
              one.frequency, one.owner, one.decimals, one.min_significant, one.counts_shown, one.applies_to,
              one.minimum_coverage, one.baseline, one.baseline_year, one.baseline_is_break, one.basis,
              one.definition, one.method_note, one.valid_from, one.valid_to)
             for one in programme.indicators),
        ),
        "targets": frame(
            {"indicator_code": text, "scope": text, "year": pl.Int32, "area_code": text, "op": text,
             "value": amount, "high": amount, "measure": text, "completion_decimals": pl.Int32,
             "share_q1": share, "share_q2": share, "share_q3": share, "document": text, "issued_on": day,
             "basis": text, "note": text, "line": pl.Int32},
            ((one.indicator, one.scope, one.year, one.area, one.op, one.value, one.high, one.measure,
              one.completion_decimals, one.share_q1, one.share_q2, one.share_q3, one.document, one.issued_on,
              one.basis, one.note, line)
             for line, one in enumerate(programme.targets, start=2)
             if known(one.issued_on)),
        ),
        "assessments": frame(
            {"quarter": text, "indicator_code": text, "status": text, "document": text, "assessed_on": day,
             "reason": text, "basis": text},
            ((one.quarter, one.indicator, one.status, one.document, one.assessed_on, one.reason, one.basis)
             for one in programme.assessments if known(one.assessed_on)),
        ),
        "method_breaks": frame(
            {"indicator_code": text, "from_quarter": text, "note": text, "basis": text},
            ((one.indicator, one.from_quarter, one.note, one.basis) for one in programme.method_breaks),
        ),
        "tasks": frame(
            {"id": text, "indicator_code": text, "task": text, "lead": text, "partners": text, "document": text,
             "assigned_on": day, "due_on": day, "state": text, "done_on": day, "basis": text, "note": text},
            ((one.id, one.indicator, one.task, one.lead, one.partners, one.document, one.assigned_on, one.due_on,
              one.state if known(one.done_on) else "open", one.done_on if known(one.done_on) else None,
              one.basis, one.note)
             for one in programme.tasks if known(one.assigned_on)),
        ),
        "corrections": frame(
            {"quarter": text, "measure": text, "area_code": text, "series": text, "old_value": amount,
             "new_value": amount, "reason": text, "agreed_by": text, "agreed_on": day, "basis": text},
            ((one.quarter, one.measure, one.area, one.series, one.old, one.new, one.reason, one.agreed_by,
              one.agreed_on, one.basis) for one in programme.corrections if known(one.agreed_on)),
        ),
        "waivers": frame(
            {"rule": text, "quarter": text, "reporter": text, "reason": text, "agreed_by": text, "agreed_on": day,
             "valid_until": day},
            ((one.rule, one.quarter, one.reporter, one.reason, one.agreed_by, one.agreed_on, one.until)
             for one in programme.waivers if known(one.agreed_on)),
        ),
        "issues": frame(
            {"quarter": text, "number": text, "issued_on": day, "inputs_sha256": text, "facts_sha256": text,
             "pdf_sha256": text},
            ((one.quarter, one.number, one.issued_on, one.inputs_sha256, one.facts_sha256, one.pdf_sha256)
             for one in issues_in_force(programme, as_of)),
        ),
        "issued_figures": frame(
            {"quarter": text, "indicator_code": text, "area_code": text, "numerator": amount,
             "denominator": amount, "status": text, "printed": text},
            ((issue.quarter, one.indicator, one.area, one.numerator, one.denominator, one.status, one.printed)
             for issue in issues_in_force(programme, as_of) for one in issue.figures),
        ),
    }  # fmt: skip


def issues_in_force(programme: Programme, as_of: date | None) -> list[Issue]:
    """The latest issue of each quarter: a corrected briefing (đính chính) takes the place of the earlier one."""
    latest: dict[str, Issue] = {}
    for issue in sorted(programme.issues, key=lambda one: (one.issued_on, one.number)):
        if as_of is None or issue.issued_on <= as_of:
            latest[issue.quarter] = issue
    return [latest[quarter] for quarter in sorted(latest)]
