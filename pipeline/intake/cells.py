"""The bytes of a file to sheets of cells, in every format: recognised by content, read within bounds, in Unicode.

xlsx and xlsb have two readers: calamine for the values, one of ours for what calamine leaves out. Every other format
has one reader for everything.
"""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.findings import RefusedError
from pipeline.intake.formats.archives import Archive
from pipeline.intake.formats.drafts import MAX_CELLS, Draft, too_large
from pipeline.intake.formats.legacy_text import decode_sheets
from pipeline.intake.formats.recognise import archive_kind, file_kind, refuse_lock_file
from pipeline.intake.formats.refusals import locked, unreadable
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet, address
from pipeline.vietnamese import normalise

__all__ = ["Sheet", "address", "read_sheets"]

MAX_FILE_BYTES = 30_000_000


def read_sheets(content: bytes, file: str = "") -> list[Sheet]:
    """Every sheet of a workbook; RefusedError names the cause where there is nothing to read.

    file is the name the file came under; it tells nothing but a lock file.
    """
    refuse_lock_file(file)
    if len(content) > MAX_FILE_BYTES:
        raise RefusedError(
            "file-too-large", f"tệp {len(content) // 1_000_000} MB", f"tệp dưới {MAX_FILE_BYTES // 1_000_000} MB",
            "Xóa các trang tính, hình ảnh không thuộc biểu mẫu rồi gửi lại.",
        )  # fmt: skip
    drafts = _drafts(content)
    decode_sheets([draft.sheet for draft in drafts], [draft.fonts for draft in drafts])
    for draft in drafts:
        draft.sheet.name = normalise(draft.sheet.name)
    return [draft.sheet for draft in drafts]


def _drafts(content: bytes) -> list[Draft]:
    """Each format is imported where it occurs: a worker that reads one xlsx loads no other parser."""
    kind = file_kind(content)
    if kind == "ole":
        from pipeline.intake.formats import xls

        return xls.read_drafts(content)
    if kind == "html":
        from pipeline.intake.formats import html_tables

        return [html_tables.read_draft(content)]
    if kind == "excel-2003-xml":
        from pipeline.intake.formats import excel_2003_xml

        return excel_2003_xml.read_drafts(content)
    if kind == "csv":
        from pipeline.intake.formats import csv_text

        return [csv_text.read_draft(csv_text.decoded_text(content))]
    archive = Archive(content)
    packed = archive_kind(archive)
    if packed == "ods":
        from pipeline.intake.formats import ods

        return ods.read_drafts(archive)
    if packed == "xlsb":
        from pipeline.intake.formats import xlsb

        return _with_values(content, xlsb.read_drafts(archive))
    from pipeline.intake.formats import xlsx

    return _with_values(content, xlsx.read_drafts(archive))


def _with_values(content: bytes, drafts: dict[str, Draft]) -> list[Draft]:
    """The values calamine reads put into the drafts, which know how far each sheet really goes.

    calamine holds a sheet as one full rectangle, so one cell far away would fill the memory: such a file is refused.
    """
    for draft in drafts.values():
        if (draft.last_row + 1) * (draft.last_column + 1) > MAX_CELLS:
            raise too_large(draft.sheet.name, draft.last_row, draft.last_column)
    filled = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                draft = drafts[about.name]  # LookupError: the two readers see different workbooks
                draft.sheet.is_hidden = about.visible != SheetVisibleEnum.Visible
                _fill(draft, workbook)
                filled.append(draft)
    except PasswordError:
        raise locked() from None
    except (CalamineError, ValueError, OSError, LookupError):
        raise unreadable() from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of the Rust library: no subclass of Exception
            raise unreadable() from None
        raise
    if len(filled) != len(drafts):
        raise unreadable()
    return filled


def _fill(draft: Draft, workbook: CalamineWorkbook) -> None:
    source = workbook.get_sheet_by_name(draft.sheet.name)
    rows = source.to_python(skip_empty_area=False, nrows=MAX_ROWS)
    if source.total_width >= MAX_COLUMNS:
        rows = [row[:MAX_COLUMNS] for row in rows]
    draft.sheet.rows = rows
    draft.sheet.merged = list(source.merged_cell_ranges or [])
    for (row, column), runs in draft.fonts.items():
        value = draft.sheet.value(row, column) if row < len(rows) else None
        if len(runs) > 1 and (not isinstance(value, str) or len(value) <= runs[-1][0]):
            draft.fonts[row, column] = [(0, next((claim for _, claim in runs if claim), None))]
