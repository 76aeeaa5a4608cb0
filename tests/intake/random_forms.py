"""Writes a random programme's forms the way a random office would; what was meant is known.

`area_form` makes a form with a row per commune, `measure_form` one with a row per measure. Both hand back the
programme (areas, measures, one layout), the workbook and the figures meant by (measure, area, series).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pipeline.programme import Area, Measure, Programme
from pipeline.programme.layouts import Layout
from pipeline.vietnamese import strip_diacritics
from tests.intake.random_office import (
    Office,
    Page,
    column_style,
    figure,
    finished,
    number_row,
    title_block,
    typed,
    write_header,
)

Truth = dict[tuple[str, str, str], Decimal | str]
REPORTER = "001"
NAMES = ["Một", "Hai", "Lê Lợi", "Thủy Xá", "Mỹ Đức", "Hòa Bình", "An Khánh", "Kim Liên", "7", "12"]
KINDS = [("phuong", "Phường", "P."), ("xa", "Xã", "X."), ("thi_tran", "Thị trấn", "TT.")]
GROUPS = ["Hộ nghèo", "Hộ cận nghèo", "Dân cư", "Trẻ em", "Nhà ở"]
LEAVES = ["Đầu kỳ", "Cuối kỳ", "Số hộ", "Nhân khẩu", "Tăng trong kỳ", "Nữ"]
UNITS = ["hộ", "người", "triệu đồng", "căn"]
SERIES = {"plan": "Kế hoạch năm", "in_period": "Thực hiện > Trong kỳ", "actual": "Thực hiện > Lũy kế",
          "last_year": "Cùng kỳ"}  # fmt: skip
ROW_NAMES = ["Số hộ được hỗ trợ", "Số người có việc làm", "Kinh phí hỗ trợ", "Số nhà xây mới", "Số trẻ em đi học",
             "Tổng số người cao tuổi"]  # fmt: skip


@dataclass
class Written:
    """A form as an office sent it, and what the office meant."""

    programme: Programme
    content: bytes
    truth: Truth
    habits: list[str] = field(default_factory=list)


def measure_of(code: str, name: str, unit: str, decimals: int, level: str) -> Measure:
    return Measure.model_validate(
        {
            "code": code, "name_vi": name, "unit": unit, "decimals": decimals, "period_kind": "stock", "level": level,
            "reported_by": "area", "form": "ngau_nhien", "frequency": "quarterly", "lower": 0,
        }
    )  # fmt: skip


# --- a row per commune ---


def area_form(draw: Callable[[st.SearchStrategy[Any]], Any], base: Programme) -> Written:
    """A form with a row per commune, of random columns."""
    office = Office(draw)
    communes = [
        Area.model_validate(
            {"code": f"0001{n}", "name": name, "kind": office.one_of(KINDS)[0], "level": "commune",
             "parent_code": REPORTER, "sort": n}
        )
        for n, name in enumerate(office.some(NAMES, 2, 6))
    ]  # fmt: skip
    tree = [(group, office.some(LEAVES, 1, 3)) for group in office.some(GROUPS, 1, 3)]
    heads = [(group, leaf) for group, leaves in tree for leaf in leaves]
    is_scaled = office.does("thousands in the title")
    measures = [measure_of(f"m{n}", " ".join(path), "hộ", 0, "commune") for n, path in enumerate(heads)]
    truth: Truth = {(measure.code, area.code, "actual"): figure(office, 0) for measure in measures for area in communes}
    layout = Layout.model_validate(
        {
            "form": "ngau_nhien", "titles": ["Biểu ngẫu nhiên thử nghiệm"], "sender": "area", "rows": "areas",
            "ordinal": "STT|TT", "label": "Xã, phường, thị trấn|Đơn vị", "remark": "Ghi chú",
            "columns": [
                {"measure": measure.code, "header": " > ".join(path)}
                for measure, path in zip(measures, heads, strict=True)
            ],
            "groups": ["Khu vực thành thị", "Khu vực nông thôn"], "totals": ["Tổng cộng", "Cộng"],
        }
    )  # fmt: skip
    programme = replace(
        base, areas=(*(one for one in base.areas if one.level != "commune"), *communes), measures=tuple(measures),
        layouts=(layout,),
    )  # fmt: skip
    page = Page(office.number(0, 2))
    title_block(office, page, "BIỂU NGẪU NHIÊN THỬ NGHIỆM", "nghìn hộ" if is_scaled else "")
    _write_areas(office, page, measures, dict(zip(heads, measures, strict=True)), communes, truth, is_scaled)
    hidden = []
    if office.does("a hidden copy with other figures"):
        copy = Page(0)
        copy.add("BIỂU NGẪU NHIÊN THỬ NGHIỆM")
        write_header(office, copy, [("STT",), ("Đơn vị",), *heads], is_merged=True)
        for n, area in enumerate(communes, start=1):
            copy.add(n, area.name, *[1] * len(heads))
        hidden.append(("An", copy))
    return Written(programme, finished(office, page, "Biểu", hidden), truth, office.habits)


def _write_areas(
    office: Office,
    page: Page,
    measures: Sequence[Measure],
    by_head: dict[tuple[str, ...], Measure],
    communes: Sequence[Area],
    truth: Truth,
    is_scaled: bool,
) -> None:
    outer = ("Kết quả năm 2030",) if office.does("one heading over all") else ()
    blocks: list[list[tuple[str, ...]]] = [[("STT",)]] if office.does("an ordinal column") else []
    groups: dict[str, list[tuple[str, ...]]] = {}
    for path in by_head:
        groups.setdefault(path[0], []).append(path)
    blocks += [office.order(paths) for paths in groups.values()]
    blocks += [[("Ghi chú",)]] if office.does("a column for remarks") else []
    blocks += [[("Mã số của phòng",)]] if office.does("a column of its own") else []
    label = ("Đơn vị",) if office.does("another word for the label") else ("Xã, phường, thị trấn",)
    blocks = [[label], *blocks] if not office.does("reordered blocks") else office.order([[label], *blocks])
    if office.does("a hidden column of old figures"):
        block = office.one_of([block for block in blocks if block[0] in by_head])
        block.insert(1, block[0])
    columns = [path for block in blocks for path in block]
    old = {at for at, path in enumerate(columns) if path in by_head and path in columns[:at]}
    page.hidden_columns.extend(old)
    heads = [(*outer, *path) if path in by_head else path for path in columns]
    is_merged = office.does("merged headers")
    header = write_header(office, page, heads, is_merged)
    if columns[0] != label or ("STT",) not in columns:
        page.add(*(f"({n})" for n in range(1, len(columns) + 1)))
    else:
        number_row(office, page, len(columns))
    scale = Decimal("0.001") if is_scaled else Decimal(1)
    values = {
        path: [Decimal(truth[measure.code, area.code, "actual"]) * scale for area in communes]
        for path, measure in by_head.items()
    }
    styles = {path: "number" if is_scaled else column_style(office, values[path]) for path in by_head}

    def line(ordinal: Any, name: str, cells: dict[tuple[str, ...], Any]) -> list[Any]:
        special = {("STT",): ordinal, label: name}
        return [1 if at in old and cells else special.get(path, cells.get(path)) for at, path in enumerate(columns)]

    sums = {path: sum(column, Decimal(0)) for path, column in values.items()}
    total = line(None, office.one_of(["Tổng cộng", "CỘNG", "Tổng cộng (I+II)"]),
                 {path: typed(office, value, "number") for path, value in sums.items()})  # fmt: skip
    where = office.one_of(["none", "top", "bottom", "both"])
    if where in ("top", "both"):
        page.add(*total)
    has_group = office.does("a group row")
    if has_group:
        with_sums = office.does("subtotal in the group row")
        cells = {path: typed(office, value, "number") for path, value in sums.items()} if with_sums else {}
        page.add(*line("I", "Khu vực thành thị", cells))
    for n, area in enumerate(communes):
        if n and office.does("header again on the next page"):
            page.rows.extend(header)
        if n and office.does("a blank row"):
            page.add()
        if office.does("a hidden row of old figures"):
            page.hidden_rows.append(page.add(*line(n + 1, area.name, dict.fromkeys(by_head, 1))))
        cells = {path: typed(office, values[path][n], styles[path]) for path in by_head}
        page.add(*line(n + 1, _called(office, area), cells))
    if where in ("bottom", "both"):
        page.add(*total)


def _called(office: Office, area: Area) -> str:
    kind = next(kind for kind in KINDS if kind[0] == area.kind)
    name = office.one_of(
        [area.name, f"{kind[1]} {area.name}", f"{kind[2]} {area.name}", f"{kind[2]}{area.name}",
         f"{kind[1]} {area.name}".upper(), f"UBND {kind[1].lower()} {area.name}", f"  {kind[1]}  {area.name} "]
    )  # fmt: skip
    return strip_diacritics(name).title() if office.does("a name without accents") else name


# --- a row per measure ---


def measure_form(draw: Callable[[st.SearchStrategy[Any]], Any], base: Programme) -> Written:
    """A form with a row per measure, of random columns and units."""
    office = Office(draw)
    names = office.some(ROW_NAMES, 1, 6)
    measures = []
    for n, name in enumerate(names):
        unit = office.one_of(UNITS)
        measures.append(measure_of(f"m{n}", name, unit, 1 if unit == "triệu đồng" else 0, "district"))
    series = ["actual", *office.some([one for one in SERIES if one != "actual"], 0, 3)]
    layout = Layout.model_validate(
        {
            "form": "ngau_nhien", "titles": ["Biểu ngẫu nhiên thử nghiệm"], "sender": "area", "rows": "measures",
            "ordinal": "STT|TT", "label": "Chỉ tiêu|Nội dung", "unit": "Đơn vị tính|ĐVT",
            "columns": [{"series": one, "header": SERIES[one]} for one in series],
        }
    )  # fmt: skip
    programme = replace(base, measures=tuple(measures), layouts=(layout,), indicators=())
    truth: Truth = {
        (measure.code, REPORTER, one): office.one_of(["missing", "not_applicable"])
        if office.number(0, 5) == 0
        else figure(office, measure.decimals)
        for measure in measures
        for one in series
    }
    page = Page(office.number(0, 2))
    title_block(office, page, "BIỂU NGẪU NHIÊN THỬ NGHIỆM")
    has_unit = office.does("a unit column")
    blocks = [[("STT",), ("Chỉ tiêu",)], *([[("ĐVT",)]] if has_unit else [])]
    done = [tuple(SERIES[one].split(" > ")) for one in series if " > " in SERIES[one]]
    blocks += [office.order(done)] if done else []
    blocks += [[(SERIES[one],)] for one in series if " > " not in SERIES[one]]
    columns = [path for block in ([*blocks[:1], *office.order(blocks[1:])]) for path in block]
    write_header(office, page, columns, office.does("merged headers"))
    number_row(office, page, len(columns))
    by_head = {tuple(SERIES[one].split(" > ")): one for one in series}
    if office.does("a group row"):
        page.add("I", "NHÓM MỘT")
    for n, measure in enumerate(office.order(measures), start=1):
        factor, unit = Decimal(1), measure.unit
        is_scaled = office.does("a row in thousands") and "đồng" not in unit
        if is_scaled:
            factor, unit = Decimal("0.001"), f"nghìn {unit}"
        label = f"{n}. {measure.name_vi}" if office.does("numbered in the label") else measure.name_vi
        if is_scaled and not has_unit:
            label = f"{label} ({unit})"
        cells = {("STT",): n, ("Chỉ tiêu",): label, ("ĐVT",): unit}
        for path, one in by_head.items():
            meant = truth[measure.code, REPORTER, one]
            if isinstance(meant, str):
                cells[path] = office.one_of(["x", "X"] if meant == "not_applicable" else ["…", "KCSL", "chưa có"])
            else:
                style = office.one_of(["number", "plain", "spaces"]) if is_scaled else column_style(office, [meant])
                cells[path] = typed(office, meant * factor, "number" if is_scaled else style)
        page.add(*(cells.get(path) for path in columns))
    return Written(programme, finished(office, page, "Biểu"), truth, office.habits)
