"""What keeps a finished PDF from being handed out, each in a document in which just that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from pipeline.briefing.paper.page_text import shown_texts
from pipeline.briefing.paper.proofread import proofread
from pipeline.errors import GiaobanError
from tests.proof.sample import Spoilt, body_of, pdf_of

TEXTS = ["16,6% kế hoạch, giảm 1.234 hộ", "BÁO CÁO"]


def rewritten(pdf: bytes, change: Callable[[PdfWriter], Any]) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_good_document_passes(sample_a):
    proofread(sample_a, TEXTS)


def test_the_text_is_read_back_as_pypdf_reads_it(sample_a):
    reader = PdfReader(BytesIO(sample_a))
    ours = "".join("".join(one.text.split()) for one in shown_texts(reader))
    theirs = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert sorted(ours) == sorted(theirs)
    assert len(ours) > 1500


def test_places_are_those_that_lint_pdf_measures(sample_a):
    from pipeline.proof.document import read_document

    (kind,) = [one for one in shown_texts(PdfReader(BytesIO(sample_a))) if one.text == "BÁO CÁO"]
    (line,) = [line for block in read_document(sample_a).blocks for line in block.lines if line.text == "BÁO CÁO"]
    assert (kind.left, kind.right) == pytest.approx((line.left * 72 / 25.4, line.right * 72 / 25.4), abs=0.1)
    assert kind.low == pytest.approx((297 - line.y) * 72 / 25.4, abs=0.1)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (Spoilt(swaps=(("<title>Báo cáo thử nghiệm</title>", ""),)), "văn bản không có tên"),
        (Spoilt(swaps=(('<html lang="vi">', "<html>"),)), "văn bản không ghi ngôn ngữ"),
        (Spoilt(swaps=((' alt="Số hộ giảm so với kỳ trước"', ' alt=""'),)), "không có văn bản thay thế"),
        (Spoilt(variant="pdf/ua-1"), "không mang dấu PDF/A-3a"),
        (
            Spoilt(css="@page { @top-right-corner { content: 'ngoài mép giấy'; white-space: nowrap } }"),
            "chữ ra ngoài trang 1: “ngoài mép giấy”",
        ),
    ],
)
def test_just_this_is_wrong(profile_a, spoilt, said):
    with pytest.raises(GiaobanError) as error:
        proofread(pdf_of(profile_a, spoilt), TEXTS)
    assert said in str(error.value)
    wrong = str(error.value).split(": ", 1)[1]
    assert all(said in part or "ngoài trang" in part for part in wrong.split("; "))


def test_a_file_without_tags_is_not_handed_out(sample_a):
    bare = rewritten(sample_a, lambda writer: writer.root_object.pop(NameObject("/StructTreeRoot")))
    with pytest.raises(GiaobanError, match="không gắn thẻ cấu trúc"):
        proofread(bare, TEXTS)


def test_a_number_of_the_page_that_cannot_be_read_back_is_named(sample_a):
    with pytest.raises(GiaobanError, match=r"không đọc lại được số 1\.235 của “giảm 1\.235 hộ”"):
        proofread(sample_a, [*TEXTS, "giảm 1.235 hộ"])


def test_a_number_has_to_stand_as_often_as_on_the_page(sample_a, profile_a):
    times = body_of(profile_a).count("16,6%")
    proofread(sample_a, ["tỷ lệ đạt 16,6%"] * times)
    with pytest.raises(GiaobanError, match="không đọc lại được số 16,6"):
        proofread(sample_a, ["tỷ lệ 16,6%"] * (times + 1))


def test_a_number_broken_over_two_lines_is_still_read(profile_a):
    name = "QIV_" + "1234567890" * 9 + ".xlsx"
    broken = pdf_of(
        profile_a, Spoilt(css=".sixth { overflow-wrap: anywhere }", swaps=(('"sixth">', f'"sixth">{name}. '),))
    )
    assert name not in " ".join(one.text for one in shown_texts(PdfReader(BytesIO(broken))))
    proofread(broken, [f"{name}. "])
