"""The rows of a programme's tables and its heading: what each column may hold, as pydantic models.

Cells went through Excel: decimal commas, dd/mm/yyyy and codes that lost their zeros are understood.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.quarters import Quarter
from pipeline.vietnamese import normalise


def _blank_is_none(cell: Any) -> Any:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _decimal(cell: Any) -> Any:
    """`73,2` as Excel in Vietnamese writes it, `73.2` as everybody else."""
    cell = _blank_is_none(cell)
    if isinstance(cell, str) and re.fullmatch(r"[+-]?\d+,\d+", cell.strip()):
        return cell.strip().replace(",", ".")
    return cell


def _day(cell: Any) -> Any:
    """`2024-01-12` or `12/01/2024`."""
    cell = _blank_is_none(cell)
    if isinstance(cell, str) and (match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cell.strip())):
        return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    return cell


def _yes_no(cell: Any) -> Any:
    cell = _blank_is_none(cell)
    if not isinstance(cell, str):
        return cell
    return {"yes": True, "có": True, "no": False, "không": False}.get(cell.strip().casefold(), cell)


def _words(cell: Any) -> Any:
    return [word.strip() for word in cell.split("|") if word.strip()] if isinstance(cell, str) else cell


def _padded_district(cell: Any) -> Any:
    cell = str(cell) if isinstance(cell, int) else _blank_is_none(cell)
    return cell.zfill(3) if isinstance(cell, str) and cell.isdigit() and len(cell) < 3 else cell


Text = Annotated[str, BeforeValidator(lambda cell: normalise(cell) if isinstance(cell, str) else cell)]
Name = Annotated[Text, Field(min_length=1)]
OptionalText = Annotated[str | None, BeforeValidator(_blank_is_none)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
OptionalNumber = Annotated[Decimal | None, BeforeValidator(_decimal)]
OptionalShare = Annotated[Annotated[Decimal, Field(ge=0, le=1)] | None, BeforeValidator(_decimal)]
OptionalInt = Annotated[int | None, BeforeValidator(_blank_is_none)]
OptionalTile = Annotated[Annotated[int, Field(ge=1, le=12)] | None, BeforeValidator(_blank_is_none)]
Day = Annotated[date, BeforeValidator(_day)]
OptionalDay = Annotated[date | None, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
OptionalYesNo = Annotated[bool | None, BeforeValidator(_yes_no)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Basis = Literal["published", "reported", "illustrative"]
QUARTER_PATTERN = r"^\d{4}-Q[1-4]$"
MEASURE_PATTERN = r"^[a-z][a-z0-9_]*$"
INDICATOR_PATTERN = r"^[A-Za-z][A-Za-z0-9_.]*$"
QuarterText = Annotated[str, Field(pattern=QUARTER_PATTERN)]


TOP_AREA = "city"  # the code of a programme's own area, whatever its name and kind


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dated(Row):
    """What holds from one day to another, both included; an open end is left empty."""

    valid_from: OptionalDay = None
    valid_to: OptionalDay = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Area(Dated):
    """An administrative unit; `urban` of a commune is its class, of a district the city's reading.

    tile_x (from the west) and tile_y (from the north) are a district's place on the tile map, from 1; without them
    there is no map.
    """

    code: Annotated[str, Field(min_length=1)]
    name: Name
    kind: Literal["thanh_pho_tw", "tinh", "quan", "huyen", "thi_xa", "thanh_pho", "phuong", "xa", "thi_tran"]
    level: Literal["city", "district", "commune"]
    parent_code: OptionalText = None
    urban: OptionalYesNo = None
    sort: int
    aliases: Words = ()
    tile_x: OptionalTile = None
    tile_y: OptionalTile = None

    @model_validator(mode="before")
    @classmethod
    def _pad_codes(cls, record: Any) -> Any:
        """National codes have 3 digits for districts and 5 for communes; Excel drops the zeros."""
        if not isinstance(record, dict):
            return record
        own = {"district": 3, "commune": 5}.get(str(record.get("level")), 0)
        above = {"commune": 3}.get(str(record.get("level")), 0)
        return record | {
            column: str(record[column]).zfill(width)
            for column, width in (("code", own), ("parent_code", above))
            if str(record.get(column, "")).isdigit()
        }

    @property
    def full_name(self) -> str:
        """`Quận Ba Đình`, as at the beginning of a sentence."""
        noun = KIND_NOUNS[self.kind]
        return f"{noun[0].upper()}{noun[1:]} {self.name}"


KIND_NOUNS = {
    "thanh_pho_tw": "thành phố",
    "tinh": "tỉnh",
    "quan": "quận",
    "huyen": "huyện",
    "thi_xa": "thị xã",
    "thanh_pho": "thành phố",
    "phuong": "phường",
    "xa": "xã",
    "thi_tran": "thị trấn",
}


class Owner(Dated):
    code: Name
    name: Name
    short_name: Name
    aliases: Words = ()


class Measure(Row):
    """A quantity on a form, or a sum of others (`sum_of`); bounds are in the measure's unit.

    `reporter` is the agency that reports it, `successors` who took that over, in order: on any day the first of them
    that is in force in owners.csv. It stands with the measure because an agency's duties may go to several others.
    """

    code: Annotated[str, Field(pattern=MEASURE_PATTERN)]
    name_vi: Name
    unit: Name
    decimals: int = Field(ge=0, le=4)
    period_kind: Literal["stock", "flow"]
    level: Literal["commune", "district", "city"]
    reported_by: Literal["area", "agency"]
    reporter: OptionalText = None
    successors: Words = ()
    form: OptionalText = None
    frequency: Literal["quarterly", "yearly"]
    lower: OptionalNumber = None
    upper: OptionalNumber = None
    sum_of: Words = ()
    labels: Words = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        return (self.name_vi, *self.labels)

    def due_in(self, quarter: Quarter) -> bool:
        return self.frequency == "quarterly" or quarter.number == 4


class Indicator(Dated):
    code: Annotated[str, Field(pattern=INDICATOR_PATTERN)]
    name_vi: Name
    short_name: Name
    group_code: Name
    group_name: Name
    sort: int
    counted: YesNo
    unit: Name
    direction: Literal["higher", "lower", "range", "not_assessable"]
    aggregation: Literal["sum", "ratio_of_sums", "share_of_units", "city_only"]
    numerator: Name
    denominator: OptionalText = None
    scale: int
    frequency: Literal["monthly", "quarterly", "yearly"]
    owner: Name
    decimals: int = Field(ge=0, le=4)
    min_significant: OptionalInt = None
    counts_shown: YesNo
    applies_to: Literal["all", "rural_areas"]
    minimum_coverage: Number = Field(ge=0, le=1)
    baseline: OptionalNumber = None
    baseline_year: OptionalInt = None
    baseline_is_break: Annotated[bool, BeforeValidator(lambda cell: _yes_no(cell) or False)] = False
    basis: Basis
    definition: Text = ""
    method_note: Text = ""


class Target(Row):
    """A year plan or a target of the term; `measure` says that it is judged on another measure.

    `share_q1` ... `share_q3`: what part of a year plan should be done by the end of each quarter, since 1 January
    (0.45 = 45 %); without them the part of the year that has passed.
    """

    indicator: Name
    scope: Literal["year", "each_year", "term_end", "term_total"]
    year: OptionalInt = None
    area: Annotated[OptionalText, BeforeValidator(_padded_district)] = None
    op: Literal["ge", "gt", "le", "lt", "range", "approx", "yes"]
    value: OptionalNumber = None
    high: OptionalNumber = None
    measure: OptionalText = None
    completion_decimals: OptionalInt = None
    share_q1: OptionalShare = None
    share_q2: OptionalShare = None
    share_q3: OptionalShare = None
    document: Name
    issued_on: OptionalDay = None
    basis: Basis
    note: Text = ""


class MethodBreak(Row):
    """From this quarter on an indicator is not comparable with its own past."""

    indicator: Name
    from_quarter: QuarterText
    note: Name
    basis: Basis


class Task(Row):
    """What a meeting ordered: who leads, by when, and whether it is done."""

    id: Name
    indicator: OptionalText = None
    task: Name
    lead: Name
    partners: Text = ""
    document: Name
    assigned_on: Day
    due_on: OptionalDay = None
    state: Literal["open", "done", "cancelled"]
    done_on: OptionalDay = None
    basis: Basis
    note: Text = ""


class Correction(Row):
    """A figure replaced by agreement until its sender mends the file; `old` must still be what was sent."""

    quarter: QuarterText
    measure: Name
    area: Annotated[str, BeforeValidator(_padded_district)]
    series: Literal["actual", "in_period", "plan", "last_year"] = "actual"
    old: Decimal | None
    new: Decimal | None
    reason: Name
    agreed_by: Name
    agreed_on: date
    basis: Basis = "reported"


class Waiver(Row):
    """Leave from one rule for one reporter and quarter; `rule` is that of a finding, `deadline` or `period-locked`.

    until: the last day on which a file may come for it.
    """

    rule: Name
    quarter: QuarterText
    reporter: Annotated[str, BeforeValidator(_padded_district)]
    reason: Name
    agreed_by: Name
    agreed_on: date
    until: date | None = None


class IssuedFigure(Row):
    indicator: Name
    area: Name
    numerator: Decimal | None
    denominator: Decimal | None
    status: str | None
    printed: str


class Issue(Row):
    """issued/<quarter>.json: what left the office, under which number, with which figures."""

    quarter: QuarterText
    number: Name
    issued_on: date
    inputs_sha256: Name
    facts_sha256: Name
    pdf_sha256: Name
    pages: dict[str, str] = {}  # sha256 of the pages of each district, by name: areas/801.pdf
    figures: tuple[IssuedFigure, ...]
    printed: dict[str, str] = {}  # what the briefing printed of each fact, by its key in facts.json


class Assessment(Row):
    """What a meeting or a document decided on an indicator's status, or only on its group."""

    quarter: QuarterText
    indicator: Name
    status: Literal[
        "not_assessable", "not_due", "no_data", "term_exceeded", "term_met", "year_exceeded", "year_met",
        "on_track", "not_yet", "behind", "missed", "behind_term", "no_plan",
        "term_done", "year_done", "difficult", "unknown",
    ]  # fmt: skip
    document: Name
    assessed_on: Day
    reason: Text = ""
    basis: Basis
