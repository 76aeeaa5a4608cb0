"""The page of the briefing for a screen: one file, nothing from outside, every figure marked with its key."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pipeline.briefing.charts import Chart
from pipeline.briefing.facts.figure import Fact, Said

_CHART = re.compile(r'src="giaoban:chart/([^"]+)"')
_TABLE = re.compile(r'<table class="grid.*?</table>', re.DOTALL)


@pass_context
def figure_marked(context: Context, value: Any) -> Any:
    """A figure that a template prints, in a span with its key where the page asks for that; anything else as it is."""
    if context.get("figures_marked"):
        said = value.printed if isinstance(value, Fact) else value
        if isinstance(said, Said) and said.key:
            return Markup('<span data-fact="{}">{}</span>').format(said.key, str(said))
    return value


def screen_page(html: str, charts: Mapping[str, Chart]) -> str:
    """The page with its charts inside it, and each table in a box of its own that scrolls sideways."""

    def drawing(found: re.Match[str]) -> str:
        return f'src="data:image/svg+xml;base64,{b64encode(charts[found[1]].svg).decode("ascii")}"'

    boxed = _TABLE.sub(lambda table: f'<div class="scroll" tabindex="0">{table[0]}</div>', html)
    return _CHART.sub(drawing, boxed)
