"""What part of the city's change of the year an area has: marts.poverty_contributions."""

from __future__ import annotations

from fractions import Fraction

from pipeline.programme import TOP_AREA
from pipeline.trace.asked import derive
from pipeline.trace.figure import Derived, Formula, as_decimal
from pipeline.trace.records import Records
from pipeline.trace.subjects import Subject
from pipeline.trace.sums import summed
from pipeline.vietnamese import number

_TABLE = "marts.poverty_contributions"


def contribution_share(records: Records, contribution: Subject, code: str, area: str) -> Derived:
    """The area's contribution in percent of the city's change; asked for as `code`."""
    own, whole = summed(records, contribution, area), summed(records, contribution, TOP_AREA)
    name = f"{contribution.name} (%)"
    words = f"mức tăng, giảm của {own.area_name} × 100 / mức tăng, giảm của {whole.area_name}"
    if own.value is None or not whole.value:
        reason = Formula(f"{words}: toàn địa bàn không tăng, không giảm hoặc chưa có số liệu")
        return derive(records, code, name, area, None, "", reason, table=_TABLE, unit="%", terms=[own, whole])
    value = as_decimal(Fraction(own.value) * 100 / Fraction(whole.value))
    formula = Formula(words, "{0} × 100 / {1}", lambda part, city: part * 100 / city)
    return derive(
        records, code, name, area, value, f"{number(value, 1)}%", formula, table=_TABLE, unit="%", terms=[own, whole]
    )
