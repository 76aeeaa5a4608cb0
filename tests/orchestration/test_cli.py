"""The command line: usage errors list what exists, imports are late, messages are Vietnamese."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.quarters import Quarter
from tests.orchestration.conftest import REPOSITORY, Demo


def giaoban(*arguments: str, home: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=REPOSITORY, env={"GIAOBAN_HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_help_is_vietnamese_and_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['giaoban', '--help']\n"
        "import pipeline.cli\n"
        "try: pipeline.cli.main()\n"
        "except SystemExit as exit: assert exit.code == 0\n"
        "heavy = {'dagster', 'duckdb', 'polars', 'pydantic', 'weasyprint'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "báo cáo tóm tắt" in done.stdout and "Cách dùng" in done.stdout
    for english in ("Usage", "Show this message", "OPTIONS", "<bool>"):
        assert english not in done.stdout
    for command in ("briefing", "refresh", "receive", "status", "figures", "run", "ui"):
        assert command in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["briefing"], "PROGRAMME"),
        (["frobnicate"], "Không có lệnh 'frobnicate'."),
        (["brifing"], "Không có lệnh 'brifing'. Có phải: 'briefing'?"),
        (["refresh", "PROGRAMME", "2023-Q4", "2024-Q1"], "Thừa tham số: 2024-Q1"),
        (["ui", "--port", "ba"], "Giá trị của '--port'"),
        (["status", "PROGRAMME", "2019-Q1"], "nằm ngoài thời hạn"),
        (["briefing", "nowhere", "2023-Q4"], "Các chương trình hiện có"),
        (["figures", "PROGRAMME", "2023-Q5"], "Các quý đã có báo cáo: 2023-Q3, 2023-Q4"),
        (["figures", "PROGRAMME", "2021-Q1"], "Các quý đã có báo cáo: 2023-Q3, 2023-Q4"),
        (["figures", "PROGRAMME", "2023-Q4", "--format", "xml"], "table, csv, json"),
        (["refresh", "PROGRAMME", "2023-Q4", "--unknown"], "--unknown"),
        (["figures", "PROGRAMME", "2023-Q4", "--formt"], "Có phải: --format"),
        (["briefing", "PROGRAMME", "2023-Q4", "--as-of", "31/02/2024"], "31/02/2024"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_exists(demo: Demo, arguments: list[str], told: str) -> None:
    named = [demo.programme.id if word == "PROGRAMME" else word for word in arguments]
    done = giaoban(*named, home=demo.home)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr and done.stdout == ""


def test_status_of_a_quarter_nobody_sent_for_names_everyone_who_is_expected(demo: Demo) -> None:
    done = giaoban("status", demo.programme.id, "2024-Q2", home=demo.home)
    expected = demo.programme.expected_reporters(Quarter.parse("2024-Q2"))
    assert done.returncode == 0 and f"có {len(expected)} đơn vị phải báo cáo" in done.stdout
    assert done.stdout.count("Đôn đốc: Đề nghị") == len(expected) > 0
    assert "thời hạn gửi là ngày 07/7/2024" in done.stdout


def test_figures_before_any_refresh_ends_with_1_and_says_what_to_run(demo: Demo) -> None:
    done = giaoban("figures", demo.programme.id[:4], "IV/2023", home=demo.home)
    assert done.returncode == 1
    assert f"giaoban refresh {demo.programme.id}" in done.stderr and "Traceback" not in done.stderr


def test_one_figure_is_one_object_and_numbers_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    from decimal import Decimal

    from pipeline.terminal import print_figures

    rows = [{"indicator": "X", "numerator": Decimal("690.0000"), "value": Decimal("0.5"), "denominator": None}]
    print_figures(rows, "json", is_single=True)
    assert json.loads(capsys.readouterr().out) == {
        "indicator": "X", "numerator": 690, "value": 0.5, "denominator": None,
    }  # fmt: skip
    print_figures(rows, "json", is_single=False)
    assert len(json.loads(capsys.readouterr().out)) == 1
    print_figures(rows, "csv", is_single=False)
    assert capsys.readouterr().out == "indicator,numerator,value,denominator\nX,690,0.5,\n"
