"""Who types a workbook: a district's office or an agency, as it names itself on its forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.quarters import Quarter
from tests.demo.habits import Habit, full_name
from tests.demo.story import Area, Story


@dataclass(frozen=True)
class Sender:
    """Who types which quarter's workbook, when, and how."""

    code: str
    name: str  # as in the signature block and the superior's line
    superior: str
    office: str
    place: str
    habit: Habit
    quarter: Quarter
    signed_on: date


def district_sender(story: Story, district: Area, habit: Habit, quarter: Quarter, signed_on: date) -> Sender:
    name = full_name(district)
    return Sender(
        district.code,
        f"UBND {name[0].lower()}{name[1:]}",
        f"UBND {name.upper()}",
        story.forms["district_office"],
        district.name,
        habit,
        quarter,
        signed_on,
    )


def agency_sender(story: Story, code: str, habit: Habit, quarter: Quarter, signed_on: date) -> Sender:
    name = story.owners[code].name
    return Sender(code, name, story.forms["superior"], name.upper(), story.forms["place"], habit, quarter, signed_on)
