"""The blank workbooks of a quarter as files; one that somebody has begun to fill is never written over."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from pipeline.forms.drawing import Book, FormSheet
from pipeline.forms.earlier import Earlier
from pipeline.forms.guidance import add_guidance
from pipeline.forms.owed import forms_of
from pipeline.programme import Programme
from pipeline.quarters import Quarter

_CREATED, _MODIFIED = (re.compile(rb"<dcterms:" + tag + rb"[^>]*>([^<]*)<") for tag in (b"created", b"modified"))


@dataclass
class Written:
    """What became of each file, by path."""

    made: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)  # somebody has saved it since: left as it is


def write_forms(
    programme: Programme, quarter: Quarter, reporters: Sequence[str], earlier: Earlier, folder: Path
) -> Written:
    """One workbook for each reporter into `folder`; the same inputs give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = Written()
    for reporter in reporters:
        path = folder / file_name(programme, quarter, reporter)
        content = blank_workbook(programme, quarter, reporter, earlier)
        if path.exists() and not is_as_written(path.read_bytes()):
            written.kept.append(path)
            continue
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(content)
        fresh.replace(path)
        written.made.append(path)
    return written


def blank_workbook(programme: Programme, quarter: Quarter, reporter: str, earlier: Earlier) -> bytes:
    """The forms a reporter owes as .xlsx: how to fill them first, the first form in view."""
    name = programme.reporter_name(reporter)
    office = f"Ủy ban nhân dân {name}" if reporter in programme.area_by_code else name
    forms = forms_of(programme, quarter, reporter, earlier)
    book = Book(f"{programme.short_title}, {quarter.title}, {name}", quarter)
    add_guidance(book, programme, quarter, name, forms)
    sheets = [FormSheet(book, form, office.upper(), name, programme.short_title, quarter) for form in forms]
    if sheets:
        sheets[0].activate()
    return book.finish()


def file_name(programme: Programme, quarter: Quarter, reporter: str) -> str:
    """`001 - Quận … - 2023-Q4.xlsx`; nothing in it that Windows or a path would take for something else."""
    stem = f"{reporter} - {programme.reporter_name(reporter)}"
    legal = " ".join(re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", stem).split()).strip(". ")
    return f"{legal[:100].strip()} - {quarter}.xlsx"


def is_as_written(content: bytes) -> bool:
    """True while nobody has saved the workbook: a spreadsheet program changes the date of modification."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            properties = archive.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
    created, modified = _CREATED.search(properties), _MODIFIED.search(properties)
    return created is not None and modified is not None and created[1] == modified[1]
