"""The header of an SQL file is its registration: what is wrong in it is said for all files at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import GiaobanError
from pipeline.models import SqlFiles, read_sql_files

RAW = ["raw.counts", "raw.areas"]


def model(inputs: str) -> str:
    return f"-- A title.\n-- grain:  one row\n-- inputs: {inputs}\n-- units:  none\n-- source: test\nselect 1\n"


def check(of: str, inputs: str = "", severity: str = "error") -> str:
    return (
        f"-- A rule.\n-- title_vi: Một quy tắc.\n-- checks:   {of}\n-- inputs:   {inputs}\n"
        f"-- severity: {severity}\nselect 1\n"
    )


def read(folder: Path, files: dict[str, str]) -> SqlFiles:
    for name, text in files.items():
        path = folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_sql_files(RAW, folder)


def test_models_come_after_their_inputs_and_titles_may_be_long(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "marts/a": model("intermediate.b,\n--         staging.c"),
            "intermediate/b": model("staging.c").replace("-- A title.", "-- A title\n-- of two lines."),
            "staging/c": model("raw.counts"),
            "staging/constants": model(""),
            "checks/rule": check("marts.a", inputs="raw.counts"),
        },
    )
    order = [found_model.table for found_model in found.models]
    assert order.index("staging.c") < order.index("intermediate.b") < order.index("marts.a")
    by_table = {found_model.table: found_model for found_model in found.models}
    assert by_table["intermediate.b"].title == "A title of two lines."
    assert by_table["marts.a"].inputs == ("intermediate.b", "staging.c")
    assert by_table["staging.constants"].inputs == ()
    assert [rule.name for rule in found.checks_of(["marts.a"])] == ["rule"] and found.checks[0].is_blocking


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"marts/a": "-- A title.\n-- grain: x\nselect 1"}, r"sql/marts/a\.sql.*inputs"),
        ({"marts/a": model("staging.nothing")}, r"sql/marts/a\.sql.*staging\.nothing"),
        ({"marts/a": model("marts.b"), "marts/b": model("marts.a")}, "vòng tròn.*marts.a"),
        ({"checks/rule": check("marts.nothing")}, r"rule\.sql.*marts\.nothing"),
        ({"checks/rule": check("raw.counts", severity="fatal")}, "fatal"),
        (
            {"staging/a": model("raw.counts"), "marts/b": model("staging.a"),
             "checks/rule": check("staging.a", inputs="marts.b")},
            r"rule\.sql.*marts\.b",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(GiaobanError, match=told):
        read(tmp_path, files)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(GiaobanError) as caught:
        read(tmp_path, {"marts/a": model("raw.x"), "marts/b": "select 1"})
    assert "marts/a.sql" in str(caught.value) and "marts/b.sql" in str(caught.value)
