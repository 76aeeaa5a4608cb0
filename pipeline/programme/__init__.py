"""A programme as data: what stands in raw/<programme>/, validated on load, handed on as frames.

Tables are CSV that people edit in Excel, documents are YAML. One broken programme does not unload the
others. Nothing here knows any programme by name.
"""

from pipeline.programme.loading import (
    Programme,
    Programmes,
    find_programme,
    load_programme,
    load_programmes,
    programme_ids,
)
from pipeline.programme.places import area_code, area_listing
from pipeline.programme.tables import TOP_AREA, Area, Indicator, Measure, Owner

__all__ = [
    "TOP_AREA",
    "Area",
    "Indicator",
    "Measure",
    "Owner",
    "Programme",
    "Programmes",
    "area_code",
    "area_listing",
    "find_programme",
    "load_programme",
    "load_programmes",
    "programme_ids",
]
