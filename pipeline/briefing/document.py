"""From the marts to the files of one briefing: facts, words, charts, page, PDF and their provenance."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pipeline.briefing.area_pages import Order, area_pages, area_printing, earlier_pages, name_of
from pipeline.briefing.charts import Chart, briefing_charts, drawn_figures
from pipeline.briefing.companions.mart_files import mart_files
from pipeline.briefing.companions.screen import screen_page
from pipeline.briefing.companions.workbook import workbook
from pipeline.briefing.edition import APPENDIX_NUMBERS, DRAFT, NUMBER_SIGNS, PARTY, Edition
from pipeline.briefing.facts.areas import AreaName, name_list
from pipeline.briefing.facts.collecting import BriefingFacts, IndicatorGroup, collect
from pipeline.briefing.facts.indicators import IndicatorFacts
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.facts.origins import Origins, origins_of
from pipeline.briefing.narrative import narrative_sections
from pipeline.briefing.paper.fonts import Fonts, load_fonts
from pipeline.briefing.paper.render import AttachedFile, render_pdf
from pipeline.briefing.provenance import CODE_ROOT, REPORTS, inputs_record, manifest, part_record, to_json
from pipeline.briefing.public.edition import PublicEdition
from pipeline.briefing.shown import Figures, environment
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import seen, short_date

TABLES = "tables"  # folder of the marts as CSV
_MARKUP = re.compile(r"(<table\b.*?</table>|<[^>]*>)", re.DOTALL)
_NUMBER_WITH_SLASH = re.compile(r"(?<![\w/.,-])(?:\d+(?:-\w+)?/[A-ZĐ][\w/-]*\w|[IVX]+/\d{4})")
_SENT_LENGTH = 240  # characters of a sent text that a table prints


def build_briefing(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    out: Path,
    as_of: date | None = None,
    progress: Callable[[str], None] | None = None,
    edition: Edition = DRAFT,
    areas: Collection[str] | None = None,
    earlier: Path | None = None,
) -> list[Path]:
    """Write briefing.pdf, .html and .xlsx, tables/*.csv, facts.json, inputs.json and manifest.json into `out`.

    And areas/<code>.pdf: of every district where areas is None, else of those named; the pages of the complete set
    `earlier` are taken over where nothing changed in them. `out` exists and is empty. Reads the marts only; the same
    inputs give the same bytes. Returns the files written. GiaobanError where something would leave a hole or need a
    font that is not pinned.
    """
    say = progress or (lambda _: None)
    say("Đọc số liệu của báo cáo")
    fonts = load_fonts(REPORTS)
    facts = collect(programme, quarter, connection, CODE_ROOT / "sql")
    say("Vẽ biểu đồ")
    charts = briefing_charts(facts, programme.document, REPORTS / "charts", fonts)
    inputs = inputs_record(programme, quarter, Marts(connection, quarter), fonts, as_of, facts.data_date, edition)
    inputs_json = to_json(inputs)
    # which figures are printed is known once a page is made; the final one has the hash of their record in it
    figures = drawn_figures(charts)
    briefing_html(programme, facts, charts, fonts, figures, origins=origins_of(inputs, b""), edition=edition)
    facts_json = facts.as_json(figures)
    tables = mart_files(Marts(connection, quarter))
    attached = [AttachedFile(f"{one.name}.csv", one.data, f"Bảng số liệu {one.name}", "Data")
                for one in tables if not one.is_of_senders]  # fmt: skip
    origins = origins_of(inputs, facts_json)
    html = briefing_html(programme, facts, charts, fonts, figures, origins=origins, edition=edition)
    on_screen = briefing_html(
        programme, facts, charts, fonts, figures, origins=origins, edition=edition, for_screen=True
    )
    page = screen_page(on_screen, charts)
    pages = [page for page in area_pages(Marts(connection, quarter), facts) if areas is None or page.area.code in areas]
    mark = edition.mark(is_corrected=facts.revisions.is_corrected)
    made = earlier_pages(earlier) if earlier else {}
    orders = [
        Order(page, programme.document, part_record(inputs, name, page.own_files), mark, made.get(name))
        for page, name in ((page, name_of(page)) for page in pages)
    ]
    with area_printing(orders) as print_areas:
        say("Dàn trang PDF")
        pdf = render_pdf(
            html, fonts, charts, figures,
            [AttachedFile("inputs.json", inputs_json, "Nguồn gốc: mã băm của mọi đầu vào", "Source"),
             AttachedFile("facts.json", facts_json, "Mọi con số in trong báo cáo", "Data"),
             *attached],
            facts.data_date, sha256(inputs_json + facts_json).digest()[:16],
        )  # fmt: skip
        outputs = {
            "briefing.pdf": pdf, "briefing.html": page.encode("utf-8"),
            "briefing.xlsx": workbook(programme, facts, page), "facts.json": facts_json, "inputs.json": inputs_json,
        } | {f"{TABLES}/{one.name}.csv": one.data for one in tables}  # fmt: skip
        printed = print_areas(say)
    outputs |= {name: one.data for name, one in printed.items()}
    made_from = {name: one.made_from for name, one in printed.items()}
    outputs["manifest.json"] = to_json(manifest(inputs, outputs, areas, made_from))
    for name, data in outputs.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(data)
    return [out / name for name in outputs]


def briefing_html(
    programme: Programme,
    facts: BriefingFacts,
    charts: dict[str, Chart],
    fonts: Fonts,
    figures: Figures | None = None,
    *,
    origins: Origins | None = None,
    edition: Edition = DRAFT,
    public: PublicEdition | None = None,
    for_screen: bool = False,
) -> str:
    """The whole page, for print or for a screen; templates lay out facts and words, they do not compute.

    `figures`, where given, gets every figure that the page says, with its words there.
    Without origins the appendix that tells what the page was made from is left out. With `public` it is the page for
    publication, which holds the figures of that edition only.
    """
    period = f"{facts.quarter.title} và năm {facts.quarter.year}" if facts.quarter.number == 4 else facts.quarter.title
    mark, profile = edition.mark(is_corrected=facts.revisions.is_corrected), programme.document.profile
    base = "public.html.j2" if public else "briefing.html.j2"
    template = _environment().get_template("screen.html.j2" if for_screen else base)
    return _unbroken(template.render(
        base=base,
        public=public,
        figures={} if figures is None else figures,
        figures_marked=for_screen,
        document=programme.document,
        programme=programme,
        facts=facts,
        quarter=facts.quarter,
        subject=programme.document.subject.replace("{period}", period),
        period=period,
        narrative=_narrative(programme, facts.quarter, fonts),
        charts=charts,
        fonts=fonts,
        data_date=short_date(facts.data_date),
        number_line=edition.number_line(programme.document.symbol, profile),
        number_sign=NUMBER_SIGNS[profile],
        nth=dict(enumerate(APPENDIX_NUMBERS[profile], 1)),
        is_party=profile == PARTY,
        place_and_date=edition.place_and_date(programme.document.place, facts.data_date),
        edition=edition,
        mark=mark,
        states=_states(public is not None, mark, facts.is_illustrative),
        origins=origins,
        indicator_tables=[*((group, group.indicators) for group in facts.groups), *_context_table(facts)],
        notes=_numbered_notes(facts),
    ))  # fmt: skip


def _narrative(programme: Programme, quarter: Quarter, fonts: Fonts) -> dict[str, Markup | None]:
    text = programme.narrative(quarter)
    for number, line in enumerate(text.splitlines(), 1):
        fonts.check(seen(line), f"narrative/{quarter}.md, dòng {number}")
    return narrative_sections(text)


def _unbroken(html: str) -> str:
    """Numbers of documents and quarters in running text, 41/KH-UBND, IV/2023, are not parted at the end of a line."""
    head, mark, body = html.partition("<body>")
    parts = _MARKUP.split(body)
    parts[::2] = [_NUMBER_WITH_SLASH.sub(r'<span class="unbroken">\g<0></span>', text) for text in parts[::2]]
    return head + mark + "".join(parts)


def _states(is_public: bool, mark: str, is_illustrative: bool) -> list[str]:
    """What the page for a screen says of itself, which has no margins to say it in."""
    return [*["BẢN CÔNG BỐ"] * is_public, *[mark] * bool(mark), *["SỐ LIỆU MINH HỌA"] * is_illustrative]


@cache
def _environment() -> Environment:
    """The templates of reports/, compiled once for all documents of a process."""
    made = environment(_SENT_LENGTH)
    made.filters["area_list"] = _area_list
    return made


@pass_context
def _area_list(context: Context, areas: Iterable[AreaName]) -> str:
    return name_list(areas, context["facts"].districts)


def _context_table(facts: BriefingFacts) -> list[tuple[IndicatorGroup, tuple[IndicatorFacts, ...]]]:
    if not facts.context:
        return []
    first = facts.context[0]
    return [(IndicatorGroup("", first.group_name, facts.context), facts.context)]


def _numbered_notes(facts: BriefingFacts) -> dict[str, int]:
    """Each different note of the table of indicators, numbered in the order of its first use."""
    notes = dict.fromkeys(note for one in (*facts.indicators, *facts.context) for note in one.notes)
    return {note: number for number, note in enumerate(notes, 1)}
