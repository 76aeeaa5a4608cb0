"""The arguments all commands share: how a programme, a quarter, a day and a home are written, and found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.programme import Programme
    from pipeline.quarters import Quarter

ProgrammeName = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Chương trình, viết tắt được: hanoi.")]
QuarterName = Annotated[str, typer.Argument(metavar="QUARTER", help="Quý: 2023-Q4, 2023Q4 hoặc IV/2023.")]
Home = Annotated[
    Path,
    typer.Option("--home", envvar="GIAOBAN_HOME", metavar="DIR", help="Thư mục chứa raw/ và build/."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Chỉ tính những gì đã có đến ngày này; không công bố gì."),
]


Areas = Annotated[
    str,
    typer.Option("--areas", metavar="all|none|CODE,..", help="In hai trang riêng của các địa bàn nào: all, none, mã."),
]


def day(text: str) -> date:
    """`2024-01-12` or `12/01/2024`; UsageError for anything else."""
    parts = text.strip().split("/")
    try:
        return date.fromisoformat("-".join(reversed(parts)) if len(parts) == 3 else text.strip())
    except ValueError:
        raise UsageError(f"Không hiểu ngày '{text}'. Viết dạng 2024-01-12 hoặc 12/01/2024.") from None


def find(home: Path, programme: str) -> Programme:
    from pipeline.programme import find_programme

    if not (home / "raw").is_dir():
        raise UsageError(f"Không có thư mục {home / 'raw'}. Đề nghị chỉ đúng thư mục bằng --home hoặc GIAOBAN_HOME.")
    return find_programme(home.resolve(), programme)


def quarter_of_term(programme: Programme, text: str) -> Quarter:
    """A quarter of the programme's term, sent for or not; UsageError names the first and the last."""
    from pipeline.quarters import Quarter

    quarter = Quarter.parse(text)
    if quarter not in programme.quarters:
        raise UsageError(
            f"{quarter} nằm ngoài thời hạn của {programme.short_title}: "
            f"{programme.quarters[0]} đến {programme.quarters[-1]}."
        )
    return quarter


def submitted_quarter(programme: Programme, text: str) -> Quarter:
    """A quarter of the programme's term that has submissions; UsageError lists those that do."""
    from pipeline.quarters import Quarter

    submitted = programme.submitted_quarters()
    listing = ", ".join(map(str, submitted)) or "chưa có quý nào"
    try:
        quarter = Quarter.parse(text)
    except UsageError as error:
        raise UsageError(f"{error} Các quý đã có báo cáo: {listing}.") from None
    if quarter not in submitted:
        raise UsageError(
            f"{quarter.title[0].upper()}{quarter.title[1:]} chưa có báo cáo. Các quý đã có báo cáo: {listing}."
        )
    return quarter


def asked_areas(programme: Programme, quarter: Quarter, text: str) -> tuple[str, ...] | None:
    """Codes of the districts in `all`, `none` or `001,Ba Vì`; None for all. UsageError lists those there are."""
    from pipeline.programme.places import area_code, area_listing

    if text.strip().casefold() in ("all", "none"):
        return None if text.strip().casefold() == "all" else ()
    known = {area.code: area for area in programme.areas if area.level == "district" and area.valid_on(quarter.ends_on)}
    asked = [area_code(programme, quarter, one.strip()) for one in text.split(",") if one.strip()]
    wrong = [one for one in asked if one not in known]
    if wrong or not asked:
        listing = area_listing(known.values()).partition(", ")[2]
        raise UsageError(
            f"Không có địa bàn cấp huyện '{', '.join(wrong)}'. "
            f"Viết all, none hoặc các mã cách nhau bằng dấu phẩy: {listing}."
        )
    return tuple(sorted({*asked}))
