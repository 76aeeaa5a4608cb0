"""What a trace names: cells that count, units left out of the sums, older versions of the same forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.quarters import Quarter

CORRECTIONS = "corrections.yml"
Role = Literal["numerator", "denominator"]
ROLES: dict[Role, str] = {"numerator": "tử số", "denominator": "mẫu số"}


@dataclass(frozen=True)
class Correction:
    """An agreed figure in place of the one the sender wrote."""

    original: Decimal | None
    reason: str
    agreed_by: str
    agreed_on: date | None


@dataclass(frozen=True)
class Cell:
    """One cell that counts: `value` is in force (corrected where `correction` says so), `raw` is what stands there.

    `unit` is the area whose figures are paired, `area` the one the cell is of: the same or a part of it. series is
    actual, or last_year: the form's own column.
    """

    quarter: Quarter
    series: str
    role: Role
    measure: str
    measure_name: str
    unit: str
    area: str
    area_name: str
    file: str
    sheet: str
    cell: str
    raw: str
    value: Decimal
    reporter: str
    reporter_name: str
    form: str
    seq: int | None
    received_on: date | None
    is_registered: bool
    basis_rank: int
    estimate_rank: int
    correction: Correction | None


@dataclass(frozen=True)
class LeftOut:
    """A unit that is in neither sum, and why; `cells` where it said something all the same."""

    unit: str
    name: str
    state: Literal["missing", "not_applicable"]
    reason: str
    district: str  # the district the unit lies in or is
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A cell of a replaced version whose figure is another one now."""

    measure: str
    area: str
    area_name: str
    sheet: str
    cell: str
    raw: str
    value: Decimal | None
    now: Decimal | None


@dataclass(frozen=True)
class Superseded:
    """An older accepted receipt of the same form that a later one replaced."""

    reporter: str
    reporter_name: str
    form: str
    file: str
    seq: int
    received_on: date | None
    replaced_by: int
    changed: tuple[Changed, ...]


def cell_order(address: str) -> tuple[str, int]:
    """`E14` after `E9`: column by column, rows as numbers."""
    letters, digits = re.match(r"([A-Z]*)(\d*)", address).groups()  # type: ignore[union-attr]  # matches any text
    return letters.rjust(4), int(digits or 0)
