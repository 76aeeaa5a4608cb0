"""Headings and appendices in sequence, and what refers to what."""

from __future__ import annotations

import re

from pipeline.proof.components import Found
from pipeline.proof.measuring import Case, Check, Checks, measure, place_of, quoted

ALPHABET = "abcdđeghiklmnopqrstuvxy"
_ROMANS = (("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
_EXPECTED = {
    "roman": "chữ số La Mã, liên tục từ I",
    "arabic": "chữ số Ả Rập, liên tục từ 1",
    "letters": "chữ cái tiếng Việt theo thứ tự a) b) c) d) đ) e)",
}


@measure("đánh số", lambda case: _EXPECTED[case.rule.numerals or "arabic"])
def sequence(case: Case) -> Checks:
    """One after the other without a gap; after an occurrence of a component in `words` the count begins again.

    Where there is only one and it bears no number nothing is asked.
    """
    restarts = [found for name in case.rule.words for found in case.findings.of[name]]
    events = sorted([*case.here, *restarts], key=lambda found: (found.page, found.lines[0].y))
    own = {id(found) for found in case.here}
    count = 0
    for found in events:
        if id(found) not in own:
            count = 0
            continue
        count += 1
        mark = re.search(case.rule.pattern or "", found.text, re.IGNORECASE)
        if mark is None and len(case.here) == 1:
            continue
        written = mark[1] if mark else ""
        if case.rule.numerals == "letters" and written == ALPHABET[0]:
            count = 1  # a list within a list
        wanted = _numeral(count, case.rule.numerals or "arabic")
        yield Check(written == wanted, f"{quoted(found.text, 40)}, đúng là {wanted}", place_of(found.lines[0]))


def _numeral(count: int, numerals: str) -> str:
    if numerals == "arabic":
        return str(count)
    if numerals == "letters":
        return ALPHABET[(count - 1) % len(ALPHABET)]
    written = ""
    for letters, value in _ROMANS:
        written += letters * (count // value)
        count %= value
    return written


@measure("viện dẫn trong văn bản", "văn bản có nhắc đến phụ lục")
def referred(case: Case) -> Checks:
    """The main document names each appendix; several at once ('Phụ lục I, II') count for each."""
    main = " ".join(block.text for block in case.document.blocks if case.findings.is_main(block.page))
    for found in case.here:
        yield Check(_is_named(found, main), quoted(found.text), place_of(found.lines[0]))


def _is_named(found: Found, main: str) -> bool:
    word, _, number = found.text.rpartition(" ")
    if not word:
        return re.search(re.escape(found.text), main, re.IGNORECASE) is not None
    listed = r"(?:[IVXLC\d]+(?:,| và|, và) )*"
    return re.search(rf"{re.escape(word)} {listed}{re.escape(number)}(?!\w)", main, re.IGNORECASE) is not None


@measure("mở đầu trang", "bắt đầu ở đầu một trang mới")
def starts_page(case: Case) -> Checks:
    for found in case.here:
        text = case.document.page(found.page).text_box
        is_met = found.page > 1 and text is not None and found.box.top - text.top <= case.profile.tolerance.centre
        yield Check(is_met, quoted(found.text), place_of(found.lines[0]))
