"""Counts of rows: each row is named with where it stands, and whether it is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from pipeline.errors import UsageError
from pipeline.programme import TOP_AREA
from pipeline.trace.asked import derive
from pipeline.trace.figure import Derived, Formula, Item
from pipeline.trace.records import Records
from pipeline.vietnamese import number

BEYOND = re.compile(r"(.+)\.beyond_(\d+)")
Style = Literal["plain", "few", "part"]


@dataclass(frozen=True)
class Asking:
    """A count that is asked for: its code as typed, what stands behind its name, the area."""

    records: Records
    code: str
    parameter: str
    area: str

    def unknown(self, known: Sequence[str]) -> UsageError:
        name = self.code.removesuffix(f".{self.parameter}")
        listing = ", ".join(f"{name}.{one}" for one in known)
        return UsageError(
            f"Không có '{self.code}' trong {self.records.quarter.title}. "
            + (f"Các mã: {listing}." if known else "Quý này không có dòng nào loại đó.")
        )


Count: TypeAlias = Callable[[Asking], Derived]


def count_of(
    asking: Asking, name: str, items: Sequence[Item], unit: str, words: str, *, table: str, style: Style = "plain"
) -> Derived:
    """How many of the rows are counted: '12 tệp', in running text '02 tệp' (few), of all rows '19/20 đơn vị' (part)."""
    count = sum(item.is_counted for item in items)
    return derive(
        asking.records, asking.code, name, TOP_AREA, Decimal(count), _printed(count, len(items), unit, style),
        Formula(words), table=table, unit=unit, items=items,
    )  # fmt: skip


def _printed(count: int, whole: int, unit: str, style: Style) -> str:
    text = {"plain": number(count), "few": f"{count:02}", "part": f"{number(count)}/{number(whole)}"}[style]
    return f"{text} {unit}".strip()


def beyond(found: Derived, code: str, named: int, *, is_running: bool) -> Derived:
    """Of a count, those after the first `named` ones, which are said by name; is_running: '07 chỉ tiêu khác'."""
    place, items = 0, []
    for item in found.items:
        place += item.is_counted
        items.append(replace(item, is_counted=item.is_counted and place > named))
    count = sum(item.is_counted for item in items)
    words = f"{found.formula.words}, trừ {named} dòng đầu đã nêu riêng"
    unit = f"{found.unit} khác" if is_running else found.unit
    return replace(
        found, code=code, name=f"{found.name}, ngoài {named} dòng đầu", value=Decimal(count), unit=unit,
        printed=_printed(count, count, unit, "few"), formula=Formula(words),
        items=tuple(items), terms=(), givens=(),
    )  # fmt: skip
