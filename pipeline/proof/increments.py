"""A signed copy: the original bytes, and behind them what signing appended, which may add a signature but no more.

Whether a signature is genuine is not judged here: that needs the certificates, which programs for signing have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from io import BytesIO
from math import ceil, floor
from textwrap import shorten
from typing import Any

import pypdfium2
from pypdf import PdfReader

_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
# PKCS#7: a sequence (its length short, indefinite or in 1 to 4 bytes) that begins with the OID of signedData
_SIGNED_DATA = re.compile(
    rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83.{3}|\x84.{4})\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", re.DOTALL
)
_CONTENT = "nội dung"
Allowed = Mapping[str, Set[str]]
# what programs for signing write into the metadata, Info having no type; the title is compared by itself
_NOTED: Allowed = {"": {"/ModDate", "/Producer"}, "/Metadata": {_CONTENT, "/Length", "/Filter", "/DecodeParms"}}
# what a signature may change of an object that was there before
_SIGNING: Allowed = {
    **_NOTED,
    "/Catalog": {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version"},
    "/Page": {"/Annots"},
}
# what may follow the last signature: the certificates by which it can be checked in years to come
_EVIDENCE: Allowed = {**_NOTED, "/Catalog": {"/DSS", "/Extensions", "/Metadata"}}
_FORM = {"/DA", "/DR", "/Fields", "/NeedAppearances", "/Q", "/SigFlags"}  # not XFA, which takes the place of the pages
_OFF_THE_PAGE = 1 << 3 | 1 << 4  # NoZoom, NoRotate: such a field does not stay within its rectangle
_WHITE = 255
_QUOTED = 60  # letters
_NAMES_VI = {"/Catalog": "mục lục của tệp", "/Page": "một trang", "/Pages": "danh sách trang"}


def beginnings(data: bytes) -> Iterator[int]:
    """Lengths at which an original may end: after every end mark of the file, with or without its line end."""
    for mark in _END.finditer(data):
        yield from {mark.start() + 5, mark.end()}


def changes(data: bytes, length: int) -> list[str]:
    """What the bytes behind the original's `length` do beyond signing it, in Vietnamese; empty for a signed copy."""
    ends = {end for end in beginnings(data) if end > length}
    if len(data) not in ends:
        return ["phần thêm vào không phải là phần cập nhật của một PDF"]
    try:
        before, after = PdfReader(BytesIO(data[:length])), PdfReader(BytesIO(data))
        if before.trailer.raw_get("/Root").idnum != after.trailer.raw_get("/Root").idnum:
            return ["phần thêm vào thay cả mục lục của tệp"]
        found = list(_alterations(before, after, _SIGNING))
        if not found:
            notes = list(_new_notes(before, after))
            found = list(filter(None, (_foreign(*note) for note in notes)))
            found = found or [*_looks(data[:length], data, notes), *_unsigned(data, ends, after)]
    except Exception:  # pypdf and pdfium raise whatever a broken file leads them to
        return ["phần thêm vào không đọc được như phần cập nhật của một PDF"]
    return list(dict.fromkeys(found))


def _alterations(before: PdfReader, after: PdfReader, allowed: Allowed) -> Iterator[str]:
    """What is wrong with objects that were there before and were defined again or removed."""
    yield from filter(None, (_change(before, after, number, allowed) for number in _redefined(before, after)))
    if _titles(before) != _titles(after):
        yield "tên của tài liệu bị sửa"


def _redefined(before: PdfReader, after: PdfReader) -> list[int]:
    """Numbers of the original's objects that the appended part defines again or removes."""
    old, new = _places(before), _places(after)
    return sorted(number for number in old if old[number] != new.get(number))


def _places(reader: PdfReader) -> dict[int, Any]:
    places: dict[int, Any] = {number: at for entries in reader.xref.values() for number, at in entries.items()}
    return places | dict(reader.xref_objStm)


def _change(before: PdfReader, after: PdfReader, number: int, allowed: Allowed) -> str:
    """What is wrong with a redefined object; empty where only what is allowed is new."""
    old, new = before.get_object(number), after.get_object(number)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return "" if _written(old) == _written(new) else f"đối tượng {number} của bản gốc bị thay"
    kind = str(old.get("/Type", ""))
    changed = {key for key in {*old, *new} if _written(_raw(old, key)) != _written(_raw(new, key))}
    if getattr(old, "_data", None) != getattr(new, "_data", None):
        changed.add(_CONTENT)
    wrong = sorted(str(key) for key in changed - allowed.get(kind, set()))
    return f"{_NAMES_VI.get(kind, f'đối tượng {number}')} của bản gốc bị sửa ({', '.join(wrong)})" if wrong else ""


def _titles(reader: PdfReader) -> tuple[Any, ...]:
    """What a reader shows above the page."""
    info, xmp = reader.metadata, reader.xmp_metadata
    return info and info.title, xmp and xmp.dc_title


def _new_notes(before: PdfReader, after: PdfReader) -> Iterator[tuple[int, Any]]:
    """The annotations that the original does not have, with their pages."""
    for number, (old, new) in enumerate(zip(before.pages, after.pages, strict=True), 1):
        known = {_written(note) for note in _at(old, "/Annots", [])}
        yield from ((number, note.get_object()) for note in _at(new, "/Annots", []) if _written(note) not in known)


