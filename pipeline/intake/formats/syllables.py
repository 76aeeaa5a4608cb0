"""Which written syllables are Vietnamese, by rule: an initial, a rhyme, one tone, one pattern of capitals.

Used to tell in which legacy encoding a text was typed: the wrong one gives letters that are no syllables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

_TONES = {"\u0300": "falling", "\u0301": "rising", "\u0303": "creaky", "\u0309": "asking", "\u0323": "low"}
_SHAPED = frozenset("ăâêôơư")  # a vowel with a shape of its own carries the tone
_VOWELS = frozenset("aeiouyăâêôơư")
_ETH = str.maketrans("Ðð", "Đđ")

_INITIAL_LIST = "b c d g h k l m n r s t v x đ ch gh gi kh ng nh ph qu th tr ngh"
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uyn uynh uyt uyu
    ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ych yn ynh yt
"""
_INITIALS = {"", *_INITIAL_LIST.split()}
_FRONT = frozenset("eêiy")  # c, g and ng are written k, gh and ngh before these
_RHYMES = frozenset(_RHYME_LIST.split())
_QU_RHYMES = {"ôc"} | {one for one in _RHYMES if one[0] in "aăâeêioơy" and not one.startswith(("oa", "oe"))}
_GI_ALONE = {"", "n", "êc", "êng", "êt"}  # gì, gìn, giếc, giếng, giết: the i is also the vowel
_STOPPED = ("c", "ch", "p", "t")

# Letters and the signs that stand for letters in a wrongly read text; ordinary punctuation and digits part words.
_WORD = re.compile(r"""[^\s\d()\[\]{}.,;:!?"'“”‘’–—/\\+*=<>%&|_…~^`#@$•-]+""")

Verdict = Literal["good", "bad", "neutral"]


def words_beyond_ascii(text: str) -> list[str]:
    """The words of a text that have a sign outside ASCII, composed (NFC)."""
    return [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]


@lru_cache(maxsize=20_000)
def verdict(word: str) -> Verdict:
    """Whether a word (NFC) is a Vietnamese syllable; neutral for what tells nothing: `HĐND`, `m²`, `§`."""
    word = word.translate(_ETH)
    if "\ufffd" in word:
        return "bad"
    if all(letter.isascii() or not letter.isalpha() or letter in "µªº" for letter in word):
        return "neutral"
    if not any(_base(letter)[0] in _VOWELS for letter in word.lower()) and set(word) <= _ABBREVIATION:
        return "neutral"
    return "good" if is_syllable(word) else "bad"


_ABBREVIATION = frozenset("bcdfghjklmnpqrstvwxzđBCDFGHJKLMNPQRSTVWXZĐ")


def is_syllable(word: str) -> bool:
    """True for a word (NFC) that Vietnamese spelling allows, in any place of the tone and plain capitals."""
    if not (word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower())):
        return False
    plain, tone, toned_at = "", "", -1
    for position, letter in enumerate(word.lower()):
        base, mark = _base(letter)
        if len(base) != 1 or (mark and tone):
            return False
        if mark:
            tone, toned_at = mark, position
        plain += base
    return any(
        _fits(initial, plain[len(initial) :], tone, toned_at - len(initial))
        for length in range(min(3, len(plain)) + 1)
        if (initial := plain[:length]) in _INITIALS
    )


def _fits(initial: str, rhyme: str, tone: str, toned_at: int) -> bool:
    if initial == "gi" and rhyme in _GI_ALONE:
        return not rhyme.endswith(_STOPPED) or tone in ("rising", "low")
    if rhyme not in (_QU_RHYMES if initial == "qu" else _RHYMES):
        return False
    if tone and (toned_at < 0 or ((shaped := [at for at, vowel in enumerate(rhyme) if vowel in _SHAPED]) and
                 toned_at != shaped[-1])):  # fmt: skip
        return False
    if tone and rhyme[toned_at] not in _VOWELS:
        return False
    if rhyme.endswith(_STOPPED) and tone not in ("rising", "low"):
        return False
    is_front = rhyme[0] in _FRONT
    if initial in ("c", "g", "ng"):
        return not is_front
    if initial in ("k", "gh", "ngh"):
        return is_front
    return not (initial == "gi" and rhyme[0] in "iy")


@lru_cache(maxsize=1_000)
def _base(letter: str) -> tuple[str, str]:
    """`ế` -> (`ê`, `rising`); a letter without a tone comes back as it is, with an empty tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts[1:] if mark in _TONES), "")
    rest = "".join(mark for mark in parts if mark not in _TONES)
    return unicodedata.normalize("NFC", rest), tone
