"""Spellings that are one to the eye are one in matching; what is kept and printed is changed as little as can be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.vietnamese import fold, normalise


@pytest.mark.parametrize(
    "one, other",
    [
        ("Hòa Bình", "Hoà Bình"),
        ("KHỎE", "khoẻ"),
        ("ủy ban", "Uỷ ban"),
        ("quý", "qúy"),
        ("Mỹ Đức", "Mĩ Đức"),
        ("bác sỹ", "bác sĩ"),
        ("Vỹ Dạ", "Vĩ Dạ"),
        ("công ty", "công ti"),
        ("Ðống Ða", "Đống Đa"),
        ("Ɖống Đa", "Đống Đa"),
        ("Quận\u00a0Ba\u202fĐình", "quận ba đình"),
        ("hộ\u200b ngh\u00adèo\ufeff", "hộ nghèo"),
        ("\u202aTổng cộng\u202c", "tổng cộng"),
        ("hộ\u0007 nghèo\x7f", "hộ nghèo"),
        ("\u0405\u0422\u0422", "STT"),
        ("ТỔNG ѕố hộ", "tổng số hộ"),
        ("ΤΟΝG CONG", "tong cong"),
        ("ｘã　Ｔân", "xã Tân"),
        ("ха\u0303", "xã"),
        ("Huyện: Ba Vì (1)", "huyện ba vì 1"),
    ],
)
def test_one_wording_in_two_spellings(one: str, other: str):
    assert fold(one) == fold(other)
    assert fold(unicodedata.normalize("NFD", one)) == fold(unicodedata.normalize("NFC", other))


@pytest.mark.parametrize("one, other", [("Hòa", "Hoa"), ("Mỹ", "My"), ("tái", "tai"), ("Đa", "Da"), ("ma", "mạ")])
def test_different_words_stay_different(one: str, other: str):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "typed, kept",
    [("  Hoà \t Bình\r\n", "Hoà Bình"), ("Ðống Ða", "Đống Đa"), ("ngh\u00adèo", "nghèo"), ("αβγ и СТТ", "αβγ и СТТ"),
     ("2\x00\x01 hộ", "2 hộ"), ("a\x1cb", "a b")],
)  # fmt: skip
def test_what_is_kept_keeps_its_letters(typed: str, kept: str):
    assert normalise(typed) == kept


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=30))
def test_matching_text_is_settled_after_one_pass(text: str):
    assert normalise(normalise(text)) == normalise(text)
    assert fold(fold(text)) == fold(text)
