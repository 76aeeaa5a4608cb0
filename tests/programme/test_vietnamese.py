from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from pipeline.vietnamese import fold, long_date, normalise, number, ratio_text, short_date, strip_diacritics, unit_text


@pytest.mark.parametrize(
    "value, decimals, min_significant, printed",
    [
        ("1234567.891", 2, None, "1.234.567,89"),
        ("112.0267", 0, None, "112"),
        ("112.04", 1, None, "112"),
        ("0.125", 2, None, "0,13"),
        ("-0.79", 2, None, "-0,79"),
        ("-0.001", 2, None, "0"),
        ("0.0301", 2, 2, "0,03"),
        ("0.09497", 2, 2, "0,095"),
        ("0.164781", 2, 2, "0,16"),
        ("0", 2, 2, "0"),
    ],
)
def test_numbers(value, decimals, min_significant, printed):
    assert number(Decimal(value), decimals, min_significant) == printed


def test_a_ratio_is_rounded_once_from_its_parts():
    # 2.135 / 100: rounding first to 21,35 and then again would give 21,4
    assert ratio_text(Decimal("21.349999999999999999"), Decimal(100), 100, 1) == "21,3"
    assert ratio_text(Decimal(690), Decimal(2290000), 100, 2, 2) == "0,03"
    assert ratio_text(Decimal(214258), None, 1, 0) == "214.258"


def test_units_and_dates():
    assert [unit_text("0,03", "% dân số"), unit_text("690", "hộ")] == ["0,03%", "690 hộ"]
    assert long_date(date(2022, 4, 5), "Hà Nội") == "Hà Nội, ngày 05 tháng 4 năm 2022"
    assert [short_date(date(2024, 1, 12)), short_date(date(2024, 10, 3))] == ["12/01/2024", "03/10/2024"]


@pytest.mark.parametrize(
    "one, other",
    [
        ("Ứng Hoà", "Ứng Hòa"),
        ("Mĩ Đức", "MỸ ĐỨC"),
        ("Ðống Ða", "Đống Đa"),
        ("Thuỵ Khuê", "Thụy Khuê"),
        ("Q.Ba  Đình", "Q. Ba Đình"),
        (unicodedata.normalize("NFD", "Quốc Oai"), "Quốc\u00a0Oai"),
        ("Chương\u200b Mỹ", "Chương Mỹ"),
    ],
)
def test_spellings_of_one_name_fold_together(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "one, other", [("Thanh Trì", "Thanh Trị"), ("Thanh Trì", "Thạch Thất"), ("Đức Hòa", "Đức Huệ")]
)
def test_different_names_stay_different(one, other):
    assert fold(one) != fold(other)


def test_normalise_keeps_the_words():
    assert normalise("  Hòa \u00a0 Lạc\n") == "Hòa Lạc"
    assert strip_diacritics("Đông Anh") == "dong anh"
