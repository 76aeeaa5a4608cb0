"""From a figure back to the cells it was computed from: the formula, the models, the observations.

Reads the warehouse only; `recompute` makes the figure again from the listed cells alone.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.programme import TOP_AREA
from pipeline.quarters import Quarter
from pipeline.trace.figure import Trace, parts, recompute, trace
from pipeline.trace.report import as_record, as_text
from pipeline.trace.subjects import SUMMARY, Records
from pipeline.trace.summary import trace_summary

__all__ = ["Records", "Trace", "as_record", "as_text", "parts", "recompute", "trace", "traced_record", "traced_text"]


def traced_record(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, code: str, area: str | None = None
) -> dict[str, Any]:
    """What `giaoban trace --format json` prints; `area` None is the whole programme."""
    records = Records(connection, quarter)
    if code.casefold() == SUMMARY:
        return trace_summary(records).as_record()
    return as_record(trace(records, code, area or TOP_AREA))


def traced_text(connection: duckdb.DuckDBPyConnection, quarter: Quarter, code: str, area: str | None = None) -> str:
    """What `giaoban trace` prints, in Vietnamese, within 100 columns."""
    records = Records(connection, quarter)
    if code.casefold() == SUMMARY:
        return trace_summary(records).as_text()
    return as_text(trace(records, code, area or TOP_AREA))
