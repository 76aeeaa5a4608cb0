"""What was sent, replayed: the receipts in the order they came, and the figure each measure has in the end.

Amounts are whole ten-thousandths, so that sums stay integers and nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

Frames = dict[str, pl.DataFrame]
Row = dict[str, Any]

UNIT = 10_000
BASES = ("published", "reported", "illustrative")
ABOUT = ("khoảng", "~", "≈", "gần", "xấp xỉ")


@dataclass(frozen=True)
class Figure:
    """One measure of one area: value, missing or not_applicable. `amount` in ten-thousandths, `basis` an index
    of BASES, `estimate` 0 none, 1 ước, 2 khoảng."""

    state: str
    amount: int = 0
    basis: int = 0
    estimate: int = 0


MISSING, NOT_APPLICABLE = Figure("missing"), Figure("not_applicable")


def amount_of(value: Decimal | None) -> int | None:
    return None if value is None else int(value * UNIT)


def added(figures: list[Figure]) -> Figure:
    """The sum of figures that all have a value; as doubtful as the most doubtful of them."""
    return Figure(
        "value",
        sum(one.amount for one in figures),
        max(one.basis for one in figures),
        max(one.estimate for one in figures),
    )


def counting_receipts(frames: Frames) -> pl.DataFrame:
    """quarter, reporter, form, month -> the receipt in force: a later one takes the place of an earlier one."""
    place = ["quarter", "reporter", "form", "month"]
    accepted = frames["forms"].filter(pl.col("is_accepted") & pl.col("reporter").is_not_null())
    return (
        accepted.select(*place, "sha256")
        .unique()
        .join(frames["receipts"].drop("note", "sent_by"), on=["quarter", "sha256"])
        .sort("seq")
        .unique(subset=place, keep="last", maintain_order=True)
    )


def cells_in_force(frames: Frames) -> pl.DataFrame:
    """The cells of the quarter's last month on accepted sheets of the receipts in force."""
    sheet = ["quarter", "sha256", "sheet", "form", "reporter"]
    current = counting_receipts(frames).join(
        frames["quarters"].select("quarter", month="last_month"), on=["quarter", "month"]
    )
    sheets = frames["forms"].filter("is_accepted").select(*sheet, "month").unique()
    year_before = (pl.col("form_month").str.head(4).cast(pl.Int32) - 1).cast(pl.String) + pl.col(
        "form_month"
    ).str.slice(4)
    return (
        frames["observations"]
        .join(sheets.rename({"month": "form_month"}), on=sheet)
        .join(
            current.select("quarter", "reporter", "form", "sha256", "basis", form_month="month"),
            on=["quarter", "reporter", "form", "sha256", "form_month"],
        )
        .filter(
            (pl.col("month") == pl.col("form_month"))
            | ((pl.col("series") == "last_year") & (pl.col("month") == year_before))
        )
    )


def doubt_of(qualifier: str | None) -> int:
    word = (qualifier or "").lower()
    return 2 if word in ABOUT else 1 if word.startswith("ước") else 0


def figures_in_force(frames: Frames) -> dict[tuple[str, str, str, str], Figure]:
    """(quarter, series, measure, area) -> its figure, one for all cells that give it, as corrected."""
    is_value = pl.col("state") == "value"
    figures = {}
    corrected = agreed_corrections(frames["corrections"])
    for *key, values, is_none, bases, words in (
        cells_in_force(frames)
        .group_by("quarter", "series", "measure", "area_code")
        .agg(
            pl.col("value").filter(is_value).unique(),
            (pl.col("state") == "not_applicable").any(),
            pl.col("basis").filter(is_value),
            pl.col("qualifier").filter(is_value),
        )
        .iter_rows()
    ):
        quarter, series, measure, area = key
        if len(values) == 1 and not is_none:
            doubt = max(doubt_of(word) for word in words)
            figure = Figure("value", amount_of(values[0]) or 0, max(BASES.index(basis) for basis in bases), doubt)
        else:
            figure = NOT_APPLICABLE if is_none and not values else MISSING
        figures[quarter, series, measure, area] = mended(figure, corrected.get((quarter, series, measure, area)))
    return figures


