"""The structure tree of a tagged PDF: who contains what, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader


@dataclass(eq=False)
class Element:
    """A structure element; kids are elements and marks (page from 1, mcid) in reading order."""

    role: str
    parent: Element | None
    alternative: str = ""
    identifier: str = ""
    scope: str = ""
    headers: tuple[str, ...] = ()
    column_span: int = 1
    row_span: int = 1
    page: int = 0
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """This element and everything below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    def within(self, *roles: str) -> Element | None:
        """The nearest element of these roles around this one, itself included."""
        return next((element for element in self.ancestors if element.role in roles), None)

    @property
    def ancestors(self) -> Iterator[Element]:
        """This element, its parent and so on to the root."""
        here: Element | None = self
        while here is not None:
            yield here
            here = here.parent

    def children(self, *roles: str) -> list[Element]:
        return [kid for kid in self.kids if isinstance(kid, Element) and kid.role in roles]

    @property
    def own_marks(self) -> list[tuple[int, int]]:
        return [kid for kid in self.kids if isinstance(kid, tuple)]

    @property
    def marks(self) -> list[tuple[int, int]]:
        """Its own and those of everything below it."""
        return [mark for element in self.walk() for mark in element.own_marks]


def structure(reader: PdfReader) -> Element | None:
    """The root of the tree with standard roles (H1, P, TH ...); None where the PDF is not tagged."""
    catalog: Any = reader.trailer["/Root"].get_object()
    root = catalog.get("/StructTreeRoot")
    if root is None:
        return None
    root = root.get_object()
    roles = {str(own): str(standard) for own, standard in (root.get("/RoleMap") or {}).items()}
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, 1)}  # type: ignore[union-attr]
    top = Element("StructTreeRoot", None)
    _read_kids(top, root, pages, roles, 0)
    return top if top.kids else None


def _read_kids(element: Element, source: Any, pages: dict[int, int], roles: dict[str, str], page: int) -> None:
    kids = source.get("/K")
    kids = kids.get_object() if kids is not None else []
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, int):
            element.kids.append((page, int(kid)))
        elif kid.get("/Type") == "/MCR":
            element.kids.append((_page_of(kid, pages, page), int(kid["/MCID"])))
        elif "/S" in kid:
            child = _element(kid, element, roles, _page_of(kid, pages, page))
            element.kids.append(child)
            _read_kids(child, kid, pages, roles, child.page)


def _element(source: Any, parent: Element, roles: dict[str, str], page: int) -> Element:
    role = str(source["/S"])
    for _ in roles:  # a role may be mapped to one that is itself mapped
        role = roles.get(role, role)
    attributes = source.get("/A")
    attributes = attributes.get_object() if attributes is not None else []
    found: dict[str, Any] = {}
    for one in attributes if isinstance(attributes, list) else [attributes]:
        one = one.get_object()
        found |= one if isinstance(one, dict) else {}
    return Element(
        role=role.lstrip("/"), parent=parent, alternative=str(source.get("/Alt", "")).strip(),
        identifier=str(source.get("/ID", "")), scope=str(found.get("/Scope", "")).lstrip("/"),
        headers=tuple(str(one) for one in found.get("/Headers", ())), column_span=int(found.get("/ColSpan", 1)),
        row_span=int(found.get("/RowSpan", 1)), page=page,
    )  # fmt: skip


def _page_of(source: Any, pages: dict[int, int], inherited: int) -> int:
    if "/Pg" not in source:
        return inherited
    return pages.get(source.raw_get("/Pg").idnum, inherited)
