"""The public edition is a set of its own beside the full one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests.orchestration.conftest import Demo

Q4 = Quarter(2023, 4)


def test_either_edition_leaves_the_other_as_it_is(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_public(programme: Any, quarter: Quarter, connection: Any, home: Path, out: Path, **_: Any) -> list[Path]:
        (out / "briefing.pdf").write_text("public")
        return [out / "briefing.pdf"]

    stub = ModuleType("pipeline.briefing.public.building")
    stub.build_public = build_public  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, stub.__name__, stub)
    with Runner(demo.programme) as runner:
        public = runner.briefing(Q4, edition="public")
        assert public == demo.build / "2023-Q4-public"
        assert not (demo.build / "2023-Q4").exists()
        full = runner.briefing(Q4)
    assert [path.name for path in public.iterdir()] == ["briefing.pdf"]
    assert ((public / "briefing.pdf").read_text(), (full / "briefing.pdf").read_text()) == ("public", "200")
