"""What a component says and how its letters look: presence, wording, size, style, capitals."""

from __future__ import annotations

import re

from pipeline.proof.components import Found
from pipeline.proof.content import Run
from pipeline.proof.document import Line
from pipeline.proof.measuring import Case, Check, Checks, measure, place_of, pt, quoted

_WEIGHTS = {"bold": "đậm", "regular": "không đậm"}
_SLANTS = {"upright": "đứng", "italic": "nghiêng"}
_CASES = {"upper": "chữ in hoa", "mixed": "chữ in thường"}


@measure("có trong văn bản", "có")
def present(case: Case) -> Checks:
    """Once, or with `to` as often as that; nothing is asked where `unless` stands for it or `to` is not there."""
    if (case.rule.unless and case.findings.of[case.rule.unless]) or (case.rule.to and not case.other):
        return
    if len(case.here) >= max(1, len(case.other) if case.rule.to else 1):
        yield Check(True, quoted(case.here[0].text), place_of(case.here[0].lines[0]))
    else:
        place = place_of(case.other[0].lines[0]) if case.rule.to else None
        yield Check(False, f"tìm thấy {len(case.here)}" if case.here else "không tìm thấy", place)


@measure("không có trong văn bản", "không có")
def absent(case: Case) -> Checks:
    yield from (Check(False, quoted(found.text), place_of(found.lines[0])) for found in case.here)
    if not case.here:
        yield Check(True, "không có")


@measure("cách viết", lambda case: case.rule.expected or "")
def wording(case: Case) -> Checks:
    """The whole text of each occurrence matches the pattern, capitals included."""
    for found in case.here:
        is_met = re.fullmatch(case.rule.pattern or "", found.text) is not None
        yield Check(is_met, quoted(found.text), place_of(found.lines[0]))


@measure("cách viết từng dòng", lambda case: case.rule.expected or "")
def line_wording(case: Case) -> Checks:
    """Every item but the last matches."""
    for found in case.here:
        for text, line in _items(found)[:-1]:
            yield Check(re.fullmatch(case.rule.pattern or "", text) is not None, quoted(text), place_of(line))


@measure("dòng cuối", lambda case: case.rule.expected or "")
def last_line(case: Case) -> Checks:
    for found in case.here:
        text, line = _items(found)[-1]
        yield Check(re.fullmatch(case.rule.pattern or "", text) is not None, quoted(text), place_of(line))


@measure("dấu cuối dòng", lambda case: case.rule.expected or "")
def endings(case: Case) -> Checks:
    """Each occurrence ends with the first of the words, the last one with the second."""
    for place, found in enumerate(case.here):
        wanted = case.rule.words[place == len(case.here) - 1]
        yield Check(found.text.endswith(wanted), quoted(found.text[-40:]), place_of(found.lines[-1]))


@measure("cách viết số, ngày, quý", lambda case: case.rule.expected or "")
def forbidden(case: Case) -> Checks:
    """Nowhere the pattern; in paragraphs, headings and captions of the main document where no component is named."""
    pattern = re.compile(case.rule.pattern or "")
    if case.component.by == "whole":
        blocks = [
            block
            for block in case.document.blocks
            if case.findings.is_main(block.page) and not block.is_within("TD", "TH", "Figure")
        ]
        texts = [(block.text, block.lines[0]) for block in blocks]
    else:
        texts = [(found.text, found.lines[0]) for found in case.here]
    for text, line in texts:
        match = pattern.search(text)
        start = max(0, match.start() - 20) if match else 0
        yield Check(match is None, quoted(text[start:]) if match else "không có", place_of(line))


@measure("cỡ chữ", lambda case: case.bounds("pt"))
def size(case: Case) -> Checks:
    """Every letter but raised figures; of longer text the size that most letters of a block have."""
    tolerance = case.profile.tolerance.size
    for found in case.here:
        if found.block and case.rule.most:
            most = found.block.most(lambda run: round(run.size, 2))
            yield Check(case.within(most, tolerance), pt(most), place_of(found.lines[0]))
            continue
        for line in found.lines:
            sizes = sorted({round(run.size, 2) for run in line.main_runs})
            is_met = all(case.within(one, tolerance) for one in sizes)
            yield Check(is_met, ", ".join(map(pt, sizes)), place_of(line))


def _expected_style(case: Case) -> str:
    words = [_SLANTS[case.rule.slant]] if case.rule.slant else []
    words += [_WEIGHTS[case.rule.weight]] if case.rule.weight else []
    return ", ".join(words)


@measure("kiểu chữ", _expected_style)
def style(case: Case) -> Checks:
    """Every letter; of longer text what most letters of a block have, for words may stand out in it."""
    for found in case.here:
        if found.block and case.rule.most:
            yield _style(case, found.lines[0], (found.block.most(_look),))
            continue
        for line in found.lines:
            yield _style(case, line, tuple({_look(run) for run in line.runs if run.text.strip()}))


def _style(case: Case, line: Line, looks: tuple[tuple[bool, bool], ...]) -> Check:
    weight, slant = case.rule.weight, case.rule.slant
    is_met = all(
        (weight is None or is_bold == (weight == "bold")) and (slant is None or is_italic == (slant == "italic"))
        for is_bold, is_italic in looks
    )
    said = sorted(f"{_slant_of(italic)}, {_weight_of(bold)}" for bold, italic in looks)
    return Check(is_met, f"{' và '.join(said)} ở {quoted(line.text, 40)}", place_of(line))


def _slant_of(is_italic: bool) -> str:
    return _SLANTS["italic" if is_italic else "upright"]


def _weight_of(is_bold: bool) -> str:
    return _WEIGHTS["bold" if is_bold else "regular"]


def _look(run: Run) -> tuple[bool, bool]:
    return run.font.is_bold, run.font.is_italic


@measure("kiểu chữ hoa, thường", lambda case: _CASES[case.rule.case or "upper"])
def letters(case: Case) -> Checks:
    """Capitals throughout, or not throughout; with a pattern only its first group counts."""
    for found in case.here:
        match = re.search(case.rule.pattern, found.text) if case.rule.pattern else None
        text = match[1] if match else found.text
        is_upper = text == text.upper()
        yield Check(is_upper == (case.rule.case == "upper"), quoted(found.text), place_of(found.lines[0]))


def _items(found: Found) -> list[tuple[str, Line]]:
    """Lines joined to items: a line that does not begin with a hyphen goes on with the one before."""
    items: list[tuple[str, Line]] = []
    for line in found.lines:
        if items and not line.text.startswith("-"):
            items[-1] = (f"{items[-1][0]} {line.text}", items[-1][1])
        else:
            items.append((line.text, line))
    return items
