"""An answer to one sender as plain records: what a letter and a marked copy say, and nothing of how they look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.findings import Finding, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warn", "info")
PRIVATE_RULE = "personal-data"
CHANGES_SHOWN = 40  # in a letter
_CELLS_SHOWN = 12


@dataclass(frozen=True)
class Change:
    """One figure that differs from the version accepted before; old and new are printed texts.

    cell is its place in the newer file, empty where the figure is no longer on the form.
    """

    sheet: str
    cell: str
    area: str
    measure: str
    series: str
    old: str
    new: str


@dataclass(frozen=True)
class FormAnswer:
    """One form of one file. is_accepted: its figures count (or would, if nothing later had come); figures counts the
    cells with a value; instead says what counts where this form does not; month is empty for the quarter's last."""

    sheet: str
    form: str
    title: str
    month: str
    is_accepted: bool
    figures: int
    reasons: tuple[str, ...] = ()
    instead: str = ""
    is_locked: bool = False  # nothing is wrong with it, but it came after the quarter was closed


@dataclass(frozen=True)
class FileAnswer:
    """One file as it came. seq and received_on are None where it is not in the register; stored is its name in the
    folder of the quarter; reasons and instead are of a file without any form."""

    file: str
    sha256: str
    stored: str
    seq: int | None
    received_on: date | None
    forms: tuple[FormAnswer, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    instead: str = ""

    @property
    def is_private(self) -> bool:
        """It was refused for personal data: nothing of it may be shown or copied."""
        return any(finding.rule == PRIVATE_RULE for finding in self.findings)

    @property
    def accepted(self) -> list[FormAnswer]:
        return [form for form in self.forms if form.is_accepted]

    @property
    def rejected(self) -> list[FormAnswer]:
        return [form for form in self.forms if not form.is_accepted]

    @property
    def is_worth_marking(self) -> bool:
        """A copy shows cells that need a look, or changes that are too many for the letter."""
        has_cells = any(finding.sheet and finding.cell for finding in self.findings)
        return not self.is_private and (has_cells or len(self.changes) > CHANGES_SHOWN)


@dataclass(frozen=True)
class Answer:
    """Everything one sender is told of one quarter. kind is empty where it is not known who sent the file."""

    reporter: str
    name: str
    kind: Literal["area", "agency", ""]
    files: tuple[FileAnswer, ...]
    missing: tuple[str, ...]  # titles of the forms that never came
    due_on: date
    locked_on: date | None = None  # after this day nothing counts without leave
    copies: tuple[tuple[str, str], ...] = ()  # (name of the marked copy, file it is of)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for file in self.files for finding in file.findings)

    @property
    def must_resend(self) -> bool:
        """Something is wrong or missing; a form that only came too late would come too late again."""
        return (
            bool(self.missing)
            or bool(self.count("error"))
            or any(not form.is_locked for file in self.files for form in file.rejected)
        )

    @property
    def is_locked(self) -> bool:
        return any(form.is_locked for file in self.files for form in file.forms)

    @property
    def has_rejected(self) -> bool:
        return any(file.rejected or file.reasons for file in self.files)

    @property
    def to_verify(self) -> bool:
        return bool(self.count("warn"))

    @property
    def is_private(self) -> bool:
        return any(file.is_private for file in self.files)

    @property
    def changes(self) -> list[Change]:
        return [change for file in self.files for change in file.changes]

    @property
    def is_late(self) -> bool:
        return any(file.received_on is not None and file.received_on > self.due_on for file in self.files)


@dataclass(frozen=True)
class Gathered:
    """Findings that say the same of several cells of one sheet."""

    cells: tuple[str, ...]
    finding: Finding

    @property
    def place(self) -> str:
        """`E14`, `E14, E15 và 3 ô khác`; empty for a whole sheet or file."""
        shown = ", ".join(self.cells[:_CELLS_SHOWN])
        left = len(self.cells) - _CELLS_SHOWN
        return f"{shown} và {left} ô khác" if left > 0 else shown


def gathered(findings: Iterable[Finding]) -> list[Gathered]:
    """Findings with the same words on one sheet as one, in the order of their first cells."""
    cells: dict[tuple[str, ...], list[str]] = {}
    first: dict[tuple[str, ...], Finding] = {}
    for one in findings:
        key = (one.severity, one.sheet, one.rule, one.found, one.expected, one.remedy)
        first.setdefault(key, one)
        cells.setdefault(key, []).append(one.cell)
    return [Gathered(tuple(cell for cell in cells[key] if cell), first[key]) for key in first]
