"""Two pages for each district: its figures in the print of the briefing, beside those of the whole."""

from __future__ import annotations

from pipeline.briefing.area_pages.figures import AreaPage, area_pages
from pipeline.briefing.area_pages.printing import Order, area_printing, earlier_pages, name_of

__all__ = ["AreaPage", "Order", "area_pages", "area_printing", "earlier_pages", "name_of"]
