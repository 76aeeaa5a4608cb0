"""The same briefing for other readers: a page for the screen, a workbook, the marts as CSV."""
