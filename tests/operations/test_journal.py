"""The journal of runs survives what a power cut or a full disk leaves of it, and hides nothing that failed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import GiaobanError
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.warehouse.journal import NOTICE, begin_entry, end_entry, enter_attempts, entries, journal_file
from pipeline.warehouse.process import is_alive, process_mark
from tests.orchestration.conftest import Demo, demo  # noqa: F401  # a fixture

PROGRAMME, JOB = "thu_nghiem", "thu_nghiem_receive"


@pytest.mark.parametrize("torn", ['{"run": "b", "cause": "Ổ đ'.encode()[:-1], b'{"run": "b", "beg', b"\0\0\0\0"])
def test_half_a_line_costs_itself_and_not_the_next(tmp_path: Path, torn: bytes) -> None:
    begin_entry(tmp_path, "a", PROGRAMME, f"{PROGRAMME}_refresh", ("2030-Q4",))
    with journal_file(tmp_path).open("ab") as journal:
        journal.write(torn)
    assert [one.run for one in entries(tmp_path)] == ["a"]
    end_entry(tmp_path, "a", PROGRAMME, ["Ổ đĩa\u2028đầy."])  # a line break of Unicode ends no line here
    assert [(one.outcome, one.cause) for one in entries(tmp_path)] == [("failed", "Ổ đĩa\u2028đầy.")]
    assert "Ổ đĩa" in (tmp_path / "build" / PROGRAMME / NOTICE).read_text(encoding="utf-8")
    assert b"\n\n" not in journal_file(tmp_path).read_bytes()


def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    begin_entry(tmp_path, "a", PROGRAMME, JOB, ())
    end_entry(tmp_path, "a", PROGRAMME, [f"Không đọc được {os.fsdecode(bytes([0xE1]))}.xlsx"])
    assert entries(tmp_path)[0].cause == "Không đọc được ?.xlsx"


def test_what_is_tried_again_and_again_is_written_when_it_changes(tmp_path: Path) -> None:
    notice = tmp_path / "build" / PROGRAMME / NOTICE

    def enter(**causes: str | None) -> int:
        enter_attempts(tmp_path, PROGRAMME, JOB, {(quarter,): cause for quarter, cause in causes.items()})
        return len(entries(tmp_path))

    attempts = {"2030-Q3": None, "2030-Q4": "Sổ hỏng."}
    assert [enter(**attempts), enter(**attempts)] == [1, 1]
    assert enter(**{"2030-Q3": "Sổ khác hỏng."}) == 2
    told = notice.read_text(encoding="utf-8")
    assert "Lần vào sổ tệp quý IV/2030" in told and "Sổ hỏng." in told and "Sổ khác hỏng." in told
    assert enter(**{"2030-Q3": None}) == 3 and "Sổ khác" not in notice.read_text(encoding="utf-8")
    assert [enter(**{"2030-Q4": None}), enter(**{"2030-Q4": None})] == [4, 4] and not notice.exists()


def test_a_journal_that_cannot_be_written_does_not_hide_that_nothing_was_published(
    demo: Demo,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    for place in ("file.swap_file", "resource.end_entry"):
        monkeypatch.setattr(f"pipeline.warehouse.{place}", full_disk)
    with Runner(demo.programme) as runner, pytest.raises(GiaobanError, match="Không đưa được kho số liệu mới"):
        runner.refresh(Quarter(2023, 4))
    assert "Không ghi được kết quả lần chạy vào" in caplog.text and not (demo.build / "warehouse.duckdb").exists()


def test_the_process_of_another_user_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = process_mark(os.getpid())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    assert mark and is_alive(mark) and not is_alive(f"{os.getpid()}:1")
    monkeypatch.setattr(Path, "read_text", refused)  # its /proc is hidden too
    assert is_alive(mark)
