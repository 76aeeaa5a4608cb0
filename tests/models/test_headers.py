"""The header comments are the graph: they must say what the queries do."""

import json
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from .conftest import RAW_TABLES, SQL_FOLDER, sql_paths

PATHS = sql_paths()
NOT_PORTABLE = re.compile(
    r"\b(pivot|unpivot|qualify|asof|collate|exclude|group by all|order by all|list|array_agg|string_agg|"
    r"try_cast|strftime|struct_pack)\b|::"
)


def name_of(path: Path) -> str:
    return f"{path.parent.name}.{path.stem}"


def header(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    keyword = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        if match := re.fullmatch(r"-- ([a-z_]+):\s*(.*)", line):
            keyword = match[1]
            found[keyword] = match[2]
        elif keyword:
            found[keyword] += " " + line.removeprefix("--").strip()
        else:
            found["title"] = line.removeprefix("-- ")
    return found


def listed(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip()}


def base_tables(node: Any) -> set[str]:
    """Tables with a schema anywhere in DuckDB's own parse of a query; CTE names have none."""
    if isinstance(node, list):
        return set().union(*map(base_tables, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = set()
    if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
        own = {f"{node['schema_name']}.{node['table_name']}"}
    return own.union(*map(base_tables, node.values()))


def parsed_tables(path: Path) -> set[str]:
    sql = path.read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
    assert row is not None
    parsed = json.loads(row[0])
    assert not parsed["error"], parsed
    return base_tables(parsed["statements"])


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_the_inputs_line_names_the_tables_the_query_reads(path: Path) -> None:
    said = header(path)
    inputs = listed(said.get("inputs", ""))
    if path.parent.name == "checks":
        inputs |= {said["checks"]} & parsed_tables(path)
    assert inputs == parsed_tables(path)


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_the_header_says_what_a_reader_needs(path: Path) -> None:
    said = header(path)
    wanted = (
        {"title", "title_vi", "checks", "severity"}
        if path.parent.name == "checks"
        else {"title", "grain", "inputs", "units", "source"}
    )
    assert wanted <= said.keys()
    assert said["title"].endswith(".")


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_the_sql_is_portable_and_ordered(path: Path) -> None:
    sql = re.sub(r"--.*|'[^']*'", "", path.read_text(encoding="utf-8"))
    assert not NOT_PORTABLE.search(sql)
    assert sql == sql.lower()
    assert re.search(r"\norder by\s[^()]*\Z", sql)


def test_the_models_have_an_order() -> None:
    graph = {name_of(p): listed(header(p)["inputs"]) for p in PATHS if p.parent.name != "checks"}
    order = list(TopologicalSorter(graph).static_order())
    assert {t for t in order if t.startswith("raw.")} <= {f"raw.{name}" for name in RAW_TABLES}
    assert set(graph) <= set(order)


def test_a_check_reads_only_what_exists_when_its_table_does() -> None:
    graph = {name_of(p): listed(header(p)["inputs"]) for p in PATHS if p.parent.name != "checks"}

    def ancestors(table: str) -> set[str]:
        near = graph.get(table, set())
        return near.union(*(ancestors(t) for t in near))

    for path in SQL_FOLDER.glob("checks/*.sql"):
        said = header(path)
        if said["checks"].startswith("raw."):
            assert all(table.startswith("raw.") for table in listed(said.get("inputs", ""))), path.stem
            continue
        assert listed(said.get("inputs", "")) <= ancestors(said["checks"]), path.stem
