"""What the secretariat does in the web interface, done in a real browser."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from pipeline.finished_files import address
from tests.browser.conftest import QUARTER, Interface
from tests.tiny import PROGRAMME_ID

LOOPBACK = "0100007F"  # 127.0.0.1 as /proc/net/tcp writes it


def test_only_this_machine_is_listened_to(interface: Interface) -> None:
    listening = listening_addresses(session=interface.process.pid)
    assert f"{LOOPBACK}:{interface.port:04X}" in listening
    assert {address.split(":")[0] for address in listening} == {LOOPBACK}


def test_the_graph_goes_from_definitions_to_the_document(page: Page) -> None:
    page.goto("/asset-groups")
    for stage in ("definitions", "intake", "staging", "intermediate", "marts", "feedback", "briefing"):
        expect(page.get_by_role("button", name=f"{PROGRAMME_ID}_{stage}")).to_be_visible()
    marts = page.locator("svg").get_by_text(f"{PROGRAMME_ID}_marts", exact=True)
    expect(page.locator("svg").get_by_text("unfinished", exact=True)).to_have_count(0)
    marts.click()
    expect(page.locator("svg").get_by_text("unfinished", exact=True)).to_be_visible()


def test_a_mart_is_materialized_from_the_graph(page: Page, interface: Interface) -> None:
    published = interface.home / "build" / PROGRAMME_ID / "warehouse.duckdb"
    before = published.stat().st_ino
    page.goto("/asset-groups")
    page.get_by_placeholder("Jump to…").fill("marts/poverty_rates")
    page.get_by_placeholder("Jump to…").press("Enter")
    expect(page.get_by_text(f"{PROGRAMME_ID} / marts / poverty_rates").first).to_be_visible()
    page.get_by_role("button", name="Materialize selected").click()
    wait_for_success(page)
    assert published.stat().st_ino != before, "the run published no warehouse"

    page.goto(f"/assets/{PROGRAMME_ID}/marts/poverty_rates?view=checks")
    expect(page.get_by_text("Passed").first).to_be_visible()


def test_a_failed_check_shows_the_rows_that_break_its_rule(page: Page) -> None:
    page.goto(f"/assets/{PROGRAMME_ID}/intermediate/stated_totals?view=checks")
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    expect(page.get_by_text("Số tổng cộng ghi trên biểu khác tổng số của các xã").first).to_be_visible()
    page.get_by_text("Show Markdown").first.click()
    row = page.get_by_role("dialog").get_by_role("row").filter(has_text="Biểu 2!C10")
    expect(row.get_by_role("cell")).to_contain_text([QUARTER, "001", "households Biểu 2!C10", "2100", "2000"])


def test_a_briefing_is_printed_for_a_quarter_and_opened(page: Page, interface: Interface, tmp_path: Path) -> None:
    printed = interface.home / "build" / PROGRAMME_ID / QUARTER / "briefing.pdf"
    assert not printed.exists()
    page.goto(f"/assets/{PROGRAMME_ID}/briefing/briefing")
    page.get_by_role("button", name="Materialize…").click()
    page.get_by_text("Select a partition or create one").click()
    page.get_by_role("menuitem", name=QUARTER).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Launch 1 run").click()
    wait_for_success(page)

    page.goto(f"/assets/{PROGRAMME_ID}/briefing/briefing?view=partitions&partition={QUARTER}")
    page.screenshot(path=tmp_path / "briefing.png")
    with page.expect_download() as sent:
        page.get_by_role("link", name=address(PROGRAMME_ID, QUARTER, "briefing.pdf")).click()
    pdf = tmp_path / sent.value.suggested_filename
    sent.value.save_as(pdf)
    assert pdf.name == f"{PROGRAMME_ID}__{QUARTER}__briefing.pdf"
    assert pdf.read_bytes() == printed.read_bytes()
    assert "CƠ QUAN THỬ NGHIỆM" in PdfReader(pdf).pages[0].extract_text()


def wait_for_success(page: Page) -> None:
    """Follow the notice of the run just launched to its page, and stay until it succeeded."""
    page.get_by_role("link", name="View", exact=True).click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_text(re.compile("^(Success|Failure)$")).first).to_have_text("Success")


def listening_addresses(session: int) -> set[str]:
    """Where the processes of a session accept connections from the network, as /proc/net/tcp and tcp6 write it."""
    sockets = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                sockets |= {str(descriptor.readlink()) for descriptor in (process / "fd").iterdir()}
        except OSError:  # it ended while we looked
            continue
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return {line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets}
