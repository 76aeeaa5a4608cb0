"""How each office types: wording, layout and small liberties that change no figure.

An office keeps its habits from quarter to quarter: they are drawn once from its area code. What the programme's story
fixes (rare habits, file names) comes from story.yml.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.demo.story import Area, Story

KINDS = {  # kind of area -> full word, short word
    "quan": ("Quận", "Q."),
    "huyen": ("Huyện", "H."),
    "thi_xa": ("Thị xã", "TX."),
    "thanh_pho": ("Thành phố", "TP."),
    "phuong": ("Phường", "P."),
    "xa": ("Xã", "Xã"),
    "thi_tran": ("Thị trấn", "TT."),
}
SHEETS = ("Biểu {0}", "Bieu {0}", "BIEU {0}", "B{0}", "Biểu {1}")  # 0: "01", 1: "1"
PLANS = ("Kế hoạch năm", "Kế hoạch năm {year}", "KH năm {year}")
PERIODS = ("Quý {roman} năm {year}", "Quý {roman}/{year}", "(Số liệu đến hết quý {roman} năm {year})")
TOTALS = ("Tổng cộng", "Cộng", "Toàn {kind}")
FILES = (  # {name}: Ba Đình, {plain}: Ba Dinh, {full}: quận Ba Đình, {short}: Q. Ba Đình
    "UBND {full}_Quý {number}.{year}",
    "{code} {plain} - BC quy {roman} {year}",
    "{short} - báo cáo quý {roman}-{year}",
    "BC Q{number}-{year} {plain}",
    "{name} quý {roman}.{year} - Biểu 01-04",
    "Bao cao {programme} quy {roman} nam {year} ({plain})",
    "PLĐTBXH {name}_BC quý {number} {year}",
    "Bieu so lieu {plain} Q{roman}_{year}",
)
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Habit:
    """The habits of one office; text fields may hold {year}, {roman} and the like."""

    reporter: str  # as spelt in "Đơn vị báo cáo"
    file_name: str
    sheet: str
    number_heading: str  # STT, TT
    unit_heading: str
    plan_heading: str
    households_heading: str
    persons_heading: str
    period: str
    total: str
    is_total_first: bool
    has_subtotals: bool  # figures in the group rows
    groups_alone: bool  # a group row also where a district has only one class of communes
    goes_on_numbering: bool  # numbers go on from group to group
    letters_for_groups: bool  # A, B instead of I, II
    columns_with_formula: bool  # "A B 1 2 3=1-2" instead of "(1) (2)"
    part_mark: str  # before the parts of an indicator: "-", "+" or nothing
    prefix: int  # commune names: 0 none, 1 in full, 2 abbreviated
    short_labels: bool
    zero: str  # "0" as a number, or "-"
    rates: str  # percent, fraction, text
    text_numbers: bool
    first_column: int  # 1 where column A is left empty
    head: int  # 0, the tightest heading, to 3, the loosest
    font_size: int


def habit_of(story: Story, area: Area) -> Habit:
    """The habits of a district office, the same in every quarter."""
    fixed = story.facts["habits"]
    random = Random(f"{story.seed}:habit:{area.code}")

    def one(*choices: Choice) -> Choice:
        return choices[random.randrange(len(choices))]

    file_name = one(*FILES)
    same_names = _has_same_names(story.communes[area.code])
    prefix, rates, as_text = one(0, 1, 1, 2), one("percent", "percent", "fraction", "text"), fixed["text_numbers"]
    return Habit(
        reporter=one(*_spellings(area)),
        file_name=fixed["file_name"].get(area.code, file_name),
        sheet=one(*SHEETS),
        number_heading=one("STT", "TT"),
        unit_heading=one("Đơn vị tính", "ĐVT"),
        plan_heading=one(*PLANS),
        households_heading=one("Hộ", "Số hộ"),
        persons_heading=one("Nhân khẩu", "Khẩu"),
        period=one(*PERIODS),
        total=one(*TOTALS).format(kind=KINDS[area.kind][0].lower()),
        is_total_first=one(True, False, False),
        has_subtotals=one(True, True, False),
        groups_alone=one(True, False),
        goes_on_numbering=one(True, False),
        letters_for_groups=one(True, False),
        columns_with_formula=one(True, False),
        part_mark=one("-", "-", "+", ""),
        prefix=max(prefix, 1) if same_names else prefix,
        short_labels=one(True, False, False),
        zero=one("0", "0", "-"),
        rates="text" if area.code in as_text else rates,
        text_numbers=area.code in as_text,
        first_column=1 if area.code in fixed["empty_first_column"] else 0,
        head=random.randrange(4),
        font_size=one(11, 12, 12),
    )


def agency_habit(reporter: str, file_name: str) -> Habit:
    """An agency types the plain form."""
    return Habit(
        reporter=reporter,
        file_name=file_name,
        sheet=SHEETS[0],
        number_heading="STT",
        unit_heading="Đơn vị tính",
        plan_heading=PLANS[0],
        households_heading="Hộ",
        persons_heading="Khẩu",
        period=PERIODS[0],
        total=TOTALS[0],
        is_total_first=False,
        has_subtotals=False,
        groups_alone=False,
        goes_on_numbering=True,
        letters_for_groups=False,
        columns_with_formula=False,
        part_mark="",
        prefix=0,
        short_labels=False,
        zero="0",
        rates="percent",
        text_numbers=False,
        first_column=0,
        head=2,
        font_size=12,
    )


def full_name(area: Area) -> str:
    return f"{KINDS[area.kind][0]} {area.name}"


def commune_name(area: Area, habit: Habit) -> str:
    if habit.prefix == 0 and not area.name.isdigit():
        return area.name
    return f"{KINDS[area.kind][1 if habit.prefix == 2 else 0]} {area.name}"


def plain(text: str) -> str:
    """The text without diacritics, as many offices name their files."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _has_same_names(communes: Sequence[Area]) -> bool:
    return len({commune.name for commune in communes}) < len(communes)


def _spellings(area: Area) -> list[str]:
    """The listed spellings that name the kind of area, or the bare name: what people write on a form."""
    full, short = KINDS[area.kind]
    starts = (full, full.lower(), short, f"UBND {full.lower()}", full.upper())
    return [alias for alias in area.aliases if alias.startswith(starts)] or [full_name(area)]
