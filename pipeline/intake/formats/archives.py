"""A zip opened without trust: its members counted, measured as declared, and none let expand to more than that."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pipeline.findings import RefusedError
from pipeline.intake.formats.refusals import locked, unreadable

MAX_MEMBERS = 5_000
MAX_EXPANDED_BYTES = 300_000_000
RATIO_FROM_BYTES, MAX_RATIO = 30_000_000, 200  # a large member that shrinks more than this was made to do harm
_LOCAL_HEADER = struct.Struct("<4s22xHH")


class Archive:
    """The members of a zip by path, with `/` between folders, none at the front; RefusedError for a hostile one."""

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                members = [member for member in opened.infolist() if not member.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, IndexError):
            raise unreadable() from None
        if len(members) > MAX_MEMBERS:
            raise _too_large(f"{len(members)} thành phần trong tệp nén", f"dưới {MAX_MEMBERS} thành phần")
        if any(member.flag_bits & 0x1 for member in members):
            raise locked()
        expanded = sum(member.file_size for member in members)
        if expanded > MAX_EXPANDED_BYTES or (expanded > RATIO_FROM_BYTES and expanded > MAX_RATIO * len(content)):
            raise _too_large(
                f"nội dung giải nén {expanded // 1_000_000} MB", f"dưới {MAX_EXPANDED_BYTES // 1_000_000} MB"
            )
        self._parts: dict[str, bytes] = {}
        for member in members:
            path = member.filename.replace("\\", "/").lstrip("/")
            if path in self._parts:
                raise unreadable()  # two readers would take different ones
            self._parts[path] = _expand(content, member)
        self._by_lower_case = {path.lower(): path for path in self._parts}

    @property
    def paths(self) -> list[str]:
        return list(self._parts)

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._by_lower_case

    def read(self, path: str) -> bytes:
        """The bytes of one member, whatever the case of its path; RefusedError where there is none."""
        if path not in self:
            raise unreadable()
        return self._parts[self._by_lower_case[path.lower()]]


def _expand(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member; one that expands to more than it declares is refused without being expanded further."""
    at = member.header_offset
    if at < 0 or at + _LOCAL_HEADER.size > len(content):
        raise unreadable()
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, at)
    start = at + _LOCAL_HEADER.size + name_length + extra_length
    packed = memoryview(content)[start : start + member.compress_size]
    if signature != b"PK\x03\x04" or len(packed) != member.compress_size:
        raise unreadable()
    if member.compress_type == zipfile.ZIP_STORED:
        part = bytes(packed)
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
        except zlib.error:
            raise unreadable() from None
    else:
        raise unreadable()
    if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise unreadable()
    return part


def _too_large(found: str, expected: str) -> RefusedError:
    return RefusedError(
        "archive-too-large", found, expected, "Sao chép riêng các biểu sang một tệp Excel mới rồi gửi lại."
    )
