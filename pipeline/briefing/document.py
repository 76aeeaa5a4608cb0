"""From the marts to the files of one briefing: facts, words, charts, page, PDF and their provenance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from pipeline.briefing.area_pages import area_pages, area_printing
from pipeline.briefing.areas import AreaName, name_list
from pipeline.briefing.charts import Chart, briefing_charts
from pipeline.briefing.facts import BriefingFacts, IndicatorGroup, collect
from pipeline.briefing.fonts import Fonts, load_fonts
from pipeline.briefing.indicators import IndicatorFacts
from pipeline.briefing.marts import Marts
from pipeline.briefing.narrative import narrative_sections
from pipeline.briefing.provenance import CODE_ROOT, REPORTS, inputs_record, manifest, to_json
from pipeline.briefing.render import AttachedFile, render_pdf
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import long_date, short_date

BLANK = "\u00a0" * 6
DRAFT = "DỰ THẢO"  # on every page until the briefing is issued
_SENT_LENGTH = 240  # characters of a sent text that a table prints


def build_briefing(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    out: Path,
    as_of: date | None = None,
    progress: Callable[[str], None] | None = None,
    areas: Collection[str] | None = None,
) -> list[Path]:
    """Write briefing.pdf, facts.json, inputs.json and manifest.json into the existing folder `out`.

    And areas/<code>.pdf: of every district where areas is None, else of those named.
    Reads the marts only; the same inputs give the same bytes. Returns the files written. GiaobanError where
    something would leave a hole or need a font that is not pinned.
    """
    say = progress or (lambda _: None)
    say("Đọc số liệu của báo cáo")
    fonts = load_fonts(REPORTS)
    facts = collect(programme, quarter, connection, CODE_ROOT / "sql")
    say("Vẽ biểu đồ")
    charts = briefing_charts(facts, programme.document, REPORTS / "charts", fonts)
    html = briefing_html(programme, facts, charts, fonts)
    inputs = inputs_record(programme, quarter, Marts(connection, quarter), fonts, as_of, facts.data_date)
    inputs_json, facts_json = to_json(inputs), facts.as_json().encode("utf-8")
    pages = [page for page in area_pages(Marts(connection, quarter), facts) if areas is None or page.area.code in areas]
    with area_printing(pages, programme.document, inputs, DRAFT) as print_areas:
        say("Dàn trang PDF")
        pdf = render_pdf(
            html, fonts, charts,
            [AttachedFile("inputs.json", inputs_json, "Nguồn gốc: mã băm của mọi đầu vào", "Source"),
             AttachedFile("facts.json", facts_json, "Mọi con số in trong báo cáo", "Data")],
            facts.data_date, sha256(inputs_json + facts_json).digest()[:16],
        )  # fmt: skip
        area_files = print_areas(say)
    outputs = {"briefing.pdf": pdf, "facts.json": facts_json, "inputs.json": inputs_json} | area_files
    outputs["manifest.json"] = to_json(manifest(inputs, outputs, areas))
    for name, data in outputs.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(data)
    return [out / name for name in outputs]


def briefing_html(programme: Programme, facts: BriefingFacts, charts: dict[str, Chart], fonts: Fonts) -> str:
    """The whole page; templates lay out facts and words, they do not compute."""
    period = f"{facts.quarter.title} và năm {facts.quarter.year}" if facts.quarter.number == 4 else facts.quarter.title
    template = _environment().get_template("briefing.html.j2")
    return template.render(
        document=programme.document,
        programme=programme,
        facts=facts,
        quarter=facts.quarter,
        subject=programme.document.subject.replace("{period}", period),
        narrative=narrative_sections(programme.narrative(facts.quarter)),
        charts=charts,
        fonts=fonts,
        data_date=short_date(facts.data_date),
        place_and_date=_blank_day(programme.document.place, facts.data_date),
        indicator_tables=[*((group, group.indicators) for group in facts.groups), *_context_table(facts)],
        notes=_numbered_notes(facts),
    )


@cache
def _environment() -> Environment:
    """The templates of reports/, compiled once for all documents of a process."""
    environment = Environment(
        loader=FileSystemLoader(REPORTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    environment.filters |= {
        "sent": _sent,
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "upper_first": lambda text: text[:1].upper() + text[1:],
        "area_list": _area_list,
    }
    return environment


@pass_context
def _sent(context: Context, text: str) -> str:
    """A text from outside: characters the font lacks are named, what is too long for a table is cut."""
    clean: str = context["fonts"].printable(text)
    return clean if len(clean) <= _SENT_LENGTH else clean[: _SENT_LENGTH - 1] + "…"


@pass_context
def _area_list(context: Context, areas: Iterable[AreaName]) -> str:
    return name_list(areas, context["facts"].districts)


def _blank_day(place: str, day: date) -> str:
    """'Huế, ngày      tháng 01 năm 2024': the day is written by hand when the document is issued."""
    month = long_date(day).partition(" tháng ")[2]
    return f"{place}, ngày{BLANK}tháng {month}"


def _context_table(facts: BriefingFacts) -> list[tuple[IndicatorGroup, tuple[IndicatorFacts, ...]]]:
    if not facts.context:
        return []
    first = facts.context[0]
    return [(IndicatorGroup("", first.group_name, facts.context), facts.context)]


def _numbered_notes(facts: BriefingFacts) -> dict[str, int]:
    """Each different note of the table of indicators, numbered in the order of its first use."""
    notes = dict.fromkeys(note for one in (*facts.indicators, *facts.context) for note in one.notes)
    return {note: number for number, note in enumerate(notes, 1)}
