"""`giaoban trace` as it is typed: text for people, JSON for machines, usage errors that list what exists."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def trace(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", "trace", "thu", "IV/2030", *words, "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_json_is_one_object_and_text_is_vietnamese(complete_home: Path) -> None:
    done = trace(complete_home, "p1", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["indicator"], found["numerator"], found["printed"]) == ("P1", 8, "0,2%")
    assert {cell["file"] for cell in found["cells"]} == {"dong.xlsx", "tay hoa.xlsx"}
    text = trace(complete_home, "P1").stdout
    assert "8 × 100 / 4.000 = 0,2 → in 0,2%" in text and "dong.xlsx  [Quận Đông, số 1, nhận 02/01/2031]" in text


def test_the_same_trace_twice_gives_the_same_bytes(complete_home: Path) -> None:
    assert (
        trace(complete_home, "P1", "--format", "json").stdout == trace(complete_home, "P1", "--format", "json").stdout
    )


def test_an_area_is_asked_by_its_name_too(complete_home: Path) -> None:
    by_code = trace(complete_home, "P1", "--area", "002").stdout
    assert "Huyện Tây Hòa, quý IV/2030: 0,2%" in by_code
    # the district goes before its town of the same name, which is asked with its kind
    for name in ("Tây Hòa", "huyện Tây Hoà", "TAY HOA"):
        assert trace(complete_home, "P1", "--area", name).stdout == by_code
    assert "Thị trấn Tây Hòa" in trace(complete_home, "P1", "--area", "thị trấn Tây Hòa").stdout


def test_before_anything_came_it_says_so(complete_home: Path) -> None:
    done = trace(complete_home, "P1", "--as-of", "2031-01-01")
    assert done.returncode == 2
    assert "Đến ngày 2031-01-01 chưa nhận được báo cáo nào của quý IV/2030." in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Z9"], "P1, J1, W1, U1"),
        (["P1", "--area", "999"], "001 Đông, 002 Tây Hòa"),
        (["P1", "--format", "xml"], "text, json"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_exists(complete_home: Path, words: list[str], told: str) -> None:
    done = trace(complete_home, *words)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr
