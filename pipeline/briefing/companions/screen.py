"""The page of the briefing for a screen: one file, nothing from outside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping

from pipeline.briefing.charts import Chart

_CHART = re.compile(r'src="giaoban:chart/([^"]+)"')
_TABLE = re.compile(r'<table class="grid.*?</table>', re.DOTALL)


def screen_page(html: str, charts: Mapping[str, Chart]) -> str:
    """The page with its charts inside it, and each table in a box of its own that scrolls sideways."""

    def drawing(found: re.Match[str]) -> str:
        return f'src="data:image/svg+xml;base64,{b64encode(charts[found[1]].svg).decode("ascii")}"'

    boxed = _TABLE.sub(lambda table: f'<div class="scroll" tabindex="0">{table[0]}</div>', html)
    return _CHART.sub(drawing, boxed)
