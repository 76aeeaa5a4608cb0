"""Every rule of a profile measured on one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.proof.components import find_components
from pipeline.proof.document import Document
from pipeline.proof.measures import MEASURES
from pipeline.proof.measuring import Case, Check
from pipeline.proof.profile import Profile

State = Literal["met", "broken", "not_applicable"]


@dataclass(frozen=True)
class Verdict:
    """One rule. `checks` holds the failed measurements, or the first one where the rule is met."""

    rule: str
    title: str
    state: State
    expected: str
    source: str
    checks: tuple[Check, ...]


def lint(document: Document, profile: Profile) -> list[Verdict]:
    """A verdict for every rule, in the order of the profile."""
    findings = find_components(document, profile)
    verdicts = []
    for rule_id, component, rule in profile.rules:
        case, measure = Case(findings, component, rule), MEASURES[rule.measure]
        checks = list(measure.check(case))
        failed = tuple(check for check in checks if not check.is_met)
        state: State = "broken" if failed else "met" if checks else "not_applicable"
        title = f"{component.name}: {rule.says or measure.title}"
        expected = rule.expected or measure.expected(case)
        verdicts.append(Verdict(rule_id, title, state, expected, rule.source, failed or tuple(checks[:1])))
    return verdicts
