"""The tiny programme with as many districts as wanted, each with two communes and a workbook of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from openpyxl import Workbook

from pipeline.warehouse import open_for_reading
from tests import tiny

QUARTER = "2030-Q4"


def write_scaled(home: Path, districts: int) -> None:
    tiny.write_programme(home)
    folder = home / "raw" / tiny.PROGRAMME_ID
    header, whole, *_ = tiny.FILES["areas.csv"].splitlines()
    lines = [header, whole]
    for number in range(1, districts + 1):
        code = f"{number:04}"
        lines.append(f"{code},Đông {number},quan,district,city,yes,,,{number},Quận Đông {number}")
        lines += [f"{code}1,Một,phuong,commune,{code},yes,,,1,", f"{code}2,Hai,phuong,commune,{code},yes,,,2,"]
    (folder / "areas.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    sent = folder / "submissions" / QUARTER
    sent.mkdir(parents=True)
    for number in range(1, districts + 1):
        workbook: Workbook = tiny.district_workbook(f"Quận Đông {number}")
        workbook.save(sent / f"{number:04}.xlsx")
    tiny.agency_workbook().save(sent / "so.xlsx")


def must_be_whole(home: Path, districts: int) -> None:
    """SystemExit where a refresh was quick because it left something out."""
    with closing(open_for_reading(home, tiny.PROGRAMME_ID)) as connection:
        query = "select count(distinct reporter) from raw.submissions where is_accepted"
        accepted = connection.execute(query).fetchall()[0][0]
    if accepted != districts + 1:  # and the agency
        raise SystemExit(f"{accepted} of {districts + 1} senders were taken in")
