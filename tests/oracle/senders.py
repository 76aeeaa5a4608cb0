"""Who sent what, told receipt by receipt in the order of the register."""

from __future__ import annotations

from datetime import date

from .reading import Frames, Reading, Row, is_valid


def submission_status(frames: Frames, reading: Reading) -> list[Row]:
    return [row for quarter in reading.quarters for row in Register(frames, reading, quarter).rows()]


class Register:
    """The receipts of one quarter, walked through once for each reporter."""

    def __init__(self, frames: Frames, reading: Reading, quarter: str) -> None:
        def rows_of(name: str) -> list[Row]:
            return [row for row in frames[name].iter_rows(named=True) if row["quarter"] == quarter]

        self.quarter = quarter
        self.calendar = reading.calendar[quarter]
        self.receipts = sorted(rows_of("receipts"), key=lambda row: row["seq"])
        self.forms = rows_of("forms")
        self.says = {row["sha256"]: row["reporter"] for row in rows_of("submissions")}
        self.districts = [area["code"] for area in reading.of_level(quarter, "district")]
        self.agencies = self._agencies_due(frames)

    def _agencies_due(self, frames: Frames) -> list[str]:
        asked = {
            row["reporter"]
            for row in frames["measures"].iter_rows(named=True)
            if row["reported_by"] == "agency" and (row["frequency"] != "yearly" or self.calendar["number"] == 4)
        }
        owners = frames["owners"].iter_rows(named=True)
        return sorted(row["code"] for row in owners if row["code"] in asked and is_valid(row, self.calendar["ends_on"]))

    def rows(self) -> list[Row]:
        expected = [(code, "area") for code in self.districts] + [(code, "agency") for code in self.agencies]
        return [
            {"quarter": self.quarter, "reporter": reporter, "reporter_kind": kind} | self._told_of(reporter)
            for reporter, kind in expected
        ]

    def _told_of(self, reporter: str) -> Row:
        month = self.calendar["last_month"]
        in_use: dict[str, Row] = {}  # form -> the receipt that counts
        versions: dict[str, set[str]] = {}
        refused_forms: dict[str, int] = {}  # form -> when it was last refused
        refused: Row | None = None
        came: list[date] = []
        receipts = 0
        for receipt in self.receipts:
            mine = [form for form in self.forms if form["sha256"] == receipt["sha256"] and form["reporter"] == reporter]
            is_from = (self.says.get(receipt["sha256"]) or receipt["sent_by"]) == reporter
            receipts += is_from
            is_read = receipt["sha256"] in self.says  # bytes that are gone were not read, so nobody refused them
            if is_from and is_read and not any(form["is_accepted"] for form in mine):
                refused = receipt
            for form in mine:
                if form["is_accepted"] and form["month"] == month:
                    in_use[form["form"]] = receipt
                    versions.setdefault(form["form"], set()).add(receipt["sha256"])
                    came += [receipt["received_on"]] if receipt["received_on"] else []
                elif not form["is_accepted"] and form["month"] in (None, month):
                    refused_forms[form["form"]] = receipt["seq"]
        shown = max(in_use.values(), key=lambda receipt: receipt["seq"]) if in_use else refused
        first = min(came, default=shown["received_on"] if shown else None)
        days = max((first - self.calendar["due_on"]).days, 0) if first else None
        return {
            "state": "accepted" if in_use else "rejected" if refused else "missing",
            "is_late": bool(days),
            "days_late": days,
            "is_registered": bool(shown and shown["is_registered"]),
            "is_corrected": any(len(bytes_sent) > 1 for bytes_sent in versions.values()),
            "has_rejected_newer": bool(
                (in_use and refused and shown and refused["seq"] > shown["seq"])
                or any(seq > in_use[form]["seq"] for form, seq in refused_forms.items() if form in in_use)
            ),
            "file": shown["file"] if shown else None,
            "seq": shown["seq"] if shown else None,
            "receipts": receipts,
        }
