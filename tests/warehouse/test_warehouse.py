"""The warehouse file: one writer, a copy per run, swapped in whole, readers undisturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import duckdb
import polars as pl
import pytest

from pipeline.errors import GiaobanError
from pipeline.warehouse import FileLock, Warehouse, fresh_set, open_for_reading, taken_in

PROGRAMME = "thu_nghiem"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "build" / PROGRAMME


def counts(quarter: str, *households: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"quarter": [quarter] * len(households), "households": list(households)},
        schema={"quarter": pl.String, "households": pl.Int64},
    )


def publish(folder: Path, value: int) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.rebuild("marts.answer", f"select {value} as answer")
        warehouse.publish()


def answer(home: Path) -> int:
    with open_for_reading(home, PROGRAMME) as connection:
        return int(connection.execute("from marts.answer").fetchall()[0][0])


def test_nothing_is_seen_before_publication_and_nothing_stays_without_it(folder: Path, tmp_path: Path) -> None:
    publish(folder, 1)
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.rebuild("marts.answer", "select 2 as answer")
        assert answer(tmp_path) == 1
    assert answer(tmp_path) == 1
    assert not list(folder.glob(".work-*"))
    publish(folder, 3)
    assert answer(tmp_path) == 3


def test_reading_before_anything_was_built_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(GiaobanError, match=f"giaoban refresh {PROGRAMME}"):
        open_for_reading(tmp_path, PROGRAMME)


def test_leftovers_of_dead_runs_are_removed(folder: Path, tmp_path: Path) -> None:
    publish(folder, 1)
    dead = folder / ".work-dead"
    dead.mkdir()
    (dead / "warehouse.duckdb").write_bytes(b"half")
    (dead / "warehouse.duckdb.wal").write_bytes(b"half")
    publish(folder, 2)
    assert not dead.exists() and answer(tmp_path) == 2
    (folder / ".marts-dead.link").symlink_to("nowhere")
    publish(folder, 2)
    assert len(list(folder.glob(".marts-*"))) == 1


def test_a_killed_run_changes_nothing_and_frees_the_lock(folder: Path, tmp_path: Path) -> None:
    publish(folder, 1)
    before = (folder / "warehouse.duckdb").read_bytes()
    script = (
        "import sys, time; from pathlib import Path; from pipeline.warehouse import Warehouse\n"
        f"w = Warehouse(Path({str(folder)!r}), 'x'); w.rebuild('marts.answer', 'select 9 as answer')\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
    assert (folder / "warehouse.duckdb").read_bytes() == before
    publish(folder, 2)
    assert answer(tmp_path) == 2
    assert not list(folder.glob(".work-*"))


def test_a_second_writer_waits_and_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    script = (
        "import time; from pathlib import Path; from pipeline.warehouse import FileLock\n"
        f"with FileLock(Path({str(tmp_path / 'lock')!r}), 'Kho'): print('held', flush=True); time.sleep(0.5)"
    )
    told: list[str] = []
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        started = time.monotonic()
        with FileLock(tmp_path / "lock", "Kho số liệu", told.append):
            assert time.monotonic() - started > 0.2
    assert len(told) == 1 and f"tiến trình số {holder.pid}" in told[0]


def test_an_open_reader_in_another_process_survives_a_refresh(folder: Path, tmp_path: Path) -> None:
    publish(folder, 1)
    script = (
        "import sys; from pathlib import Path; from pipeline.warehouse import open_for_reading\n"
        f"c = open_for_reading(Path({str(tmp_path)!r}), {PROGRAMME!r}); print('open', flush=True)\n"
        "sys.stdin.readline(); print(c.execute('from marts.answer').fetchall()[0][0])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin and reader.stdout and reader.stdout.readline() == "open\n"
        publish(folder, 2)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "1\n"
    assert answer(tmp_path) == 2


def test_marts_are_published_as_parquet_in_the_order_of_their_table(folder: Path) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.rebuild("marts.numbers", "select range as n from range(1000) order by n desc")
        warehouse.rebuild("staging.numbers", "select 1 as n")
        warehouse.publish()
    assert [path.name for path in (folder / "marts").iterdir()] == ["numbers.parquet"]
    assert pl.read_parquet(folder / "marts" / "numbers.parquet")["n"].to_list() == list(range(999, -1, -1))


def test_a_quarter_is_replaced_without_touching_the_others(folder: Path) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.replace_quarter("2023-Q3", {"raw.counts": counts("2023-Q3", 1, 2)}, "a")
        warehouse.replace_quarter("2023-Q4", {"raw.counts": counts("2023-Q4", 3)}, "b")
        warehouse.replace_quarter("2023-Q3", {"raw.counts": counts("2023-Q3", 7)}, "c")
        assert warehouse.rows("from raw.counts order by quarter") == [
            {"quarter": "2023-Q3", "households": 7},
            {"quarter": "2023-Q4", "households": 3},
        ]
        warehouse.publish()
    assert taken_in(folder) == {"2023-Q3": "c", "2023-Q4": "b"}


def test_a_quarter_is_replaced_in_all_tables_or_in_none(folder: Path) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.replace_quarter("2023-Q4", {"raw.counts": counts("2023-Q4", 1)}, "a")
        with pytest.raises(duckdb.Error):
            warehouse.replace_quarter(
                "2023-Q4", {"raw.counts": counts("2023-Q4", 2), "raw.other": pl.DataFrame({"n": [1]})}, "b"
            )
        assert warehouse.rows("select households from raw.counts") == [{"households": 1}]


def test_rows_of_an_older_shape_are_forgotten_so_that_they_are_read_again(folder: Path) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.replace_quarter("2023-Q3", {"raw.counts": counts("2023-Q3", 1)}, "a")
        wider = counts("2023-Q4", 2).with_columns(persons=pl.lit(5))
        warehouse.replace_quarter("2023-Q4", {"raw.counts": wider}, "b")
        assert [row["quarter"] for row in warehouse.rows("from raw.counts")] == ["2023-Q4"]
        warehouse.publish()
    assert taken_in(folder) == {"2023-Q4": "b"}


def test_decimals_arrive_exactly_and_empty_frames_keep_their_columns(folder: Path) -> None:
    amounts = pl.DataFrame({"value": [Decimal("0.1000"), None]}, schema={"value": pl.Decimal(18, 4)})
    with Warehouse(folder, PROGRAMME) as warehouse:
        assert warehouse.replace_table("raw.amounts", amounts) == 2
        assert warehouse.rows("select sum(value) as s, count(*) as n from raw.amounts") == [
            {"s": Decimal("0.1000"), "n": 2}
        ]
        assert warehouse.replace_table("raw.empty", amounts.clear()) == 0
        assert warehouse.rows("select typeof(max(value)) as t from raw.empty") == [{"t": "DECIMAL(18,4)"}]


def test_settings_hold_on_every_connection(folder: Path, tmp_path: Path) -> None:
    names = "('memory_limit', 'threads', 'temp_directory', 'autoinstall_known_extensions')"
    query = f"select name, value from duckdb_settings() where name in {names} order by name"
    with Warehouse(folder, PROGRAMME) as warehouse:
        written = {row["name"]: row["value"] for row in warehouse.rows(query)}
        warehouse.publish()
    with open_for_reading(tmp_path, PROGRAMME) as connection:
        read = dict(connection.execute(query).fetchall())
    for settings in (written, read):
        assert settings["autoinstall_known_extensions"] == "false"
        assert settings["temp_directory"] and settings["memory_limit"].startswith("95")
    assert written["threads"] == read["threads"]


def test_a_set_is_linked_only_when_complete(tmp_path: Path) -> None:
    with fresh_set(tmp_path, "2023-Q4") as first:
        (first / "briefing.pdf").write_text("one")
        assert not (tmp_path / "2023-Q4").exists()
    with pytest.raises(RuntimeError), fresh_set(tmp_path, "2023-Q4") as broken:
        (broken / "briefing.pdf").write_text("half")
        raise RuntimeError
    assert (tmp_path / "2023-Q4" / "briefing.pdf").read_text() == "one"
    (tmp_path / f".2023-Q4-{uuid4().hex}.link").symlink_to("nowhere")
    with pytest.raises(RuntimeError), fresh_set(tmp_path, "2023-Q4"):
        raise RuntimeError
    assert sorted(path.name for path in tmp_path.iterdir()) == [".sets", "2023-Q4"]
    assert [path.name for path in (tmp_path / ".sets").iterdir() if path.is_dir()] == [first.name]


def test_a_set_leaves_those_of_a_longer_label_alone(tmp_path: Path) -> None:
    with fresh_set(tmp_path, "2023-Q4-public") as public:
        (public / "briefing.pdf").write_text("public")
    with fresh_set(tmp_path, "2023-Q4") as full:
        (full / "briefing.pdf").write_text("full")
    assert (tmp_path / "2023-Q4-public" / "briefing.pdf").read_text() == "public"


def test_rows_of_a_kept_file_stay_and_those_of_a_file_that_is_gone_do_not(folder: Path) -> None:
    def rows(*values: tuple[str, int]) -> pl.DataFrame:
        columns = {"quarter": pl.String, "sha256": pl.String, "file": pl.String, "n": pl.Int32}
        return pl.DataFrame([("2023-Q4", name * 2, name, n) for name, n in values], schema=columns, orient="row")

    with Warehouse(folder, PROGRAMME) as warehouse:
        first = {"raw.receipts": rows(("a", 1), ("b", 2), ("c", 3)), "raw.cells": rows(("a", 10), ("b", 20), ("c", 30))}
        warehouse.replace_quarter("2023-Q4", first, "x")
        now = {"raw.receipts": rows(("a", 5), ("b", 6), ("b", 7)), "raw.cells": rows(("b", 21))}
        warehouse.replace_quarter("2023-Q4", now, "y", kept={("aa", "a")})
        assert [row["n"] for row in warehouse.rows("from raw.receipts order by n")] == [5, 6, 7]
        assert [row["n"] for row in warehouse.rows("from raw.cells order by n")] == [10, 21]


@pytest.mark.parametrize("kept", [0, 5_000, 0.5])
def test_a_truncated_file_is_told_to_readers_and_made_anew_by_the_next_run(folder: Path, kept: float) -> None:
    rows = pl.DataFrame({"quarter": ["2023-Q4"] * 200_000, "n": range(200_000)})
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.replace_quarter("2023-Q4", {"raw.counts": rows}, "a")
        warehouse.publish()
    path = folder / "warehouse.duckdb"
    os.truncate(path, int(path.stat().st_size * kept) if kept < 1 else int(kept))
    with pytest.raises(GiaobanError, match="bị hỏng"):
        open_for_reading(folder.parents[1], PROGRAMME)
    assert taken_in(folder) == {}
    told: list[str] = []
    with Warehouse(folder, PROGRAMME, told.append) as warehouse:
        assert not warehouse.has_table("raw.counts")
        assert "dựng lại" in told[0]
        warehouse.replace_quarter("2023-Q4", {"raw.counts": rows}, "b")
        warehouse.publish()
    assert taken_in(folder) == {"2023-Q4": "b"}


def test_a_spoiled_block_is_found_by_the_next_run_which_makes_all_anew(folder: Path) -> None:
    rows = pl.DataFrame({"quarter": ["2023-Q4"] * 200_000, "n": range(200_000)})
    with Warehouse(folder, PROGRAMME) as warehouse:
        warehouse.replace_quarter("2023-Q4", {"raw.counts": rows}, "a")
        warehouse.publish()
    path = folder / "warehouse.duckdb"
    content = bytearray(path.read_bytes())
    block = 12 * 1024 + 256 * 1024  # the second one
    content[block + 100 : block + 164] = bytes(byte ^ 0xFF for byte in content[block + 100 : block + 164])
    path.write_bytes(content)
    told: list[str] = []
    with Warehouse(folder, PROGRAMME, told.append) as warehouse:
        assert not warehouse.has_table("raw.counts")
    assert "dựng lại" in told[0]


def test_what_another_program_left_beside_the_file_does_not_spoil_the_next_one(folder: Path) -> None:
    publish(folder, 1)
    (folder / "warehouse.duckdb.wal").write_bytes(b"left by a program that opened it to write and died")
    (folder / "warehouse.duckdb").unlink()
    publish(folder, 2)
    assert answer(folder.parents[1]) == 2


def test_only_what_is_wanted_stays(folder: Path) -> None:
    with Warehouse(folder, PROGRAMME) as warehouse:
        for name in ("marts.kept", "marts.old", "raw.sent"):
            warehouse.rebuild(name, "select 1 as one")
        warehouse.drop_all_but(("marts",), ["marts.kept"])
        assert [warehouse.has_table(name) for name in ("marts.kept", "marts.old", "raw.sent")] == [True, False, True]
        assert "marts.old" not in warehouse.makings.known


def test_a_failed_publication_leaves_no_marts_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(folder, 1)

    def refuse(*_: object) -> None:
        raise OSError("no room")

    for _ in range(2):
        with monkeypatch.context() as patch, Warehouse(folder, PROGRAMME) as warehouse:
            patch.setattr("pipeline.warehouse.file.swap_file", refuse)
            warehouse.rebuild("marts.answer", "select 2 as answer")
            with pytest.raises(OSError, match="no room"):
                warehouse.publish()
    publish(folder, 3)
    assert len(list(folder.glob(".marts-*"))) == 1 and answer(folder.parents[1]) == 3
