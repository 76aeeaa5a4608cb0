"""Counts of what was received: who sent, who was late, which files are in the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pipeline.programme import TOP_AREA
from pipeline.trace.asked import derive
from pipeline.trace.counts import Asking, Count, Style, count_of
from pipeline.trace.figure import Derived, Formula, Item, day_given
from pipeline.trace.records import Records, Row
from pipeline.vietnamese import number, short_date

_STATUS = "marts.submission_status"
_STATES = {
    "accepted": "đã nhận",
    "rejected": "chưa dùng được",
    "locked": "nhận sau ngày khóa số liệu",
    "missing": "chưa gửi",
}


def register(records: Records) -> str:
    return f"submissions/{records.quarter}/register.csv"


def _receipt(row: Row) -> str:
    return f"số {row['seq']}" if row["is_registered"] else "chưa vào sổ"


def _day(day: date | None) -> str:
    return f", nhận {short_date(day)}" if day else ""


def _reporters(records: Records) -> list[Row]:
    return sorted(records.rows(_STATUS), key=lambda row: (row["sort"], row["reporter"]))


def _sent(
    name: str,
    unit: str,
    style: Style,
    is_counted: Callable[[Row], bool],
    is_row: Callable[[Row], bool] = lambda _: True,
) -> Count:
    """Reporters by what became of their reports."""

    def build(asking: Asking) -> Derived:
        items = []
        for row in _reporters(asking.records):
            if is_row(row):
                said = _STATES[row["state"]] + _day(row["received_on"])
                if row["is_late"]:
                    said += f", chậm {row['days_late']} ngày"
                source = (register(asking.records), _receipt(row)) if row["file"] else ("", "")
                items.append(Item(row["reporter_name"], said, is_counted(row), *source))
        words = f"{name[:1].lower()}{name[1:]}" + (" / số đơn vị phải gửi" if style == "part" else "")
        return count_of(asking, name, items, unit, words, table=_STATUS, style=style)

    return build


def _reporter(asking: Asking) -> Row:
    row = asking.records.one(_STATUS, reporter=asking.parameter)
    if row is None:
        raise asking.unknown([row["reporter"] for row in _reporters(asking.records)])
    return row


def _days_late(asking: Asking) -> Derived:
    """From the last day of the calendar to the first accepted receipt; 0 in time."""
    row, records = _reporter(asking), asking.records
    shown = records.one("intermediate.shown_receipts", reporter=asking.parameter)
    received, late = shown["first_received_on"] if shown else None, row["days_late"]
    givens = [] if received is None else [
        day_given("Ngày nhận báo cáo đầu tiên được chấp nhận", received, register(records)),
        day_given("Hạn gửi báo cáo", row["due_on"], "programme.yml"),
    ]  # fmt: skip
    formula = Formula(
        "ngày nhận - hạn gửi, 0 nếu đúng hạn", "{0} - {1}",
        lambda received, due: max(received - due, Fraction(0)),
    ) if givens else Formula("chưa có ngày nhận báo cáo")  # fmt: skip
    return derive(
        records, asking.code, f"Số ngày gửi chậm của {row['reporter_name']}", TOP_AREA,
        None if late is None else Decimal(late), f"{number(late or 0)} ngày", formula, table=_STATUS, unit="ngày",
        givens=givens,
    )  # fmt: skip


def _receipts(asking: Asking) -> Derived:
    """Every arrival of one reporter."""
    row = _reporter(asking)
    sent = asking.records.rows("intermediate.sent_files")
    items = [
        Item(one["file"], f"nhận {short_date(one['received_on'])}" if one["received_on"] else "",
             file=register(asking.records), place=_receipt(one))
        for one in sorted(sent, key=lambda one: (one["seq"], one["file"])) if one["reporter"] == asking.parameter
    ]  # fmt: skip
    words = f"số lần nhận báo cáo của {row['reporter_name']}"
    return count_of(asking, f"Số lần gửi của {row['reporter_name']}", items, "lần", words, table=_STATUS)


def _files(name: str, is_counted: Callable[[Row], bool], style: Style) -> Count:
    """Files of the register, and those that lie in the folder without a line there."""

    def build(asking: Asking) -> Derived:
        rows = sorted(asking.records.rows("raw.receipts"), key=lambda row: (row["seq"], row["file"]))
        items = [
            Item(row["file"], f"nhận {short_date(row['received_on'])}" if row["received_on"] else "",
                 file=register(asking.records), place=_receipt(row))
            for row in rows if is_counted(row)
        ]  # fmt: skip
        words = f"{name[:1].lower()}{name[1:]}"
        return count_of(asking, name, items, "tệp", words, table="raw.receipts", style=style)

    return build


def _is_accepted(row: Row) -> bool:
    return bool(row["state"] == "accepted")


def _is_area(row: Row) -> bool:
    return bool(row["reporter_kind"] == "area")


RECEIVED: dict[str, tuple[str, Count]] = {
    "reporters_received": (
        "số đơn vị đã gửi báo cáo dùng được",
        _sent("Số đơn vị đã gửi báo cáo dùng được", "đơn vị", "part", _is_accepted),
    ),
    "areas_received": (
        "số địa bàn đã gửi báo cáo dùng được",
        _sent("Số địa bàn đã gửi báo cáo dùng được", "", "part", _is_accepted, _is_area),
    ),
    "reporters_late": (
        "số đơn vị gửi chậm",
        _sent("Số đơn vị gửi chậm", "đơn vị", "plain", lambda row: row["is_late"] and row["state"] != "missing"),
    ),
    "reporters_missing": (
        "số đơn vị chưa gửi", _sent("Số đơn vị chưa gửi", "đơn vị", "plain", lambda row: row["state"] == "missing")
    ),
    "reporters_rejected": (
        "số đơn vị có báo cáo chưa dùng được",
        _sent("Số đơn vị có báo cáo chưa dùng được", "đơn vị", "plain", lambda row: row["state"] == "rejected"),
    ),
    "days_late": ("số ngày gửi chậm của một đơn vị", _days_late),
    "receipts": ("số lần gửi của một đơn vị", _receipts),
    "files_received": ("số tệp đã nhận", _files("Số tệp đã nhận", lambda _: True, "plain")),
    "unregistered_files": (
        "số tệp chưa vào sổ", _files("Số tệp chưa vào sổ", lambda row: not row["is_registered"], "few")
    ),
}  # fmt: skip
