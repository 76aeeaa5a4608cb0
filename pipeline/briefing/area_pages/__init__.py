"""Two pages for each district: its figures in the print of the briefing, beside those of the whole."""

from __future__ import annotations

from pipeline.briefing.area_pages.figures import AreaPage, area_pages
from pipeline.briefing.area_pages.printing import area_printing, print_area_pages

__all__ = ["AreaPage", "area_pages", "area_printing", "print_area_pages"]
