"""Reading raw/<programme>/: every mistake of a programme is found at once, and told in Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from pipeline.errors import ProgrammeError, UsageError
from pipeline.programme.files import Mistakes, RowType, read_document, read_documents, read_table
from pipeline.programme.heading import DocumentHeading, Heading
from pipeline.programme.layouts import Layout
from pipeline.programme.references import Tables, check_announced, check_layouts, check_references, check_term
from pipeline.programme.tables import (
    Area,
    Assessment,
    Correction,
    Indicator,
    Issue,
    Measure,
    MethodBreak,
    Owner,
    Target,
    Task,
    Waiver,
)
from pipeline.quarters import Quarter, quarters_between
from pipeline.vietnamese import strip_diacritics


@dataclass(frozen=True)
class Programme:
    """Everything of one folder under raw/ except the submissions themselves."""

    home: Path
    heading: Heading
    areas: tuple[Area, ...]
    owners: tuple[Owner, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    assessments: tuple[Assessment, ...]
    method_breaks: tuple[MethodBreak, ...]
    tasks: tuple[Task, ...]
    corrections: tuple[Correction, ...]
    waivers: tuple[Waiver, ...]
    issues: tuple[Issue, ...]
    layouts: tuple[Layout, ...]

    @property
    def id(self) -> str:
        return self.heading.id

    @property
    def folder(self) -> Path:
        return self.home / "raw" / self.id

    @property
    def title(self) -> str:
        return self.heading.title

    @property
    def short_title(self) -> str:
        return self.heading.short_title

    @property
    def document(self) -> DocumentHeading:
        return self.heading.document

    @cached_property
    def quarters(self) -> list[Quarter]:
        """Every quarter of the programme's term."""
        return quarters_between(Quarter(self.heading.first_year, 1), Quarter(self.heading.last_year, 4))

    def submissions_folder(self, quarter: Quarter) -> Path:
        return self.folder / "submissions" / str(quarter)

    def submitted_quarters(self) -> list[Quarter]:
        return [quarter for quarter in self.quarters if self.submissions_folder(quarter).is_dir()]

    def narrative(self, quarter: Quarter) -> str:
        """The hand-written Markdown of a quarter; empty where nobody wrote one."""
        path = self.folder / "narrative" / f"{quarter}.md"
        return normalise_lines(path.read_text(encoding="utf-8-sig")) if path.is_file() else ""

    def due_on(self, quarter: Quarter) -> date:
        return quarter.ends_on + timedelta(days=self.heading.due_days)

    def locked_on(self, quarter: Quarter) -> date | None:
        """The last day on which a file still counts without a waiver; None where figures are never closed."""
        days = self.heading.lock_days
        return None if days is None else quarter.ends_on + timedelta(days=days)

    def poverty_standard(self, quarter: Quarter) -> str | None:
        for standard in self.heading.poverty_standards:
            if standard.first_quarter <= str(quarter) <= standard.last_quarter:
                return standard.id
        return None

    def latest_issue(self, quarter: Quarter) -> Issue | None:
        """The last briefing of a quarter on record as issued; None before the first."""
        issues = [issue for issue in self.issues if issue.quarter == str(quarter)]
        return max(issues, key=lambda issue: (issue.issued_on, issue.number), default=None)

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    def districts(self, quarter: Quarter) -> list[Area]:
        return [area for area in self.areas if area.level == "district" and area.valid_on(quarter.ends_on)]

    def communes(self, district_code: str, quarter: Quarter) -> list[Area]:
        return [area for area in self.areas if area.parent_code == district_code and area.valid_on(quarter.ends_on)]

    def owners_in_office(self, quarter: Quarter) -> list[Owner]:
        """The agencies that exist on the quarter's last day; one that was merged away meanwhile is not among them."""
        return [owner for owner in self.owners if owner.valid_on(quarter.ends_on)]

    def reporter_of(self, measure: Measure, quarter: Quarter) -> str | None:
        """The agency that answers for a measure in a quarter; None where areas report it or no agency is left."""
        in_office = {owner.code for owner in self.owners_in_office(quarter)}
        in_order = (code for code in (measure.reporter, *measure.successors) if code in in_office)
        return next(in_order, None)

    def is_reported_by(self, measure: Measure, reporter: str, quarter: Quarter) -> bool:
        """Whether a measure is this reporter's to send in a quarter: any area's, or the agency's in charge."""
        return measure.reporter is None or self.reporter_of(measure, quarter) == reporter

    def expected_reporters(self, quarter: Quarter) -> list[str]:
        """Codes of the districts, then of the agencies that owe a measure of their own this quarter."""
        owed = (measure for measure in self.measures if measure.reported_by == "agency" and measure.due_in(quarter))
        agencies = {self.reporter_of(measure, quarter) for measure in owed}
        return [area.code for area in self.districts(quarter)] + sorted(filter(None, agencies))

    def reporter_name(self, code: str) -> str:
        if code in self.area_by_code:
            return self.area_by_code[code].full_name
        return next((owner.name for owner in self.owners if owner.code == code), code)


