"""A sheet for each body that answers for indicators or tasks: the same figures as elsewhere, gathered by who leads."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.outlook import Outlook, Pace, Task, Tasks, Unfinished, UnfinishedList
from pipeline.programme import Programme

_NO_PACE = Pace(None, None)


@dataclass(frozen=True)
class Followed:
    """One indicator of an agency and the pace towards its plan."""

    indicator: IndicatorFacts
    pace: Pace


@dataclass(frozen=True)
class Agency:
    """What one body answers for; tasks may be led by bodies without indicators, such as a district."""

    name: str
    followed: tuple[Followed, ...]
    unfinished: tuple[Unfinished, ...]
    tasks: tuple[Task, ...]


def agency_sheets(
    programme: Programme,
    indicators: list[IndicatorFacts],
    outlook: Outlook,
    unfinished: UnfinishedList,
    tasks: Tasks,
) -> tuple[Agency, ...]:
    """Agencies in the order of owners.csv, then other bodies with an open task; those with nothing are left out."""
    names = list(dict.fromkeys([
        *(owner.name for owner in programme.owners), *(one.owner_name for one in indicators),
        *(task.lead for task in tasks.open),
    ]))  # fmt: skip
    sheets = []
    for name in names:
        own = [one for one in indicators if one.owner_name == name]
        sheets.append(Agency(
            name=name,
            followed=tuple(Followed(one, outlook.paces.get(one.code, _NO_PACE)) for one in own),
            unfinished=tuple(one for one in unfinished.remaining if one.owner_name == name),
            tasks=tuple(task for task in tasks.open if task.lead == name),
        ))  # fmt: skip
    return tuple(sheet for sheet in sheets if sheet.followed or sheet.unfinished or sheet.tasks)
