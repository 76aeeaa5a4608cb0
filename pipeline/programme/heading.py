"""programme.yml: who ordered the programme, its term, its calendar and the fixed parts of its document."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from pipeline.programme.tables import Name, QuarterText, Row, Text


class Announced(Row):
    """How many counted indicators the programme has from a day on (27 may become 26)."""

    since: date = Field(alias="from")
    count: int


class PovertyStandard(Row):
    id: Name
    name: Name
    first_quarter: QuarterText
    last_quarter: QuarterText


class DocumentHeading(Row):
    """The fixed parts of the printed document (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    profile: Literal["A", "B"]
    kind: Name
    parent_body: Name
    issuing_body: Name
    symbol: Name
    place: Name
    subject: Name
    authority: Text = ""
    signatory_title: Name
    area_term: Name
    top_area_term: Name
    urban_district_term: Name
    rural_district_term: Name
    recipients: tuple[str, ...]


class Outliers(Row):
    """When a figure is out of line with its own history: `factor` times more or less, from `floor` units on."""

    factor: int = Field(default=5, ge=2)
    floor: int = Field(default=50, ge=1)


class Heading(Row):
    """programme.yml: who ordered the programme, its term, its calendar, its document."""

    id: Name
    title: Name
    short_title: Name
    issuer: Name
    number: Name
    issued_on: date
    first_year: int
    last_year: int
    indicators_announced: tuple[Announced, ...] = Field(min_length=1)
    due_days: int = Field(ge=0)
    lock_days: int | None = Field(default=None, ge=0)
    outliers: Outliers = Outliers()
    poverty_standards: tuple[PovertyStandard, ...] = ()
    public_threshold: int | None = Field(default=None, ge=3)  # smaller counts are not published; None: no such edition
    document: DocumentHeading

    @model_validator(mode="before")
    @classmethod
    def _announced_once(cls, content: Any) -> Any:
        """A plain number is announced with the programme itself."""
        if isinstance(content, dict) and isinstance(content.get("indicators_announced"), int):
            announced = {"from": content.get("issued_on"), "count": content["indicators_announced"]}
            return content | {"indicators_announced": [announced]}
        return content
