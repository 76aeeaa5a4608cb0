"""What Excel lets a person type into a cell of a form, and what it says when it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.programme import Measure
from pipeline.vietnamese import fold, number

YES, NO = "Có", "Không"
REFUSED_TITLE = "Ô này chưa ghi đúng"
KNOWN_TITLE = "Số đã ghi nhận kỳ trước"


def is_yes_no(measure: Measure) -> bool:
    """A question answered with Có or Không, kept as 1 or 0."""
    return fold(measure.unit) == "có không"


@dataclass(frozen=True)
class Entry:
    """What a cell takes: Có or Không, or x or a number so precise and within these bounds.

    Among Có and Không an x would be read as a tick, so it is not offered there.
    """

    is_yes_no: bool
    decimals: int
    lower: Decimal | None
    upper: Decimal | None

    @classmethod
    def of(cls, measure: Measure) -> Entry:
        return cls(is_yes_no(measure), measure.decimals, measure.lower, measure.upper)

    def validation(self, cell: str, takes_estimates: bool, remark: str | None) -> dict[str, Any]:
        """As XlsxWriter takes it, for a block of cells whose first is `cell` (`D8`).

        `remark` is the heading of the remark column where the cells hold a known figure, otherwise None.
        """
        rule: dict[str, Any] = {"error_title": REFUSED_TITLE, "error_message": self._message(takes_estimates)}
        if remark is not None:
            told = f"Chỉ sửa khi số này sai, và nêu lý do ở cột {remark}."
            rule |= {"input_title": KNOWN_TITLE, "input_message": told}
        if self.is_yes_no:
            return rule | {"validate": "list", "source": [YES, NO]}
        return rule | {"validate": "custom", "value": self._formula(cell, takes_estimates)}

    def _formula(self, cell: str, takes_estimates: bool) -> str:
        tests = [f"{cell}=ROUND({cell},{self.decimals})"]
        tests += [f"{cell}>={self.lower:f}"] if self.lower is not None else []
        tests += [f"{cell}<={self.upper:f}"] if self.upper is not None else []
        text = f"LOWER(TRIM({cell}))"
        words = f'{text}="x"'
        if takes_estimates:
            words = f'OR({words},LEFT({text},4)="ước ",LEFT({text},7)="khoảng ")'
        # IF, not OR: a comparison of text with a bound would make the whole an error
        return f"=IF(ISNUMBER({cell}),AND({','.join(tests)}),{words})"

    def _message(self, takes_estimates: bool) -> str:
        if self.is_yes_no:
            return f"Chọn {YES} hoặc {NO} trong danh sách; chưa có số liệu thì để trống."
        kind = "số nguyên" if self.decimals == 0 else f"số có tối đa {self.decimals} chữ số thập phân"
        bounds = f" từ {number(self.lower, 4)}" if self.lower is not None else ""
        bounds += f" đến {number(self.upper, 4)}" if self.upper is not None else " trở lên" if bounds else ""
        estimate = " Số ước thì ghi: ước 85." if takes_estimates else ""
        return (
            f"Ô này nhận {kind}{bounds}. Không phát sinh thì ghi 0; không áp dụng thì ghi x; "
            f"chưa có số liệu thì để trống.{estimate}"
        )
