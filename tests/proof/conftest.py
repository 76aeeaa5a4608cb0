"""The two profiles, and what a linter finds in a spoilt sample."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.proof.document import read_document
from pipeline.proof.linting import Verdict, lint
from pipeline.proof.profile import Profile, load_profile
from tests.proof.sample import REPORTS, Spoilt, pdf_of

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
