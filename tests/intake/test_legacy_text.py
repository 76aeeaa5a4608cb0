"""Text from before Unicode: found by font or by its words, and clean Unicode never touched."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.formats import encodings
from pipeline.intake.formats.encodings import ENCODINGS, decoded, font_claim
from pipeline.intake.formats.legacy_text import Fonts, decode_sheets
from pipeline.intake.formats.sheet import Sheet
from pipeline.intake.formats.syllables import is_syllable, verdict

WORDS = """
    tổng số hộ nghèo cận nghèo thành thị nông thôn xã phường thị trấn quận huyện đơn vị tính báo cáo kết quả thực hiện
    chỉ tiêu kế hoạch năm quý lũy kế so với cùng kỳ tỷ lệ người lao động được giải quyết việc làm mới bảo hiểm y tế
    trẻ em suy dinh dưỡng nước sạch nhà ở khuyết tật trợ giúp xã hội hàng tháng ghi chú người lập biểu thủ trưởng
    ký tên đóng dấu phát sinh tái nghèo thoát nghèo dân tộc thiểu số giảm sâu ước đạt chương trình cộng hòa chủ nghĩa
    độc lập tự do hạnh phúc ủy ban nhân dân lãnh đạo phụ trách nghề nghiệp đào tạo sửa chữa khó khăn kiến nghị
"""
SYLLABLES = """
    quốc quận Đống giếng gìn gì già huyện thuở khuỷu nghèo HUYỆN hoà hòa thuỷ thủy khoẻ uỷ Ủy giấy nghĩa ngoằn quýt
    hươu rượu yếu Ðống kỹ kĩ tỷ bác lít
