"""Draft or issued: what number and date a document carries, and what it says of itself on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.vietnamese import long_date

PARTY = "B"  # the profile of documents that a Party body issues
NUMBER_SIGNS = {"A": "/", "B": "-"}  # between the number and the symbol, by profile
APPENDIX_NUMBERS = {"A": ("I", "II", "III", "IV", "V", "VI", "VII"), "B": ("1", "2", "3", "4", "5", "6", "7")}
_BLANK = "\u00a0" * 6


@dataclass(frozen=True)
class Edition:
    """A draft has neither number nor date; number is '05/BC-SXD' as it was recorded."""

    number: str = ""
    issued_on: date | None = None

    @property
    def is_draft(self) -> bool:
        return self.issued_on is None

    def number_line(self, symbol: str, profile: str) -> str:
        """'Số: 05/BC-SXD', of a Party body 'Số 05-BC/BCĐ'; a draft leaves the number free."""
        colon = "" if profile == PARTY else ":"
        return f"Số{colon} {self.number or _BLANK + NUMBER_SIGNS[profile] + symbol}"

    def place_and_date(self, place: str, data_date: date) -> str:
        """'Huế, ngày 05 tháng 4 năm 2022'; a draft leaves the day free, its month is that of the data."""
        if self.issued_on is not None:
            return long_date(self.issued_on, place)
        return f"{place}, ngày{_BLANK}tháng {long_date(data_date).partition(' tháng ')[2]}"

    def mark(self, *, is_corrected: bool) -> str:
        """What every page carries: DỰ THẢO until it is issued, ĐÍNH CHÍNH where it replaces issued figures."""
        marks = ["DỰ THẢO"] if self.is_draft else []
        return " - ".join([*marks, "ĐÍNH CHÍNH"] if is_corrected else marks)

    def as_json(self) -> dict[str, str] | None:
        if self.issued_on is None:
            return None
        return {"issued_on": self.issued_on.isoformat(), "number": self.number}


DRAFT = Edition()
