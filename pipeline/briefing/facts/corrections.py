"""The figures that were replaced by agreement, as Phụ lục V tells them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.briefing.facts.figure import Fact, FactBook, Origin, counted_as
from pipeline.briefing.facts.marts import Marts
from pipeline.vietnamese import number, short_date, unit_text

_SERIES = {"in_period": " (trong kỳ)", "plan": " (kế hoạch)", "last_year": " (cùng kỳ năm trước)"}


@dataclass(frozen=True)
class Corrections:
    rows: tuple[Corrected, ...]
    count: Fact


@dataclass(frozen=True)
class Corrected:
    """One figure: whose and what, as it was sent, as it is used, why, and who agreed when."""

    who: str
    subject: str
    sent: str
    used: Fact | str  # a fact where it counts, words for another column of the form
    reason: str
    agreed: str


def correction_facts(marts: Marts, book: FactBook, names: dict[str, str]) -> Corrections:
    """The corrections in force in the quarter, in the order of areas and measures."""
    measures = {row["code"]: row for row in marts.all_rows("raw.measures", "code")}
    made = []
    for row in marts.of_quarter("staging.corrections", "area_code, measure, series"):
        code, area, unit = row["measure"], row["area_code"], measures[row["measure"]]["unit"]

        def said(value: Decimal | None, unit: str = unit) -> str:
            return "để trống" if value is None else unit_text(number(value, 4), unit)

        used: Fact | str = said(row["new_value"])
        if row["series"] == "actual" and row["new_value"] is not None:
            origin = Origin(area=area, subject=code)
            used = book.words(f"corrections.{area}.{code}", said(row["new_value"]), number(row["new_value"], 4), unit,
                              row["new_value"], origin)  # fmt: skip
        made.append(Corrected(
            names.get(area) or area, measures[code]["name_vi"] + _SERIES.get(row["series"], ""), said(row["old_value"]),
            used, row["reason"], f"{row['agreed_by']}, ngày {short_date(row['agreed_on'])}",
        ))  # fmt: skip
    count = book.few("corrections.total", len(made), "số liệu", counted_as("corrections"))
    return Corrections(tuple(made), count)
