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


def test_markup_that_could_act_is_removed():
    hostile = (
        "## Nguyên nhân\n\n<script>alert(1)</script><img src=x onerror=alert(1)> [nhấn](javascript:alert(1)) còn lại\n"
    )
    cause = str(narrative_sections(hostile)["causes"])
    assert "còn lại" in cause
    assert not any(word in cause for word in ("<script", "<img", "onerror", "href"))


def test_an_unknown_heading_is_told_with_its_line():
    with pytest.raises(GiaobanError, match=r"dòng 3: không có mục 'Khác'.*'## Nguyên nhân'"):
        narrative_sections("# Báo cáo\n\n## Khác\n\nchữ\n")


def test_text_before_the_first_section_is_told():
    with pytest.raises(GiaobanError, match="đứng trước mục"):
        narrative_sections("lạc lõng\n\n## Nguyên nhân\n")


def test_an_empty_narrative_leaves_every_section_empty():
    assert set(narrative_sections("").values()) == {None}
