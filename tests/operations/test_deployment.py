"""The deployment files: units systemd accepts, commands that exist, nothing that listens beyond this machine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.conftest import ROOT

DEPLOYMENT = ROOT / "pipeline" / "deployment"
SERVICES = sorted(DEPLOYMENT.glob("*.service"))
CODE = "/srv/giaoban/code"
MODULES = {"giaoban": "pipeline.cli", "dagster-daemon": "dagster._daemon", "dagster-webserver": "dagster_webserver"}


def settings(unit: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_unit_runs_what_is_installed_and_knows_its_options(unit: Path) -> None:
    commands = settings(unit, "ExecStart") + settings(unit, "ExecStartPre")
    assert commands and settings(unit, "User") == ["giaoban"]
    for command in commands:
        program, *words = shlex.split(command.replace(CODE, str(ROOT)))
        assert Path(program).is_file(), command
        if words[:1] == ["-m"]:
            assert (ROOT / words[1].replace(".", "/") / "__main__.py").is_file()
            continue
        sub = [word for word in words[:1] if not word.startswith("-")]
        module = {
            "giaoban": "pipeline.cli",
            "dagster-daemon": "dagster._daemon",
            "dagster-webserver": "dagster_webserver",
        }
        asked = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module[Path(program).name], *sub, "--help"],
            cwd=ROOT, env=os.environ | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert asked.returncode == 0, asked.stderr
        for option in (word for word in words if word.startswith("-")):
            assert re.search(rf"(?<![\w-]){option}\b", asked.stdout), f"{option} of {command}"


def test_the_interface_is_behind_the_login_and_nowhere_else() -> None:
    (command,) = settings(DEPLOYMENT / "giaoban-web.service", "ExecStart")
    words = shlex.split(command)
    address = f"{words[words.index('-h') + 1]}:{words[words.index('-p') + 1]}"
    proxy = (DEPLOYMENT / "nginx.conf").read_text(encoding="utf-8")
    assert address.startswith("127.0.0.1:") and f"proxy_pass http://{address};" in proxy
    assert proxy.index("auth_basic ") < proxy.index("location /") and "listen 80" not in proxy
    for unit in (DEPLOYMENT / "giaoban-web.service", DEPLOYMENT / "giaoban-daemon.service"):
        assert settings(unit, "IPAddressDeny") == ["any"] and settings(unit, "IPAddressAllow") == ["localhost"]
        assert settings(unit, "ReadWritePaths") == ["/srv/giaoban/data"]


def test_the_page_names_every_file() -> None:
    page = (DEPLOYMENT / "README.md").read_text(encoding="utf-8")
    for path in DEPLOYMENT.iterdir():
        if path.suffix in (".timer", ".conf"):
            assert path.name in page, path.name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in [*SERVICES, *DEPLOYMENT.glob("*.timer")]:
        text = unit.read_text(encoding="utf-8").replace(CODE, str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0 and said.stderr == ""
