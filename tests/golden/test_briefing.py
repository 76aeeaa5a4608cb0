"""The finished briefing of the demonstration, and what the commands say of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipeline.briefing.provenance import REPORTS
from pipeline.programme import load_programme
from pipeline.proof.document import read_document
from pipeline.proof.linting import lint
from pipeline.proof.profile import load_profile
from pipeline.quarters import Quarter
from pipeline.trace import Records, trace
from tests.golden.conftest import AREAS, PRINTED_AREAS, PROGRAMME, QUARTER, Giaoban, copy_home, run_giaoban
from tests.pdf_text import page_texts


def text_of(pdf: Path) -> str:
    """The text of all pages."""
    return " ".join(page_texts(pdf))


@pytest.fixture(scope="module")
def built(demo: Path) -> Path:
    return demo / "build" / PROGRAMME / QUARTER


def test_the_pdf_holds_what_the_meeting_is_told(built, demo):
    text = text_of(built / "briefing.pdf")
    programme = load_programme(demo, PROGRAMME)
    wanted = ["690", "0,03%", "18/30", "214.258", "133,9%", "121,47%", "110,67%", "105,58%", "20/27", "74%"]
    wanted += ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỐ LIỆU MINH HỌA", "DỰ THẢO"]
    wanted += ["kết quả theo ghi nhận", "chưa có hoặc chưa đủ số liệu: Sữa học đường (Sở GDĐT)."]
    wanted += [area.name for area in programme.districts(Quarter(2023, 4))]
    assert [words for words in wanted if words not in text] == []


def test_the_pdf_obeys_every_rule_of_the_prescribed_format(built):
    verdicts = lint(read_document((built / "briefing.pdf").read_bytes()), load_profile(REPORTS, "A"))
    assert [(one.rule, one.checks) for one in verdicts if one.state == "broken"] == []
    assert sum(one.state == "met" for one in verdicts) > 130


def test_every_page_says_that_the_figures_are_illustrative(built):
    pages = page_texts(built / "briefing.pdf")
    assert len(pages) > 30 and all("SỐ LIỆU MINH HỌA" in page for page in pages)


def test_the_set_is_complete_and_the_manifest_knows_its_bytes(built):
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    outputs = manifest["outputs"]
    assert {"briefing.pdf", "facts.json", "inputs.json"} <= set(outputs)
    for name, sha256 in outputs.items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == sha256
    assert not any(str(part) in json.dumps(manifest) for part in (built.parents[2], Path.home()))


@pytest.mark.parametrize("code", PRINTED_AREAS)
def test_a_district_has_two_pages_with_the_figures_of_the_briefing_that_can_be_traced(built, marts, code):
    pdf = PdfReader(built / "areas" / f"{code}.pdf")
    assert len(pdf.pages) == 2
    own = {one["key"]: one for one in json.loads(pdf.attachments["facts.json"][0])}
    whole = {one["key"]: one for one in json.loads((built / "facts.json").read_bytes())}
    shared = own.keys() & whole.keys()
    assert {f"area.{code}.A05", f"poverty.{code}.poor", "poverty.city.poor", "indicator.A01.value"} <= shared
    parts = dict.fromkeys(("value", "numerator", "denominator"))  # which of the whole the briefing alone tells
    told = {key: whole[key] | parts if whole[key]["area"] == "city" else whole[key] for key in shared}
    assert [key for key in sorted(shared) if own[key] != told[key]] == []
    records = Records(marts, Quarter.parse(QUARTER))
    others = [one for key, one in own.items() if key not in whole and one["value"] is not None]
    assert {f"rank.{code}.A05", f"trend.A01.{code}.2022-Q1"} <= {one["key"] for one in others}
    for one in others:
        asked = one["trace"]
        found = trace(records.at(Quarter.parse(asked["quarter"])), asked["indicator"], asked["area"])
        assert found.printed == one["printed"], one["key"]


def test_figures_that_only_a_chart_says_are_on_record_too(built):
    listed = {one["key"] for one in json.loads((built / "facts.json").read_bytes())}
    assert {f"trend.A01.city.{quarter}" for quarter in ("2022-Q1", "2022-Q4", "2023-Q3")} <= listed
    assert "poverty.271.coverage" not in listed  # said only where somebody did not report


def test_the_document_is_dated_by_its_inputs_not_by_today(built):
    assert "tháng 01 năm 2024" in text_of(built / "briefing.pdf")


def test_the_same_bytes_with_another_seed_zone_locale_and_folder(built, demo, tmp_path):
    elsewhere = copy_home(demo, tmp_path / "nơi khác")
    surroundings = {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LC_ALL": "C", "LANG": "C"}
    done = run_giaoban(elsewhere, "briefing", PROGRAMME, QUARTER, *AREAS, **surroundings)
    assert done.returncode == 0, done.stderr
    again = elsewhere / "build" / PROGRAMME / QUARTER
    companions = {"briefing.xlsx", "briefing.html", "tables/poverty_rates.csv", "areas/001.pdf", "areas/271.pdf"}
    outputs = json.loads((built / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert companions <= set(outputs)
    for name in ("manifest.json", *outputs):
        assert (again / name).read_bytes() == (built / name).read_bytes(), name


def test_figures_answers_in_json(giaoban: Giaoban):
    done = giaoban("figures", PROGRAMME, QUARTER, "--indicator", "A01", "--area", "city", "--format", "json")
    figure = json.loads(done.stdout)
    assert (figure["numerator"], figure["denominator"], figure["printed"]) == (690, 2_290_000, "0,03%")
    assert figure["coverage"] == "30/30"
    assert figure["basis"] == "illustrative"


def test_a_deleted_file_lowers_the_coverage_and_is_named_never_a_zero(demo, tmp_path):
    folder = copy_home(demo, tmp_path) / "raw" / PROGRAMME / "submissions" / QUARTER
    register = (folder / "register.csv").read_text(encoding="utf-8").splitlines()
    gone = next(line.split(",")[1].strip('"') for line in register if ",001," in line)
    (folder / gone).unlink()
    done = run_giaoban(tmp_path, "refresh", PROGRAMME, QUARTER)
    assert done.returncode == 0, done.stderr
    assert "Chưa có báo cáo: Quận Ba Đình" in done.stdout and "29/30" in done.stdout
    asked = run_giaoban(tmp_path, "figures", PROGRAMME, QUARTER, "--indicator", "A01", "--format", "json")
    by_area = {figure["area"]: figure for figure in json.loads(asked.stdout)}
    assert by_area["city"]["coverage"] == "29/30"
    assert (by_area["001"]["value"], by_area["001"]["numerator"]) == (None, None)
    status = run_giaoban(tmp_path, "status", PROGRAMME, QUARTER).stdout
    assert next(line for line in status.splitlines() if "Ba Đình" in line)


def test_one_mart_is_rebuilt_and_nothing_else(demo, giaoban: Giaoban):
    briefing = demo / "build" / PROGRAMME / QUARTER / "briefing.pdf"
    before = (briefing.stat().st_mtime_ns, briefing.resolve())
    done = giaoban("run", PROGRAMME, "marts/poverty_rates")
    assert done.returncode == 0, done.stderr
    assert "marts/poverty_rates" in done.stdout
    assert (briefing.stat().st_mtime_ns, briefing.resolve()) == before
