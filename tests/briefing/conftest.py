"""The programme of the demonstration and marts in memory for the tests of the briefing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.briefing.charts import Chart
from pipeline.briefing.document import REPORTS, briefing_html, build_briefing
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.paper.fonts import Fonts, load_fonts
from pipeline.programme import Programme, load_programme
from pipeline.quarters import Quarter
from tests.briefing.marts import PROGRAMME_FOLDER, build_marts

HOME = PROGRAMME_FOLDER.parents[1]
QUARTER = Quarter(2023, 4)


@pytest.fixture(scope="session")
def programme() -> Programme:
    return load_programme(HOME, PROGRAMME_FOLDER.name)


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return load_fonts(REPORTS)


@pytest.fixture(scope="session")
def marts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Marts made once, to be copied."""
    path = tmp_path_factory.mktemp("marts") / "made.duckdb"
    build_marts(str(path)).close()
    return path


@pytest.fixture
def marts(marts_file: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Marts that a test may change."""
    connection = duckdb.connect(shutil.copy(marts_file, tmp_path / "made.duckdb"))
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def untouched_facts(programme: Programme) -> BriefingFacts:
    with build_marts() as connection:
        return collect(programme, QUARTER, connection, HOME / "sql")


@pytest.fixture
def page(programme: Programme, fonts: Fonts, marts: duckdb.DuckDBPyConnection) -> Callable[..., str]:
    """The page after some SQL changed the marts; its spaces collapsed, without charts and marks of unbroken words."""

    def build(*changes: str) -> str:
        for change in changes:
            marts.execute(change)
        facts = collect(programme, QUARTER, marts, HOME / "sql")
        no_charts: dict[str, Chart] = {}
        html = briefing_html(programme, facts, no_charts, fonts)
        return " ".join(re.sub(r'<span class="unbroken">(.*?)</span>', r"\1", html).split())

    return build


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Path:
    """The folder of a complete briefing."""
    out = tmp_path_factory.mktemp("briefing")
    with build_marts() as connection:
        build_briefing(programme, QUARTER, connection, HOME, out, areas=())
    return out
