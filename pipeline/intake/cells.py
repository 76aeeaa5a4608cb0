"""The bytes of a workbook to sheets of cells, at the addresses a person sees in Excel.

calamine reads values and merged ranges of every format; openpyxl passes a second time over .xlsx for what
calamine does not give: number formats, and formulas whose value was never calculated.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pipeline.findings import RefusedError
from pipeline.intake.numbers import Raw
from pipeline.vietnamese import normalise

MAX_FILE_BYTES = 30_000_000
MAX_EXPANDED_BYTES = 300_000_000
MAX_ROWS, MAX_COLUMNS = 20_000, 400


@dataclass
class Sheet:
    """One sheet: values by (row, column) from 0, what is merged, and what the second pass saw."""

    name: str
    rows: Sequence[Sequence[Raw]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    percent_cells: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)  # text or number struck through: an old value
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # '#DIV/0!' where the value arrives as ""
    undecoded: set[tuple[int, int]] = field(default_factory=set)  # text in an encoding that could not be told

    def value(self, row: int, column: int) -> Raw:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        value = self.value(row, column)
        return normalise(value) if isinstance(value, str) else "" if value is None else str(value)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """(13, 4) -> `E14`."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def file_kind(content: bytes) -> str:
    """What the bytes are, whatever the name says: zip, ole, or the plain name of something else."""
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        return "tệp rỗng"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if content.startswith(b"%PDF"):
        return "tệp PDF"
    if content.startswith((b"\xff\xd8", b"\x89PNG", b"II*\x00", b"MM\x00*")):
        return "ảnh chụp hoặc bản quét"
    if head[:1] == b"<":
        return "trang HTML hoặc XML"
    if content.startswith((b"Rar!", b"7z\xbc\xaf")):
        return "tệp nén"
    return "tệp không phải bảng tính"


def read_sheets(content: bytes) -> list[Sheet]:
    """Every sheet of a workbook; RefusedError names the cause where there is nothing to read."""
    kind = file_kind(content)
    if len(content) > MAX_FILE_BYTES:
        raise RefusedError(
            "file-too-large", f"tệp {len(content) // 1_000_000} MB", f"tệp dưới {MAX_FILE_BYTES // 1_000_000} MB",
            "Xóa các trang tính, hình ảnh không thuộc biểu mẫu rồi gửi lại.",
        )  # fmt: skip
    if kind not in ("zip", "ole"):
        raise RefusedError(
            "not-a-workbook", kind, "tệp Excel (.xlsx)",
            "Mở biểu mẫu bằng Excel, chọn Lưu thành (Save As) loại Excel Workbook (.xlsx) rồi gửi lại.",
        )  # fmt: skip
    if kind == "zip":
        _measure_archive(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_sheet(workbook, name) for name in workbook.sheet_names]
    except PasswordError:
        raise _locked() from None
    except (CalamineError, ValueError, OSError, KeyError, IndexError):
        raise _unreadable(content, kind) from None
    if kind == "zip":
        _second_pass(content, sheets)
    return sheets


def _unreadable(content: bytes, kind: str) -> RefusedError:
    """Why a container that looks like a workbook has none inside."""
    if kind == "ole" and "EncryptedPackage".encode("utf-16-le") in content:
        return _locked()
    if kind == "ole" and "WordDocument".encode("utf-16-le") in content:
        return RefusedError(
            "not-a-workbook", "văn bản Word", "tệp Excel (.xlsx)",
            "Gửi biểu số liệu bằng tệp Excel; văn bản gửi riêng.",
        )  # fmt: skip
    return RefusedError(
        "unreadable", "tệp hỏng, có mật khẩu hoặc sai cấu trúc", "tệp Excel mở được, không có mật khẩu",
        "Mở tệp bằng Excel, bỏ mật khẩu nếu có, lưu lại loại Excel Workbook (.xlsx) rồi gửi lại.",
    )  # fmt: skip


def _locked() -> RefusedError:
    return RefusedError(
        "password", "tệp có mật khẩu", "tệp không đặt mật khẩu",
        "Bỏ mật khẩu của tệp (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại.",
    )  # fmt: skip


def _measure_archive(content: bytes) -> None:
    """An archive is measured before it is opened; what it declares is bounded, not believed to be true."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            expanded = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return  # calamine says what is wrong with it
    if expanded > MAX_EXPANDED_BYTES:
        raise RefusedError(
            "archive-too-large", f"nội dung giải nén {expanded // 1_000_000} MB",
            f"dưới {MAX_EXPANDED_BYTES // 1_000_000} MB",
            "Sao chép riêng các biểu sang một tệp Excel mới rồi gửi lại.",
        )  # fmt: skip


def _sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    height, width = sheet.total_height, sheet.total_width
    if height > MAX_ROWS or width > MAX_COLUMNS:
        # far-away formatting makes a sheet look huge; forms are small, the rest is cut off
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
        rows = [row[:MAX_COLUMNS] for row in rows]
    else:
        rows = sheet.to_python(skip_empty_area=False)
    return Sheet(name=normalise(name), rows=rows, merged=list(sheet.merged_cell_ranges or []))


def _second_pass(content: bytes, sheets: list[Sheet]) -> None:
    """Number formats and formulas of an .xlsx; another format in a zip keeps only the first pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workbook = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
        except Exception:  # openpyxl raises whatever its parser met; the first pass has read the values
            return
    for sheet in sheets:
        seen = next((other for other in workbook.worksheets if normalise(other.title) == sheet.name), None)
        if seen is None:
            continue
        for (cell_row, cell_column), cell in seen._cells.items():
            row, column = cell_row - 1, cell_column - 1
            if "%" in cell.number_format:
                sheet.percent_cells.add((row, column))
            if cell.data_type == "f" and row < len(sheet.rows) and sheet.value(row, column) in (None, ""):
                sheet.uncalculated.add((row, column))
