"""Fit for the archive: fonts, colours, PDF/A-3a and what it asks of the file as a whole."""

from __future__ import annotations

import unicodedata
from typing import Any
from xml.etree import ElementTree

from pypdf.errors import PyPdfError

from pipeline.proof.attached import embedded_files
from pipeline.proof.measuring import Case, Check, Checks, Place, measure, quoted

_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_BLACK = 0.02
_TOO_MANY = 5


@measure("họ phông chữ", lambda case: f"{case.rule.expected}")
def family(case: Case) -> Checks:
    for font in case.document.fonts:
        yield Check(font.family in case.rule.words, font.name)


@measure("nhúng phông chữ", "mọi phông chữ được nhúng trong tệp")
def embedded(case: Case) -> Checks:
    for font in case.document.fonts:
        yield Check(font.is_embedded, f"{font.name} {'đã' if font.is_embedded else 'chưa'} nhúng")


@measure("bộ mã ký tự", lambda case: f"{case.rule.expected}")
def unicode_text(case: Case) -> Checks:
    """Every font says what its codes mean, and all of it is composed Vietnamese text; no letter is missing."""
    for font in case.document.fonts:
        yield Check(font.has_unicode, f"{font.name}: {'có' if font.has_unicode else 'không có'} bảng mã Unicode")
    for page in case.document.pages:
        for run in page.runs:
            bad = {f"U+{ord(letter):04X}" for letter in run.text if _is_unreadable(letter)}
            if unicodedata.normalize("NFC", run.text) != run.text:
                bad.add("chữ có dấu rời")
            if bad:
                said = f"{', '.join(sorted(bad))} ở {quoted(run.text.strip(), 30)}"
                yield Check(False, said, Place(page.number, run.left, run.y))


def _is_unreadable(letter: str) -> bool:
    """Without meaning, or of a private range as old fonts use it."""
    return letter == "\ufffd" or unicodedata.category(letter) == "Co"


@measure("màu chữ", "màu đen")
def black(case: Case) -> Checks:
    """Of the text; labels within a picture may stand in white on a dark bar."""
    tree = case.document.tree
    figures = [element for element in tree.walk() if element.role == "Figure"] if tree else []
    pictured = {mark for figure in figures for mark in figure.marks}
    for page in case.document.pages:
        other = [run for run in page.runs if not _is_black(run.colour) and (page.number, run.mcid) not in pictured]
        for run in other[:_TOO_MANY]:
            yield Check(False, f"màu khác ở {quoted(run.text.strip(), 30)}", Place(page.number, run.left, run.y))
        if not other:
            yield Check(True, "màu đen", Place(page.number, 0, 0))


def _is_black(colour: tuple[float, ...] | None) -> bool:
    if colour is None:
        return False
    if len(colour) == 4:  # cyan, magenta, yellow, black
        return colour[3] >= 1 - _BLACK
    return all(part <= _BLACK for part in colour)


@measure("chuẩn lưu trữ", lambda case: case.rule.expected or "")
def pdfa(case: Case) -> Checks:
    """`words`: part and conformance in the metadata; and what the standard asks that is easily seen."""
    part, conformance = case.rule.words
    said = _pdfa_claim(case.document.catalog)
    yield Check(said == (part, conformance), f"siêu dữ liệu ghi PDF/A-{said[0] or '?'}{said[1].lower()}")
    catalog, trailer = case.document.catalog, case.document.reader.trailer
    intents = catalog.get("/OutputIntents") or []
    has_colours = any("/DestOutputProfile" in intent.get_object() for intent in intents)
    yield Check(has_colours, "có hồ sơ màu" if has_colours else "không có hồ sơ màu (OutputIntent)")
    yield Check("/Encrypt" not in trailer, "không mã hóa" if "/Encrypt" not in trailer else "tệp bị mã hóa")
    yield Check("/ID" in trailer, "có mã nhận dạng" if "/ID" in trailer else "không có mã nhận dạng (ID)")
    scripts = [key for key in ("/OpenAction", "/AA") if key in catalog]
    scripts += ["/JavaScript"] if "/JavaScript" in (catalog.get("/Names") or {}) else []
    yield Check(not scripts, f"có lệnh tự chạy {', '.join(scripts)}" if scripts else "không có lệnh tự chạy")


def _pdfa_claim(catalog: Any) -> tuple[str, str]:
    """Part and conformance that the metadata claims; empty where it claims nothing."""
    metadata = catalog.get("/Metadata")
    if metadata is None:
        return "", ""
    try:
        tree = ElementTree.fromstring(metadata.get_object().get_data())
    except (ElementTree.ParseError, PyPdfError):
        return "", ""
    values = {"part": "", "conformance": ""}
    for node in tree.iter():
        for name in values:
            written = node.text if node.tag == _PDFA + name else node.get(_PDFA + name)
            values[name] = (written or "").strip() or values[name]
    return values["part"], values["conformance"]


@measure("tệp đính kèm", "mỗi tệp đính kèm ghi rõ quan hệ với văn bản")
def attachments(case: Case) -> Checks:
    associated = {id(one.get_object()) for one in case.document.catalog.get("/AF") or []}
    for name, specification in embedded_files(case.document.catalog):
        is_met = "/AFRelationship" in specification and id(specification) in associated
        yield Check(is_met, f"{name}: {specification.get('/AFRelationship', 'không ghi quan hệ')}")
