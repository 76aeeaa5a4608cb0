"""A figure beside what it was before: last year, the end of last year, the first year, the issued briefing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from pipeline.quarters import Quarter
from pipeline.trace.asked import Asked, Build, ratio, same
from pipeline.trace.figure import Derived, Formula, Given, Summed, as_decimal, change_text
from pipeline.trace.records import Row
from pipeline.trace.sums import summed
from pipeline.vietnamese import number, short_date, unit_text

_TABLE = "intermediate.earlier_figures"


def _quarter(asked: Asked, which: str) -> Quarter:
    quarter = asked.records.quarter
    return quarter.same_last_year if which == "same_period" else quarter.previous_year_end


def _earlier(asked: Asked, which: str) -> tuple[Row | None, Summed | None, str]:
    """The row that says where the earlier figure is from, its cells, and how they are described.

    Where not all areas that stood behind it then have a figure now, it is summed again over those that have.
    """
    records = asked.records
    row = records.one(_TABLE, indicator_code=asked.subject.code, area_code=asked.area)
    source = row and row[f"{which}_source"]
    only = _areas_now(asked) if row and row.get(f"is_{which}_partial") else None
    over = ", chỉ của những địa bàn kỳ này có số liệu" if only is not None else ""
    if source == "record":
        quarter = _quarter(asked, which)
        term = summed(records.at(quarter), asked.subject, asked.area, only=only)
        return row, term, f"số {quarter.title}{over}"
    if source == "form":
        term = summed(records, asked.subject, asked.area, "last_year", only)
        return row, term, f"số ở cột cùng kỳ năm trước trên biểu {records.quarter.title}{over}"
    return row, None, ""


def _areas_now(asked: Asked) -> frozenset[str]:
    """The districts that have a figure of the indicator this quarter."""
    rows = asked.records.of_quarter(
        "select area_code from intermediate.area_indicators"
        " where quarter = ? and indicator_code = ? and series = 'actual' and state = 'value'",
        asked.subject.code,
    )
    return frozenset(row["area_code"] for row in rows)


def _before(asked: Asked, which: str, row: Row | None) -> Fraction | None:
    return ratio(row[f"{which}_numerator"], row[f"{which}_denominator"], asked.subject.scale) if row else None


def _nothing_earlier(asked: Asked, which: str, row: Row | None) -> Derived:
    reason = f"chưa có số liệu {_quarter(asked, which).title} so sánh được"
    if row and row[f"{which}_source"] == "break":
        note = asked.records.indicators[asked.subject.code]["break_note"] or "phương pháp tính đã thay đổi"
        reason = f"không so sánh với {_quarter(asked, which).title}: {note}"
    return asked.unknown(reason, table=_TABLE)


def _value(which: str) -> Build:
    def build(asked: Asked) -> Derived:
        row, term, words = _earlier(asked, which)
        before = _before(asked, which, row)
        if term is None or before is None:
            return _nothing_earlier(asked, which, row)
        value = as_decimal(before)
        return asked.answer(value, asked.as_value(value), Formula(words, "{0}", same), table=_TABLE, terms=[term])

    return build


def _compared(
    which: str, words: str, pattern: str, compute: Callable[[Fraction, Fraction], Fraction],
    shown: Callable[[Asked, Decimal], tuple[str, str]],
) -> Build:  # fmt: skip
    """The figure of the quarter against the earlier one; shown gives print and unit."""

    def build(asked: Asked) -> Derived:
        row, term, described = _earlier(asked, which)
        before, now = _before(asked, which, row), asked.own
        if term is None or before is None:
            return _nothing_earlier(asked, which, row)
        current = ratio(now.numerator, now.denominator, asked.subject.scale) if now.state == "value" else None
        if current is None or (before == 0 and "/" in pattern):
            reason = f"{asked.records.quarter.title} {now.printed}" if current is None else "số kỳ trước bằng 0"
            return asked.unknown(reason, table=_TABLE, terms=[now, term])
        value = as_decimal(compute(current, before))
        printed, unit = shown(asked, value)
        spelt = words.format(f"số {asked.records.quarter.title}", described)
        return asked.answer(
            value, printed, Formula(spelt, pattern, compute), table=_TABLE, unit=unit, terms=[now, term]
        )

    return build


def _change(which: str) -> Build:
    def shown(asked: Asked, value: Decimal) -> tuple[str, str]:
        subject = asked.subject
        return change_text(value, asked.change_unit, subject.decimals, subject.min_significant), asked.change_unit

    return _compared(which, "{0} - {1}", "{0} - {1}", lambda now, before: now - before, shown)


def _growth(which: str) -> Build:
    return _compared(
        which, "({0} - {1}) × 100 / {1}", "({0} - {1}) × 100 / {1}",
        lambda now, before: (now - before) * 100 / before, lambda _, value: (change_text(value, "%", 1), "%"),
    )  # fmt: skip


def _baseline(asked: Asked) -> Derived:
    """What the programme started from, as its list of indicators says."""
    about = asked.records.indicators[asked.subject.code]
    if about["baseline"] is None:
        return asked.unknown("danh mục chỉ tiêu chưa có số liệu năm gốc", table="staging.indicators")
    printed = unit_text(number(about["baseline"], 4), asked.subject.unit)
    year = f" năm {about['baseline_year']}" if about["baseline_year"] else ""
    given = Given(f"Số liệu gốc{year} của {asked.subject.code}", about["baseline"], printed, file="indicators.csv")
    formula = Formula(f"số liệu gốc{year} ghi trong danh mục chỉ tiêu", "{0}", same)
    return asked.answer(about["baseline"], printed, formula, table="staging.indicators", givens=[given])


def _revision(asked: Asked) -> Derived:
    """Today's figure less the one of the latest issued briefing."""
    subject, now, table = asked.subject, asked.own, "intermediate.revised_figures"
    row = asked.records.one(table, indicator_code=subject.code, area_code=asked.area)
    if row is None:
        return asked.unknown("chưa ban hành báo cáo nào của quý có số này", table=table, terms=[now])
    issued = ratio(row["old_numerator"], row["old_denominator"], subject.scale)
    current = ratio(row["new_numerator"], row["new_denominator"], subject.scale)
    if issued is None or current is None:
        return asked.unknown(f"bản đã ban hành: {row['old_printed']}; nay: {now.printed}", table=table, terms=[now])
    document = f"Báo cáo số {row['issue_number']}, ngày {short_date(row['issued_on'])}"
    names = ["Số đã ban hành"] if row["old_denominator"] is None else ["Tử số đã ban hành", "Mẫu số đã ban hành"]
    givens = [
        Given(name, value, number(value, 4), document, "issued")
        for name, value in zip(names, (row["old_numerator"], row["old_denominator"]), strict=False)
    ]
    pattern = "{0} - {1}" if len(givens) == 1 else f"{{0}} - {{1}} × {subject.scale} / {{2}}"

    def compute(figure: Fraction, top: Fraction, bottom: Fraction | None = None) -> Fraction:
        return figure - (top if bottom is None else top * subject.scale / bottom)

    value = as_decimal(current - issued)
    printed = change_text(value, asked.change_unit, subject.decimals, subject.min_significant)
    formula = Formula(f"số tính nay - số đã ban hành ({row['old_printed']})", pattern, compute)
    return asked.answer(value, printed, formula, table=table, unit=asked.change_unit, terms=[now], givens=givens)


EARLIER: dict[str, tuple[str, Build]] = {
    "same_period": ("cùng kỳ năm trước", _value("same_period")),
    "same_period_change": ("mức tăng, giảm so với cùng kỳ năm trước", _change("same_period")),
    "same_period_growth": ("tốc độ tăng, giảm so với cùng kỳ năm trước", _growth("same_period")),
    "year_end": ("cuối năm trước", _value("year_end")),
    "year_end_change": ("mức tăng, giảm so với cuối năm trước", _change("year_end")),
    "year_end_growth": ("tốc độ tăng, giảm so với cuối năm trước", _growth("year_end")),
    "baseline": ("số liệu gốc", _baseline),
    "revision": ("mức thay đổi so với báo cáo đã ban hành", _revision),
}
