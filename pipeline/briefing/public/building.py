"""The files of the public edition: made like the briefing, from its own figures alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb

from pipeline.briefing.companions.screen import screen_page
from pipeline.briefing.companions.workbook import workbook
from pipeline.briefing.document import briefing_html
from pipeline.briefing.edition import DRAFT, Edition
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.paper.render import AttachedFile, render_pdf
from pipeline.briefing.provenance import CODE_ROOT, REPORTS, inputs_record, manifest, public_record, to_json
from pipeline.briefing.public.edition import PublicEdition, public_edition
from pipeline.briefing.shown import Figures
from pipeline.errors import UsageError
from pipeline.programme import Programme
from pipeline.programme.frames import issues_in_force
from pipeline.quarters import Quarter


def build_public(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    out: Path,
    as_of: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write briefing.pdf, .html, .xlsx and the three .json of the public edition into the empty folder `out`.

    The same inputs give the same bytes. UsageError where programme.yml has no public_threshold; GiaobanError where
    something would leave a hole.
    """
    threshold = programme.heading.public_threshold
    if threshold is None:
        raise UsageError(
            f"Chưa khai public_threshold trong raw/{programme.id}/programme.yml. Đề nghị khai ngưỡng của bản công bố "
            "(số từ 1 đến dưới ngưỡng không được in), ví dụ public_threshold: 5, rồi làm lại."
        )
    say = progress or (lambda _: None)
    say("Đọc số liệu của bản công bố")
    fonts, marts = load_fonts(REPORTS), Marts(connection, quarter)
    facts = collect(programme, quarter, connection, CODE_ROOT / "sql")
    edition = public_edition(marts, facts, threshold)
    issued = issued_as(programme, quarter, marts, facts, edition, as_of)
    record = public_record(inputs_record(programme, quarter, marts, fonts, as_of, facts.data_date))
    record["issued_as"] = issued.as_json()
    inputs_json = to_json(record)
    figures: Figures = {}
    html = briefing_html(programme, facts, {}, fonts, figures, edition=issued, public=edition)
    on_screen = briefing_html(programme, facts, {}, fonts, figures, edition=issued, for_screen=True, public=edition)
    page = screen_page(on_screen, {})
    facts_json = edition.as_json(figures, programme.id)
    say("Dàn trang PDF")
    pdf = render_pdf(
        html, fonts, {}, figures,
        [AttachedFile("inputs.json", inputs_json, "Nguồn gốc: mã băm của các đầu vào", "Source"),
         AttachedFile("facts.json", facts_json, "Mọi con số in trong bản công bố", "Data")],
        facts.data_date, sha256(inputs_json + facts_json).digest()[:16],
    )  # fmt: skip
    outputs = {
        "briefing.pdf": pdf, "briefing.html": page.encode("utf-8"),
        "briefing.xlsx": workbook(programme, facts, page, is_public=True),
        "facts.json": facts_json, "inputs.json": inputs_json,
    }  # fmt: skip
    outputs["manifest.json"] = to_json(manifest(record, outputs))
    for name, data in outputs.items():
        (out / name).write_bytes(data)
    return [out / name for name in outputs]


def issued_as(
    programme: Programme,
    quarter: Quarter,
    marts: Marts,
    facts: BriefingFacts,
    edition: PublicEdition,
    as_of: date | None,
) -> Edition:
    """Number and date of the quarter's latest issue; a draft before it, and where a figure is not the one issued."""
    known = {row["pdf_sha256"] for row in marts.of_quarter("raw.issues", "number")}
    latest = next((one for one in issues_in_force(programme, as_of) if one.quarter == str(quarter)), None)
    # figures of an issue that these tables do not know yet were not compared with theirs
    if latest is None or latest.pdf_sha256 not in known or facts.revisions.is_corrected:
        return DRAFT
    told = {key: facts.book.facts[key].printed for key in edition.facts}
    are_issued = all(latest.printed.get(key, printed) == printed for key, printed in told.items())
    return Edition(latest.number, latest.issued_on) if are_issued else DRAFT
