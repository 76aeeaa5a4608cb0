"""What the README promises is so: its commands run, its options and make targets exist, its tables are there."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest
from typer.main import get_command

from pipeline.cli.commands import app
from pipeline.models import read_sql_files
from pipeline.steps import raw_tables
from tests.golden.conftest import ROOT, Giaoban

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`giaoban ([a-z][^`]*)`", README)))
COMPLETE = [words for words in COMMANDS if words.split()[0] in ("status", "figures", "trace")]


def test_every_command_of_the_program_is_in_the_readme():
    listed = sorted(get_command(app).commands)  # type: ignore[attr-defined]
    assert len(listed) >= 9
    assert [name for name in listed if not any(words.split()[0] == name for words in COMMANDS)] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_has_the_options_the_readme_gives_it(giaoban: Giaoban, words: str):
    name, options = words.split()[0], re.findall(r"--[a-z-]+", words)
    described = giaoban(name, "--help").stdout
    assert [option for option in options if option not in described] == []


@pytest.mark.parametrize("words", COMPLETE)
def test_a_command_without_placeholders_runs_as_it_stands(giaoban: Giaoban, words: str):
    done = giaoban(*shlex.split(words))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE))))
def test_a_make_target_exists(target: str):
    assert subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_tables_named_are_the_marts():
    marts = {model.table for model in read_sql_files(raw_tables()).models if model.layer == "marts"}
    assert set(re.findall(r"`(marts\.[a-z_]+)`", README)) == marts


def test_pictures_exist():
    for path in re.findall(r'src="([^"]+)"', README):
        assert (ROOT / path).is_file()
