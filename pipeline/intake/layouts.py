"""Layouts: how one version of one form looks, as people maintain it in raw/<programme>/layouts/*.yml.

Columns are declared by the wording of their headers, from the outermost to the innermost, with `>` between
levels and `|` between alternatives: `Giảm trong kỳ > Vượt chuẩn cận nghèo > Hộ|Số hộ`. `{year}` stands for
the year of the report. Position never counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import ProgrammeError
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold

Series = Literal["actual", "in_period", "plan", "last_year"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureColumn(_Strict):
    """A column of figures of one measure (forms with a row per area)."""

    measure: str
    header: str


class RateColumn(_Strict):
    """A column of percentages that is recomputed from two measures and compared, never stored."""

    rate_of: tuple[str, str]
    header: str


class SeriesColumn(_Strict):
    """A column of one series (forms with a row per measure)."""

    series: Series
    header: str


class Layout(_Strict):
    """One version of one form. `rows: areas` has a row per commune, `rows: measures` a row per measure."""

    form: str
    titles: tuple[str, ...]
    sender: Literal["area", "agency"]
    rows: Literal["areas", "measures"]
    ordinal: str
    label: str
    unit: str | None = None
    remark: str | None = None
    columns: tuple[MeasureColumn | RateColumn | SeriesColumn, ...]
    groups: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()


def load_layouts(folder: Path, programme_id: str) -> tuple[Layout, ...]:
    """Every layout of a programme; ProgrammeError lists the files that cannot be used."""
    layouts: list[Layout] = []
    mistakes: list[str] = []
    for path in sorted((folder / "layouts").glob("*.yml")):
        try:
            layouts.append(Layout.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig"))))
        except (yaml.YAMLError, ValidationError) as error:
            mistakes.append(f"layouts/{path.name}: {error}")
    if mistakes:
        raise ProgrammeError(programme_id, mistakes)
    return tuple(layouts)


@dataclass(frozen=True)
class HeaderPath:
    """Folded alternatives of each level, outermost first."""

    levels: tuple[frozenset[str], ...]

    @classmethod
    def parse(cls, header: str, quarter: Quarter) -> HeaderPath:
        levels = header.replace("{year}", str(quarter.year)).split(">")
        return cls(tuple(frozenset(fold(wording) for wording in level.split("|")) for level in levels))

    def matches(self, stack: list[str]) -> bool:
        """The levels occur in the stack in this order, the innermost at its bottom."""
        if not stack or stack[-1] not in self.levels[-1]:
            return False
        remaining = iter(stack[:-1])
        return all(any(text in level for text in remaining) for level in self.levels[:-1])


def wordings(alternatives: str) -> frozenset[str]:
    """Folded alternatives of one level."""
    return frozenset(fold(wording) for wording in alternatives.split("|"))
