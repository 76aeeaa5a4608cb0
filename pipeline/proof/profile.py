"""A prescribed format as data: reports/profiles/<id>.yml, with every number, wording and source.

A component is a part of a document that the rules speak of. How it is recognised is data too: `find` is searched,
without regard to case, in the lines or blocks of its `zone`; `by` names another way (see components.py). Its rules
are named; `measure` says which measuring function applies and is left out where the name says it already.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.errors import GiaobanError, UsageError

Zone = Literal[
    "first_page", "heading_left", "heading_right", "main", "closing", "closing_left", "closing_right", "margin",
    "appendix", "text", "anywhere",
]  # fmt: skip
Finder = Literal["pattern", "organisations", "after", "rest", "below", "cells", "headings", "whole"]


def _is_pattern(text: object) -> object:
    if isinstance(text, str):
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"biểu thức chính quy sai: {error}") from error
    return text


Pattern = Annotated[str, BeforeValidator(_is_pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tolerance(_Part):
    """What a measure may be off: writers of PDF round."""

    length: float  # mm
    centre: float  # mm
    size: float  # pt
    spacing: float  # pt


class Rule(_Part):
    """One requirement; which fields count depends on the measure. `says` names it where the measure does not."""

    measure: str = ""
    min: float | None = None
    max: float | None = None
    values: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    pattern: Pattern | None = None
    weight: Literal["bold", "regular"] | None = None
    slant: Literal["upright", "italic"] | None = None
    case: Literal["upper", "mixed"] | None = None
    numerals: Literal["roman", "arabic", "letters"] | None = None
    edge: Literal["top", "bottom", "left", "right"] | None = None
    to: str | None = None
    unless: str | None = None
    most: bool = False  # what most letters of a block have, for words may stand out in it
    says: str | None = None
    expected: str | None = None
    source: str = ""


class Component(_Part):
    """A part of the document and its rules, by their names."""

    id: str
    name: str
    source: str
    by: Finder = "pattern"
    find: Pattern | None = None
    more: Pattern | None = None  # blocks right after it that belong to it too
    unit: Literal["line", "block", "cluster"] = "line"
    zone: Zone = "anywhere"
    to: str | None = None
    which: Literal["last", "others"] | None = None
    room: float = 0  # mm that must be free above it
    rules: dict[str, Rule]

    @model_validator(mode="after")
    def _complete(self) -> Component:
        if self.by == "pattern" and not self.find:
            raise ValueError(f"thành phần '{self.id}' thiếu `find`")
        return self


class Profile(_Part):
    """All components in the order in which they are looked for: one may refer to those before it."""

    id: str
    name: str
    is_confirmed: bool
    single_spacing: float  # ems of one single-spaced line
    tolerance: Tolerance
    components: tuple[Component, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, Component]:
        return {component.id: component for component in self.components}

    @property
    def rules(self) -> list[tuple[str, Component, Rule]]:
        """(rule id, component, rule) with measure and source filled in, in print order."""
        return [
            (
                f"{component.id}.{name}",
                component,
                rule.model_copy(update={"measure": rule.measure or name, "source": rule.source or component.source}),
            )
            for component in self.components
            for name, rule in component.rules.items()
        ]

    def margin(self, edge: str) -> float:
        """The narrowest margin allowed on an edge, in mm; 0 where the profile says nothing."""
        edges = {rule.edge: rule.min for _, _, rule in self.rules if rule.measure == "margin"}
        return edges.get(edge) or 0.0  # type: ignore[call-overload]

    @model_validator(mode="after")
    def _references(self) -> Profile:
        known: set[str] = set()
        for component in self.components:
            if component.to and component.to not in known:
                raise ValueError(f"thành phần '{component.id}' dựa vào '{component.to}' không đứng trước nó")
            known.add(component.id)
        for rule_id, _, rule in self.rules:
            for other in (rule.to, rule.unless):
                if other and other not in known:
                    raise ValueError(f"quy tắc '{rule_id}' dựa vào thành phần '{other}' không có")
        return self


def profile_ids(reports: Path) -> list[str]:
    """'A', 'B' ...: the profiles that exist."""
    return sorted(path.stem.upper() for path in (reports / "profiles").glob("*.yml"))


def load_profile(reports: Path, profile_id: str) -> Profile:
    """UsageError for a profile that does not exist, GiaobanError with every mistake of one that cannot be used."""
    path = reports / "profiles" / f"{profile_id.casefold()}.yml"
    if profile_id.upper() not in profile_ids(reports):
        raise UsageError(f"Không có thể thức '{profile_id}'. Các thể thức: {', '.join(profile_ids(reports))}.")
    from pipeline.proof.measures import MEASURES  # the functions know profiles, so they are loaded after them

    try:
        profile = Profile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        unknown = sorted({rule.measure for _, _, rule in profile.rules} - set(MEASURES))
        if unknown:
            raise ValueError(f"không có phép đo {', '.join(map(repr, unknown))}")
        return profile
    except (ValueError, yaml.YAMLError) as error:
        raise GiaobanError(f"Không dùng được tệp thể thức {path}:\n{error}") from error
