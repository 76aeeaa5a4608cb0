"""`giaoban ui` of the tiny programme, with one wrong total in it, and Debian's chromium to click in it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import tiny
from tests.golden.conftest import ROOT, run_giaoban

CHROMIUM = "/usr/bin/chromium"
QUARTER = "2030-Q4"
COMES_UP = 180  # seconds; 15 on two idle cores
ANSWERS = 60_000  # milliseconds, for pages and runs alike


@dataclass(frozen=True)
class Interface:
    """A running `giaoban ui`: everything it started is in the session of its process."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/server_info", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


@pytest.fixture(scope="session")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interface]:
    home = tmp_path_factory.mktemp("browser")
    send_workbooks(home)
    refreshed = run_giaoban(home, "refresh", tiny.PROGRAMME_ID, QUARTER)
    assert refreshed.returncode == 0, refreshed.stderr
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "ui", "--home", str(home), "--port", str(port)],
        cwd=ROOT,
        stderr=(home / "ui.log").open("wb"),
        start_new_session=True,
    )
    running = Interface(process, home, port)
    try:
        deadline = time.monotonic() + COMES_UP
        while not running.answers():
            assert process.poll() is None, (home / "ui.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "giaoban ui did not come up"
            time.sleep(0.2)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(COMES_UP)
    assert not running.answers(), "the webserver outlived giaoban ui"


def send_workbooks(home: Path) -> None:
    """What three reporters sent; the first total of households is 2100 above communes of 1500 and 500."""
    folder = tiny.write_programme(home).folder / "submissions" / QUARTER
    folder.mkdir(parents=True)
    wrong = tiny.district_workbook("Quận Đông")
    total = wrong["Biểu 2"]["C10"]
    assert total.value == 2000
    total.value = 2100
    wrong.save(folder / "dong.xlsx")
    tiny.district_workbook("Huyện Tây Hòa").save(folder / "tay hoa.xlsx")
    tiny.agency_workbook().save(folder / "so mot.xlsx")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # chromium refuses its sandbox to root
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, interface: Interface, tmp_path: Path) -> Iterator[Page]:
    """A page of the interface in a window of its own; what it showed last is kept as last.png."""
    context = chromium.new_context(
        base_url=interface.url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1600, "height": 1000}
    )
    context.set_default_timeout(ANSWERS)
    expect.set_options(timeout=ANSWERS)
    page = context.new_page()
    yield page
    page.screenshot(path=tmp_path / "last.png")
    context.close()
