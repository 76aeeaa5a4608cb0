"""Reading sql/: the header comment of each file says what it makes and from what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipeline.errors import GiaobanError

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"
LAYERS = ("staging", "intermediate", "marts")
RAW = "raw"
_KEYWORD = re.compile(r"--\s(?P<keyword>[a-z_]+):\s*(?P<text>.*)")
_CONTINUED = re.compile(r"--\s{3,}(?P<text>.*)")


@dataclass(frozen=True)
class SqlFile:
    """One model: a select that makes one table whole."""

    layer: str  # staging | intermediate | marts
    name: str
    title: str
    grain: str
    inputs: tuple[str, ...]  # "staging.household_counts"
    units: str
    source: str
    text: str

    @property
    def table(self) -> str:
        return f"{self.layer}.{self.name}"


@dataclass(frozen=True)
class CheckFile:
    """One rule: a select that returns the rows which break it."""

    name: str
    title: str
    title_vi: str  # what the secretary reads
    checks: str  # the table judged
    inputs: tuple[str, ...]  # what else it reads
    severity: str  # error: what follows is blocked | warn: printed with a note
    text: str

    @property
    def is_blocking(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True)
class SqlFiles:
    """All models, each after its inputs, and all checks by name."""

    models: tuple[SqlFile, ...]
    checks: tuple[CheckFile, ...]

    @cached_property
    def ancestors(self) -> dict[str, frozenset[str]]:
        """Table -> every table it is made from, near and far."""
        found: dict[str, frozenset[str]] = {}
        for model in self.models:
            far = (found.get(table, frozenset()) for table in model.inputs)
            found[model.table] = frozenset(model.inputs).union(*far)
        return found

    def checks_of(self, tables: Iterable[str]) -> tuple[CheckFile, ...]:
        wanted = set(tables)
        return tuple(check for check in self.checks if check.checks in wanted)


def read_sql_files(raw_tables: Iterable[str], folder: Path = SQL_FOLDER) -> SqlFiles:
    """Read every model and check; `raw_tables` ("raw.areas") is what exists before any model.

    GiaobanError lists every mistake at once: a header line missing, an input nobody makes, a cycle, a check
    that reads what is not yet made when its table is.
    """
    mistakes: list[str] = []
    models = {model.table: model for model in _read_all(folder, LAYERS, _model, mistakes)}
    checks = tuple(_read_all(folder, ("checks",), _check, mistakes))
    known = set(raw_tables) | set(models)
    for model in models.values():
        for table in sorted(set(model.inputs) - known):
            mistakes.append(f"sql/{model.layer}/{model.name}.sql: 'inputs' nêu bảng '{table}' không có")
    order: list[str] = []
    try:
        graph = {table: [t for t in model.inputs if t in models] for table, model in models.items()}
        order = list(TopologicalSorter({table: graph[table] for table in sorted(graph)}).static_order())
    except CycleError as error:
        mistakes.append("sql/: các bảng phụ thuộc vòng tròn: " + " -> ".join(error.args[1]))
    found = SqlFiles(tuple(models[table] for table in order), checks)
    if not mistakes:
        mistakes += _misplaced_checks(found, set(raw_tables))
    if mistakes:
        raise GiaobanError("Không dùng được các tệp SQL:\n" + "\n".join(f"  - {line}" for line in mistakes))
    return found


def _misplaced_checks(found: SqlFiles, raw_tables: set[str]) -> Iterator[str]:
    for check in found.checks:
        if check.checks not in raw_tables and check.checks not in found.ancestors:
            yield f"sql/checks/{check.name}.sql: 'checks' nêu bảng '{check.checks}' không có"
            continue
        ready = found.ancestors.get(check.checks, frozenset(raw_tables)) | {check.checks}
        for table in sorted(set(check.inputs) - ready):
            yield (
                f"sql/checks/{check.name}.sql: đọc '{table}', nhưng bảng này chưa chắc đã có "
                f"khi kiểm tra '{check.checks}'; chỉ dùng những bảng mà '{check.checks}' được tạo ra từ đó"
            )


class _HeaderError(Exception):
    """A header line is missing or wrong."""


def _read_all(folder: Path, layers: Iterable[str], read, mistakes: list[str]):  # type: ignore[no-untyped-def]
    for layer in layers:
        for path in sorted((folder / layer).glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            try:
                yield read(path, text, _header(text))
            except _HeaderError as error:
                mistakes.append(f"sql/{layer}/{path.name}: {error}")


def _header(text: str) -> dict[str, str]:
    """The keywords of the opening comment; `title` is the sentence before the first of them."""
    header = {"title": ""}
    keyword = "title"
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if match := _KEYWORD.fullmatch(line):
            keyword = match["keyword"]
            header[keyword] = match["text"]
        elif keyword == "title":
            header["title"] += " " + line.removeprefix("--").strip()
        elif match := _CONTINUED.fullmatch(line):
            header[keyword] += " " + match["text"]
    return {key: value.strip() for key, value in header.items()}


def _present(header: dict[str, str], keyword: str) -> str:
    """What the line says, which may be nothing: a list of constants has no inputs."""
    if keyword not in header:
        raise _HeaderError(f"phần đầu thiếu dòng '-- {keyword}:'")
    return header[keyword]


def _wanted(header: dict[str, str], keyword: str) -> str:
    if not _present(header, keyword):
        raise _HeaderError(f"dòng '-- {keyword}:' ở phần đầu còn bỏ trống")
    return header[keyword]


def _tables(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _model(path: Path, text: str, header: dict[str, str]) -> SqlFile:
    return SqlFile(
        layer=path.parent.name,
        name=path.stem,
        title=_wanted(header, "title"),
        grain=_wanted(header, "grain"),
        inputs=_tables(_present(header, "inputs")),
        units=_wanted(header, "units"),
        source=_wanted(header, "source"),
        text=text,
    )


def _check(path: Path, text: str, header: dict[str, str]) -> CheckFile:
    severity = _wanted(header, "severity")
    if severity not in ("error", "warn"):
        raise _HeaderError(f"'severity' là '{severity}', chỉ nhận error hoặc warn")
    return CheckFile(
        name=path.stem,
        title=_wanted(header, "title"),
        title_vi=_wanted(header, "title_vi"),
        checks=_wanted(header, "checks"),
        inputs=_tables(header.get("inputs", "")),
        severity=severity,
        text=text,
    )
