"""Counts of what the office agreed to: waivers from a rule, figures corrected."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.trace.counts import Asking, Count, count_of
from pipeline.trace.figure import Derived, Item
from pipeline.trace.records import Row
from pipeline.vietnamese import short_date


def _agreed(name: str, unit: str, table: str, file: str, columns: tuple[str, ...], says: Callable[[Row], str]) -> Count:
    """The rows of a table of agreements; `columns` name and order them."""

    def build(asking: Asking) -> Derived:
        rows = sorted(asking.records.rows(table), key=lambda row: tuple(row[column] for column in columns))
        items = [
            Item(
                ", ".join(row[column] for column in columns),
                f"{says(row)}; {row['agreed_by']}, ngày {short_date(row['agreed_on'])}",
                file=file,
            )
            for row in rows
        ]
        words = f"{name[:1].lower()}{name[1:]}"
        return count_of(asking, name, items, unit, words, table=table, style="few")

    return build


AGREED: dict[str, tuple[str, Count]] = {
    "waivers": (
        "số ngoại lệ đang áp dụng",
        _agreed("Số ngoại lệ đang áp dụng", "ngoại lệ", "staging.waivers", "waivers.yml", ("reporter", "rule"),
                lambda row: row["reason"]),
    ),
    "corrections": (
        "số số liệu đã thống nhất điều chỉnh",
        _agreed("Số số liệu đã thống nhất điều chỉnh", "số liệu", "staging.corrections", "corrections.yml",
                ("area_code", "measure", "series"), lambda row: row["reason"]),
    ),
}  # fmt: skip
