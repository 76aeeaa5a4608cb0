"""What the bytes of a file are, whatever its name says; what is no table is refused by its own name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from pipeline.findings import RefusedError
from pipeline.intake.formats.archives import Archive
from pipeline.intake.formats.csv_text import decoded_text
from pipeline.intake.formats.excel_2003_xml import NAMESPACE
from pipeline.intake.formats.refusals import (
    SAVE_AS,
    SEND_FILE,
    SEND_FILLED,
    SEND_ORIGINAL,
    TYPE_IN,
    UNPACK,
    not_a_workbook,
)

Kind = Literal["zip", "ole", "excel-2003-xml", "html", "csv"]

# First bytes, what they belong to, what its sender should do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "tệp PDF", TYPE_IN),
    (b"\xff\xd8\xff", "ảnh chụp hoặc bản quét (JPEG)", TYPE_IN),
    (b"\x89PNG", "ảnh chụp hoặc bản quét (PNG)", TYPE_IN),
    (b"GIF8", "ảnh (GIF)", TYPE_IN),
    (b"BM", "ảnh chụp hoặc bản quét (BMP)", TYPE_IN),
    (b"II*\x00", "ảnh chụp hoặc bản quét (TIFF)", TYPE_IN),
    (b"MM\x00*", "ảnh chụp hoặc bản quét (TIFF)", TYPE_IN),
    (b"{\\rtf", "văn bản Word (RTF)", TYPE_IN),
    (b"Rar!", "tệp nén RAR", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7z", UNPACK),
    (b"\x1f\x8b", "tệp nén gzip", UNPACK),
    (b"BZh", "tệp nén bzip2", UNPACK),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lối tắt (shortcut) đến một tệp khác", SEND_FILE),
    (b"[InternetShortcut]", "lối tắt (shortcut) đến một trang web", SEND_FILE),
    (b"MZ", "chương trình chạy trên Windows", SEND_FILE),
    (b"\x09\x00\x04\x00", "bảng tính Excel 2 (trước năm 1990)", SAVE_AS),
    (b"\x09\x02\x06\x00", "bảng tính Excel 3 (trước năm 1993)", SAVE_AS),
    (b"\x09\x04\x06\x00", "bảng tính Excel 4 (trước năm 1993)", SAVE_AS),
    (b"\x09\x08", "bảng tính Excel 5 thiếu vỏ bọc OLE", SAVE_AS),
    (b"ID;P", "bảng tính dạng SYLK", SAVE_AS),
)  # fmt: skip
_IMAGES_IN_BOXES = {b"heic": "ảnh chụp (HEIC)", b"mif1": "ảnh chụp (HEIC)", b"avif": "ảnh chụp (AVIF)"}
_OWNER_FILE_BYTES = (162, 165)  # what Word and Excel write beside an open document
_PACKAGES = (
    ("word/document.xml", "văn bản Word (.docx)"),
    ("ppt/presentation.xml", "bản trình chiếu PowerPoint (.pptx)"),
    ("index/document.iwa", "bảng tính Numbers của Apple"),
    ("visio/document.xml", "bản vẽ Visio"),
)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def refuse_lock_file(file: str) -> None:
    """RefusedError for the name of a file that Excel or LibreOffice keeps beside an open workbook."""
    if PurePath(file).name.startswith(("~$", ".~lock.")):
        raise not_a_workbook("tệp khóa tạm của Excel (~$…), không phải biểu", SEND_ORIGINAL)


def file_kind(content: bytes) -> Kind:
    """The family the bytes belong to; RefusedError naming what else they are."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise not_a_workbook("tệp rỗng", SEND_FILLED)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    _refuse_by_signature(content)
    start = decoded_text(content[:4_096] if len(content) > 4_096 else content).lstrip("\ufeff \t\r\n")
    return _text_kind(start, content)


