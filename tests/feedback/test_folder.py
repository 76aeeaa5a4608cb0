"""The folder of a quarter: the same bytes each time, swapped in whole, and no copy lost to a bad neighbour."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.feedback import copying, folder
from pipeline.feedback.copying import Copy, make_copies
from pipeline.feedback.summary import summary_of
from pipeline.findings import Finding
from pipeline.intake.cells import read_sheets
from pipeline.warehouse import fresh_set
from tests import tiny
from tests.feedback.conftest import Office, to_bytes
from tests.feedback.test_copies import Seen


@pytest.fixture(scope="module")
def office(new_office: Callable[[], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two senders, one of whom has a cell to mend."""
    office = new_office()
    workbook = tiny.district_workbook("Quận Đông")
    workbook["Biểu 2"]["C9"] = "5oo"
    office.send("dong.xlsx", workbook, "001", date(2031, 1, 2))
    office.send("tay hoa.xlsx", tiny.district_workbook("Huyện Tây Hòa"), "002", date(2031, 1, 3))
    office.compute(tmp_path_factory.mktemp("warehouse"))
    return office


def contents(place: Path) -> dict[str, str]:
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def test_the_same_quarter_gives_the_same_bytes(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    originals = {one.path: one.path.read_bytes() for one in office.receipts if one.path}
    first = office.write(tmp_path / "one")
    assert list(first.copies) == ["001/dong-danh-dau.xlsx"] and first.must_resend == ("Quận Đông",)
    assert summary_of(tmp_path / "one") == first
    office.write(tmp_path / "two")
    # a third time from the second: what did not change is not made again
    monkeypatch.setattr(copying, "_side_by_side", lambda copies, reader: pytest.fail("made again"))
    office.write(tmp_path / "three", earlier=tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")
    assert {path: path.read_bytes() for path in originals} == originals


def test_a_run_that_ends_half_way_leaves_the_old_letters(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with fresh_set(tmp_path, "2030-Q4") as fresh:
        office.write(fresh)
    before, target = contents(tmp_path / "2030-Q4"), (tmp_path / "2030-Q4").resolve()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "write_letter", killed)
    with pytest.raises(KeyboardInterrupt), fresh_set(tmp_path, "2030-Q4") as fresh:
        office.write(fresh)
    assert (tmp_path / "2030-Q4").resolve() == target and contents(tmp_path / "2030-Q4") == before
    assert [path.name for path in (tmp_path / ".sets").iterdir() if path.is_dir()] == [target.name]


def die_or_read(content: bytes, name: str) -> Sequence[Any]:
    """Stands in for the reader in the workers: some files end the process, some raise."""
    if content == b"abort":
        os.abort()
    if content == b"raise":
        raise ValueError(name)
    return [Seen("Trang", [["Một", 1]])] if content == b"good" else read_sheets(content, name)


def test_a_file_that_kills_its_worker_costs_only_its_own_copy(tmp_path: Path):
    def copy(name: str, content: bytes, sha256: str = "") -> Copy:
        source = tmp_path / name
        source.write_bytes(content)
        finding = Finding("rule", "error", "Trang", "B1", "sai", "một số", "Sửa.")
        sha256 = sha256 or hashlib.sha256(content).hexdigest()
        return Copy(source, sha256, name, date(2031, 1, 2), (finding,), (), tmp_path / "out" / f"{name}.xlsx")

    book = tiny.new_workbook()
    book.create_sheet("Trang").append(["Một", 1])
    copies = [
        copy("tot.csv", b"good"), copy("chet.csv", b"abort"), copy("hong.csv", b"raise"),
        copy("da doi.csv", b"good", sha256="0" * 64), copy("tot.xlsx", to_bytes(book)),
    ]  # fmt: skip
    written = make_copies(copies, die_or_read, {})
    assert sorted(path.name for path in written) == ["tot.csv.xlsx", "tot.xlsx.xlsx"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["tot.csv.xlsx", "tot.xlsx.xlsx"]


def test_two_files_of_one_name_make_two_copies(new_office: Callable[[], Office], tmp_path: Path):
    office = new_office()
    for position, (name, form) in enumerate({"bao cao.xlsx": "Biểu 1", "bao cao.xls": "Biểu 2"}.items(), 2):
        workbook = tiny.district_workbook("Quận Đông")
        del workbook["Biểu 1" if form == "Biểu 2" else "Biểu 2"]
        workbook[form]["E9" if form == "Biểu 1" else "C9"] = "5oo"
        office.send(name, workbook, "001", date(2031, 1, position))
    office.compute(tmp_path)
    summary = office.write(tmp_path / "out")
    assert list(summary.copies) == ["001/bao cao (2)-danh-dau.xlsx", "001/bao cao-danh-dau.xlsx"]
    said = (tmp_path / "out" / "001" / "thu-phan-hoi.txt").read_text(encoding="utf-8")
    assert "“bao cao (2)-danh-dau.xlsx”, bản sao của “bao cao.xls”" in said
