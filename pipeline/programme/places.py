"""An area as people name it: its code, its name with or without its kind, in any case, without accents at worst."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.errors import UsageError
from pipeline.programme.loading import Programme
from pipeline.programme.tables import TOP_AREA, Area
from pipeline.quarters import Quarter
from pipeline.vietnamese import fold, strip_diacritics

_LEVELS = ("city", "district", "commune")


def area_code(programme: Programme, quarter: Quarter, asked: str) -> str:
    """The code of the area in force called `asked`; a text that names none is handed back as it is.

    A district goes before the communes of its name. UsageError lists the areas that share a name.
    """
    areas = [area for area in programme.areas if area.valid_on(quarter.ends_on)]
    if any(asked == area.code for area in areas):
        return asked
    for spelt in (fold, strip_diacritics):
        named = [area for area in areas if spelt(asked) in _names(area, spelt)]
        for level in _LEVELS:
            alike = [area for area in named if area.level == level]
            if len(alike) > 1:
                listing = ", ".join(f"{area.code} {_told(programme, area)}" for area in alike)
                raise UsageError(
                    f"Có {len(alike)} địa bàn tên '{asked}': {listing}. Đề nghị ghi mã, ví dụ {alike[0].code}."
                )
            if alike:
                return alike[0].code
    return asked


def area_listing(areas: Iterable[Area]) -> str:
    """`city, 001 Ba Đình, 002 Hoàn Kiếm`: what an area can be asked by."""
    return ", ".join([TOP_AREA, *(f"{area.code} {area.name}" for area in areas)])


def _names(area: Area, spelt: Callable[[str], str]) -> set[str]:
    return {spelt(name) for name in (area.name, area.full_name, *area.aliases)}


def _told(programme: Programme, area: Area) -> str:
    """With its district, since communes of two districts may share a name."""
    above = programme.area_by_code.get(area.parent_code or "")
    return f"{area.full_name} ({above.full_name})" if area.level == "commune" and above else area.full_name