"""
NO_SYLLABLES = "céng héi mÊt huyÖn Quaän QuậN ngià cìm gé qúôc tâc bôch ngiêm hôôi đàà ạn̂ Strauß"
FOREIGN = ["café", "São Paulo", "Zürich", "Страна", "Đắk Lắk", "µg/m³", "§ 5", "±0,5", "½", "東京"]
VOCABULARY = sorted(set(WORDS.split()))
# Words in which a sign stands that every encoding writes differently: Latin-1 has none of these letters.
TELLING = [word for word in VOCABULARY if any(ord(letter) > 0x1E00 for letter in word)]
FORMS = [
    "Tổng số hộ nghèo, hộ cận nghèo", "Đơn vị tính: hộ", "Thị trấn", "hộ", "xã", "số hộ", "Quận Đống Đa", "m²", "2023",
    "Số người được giải quyết việc làm mới", "Tỷ lệ (%)", "Kế hoạch năm", "người", "Ước đạt", "Thủ trưởng đơn vị",
]  # fmt: skip

sentences = st.lists(st.sampled_from(TELLING), min_size=8, max_size=12, unique=True).map(" ".join)
clean = st.lists(st.sampled_from([*VOCABULARY, "m²", "25°C", "–", "Đ", "HĐND", "QĐ-TTg", "(%)", "1.234,5"]), min_size=1)


def sheet_of(*texts: str, fonts: Fonts | None = None) -> Sheet:
    sheet = Sheet("Biểu", [[text] for text in texts])
    decode_sheets([sheet], [fonts or {}])
    return sheet


def texts(sheet: Sheet) -> list[object]:
    return [row[0] for row in sheet.rows]


def in_encoding(text: str, encoding: str) -> str:
    """The text as an old program shows it: its bytes in the encoding, each as its sign in Windows-1252."""
    if encoding == "UTF-8":
        return "".join(sign(byte) for byte in text.encode())
    if encoding == "CP1258":
        return "".join(sign(byte) for letter in text for byte in cp1258(letter))
    name = "TCVN5712-1" if encoding == "TCVN5712" else encoding
    with Path(encodings.__file__).with_name("encodings.csv").open(encoding="utf-8", newline="") as file:
        letters = {row["unicode"]: row["bytes_or_chars"] for row in csv.DictReader(file) if row["encoding"] == name}
    # TCVN3 has no capitals with tones: they are the small ones, set in a font of capitals
    codes = {letter: letters.get(letter) or letters.get(letter.lower()) for letter in set(text)}
    return "".join(
        "".join(sign(int(byte, 16)) for byte in code.split()) if (code := codes[letter]) else letter for letter in text
    )


def cp1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")


def sign(byte: int) -> str:
    return bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)


@pytest.mark.parametrize(
    "encoding, typed, meant",
    [
        ("TCVN3", "Céng hßa X· héi chñ nghÜa ViÖt Nam", "Cộng hòa Xã hội chủ nghĩa Việt Nam"),
        ("TCVN3", "\xad¬ng ®\xada", "ương đưa"),
        ("VNI", "Quaän Ñoáng Ña", "Quận Đống Đa"),
        ("UTF-8", "HÃ\xa0 Ná»™i", "Hà Nội"),
        ("UTF-8", "HÃ  Ná»™i, Äá»‘ng Ä\x90a", "Hà Nội, Đống Đa"),
        ("CP1258", "Hà Nôòi", "Hà Nội"),
        ("VIQR", "DDo^'ng DDa, Ha` No^.i", "Đống Đa, Hà Nội"),
    ],
)
def test_known_texts_in_each_encoding(encoding: str, typed: str, meant: str):
    assert decoded(typed, encoding) == meant


def test_a_letter_an_encoding_does_not_have_is_marked():
    assert "\ufffd" in decoded("Ð\xe0", "TCVN3")


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables_of_vietnamese(word: str):
    assert verdict(word) == "good" or word.isascii()
    assert is_syllable(word.replace("Ð", "Đ"))


@pytest.mark.parametrize("word", NO_SYLLABLES.split())
def test_what_is_no_syllable(word: str):
    assert verdict(unicodedata.normalize("NFC", word)) == "bad"


@pytest.mark.parametrize("word", ["\u0301", "a\u0301\u0301", "t\u0303\u0301o", "İ", "ßá", "a\u0308\u0301"])
def test_marks_where_no_letter_is_are_no_syllable(word: str):
    assert not is_syllable(word)


@pytest.mark.parametrize("word", ["HĐND", "m²", "§", "CĐ", "ĐVT", "°C"])
def test_what_tells_nothing(word: str):
    assert verdict(word) == "neutral"


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(sentence=sentences)
def test_a_sentence_in_any_encoding_comes_back(encoding: str, sentence: str):
    sheet = sheet_of(in_encoding(sentence, encoding))
    assert texts(sheet) == [sentence]
    assert sheet.undecoded == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_short_cells_follow_their_sheet(encoding: str):
    meant = [text if encoding != "TCVN3" else text.replace("Ước", "ước") for text in FORMS]
    sheet = sheet_of(*(text if text == "m²" else in_encoding(text, encoding) for text in meant))
    assert texts(sheet) == meant
    assert sheet.encoding == ("TCVN3" if encoding == "TCVN5712" else encoding)
    assert sheet.undecoded == set()


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(cells=st.lists(clean.map(" ".join), min_size=1, max_size=8), form=st.sampled_from(["NFC", "NFD"]))
def test_clean_unicode_is_never_touched(cells: list[str], form: str):
    typed = [unicodedata.normalize(form, text) for text in cells]
    sheet = sheet_of(*typed)
    assert texts(sheet) == typed
    assert (sheet.encoding, sheet.undecoded) == ("", set())


def test_single_syllables_of_clean_unicode_are_never_touched():
    for word in {*VOCABULARY, *(word.capitalize() for word in VOCABULARY), *(word.upper() for word in VOCABULARY)}:
        assert texts(sheet_of(word)) == [word]


@pytest.mark.parametrize(
    "text", ["café", "São Paulo", "Zürich", "Страна", "Đắk Lắk", "µg/m³", "§ 5", "±0,5", "½", "東京"]
)
def test_words_of_other_languages_are_left_alone(text: str):
    sheet = sheet_of(text, "Tổng số hộ nghèo")
    assert texts(sheet) == [text, "Tổng số hộ nghèo"]
    assert sheet.undecoded == set()


def test_a_cell_overrules_its_sheet():
    vni, tcvn3 = in_encoding("Tổng số hộ cận nghèo", "VNI"), [in_encoding(text, "TCVN3") for text in FORMS]
    sheet = sheet_of(*tcvn3, vni, "Thủ trưởng đơn vị")
    assert texts(sheet)[-2:] == ["Tổng số hộ cận nghèo", "Thủ trưởng đơn vị"]
    assert sheet.encoding == "TCVN3, VNI"


def test_a_sheet_with_little_text_follows_the_workbook():
    main = Sheet("1", [[in_encoding(text, "TCVN3")] for text in FORMS])
    small = Sheet("2", [["Céng"], ["sè hé"], [987]])
    decode_sheets([main, small], [{}, {}])
    assert texts(small) == ["Cộng", "số hộ", 987]
    assert small.encoding == "TCVN3"


def test_what_can_be_read_in_two_ways_is_left_and_told():
    half = [*FORMS[:5], *(in_encoding(text, "TCVN3") for text in FORMS[5:])]
    sheet = sheet_of(*half, "hé")  # a syllable as it stands, and `hộ` in TCVN3
    assert texts(sheet)[-1] == "hé"
    assert (len(half), 0) in sheet.undecoded


def test_a_lone_word_that_seems_to_be_legacy_is_told():
    assert sheet_of("Céng").undecoded == {(0, 0)}


def test_old_and_new_text_in_one_cell_without_fonts_is_told():
    legacy = [in_encoding(text, "TCVN3") for text in FORMS]
    sheet = sheet_of(*legacy, "Hµ Nội")
    assert texts(sheet)[-1] == "Hµ Nội"
    assert sheet.undecoded == {(len(legacy), 0)}


def test_viqr_is_told_and_never_converted():
    typed = ["To^?ng so^' ho^. nghe`o", "Ha` No^.i, DDo^'ng DDa", "1.234 (%)", "C++ a^b"]
    sheet = sheet_of(*typed)
    assert texts(sheet) == typed
    assert sheet.undecoded == {(0, 0), (1, 0)}


def test_numbers_and_plain_text_stay_as_they_are():
    legacy = [in_encoding(text, "TCVN3") for text in FORMS]
    values: list[object] = [1.5, None, "", "1.234,5", "STT", "n/a", True, "987¹", "12 m²", "25 °C"]
    sheet = Sheet("B", [[*values], *([text] for text in legacy)])  # type: ignore[list-item]
    decode_sheets([sheet], [{}])
    assert list(sheet.rows[0]) == values


def test_the_font_decides_before_the_words():
    fonts: Fonts = {(0, 0): [(0, font_claim(".VnTime"))], (1, 0): [(0, font_claim("VNI-Times"))]}
    assert texts(sheet_of("hé", "hoä", fonts=fonts)) == ["hộ", "hộ"]


def test_runs_of_one_cell_have_fonts_of_their_own():
    fonts: Fonts = {(0, 0): [(0, font_claim(".VnTimeH")), (3, None), (6, font_claim(".VnTime"))]}
    assert texts(sheet_of("Hµ Nội héi", fonts=fonts)) == ["HÀ Nội hội"]


def test_unicode_typed_into_cells_that_kept_an_old_font_stays():
    typed = ["Tổng số hộ nghèo", "Quận Đống Đa", "xã", "Thị trấn"]
    fonts: Fonts = {(row, 0): [(0, font_claim(".VnTime"))] for row in range(len(typed))}
    sheet = sheet_of(*typed, fonts=fonts)
    assert texts(sheet) == typed
    assert (sheet.encoding, sheet.undecoded) == ("", set())


@pytest.mark.parametrize(
    "font, encoding, is_capitals",
    [
        (".VnTime", "TCVN3", False),
        (".VnArialH", "TCVN3", True),
        (".vntimeH", "TCVN3", True),
        (".VnArial Narrow", "TCVN3", False),
        ("VNI-Helve", "VNI", False),
        ("VPS Times", "VPS", False),
    ],
)
def test_fonts_that_tell(font: str, encoding: str, is_capitals: bool):
    claim = font_claim(font)
    assert claim is not None
    assert (claim.encoding, claim.is_capitals) == (encoding, is_capitals)


@pytest.mark.parametrize("font", ["Times New Roman", "Arial", "", "Vni", "Vnu Times"])
def test_fonts_that_tell_nothing(font: str):
    assert font_claim(font) is None


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.text(st.characters(max_codepoint=255), max_size=30)), max_size=6))
def test_any_text_at_all_is_decoded_told_or_left(cells: list[str]):
    sheet = sheet_of(*cells)
    assert len(sheet.rows) == len(cells)
    assert all(sheet.rows[row][0] == cells[row] for row, _ in sheet.undecoded)
    assert sheet.encoding or texts(sheet) == cells
