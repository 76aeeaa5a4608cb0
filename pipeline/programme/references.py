"""Codes across the tables of a programme: unique where they must be, existing where they are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.programme.files import Mistakes
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn
from pipeline.programme.tables import (
    TOP_AREA,
    Area,
    Assessment,
    Correction,
    Heading,
    Indicator,
    Measure,
    MethodBreak,
    Owner,
    Target,
    Task,
    Waiver,
)


@dataclass(frozen=True)
class Tables:
    """Rows with the line they stand on; corrections and waivers have no lines."""

    areas: Sequence[tuple[int, Area]]
    owners: Sequence[tuple[int, Owner]]
    measures: Sequence[tuple[int, Measure]]
    indicators: Sequence[tuple[int, Indicator]]
    targets: Sequence[tuple[int, Target]]
    assessments: Sequence[tuple[int, Assessment]]
    method_breaks: Sequence[tuple[int, MethodBreak]]
    tasks: Sequence[tuple[int, Task]]
    corrections: Sequence[Correction]
    waivers: Sequence[Waiver]


def check_references(tables: Tables, mistakes: Mistakes) -> None:
    """Every code that is named exists; every rule between two columns of a row holds."""
    _check_unique(tables, mistakes)
    areas = {area.code for _, area in tables.areas}
    owners = {owner.code for _, owner in tables.owners}
    measures = {measure.code for _, measure in tables.measures}
    indicators = {indicator.code for _, indicator in tables.indicators}

    def known(file: str, line: int | None, column: str, code: str | None, codes: set[str], where: str) -> None:
        if code is not None and code not in codes:
            mistakes.add(file, line, column, code, f"một mã có trong {where}")

    if TOP_AREA not in areas:
        mistakes.add("areas.csv", None, "code", "không có", f"một dòng mã '{TOP_AREA}' cho toàn địa bàn")
    for line, area in tables.areas:
        known("areas.csv", line, "parent_code", area.parent_code, areas, "areas.csv")
        if area.level != "city" and area.parent_code is None:
            mistakes.add("areas.csv", line, "parent_code", "", "mã của đơn vị cấp trên")
    for line, measure in tables.measures:
        known("measures.csv", line, "reporter", measure.reporter, owners, "owners.csv")
        for part in measure.sum_of:
            known("measures.csv", line, "sum_of", part, measures, "measures.csv")
        if (measure.reported_by == "agency") != (measure.reporter is not None):
            mistakes.add("measures.csv", line, "reporter", measure.reporter or "",
                         "mã cơ quan khi reported_by=agency, để trống khi reported_by=area")  # fmt: skip
    for line, indicator in tables.indicators:
        known("indicators.csv", line, "numerator", indicator.numerator, measures, "measures.csv")
        known("indicators.csv", line, "denominator", indicator.denominator, measures, "measures.csv")
        known("indicators.csv", line, "owner", indicator.owner, owners, "owners.csv")
        if (indicator.aggregation in ("ratio_of_sums", "share_of_units")) != (indicator.denominator is not None):
            mistakes.add("indicators.csv", line, "denominator", indicator.denominator or "",
                         "mẫu số cho ratio_of_sums và share_of_units, để trống cho loại khác")  # fmt: skip
    for line, target in tables.targets:
        known("targets.csv", line, "indicator", target.indicator, indicators, "indicators.csv")
        known("targets.csv", line, "area", target.area, areas, "areas.csv")
        known("targets.csv", line, "measure", target.measure, measures, "measures.csv")
        if target.value is None and target.op != "yes":
            mistakes.add("targets.csv", line, "value", "", f"một số cho op={target.op}")
        if (target.op == "range") != (target.high is not None):
            mistakes.add("targets.csv", line, "high", target.high or "", "cận trên khi và chỉ khi op=range")
        if target.scope in ("year", "term_end") and target.year is None:
            mistakes.add("targets.csv", line, "year", "", f"năm cho scope={target.scope}")
    for line, assessment in tables.assessments:
        known("assessments.csv", line, "indicator", assessment.indicator, indicators, "indicators.csv")
    for line, break_ in tables.method_breaks:
        known("method_breaks.csv", line, "indicator", break_.indicator, indicators, "indicators.csv")
    for line, task in tables.tasks:
        known("tasks.csv", line, "indicator", task.indicator, indicators, "indicators.csv")
        known("tasks.csv", line, "lead", task.lead, owners | areas, "owners.csv hoặc areas.csv")
        if (task.state == "done") != (task.done_on is not None):
            mistakes.add("tasks.csv", line, "done_on", task.done_on or "", "ngày xong khi và chỉ khi state=done")
    for correction in tables.corrections:
        known("corrections.yml", None, "measure", correction.measure, measures, "measures.csv")
        known("corrections.yml", None, "area", correction.area, areas, "areas.csv")
    for number, waiver in enumerate(tables.waivers, start=1):
        place = f"waivers.yml, mục {number}"
        known(place, None, "reporter", waiver.reporter, areas | owners, "areas.csv, owners.csv")
        if waiver.until and waiver.until < waiver.agreed_on:
            mistakes.add(place, None, "until", waiver.until, "ngày không sớm hơn ngày thống nhất (agreed_on)")


def check_layouts(layouts: Sequence[Layout], tables: Tables, mistakes: Mistakes) -> None:
    """Every measure a column of a form stands for exists."""
    measures = {measure.code for _, measure in tables.measures}
    for layout in layouts:
        for column in layout.columns:
            codes = (
                [column.measure]
                if isinstance(column, MeasureColumn)
                else list(column.rate_of)
                if isinstance(column, RateColumn)
                else []
            )
            for code in codes:
                if code not in measures:
                    mistakes.add(f"layouts/{layout.form}", None, "columns", code, "một mã có trong measures.csv")


def check_term(heading: Heading, tables: Tables, mistakes: Mistakes) -> None:
    """What is decided, corrected or planned lies in the programme's term; otherwise it would never count."""
    years = range(heading.first_year, heading.last_year + 1)
    expected = f"năm từ {heading.first_year} đến {heading.last_year}"
    for line, assessment in tables.assessments:
        if int(assessment.quarter[:4]) not in years:
            mistakes.add("assessments.csv", line, "quarter", assessment.quarter, expected)
    for number, correction in enumerate(tables.corrections, start=1):
        if int(correction.quarter[:4]) not in years:
            mistakes.add("corrections.yml", None, f"quarter (mục {number})", correction.quarter, expected)
    for number, waiver in enumerate(tables.waivers, start=1):
        if int(waiver.quarter[:4]) not in years:
            mistakes.add(f"waivers.yml, mục {number}", None, "quarter", waiver.quarter, expected)
    for line, target in tables.targets:
        if target.scope == "year" and target.year not in years:
            mistakes.add("targets.csv", line, "year", target.year, expected)


