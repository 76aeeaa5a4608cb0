"""Issuing a quarter as the command does: from the published tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.briefing import issuing
from pipeline.currency import published_tables
from pipeline.models import read_sql_files
from pipeline.programme import Programme
from pipeline.programme.tables import Issue
from pipeline.quarters import Quarter
from pipeline.steps import raw_tables


def issue_briefing(programme: Programme, quarter: Quarter, number: str, on: date) -> tuple[Path, Issue]:
    with published_tables(programme, quarter, read_sql_files(raw_tables())) as tables:
        return issuing.issue_briefing(programme, quarter, number, on, tables.connection, tables.confirm)
