"""`giaoban verify`: the same inputs give the same bytes; what was altered, added or made of other inputs is told."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline.briefing.provenance import public_record
from pipeline.cli import proving
from pipeline.errors import UsageError
from pipeline.programme import load_programme
from pipeline.proof.attached import attached_files, record_in
from pipeline.proof.verifying import Built, Report
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from tests.issuing import issue_briefing
from tests.tiny import PROGRAMME_ID, set_in

Q4 = Quarter(2030, 4)


@pytest.fixture
def home(printed_office: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(printed_office, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Built:
        raise AssertionError("dựng lại báo cáo")

    monkeypatch.setattr(proving, "_built", refuse)


def pdf_in(home: Path, label: str = "2030-Q4") -> Path:
    return set_in(home, label) / "briefing.pdf"


def printed(file: Path, home: Path, capsys: pytest.CaptureFixture[str], form: str = "text") -> tuple[int, str]:
    """Exit code of `giaoban verify FILE` and what it prints."""
    code = 0
    try:
        proving.verify(file, form, home)
    except typer.Exit as exit:
        code = exit.exit_code
    return code, capsys.readouterr().out


def told(file: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code, text = printed(file, home, capsys, "json")
    return code, json.loads(text)


def states(record: dict[str, Any]) -> dict[str, str]:
    return {one["what"]: one["state"] for one in record["comparisons"]}


def everything_under(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_what_the_inputs_give_is_identical_and_nothing_is_published(printed_office, capsys):
    before = everything_under(printed_office)
    code, record = told(pdf_in(printed_office), printed_office, capsys)
    assert (code, record["outcome"]) == (0, "identical")
    assert record["document"] == "Báo cáo đầy đủ, quý IV/2030, Chương trình số 01-CTr/TN, dự thảo"
    assert record["comparisons"][-1]["details"] == ["mọi byte trùng bản dựng lại"]
    assert states(record) == {
        "Bản đã ban hành": "not_compared", "Đầu vào (mã băm từng tệp)": "same",
        "Mã nguồn, gói, phông chữ, thư viện": "same", "Số liệu": "same", "Từng byte": "same",
    }  # fmt: skip
    assert record["original_length"] == pdf_in(printed_office).stat().st_size
    assert everything_under(printed_office) == before


def test_the_pages_of_a_district_are_proven_by_themselves(printed_office, capsys):
    pages = pdf_in(printed_office).parent / "areas" / "002.pdf"
    code, record = told(pages, printed_office, capsys)
    assert (code, record["outcome"], record["original_length"]) == (0, "identical", pages.stat().st_size)
    assert record["document"].startswith("Trang số liệu của Huyện Tây Hòa, quý IV/2030, ")


def test_the_public_edition_is_proven_without_telling_who_sent_what(home, capsys):
    programme = load_programme(home, PROGRAMME_ID)
    with Runner(programme) as runner:
        runner.briefing(Q4, edition="public")
    public = pdf_in(home, "2030-Q4-public")
    told_in_it = attached_files(public.read_bytes())["inputs.json"].decode()
    assert "dong" not in told_in_it and "báo cáo gửi lên 2030-Q4" in told_in_it
    code, record = told(public, home, capsys)
    assert (code, record["outcome"]) == (0, "identical"), record
    assert "Bản đã ban hành" not in states(record) and record["document"].startswith("Bản công bố, quý IV/2030, ")
    (home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "dong.xlsx").unlink()
    code, record = told(public, home, capsys)
    assert (code, record["outcome"]) == (1, "different")
    assert ["báo cáo gửi lên 2030-Q4: nội dung đã thay đổi"] in [one["details"] for one in record["comparisons"]]


def test_what_had_been_sent_by_a_day_only_a_build_can_tell(home, again, capsys, monkeypatch):
    """A public edition of a day names no files, so a later one is no change before a build has cut it off."""
    record = public_record(again.inputs | {"as_of": "2031-01-04"})
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("pipeline.proof.verifying.verify", lambda *given: asked.append(given[3]) or Report("unproven"))
    (home / "raw" / PROGRAMME_ID / "submissions" / "2030-Q4" / "moi.xlsx").write_bytes(b"later")
    proving._verified(b"", record, None, home)
    assert asked[0]["files"] == record["files"] and "báo cáo gửi lên 2030-Q4" in record["files"]


def test_a_state_of_a_day_is_built_as_of_that_day(home, capsys):
    programme = load_programme(home, PROGRAMME_ID)
    with Runner(programme, date(2031, 1, 4)) as runner:
        runner.briefing(Q4)
    late = home / "raw" / PROGRAMME_ID / "targets.csv"
    late.write_text(
        late.read_text(encoding="utf-8") + 'J1,year,2031,,ge,"2000",,,1,Kế hoạch sau,2031-02-01,published,\n'
    )
    code, record = told(pdf_in(home, "2030-Q4@2031-01-04"), home, capsys)
    assert (code, record["outcome"]) == (0, "identical"), record
    assert record["document"].endswith("tính đến 04/01/2031, dự thảo")


def test_changed_inputs_are_named_and_nothing_is_built(home, capsys, no_build):
    folder = home / "raw" / PROGRAMME_ID
    (folder / "targets.csv").write_text((folder / "targets.csv").read_text(encoding="utf-8").replace("1000", "900"))
    (folder / "submissions" / "2030-Q4" / "dong.xlsx").unlink()
    (folder / "layouts" / "moi.yml").write_text((folder / "layouts" / "cap_tren.yml").read_text(encoding="utf-8"))
    code, record = told(pdf_in(home), home, capsys)
    assert (code, record["outcome"]) == (1, "different")
    inputs = next(one for one in record["comparisons"] if one["what"].startswith("Đầu vào"))
    assert inputs["details"] == [
        "layouts/moi.yml: mới có", "submissions/2030-Q4/dong.xlsx: không còn", "targets.csv: nội dung đã thay đổi",
    ]  # fmt: skip
    assert states(record)["Từng byte"] == "not_compared"


def test_what_was_issued_is_proven_by_its_record_also_when_inputs_changed_since(home, capsys, no_build):
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    proven = "ĐÚNG LÀ BẢN ĐÃ BAN HÀNH số 05/BC-TN ngày 15/01/2031"
    code, text = printed(pdf_in(home), home, capsys)
    assert code == 0 and text.splitlines()[-1] == f"Kết luận: {proven}."
    said = "Báo cáo đầy đủ, quý IV/2030, Chương trình số 01-CTr/TN, đã ban hành số 05/BC-TN ngày 15/01/2031"
    assert text.splitlines()[0] == f"{pdf_in(home)}: {said}"
    assert "mọi byte trùng báo cáo số 05/BC-TN ngày 15/01/2031" in text
    targets = home / "raw" / PROGRAMME_ID / "targets.csv"
    targets.write_text(targets.read_text(encoding="utf-8").replace("1000", "900"))
    for file in (pdf_in(home), pdf_in(home).parent / "areas" / "002.pdf"):
        code, text = printed(file, home, capsys)
        assert code == 0 and text.splitlines()[-1] == f"Kết luận: {proven}; đầu vào hiện nay đã khác."
        assert told(file, home, capsys)[1]["outcome"] == "issued"


def test_the_pages_of_a_district_are_issued_only_as_the_record_has_them(home, capsys, no_build):
    path, _ = issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    pages = pdf_in(home).parent / "areas" / "002.pdf"
    assert told(pages, home, capsys)[0] == 0
    kept = json.loads(path.read_bytes())
    path.write_text(json.dumps(kept | {"pages": {"areas/002.pdf": "0" * 64}}))
    assert told(pages, home, capsys)[1]["outcome"] == "different"
    path.write_text(json.dumps({key: value for key, value in kept.items() if key != "pages"}))  # of an older version
    code, record = told(pages, home, capsys)
    assert (code, record["outcome"]) == (1, "unproven")
    assert record["comparisons"][0]["details"] == ["hồ sơ ban hành số 05/BC-TN không ghi mã băm của tệp này"]
    assert record["document"].endswith("mang số 05/BC-TN ngày 15/01/2031")


def test_an_issued_briefing_can_still_be_built_again(home, again):
    """The record of its own issue is no input of the document that was issued."""
    issue_briefing(load_programme(home, PROGRAMME_ID), Q4, "05/BC-TN", date(2031, 1, 15))
    programme = load_programme(home, PROGRAMME_ID)
    with proving._copied_home(programme, Q4, again.inputs["files"]) as copy:
        assert not load_programme(copy, PROGRAMME_ID).issues
    with proving._copied_home(programme, Q4, {**again.inputs["files"], "issued/2030-Q4.json": ""}) as copy:
        assert len(load_programme(copy, PROGRAMME_ID).issues) == 1
    assert programme.issues


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda home: (home / "missing.pdf", home), "Không thấy tệp"),
        (lambda home: (pdf_in(home), home / "nowhere"), "Không có thư mục"),
        (lambda home: (shutil.rmtree(home / "raw" / PROGRAMME_ID), (pdf_in(home), home))[1], "Không rõ chương trình"),
    ],
)
def test_wrong_usage_is_told(home, wrong, expected):
    with pytest.raises(UsageError, match=expected):
        proving.verify(*(lambda file, at: (file, "text", at))(*wrong(home)))


def test_a_pdf_of_somebody_else_is_no_briefing_of_ours(tmp_path, sample_a, capsys):
    for name, data in (("sample.pdf", sample_a), ("text.pdf", b"no PDF at all"), ("empty.pdf", b"")):
        (tmp_path / name).write_bytes(data)
        code, record = told(tmp_path / name, tmp_path, capsys)
        assert (code, record["outcome"]) == (1, "different")


@pytest.mark.parametrize("odd", [{"issue": "05"}, {"issue": {"number": "05"}}, {"part": ["002"]}, {"quarter": "2030"},
                                 {"issue": {"number": 5, "issued_on": "2031-01-15"}}])  # fmt: skip
def test_a_record_that_was_made_up_is_not_understood(again, odd):
    assert record_in({"inputs.json": json.dumps(again.inputs).encode()}) == again.inputs
    assert record_in({"inputs.json": json.dumps(again.inputs | odd).encode()}) is None


# --- copies of a briefing whose inputs are the same ---
