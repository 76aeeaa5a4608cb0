"""Which forms stand where in a workbook: by the titles of the declared forms, and which of two copies counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.findings import Finding
from pipeline.intake.cells import Sheet
from pipeline.intake.columns import Table, find_table
from pipeline.intake.grid import Grid, cell_range
from pipeline.intake.identity import stated_quarter
from pipeline.intake.units import Units
from pipeline.programme import Programme
from pipeline.programme.layouts import Layout
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold, strip_diacritics

_LONGEST_TITLE = 300
_TITLE_CELLS = 4
_BLOCK_ROWS, _MOST_TITLES = 40, 300  # beyond these a sheet is no form, whatever it repeats
_TITLE_ROW_CELLS = 12  # more texts than this in a row make no title block
_LINES_BELOW_TITLE = 5
_TITLE_ROWS = 15  # the head of a sheet, where a second table on it names neither period nor sender


@dataclass
class Place:
    """A form on a sheet: its title, its table if there is one, and the rows that may belong to it."""

    grid: Grid
    layout: Layout
    title_row: int
    first_row: int
    end_row: int
    table: Table | None = None
    findings: list[Finding] = field(default_factory=list)
    rows_above: list[int] = field(default_factory=list)  # of another table, between the title block and this one

    @property
    def sheet(self) -> Sheet:
        return self.grid.sheet

    def title_lines(self) -> list[str]:
        """The texts above the table."""
        end = self.table.top if self.table else min(self.end_row, self.first_row + _TITLE_ROWS)
        return lines_between(self.grid, self.first_row, end)

    def head_lines(self) -> list[str]:
        """The texts above the table, or those of the sheet's head where it stands further down."""
        return [*self.title_lines(), *lines_between(self.grid, 0, min(_TITLE_ROWS, self.first_row))]

    def quarter(self) -> Quarter | None:
        return stated_quarter(self.title_lines()) or stated_quarter(self.head_lines())


def lines_between(grid: Grid, first: int, end: int) -> list[str]:
    """Texts of some rows; one that ends in a colon together with the cell it introduces."""
    lines: list[str] = []
    for row in range(first, min(end, grid.height)):
        texts = [text for column, text in grid.texts(row).items() if isinstance(grid.sheet.value(row, column), str)]
        for text, following in zip(texts, [*texts[1:], ""][: len(texts)], strict=True):
            lines.append(f"{text} {following}" if text.endswith(":") else text)
    return lines


class Titles:
    """The titles of a programme's forms; the longest wording in a text wins."""

    def __init__(self, layouts: Iterable[Layout]) -> None:
        self._titles = sorted(
            ((fold(title), strip_diacritics(title), layout) for layout in layouts for title in layout.titles),
            key=lambda title: (-len(title[0]), title[0]),
        )
        self._shortest = min((len(bare) for _, bare, _ in self._titles), default=0)

    def of(self, text: str) -> tuple[Layout, float] | None:
        """The form a text is the title of, and how much of the text that is; accents may all be missing."""
        if len(text) < self._shortest:
            return None
        folded = f" {fold(text)} "
        for title, bare, layout in self._titles:
            if f" {bare if folded.isascii() else title} " in folded:
                return layout, len(title) / len(folded)
        return None


@dataclass(frozen=True)
class _Hit:
    """A text with the title of a form in it: the title itself, or a mention."""

    row: int
    layout: Layout
    share: float


def find_places(sheet: Sheet, titles: Titles, programme: Programme, quarter: Quarter) -> list[Place]:
    """Every form on a sheet, from top to bottom; a title without a table only where the sheet has no table."""
    grid = Grid(sheet)
    places: list[Place] = []
    waiting: list[_Hit] = []
    hits = _title_hits(grid, titles)

    def place_at(hit: _Hit, end: int) -> Place:
        table, findings = find_table(grid, hit.layout, quarter, units_of(hit.layout, programme), hit.row + 1, end)
        return Place(grid, hit.layout, hit.row, _block_start(grid, hit.row), grid.height, table, findings)

    for hit, end in zip(hits, [*(later.row for later in hits[1:]), grid.height][: len(hits)], strict=True):
        place = place_at(hit, end)
        waiting.append(hit)
        if place.table is None:
            continue
        # of all that is named above this table, the purest title is its own
        rivals = [place, *(place_at(earlier, end) for earlier in waiting[:-1])]
        share = {id(rival): one.share for rival, one in zip(rivals, [hit, *waiting[:-1]], strict=True)}
        place = max((rival for rival in rivals if rival.table), key=lambda rival: share[id(rival)])
        waiting = []
        if places and _goes_on(places[-1], place):
            continue
        if places:
            places[-1].end_row = place.first_row
        places.append(place)
    if not places and waiting:
        return [place_at(max(waiting, key=lambda hit: hit.share), grid.height)]
    if places:
        first = places[0]
        first.rows_above = [row for row in range(first.title_row) if grid.has_figures(row)]
        first.first_row = max(first.rows_above, default=-1) + 1
    return places


