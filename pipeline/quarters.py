"""Reporting quarters: parsing, neighbours and the months they cover."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from pipeline.errors import UsageError

ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a year; `str(quarter)` is the partition key, e.g. `2023-Q4`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2023-Q4`, `2023Q4`, `IV/2023` or `4/2023`; UsageError for anything else."""
        compact = re.sub(r"\s+", "", text).upper()
        if match := re.fullmatch(r"(\d{4})-?Q([1-4])", compact):
            return cls(int(match[1]), int(match[2]))
        if match := re.fullmatch(r"(?:QUÝ)?(IV|I{1,3}|[1-4])[/-](\d{4})", compact):
            number = ROMAN.index(match[1]) + 1 if match[1] in ROMAN else int(match[1])
            return cls(int(match[2]), number)
        raise UsageError(f"Không hiểu quý '{text}'. Viết theo một trong các dạng: 2023-Q4, 2023Q4, IV/2023.")

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def roman(self) -> str:
        return ROMAN[self.number - 1]

    @property
    def title(self) -> str:
        return f"quý {self.roman}/{self.year}"

    @property
    def months(self) -> tuple[str, str, str]:
        first = 3 * self.number - 2
        return (f"{self.year}-{first:02}", f"{self.year}-{first + 1:02}", f"{self.year}-{first + 2:02}")

    @property
    def first_month(self) -> str:
        return self.months[0]

    @property
    def last_month(self) -> str:
        return self.months[2]

    @property
    def ends_on(self) -> date:
        month = 3 * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def previous(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def same_last_year(self) -> Quarter:
        return Quarter(self.year - 1, self.number)

    @property
    def previous_year_end(self) -> Quarter:
        return Quarter(self.year - 1, 4)


def quarters_between(first: Quarter, last: Quarter) -> list[Quarter]:
    """Every quarter from `first` to `last`, both included, in order."""
    found = []
    quarter = first
    while quarter <= last:
        found.append(quarter)
        quarter = quarter.next
    return found
