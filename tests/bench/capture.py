"""What the floor works on: the final inputs of each library, written down while a briefing is made.

python -m tests.bench.capture HOME PROGRAMME QUARTER WORK
"""

from __future__ import annotations

import json
import pickle
import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import vl_convert

from pipeline.briefing.area_pages import printing
from pipeline.briefing.document import build_briefing
from pipeline.briefing.paper import render
from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.provenance import REPORTS
from pipeline.intake.register import submission_files
from pipeline.models import read_sql_files
from pipeline.programme import load_programme
from pipeline.quarters import Quarter
from pipeline.steps import raw_tables
from pipeline.warehouse import open_for_reading


def main(home: Path, programme_id: str, label: str, work: Path) -> None:
    programme, quarter = load_programme(home, programme_id), Quarter.parse(label)
    (work / "workbooks").mkdir(parents=True)
    for path in submission_files(programme.submissions_folder(quarter)):
        shutil.copy(path, work / "workbooks")
    (work / "raw").mkdir()
    files = read_sql_files(raw_tables())
    statements = [(model.table, model.text) for model in files.models]
    statements += [(f"checks.{check.name}", check.text) for check in files.checks]
    (work / "sql.pickle").write_bytes(pickle.dumps(statements))
    with closing(open_for_reading(home, programme_id)) as connection:
        for table in raw_tables():
            connection.execute(
                f"copy {table} to '{work / 'raw' / table.removeprefix('raw.')}.parquet' (format parquet)"
            )
        _capture_drawing(work)
        with tempfile.TemporaryDirectory() as out:
            build_briefing(programme, quarter, connection, home, Path(out))


def _capture_drawing(work: Path) -> None:
    """Put recorders in front of vl-convert and WeasyPrint, in this process alone."""
    printing.MAX_WORKERS = 1
    drawn: list[str] = []
    to_svg, html_class = vl_convert.vegalite_to_svg, render.HTML

    def recorded(specification: dict[str, Any], **options: Any) -> str:
        drawn.append(json.dumps(specification))
        fonts = str(load_fonts(REPORTS).folder)
        (work / "charts.pickle").write_bytes(pickle.dumps((fonts, [json.loads(one) for one in drawn])))
        return to_svg(specification, **options)

    class Recorded(html_class):  # type: ignore[misc,valid-type]
        def __init__(self, string: str, base_url: str, url_fetcher: Any) -> None:
            self._source = (string, base_url, _files(url_fetcher))
            super().__init__(string=string, base_url=base_url, url_fetcher=url_fetcher)

        def write_pdf(self, **options: Any) -> bytes:
            bare = {name: options[name] for name in ("pdf_variant", "pdf_tags", "pdf_identifier")}
            pdf = super().write_pdf(**options)  # raises where a district's pages do not come out as two
            page = work / f"page-{len(list(work.glob('page-*'))):03}.pickle"
            page.write_bytes(pickle.dumps((*self._source, bare)))
            return bytes(pdf)

    vl_convert.vegalite_to_svg, render.HTML = recorded, Recorded


def _files(fetcher: render.OwnFiles) -> dict[str, tuple[Any, str]]:
    """Everything the page may ask for, with its type."""
    return {
        url: (data, render._TYPES[url.removeprefix(render.SCHEME).partition("/")[0]])
        for url, data in fetcher._files.items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