def check_announced(heading: Heading, tables: Tables, mistakes: Mistakes) -> None:
    """The number of counted indicators is the one that was announced, from each day it was announced for."""
    for announced in heading.indicators_announced:
        counted = sum(one.counted and _in_force(one, announced.since) for _, one in tables.indicators)
        if counted != announced.count:
            mistakes.add(
                "indicators.csv", None, "counted", f"{counted} chỉ tiêu từ {announced.since}",
                f"{announced.count} chỉ tiêu như đã công bố trong programme.yml",
            )  # fmt: skip


def _in_force(indicator: Indicator, day: date) -> bool:
    return (indicator.valid_from is None or indicator.valid_from <= day) and (
        indicator.valid_to is None or day <= indicator.valid_to
    )


def _check_unique(tables: Tables, mistakes: Mistakes) -> None:
    named: list[tuple[str, Sequence[tuple[int, Area | Owner | Measure]]]] = [
        ("areas.csv", tables.areas),
        ("owners.csv", tables.owners),
        ("measures.csv", tables.measures),
    ]
    for file, rows in named:
        seen: dict[str, int] = {}
        for line, row in rows:
            if row.code in seen:
                mistakes.add(file, line, "code", row.code, f"mã không trùng với dòng {seen[row.code]}")
            seen[row.code] = line
    tasks: dict[str, int] = {}
    for line, task in tables.tasks:
        if task.id in tasks:
            mistakes.add("tasks.csv", line, "id", task.id, f"mã không trùng với dòng {tasks[task.id]}")
        tasks[task.id] = line
    versions: dict[str, list[tuple[int, Indicator]]] = {}
    for line, indicator in tables.indicators:
        for other_line, other in versions.setdefault(indicator.code, []):
            starts = max(other.valid_from or date.min, indicator.valid_from or date.min)
            if _in_force(other, starts) and _in_force(indicator, starts):
                mistakes.add("indicators.csv", line, "code", indicator.code,
                             f"thời gian hiệu lực không trùng với dòng {other_line}")  # fmt: skip
        versions[indicator.code].append((line, indicator))
