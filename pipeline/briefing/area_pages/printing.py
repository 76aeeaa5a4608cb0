"""The districts' pages as PDF files, printed side by side in spawned workers."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.briefing.area_pages.figures import AreaPage
from pipeline.briefing.paper.fonts import Fonts, load_fonts
from pipeline.briefing.provenance import REPORTS, to_json
from pipeline.errors import GiaobanError
from pipeline.limits import limit_process
from pipeline.programme.heading import DocumentHeading

FOLDER = "areas"
MAX_WORKERS = 4
FEWEST = 4  # pages of fewer districts are printed sooner here than by workers that have to start first
PAGES_PER_WORKER = 40  # then others take their places, so that none grows with the number of districts
WORKER_MEMORY_BYTES = 2 << 30  # of data; address space is no measure, the chart library reserves 64 GB of it
SHEETS = 2
# size of the table of indicators, how many doubts and remarks are printed: the first that leave both pages whole
_LAYOUTS = (("roomy", 8, 6), ("close", 8, 6), ("close", 4, 4), ("tight", 4, 4), ("tight", 2, 2), ("tight", 0, 0))
_ROOMY = 24  # indicators up to which the first layout is tried


@dataclass(frozen=True)
class Printed:
    """The PDF of one district; made_from is a hash of all that decides its bytes."""

    data: bytes
    made_from: str


Collect = Callable[[Callable[[str], None]], dict[str, Printed]]


@dataclass(frozen=True)
class Earlier:
    """Pages of an earlier briefing, where they are and what they were made from."""

    file: Path
    sha256: str
    made_from: str


@dataclass(frozen=True)
class Order:
    """What a worker needs for the pages of one district; mark stands on every page, empty for none.

    inputs is what inputs.json of the briefing tells of this district; pages made earlier from the same are taken over.
    """

    page: AreaPage
    document: DocumentHeading
    inputs: Mapping[str, Any]
    mark: str
    earlier: Earlier | None = None

    @property
    def name(self) -> str:
        return name_of(self.page)


def name_of(page: AreaPage) -> str:
    return f"{FOLDER}/{page.area.code}.pdf"


def earlier_pages(folder: Path) -> dict[str, Earlier]:
    """The pages of districts in the complete set `folder`, by name; none where there is no set."""
    try:
        made = json.loads((folder / "manifest.json").read_bytes())
        return {
            name: Earlier(folder / name, made["outputs"][name], made_from)
            for name, made_from in made["made_from"].items()
        }
    except (OSError, ValueError, KeyError):
        return {}


@contextmanager
def area_printing(orders: Sequence[Order], workers: int | None = None) -> Iterator[Collect]:
    """Workers begin to print while this process does something else; `collect(progress)` gives all pages, by name.

    The same bytes however many workers there are. GiaobanError where a page cannot be printed as it should.
    """
    count = min(workers or min(MAX_WORKERS, os.cpu_count() or 1), len(orders))
    if count < 2 or len(orders) < FEWEST:
        yield lambda _: {order.name: print_pages(order) for order in orders}
        return
    size = PAGES_PER_WORKER * count
    batches = [orders[first : first + size] for first in range(0, len(orders), size)]
    begun = [_begin(batches[0], count)]

    def collect(progress: Callable[[str], None]) -> dict[str, Printed]:
        made: dict[str, Printed] = {}
        for batch in batches:
            pool, futures = begun.pop() if begun else _begin(batch, count)
            try:
                for order, future in zip(batch, futures, strict=True):
                    made[order.name] = future.result()
                    progress(f"Trang địa bàn {len(made)}/{len(orders)}: {order.page.area.full_name}")
            except BrokenProcessPool as error:
                raise GiaobanError(
                    f"Việc in trang địa bàn dừng giữa chừng sau {len(made)}/{len(orders)} địa bàn, có thể do thiếu bộ "
                    "nhớ. Đề nghị đóng bớt chương trình khác rồi in lại, hoặc in không kèm trang địa bàn: --areas none."
                ) from error
            finally:
                pool.shutdown(cancel_futures=True)
        return made

    try:
        yield collect
    finally:
        for pool, _ in begun:
            pool.shutdown(cancel_futures=True)


def _begin(orders: Sequence[Order], count: int) -> tuple[ProcessPoolExecutor, list[Future[Printed]]]:
    """A pool of its own for each batch: replacing single workers (max_tasks_per_child) may hang in Python 3.11."""
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=limit_process,
        initargs=(WORKER_MEMORY_BYTES, resource.RLIMIT_DATA),
    )
    return pool, [pool.submit(print_pages, order) for order in orders]


def print_pages(order: Order) -> Printed:
    """The PDF of one district: exactly two pages, whatever its senders wrote."""
    # imported here: a worker that is only starting should not wait for what the parent imports
    from pipeline.briefing.area_pages.layout import area_charts, area_html
    from pipeline.briefing.charts import drawn_figures
    from pipeline.briefing.paper.render import AttachedFile, PageCountError, render_pdf

    fonts, page = _fonts(), order.page
    charts = area_charts(page, order.document, fonts)
    inputs = to_json(dict(order.inputs))
    for size, doubts, remarks in _LAYOUTS[len(page.lines) > _ROOMY :]:
        shown, figures = (
            replace(page, doubts=page.doubts[:doubts], remarks=page.remarks[:remarks]),
            drawn_figures(charts),
        )
        html = area_html(shown, page, order.document, charts, fonts, figures, order.mark, size)
        facts = page.as_json(figures)
        made_from = _hashed(html.encode(), *(chart.svg for chart in charts.values()), inputs, facts).hex()
        if (made := _taken_over(order.earlier, made_from)) is not None:
            return made
        attached = [
            AttachedFile("inputs.json", inputs, "Nguồn gốc: mã băm của các đầu vào của địa bàn", "Source"),
            AttachedFile("facts.json", facts, "Mọi con số in trong hai trang này", "Data"),
        ]
        identifier = _hashed(inputs, facts)[:16]
        with suppress(PageCountError):
            pdf = render_pdf(html, fonts, charts, figures, attached, page.data_date, identifier, SHEETS)
            return Printed(pdf, made_from)
    raise GiaobanError(
        f"Số liệu của {page.area.full_name} không xếp vừa {SHEETS} trang. "
        "Đề nghị rút gọn tên chỉ tiêu (short_name) trong indicators.csv rồi in lại."
    )


def _taken_over(earlier: Earlier | None, made_from: str) -> Printed | None:
    """Earlier pages that were made from the same and that nobody touched since."""
    if earlier is None or earlier.made_from != made_from or not earlier.file.is_file():
        return None
    data = earlier.file.read_bytes()
    return Printed(data, made_from) if sha256(data).hexdigest() == earlier.sha256 else None


def _hashed(*parts: bytes) -> bytes:
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


@cache
def _fonts() -> Fonts:
    return load_fonts(REPORTS)
