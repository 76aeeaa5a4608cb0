"""The last pages: which files, decisions and programs a briefing was made from, as inputs.json records them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.briefing.provenance import to_json
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date

FILES_SHOWN = 120  # files named of one group; inputs.json names them all
_GROUP, _SHORT = 4, 12  # hex digits set together, and of a shortened hash
_DEFINITIONS = {"": "Danh mục, chỉ tiêu, kế hoạch", "layouts": "Biểu mẫu",
                "narrative": "Phần lời do cơ quan soạn thảo viết", "issued": "Báo cáo đã phát hành"}  # fmt: skip


@dataclass(frozen=True)
class File:
    name: str
    digest: str


@dataclass(frozen=True)
class FileGroup:
    """Files of one kind: named, or of an earlier quarter only together; has_more: the rest is in inputs.json."""

    title: str
    files: tuple[File, ...]
    has_more: bool

    @property
    def pairs(self) -> tuple[tuple[File, File | None], ...]:
        """Two columns of a table, read from left to right."""
        right = (*self.files[1::2], None)
        return tuple(zip(self.files[::2], right, strict=False))


@dataclass(frozen=True)
class Origins:
    as_of: str  # empty where every input counts
    code: str
    python: str
    packages: str
    libraries: str
    fonts: tuple[File, ...]
    groups: tuple[FileGroup, ...]
    inputs_digest: str  # of inputs.json, in full
    facts_digest: str


def origins_of(record: Mapping[str, Any], facts_json: bytes) -> Origins:
    """What the page prints of a record of inputs and of the figures beside it."""
    return Origins(
        as_of=short_date(date.fromisoformat(record["as_of"])) if record["as_of"] else "",
        code=_short(record["code"]), python=record["python"],
        packages=_versions(record["packages"]), libraries=_versions(record["libraries"]),
        fonts=tuple(File(name, _short(digest)) for name, digest in sorted(record["fonts"].items())),
        groups=tuple(_groups(record)),
        inputs_digest=_spaced(_digest(to_json(dict(record)))), facts_digest=_spaced(_digest(facts_json)),
    )  # fmt: skip


def _groups(record: Mapping[str, Any]) -> list[FileGroup]:
    """Definitions by kind, what was sent for this quarter file by file, each earlier quarter in one line."""
    held: dict[str, dict[str, str]] = {}
    for name, digest in sorted(record["files"].items()):
        folder, _, rest = name.rpartition("/")
        held.setdefault(folder, {})[rest if folder in _DEFINITIONS else name] = digest
    tables = {f"bảng {name.partition('.')[2]}": digest for name, digest in sorted(record["tables"].items())}
    found = [(title, held[folder]) for folder, title in _DEFINITIONS.items() if folder in held]
    found += [("Bảng số liệu có ngày tháng, tính đến ngày của báo cáo", tables)] if tables else []
    sent: dict[str, dict[str, str]] = {}
    for folder, files in held.items():
        if folder not in _DEFINITIONS:
            quarter = folder.split("/")[1]
            sent.setdefault(quarter, {}).update(
                {name.removeprefix(f"submissions/{quarter}/"): digest for name, digest in files.items()}
            )
    now = record["quarter"]
    if now in sent:
        found.append((f"Báo cáo gửi lên {Quarter.parse(now).title}", sent[now]))
    earlier = {Quarter.parse(quarter).title: _together(sent[quarter]) for quarter in sorted(sent) if quarter != now}
    if earlier:
        found.append(("Báo cáo gửi lên các kỳ trước, mỗi kỳ một mã băm chung", earlier))
    return [
        FileGroup(
            title, tuple(File(name, _short(digest)) for name, digest in list(files.items())[:FILES_SHOWN]),
            len(files) > FILES_SHOWN,
        )
        for title, files in found
    ]  # fmt: skip


def _together(files: Mapping[str, str]) -> str:
    """One hash over the names and hashes of several files."""
    return _digest("".join(f"{name}\0{digest}\n" for name, digest in sorted(files.items())).encode("utf-8"))


def _short(digest: str) -> str:
    return _spaced(digest[:_SHORT])


def _spaced(digest: str) -> str:
    """In groups of four, which are read and compared without losing one's place."""
    return " ".join(digest[place : place + _GROUP] for place in range(0, len(digest), _GROUP))


def _versions(versions: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
