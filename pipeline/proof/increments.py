"""A signed copy: the original bytes, and behind them what signing appended, which may add a signature but no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
# what a signature may change of an object that was there before
_ALLOWED = {
    "/Catalog": {"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version"},
    "/Page": {"/Annots"},
}
_NAMES_VI = {"/Catalog": "mục lục của tệp", "/Page": "một trang", "/Pages": "danh sách trang"}


def beginnings(data: bytes) -> Iterator[int]:
    """Lengths at which an original may end: after every end mark of the file, with or without its line end."""
    for mark in _END.finditer(data):
        yield from {mark.start() + 5, mark.end()}


def has_signature(data: bytes) -> bool:
    """Whether a signature covers the file from its first byte on."""
    return re.search(rb"/ByteRange\s*\[\s*0\s", data) is not None


def changes(data: bytes, length: int) -> list[str]:
    """What the bytes behind the original's `length` change of it beyond what a signature needs, in Vietnamese."""
    try:
        before, after = PdfReader(BytesIO(data[:length])), PdfReader(BytesIO(data))
        if before.trailer.raw_get("/Root").idnum != after.trailer.raw_get("/Root").idnum:
            return ["phần thêm vào thay cả mục lục của tệp"]
        found = list(filter(None, (_change(before, after, number) for number in _redefined(before, after))))
        found += [] if found else _foreign_notes(before, after)
    except Exception:  # pypdf raises whatever a broken file leads it to
        return ["phần thêm vào không đọc được"]
    return list(dict.fromkeys(found))


def _redefined(before: PdfReader, after: PdfReader) -> list[int]:
    """Numbers of the original's objects that the appended part defines again or removes."""
    old, new = _places(before), _places(after)
    return sorted(number for number in old if old[number] != new.get(number))


def _places(reader: PdfReader) -> dict[int, Any]:
    places: dict[int, Any] = {number: at for entries in reader.xref.values() for number, at in entries.items()}
    return places | dict(reader.xref_objStm)


def _change(before: PdfReader, after: PdfReader, number: int) -> str:
    """What is wrong with a redefined object; empty where only what a signature needs is new."""
    old, new = before.get_object(number), after.get_object(number)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return "" if _written(old) == _written(new) else f"đối tượng {number} của bản gốc bị thay"
    kind = str(old.get("/Type", ""))
    changed = {key for key in {*old, *new} if _written(_raw(old, key)) != _written(_raw(new, key))}
    if getattr(old, "_data", None) != getattr(new, "_data", None):
        changed.add("nội dung")
    wrong = sorted(str(key) for key in changed - _ALLOWED.get(kind, set()))
    return f"{_NAMES_VI.get(kind, f'đối tượng {number}')} của bản gốc bị sửa ({', '.join(wrong)})" if wrong else ""


def _foreign_notes(before: PdfReader, after: PdfReader) -> Iterator[str]:
    """Annotations that the original does not have and that are no signature fields: they may cover what it says."""
    for number, (old, new) in enumerate(zip(before.pages, after.pages, strict=True), 1):
        known = len(old.get("/Annots") or [])
        for note in list(new.get("/Annots") or [])[known:]:
            note = note.get_object()
            if note.get("/Subtype") != "/Widget" or note.get("/FT") != "/Sig":
                yield f"có thêm chú thích {note.get('/Subtype', '')} ở trang {number}"


def _raw(dictionary: Any, key: str) -> Any:
    return dictionary.raw_get(key) if key in dictionary else None


def _written(value: Any) -> bytes:
    """How an object stands in a file; references by their numbers."""
    if value is None:
        return b""
    stream = BytesIO()
    value.write_to_stream(stream)
    return stream.getvalue()
