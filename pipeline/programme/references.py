"""Codes across the tables of a programme: unique where they must be, existing where they are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.programme.files import Mistakes
from pipeline.programme.heading import Heading
from pipeline.programme.layouts import Layout, MeasureColumn, RateColumn
from pipeline.programme.tables import (
    TOP_AREA,
    Area,
    Assessment,
    Correction,
    Indicator,
    Measure,
    MethodBreak,
    Owner,
    Target,
    Task,
    Waiver,
)

YES_OR_NO = "có/không"  # the unit of what is done or not done, rather than counted


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
    ended = {owner.code for _, owner in tables.owners if owner.valid_to is not None}
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
    _check_tiles(tables.areas, mistakes)
    for line, measure in tables.measures:
        known("measures.csv", line, "reporter", measure.reporter, owners, "owners.csv")
        for successor in measure.successors:
            known("measures.csv", line, "successors", successor, owners, "owners.csv")
        if measure.successors and measure.reporter is None:
            mistakes.add(
                "measures.csv", line, "successors", "|".join(measure.successors), "để trống khi không có reporter"
            )
        for code in (measure.reporter, *measure.successors)[: len(measure.successors)]:
            if code in owners and code not in ended:
                mistakes.add("measures.csv", line, "successors", "|".join(measure.successors),
                             f"để trống, hoặc ghi ngày kết thúc (valid_to) của {code} trong owners.csv")  # fmt: skip
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
        shares = [one for one in (target.share_q1, target.share_q2, target.share_q3) if one is not None]
        if shares != sorted(shares):
            mistakes.add("targets.csv", line, "share_q1, share_q2, share_q3", "; ".join(map(str, shares)),
                         "tỷ lệ lũy kế từ đầu năm, quý sau không nhỏ hơn quý trước")  # fmt: skip
        if target.scope in ("year", "term_end") and target.year is None:
            mistakes.add("targets.csv", line, "year", "", f"năm cho scope={target.scope}")
        _check_operator(line, target, tables, mistakes)
        _check_area(line, target, tables, mistakes)
    for line, assessment in tables.assessments:
        known("assessments.csv", line, "indicator", assessment.indicator, indicators, "indicators.csv")
    for line, break_ in tables.method_breaks:
        known("method_breaks.csv", line, "indicator", break_.indicator, indicators, "indicators.csv")
    for line, task in tables.tasks:
        known("tasks.csv", line, "indicator", task.indicator, indicators, "indicators.csv")
        known("tasks.csv", line, "lead", task.lead, owners | areas, "owners.csv hoặc areas.csv")
        if (task.state == "done") != (task.done_on is not None):
            mistakes.add("tasks.csv", line, "done_on", task.done_on or "", "ngày xong khi và chỉ khi state=done")
    for number, waiver in enumerate(tables.waivers, start=1):
        place = f"waivers.yml, mục {number}"
        known(place, None, "reporter", waiver.reporter, areas | owners, "areas.csv, owners.csv")
        if waiver.until and waiver.until < waiver.agreed_on:
            mistakes.add(place, None, "until", waiver.until, "ngày không sớm hơn ngày thống nhất (agreed_on)")
    for number, correction in enumerate(tables.corrections, start=1):
        known(f"corrections.yml, mục {number}", None, "measure", correction.measure, measures, "measures.csv")
        known(f"corrections.yml, mục {number}", None, "area", correction.area, areas, "areas.csv")


def _check_operator(line: int, target: Target, tables: Tables, mistakes: Mistakes) -> None:
    """op=yes goes with what is done or not done, and with nothing else."""
    if target.op == "yes" and target.value not in (None, 1):
        mistakes.add("targets.csv", line, "value", target.value, "1 hoặc để trống cho op=yes")
    name, answers = target.measure or target.indicator, _are_yes_or_no(target, tables)
    if target.op == "yes" and answers and not any(answers):
        expected = f"ge, gt, le, lt, range hoặc approx, vì {name} không có đơn vị tính '{YES_OR_NO}'"
        mistakes.add("targets.csv", line, "op", target.op, expected)
    if target.op != "yes" and answers and all(answers):
        expected = f"yes, vì {name} có đơn vị tính '{YES_OR_NO}', chỉ đạt hoặc không đạt"
        mistakes.add("targets.csv", line, "op", target.op, expected)


def _are_yes_or_no(target: Target, tables: Tables) -> list[bool]:
    """Whether each version of what is judged (the indicator, or the measure named) can only be yes or no.

    Summed over areas, what each of them did or did not do is a count. Empty for an unknown code.
    """
    if target.measure is None:
        return [one.unit == YES_OR_NO for _, one in tables.indicators if one.code == target.indicator]
    return [
        one.unit == YES_OR_NO and (one.level == "city" or target.area is not None)
        for _, one in tables.measures
        if one.code == target.measure
    ]


def _check_area(line: int, target: Target, tables: Tables, mistakes: Mistakes) -> None:
    """A plan of an area is one of a district, for what has figures by district."""
    if target.area is None:
        return
    levels = {area.code: area.level for _, area in tables.areas}
    if levels.get(target.area, "district") != "district":
        expected = "mã địa bàn cấp huyện; để trống khi giao cho toàn địa bàn"
        mistakes.add("targets.csv", line, "area", target.area, expected)
    has_no_areas = [one.aggregation == "city_only" for _, one in tables.indicators if one.code == target.indicator]
    if target.measure is not None:
        has_no_areas = [one.level == "city" for _, one in tables.measures if one.code == target.measure]
    if has_no_areas and all(has_no_areas):
        expected = f"để trống, vì {target.measure or target.indicator} không có số liệu theo địa bàn"
        mistakes.add("targets.csv", line, "area", target.area, expected)


def check_layouts(layouts: Sequence[Layout], tables: Tables, mistakes: Mistakes) -> None:
    """Every measure a column of a form stands for exists, at a level the form's rows can give."""
    measures = {measure.code: measure for _, measure in tables.measures}
    for layout in layouts:
        by_commune = layout.area_level == "commune"
        levels = ("commune", "district") if by_commune else ("district",)
        expected = "số liệu cấp xã hoặc cấp huyện" if by_commune else "số liệu cấp huyện"
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
                elif measures[code].level not in levels:
                    mistakes.add(f"layouts/{layout.form}", None, "columns", code, expected)


