"""Text in an encoding from before Unicode, found and turned into Unicode before anything else looks at it.

The font of a cell claims an encoding; without one the encoding is the one in which the words of the sheet become
Vietnamese syllables. It is chosen for a sheet (or the whole workbook, for a sheet with little text) and overruled by
a cell that says otherwise. A cell that can be read in two ways keeps its text and is listed as undecoded.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.intake.formats.encodings import (
    ENCODINGS,
    UNITS,
    FontClaim,
    decoded,
    is_bytes,
    looks_like_utf8,
)
from pipeline.intake.formats.sheet import Sheet
from pipeline.intake.formats.syllables import verdict, words_beyond_ascii
from pipeline.intake.numbers import Raw

# For each cell with such a font: where each run begins, and what its font claims (None: an ordinary font).
Fonts = Mapping[tuple[int, int], Sequence[tuple[int, FontClaim | None]]]

UNDECODED = "?"  # in place of an encoding: the cell can be read in two ways, or in none
_COMMON = ("TCVN3", "VNI", "UTF-8", "CP1258")
_ENOUGH_WORDS = 3  # different words that must become syllables before a sheet is called legacy
_RATIO = 0.75  # of its telling words that must be syllables for a text to fit
_SIGN_AMONG_LETTERS = re.compile("[A-Za-z][^A-Za-zĐđÐð]|[^A-Za-zĐđÐð][A-Za-z]")
_VIQR = re.compile(r"[aeo]\^[`'?~.]?|[a]\([`'?~.]?|[ou]\+[`'?~.]?|[Dd][Dd]", re.IGNORECASE)


@dataclass(frozen=True)
class Fit:
    """How well a text reads as Vietnamese: its different words that are syllables, those that cannot be, and
    those in which a sign such as `¶` stands among letters."""

    text: str
    good: frozenset[str]
    bad: frozenset[str]
    odd: frozenset[str]

    @property
    def fits(self) -> bool:
        return len(self.good) >= _RATIO * (len(self.good) + len(self.bad))

    @property
    def score(self) -> int:
        return len(self.good) - 2 * len(self.bad)

    @property
    def doubtful(self) -> frozenset[str]:
        """The words for which the text may not be what it seems."""
        return self.bad | self.odd


@lru_cache(maxsize=4_000)
def _read_as(text: str, encoding: str) -> Fit:
    """The reading of a text in an encoding; as it stands for an empty one."""
    read = decoded(text, encoding) if encoding else unicodedata.normalize("NFC", text)
    verdicts = {word: verdict(word) for word in words_beyond_ascii(read)}
    if encoding == "TCVN3":
        read = _with_capitals(read)
    return Fit(
        read,
        frozenset(word for word, told in verdicts.items() if told == "good" or _is_half_capital(word, encoding)),
        frozenset(word for word, told in verdicts.items() if told == "bad" and not _is_half_capital(word, encoding)),
        frozenset(word for word, told in verdicts.items() if told == "neutral" and _is_odd(word)),
    )


@lru_cache(maxsize=4_000)
def _mended(plain: Fit, encoding: str) -> frozenset[str]:
    """The doubtful words of a text that an encoding makes syllables."""
    return frozenset(word for word in plain.doubtful if _read_as(word, encoding).good)


def _is_odd(word: str) -> bool:
    return bool(_SIGN_AMONG_LETTERS.search(word)) and not UNITS.fullmatch(word)


def _is_half_capital(word: str, encoding: str) -> bool:
    """TCVN3 has no capitals with tones: `QUËN` is `QUậN`, meant as `QUẬN`."""
    return encoding == "TCVN3" and (capital := _with_capitals(word)) != word and verdict(capital) == "good"


def _with_capitals(text: str) -> str:
    return re.sub(r"[^\W\d_]+", _capital_word, text)


def _capital_word(match: re.Match[str]) -> str:
    word = match[0]
    plain = [letter for letter in word if letter.isascii()]
    return word.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else word


@dataclass
class _Evidence:
    """What the texts of one group (one sheet or workbook, one claim of the font) say of their encoding."""

    good: dict[str, set[str]] = field(default_factory=lambda: {encoding: set() for encoding in ENCODINGS})
    bad: dict[str, set[str]] = field(default_factory=lambda: {encoding: set() for encoding in ENCODINGS})
    mended: dict[str, set[str]] = field(default_factory=lambda: {encoding: set() for encoding in ENCODINGS})
    unicode: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        plain = _read_as(text, "")
        if looks_like_utf8(text):
            self._add("UTF-8", text, plain)
        if not is_bytes(text):
            self.unicode |= plain.good
        elif plain.doubtful:
            for encoding in ENCODINGS:
                if encoding != "UTF-8":
                    self._add(encoding, text, plain)

    def _add(self, encoding: str, text: str, plain: Fit) -> None:
        reading = _read_as(text, encoding)
        self.good[encoding] |= reading.good
        self.bad[encoding] |= reading.bad
        self.mended[encoding] |= _mended(plain, encoding)

    def include(self, other: _Evidence) -> None:
        """Add what the texts of another group say."""
        self.unicode |= other.unicode
        for encoding in ENCODINGS:
            self.good[encoding] |= other.good[encoding]
            self.bad[encoding] |= other.bad[encoding]
            self.mended[encoding] |= other.mended[encoding]

    def score(self, encoding: str) -> int:
        return len(self.good[encoding]) - 2 * len(self.bad[encoding])

    def choice(self) -> str:
        """The encoding these texts are in; empty where they are Unicode, or too few to tell."""
        best = max(ENCODINGS, key=self.score)
        good, bad = len(self.good[best]), len(self.bad[best])
        needed = _ENOUGH_WORDS if best in _COMMON else 2 * _ENOUGH_WORDS
        if len(self.mended[best]) < needed or good < _RATIO * (good + bad) or 3 * good <= len(self.unicode):
            return ""
        others = [self.score(other) for other in ENCODINGS if self.good[other] - self.good[best]]
        return best if all(good - 2 * bad >= other + 2 for other in others) else ""

    def is_mixed(self, encoding: str) -> bool:
        """Whether so much is Unicode beside the encoding that a text which fits both belongs to neither."""
        return 3 * len(self.unicode) > len(self.mended.get(encoding, ()))


def decode_sheets(sheets: Sequence[Sheet], fonts: Sequence[Fonts]) -> None:
    """Turn the texts of a workbook into Unicode in place, and fill `encoding` and `undecoded` of its sheets.

    fonts[i] belongs to sheets[i]. Text that is good Unicode, pure ASCII or no text stays as it is.
    """
    if not any(_may_be_legacy(text) for sheet in sheets for _, _, text in _texts(sheet)) and not any(fonts):
        _list_viqr(sheets)
        return
    own = [_evidence(_claimed(sheet, claims)) for sheet, claims in zip(sheets, fonts, strict=True)]
    whole: dict[str, _Evidence] = {}
    for groups in own:
        for claim, evidence in groups.items():
            whole.setdefault(claim, _Evidence()).include(evidence)
    # an encoding of any group is known in the whole workbook: a single word is then enough to recognise it
    known = {choice for groups in (whole, *own) for evidence in groups.values() if (choice := evidence.choice())}
    for sheet, claims, groups in zip(sheets, fonts, own, strict=True):
        _decode(sheet, claims, _Decisions(groups, whole, known))
    _list_viqr(sheets)


def _texts(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            if isinstance(value, str) and value:
                yield row, column, value


def _is_plain(text: str) -> bool:
    """ASCII without the control characters in which some encodings keep capitals."""
    return text.isascii() and (text.isprintable() or not any(ord(sign) < 32 and sign not in "\t\n\r" for sign in text))


@lru_cache(maxsize=20_000)
def _may_be_legacy(text: str) -> bool:
    if _is_plain(text):
        return False
    if looks_like_utf8(text):
        return True
    if not is_bytes(text):
        return False
    return bool(_read_as(text, "").doubtful)


def _claimed(sheet: Sheet, fonts: Fonts) -> Iterator[tuple[str, str]]:
    """Each text that is not plain, run by run, with the encoding its font claims (empty: none)."""
    for row, column, text in _texts(sheet):
        if not _is_plain(text):
            for run, claim in _runs(text, fonts.get((row, column), ())):
                if run:
                    yield run, claim.encoding if claim else ""


def _runs(text: str, starts: Sequence[tuple[int, FontClaim | None]]) -> list[tuple[str, FontClaim | None]]:
    if not starts:
        return [(text, None)]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    return [(text[start:end], claim) for (start, claim), end in zip(starts, ends, strict=True)]


def _evidence(texts: Iterable[tuple[str, str]]) -> dict[str, _Evidence]:
    groups: dict[str, _Evidence] = {}
    for text, claim in dict.fromkeys(texts):
        groups.setdefault(claim, _Evidence()).add(text)
    return groups


@dataclass
class _Decisions:
    """Which encoding a text of one sheet is in."""

    own: dict[str, _Evidence]
    whole: dict[str, _Evidence]
    known: set[str]
    _by_claim: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def encoding(self, text: str, claim: str) -> str:
        """The encoding of one run: empty for Unicode, UNDECODED where it cannot be told."""
        plain = _read_as(text, "")
        if looks_like_utf8(text):
            mended = _read_as(text, "UTF-8")
            if mended.good and mended.fits and mended.score > plain.score:
                return "UTF-8"
        if not is_bytes(text):
            beside = [_read_as(word, encoding) for word in plain.doubtful if is_bytes(word) for encoding in self.known]
            return UNDECODED if any(reading.good for reading in beside) else ""
        if claim not in self._by_claim:
            self._by_claim[claim] = self._expected(claim)
        expected, is_mixed = self._by_claim[claim]
        if expected and (chosen := self._by_group(text, plain, expected, is_mixed)) is not None:
            return chosen
        return self._by_itself(text, plain, expected) if plain.doubtful else ""

    def _expected(self, claim: str) -> tuple[str, bool]:
        """The encoding of the texts with this claim of their font, and whether much is Unicode beside it."""
        evidence = self.own.get(claim, _Evidence())
        chosen = claim or evidence.choice()
        if claim and 3 * len(evidence.mended[claim]) < len(evidence.unicode):
            return "", False  # Unicode typed into cells that still have the old font
        if not chosen and not evidence.unicode:
            evidence = self.whole.get(claim, evidence)
            chosen = evidence.choice()
        return chosen, evidence.is_mixed(chosen)

    def _by_group(self, text: str, plain: Fit, expected: str, is_mixed: bool) -> str | None:
        reading = _read_as(text, expected)
        if reading.text == plain.text:
            return "" if not plain.bad else None
        if reading.fits and (reading.good or not plain.good):
            is_either = bool(plain.good) and plain.fits
            return UNDECODED if is_either and is_mixed else expected
        return None

    def _by_itself(self, text: str, plain: Fit, expected: str) -> str:
        """A text that is no good Unicode and not in the encoding expected of it: another one, clearly, or none."""
        readings = {encoding: _read_as(text, encoding) for encoding in ENCODINGS}
        best = max(ENCODINGS, key=lambda encoding: (readings[encoding].score, encoding in self.known))
        reading = readings[best]
        mended = _mended(plain, best)
        if reading.fits and mended:
            rivals = [one.score for one in readings.values() if one.text != reading.text and one.good and one.fits]
            needed = 1 if best in self.known else 2 if best in _COMMON else _ENOUGH_WORDS
            is_clear = len(mended) >= needed and all(reading.score > rival for rival in rivals)
            is_doubted = best in (*_COMMON, *self.known) or len(mended) > 1
            return best if is_clear else UNDECODED if is_doubted else ""
        if not expected:
            return ""  # a foreign word
        reading = readings[expected]
        return expected if len(reading.good) > max(len(plain.good), len(reading.bad) - 1) else UNDECODED


def _decode(sheet: Sheet, fonts: Fonts, decisions: _Decisions) -> None:
    used: Counter[str] = Counter()
    changed: dict[int, list[Raw]] = {}
    for row, column, text in _texts(sheet):
        if _is_plain(text):
            continue
        found: list[str] = []
        pieces: list[str] = []
        for run, claim in _runs(text, fonts.get((row, column), ())):
            encoding = "" if _is_plain(run) else decisions.encoding(run, claim.encoding if claim else "")
            piece = _read_as(run, encoding).text if encoding not in ("", UNDECODED) else run
            is_large = claim is not None and claim.is_capitals and (encoding == claim.encoding or run.isascii())
            pieces.append(piece.upper() if is_large else piece)
            found.append(encoding)
        if UNDECODED in found:
            sheet.undecoded.add((row, column))
        elif any(found):
            used.update(encoding for encoding in found if encoding)
            changed.setdefault(row, list(sheet.rows[row]))[column] = "".join(pieces)
    if changed:
        rows: list[Sequence[Raw]] = [changed.get(row, values) for row, values in enumerate(sheet.rows)]
        sheet.rows = rows
    if not _is_plain(sheet.name) and (encoding := decisions.encoding(sheet.name, "")) not in ("", UNDECODED):
        sheet.name = _read_as(sheet.name, encoding).text
    sheet.encoding = ", ".join(encoding for encoding, _ in used.most_common())


def _list_viqr(sheets: Sequence[Sheet]) -> None:
    """VIQR writes accents as punctuation (`Ha` No^.i`), so it is never turned into letters unasked, only told."""
    for sheet in sheets:
        for row, column, text in _texts(sheet):
            if text.isascii() and ("^" in text or "(" in text or "+" in text) and _VIQR.search(text):
                reading = _read_as(text, "VIQR")
                if len(reading.good) > 1 and not reading.bad:
                    sheet.undecoded.add((row, column))
