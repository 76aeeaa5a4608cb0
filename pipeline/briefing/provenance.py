"""Where a briefing comes from: hashes of inputs, code, fonts and libraries, and of what was made of them."""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import json
import platform
from collections.abc import Collection, Container, Iterable, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline.briefing.edition import DRAFT, Edition
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.briefing.paper.fonts import Fonts, load_fonts
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.sent_bytes import leaves_its_folder, sent_sha256

CODE_ROOT = Path(__file__).parents[2]
REPORTS = CODE_ROOT / "reports"
_CODE = ("pipeline/**/*.py", "pipeline/**/*.csv", "sql/**/*.sql", "reports/**/*", "requirements.lock")
PUBLIC, SENT_IN = "public", "báo cáo gửi lên"  # an edition, and what its record calls the files of a quarter
_TOLD = (
    "as_of", "code", "document_date", "fonts", "libraries", "packages", "programme", "python", "quarter", "tables",
)  # fmt: skip
_PACKAGES = (
    "cssselect2", "duckdb", "fonttools", "jinja2", "markdown-it-py", "nh3", "openpyxl", "polars", "pydyf",
    "python-calamine", "tinycss2", "tinyhtml5", "vl-convert-python", "weasyprint", "xlrd", "xlsxwriter",
)  # fmt: skip
# files whose rows are dated, and the tables that hold them as cut at a date
_DATED_TABLES = {
    "assessments.csv": "raw.assessments",
    "corrections.yml": "raw.corrections",
    "issued": "raw.issues",
    "targets.csv": "raw.targets",
    "tasks.csv": "raw.tasks",
    "waivers.yml": "raw.waivers",
}


def inputs_record(
    programme: Programme,
    quarter: Quarter,
    marts: Marts,
    fonts: Fonts,
    as_of: date | None,
    document_date: date,
    edition: Edition = DRAFT,
) -> dict[str, Any]:
    """What inputs.json holds; nothing in it depends on the machine's time, paths or file order.

    With as_of the dated tables (register, targets, assessments ...) count by their rows as cut, so that later
    rows do not change an older state. Of an issued edition `issue` holds number and date, null in a draft.
    """
    record = undated_record(programme, quarter, fonts)
    tables: dict[str, str] = {}
    if as_of is not None:
        used = {row["sha256"] for row in marts.all_rows("raw.receipts", "quarter, seq, sha256")}
        files = record["files"].items()
        record["files"] = {name: digest for name, digest in files if _is_timeless(name) or digest in used}
        for table in filter(marts.has, ("raw.receipts", *_DATED_TABLES.values())):
            rows = [json.dumps(row, default=str, sort_keys=True) for row in marts.all_rows(table, "1")]
            tables[table] = _digest("\n".join(sorted(rows)).encode("utf-8"))
    dated = {"as_of": as_of.isoformat() if as_of else None, "document_date": document_date.isoformat()}
    return record | dated | {"tables": tables, "issue": edition.as_json()} | _agreed(marts)


def _agreed(marts: Marts) -> dict[str, Any]:
    """Who had reported, and what was agreed beside the files: waivers, corrections, assessments of the quarter."""
    reporters = marts.of_quarter("marts.submission_status", "sort, reporter")
    held = {
        "waivers": marts.of_quarter("staging.waivers", "reporter, rule"),
        "corrections": marts.of_quarter("staging.corrections", "area_code, measure, series"),
        "assessments": marts.of_quarter("raw.assessments", "indicator_code, assessed_on, document"),
    }
    coverage = {
        kind: {"expected": len(states), "received": states.count("accepted")}
        for kind in ("agency", "area")
        for states in [[row["state"] for row in reporters if row["reporter_kind"] == kind]]
    }
    return {"coverage": coverage} | {name: [_plain(row) for row in rows] for name, rows in held.items()}


def _plain(row: Row) -> dict[str, Any]:
    """A row as JSON holds it; amounts and dates as text."""
    return {name: value if value is None or isinstance(value, int) else str(value) for name, value in row.items()}


def undated_record(programme: Programme, quarter: Quarter, fonts: Fonts) -> dict[str, Any]:
    """The part of inputs.json that can be told without the marts: files, code, fonts, packages, libraries."""
    return {
        "code": code_version(),
        "files": _input_files(programme, quarter),
        "fonts": {face.file: face.sha256 for face in fonts.faces},
        "libraries": system_libraries(),
        "packages": dict(sorted(_versions(_PACKAGES))),
        "programme": programme.id,
        "python": platform.python_version(),
        "quarter": str(quarter),
    }


