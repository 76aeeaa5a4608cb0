"""What a figure was divided from, and how many areas stand behind it."""

from __future__ import annotations

from decimal import Decimal

from pipeline.trace.asked import Asked, Build, derive
from pipeline.trace.figure import Derived, Formula, Item, Summed
from pipeline.trace.records import Records, Row
from pipeline.trace.subjects import Subject
from pipeline.trace.sums import counts_of, summed
from pipeline.vietnamese import number

_STATES = {"value": "có số liệu", "missing": "chưa có số liệu", "not_applicable": "không áp dụng"}


def _counts(asked: Asked) -> Derived:
    """'690/2.290.000 hộ': the two sums of a quotient."""
    own, subject, measures = asked.own, asked.subject, asked.records.measures
    if own.numerator is None or own.denominator is None or own.state != "value":
        return asked.unknown("chỉ có ở tỷ lệ đã có số liệu", table="marts.indicator_values", terms=[own])
    units = {str(measures[code]["unit"]) for code in subject.measures}
    unit = units.pop() if len(units) == 1 else ""
    terms = [counts_of(asked.records, subject, asked.area, role) for role in ("numerator", "denominator")]
    words = " / ".join(" + ".join(measures[code]["name_vi"] for code in subject.part(role))
                       for role in ("numerator", "denominator"))  # fmt: skip
    printed = f"{number(own.numerator)}/{number(own.denominator)} {unit}".strip()
    formula = Formula(words, "{0} / {1}", lambda top, _: top)
    return asked.answer(own.numerator, printed, formula, table="marts.indicator_values", unit=unit, terms=terms)


def _coverage(asked: Asked) -> Derived:
    """'29/30 đơn vị báo cáo': the areas whose figures went in, of those from which one is expected."""
    own = asked.own
    items = _areas_behind(asked.records, own, by_district=own.place.level in ("city", "zone"))
    reported, expected = _of(items)
    formula = Formula("số đơn vị có số liệu / số đơn vị phải có số liệu")
    table = "marts.indicator_values" if asked.subject.kind == "indicator" else "marts.poverty_rates"
    return asked.answer(
        Decimal(reported), f"{reported}/{expected} đơn vị báo cáo", formula, table=table, unit="đơn vị báo cáo",
        items=items,
    )  # fmt: skip


def poverty_coverage(records: Records, code: str, area: str) -> Derived:
    """The areas with poor households and all: districts for the city and zones of districts, else communes."""
    measures = ("poor_households", "households")
    both = Subject("measure", code, "Số đơn vị có số hộ nghèo và tổng số hộ", "", measures, level="commune")
    own = summed(records, both, area)
    is_wide = own.place.is_city or (own.place.level == "zone" and area.endswith("_districts"))
    items = _areas_behind(records, own, by_district=is_wide)
    reported, expected = _of(items)
    words = f"{both.name} / {'số địa bàn cấp huyện' if is_wide else 'số xã, phường, thị trấn'}"
    return derive(
        records, code, both.name, area, Decimal(reported), f"{reported}/{expected}", Formula(words),
        table="marts.poverty_rates", unit="", items=items,
    )  # fmt: skip


def _areas_behind(records: Records, own: Summed, *, by_district: bool) -> list[Item]:
    """Every area with what it is in the figure; a district is in where one of its communes is."""

    def place_of(unit: Row) -> Row:
        return records.areas.get(unit["district_code"] or "", unit) if by_district else unit

    held = {"value": {place_of(unit)["area_code"] for unit in own.units_used}}
    for one in own.left_out:
        held.setdefault(one.state, set()).add(place_of(records.areas[one.unit])["area_code"])
    places = {place_of(unit)["area_code"]: place_of(unit) for unit in (*own.place.units, *own.place.not_applicable)}
    items = []
    for code, place in places.items():
        state = next(state for state in ("value", "missing", "not_applicable") if code in held.get(state, ()))
        items.append(Item(
            place["area_full_name"], _STATES[state], state == "value", subject=own.code, area=code,
        ))  # fmt: skip
    return items


def _of(items: list[Item]) -> tuple[int, int]:
    """How many count, and of how many: an area to which a figure does not apply is not waited for."""
    return sum(item.is_counted for item in items), sum(item.said != _STATES["not_applicable"] for item in items)


BACKING: dict[str, tuple[str, Build]] = {
    "counts": ("tử số và mẫu số", _counts),
    "coverage": ("số đơn vị có số liệu", _coverage),
}