def stated_periods(sheets: Iterable[Sheet], layouts: Iterable[Layout]) -> set[Quarter | None]:
    """The periods named over the forms of these layouts; None for a form that names none, empty without a form."""
    titles = Titles(layouts)
    found: set[Quarter | None] = set()
    for sheet in sheets:
        grid = Grid(sheet)
        for hit in _title_hits(grid, titles):
            own = lines_between(grid, _block_start(grid, hit.row), hit.row + _LINES_BELOW_TITLE)
            found.add(stated_quarter(own) or stated_quarter(lines_between(grid, 0, _TITLE_ROWS)))
    return found


def units_of(layout: Layout, programme: Programme) -> Units:
    return _units(tuple(measure.unit for measure in programme.measures), layout.same_units)


@lru_cache(maxsize=64)
def _units(of_measures: tuple[str, ...], same: tuple[str, ...]) -> Units:
    return Units(of_measures, same)


def _title_hits(grid: Grid, titles: Titles) -> list[_Hit]:
    """Rows with a form's title, in one cell or broken over two rows of one column."""
    found: list[_Hit] = []
    for row in range(grid.height):
        if len(found) == _MOST_TITLES:
            break
        cells = grid.sheet.rows[row]
        texts = {
            column: value
            for column, value in enumerate(cells)
            if isinstance(value, str) and value and len(value) <= _LONGEST_TITLE
        }
        if len(texts) > _TITLE_ROW_CELLS:
            continue
        hits = [hit for text in texts.values() if (hit := titles.of(text))]
        if not hits and len(texts) <= _TITLE_CELLS:
            below = {column: grid.text(row + 1, column) for column in texts}
            joined = (titles.of(f"{text} {below[column]}") for column, text in texts.items() if below[column])
            hits = [hit for hit in joined if hit] if not any(titles.of(text) for text in below.values()) else []
        if hits:
            layout, share = max(hits, key=lambda hit: hit[1])
            found.append(_Hit(row, layout, share))
    return found


def _block_start(grid: Grid, title_row: int) -> int:
    """The first row of the block of lines a title stands in."""
    row = title_row
    while (
        row > max(title_row - _BLOCK_ROWS, 0)
        and 0 < len(grid.texts(row - 1)) <= _TITLE_CELLS
        and not grid.has_figures(row - 1)
    ):
        row -= 1
    return row


def _goes_on(before: Place, place: Place) -> bool:
    """The title printed again over the next page: the same form, and no other period."""
    if before.layout.form != place.layout.form or place.table is None:
        return False
    stated = stated_quarter(lines_between(place.grid, place.first_row, place.table.top))
    return stated in (None, before.quarter())


def choose(places: Sequence[Place], quarter: Quarter) -> tuple[list[Place], list[Finding]]:
    """Of the copies of each form the one that counts, as far as it can be told; the rest with the reason why not.

    The quarter's copy goes before another quarter's, a visible one before a hidden one. Copies that neither
    tells apart are all handed back: which of them counts is not ours to choose.
    """
    chosen: list[Place] = []
    findings: list[Finding] = []
    for form in dict.fromkeys(place.layout.form for place in places):
        copies = [place for place in places if place.layout.form == form]
        copies = [place for place in copies if place.table is not None] or copies[:1]
        if copies[0].table is None and any(place.table for place in places) and not _has_rows(copies[0]):
            continue  # a letter that names the form, not the form
        of_quarter = [place for place in copies if place.quarter() == quarter]
        others = [place for place in copies if place.quarter() not in (None, quarter)]
        if of_quarter and others:
            for place in others:
                findings.append(
                    Finding(
                        "other-period", "info", place.sheet.name, _area(place),
                        f"biểu của {stated.title}" if (stated := place.quarter()) else "", quarter.title,
                        "Biểu của kỳ khác không được sử dụng; nên xóa trước khi gửi.",
                    )
                )  # fmt: skip
            copies = [place for place in copies if place not in others]
        visible = [place for place in copies if not place.sheet.is_hidden]
        if visible and len(visible) < len(copies):
            for place in copies:
                if place.sheet.is_hidden:
                    findings.append(
                        Finding(
                            "hidden-copy", "info", place.sheet.name, "",
                            f"trang ẩn có cùng biểu với trang '{visible[0].sheet.name}'", "mỗi biểu một trang tính",
                            "Trang ẩn không được sử dụng; nên xóa trước khi gửi.",
                        )
                    )  # fmt: skip
            copies = visible
        if copies[0].sheet.is_hidden:
            findings.append(
                Finding(
                    "form-on-hidden-sheet", "warn", copies[0].sheet.name, "", "biểu chỉ có trên trang tính bị ẩn",
                    "biểu trên trang tính hiện",
                    "Số liệu vẫn được đọc; kiểm tra lại và bỏ ẩn trang tính trước khi gửi.",
                )
            )  # fmt: skip
        chosen.extend(copies)
    order = {id(place): index for index, place in enumerate(places)}
    return sorted(chosen, key=lambda place: order[id(place)]), findings


def _has_rows(place: Place) -> bool:
    return any(place.grid.has_figures(row) for row in range(place.title_row, place.end_row))


def _area(place: Place) -> str:
    if place.table is None:
        return ""
    return cell_range(place.title_row, place.table.first, place.end_row - 1, max(place.table.end - 1, 0))
