"""What is wrong with a submission, at which place, and what its sender should do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warn", "info"]


@dataclass(frozen=True)
class Finding:
    """One rule broken at one place; collected, never raised. Texts are Vietnamese and can be forwarded.

    sheet and cell are empty where the finding concerns the file as a whole.
    """

    rule: str
    severity: Severity
    sheet: str
    cell: str
    found: str
    expected: str
    remedy: str


class RefusedError(Exception):
    """A file that is not read any further; carries the one finding that says why."""

    def __init__(self, rule: str, found: str, expected: str, remedy: str) -> None:
        super().__init__(found)
        self.finding = Finding(rule, "error", "", "", found, expected, remedy)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, str, str, str]]:
        finding = self.finding
        return RefusedError, (finding.rule, finding.found, finding.expected, finding.remedy)
