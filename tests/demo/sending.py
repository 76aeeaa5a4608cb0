"""Who sends what when: file names, dates, late and corrected workbooks, and the register of each quarter."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from pipeline.quarters import Quarter
from tests.demo.figures import Figures
from tests.demo.forms import agency_workbook, district_workbook
from tests.demo.habits import Habit, agency_habit, full_name, habit_of, plain
from tests.demo.senders import agency_sender, district_sender
from tests.demo.story import Area, Story, load_story

REGISTER = "register.csv"
COLUMNS = ("seq", "file", "sha256", "received_on", "sent_by", "basis", "note")


@dataclass(frozen=True)
class Receipt:
    """One workbook as it came in."""

    file: str
    contents: bytes
    received_on: date
    sent_by: str
    note: str


def write_submissions(programme_folder: Path, into: Path | None = None) -> list[Path]:
    """Write the workbooks and the register of every quarter of the story; returns the files written.

    `into`: the folder that gets the quarters' folders; by default the programme's `submissions`. A workbook of an
    earlier run that the story no longer has is removed; nobody else's file is touched.
    """
    figures = Figures(load_story(programme_folder))
    written: list[Path] = []
    for quarter in figures.story.quarters:
        folder = (into or programme_folder / "submissions") / str(quarter)
        folder.mkdir(parents=True, exist_ok=True)
        receipts = receipts_of(figures, quarter)
        for name in _illustrative_files(folder) - {receipt.file for receipt in receipts}:
            (folder / name).unlink(missing_ok=True)
        for receipt in receipts:
            (folder / receipt.file).write_bytes(receipt.contents)
            written.append(folder / receipt.file)
        (folder / REGISTER).write_bytes(_register(receipts).encode())
        written.append(folder / REGISTER)
    return written


def receipts_of(figures: Figures, quarter: Quarter) -> list[Receipt]:
    """Every receipt of the quarter in the order of the register: by day, within a day as chance has it."""
    story = figures.story
    resent = story.facts["receipts"].get("resent", {}).get(str(quarter), {})
    receipts: list[Receipt] = []
    for district in story.districts.values():
        habit, came_on = habit_of(story, district), _received_on(story, district.code, quarter)
        if district.code in story.missing(quarter):
            continue
        again = resent.get(district.code)
        omitted = (district.code, int(again["omitted_exits"])) if again else None
        receipts.append(_district_receipt(figures, district, habit, quarter, came_on, omitted))
        if again:
            receipts.append(
                _district_receipt(
                    figures, district, habit, quarter, again["received_on"], suffix=again["suffix"], note=again["note"]
                )
            )
    for code in figures.reporting_agencies(quarter):
        receipts.append(_agency_receipt(figures, code, quarter))
    order = {receipt.file: Random(f"{story.seed}:order:{quarter}:{receipt.file}").random() for receipt in receipts}
    return sorted(receipts, key=lambda receipt: (receipt.received_on, order[receipt.file]))


def _district_receipt(
    figures: Figures,
    district: Area,
    habit: Habit,
    quarter: Quarter,
    came_on: date,
    omitted: tuple[str, int] | None = None,
    suffix: str = "",
    note: str = "",
) -> Receipt:
    sender = district_sender(figures.story, district, habit, quarter, came_on - timedelta(days=1))
    name = full_name(district)
    file = habit.file_name.format(
        name=district.name,
        plain=plain(district.name),
        full=name[0].lower() + name[1:],
        code=district.code,
        short=_short(district),
        number=quarter.number,
        roman=quarter.roman,
        year=quarter.year,
        programme=figures.story.forms["short_title"],
    )
    contents = district_workbook(figures, district, sender, omitted)
    return Receipt(_file_name(f"{file}{suffix}"), contents, came_on, district.code, note)


def _agency_receipt(figures: Figures, code: str, quarter: Quarter) -> Receipt:
    story, came_on = figures.story, _received_on(figures.story, code, quarter)
    number = story.forms[story.agency_form]["number"].split("/")[0]
    file = f"{story.owners[code].short_name} - Biểu {number} quý {quarter.roman}-{quarter.year}"
    habit = agency_habit(story.owners[code].name, file)
    sender = agency_sender(story, code, habit, quarter, came_on - timedelta(days=1))
    return Receipt(_file_name(file), agency_workbook(figures, sender), came_on, code, "")


def _received_on(story: Story, code: str, quarter: Quarter) -> date:
    facts = story.facts["receipts"]
    for kind in ("late", "fixed"):
        if code in facts.get(kind, {}).get(str(quarter), {}):
            day: date = facts[kind][str(quarter)][code]
            return day
    days = Random(f"{story.seed}:received:{quarter}:{code}").randrange(facts["first_day"], facts["last_day"] + 1)
    return quarter.ends_on + timedelta(days=days)


def _short(district: Area) -> str:
    """The first listed spelling with an abbreviated kind: "Q. Ba Đình"."""
    return next((alias for alias in district.aliases if "." in alias), district.name)


def _file_name(stem: str) -> str:
    return unicodedata.normalize("NFC", f"{stem}.xlsx")


def _register(receipts: list[Receipt]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for seq, receipt in enumerate(receipts, 1):
        digest = hashlib.sha256(receipt.contents).hexdigest()
        rows.writerow([seq, receipt.file, digest, receipt.received_on, receipt.sent_by, "illustrative", receipt.note])
    return text.getvalue()


def _illustrative_files(folder: Path) -> set[str]:
    """The files an earlier run of the generator put there, by its register."""
    path = folder / REGISTER
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["file"] for row in csv.DictReader(lines) if row["basis"] == "illustrative"}