def _foreign(number: int, note: Any) -> str:
    """Why an annotation is no signature field that stays in its place on the page; empty for one that does."""
    if _at(note, "/Subtype") != "/Widget" or _inherited(note, "/FT") != "/Sig" or {"/A", "/AA"} & set(note):
        return f"có thêm chú thích {_at(note, '/Subtype', '')} ở trang {number}"
    is_loose = int(_at(note, "/F", 0)) & _OFF_THE_PAGE
    return f"ô chữ ký số ở trang {number} không giữ nguyên chỗ trên trang (/F)" if is_loose else ""


def _looks(original: bytes, data: bytes, notes: Iterable[tuple[int, Any]]) -> Iterator[str]:
    """What another reader shows otherwise than in the original, beyond signature fields on white paper.

    A reader of its own, since a file can be made so that two readers see two documents in it.
    """
    fields: dict[int, list[list[float]]] = {}
    for number, note in notes:
        fields.setdefault(number, []).append([float(edge) for edge in note["/Rect"]])
    with pypdfium2.PdfDocument(original) as old, pypdfium2.PdfDocument(data) as new:
        for number, (page, copy) in enumerate(zip(old, new, strict=True), 1):
            before, after = (one.render(grayscale=True).to_pil() for one in (page, copy))  # a pixel is a point
            for rectangle in fields.get(number, []):
                left, right = sorted(min(max(edge, 0), before.width) for edge in rectangle[::2])
                top, bottom = sorted(min(max(before.height - edge, 0), before.height) for edge in rectangle[1::2])
                if left == right or top == bottom:  # a signature that is not shown
                    continue
                box = floor(left), floor(top), ceil(right), ceil(bottom)
                if before.crop(box).getextrema()[0] < _WHITE:
                    under = left, before.height - bottom, right, before.height - top
                    words = " ".join(page.get_textpage().get_text_bounded(*under).split())
                    covered = f" “{shorten(words, _QUOTED, placeholder='…')}”" if words else ""
                    yield f"ô chữ ký số ở trang {number} che phần đã in{covered}: đề nghị ký lại vào chỗ trống"
                before.paste(_WHITE, box)
                after.paste(_WHITE, box)
            if before.tobytes() != after.tobytes():
                yield f"trang {number} hiện ra khác bản gốc"


def _unsigned(data: bytes, ends: Set[int], after: PdfReader) -> Iterator[str]:
    """Why a file is not signed as a whole; `ends` are those of what was appended."""
    form = _at(after.root_object, "/AcroForm", {})
    if foreign := sorted(set(form) - _FORM):
        yield f"biểu mẫu của chữ ký số có thêm {', '.join(foreign)}"
    signed = 0
    for signature in _signatures(_at(form, "/Fields", [])):
        start, gap, behind, rest = (int(number) for number in signature["/ByteRange"])
        signed = max(signed, behind + rest)
        written = signature["/Contents"]
        contents = bytes(getattr(written, "original_bytes", written))
        itself = data[gap:behind].lower() == b"<%s>" % contents.hex().encode()
        if start or behind + rest not in ends:
            yield "chữ ký số không bao trùm từ đầu đến cuối tệp (/ByteRange)"
        elif not (itself and data[:gap].rstrip().endswith(b"/Contents")):
            yield "chữ ký số chừa ra nhiều hơn chính nó (/ByteRange, /Contents)"
        elif not _SIGNED_DATA.match(contents):
            yield "chữ ký số không phải là PKCS#7 (/Contents)"
    if not signed:
        yield "phần thêm vào không mang chữ ký số"
    elif signed in ends and signed != len(data) and not _is_evidence(PdfReader(BytesIO(data[:signed])), after):
        yield "sau chữ ký số cuối cùng tệp còn bị sửa"


def _is_evidence(signed: PdfReader, after: PdfReader) -> bool:
    """Whether what follows the last signature adds the certificates for it and nothing else."""
    dss = (_written(_raw(reader.root_object, "/DSS")) for reader in (signed, after))
    return len(set(dss)) > 1 and not any(_alterations(signed, after, _EVIDENCE))


def _signatures(fields: Iterable[Any]) -> Iterator[Any]:
    """The values of the signed fields of a form, also of fields within fields."""
    for one in (one.get_object() for one in fields):
        yield from _signatures(_at(one, "/Kids", []))
        if _inherited(one, "/FT") == "/Sig" and "/V" in one:
            yield one["/V"]


def _inherited(field: Any, key: str) -> Any:
    return _at(field, key) or (_inherited(field["/Parent"], key) if "/Parent" in field else None)


def _at(dictionary: Any, key: str, default: Any = None) -> Any:
    """The value of a key, also where it stands in an object of its own."""
    value = _raw(dictionary, key)
    return default if value is None else value.get_object()


def _raw(dictionary: Any, key: str) -> Any:
    return dictionary.raw_get(key) if key in dictionary else None


def _written(value: Any) -> bytes:
    """How an object stands in a file; references by their numbers."""
    if value is None:
        return b""
    stream = BytesIO()
    value.write_to_stream(stream)
    return stream.getvalue()
