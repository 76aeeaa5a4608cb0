"""The encodings Vietnamese was typed in before Unicode: decoders built from encodings.csv.

A workbook shows such text as the signs its bytes stand for in Windows-1252 (or -1258), so a decoder takes signs,
not bytes. encodings.csv has the columns encoding, bytes_or_chars (hex bytes; plain signs for VIQR), unicode.
"""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# In the order of how often they are met; where two read a text alike, the earlier names it.
ENCODINGS = ("TCVN3", "VNI", "UTF-8", "CP1258", "TCVN5712", "VISCII", "VPS")
_PARTS = {"TCVN5712": ("TCVN5712-1", "TCVN5712-2-combining")}
UNKNOWN = "\ufffd"
UNITS = re.compile(r"((?<![^\W\d_])[kcdm]?m[²³](?![^\W\d_])|(?<![^\s\d])°[CF]\b|(?<=\d)[¹²³]+(?![^\W\d_]))")


@dataclass(frozen=True)
class FontClaim:
    """What the name of a font says of the text set in it; is_capitals: the font draws every letter large."""

    encoding: str
    is_capitals: bool = False


@lru_cache(maxsize=1_000)
def font_claim(font: str) -> FontClaim | None:
    """`.VnTimeH` -> TCVN3 in capitals, `VNI-Times` -> VNI; None for any ordinary font."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return FontClaim("TCVN3", is_capitals=name.split(" ")[0].endswith("h"))
    if name.startswith(("vni-", "vni ")):
        return FontClaim("VNI")
    return FontClaim("VPS") if name.startswith("vps ") else None


def decoded(text: str, encoding: str) -> str:
    """The text read in an encoding, composed (NFC); a sign the encoding does not have becomes U+FFFD.

    Units such as m² and °C and footnote marks as in 987¹ stay what they are: no old font had them.
    """
    if encoding == "UTF-8":
        return unicodedata.normalize("NFC", _repaired(text))
    decode = _decoder(encoding)
    # splitting by a group yields what is around the units at even places, the units at odd ones
    pieces = [piece if place % 2 else decode(piece) for place, piece in enumerate(UNITS.split(text))]
    return unicodedata.normalize("NFC", "".join(pieces))


def is_bytes(text: str) -> bool:
    """Whether every sign of the text can stand for one byte: text that cannot was never in a legacy encoding."""
    return all(sign in _byte_of() for sign in text)


@lru_cache(maxsize=1)
def _byte_of() -> dict[str, int]:
    """Signs to bytes, as Windows-1252, Windows-1258 and ISO 8859-1 show them, together.

    The three differ only in which sign a byte is shown as. 81 8D 8F 90 9D, which Windows-1252 leaves undefined,
    come as the control characters of the same number.
    """
    signs = {chr(byte): byte for byte in range(256)}
    for codec in ("cp1252", "cp1258"):
        for byte in range(0x80, 0x100):
            sign = bytes([byte]).decode(codec, errors="ignore")
            if sign:
                signs[sign] = byte
    return signs


@lru_cache(maxsize=1)
def _signs_of() -> dict[int, list[str]]:
    signs: dict[int, list[str]] = {}
    for sign, byte in _byte_of().items():
        signs.setdefault(byte, []).append(sign)
    return signs


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    with Path(__file__).with_name("encodings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["encoding"], []).append((row["bytes_or_chars"], row["unicode"]))
    return table


@lru_cache(maxsize=16)
def _decoder(encoding: str) -> Callable[[str], str]:
    rows = [row for part in _PARTS.get(encoding, (encoding,)) for row in _table()[part]]
    letters: dict[str, str] = {}
    if encoding == "VIQR":
        letters = dict(rows)
    else:
        for code, letter in rows:
            shown = [_signs_of()[int(byte, 16)] for byte in code.split()]
            letters |= {"".join(signs): letter for signs in itertools.product(*shown)}
    # CP1258 is Windows-1252 but for the rows of the table; in the others a high letter without a row is no letter
    unknown = {chr(byte): UNKNOWN for byte in range(0xA1, 0x100)} if encoding not in ("CP1258", "VIQR") else {}
    if all(len(signs) == 1 for signs in letters):
        single = {ord(sign): letter for sign, letter in (unknown | letters).items()}
        return lambda text: text.translate(single)
    longest_first = sorted(unknown | letters, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(signs) for signs in longest_first))
    return lambda text: pattern.sub(lambda match: (unknown | letters)[match[0]], text)


@lru_cache(maxsize=1)
def _utf8_letters() -> re.Pattern[str]:
    """A Vietnamese letter, tone mark or sign of typography in UTF-8, each of its bytes shown as one sign."""

    def one_of(first: int, last: int) -> str:
        signs = [sign for byte in range(first, last + 1) for sign in _signs_of()[byte]]
        return f"[{''.join(re.escape(sign) for sign in signs)}]"

    follower = one_of(0x80, 0xBF)
    return re.compile(
        f"{one_of(0xC2, 0xC6)}{follower}|{one_of(0xCC, 0xCC)}{follower}|{one_of(0xE1, 0xE2)}{follower}{follower}"
    )


def looks_like_utf8(text: str) -> bool:
    """Whether a text may be UTF-8 whose bytes were read as single letters: `Ná»™i`."""
    return _utf8_letters().search(text) is not None


# The second byte of `à` is a no-break space, which many programs turn into a plain one; that of `Đ` is a control
# character, which many leave out.
_UTF8_DAMAGED = {"Ã ": "à", "Ă ": "à", "Ä": "Đ"}


def _repaired(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        damaged = _UTF8_DAMAGED.get(match[0])
        return damaged or bytes(_byte_of()[sign] for sign in match[0]).decode("utf-8", errors="replace")

    return re.sub(f"{_utf8_letters().pattern}|{'|'.join(_UTF8_DAMAGED)}", letter, text)
