"""Vietnamese text, numbers and dates: how they are matched, and how they are printed.

Printing follows Nghị định 30/2020/NĐ-CP and office habit: dot for thousands, comma for decimals,
no trailing zero decimals, half-up rounding done once on exact decimals.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

# Letters that look like Đ/đ but are the Icelandic eth or the African D, typed by some keyboards (domain.md 8.4).
_LOOKALIKES = str.maketrans("ÐðƉɖ\u00a0\u202f\u2007", "ĐđĐđ   ")
# Nothing of this is seen: control characters, soft hyphen, zero-width signs, marks of direction and variants. The soft
# hyphen is a letter in TCVN3, so text passes the legacy decoder of the intake before it comes here.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufe00-\ufe0f\ufeff]"
)
# Cyrillic, Greek and full-width letters drawn like Latin ones; they are alike to the eye, so they are in matching.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХѕіјаеорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ",
    "ABESIJKMHOPCTYXsijaeopcyxhdqwABEZHIKMNOPTYXaikvopux",
) | {0xFF01 + at: 0x21 + at for at in range(94)}
_MAY_BE_ALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f\uff01-\uff5e]")
# i and y are spelt both ways in these syllables (Mỹ/Mĩ, sỹ/sĩ ...); one form serves for matching.
_Y_SYLLABLES = re.compile(r"\b(m|s|k|l|t|h|v|qu)[yỳýỷỹỵ]\b")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
# Tone on the first or the second vowel of an open oa, oe, uy: both spellings are in use.
_TONE_OLD = {
    f"{tone}{second}": f"{first}{moved}"
    for first, tones in (("o", "òóỏõọ"), ("u", "ùúủũụ"))
    for second, moves in (("a", "àáảãạ"), ("e", "èéẻẽẹ"), ("y", "ỳýỷỹỵ"))
    for tone, moved in zip(tones, moves, strict=True)
    if not (first == "u" and second in "ae") and not (first == "o" and second == "y")
}
_TONE_OLD_PATTERN = re.compile("|".join(_TONE_OLD))


def seen(text: str) -> str:
    """Text without what nobody sees, which may turn the order of its letters or hide in a number."""
    return _INVISIBLE.sub("", text)


@lru_cache(maxsize=50_000)
def normalise(text: str) -> str:
    """Unicode NFC, true Đ, ordinary single spaces, nothing invisible; meant for keeping and display."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", seen(text).translate(_LOOKALIKES))
    return " ".join(composed.split())


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The form in which two spellings of one wording are equal: case, tone placement, i/y, punctuation, lookalikes.

    Diacritics stay: `Hòa` and `Hoa` are different words.
    """
    plain = normalise(text)
    if _MAY_BE_ALIKE.search(plain):
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).translate(_ALIKE))
    folded = _TONE_OLD_PATTERN.sub(lambda match: _TONE_OLD[match[0]], plain.casefold())
    folded = _Y_SYLLABLES.sub(lambda match: match[0].translate(_Y_TO_I), folded)
    return " ".join(re.sub(r"[^\w%]+", " ", folded).split())


def strip_diacritics(text: str) -> str:
    """`fold`, then without any diacritic: the last resort, for offices that type without accents."""
    letters = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def rounded(value: Decimal, decimals: int, min_significant: int | None = None) -> Decimal:
    """Round half-up to `decimals` places, or to more where that leaves fewer significant digits.

    `min_significant=2` keeps 0.0950 as 0.095 although two decimals would give 0.10 (A trailing zero
    is no information, so 0.10 has one significant digit).
    """
    with localcontext() as context:
        context.prec = 60
        places = decimals
        result = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        if min_significant and value and abs(value) < 1:
            # leading zeros after the point: 0.03 has one, so two significant digits end at place 3
            leading = -value.adjusted() - 1
            finest = leading + min_significant
            if finest > places:
                finer = value.quantize(Decimal(1).scaleb(-finest), rounding=ROUND_HALF_UP)
                result = finer
        return result


def number(value: Decimal | int, decimals: int = 0, min_significant: int | None = None) -> str:
    """`1234.50` -> `1.234,5`: dot for thousands, comma for decimals, no trailing zero decimals."""
    text = f"{rounded(Decimal(value), decimals, min_significant):,f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    printed = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
    return "0" if printed == "-0" else printed


def exact_ratio(numerator: Decimal, denominator: Decimal | None, scale: int = 1) -> Decimal:
    """numerator * scale / denominator to 50 digits, so that rounding happens once, in print."""
    with localcontext() as context:
        context.prec = 50
        return numerator if denominator is None else numerator * scale / denominator


def ratio_text(
    numerator: Decimal,
    denominator: Decimal | None,
    scale: int,
    decimals: int,
    min_significant: int | None = None,
) -> str:
    """The printed number of a ratio, rounded once from its two exact parts; without unit."""
    return number(exact_ratio(numerator, denominator, scale), decimals, min_significant)


def unit_text(printed: str, unit: str) -> str:
    """`0,03` and `%` -> `0,03%`; `690` and `hộ` -> `690 hộ`."""
    return f"{printed}%" if unit.startswith("%") else f"{printed} {unit}"


def short_date(day: date) -> str:
    """`05/4/2022`: a leading zero only for days 1-9 and months 1 and 2, as the decree asks."""
    return f"{day.day:02}/{_month(day)}/{day.year}"


def long_date(day: date, place: str | None = None) -> str:
    """`Huế, ngày 05 tháng 4 năm 2022`; without place it begins with `ngày`."""
    words = f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"
    return f"{place}, {words}" if place else words


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month <= 2 else str(day.month)