def normalise_lines(text: str) -> str:
    """NFC line by line; the line breaks of Markdown stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


@dataclass(frozen=True)
class Programmes:
    """The programmes that load, and those that do not, each with all its mistakes."""

    loaded: tuple[Programme, ...]
    broken: dict[str, ProgrammeError]


def load_programme(home: Path, programme_id: str) -> Programme:
    """Read and validate raw/<programme_id>; ProgrammeError lists every mistake at once."""
    folder = home / "raw" / programme_id
    mistakes = Mistakes()
    heading = read_document(folder / "programme.yml", Heading, mistakes)
    tables = Tables(
        areas=read_table(folder, "areas.csv", Area, mistakes),
        owners=read_table(folder, "owners.csv", Owner, mistakes),
        measures=read_table(folder, "measures.csv", Measure, mistakes),
        indicators=read_table(folder, "indicators.csv", Indicator, mistakes),
        targets=read_table(folder, "targets.csv", Target, mistakes),
        assessments=read_table(folder, "assessments.csv", Assessment, mistakes),
        method_breaks=read_table(folder, "method_breaks.csv", MethodBreak, mistakes, is_optional=True),
        tasks=read_table(folder, "tasks.csv", Task, mistakes, is_optional=True),
        corrections=read_documents(folder / "corrections.yml", Correction, mistakes),
        waivers=read_documents(folder / "waivers.yml", Waiver, mistakes),
    )
    issued = [read_document(path, Issue, mistakes) for path in sorted((folder / "issued").glob("*.json"))]
    layouts = [read_document(path, Layout, mistakes) for path in sorted((folder / "layouts").glob("*.yml"))]
    check_references(tables, mistakes)
    check_layouts([layout for layout in layouts if layout is not None], tables, mistakes)
    if heading is not None:
        if heading.id != programme_id:
            mistakes.add("programme.yml", None, "id", heading.id, f"tên thư mục '{programme_id}'")
        check_announced(heading, tables, mistakes)
        check_term(heading, tables, mistakes)
    if mistakes or heading is None:
        raise ProgrammeError(programme_id, mistakes)
    return Programme(
        home=home,
        heading=heading,
        areas=_rows(tables.areas),
        owners=_rows(tables.owners),
        measures=_rows(tables.measures),
        indicators=_rows(tables.indicators),
        targets=_rows(tables.targets),
        assessments=_rows(tables.assessments),
        method_breaks=_rows(tables.method_breaks),
        tasks=_rows(tables.tasks),
        corrections=tuple(tables.corrections),
        waivers=tuple(tables.waivers),
        issues=tuple(issue for issue in issued if issue is not None),
        layouts=tuple(layout for layout in layouts if layout is not None),
    )


def _rows(numbered: Iterable[tuple[int, RowType]]) -> tuple[RowType, ...]:
    return tuple(row for _, row in numbered)


def programme_ids(home: Path) -> list[str]:
    """Folders under raw/ that hold a programme.yml, in order."""
    return sorted(path.parent.name for path in (home / "raw").glob("*/programme.yml"))


def load_programmes(home: Path) -> Programmes:
    """Load every programme under raw/; a broken one is reported beside the others."""
    loaded: list[Programme] = []
    broken: dict[str, ProgrammeError] = {}
    for programme_id in programme_ids(home):
        try:
            loaded.append(load_programme(home, programme_id))
        except ProgrammeError as error:
            broken[programme_id] = error
    return Programmes(tuple(loaded), broken)


def find_programme(home: Path, text: str) -> Programme:
    """The programme whose id is `text`, or the only one whose id begins with it."""
    ids = programme_ids(home)
    wanted = strip_diacritics(text).replace(" ", "_")
    matches = [text] if text in ids else [known for known in ids if known.startswith(wanted)]
    if len(matches) != 1:
        listing = ", ".join(ids) or f"chưa có chương trình nào trong {home / 'raw'}"
        raise UsageError(f"Không rõ chương trình '{text}'. Các chương trình hiện có: {listing}.")
    return load_programme(home, matches[0])
