"""A backup holds all that cannot be computed again, is read back, and restores to the same bytes."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.backup import SUMS, back_up
from pipeline.errors import GiaobanError
from pipeline.warehouse import fresh_set
from tests import tiny

NOW = datetime(2031, 1, 10, 18, 30)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A programme with one submission and a printed set behind the link of its quarter."""
    home = tmp_path / "home"
    programme = tiny.write_programme(home)
    folder = programme.folder / "submissions" / "2030-Q4"
    folder.mkdir(parents=True)
    tiny.district_workbook().save(folder / "Quận Đông.xlsx")
    (folder / ".register.csv.lock").write_text("")
    build = home / "build" / programme.id
    (build / ".sets" / "2030-Q4-abc").mkdir(parents=True)
    for name in ("briefing.pdf", "manifest.json"):
        (build / ".sets" / "2030-Q4-abc" / name).write_text(name)
    (build / "2030-Q4").symlink_to(".sets/2030-Q4-abc")
    (build / "warehouse.duckdb").write_bytes(b"can be computed again")
    return home


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_restored_is_what_was_there(home: Path, tmp_path: Path) -> None:
    archive, count = back_up(home, tmp_path / "backups", NOW)
    assert archive.name == "giaoban-20310110-183000.tar.gz"
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "restored", filter="data")
    restored = contents(tmp_path / "restored")
    sums = restored.pop(SUMS).decode("utf-8").splitlines()
    expected = {name: data for name, data in contents(home / "raw").items() if not name.endswith(".lock")}
    assert {name.removeprefix("raw/"): data for name, data in restored.items() if name.startswith("raw/")} == expected
    printed = f"build/{tiny.PROGRAMME_ID}/2030-Q4/briefing.pdf"
    assert restored[printed] == b"briefing.pdf" and not any("duckdb" in name for name in restored)
    assert sorted(sums) == sorted(f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in restored.items())
    assert count == len(restored)


def test_a_set_replaced_while_it_is_read_is_archived_whole(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def print_set(text: str) -> None:
        with fresh_set(home / "build" / tiny.PROGRAMME_ID, "2030-Q4") as folder:
            (folder / "briefing.pdf").write_text(text)
            (folder / "manifest.json").write_text(json.dumps({"briefing.pdf": text}))

    def read_while_printing(path: Path, read: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
        content = read(path)
        if content == b"old":
            print_set("new")
        return content

    print_set("old")
    monkeypatch.setattr(Path, "read_bytes", read_while_printing)
    archive, _ = back_up(home, tmp_path / "backups", NOW)
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "restored", filter="data")
    restored = tmp_path / "restored" / "build" / tiny.PROGRAMME_ID / "2030-Q4"
    manifest = json.loads((restored / "manifest.json").read_text())
    assert manifest == {"briefing.pdf": (restored / "briefing.pdf").read_text()} == {"briefing.pdf": "new"}


def test_only_the_latest_backups_are_kept(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = [back_up(home, folder, NOW.replace(day=day), kept=2)[0] for day in (1, 2, 3)]
    assert sorted(folder.iterdir()) == made[1:]


def test_an_archive_that_reads_back_otherwise_does_not_count(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = back_up(home, tmp_path / "backups", NOW)[0]
    monkeypatch.setattr("pipeline.backup._add", lambda tar, name, content, at: None)
    with pytest.raises(GiaobanError, match="đọc lại không khớp"):
        back_up(home, tmp_path / "backups", NOW.replace(day=11))
    assert list((tmp_path / "backups").iterdir()) == [before]


def test_nothing_to_keep_is_said(tmp_path: Path) -> None:
    with pytest.raises(GiaobanError, match="Không có gì để sao lưu"):
        back_up(tmp_path, tmp_path / "backups", NOW)
