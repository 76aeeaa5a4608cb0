"""What a page says while its templates print it: every figure is noted by its key, on a screen marked with it too."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pipeline.briefing.facts.figure import Fact, Said, listed
from pipeline.briefing.provenance import REPORTS

Figures = dict[str, set[str]]  # the words a page has for each fact, by key


def environment(longest_sent: int) -> Environment:
    """The templates of reports/ and the filters they all use; texts from outside are cut at `longest_sent` letters.

    A page is rendered with `figures`, which gets every figure that its templates print, `fonts`, and `figures_marked`
    where each figure shall stand in a span with its key.
    """

    @pass_context
    def sent(context: Context, text: str) -> str:
        """A text from outside: characters the font lacks are named, what is too long for a table is cut."""
        clean: str = context["fonts"].printable(text)
        return _reworded(text, clean if len(clean) <= longest_sent else clean[: longest_sent - 1] + "…")

    made = Environment(
        loader=FileSystemLoader(REPORTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_noted,
    )  # fmt: skip
    made.filters |= {
        "sent": sent,
        "listed": listed,
        "lower_first": lambda text: _reworded(text, text[:1].lower() + text[1:]),
        "upper_first": lambda text: _reworded(text, text[:1].upper() + text[1:]),
    }
    return made


def note(figures: Figures, said: object) -> None:
    """Remember the figures that these words say."""
    for key, words in said.figures.items() if isinstance(said, Said) else ():
        figures.setdefault(key, set()).add(words)


@pass_context
def _noted(context: Context, value: Any) -> Any:
    """Whatever a template prints, as it is but for the marks of a page for a screen."""
    said = value.printed if isinstance(value, Fact) else value
    if not isinstance(said, Said):
        return value
    note(context["figures"], said)
    if context["figures_marked"] and said.key:
        return Markup('<span data-fact="{}">{}</span>').format(said.key, str(said))
    return value


def _reworded(old: str, new: str) -> str:
    return old.reworded(new) if isinstance(old, Said) else new
