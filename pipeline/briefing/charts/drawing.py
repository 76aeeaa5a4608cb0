"""A picture's data put into its Vega-Lite specification and drawn to SVG, without browser or network.

All specifications share reports/charts/style.json: one font, greys that keep apart on paper, text of at least 9 points.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.briefing.facts.figure import Said
from pipeline.briefing.paper.fonts import Fonts
from pipeline.errors import GiaobanError

DRAWN_FAMILY = "Tinos"  # the name inside the font file, by which vl-convert measures text

# the greys of style.json by role, the darkest first, and the ink that is read on each
DARK, MIDDLE, LIGHT, PALE, BLANK = "dark", "middle", "light", "pale", "blank"
INK = {DARK: "white", MIDDLE: "black", LIGHT: "black", PALE: "black", BLANK: "black"}


@dataclass(frozen=True)
class Picture:
    """What a chart is drawn of: rows for reports/charts/<spec or name>.vl.json; alt states its finding.

    Labels are text already, in the print of the facts, so that no locale plays a part; they know their figures.
    """

    name: str
    title: str
    alt: str
    rows: tuple[dict[str, Any], ...]
    spec: str = ""


@dataclass(frozen=True)
class Chart:
    """One finished picture; figures are the words of the facts in its labels, by key."""

    name: str
    title: str
    alt: str
    svg: bytes
    figures: Mapping[str, str]


def draw(picture: Picture, folder: Path, fonts: Fonts) -> Chart:
    """The drawing of a picture; GiaobanError where the specification and the rows do not go together."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts.folder))
    spec = specification(folder, picture.spec or picture.name)
    spec["data"] = {"values": list(picture.rows)}
    try:
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    except ValueError as error:
        raise GiaobanError(f"Không vẽ được biểu đồ '{picture.title}': {str(error).splitlines()[0]}") from error
    figures = {key: words for row in picture.rows for one in row.values() if isinstance(one, Said)
               for key, words in one.figures.items()}  # fmt: skip
    # the page knows the drawing's font by the name of the style sheet, from the same pinned file
    drawing = svg.replace(DRAWN_FAMILY, fonts.family).encode("utf-8")
    return Chart(picture.name, picture.title, picture.alt, drawing, figures)


def specification(folder: Path, name: str) -> dict[str, Any]:
    """reports/charts/<name>.vl.json with the style all charts share."""
    spec: dict[str, Any] = json.loads(_read(folder / f"{name}.vl.json"))
    return spec | {"config": json.loads(_read(folder / "style.json"))}


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def filled(shade: str) -> dict[str, str]:
    """A grey and the ink to be read on it."""
    return {"shade": shade, "ink": INK[shade]}


def amount(value: Any) -> float:
    """A position to draw at; what is printed stands in a label."""
    return float(value or 0)
