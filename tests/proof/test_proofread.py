"""What keeps a finished PDF from being handed out, each in a document in which just that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject

from pipeline.briefing.paper.proofread import proofread
from pipeline.errors import GiaobanError
from tests.pdf_text import page_texts
from tests.proof.sample import Spoilt, body_of, pdf_of

TEXTS = ["16,6% kế hoạch, giảm 1.234 hộ", "BÁO CÁO"]


def rewritten(pdf: bytes, change: Callable[[PdfWriter], Any]) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_good_document_passes(sample_a):
    proofread(sample_a, TEXTS, {"kind": ["BÁO CÁO"]})


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
        proofread(pdf_of(profile_a, spoilt), TEXTS, {})
    assert said in str(error.value)
    wrong = str(error.value).split(": ", 1)[1]
    assert all(said in part or "ngoài trang" in part for part in wrong.split("; "))


def test_a_file_without_tags_is_not_handed_out(sample_a):
    bare = rewritten(sample_a, lambda writer: writer.root_object.pop(NameObject("/StructTreeRoot")))
    with pytest.raises(GiaobanError, match="không gắn thẻ cấu trúc"):
        proofread(bare, TEXTS, {})


def test_a_number_of_the_page_that_cannot_be_read_back_is_named(sample_a):
    with pytest.raises(GiaobanError, match=r"không đọc lại được số 1\.235 của “giảm 1\.235 hộ”"):
        proofread(sample_a, [*TEXTS, "giảm 1.235 hộ"], {})


def test_a_number_has_to_stand_as_often_as_on_the_page(sample_a, profile_a):
    times = body_of(profile_a).count("16,6%")
    proofread(sample_a, ["tỷ lệ đạt 16,6%"] * times, {})
    with pytest.raises(GiaobanError, match="không đọc lại được số 16,6"):
        proofread(sample_a, ["tỷ lệ 16,6%"] * (times + 1), {})


def test_a_number_broken_over_two_lines_is_still_read(profile_a):
    name = "QIV_" + "1234567890" * 9 + ".xlsx"
    broken = pdf_of(
        profile_a, Spoilt(css=".sixth { overflow-wrap: anywhere }", swaps=(('"sixth">', f'"sixth">{name}. '),))
    )
    assert name not in "".join(page_texts(broken))
    proofread(broken, [f"{name}. "], {"name": [name]})


def test_a_fact_that_cannot_be_read_back_is_named(sample_a):
    proofread(sample_a, TEXTS, {"A02.value": ["16,6%", "giảm 1.234 hộ"]})
    with pytest.raises(GiaobanError, match=r"không đọc lại được số liệu A02\.value \(“không đổi”\)"):
        proofread(sample_a, TEXTS, {"A01.value": ["16,6%"], "A02.value": ["16,6%", "không đổi"]})


def test_words_broken_at_a_hyphen_are_still_read(profile_a):
    swaps = (('"sixth">', '"sixth" style="width: 12mm">giai đoạn 2021-2025 '),)
    proofread(pdf_of(profile_a, Spoilt(swaps=swaps)), [], {"term": ["2021-2025"]})
