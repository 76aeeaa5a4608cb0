"""An answer as a letter: one HTML page that needs nothing else, and the same as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.feedback.answers import receipt_words
from pipeline.feedback.inert import said
from pipeline.feedback.records import CHANGES_SHOWN, SEVERITIES, Answer, Change, FileAnswer, Gathered, gathered
from pipeline.findings import Severity
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import number, short_date

TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "feedback"
FINDINGS_SHOWN = 200  # lines of a letter; all of them are in the marked copy
_HEADINGS: dict[Severity, str] = {
    "error": "Lỗi phải sửa",
    "warn": "Điểm cần xác minh",
    "info": "Lưu ý, không phải gửi lại",
}


@dataclass(frozen=True)
class Place:
    """The findings of one sheet of one file; sheet is empty for the file as a whole."""

    file: str
    sheet: str
    findings: tuple[Gathered, ...]


@dataclass(frozen=True)
class Section:
    """The findings of one severity, by place."""

    severity: Severity
    heading: str
    count: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Letter:
    """What the templates lay out; every text is ready to print."""

    quarter: str
    programme: str
    parent_body: str
    issuing_body: str
    addressee: str
    answer: Answer
    sections: tuple[Section, ...]
    left_out: str  # how many findings the letter does not list; empty for none
    changes: tuple[Change, ...]
    changes_total: str
    changes_left: str
    request: str  # what a sender who has to send again is asked for
    due_on: str
    locked_on: str  # empty where a quarter is never closed


def letter(programme: Programme, quarter: Quarter, answer: Answer) -> Letter:
    """The letter of one answer, with what is too long for a letter cut and counted."""
    left = FINDINGS_SHOWN
    sections = []
    hidden = 0
    for severity in SEVERITIES:
        places = []
        for file in answer.files:
            told = gathered(one for one in file.findings if one.severity == severity)
            for sheet, group in groupby(told, key=lambda one: one.finding.sheet):
                every = list(group)
                shown = every[: max(left, 0)]
                left -= len(shown)
                hidden += len(every) - len(shown)
                if shown:
                    places.append(Place(file.file, sheet, tuple(shown)))
        if places:
            sections.append(Section(severity, _HEADINGS[severity], _few(answer.count(severity)), tuple(places)))
    changes = answer.changes
    return Letter(
        quarter=quarter.title,
        programme=programme.short_title,
        parent_body=programme.document.parent_body,
        issuing_body=programme.document.issuing_body,
        addressee=_addressee(answer),
        answer=answer,
        sections=tuple(sections),
        left_out=_few(hidden) if hidden else "",
        changes=tuple(changes[:CHANGES_SHOWN]),
        changes_total=number(len(changes)),
        changes_left=number(len(changes) - CHANGES_SHOWN) if len(changes) > CHANGES_SHOWN else "",
        request=_request(answer),
        due_on=short_date(answer.due_on),
        locked_on=short_date(answer.locked_on) if answer.locked_on else "",
    )


def html(made: Letter) -> str:
    """The page; markup in sent texts is shown as it was typed."""
    return _environment().get_template("letter.html.j2").render(letter=made, answer=made.answer)


def text(made: Letter) -> str:
    return _environment().get_template("letter.txt.j2").render(letter=made, answer=made.answer).strip() + "\n"


def _request(answer: Answer) -> str:
    wrong = "sửa các lỗi nêu trên ngay trong tệp gốc (giữ nguyên tên trang tính và các dòng tiêu đề)"
    is_wrong = answer.count("error") or any(not form.is_locked for file in answer.files for form in file.rejected)
    parts = [wrong] if is_wrong else []
    parts += ["bổ sung các biểu còn thiếu"] if answer.missing else []
    return " và ".join(parts)


def _addressee(answer: Answer) -> str:
    if answer.kind == "area":
        return f"Ủy ban nhân dân {answer.name[:1].lower()}{answer.name[1:]}"
    return answer.name or "Đơn vị gửi tệp nêu dưới đây"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=lambda name: name is not None and ".html." in name,
        finalize=_one_line,
    )  # fmt: skip
    environment.filters |= {
        "receipt": lambda file: receipt_words(file.seq, file.received_on if file.seq is not None else None),
        "accepted_files": _accepted,
        "upper_first": lambda text: text[:1].upper() + text[1:],
        "few": _few,
    }
    return environment


def _one_line(value: Any) -> Any:
    """Every text that is printed is one line of printable characters, whoever wrote it."""
    return said(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _accepted(files: Iterable[FileAnswer]) -> list[FileAnswer]:
    return [file for file in files if file.accepted]


def _few(count: int) -> str:
    """A count in running text, below ten with a leading zero."""
    return f"{count:02}" if count < 10 else number(count)
