"""One quarter of one programme: its receipts and everything its files say, as frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.findings import Finding
from pipeline.intake.reading import BY_ACCIDENT, Readers
from pipeline.intake.readings import Reading
from pipeline.intake.register import Receipt, receipts
from pipeline.programme import Programme
from pipeline.quarters import Quarter

_FILE = {"quarter": pl.String, "sha256": pl.String, "file": pl.String}
_PLACE = _FILE | {"sheet": pl.String, "cell": pl.String, "form": pl.String, "reporter": pl.String}
SCHEMAS: dict[str, dict[str, Any]] = {
    "receipts": {
        "quarter": pl.String, "seq": pl.Int32, "file": pl.String, "sha256": pl.String,
        "received_on": pl.Date, "sent_by": pl.String, "basis": pl.String, "note": pl.String,
        "is_registered": pl.Boolean,
    },
    "submissions": _FILE
    | {
        "reporter": pl.String, "reporter_kind": pl.String, "format": pl.String, "is_accepted": pl.Boolean,
        "read_with": pl.String,
    },
    "forms": _FILE
    | {
        "sheet": pl.String, "form": pl.String, "reporter": pl.String, "month": pl.String,
        "is_accepted": pl.Boolean, "rows_read": pl.Int32, "rows_used": pl.Int32,
        "rows_recognised": pl.Int32, "rows_set_aside": pl.Int32,
    },
    "observations": _PLACE
    | {
        "measure": pl.String, "area_code": pl.String, "month": pl.String, "series": pl.String,
        "value": pl.Decimal(18, 4), "state": pl.String, "raw_text": pl.String, "qualifier": pl.String,
    },
    "stated": _PLACE
    | {
        "kind": pl.String, "subject": pl.String, "area_code": pl.String, "month": pl.String,
        "series": pl.String, "value": pl.Decimal(18, 6), "raw_text": pl.String,
    },
    "remarks": _FILE
    | {"sheet": pl.String, "cell": pl.String, "reporter": pl.String, "row_label": pl.String, "text": pl.String},
    "findings": _FILE
    | {
        "reporter": pl.String, "rule": pl.String, "severity": pl.String, "sheet": pl.String,
        "cell": pl.String, "found": pl.String, "expected": pl.String, "remedy": pl.String,
    },
}  # fmt: skip


@dataclass(frozen=True)
class TakenIn:
    """One quarter: frames receipts (all of them) and submissions, forms, observations, stated, remarks, findings
    (of the files read now), each in a fixed order.

    kept: the files (sha256, name) whose rows of an earlier reading still hold, so that they were not read again.
    """

    frames: dict[str, pl.DataFrame]
    kept: frozenset[tuple[str, str]]


def take_in(
    programme: Programme,
    quarter: Quarter,
    as_of: date | None = None,
    progress: Callable[[str], None] | None = None,
    readers: Readers | None = None,
    read_with: str = "",
    known: Mapping[tuple[str, str], str] | None = None,
) -> TakenIn:
    """Read every file of a quarter. Never raises for what a file holds.

    `readers` are workers shared over several quarters; without them this call starts its own. read_with names the
    definitions and the code that read; a file (sha256, name) that `known` says was read with the same, for the same
    sender, is kept as it is.
    """
    if readers is None:
        with Readers() as own:
            return take_in(programme, quarter, as_of, progress, own, read_with, known)
    arrived = receipts(programme, quarter, as_of)
    latest_by_path = {one.path: one for one in arrived if one.path is not None}
    made_with = {path: f"{read_with} {one.sent_by or ''}" for path, one in latest_by_path.items()}
    kept = {
        path
        for path, one in latest_by_path.items()
        if known and known.get((one.sha256, path.name)) == made_with[path]
    }  # fmt: skip
    fresh = {path: one for path, one in latest_by_path.items() if path not in kept}
    readings = readers.read(programme, quarter, {path: one.sent_by for path, one in fresh.items()}, progress)
    frames = as_frames(quarter, arrived, fresh, readings, made_with)
    return TakenIn(frames, frozenset((latest_by_path[path].sha256, path.name) for path in kept))


def as_frames(
    quarter: Quarter,
    arrived: Iterable[Receipt],
    fresh: Mapping[Path, Receipt],
    readings: Mapping[Path, Reading],
    made_with: Mapping[Path, str],
) -> dict[str, pl.DataFrame]:
    """What was received, and what the `fresh` files say, as the frames of the raw tables."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for one in arrived:
        rows["receipts"].append(
            {"quarter": str(quarter), "seq": one.seq, "file": one.file, "sha256": one.sha256,
             "received_on": one.received_on, "sent_by": one.sent_by, "basis": one.basis, "note": one.note,
             "is_registered": one.is_registered}
        )  # fmt: skip
        if one.path is None:
            rows["findings"].append(_file_missing(quarter, one))
    for path, receipt in sorted(fresh.items(), key=lambda item: item[1].seq):
        _add_reading(rows, quarter, path, receipt, readings[path], made_with[path])
    return {
        name: pl.DataFrame([[row[column] for column in schema] for row in rows[name]], schema=schema, orient="row")
        for name, schema in SCHEMAS.items()
    }


def _add_reading(
    rows: dict[str, list[dict[str, Any]]],
    quarter: Quarter,
    path: Path,
    receipt: Receipt,
    reading: Reading,
    read_with: str,
) -> None:
    file = {"quarter": str(quarter), "sha256": receipt.sha256, "file": path.name}
    rows["submissions"].append(
        file
        | {"reporter": reading.reporter, "reporter_kind": reading.reporter_kind,
           "format": path.suffix.lower().lstrip("."), "is_accepted": reading.is_accepted,
           # what a busy machine may have caused is tried again next time
           "read_with": "" if any(one.rule in BY_ACCIDENT for one in reading.findings) else read_with}
    )  # fmt: skip
    who = {"reporter": reading.reporter or receipt.sent_by}
    rows["forms"].extend(file | vars(one) for one in reading.forms)
    rows["observations"].extend(file | vars(one) for one in reading.observations)
    rows["stated"].extend(file | vars(one) for one in reading.stated)
    rows["remarks"].extend(file | vars(one) for one in reading.remarks)
    rows["findings"].extend(_finding_rows(file | who, reading.findings))


def _finding_rows(about: dict[str, Any], findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [about | vars(finding) for finding in findings]


def _file_missing(quarter: Quarter, receipt: Receipt) -> dict[str, Any]:
    finding = Finding(
        "file-missing", "error", "", "", "tệp đã vào sổ nhưng không còn trong thư mục, hoặc đã bị sửa",
        f"tệp '{receipt.file}' đúng như khi nhận", "Đặt lại tệp gốc vào thư mục hoặc nhận lại tệp mới.",
    )  # fmt: skip
    about = {
        "quarter": str(quarter),
        "sha256": receipt.sha256,
        "file": receipt.file,
        "reporter": receipt.sent_by,
    }
    return about | vars(finding)
