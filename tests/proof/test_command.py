"""`giaoban lint-pdf`: exit codes, plain lines, JSON, and which profile is taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pipeline.cli import proving
from pipeline.errors import UsageError
from tests.proof.sample import ROOT, pdf_of
from tests.proof.test_rules import css
from tests.tiny import PROGRAMME_ID, write_programme


def linted(file: Path, capsys: pytest.CaptureFixture[str], *more: object) -> tuple[int, str]:
    """Exit code and what is printed."""
    code = 0
    try:
        proving.lint_pdf(file, *more)
    except typer.Exit as exit:
        code = exit.exit_code
    return code, capsys.readouterr().out


def test_the_command_is_there_and_a_good_document_ends_with_0(tmp_path, sample_a):
    (tmp_path / "good.pdf").write_bytes(sample_a)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "lint-pdf", "good.pdf"], cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "good.pdf (5 trang), thể thức A: Văn bản hành chính, Nghị định 30/2020/NĐ-CP"
    assert "[đạt] Quốc hiệu: cỡ chữ: 12-13 pt" in lines
    assert "[không áp dụng] Trích yếu công văn: cỡ chữ: 12-13 pt" in lines
    assert lines[-1] == "Kết quả: 168 đạt, 0 không đạt, 4 không áp dụng."


def test_a_broken_rule_ends_with_1_and_says_where(tmp_path, profile_a, capsys):
    (tmp_path / "bad.pdf").write_bytes(pdf_of(profile_a, css(".kind { font-size: 15pt }")))
    code, printed = linted(tmp_path / "bad.pdf", capsys, None, "text", tmp_path)
    lines = printed.splitlines()
    place = lines.index("[không đạt] Tên loại văn bản: cỡ chữ: 13-14 pt")
    assert code == 1
    assert lines[place + 1].startswith("    trang 1, cách mép trái ") and lines[place + 1].endswith(" mm: 15 pt")
    assert lines[place + 2] == "    theo NĐ 30/2020, PL I: Tên loại"
    code, printed = linted(tmp_path / "bad.pdf", capsys, "A", "json", tmp_path)
    record = json.loads(printed)
    assert code == 1 and record["counts"]["broken"] == 1 and record["pages"] == 5
    (rule,) = [one for one in record["rules"] if one["state"] == "broken"]
    assert (rule["rule"], rule["expected"], rule["places"][0]["page"]) == ("kind.size", "13-14 pt", 1)
    assert rule["places"][0]["found"] == "15 pt" and 90 < rule["places"][0]["left_mm"] < 110


def test_the_profile_is_that_of_the_programme_the_document_names(tmp_path, profile_b, capsys):
    programme = write_programme(tmp_path)
    settings = programme.folder / "programme.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("profile: A", "profile: B"), encoding="utf-8")
    record = {"programme": PROGRAMME_ID, "quarter": "2030-Q4", "as_of": None, "files": {}}
    (tmp_path / "party.pdf").write_bytes(pdf_of(profile_b, attached=json.dumps(record).encode()))
    code, printed = linted(tmp_path / "party.pdf", capsys, None, "text", tmp_path)
    assert code == 0
    assert "thể thức B: Văn bản của Đảng, Hướng dẫn 36-HD/VPTW (chưa thẩm định)" in printed.splitlines()[0]
    # elsewhere nobody knows that programme
    assert linted(tmp_path / "party.pdf", capsys, None, "text", tmp_path / "nowhere")[0] == 1
    assert linted(tmp_path / "party.pdf", capsys, "a", "text", tmp_path)[0] == 1


def test_wrong_usage_is_told(tmp_path, sample_a):
    (tmp_path / "good.pdf").write_bytes(sample_a)
    (tmp_path / "text.pdf").write_bytes(b"text")
    for file, profile, form, said in (
        ("missing.pdf", None, "text", "Không thấy tệp"),
        ("text.pdf", None, "text", "Không đọc được tệp như một PDF"),
        ("good.pdf", "C", "text", "Các thể thức: A, B"),
        ("good.pdf", None, "xml", "Các dạng: text, json"),
    ):
        with pytest.raises(UsageError, match=said):
            proving.lint_pdf(tmp_path / file, profile, form, tmp_path)


def test_what_a_terminal_would_obey_is_not_printed(tmp_path, profile_a, capsys):
    from pipeline.proof.linting import Verdict
    from pipeline.proof.measuring import Check
    from pipeline.proof.telling import lint_lines

    verdict = Verdict("kind.size", "Tên", "broken", "13 pt", "NĐ", (Check(False, "\x1b[2Jxóa"),))
    assert "    cả tệp: \ufffd[2Jxóa" in list(lint_lines("a.pdf", 1, profile_a, [verdict]))
