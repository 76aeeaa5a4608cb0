"""XML read as a stream of events, never as a tree; a document type, the door of every XML attack, is refused."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from pipeline.intake.formats.refusals import unreadable, unsafe_xml

Attributes = dict[str, str]


def read_xml(
    content: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call back for each tag and text. Tags come without the prefix of the outermost one, attributes as they are
    (`local` finds them).

    RefusedError for XML that is not well formed or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text

    def outermost(name: str, attributes: Attributes) -> None:
        prefix = name.rpartition(":")[0]
        parser.StartElementHandler = start
        if prefix:  # a call more for each tag, so only where the writer uses prefixes
            parser.StartElementHandler = lambda tag, held: start(tag.rpartition(":")[2], held)
            parser.EndElementHandler = (lambda tag: end(tag.rpartition(":")[2])) if end else None
        parser.StartElementHandler(name, attributes)

    parser.StartElementHandler = outermost
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):  # LookupError: an encoding nobody knows
        raise unreadable() from None


def local(attributes: Attributes, name: str, default: str = "") -> str:
    """The value of an attribute whatever its prefix: `Index` finds `ss:Index`."""
    if name in attributes:
        return attributes[name]
    ending = f":{name}"
    return next((value for key, value in attributes.items() if key.endswith(ending)), default)


def _refuse(*declaration: object) -> None:
    raise unsafe_xml()
