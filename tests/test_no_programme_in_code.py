"""No programme's name, number, unit or area occurs in Python, SQL or templates: they belong under raw/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.programme import load_programmes

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    path
    for folder, endings in (("pipeline", {".py"}), ("sql", {".sql"}), ("reports", {".j2", ".css", ".json", ".yml"}))
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in endings
]
GENERAL_TERM_LENGTH = 25  # `Tỷ lệ hộ nghèo` is a term of the field, whoever uses it
PROGRAMMES = load_programmes(ROOT).loaded


def own_words() -> dict[str, str]:
    """What only one programme says: word -> where it stands under raw/."""
    words: dict[str, str] = {}
    for programme in PROGRAMMES:
        heading = programme.heading
        for word in (programme.id, heading.number, heading.issuer, heading.short_title, heading.document.symbol):
            words[word] = f"{programme.id}/programme.yml"
        for area in programme.areas:
            if area.level != "commune" and len(area.name) > 3:
                words[area.name] = f"{programme.id}/areas.csv"
        for owner in programme.owners:
            words[owner.name] = words[owner.code] = f"{programme.id}/owners.csv"
        for indicator in programme.indicators:
            if len(indicator.name_vi) > GENERAL_TERM_LENGTH:
                words[indicator.name_vi] = f"{programme.id}/indicators.csv"
            if re.fullmatch(r"[A-Z]\w*\d[\w.]*", indicator.code):
                words[indicator.code] = f"{programme.id}/indicators.csv"
    return words


def test_there_are_programmes_and_code_to_look_at():
    assert len(PROGRAMMES) >= 2
    assert len(CODE) > 60
    assert len(own_words()) > 150


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_knows_no_programme(path: Path):
    text = path.read_text(encoding="utf-8")
    # examples in help texts and docstrings may show how a code looks; a short form is not a name
    text = re.sub(r'(help|""").*', "", text) if path.suffix == ".py" else text
    found = {word: where for word, where in own_words().items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
    assert not found
