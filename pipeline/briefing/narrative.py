"""What the secretariat writes by hand: Markdown by heading, cleaned to a few harmless tags."""

from __future__ import annotations

import re
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from pipeline.errors import GiaobanError
from pipeline.vietnamese import fold, seen

SECTIONS = {
    "leadership": "Công tác lãnh đạo, chỉ đạo",
    "results": "Kết quả nổi bật",
    "shortcomings": "Tồn tại, hạn chế",
    "difficulties": "Khó khăn, vướng mắc",
    "causes": "Nguyên nhân",
    "tasks": "Phương hướng, nhiệm vụ",
    "proposals": "Đề xuất, kiến nghị",
}
_INTRAWORD_STAR = re.compile(r"(?<=\w)\*(?=\w)")  # of 5*3, which is no emphasis
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "br", "table", "thead", "tbody", "tr", "th", "td"}


def narrative_sections(text: str) -> dict[str, Markup | None]:
    """Safe HTML of each section; None where the section is missing or empty.

    Raises GiaobanError for a second-level heading that is none of the known ones, and for text before the first:
    what somebody wrote is never left out in silence. Tags written by hand are words like any others.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = _INTRAWORD_STAR.sub(r"\\*", seen(text))
    known = {fold(title): name for name, title in SECTIONS.items()}
    bodies: dict[str, list[str]] = {name: [] for name in SECTIONS}
    current: str | None = None
    before: list[str] = []
    lines = text.splitlines()
    tokens = markdown.parse(text)
    starts = {
        token.map[0]: inline.content
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.map
    }
    for number, line in enumerate(lines):
        if number in starts:
            current = known.get(fold(starts[number]))
            if current is None:
                titles = "; ".join(f"'## {title}'" for title in SECTIONS.values())
                raise GiaobanError(
                    f"Phần viết tay, dòng {number + 1}: không có mục '{starts[number]}'. Các mục được dùng: {titles}."
                )
        elif current is None:
            before.append(line)
        else:
            bodies[current].append(line)
    opening = nh3.clean(markdown.render("\n".join(line for line in before if not line.startswith("# "))), tags=set())
    if opening.strip():
        raise GiaobanError("Phần viết tay có nội dung đứng trước mục '## ...' đầu tiên; đề nghị chuyển vào một mục.")
    return {name: _clean(markdown.render("\n".join(body))) for name, body in bodies.items()}


def _clean(html: str) -> Markup | None:
    cleaned = nh3.clean(html, tags=_TAGS, attributes={}, link_rel=None).strip()
    cleaned = cleaned.replace("<table>", '<table class="grid small sent">')
    return Markup(cleaned) if cleaned else None
