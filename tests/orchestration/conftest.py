"""A programme that Dagster runs for real: its definitions, three tiny models, and stubs for what reads and prints."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline import definitions, steps
from pipeline.feedback.summary import FeedbackSummary
from pipeline.intake import TakenIn
from pipeline.models import read_sql_files
from pipeline.programme import Programme, load_programme, programme_ids
from pipeline.quarters import Quarter
from pipeline.steps import INTAKE_TABLES

REPOSITORY = Path(__file__).resolve().parents[2]
SQL = {
    "staging/counts.sql": """-- Households as sent.
-- grain:  one row per quarter, area_code
-- inputs: raw.observations
-- units:  households
-- source: test
select quarter, area_code, households from raw.observations
order by quarter, area_code
""",
    "marts/totals.sql": """-- Households of all areas.
-- grain:  one row per quarter
-- inputs: staging.counts,
--         raw.quarters
-- units:  households
-- source: test
select counts.quarter, sum(counts.households) as households
from staging.counts
inner join raw.quarters on quarters.quarter = counts.quarter
group by counts.quarter
order by counts.quarter
""",
    "marts/areas.sql": """-- Number of areas.
-- grain:  one row per quarter
-- inputs: staging.counts
-- units:  areas
-- source: test
select quarter, count(*) as areas
from staging.counts
group by quarter
order by quarter
""",
    "checks/households_are_positive.sql": """-- Households are never negative.
-- title_vi: Số hộ không được âm.
-- checks:   staging.counts
-- severity: error
select quarter, area_code, 'households' as subject, households as found, 0 as expected
from staging.counts
where households < 0
""",
    "checks/households_are_plausible.sql": """-- An area has fewer than a million households.
-- title_vi: Số hộ của một địa bàn nhỏ hơn một triệu.
-- checks:   staging.counts
-- severity: warn
select quarter, area_code, 'households' as subject, households as found, 1000000 as expected
from staging.counts
where households >= 1000000
""",
}


@dataclass
class Demo:
    """The programme under test; `households` is what the stub of the intake reads for each quarter."""

    home: Path
    programme: Programme
    households: dict[str, int] = field(default_factory=dict)
    read: list[tuple[str, date | None]] = field(default_factory=list)
    while_reading: Callable[[], None] = lambda: None

    @property
    def build(self) -> Path:
        return self.home / "build" / self.programme.id

    def submit(self, quarter: str, households: int) -> None:
        folder = self.programme.submissions_folder(Quarter.parse(quarter))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bao_cao.xlsx").write_text(str(households))
        self.households[quarter] = households

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.build / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(f"from {table}").fetchall()

    def take_in(self, programme: Programme, quarter: Quarter, as_of: date | None = None, *rest: Any) -> TakenIn:
        self.read.append((str(quarter), as_of))
        self.while_reading()
        empty = pl.DataFrame({"quarter": []}, schema={"quarter": pl.String})
        sent = pl.DataFrame(
            {"quarter": [str(quarter)], "area_code": ["001"], "households": [self.households.get(str(quarter), 0)]}
        )
        frames = {table: sent if table == "observations" else empty for table in INTAKE_TABLES}
        return TakenIn(frames, frozenset())

    def build_briefing(
        self, programme: Programme, quarter: Quarter, connection: Any, home: Path, out: Path, *_: Any, **__: Any
    ) -> list[Path]:
        total = connection.execute("select households from marts.totals where quarter = ?", [str(quarter)])
        (out / "briefing.pdf").write_text(str(total.fetchall()[0][0]))
        return [out / "briefing.pdf"]

    def answer_senders(
        self, programme: Programme, quarter: Quarter, connection: Any, files: Any, out: Path, *_: Any
    ) -> FeedbackSummary:
        """One letter, which says what the marts hold."""
        total = connection.execute("select households from marts.totals where quarter = ?", [str(quarter)])
        (out / "letter.txt").write_text(str(total.fetchall()[0][0]))
        return FeedbackSummary(1, ("Đơn vị",), {})


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    programme_id = programme_ids(REPOSITORY)[0]
    shutil.copytree(
        REPOSITORY / "raw" / programme_id,
        tmp_path / "raw" / programme_id,
        ignore=shutil.ignore_patterns("submissions", "narrative"),
    )
    for name, text in SQL.items():
        path = tmp_path / "sql" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    demo = Demo(tmp_path, load_programme(tmp_path, programme_id))
    monkeypatch.setattr(definitions, "read_sql_files", lambda tables: read_sql_files(tables, tmp_path / "sql"))
    for module, functions in (
        ("pipeline.intake", {"take_in": demo.take_in}),
        ("pipeline.briefing.document", {"build_briefing": demo.build_briefing}),
        ("pipeline.briefing.paper.preview", {"first_page": lambda pdf: "![]()", "page_count": lambda pdf: 1}),
    ):
        stub = ModuleType(module)
        vars(stub).update(functions)
        monkeypatch.setitem(sys.modules, module, stub)
    monkeypatch.setattr(sys.modules["pipeline.intake"], "Readers", nullcontext, raising=False)
    monkeypatch.setattr(steps, "_answer_senders", demo.answer_senders)
    demo.submit("2023-Q3", 100)
    demo.submit("2023-Q4", 200)
    return demo
