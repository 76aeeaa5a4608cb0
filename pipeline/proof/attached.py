"""What a briefing carries inside itself: the record of its inputs and its figures, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from pipeline.errors import UsageError
from pipeline.quarters import Quarter

INPUTS, FACTS = "inputs.json", "facts.json"


def embedded_files(catalog: Any) -> Iterator[tuple[str, Any]]:
    """(name, file specification) of every attachment, in the order of the name tree."""
    names = (catalog.get("/Names") or {}).get("/EmbeddedFiles")
    nodes = [names.get_object()] if names is not None else []
    while nodes:
        node = nodes.pop(0)
        nodes += [kid.get_object() for kid in node.get("/Kids") or []]
        pairs = node.get("/Names") or []
        yield from ((str(name), one.get_object()) for name, one in zip(pairs[::2], pairs[1::2], strict=False))


def attached_files(data: bytes) -> dict[str, bytes]:
    """The attachments of a PDF by name; those whose checksum is not that of their bytes are left out.

    Empty for what cannot be read as a PDF: a file with one byte changed may be anything.
    """
    found: dict[str, bytes] = {}
    try:
        for name, specification in embedded_files(PdfReader(BytesIO(data)).trailer["/Root"]):
            stream = specification["/EF"]["/F"].get_object()
            content, stated = stream.get_data(), stream.get("/Params", {}).get("/CheckSum")
            digest = hashlib.md5(content, usedforsecurity=False).digest()
            if stated is None or getattr(stated, "original_bytes", stated) == digest:
                found[name] = content
    except Exception:  # pypdf raises whatever a broken file leads it to
        return found
    return found


def record_in(files: Mapping[str, bytes]) -> dict[str, Any] | None:
    """inputs.json among the attachments of a briefing; None where there is none that can be read and understood."""
    try:
        record = json.loads(files[INPUTS])
        Quarter.parse(record["quarter"])
        if record["as_of"] is not None:
            date.fromisoformat(record["as_of"])
        if issue := record.get("issue"):
            date.fromisoformat(issue["issued_on"])
        texts = record["programme"], record.get("part", ""), issue["number"] if issue else ""
        is_whole = all(isinstance(text, str) for text in texts) and isinstance(record["files"], dict)
    except (KeyError, ValueError, TypeError, UsageError):
        return None
    return record if is_whole else None