def agreed_corrections(corrections: pl.DataFrame) -> dict[tuple[str, str, str, str], Row]:
    return {
        (row["quarter"], row["series"], row["measure"], row["area_code"]): row
        for row in corrections.sort("agreed_on").iter_rows(named=True)
    }


def mended(figure: Figure, correction: Row | None) -> Figure:
    """The figure agreed upon, while what was sent is still what the agreement was about."""
    sent = figure.amount if figure.state == "value" else None
    if correction is None or amount_of(correction["old_value"]) != sent:
        return figure
    agreed = amount_of(correction["new_value"])
    basis = max(figure.basis if sent is not None else 0, BASES.index(correction["basis"] or "reported"))
    return MISSING if agreed is None else Figure("value", agreed, basis)


class Reading:
    """Any measure of any area at any quarter, asked for by name: found, added up from parts or from communes."""

    def __init__(self, frames: Frames) -> None:
        self.measures: dict[str, Row] = {row["code"]: row for row in frames["measures"].iter_rows(named=True)}
        self.parts: dict[str, list[str]] = {}
        for row in frames["measure_parts"].iter_rows(named=True):
            self.parts.setdefault(row["measure_code"], []).append(row["part_code"])
        heard = set(frames["receipts"]["quarter"])
        calendar = frames["quarters"].sort("quarter")
        self.calendar: dict[str, Row] = {row["quarter"]: row for row in calendar.iter_rows(named=True)}
        self.quarters = [quarter for quarter in self.calendar if quarter in heard]
        self._areas = frames["areas"].to_dicts()
        self._figures = figures_in_force(frames)
        self.areas = cache(self._areas_on)
        self.communes = cache(self._communes_of)
        self.figure = cache(self._figure)

    def _areas_on(self, quarter: str) -> dict[str, Row]:
        day = self.calendar[quarter]["ends_on"]
        return {row["code"]: row for row in self._areas if is_valid(row, day)}

    def of_level(self, quarter: str, level: str) -> list[Row]:
        return [area for area in self.areas(quarter).values() if area["level"] == level]

    def _communes_of(self, quarter: str, district: str) -> list[str]:
        return [area["code"] for area in self.of_level(quarter, "commune") if area["parent_code"] == district]

    def _figure(self, quarter: str, series: str, measure: str, area: str) -> Figure | None:
        """None where nobody wrote anything."""
        own = self.measures[measure]["level"] if measure in self.measures else None
        level = self.areas(quarter)[area]["level"]
        if own == level:
            if found := self._figures.get((quarter, series, measure, area)):
                return found
            return self._sum_of_parts(
                [self.figure(quarter, series, part, area) for part in self.parts.get(measure, ())]
            )
        if (own, level) == ("commune", "district"):
            below = [self.figure(quarter, series, measure, commune) for commune in self.communes(quarter, area)]
            return self._sum_of_communes(below)
        return None

    @staticmethod
    def _sum_of_parts(parts: list[Figure | None]) -> Figure | None:
        if all(part is None for part in parts):
            return None
        written = [part or MISSING for part in parts]
        states = {part.state for part in written}
        return added(written) if states == {"value"} else NOT_APPLICABLE if states == {"not_applicable"} else MISSING

    @staticmethod
    def _sum_of_communes(communes: list[Figure | None]) -> Figure | None:
        if all(commune is None for commune in communes):
            return None
        known = [commune for commune in communes if commune and commune.state == "value"]
        return added(known) if known else NOT_APPLICABLE if set(communes) == {NOT_APPLICABLE} else MISSING


def is_valid(row: Row, day: Any) -> bool:
    return bool((row["valid_from"] or day) <= day <= (row["valid_to"] or day))
