"""The districts' pages as PDF files, printed side by side in spawned workers."""

from __future__ import annotations

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
Collect = Callable[[Callable[[str], None]], dict[str, bytes]]
# size of the table of indicators, how many doubts and remarks are printed: the first that leave both pages whole
_LAYOUTS = (("roomy", 8, 6), ("close", 8, 6), ("close", 4, 4), ("tight", 4, 4), ("tight", 2, 2), ("tight", 0, 0))
_ROOMY = 24  # indicators up to which the first layout is tried


@dataclass(frozen=True)
class Order:
    """What a worker needs for the pages of one district; mark stands on every page, empty for none."""

    page: AreaPage
    document: DocumentHeading
    inputs: Mapping[str, Any]
    mark: str

    @property
    def name(self) -> str:
        return f"{FOLDER}/{self.page.area.code}.pdf"


def print_area_pages(
    pages: Sequence[AreaPage],
    document: DocumentHeading,
    inputs: Mapping[str, Any],
    mark: str,
    progress: Callable[[str], None] = lambda _: None,
    workers: int | None = None,
) -> dict[str, bytes]:
    """The files `areas/<code>.pdf` of all pages, by name; the same bytes however many workers there are.

    inputs is what inputs.json of the briefing holds. GiaobanError where a page cannot be printed as it should.
    """
    with area_printing(pages, document, inputs, mark, workers) as collect:
        return collect(progress)


@contextmanager
def area_printing(
    pages: Sequence[AreaPage],
    document: DocumentHeading,
    inputs: Mapping[str, Any],
    mark: str,
    workers: int | None = None,
) -> Iterator[Collect]:
    """print_area_pages begun: workers print while this process does something else, then `collect(progress)`."""
    orders = [Order(page, document, inputs, mark) for page in pages]
    count = min(workers or min(MAX_WORKERS, os.cpu_count() or 1), len(orders))
    if count < 2 or len(orders) < FEWEST:
        yield lambda _: {order.name: print_pages(order) for order in orders}
        return
    size = PAGES_PER_WORKER * count
    batches = [orders[first : first + size] for first in range(0, len(orders), size)]
    begun = [_begin(batches[0], count)]

    def collect(progress: Callable[[str], None]) -> dict[str, bytes]:
        made: dict[str, bytes] = {}
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


def _begin(orders: Sequence[Order], count: int) -> tuple[ProcessPoolExecutor, list[Future[bytes]]]:
    """A pool of its own for each batch: replacing single workers (max_tasks_per_child) may hang in Python 3.11."""
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=limit_process,
        initargs=(WORKER_MEMORY_BYTES, resource.RLIMIT_DATA),
    )
    return pool, [pool.submit(print_pages, order) for order in orders]


def print_pages(order: Order) -> bytes:
    """The PDF of one district: exactly two pages, whatever its senders wrote."""
    # imported here: a worker that is only starting should not wait for what the parent imports
    from pipeline.briefing.area_pages.layout import area_charts, area_html
    from pipeline.briefing.charts import drawn_figures
    from pipeline.briefing.paper.render import AttachedFile, PageCountError, render_pdf

    fonts, page = _fonts(), order.page
    charts = area_charts(page, order.document, fonts)
    inputs = to_json({**order.inputs, "part": order.name})
    for size, doubts, remarks in _LAYOUTS[len(page.lines) > _ROOMY :]:
        shown, figures = (
            replace(page, doubts=page.doubts[:doubts], remarks=page.remarks[:remarks]),
            drawn_figures(charts),
        )
        html = area_html(shown, page, order.document, charts, fonts, figures, order.mark, size)
        facts = page.as_json(figures)
        attached = [
            AttachedFile("inputs.json", inputs, "Nguồn gốc: mã băm của mọi đầu vào", "Source"),
            AttachedFile("facts.json", facts, "Mọi con số in trong hai trang này", "Data"),
        ]
        identifier = sha256(inputs + facts).digest()[:16]
        with suppress(PageCountError):
            return render_pdf(html, fonts, charts, figures, attached, page.data_date, identifier, SHEETS)
    raise GiaobanError(
        f"Số liệu của {page.area.full_name} không xếp vừa {SHEETS} trang. "
        "Đề nghị rút gọn tên chỉ tiêu (short_name) trong indicators.csv rồi in lại."
    )


@cache
def _fonts() -> Fonts:
    return load_fonts(REPORTS)
