"""A programme's definition (and what earlier forms said) -> the blank workbook of each reporter."""

from pipeline.forms.earlier import earlier_figures
from pipeline.forms.files import Written, blank_workbook, write_forms
from pipeline.forms.owed import excused_reporters, owing_reporters

__all__ = ["Written", "blank_workbook", "earlier_figures", "excused_reporters", "owing_reporters", "write_forms"]
