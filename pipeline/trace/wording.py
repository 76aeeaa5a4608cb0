"""The formula of a figure, in words and with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from pipeline.trace.figure import Derived, Given, Summed, Trace
from pipeline.vietnamese import number

_DIGITS = Decimal("0.000001")


def formula_text(found: Trace) -> str:
    return ": ".join(formula_lines(found))


def formula_lines(found: Trace) -> Iterator[str]:
    """In words, then with the numbers and what is printed of the result."""
    if isinstance(found, Summed):
        yield _words(found)
        yield _numbers(found)
        return
    yield found.formula.words
    if found.formula.pattern and found.value is not None:
        yield _derived_numbers(found)


def _words(found: Summed) -> str:
    """'Tổng số hộ nghèo cuối kỳ × 100 / Tổng số hộ dân cư', a derived measure with its parts."""
    subject = found.subject

    def words(role: str) -> str:
        first, *others = subject.part(role)
        text = ("- " if first in subject.subtracted else "") + found.measures[first]["name_vi"]
        for measure in others:
            text += f" {'-' if measure in subject.subtracted else '+'} {found.measures[measure]['name_vi']}"
        return f"({text})" if others and subject.denominator else text

    if subject.kind == "zeros":
        return f"số địa bàn có {words('numerator')} bằng 0 / tổng số địa bàn"
    if subject.shown:
        return f"{words(subject.shown)}, tổng của những địa bàn có cả tử số và mẫu số"
    top = words("numerator") + (f" × {subject.scale}" if subject.scale != 1 else "")
    derived = [
        f"{found.measures[measure]['name_vi']} = "
        + " + ".join(found.measures[part]["name_vi"] for part in found.measures[measure]["sum_of"].split("|"))
        for measure in subject.measures
        if found.measures[measure]["sum_of"]
    ]
    whole = f"{top} / {words('denominator')}" if subject.denominator else top
    return "; ".join([whole, *derived])


def _numbers(found: Summed) -> str:
    """'690 × 100 / 2.290.000 = 0,030131… → in 0,03%'; only what is printed where there is no figure."""
    if found.value is None or found.numerator is None or found.subject.kind == "zeros":
        return found.printed
    top = amount(found.numerator) + (f" × {found.subject.scale}" if found.subject.scale != 1 else "")
    if found.subject.subtracted:
        return f"{_signed(found)} = {amount(found.value)} → in {found.printed}"
    if found.denominator is None:
        return f"{top} → in {found.printed}"
    return f"{top} / {amount(found.denominator)} = {quotient(found.value)} → in {found.printed}"


def _signed(found: Summed) -> str:
    """'275 - 518': the sum of each measure with its sign."""
    totals: dict[str, Decimal] = {}
    for (measure, _), value in {(cell.measure, cell.area): cell.value for cell in found.cells}.items():
        totals[measure] = totals.get(measure, Decimal(0)) + value
    text = "".join(
        f" {'-' if measure in found.subject.subtracted else '+'} {amount(totals[measure])}"
        for measure in found.subject.numerator if measure in totals
    )  # fmt: skip
    return text.removeprefix(" + ").strip()


def _derived_numbers(found: Derived) -> str:
    """'0,030131… - 0,094971… = -0,06484… → in giảm 0,065 điểm phần trăm'."""
    operands = [*(amount_of(term) for term in found.terms), *(amount_of(given) for given in found.givens)]
    spelt = found.formula.pattern.format(*operands)
    result = "" if found.formula.pattern == "{0}" or found.value is None else f" = {quotient(found.value)}"
    return f"{spelt}{result} → in {found.printed}"


def amount_of(part: Trace | Given) -> str:
    if isinstance(part, Given):
        return amount(part.value) if isinstance(part.value, Decimal) else part.printed
    return "…" if part.value is None else quotient(part.value)


def amount(value: Decimal | None) -> str:
    return "…" if value is None else number(value, 4)


def quotient(value: Decimal) -> str:
    """The first decimals as they are, with '…' where more follow."""
    cut = value.quantize(_DIGITS, rounding=ROUND_DOWN)
    return number(cut, 6) + ("…" if cut != value else "")