def check_term(heading: Heading, tables: Tables, mistakes: Mistakes) -> None:
    """What is decided, corrected or planned lies in the programme's term; otherwise it would never count."""
    years = range(heading.first_year, heading.last_year + 1)
    expected = f"năm từ {heading.first_year} đến {heading.last_year}"
    for line, assessment in tables.assessments:
        if int(assessment.quarter[:4]) not in years:
            mistakes.add("assessments.csv", line, "quarter", assessment.quarter, expected)
    for number, waiver in enumerate(tables.waivers, start=1):
        if int(waiver.quarter[:4]) not in years:
            mistakes.add(f"waivers.yml, mục {number}", None, "quarter", waiver.quarter, expected)
    for number, correction in enumerate(tables.corrections, start=1):
        if int(correction.quarter[:4]) not in years:
            mistakes.add(f"corrections.yml, mục {number}", None, "quarter", correction.quarter, expected)
    for line, target in tables.targets:
        if target.scope == "year" and target.year not in years:
            mistakes.add("targets.csv", line, "year", target.year, expected)


def check_announced(heading: Heading, tables: Tables, mistakes: Mistakes) -> None:
    """The number of counted indicators is the one that was announced, from each day it was announced for."""
    for announced in heading.indicators_announced:
        counted = sum(one.counted and one.valid_on(announced.since) for _, one in tables.indicators)
        if counted != announced.count:
            mistakes.add(
                "indicators.csv", None, "counted", f"{counted} chỉ tiêu từ {announced.since}",
                f"{announced.count} chỉ tiêu như đã công bố trong programme.yml",
            )  # fmt: skip


def _check_tiles(areas: Sequence[tuple[int, Area]], mistakes: Mistakes) -> None:
    """A place on the tile map is whole, a district's, and taken by one district at a time."""
    placed: list[Area] = []
    for line, area in areas:
        found = f"{area.tile_x or ''}, {area.tile_y or ''}"
        if (area.tile_x is None) != (area.tile_y is None):
            mistakes.add("areas.csv", line, "tile_x, tile_y", found, "cả hai, hoặc để trống cả hai")
        elif area.tile_x is not None and area.level != "district":
            mistakes.add("areas.csv", line, "tile_x, tile_y", found, "để trống khi không phải cấp huyện")
        elif area.tile_x is not None:
            for other in placed:
                if (other.tile_x, other.tile_y) == (area.tile_x, area.tile_y) and _overlap(other, area):
                    mistakes.add("areas.csv", line, "tile_x, tile_y", found, f"một ô khác với ô của {other.full_name}")
            placed.append(area)


def _overlap(one: Area, other: Area) -> bool:
    """Whether both are in force on some day."""
    ends = [area.valid_to for area in (one, other) if area.valid_to]
    begins = [area.valid_from for area in (one, other) if area.valid_from]
    return not ends or not begins or max(begins) <= min(ends)


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
            if other.valid_on(starts) and indicator.valid_on(starts):
                mistakes.add("indicators.csv", line, "code", indicator.code,
                             f"thời gian hiệu lực không trùng với dòng {other_line}")  # fmt: skip
        versions[indicator.code].append((line, indicator))
