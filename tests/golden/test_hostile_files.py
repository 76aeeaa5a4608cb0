"""A folder with good and hostile files loads the good ones completely and names the others."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.golden.conftest import PROGRAMME, QUARTER, ROOT, run_giaoban

HOSTILE = {
    "rong.xlsx": b"",
    "quet.xlsx": b"%PDF-1.7\n%...",
    "trang.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "hong.xlsx": b"PK\x03\x04" + bytes(range(256)) * 40,
    "<script>alert(1)</script>.xlsx": b"{{ 7 * 7 }}",
    "\x1b[31mdo.xlsx": b"khong phai bang tinh",
}


def expanding() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 90_000_000)
    return buffer.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The demonstration's last two quarters, with hostile files among the good ones of the last."""
    shutil.copytree(ROOT / "raw" / PROGRAMME, tmp_path / "raw" / PROGRAMME)
    folder = tmp_path / "raw" / PROGRAMME / "submissions"
    for quarter in folder.iterdir():
        if quarter.name not in ("2023-Q3", QUARTER):
            shutil.rmtree(quarter)
    for name, content in HOSTILE.items():
        name = name.replace("/", "")
        (folder / QUARTER / name).write_bytes(content)
    (folder / QUARTER / "nen.xlsx").write_bytes(expanding())
    return tmp_path


def test_the_good_load_completely_and_each_bad_file_is_named_with_its_cause(home: Path):
    done = run_giaoban(home, "refresh", PROGRAMME, QUARTER)
    assert done.returncode == 0, done.stderr
    assert "Báo cáo đã nhận: 30/30" in done.stdout and "Báo cáo đã nhận: 3/3" in done.stdout
    assert f"Tệp không sử dụng được ({len(HOSTILE) + 1})" in done.stdout
    for cause in (
        "rong.xlsx: tệp rỗng",
        "quet.xlsx: tệp PDF",
        "trang.xls: không có trang tính nào là biểu mẫu của chương trình",
        "nen.xlsx: nội dung giải nén",
    ):
        assert cause in done.stdout
    assert "\x1b" not in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
