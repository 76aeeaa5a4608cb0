"""The DuckDB file of each programme: one writer at a time, a copy per run, swapped in whole.

Readers are never locked out and never see half a refresh; a killed run changes nothing.
"""

from pipeline.warehouse.file import (
    DuckDBError,
    Warehouse,
    open_for_reading,
    open_in_memory,
    taken_in,
    warehouse_file,
)
from pipeline.warehouse.fingerprint import changed_quarters, quarter_fingerprint, reading_fingerprint
from pipeline.warehouse.lock import FileLock
from pipeline.warehouse.makings import Makings
from pipeline.warehouse.swap import fresh_set

__all__ = [
    "DuckDBError",
    "FileLock",
    "Makings",
    "Warehouse",
    "changed_quarters",
    "fresh_set",
    "open_for_reading",
    "open_in_memory",
    "quarter_fingerprint",
    "reading_fingerprint",
    "taken_in",
    "warehouse_file",
]
