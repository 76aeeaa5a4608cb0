"""The floor: the bare libraries doing only what cannot be avoided, on the same inputs, in one process.

    python -m tests.bench.floor WORK STAGE...     on what `capture` left in WORK; prints seconds by stage as JSON

Nothing of pipeline/ is imported here: reading is calamine and openpyxl over the bytes of every workbook; SQL is the
text of every model and check in one connection; drawing is vl-convert and WeasyPrint on the final specifications and
pages.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def import_everything(_: Path) -> None:
    """What a briefing cannot do without, and an instance that records runs."""
    import dagster
    import duckdb
    import jinja2
    import openpyxl
    import polars
    import pydantic
    import python_calamine
    import typer
    import vl_convert
    import weasyprint
    import yaml

    assert all((duckdb, jinja2, openpyxl, polars, pydantic, python_calamine, typer, vl_convert, weasyprint, yaml))
    dagster.DagsterInstance.ephemeral()


def import_readers(_: Path) -> None:
    """What intake alone cannot do without."""
    import openpyxl
    import polars
    import pydantic
    import python_calamine
    import yaml

    assert all((openpyxl, polars, pydantic, python_calamine, yaml))


def read(work: Path) -> None:
    """Values with calamine; formats, fonts and formulas, which it leaves out, with openpyxl."""
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    for path in sorted((work / "workbooks").iterdir()):
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if path.suffix == ".xlsx":
            load_workbook(path)


def compute(work: Path) -> None:
    import duckdb

    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
    for schema in ("raw", "staging", "intermediate", "marts", "checks"):
        connection.execute(f"create schema {schema}")
    for path in sorted((work / "raw").glob("*.parquet")):
        connection.execute(f"create table raw.{path.stem} as from read_parquet('{path}')")
    for table, text in pickle.loads((work / "sql.pickle").read_bytes()):
        connection.execute(f"create table {table} as {text}")


def draw(work: Path) -> None:
    import vl_convert

    fonts, specifications = pickle.loads((work / "charts.pickle").read_bytes())
    vl_convert.register_font_directory(fonts)
    for specification in specifications:
        vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])


def lay_out(work: Path) -> None:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    for path in sorted(work.glob("page-*.pickle")):
        html, base, files, options = pickle.loads(path.read_bytes())

        class Held(URLFetcher):  # type: ignore[misc]
            def fetch(self, url: str, headers: Any = None, files: dict[str, Any] = files) -> URLFetcherResponse:
                data, kind = files[url]
                return URLFetcherResponse(url, data, {"Content-Type": kind})

        HTML(string=html, base_url=base, url_fetcher=Held(allowed_protocols=())).write_pdf(
            font_config=FontConfiguration(), **options
        )


STAGES: dict[str, Callable[[Path], None]] = {
    "imports": import_everything,
    "imports of reading": import_readers,
    "reading": read,
    "SQL": compute,
    "charts": draw,
    "pages": lay_out,
}


def main(work: Path, names: Sequence[str]) -> None:
    seconds = {}
    for name in names:
        begun = time.perf_counter()
        STAGES[name](work)
        seconds[name] = time.perf_counter() - begun
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
