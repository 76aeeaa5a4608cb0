"""Where an area stands among the others, and which areas and indicators are below the city."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pipeline.programme import TOP_AREA
from pipeline.trace.asked import Asked, Build, derive, ratio
from pipeline.trace.figure import Derived, Formula, Item, Trace, as_decimal
from pipeline.trace.places import find_area
from pipeline.trace.records import Records, Row
from pipeline.trace.subjects import find_subject
from pipeline.trace.sums import summed
from pipeline.vietnamese import number, unit_text

_TABLE = "marts.area_comparison"
_BETTER = {"lower": -1, "not_assessable": 0}  # otherwise more is better


def _better(records: Records, code: str) -> int:
    return _BETTER.get(records.indicators[code]["direction"], 1)


def _compared(records: Records, code: str) -> list[Row]:
    """The areas with a figure of an indicator, in their order."""
    rows = [row for row in records.rows(_TABLE) if row["indicator_code"] == code and row["value"] is not None]
    return sorted(rows, key=lambda row: (row["area_sort"], row["area_code"]))


def _gap(asked: Asked) -> Derived:
    """An area's figure less the city's."""
    row = asked.records.one(_TABLE, indicator_code=asked.subject.code, area_code=asked.area)
    exact = ratio(row["numerator"], row["denominator"], asked.subject.scale) if row else None
    city = ratio(row["city_numerator"], row["city_denominator"], asked.subject.scale) if row else None
    if row is None or exact is None or city is None or row["city_value"] is None:
        reason = "chỉ so sánh tỷ lệ của từng địa bàn có số liệu với tỷ lệ chung"
        return asked.unknown(reason, table=_TABLE)
    value, whole = as_decimal(exact - city), summed(asked.records, asked.subject, TOP_AREA)
    size = unit_text(number(abs(value), asked.subject.decimals, asked.subject.min_significant), asked.change_unit)
    printed = "bằng mức chung" if exact == city else f"{'cao' if value > 0 else 'thấp'} hơn mức chung {size}"
    words = f"số của {asked.own.area_name} - số của {whole.area_name}"
    return asked.answer(
        value, printed, Formula(words, "{0} - {1}", lambda own, city: own - city), table=_TABLE,
        unit=asked.change_unit, terms=[asked.own, whole],
    )  # fmt: skip


def _rank(asked: Asked) -> Derived:
    """1 is the best; areas with the same figure share a rank."""
    row = asked.records.one(_TABLE, indicator_code=asked.subject.code, area_code=asked.area)
    if row is None or row["rank"] is None:
        return asked.unknown("chỉ xếp hạng các địa bàn có số liệu của chỉ tiêu có chiều đánh giá", table=_TABLE)
    better = _better(asked.records, asked.subject.code)
    others = [one for one in _compared(asked.records, asked.subject.code) if one["area_code"] != asked.area]
    own, terms = asked.own, [summed(asked.records, asked.subject, one["area_code"]) for one in others]

    def rank(own: Fraction, *values: Fraction) -> Fraction:
        return Fraction(1 + sum((value - own) * better > 0 for value in values))

    items = [
        Item(term.area_name, term.printed, (term.value - own.value) * better > 0,
             subject=asked.subject.code, area=term.area)
        for term in terms if term.value is not None and own.value is not None
    ]  # fmt: skip
    said = "cao" if better > 0 else "thấp"
    words = f"1 + số địa bàn có {asked.subject.name} {said} hơn {own.area_name}"
    return asked.answer(
        Decimal(row["rank"]), f"{row['rank']}/{row['areas_ranked']}", Formula(words, compute=rank), table=_TABLE,
        unit="", terms=[own, *terms], items=items,
    )  # fmt: skip


def _below(asked: Asked) -> Derived:
    """How many areas stand below the city."""
    held = [row for row in _compared(asked.records, asked.subject.code) if row["is_below_city"] is not None]
    better = _better(asked.records, asked.subject.code)
    whole = summed(asked.records, asked.subject, TOP_AREA)
    terms = [summed(asked.records, asked.subject, row["area_code"]) for row in held]

    def below(city: Fraction, *values: Fraction) -> Fraction:
        return Fraction(sum((value - city) * better < 0 for value in values))

    items = [
        Item(term.area_name, term.printed, bool(row["is_below_city"]), subject=term.code, area=term.area)
        for row, term in zip(held, terms, strict=True)
    ]
    count = sum(item.is_counted for item in items)
    said = "thấp" if better > 0 else "cao"
    words = f"số địa bàn có {asked.subject.name} {said} hơn {whole.printed} ({whole.area_name}) / số địa bàn có số liệu"
    return asked.answer(
        Decimal(count), f"{count}/{len(held)} đơn vị", Formula(words, compute=below), table=_TABLE, unit="đơn vị",
        terms=[whole, *terms], items=items,
    )  # fmt: skip


def indicators_compared(records: Records) -> list[str]:
    """The counted indicators that are compared over the areas, in printing order."""
    compared = {row["indicator_code"] for row in records.rows(_TABLE) if row["city_value"] is not None}
    return [code for code, row in records.indicators.items() if row["is_counted"] and code in compared]


def indicators_below(records: Records, name: str, area: str) -> Derived:
    """On how many of the compared indicators one area stands below the city."""
    terms: list[Trace] = []
    items, better = [], []
    for code in indicators_compared(records):
        row = records.one(_TABLE, indicator_code=code, area_code=area)
        subject = find_subject(records, code, area)
        if row is None or row["is_below_city"] is None or subject is None:
            continue
        own, city = summed(records, subject, area), summed(records, subject, TOP_AREA)
        terms += [own, city]
        better.append(_better(records, code))
        items.append(Item(
            f"{code} {records.indicators[code]['short_name']}", f"{own.printed}, mức chung {city.printed}",
            bool(row["is_below_city"]), subject=code, area=area,
        ))  # fmt: skip

    def below(*values: Fraction) -> Fraction:
        pairs = zip(values[::2], values[1::2], better, strict=True)
        return Fraction(sum((own - city) * sign < 0 for own, city, sign in pairs))

    count = sum(item.is_counted for item in items)
    here = str(find_area(records, area)["area_full_name"])
    whole = str(find_area(records, TOP_AREA)["area_full_name"])
    formula = Formula(f"số chỉ tiêu của {here} kém mức chung {whole} / số chỉ tiêu so sánh được", compute=below)
    return derive(
        records, name, "Số chỉ tiêu kém mức chung", area, Decimal(count), f"{count}/{len(items)} chỉ tiêu", formula,
        table=_TABLE, unit="chỉ tiêu", terms=terms, items=items,
    )  # fmt: skip


STANDING: dict[str, tuple[str, Build]] = {
    "gap": ("chênh lệch so với mức chung", _gap),
    "rank": ("thứ hạng", _rank),
    "below": ("số địa bàn kém mức chung", _below),
}
