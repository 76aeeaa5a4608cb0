"""The two profiles, and what a linter finds in a spoilt sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.proof.attached import FACTS, attached_files, record_in
from pipeline.proof.document import read_document
from pipeline.proof.linting import Verdict, lint
from pipeline.proof.profile import Profile, load_profile
from pipeline.proof.verifying import Built, IssuedPdf, Report, verify
from tests.proof.sample import REPORTS, Spoilt, pdf_of
from tests.tiny import set_in

Linted = Callable[..., dict[str, Verdict]]


@pytest.fixture(scope="session")
def profile_a() -> Profile:
    return load_profile(REPORTS, "A")


@pytest.fixture(scope="session")
def profile_b() -> Profile:
    return load_profile(REPORTS, "B")


@pytest.fixture(scope="session")
def sample_a(profile_a: Profile) -> bytes:
    """The PDF that obeys profile A."""
    return pdf_of(profile_a)


@pytest.fixture(scope="session")
def linted() -> Linted:
    """Verdicts by rule id."""

    def run(profile: Profile, document: bytes | Spoilt) -> dict[str, Verdict]:
        data = document if isinstance(document, bytes) else pdf_of(profile, document)
        return {verdict.rule: verdict for verdict in lint(read_document(data), profile)}

    return run


def broken(verdicts: dict[str, Verdict]) -> set[str]:
    return {rule for rule, verdict in verdicts.items() if verdict.state == "broken"}


@pytest.fixture(scope="session")
def original(printed_office: Path) -> bytes:
    """The briefing of the tiny programme."""
    return (set_in(printed_office) / "briefing.pdf").read_bytes()


@pytest.fixture(scope="session")
def again(printed_office: Path) -> Built:
    """What a build of the same inputs gives, read from the one that is there."""
    folder = set_in(printed_office)
    record = json.loads((folder / "inputs.json").read_bytes())
    return Built((folder / "briefing.pdf").read_bytes(), (folder / "facts.json").read_bytes(), record)


@pytest.fixture(scope="session")
def judged(original: bytes, again: Built) -> Callable[..., Report]:
    """The report on a copy; the build is at hand."""

    def judge(data: bytes, built: Built = again, issued: tuple[IssuedPdf, ...] = (), **now: Any) -> Report:
        facts = attached_files(data).get(FACTS)
        return verify(data, recorded, facts, again.inputs | now, issued, lambda: built)

    recorded = record_in(attached_files(original))
    assert recorded is not None
    return judge
