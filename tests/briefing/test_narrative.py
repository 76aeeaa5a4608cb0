"""The hand-written part: known headings, harmless tags, nothing dropped in silence."""

from __future__ import annotations

import pytest

from pipeline.briefing.narrative import narrative_sections
from pipeline.errors import GiaobanError


def test_sections_are_found_by_heading_whatever_the_spelling():
    sections = narrative_sections("# Báo cáo\n\n## TỒN TẠI, HẠN CHẾ\n\n- một\n- **hai**\n\n## Nguyên nhân\n")
    assert sections["shortcomings"] == "<ul>\n<li>một</li>\n<li><strong>hai</strong></li>\n</ul>"
    assert sections["causes"] is None
    assert sections["tasks"] is None


def test_a_heading_inside_a_code_block_is_text():
    sections = narrative_sections("## Nguyên nhân\n\n```\n## Không phải mục\n```\n")
    assert "Không phải mục" in str(sections["causes"])


def test_markup_that_could_act_is_words():
    hostile = (
        "## Nguyên nhân\n\n<script>alert(1)</script><img src=x onerror=alert(1)> [nhấn](javascript:alert(1)) còn lại\n"
    )
    cause = str(narrative_sections(hostile)["causes"])
    assert "còn lại" in cause
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in cause and "&lt;img src=x onerror=alert(1)&gt;" in cause
    assert not any(word in cause for word in ("<script", "<img", "<a", "href"))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("5*3 và 4*2", "5*3 và 4*2"),
        ("*nghiêng* và **đậm**", "<em>nghiêng</em> và <strong>đậm</strong>"),
        ("<Xã A> và a < b", "&lt;Xã A&gt; và a &lt; b"),
        ("còn \u202e096 hộ\u202c, \u200bgiảm\ufeff", "còn 096 hộ, giảm"),
    ],
)
def test_what_was_written_is_what_is_printed(written: str, printed: str):
    assert narrative_sections(f"## Nguyên nhân\n\n{written}\n")["causes"] == f"<p>{printed}</p>"


def test_an_unknown_heading_is_told_with_its_line():
    with pytest.raises(GiaobanError, match=r"dòng 3: không có mục 'Khác'.*'## Nguyên nhân'"):
        narrative_sections("# Báo cáo\n\n## Khác\n\nchữ\n")


def test_text_before_the_first_section_is_told():
    with pytest.raises(GiaobanError, match="đứng trước mục"):
        narrative_sections("lạc lõng\n\n## Nguyên nhân\n")


def test_an_empty_narrative_leaves_every_section_empty():
    assert set(narrative_sections("").values()) == {None}