def public_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the public edition tells of a record: no names of files that were sent, one hash a quarter in their place.

    Neither what was written by hand nor what was agreed inside, which that edition does not print.
    """
    files = dict(record["files"])
    by_quarter: dict[str, dict[str, str]] = {}
    for name in filter(is_sent, record["files"]):
        kind, quarter, *_ = name.split("/")
        digest = files.pop(name)
        if kind == "submissions":
            by_quarter.setdefault(f"{SENT_IN} {quarter}", {})[name] = digest
    sent = {name: _digest(to_json(held)) for name, held in by_quarter.items()}
    kept = {name: value for name, value in record.items() if name in _TOLD}
    return kept | {"edition": PUBLIC, "files": files | sent}


def part_record(record: Mapping[str, Any], part: str, own: Container[str]) -> dict[str, Any]:
    """What the pages of one district tell of a record: the definitions and the files with the hashes `own`.

    The figures of the whole that stand there are the briefing's, whose record has every file.
    """
    files = {name: digest for name, digest in record["files"].items() if not is_sent(name) or digest in own}
    return {name: record[name] for name in (*_TOLD, "issue")} | {"part": part, "files": files}


def is_sent(name: str) -> bool:
    """Whether a file of a record was sent or written for a quarter, unlike the definitions and records of issue."""
    return name.startswith(("submissions/", "narrative/"))


def is_up_to_date(programme: Programme, quarter: Quarter, folder: Path, areas: Collection[str] | None = ()) -> bool:
    """Whether the briefing in `folder` is what the inputs give: none has changed, no output is missing or spoiled.

    areas: the districts whose pages have to be there, None for all; pages nobody asked for do no harm.
    Decided by contents alone, without the warehouse, Dagster or the renderer.
    """
    try:
        made = json.loads((folder / "manifest.json").read_bytes())
        spoiled = [name for name, digest in made["outputs"].items() if _digest((folder / name).read_bytes()) != digest]
    except (OSError, ValueError, KeyError):
        return False
    now = undated_record(programme, quarter, load_fonts(REPORTS))
    latest = programme.latest_issue(quarter)
    is_issued = latest is not None and latest.pdf_sha256 == made["outputs"].get("briefing.pdf")
    if made["inputs"].get("issue") and not is_issued:
        return False  # an edition with a number that nobody has on record
    if is_issued:
        # the record of its own issue is no input of the document that was issued
        earlier = made["inputs"]["files"]
        now["files"] = {name: one for name, one in now["files"].items() if name in earlier or not _is_issue(name)}
    printed = made.get("areas", [])
    has_pages = printed is None or (areas is not None and {*areas} <= {*printed})
    is_same = made["inputs"] == made["inputs"] | now and made["inputs"]["as_of"] is None
    return not spoiled and has_pages and is_same


def _is_issue(name: str) -> bool:
    return name.startswith("issued/")


def _is_timeless(name: str) -> bool:
    return not name.startswith(("submissions/", "issued/")) and name not in _DATED_TABLES


def _input_files(programme: Programme, quarter: Quarter) -> dict[str, str]:
    """sha256 by path in the programme's folder: definitions, layouts, this narrative and issue, what was sent."""
    folder = programme.folder
    found = [*folder.glob("*.yml"), *folder.glob("*.csv"), *folder.glob("layouts/**/*.yml")]
    found += folder.glob(f"narrative/{quarter}.md")
    found += folder.glob(f"issued/{quarter}*.json")
    for earlier in programme.submitted_quarters():
        if earlier <= quarter:
            found += programme.submissions_folder(earlier).rglob("*")
    return {
        path.relative_to(folder).as_posix(): sent_sha256(path)
        for path in sorted(found, key=lambda path: path.relative_to(folder).as_posix())
        if (path.is_file() or leaves_its_folder(path)) and not path.name.startswith((".", "~$"))
    }


def code_version() -> str:
    """One hash over the code, the models, the templates and the lock file."""
    digest = hashlib.sha256()
    paths = {path for pattern in _CODE for path in CODE_ROOT.glob(pattern) if path.is_file()}
    for name in sorted(path.relative_to(CODE_ROOT).as_posix() for path in paths):
        digest.update(f"{name}\0{_digest((CODE_ROOT / name).read_bytes())}\n".encode())
    return digest.hexdigest()


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def system_libraries() -> dict[str, str]:
    """Versions of the libraries that shape text; they belong to the set of which the bytes are the same."""
    found = {}
    for name, function in (("pango-1.0", "pango_version_string"), ("harfbuzz", "hb_version_string")):
        path = ctypes.util.find_library(name)
        if path:
            call = getattr(ctypes.CDLL(path), function)
            call.restype = ctypes.c_char_p
            found[name] = call().decode("ascii")
    return found


def to_json(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def manifest(
    inputs: dict[str, Any],
    outputs: dict[str, bytes],
    areas: Collection[str] | None = (),
    made_from: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """inputs.json, the hash of every output beside it, the districts that pages were asked for, None for all.

    made_from has a hash of what the pages of each district were laid out from.
    """
    return {
        "areas": None if areas is None else sorted(areas),
        "inputs": inputs,
        "made_from": dict(sorted((made_from or {}).items())),
        "outputs": {name: _digest(data) for name, data in sorted(outputs.items())},
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