def _refuse_by_signature(content: bytes) -> None:
    for signature, what, remedy in _SIGNATURES:
        if content.startswith(signature) and (len(signature) > 2 or not _is_text(content)):
            raise not_a_workbook(what, remedy)
    if b"%PDF-" in content[:1_024] and not _is_text(content):
        raise not_a_workbook("tệp PDF", TYPE_IN)
    if content[4:8] == b"ftyp":
        raise not_a_workbook(_IMAGES_IN_BOXES.get(content[8:12], "đoạn phim"), TYPE_IN)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        raise not_a_workbook("ảnh (WEBP)", TYPE_IN)
    if len(content) in _OWNER_FILE_BYTES and 0 < content[0] <= 54 and content[1 + content[0] : 54].strip() == b"":
        raise not_a_workbook("tệp khóa tạm của Excel (~$…), không phải biểu", SEND_ORIGINAL)


def _text_kind(start: str, content: bytes) -> Kind:
    lower = start.lower()
    if lower.startswith("<"):
        return _markup_kind(lower, content)
    if lower.startswith("mime-version:") or ("content-type: multipart/related" in lower):
        raise not_a_workbook("trang web đóng gói (MHTML)", SAVE_AS)
    if lower.startswith(",") and "file://" in lower and lower.count("\n") < 2:
        raise not_a_workbook("tệp khóa tạm của LibreOffice (.~lock…#), không phải biểu", SEND_ORIGINAL)
    if not _is_text(content):
        raise not_a_workbook("tệp không phải bảng tính", SAVE_AS)
    return "csv"


def _markup_kind(lower: str, content: bytes) -> Kind:
    if NAMESPACE.decode() in lower and "<html" not in lower:
        return "excel-2003-xml"
    if "<html" in lower or "<table" in lower or "<!doctype html" in lower:
        return "html"
    if "opendocument" in lower:
        raise not_a_workbook("bảng tính OpenDocument dạng XML phẳng (.fods)", SAVE_AS)
    if "schemas.microsoft.com/office/word" in lower or 'progid="word.document"' in lower:
        raise not_a_workbook("văn bản Word dạng XML", TYPE_IN)
    if lower.startswith("<?xml"):
        raise not_a_workbook("tệp XML, không phải bảng tính", SAVE_AS)
    return "html" if b"<td" in content.lower() else "csv"


def _is_text(content: bytes) -> bool:
    """Text has hardly any control characters; a few stand for capitals in VISCII, VPS and TCVN 5712."""
    text = decoded_text(content[:8_192])
    controls = sum(1 for sign in text if ord(sign) < 32 and sign not in "\t\n\r\f")
    return controls <= len(text) // 20 and "\0" not in text and text.count("\ufffd") <= 1 + len(text) // 20


def archive_kind(archive: Archive) -> Literal["xlsx", "xlsb", "ods"]:
    """Which workbook a zip is; RefusedError naming what else it holds."""
    paths = {path.lower() for path in archive.paths}
    if any(path.endswith("workbook.bin") for path in paths):
        return "xlsb"
    if any(path.endswith("workbook.xml") for path in paths):
        return "xlsx"
    for path, what in _PACKAGES:
        if path in paths:
            raise not_a_workbook(what, SAVE_AS if "bảng tính" in what else TYPE_IN)
    if "content.xml" in paths or "mimetype" in paths:
        return _open_document_kind(archive)
    raise _bundle(archive.paths)


def _open_document_kind(archive: Archive) -> Literal["ods"]:
    named = archive.read("mimetype")[:200].decode("ascii", errors="replace").strip() if "mimetype" in archive else ""
    if named.startswith(f"{_OPEN_DOCUMENT}text"):
        raise not_a_workbook("văn bản OpenDocument (.odt)", TYPE_IN)
    if named.startswith(f"{_OPEN_DOCUMENT}presentation"):
        raise not_a_workbook("bản trình chiếu OpenDocument (.odp)", TYPE_IN)
    if named and not named.startswith(f"{_OPEN_DOCUMENT}spreadsheet"):
        raise not_a_workbook("tệp OpenDocument không phải bảng tính", SAVE_AS)
    return "ods"


def _bundle(paths: list[str]) -> RefusedError:
    workbooks = [PurePath(path).name for path in paths if path.lower().endswith((".xls", ".xlsx", ".xlsm", ".ods"))]
    inside = f", bên trong có {', '.join(workbooks[:3])}" if workbooks else ""
    return not_a_workbook(f"tệp nén zip{inside}", UNPACK)
