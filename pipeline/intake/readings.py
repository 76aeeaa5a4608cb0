"""What reading a workbook yields: plain rows, ready for the frames of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pipeline.findings import Finding
from pipeline.intake.numbers import State


@dataclass(frozen=True)
class Observation:
    """One figure read from one cell; value is exact and in the measure's unit, None unless state is value."""

    sheet: str
    cell: str
    form: str
    reporter: str
    measure: str
    area_code: str
    month: str
    series: str
    value: Decimal | None
    state: State
    raw_text: str
    qualifier: str


@dataclass(frozen=True)
class Stated:
    """A total or a rate as the form prints it: compared with its parts, never a source."""

    sheet: str
    cell: str
    form: str
    reporter: str
    kind: Literal["rate", "total", "subtotal"]
    subject: str
    area_code: str
    month: str
    series: str
    value: Decimal
    raw_text: str


@dataclass(frozen=True)
class Remark:
    sheet: str
    cell: str
    reporter: str
    row_label: str
    text: str


@dataclass
class FormReading:
    """One table. rows_read = rows_used + rows_recognised + rows_set_aside, always."""

    sheet: str
    form: str
    reporter: str
    month: str
    is_accepted: bool = True
    rows_read: int = 0
    rows_used: int = 0
    rows_recognised: int = 0
    rows_set_aside: int = 0


@dataclass
class Reading:
    """Everything one file says."""

    reporter: str | None = None
    reporter_kind: Literal["area", "agency"] | None = None
    forms: list[FormReading] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        return any(form.is_accepted for form in self.forms)
