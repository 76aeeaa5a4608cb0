"""From a figure back to where it comes from: the formula, the models, the observations, documents and rows.

Reads the warehouse only; `recompute` makes the figure again from what the trace lists alone.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter
from pipeline.trace.answering import trace
from pipeline.trace.figure import Derived, Summed, Trace, parts, recompute
from pipeline.trace.record import as_record
from pipeline.trace.records import Records
from pipeline.trace.report import as_text

__all__ = [
    "Derived",
    "Records",
    "Summed",
    "Trace",
    "as_record",
    "as_text",
    "parts",
    "recompute",
    "trace",
    "traced_record",
    "traced_text",
]


def traced_record(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, asked: str, area: str | None = None
) -> dict[str, Any]:
    """What `giaoban trace --format json` prints; `area` None is the whole programme."""
    return as_record(trace(Records(connection, quarter), asked, area or TOP_AREA))


def traced_text(connection: duckdb.DuckDBPyConnection, quarter: Quarter, asked: str, area: str | None = None) -> str:
    """What `giaoban trace` prints, in Vietnamese, within 100 columns."""
    return as_text(trace(Records(connection, quarter), asked, area or TOP_AREA))
