"""Who sends, for which period; names exactly, with suggestions that are never used."""

from __future__ import annotations

import pytest

from pipeline.intake.identity import stated_quarter, stated_reporters
from pipeline.quarters import Quarter


@pytest.mark.parametrize(
    "lines, quarter",
    [
        (["Quý IV năm 2030"], "2030-Q4"),
        (["(Quý 3/2030)"], "2030-Q3"),
        (["QUY II NAM 2030"], "2030-Q2"),
        (["Quí I-2030"], "2030-Q1"),
        (["Q4/2030"], "2030-Q4"),
        (["6 tháng đầu năm 2030"], "2030-Q2"),
        (["9 tháng năm 2030"], "2030-Q3"),
        (["BÁO CÁO NĂM 2030"], "2030-Q4"),
        (["BÁO CÁO NĂM 2030", "Quý II năm 2030"], "2030-Q2"),
        (["So với quý III năm 2030", "Quý IV năm 2030"], "2030-Q4"),
        (["Số liệu quý IV năm 2030 (so với cùng kỳ quý IV năm 2029)"], "2030-Q4"),
        (["Kế hoạch năm 2030"], None),
        (["ngày 05 tháng 10 năm 2030"], None),
        ([], None),
    ],
)
def test_the_period_in_a_title_block(lines, quarter):
    assert stated_quarter(lines) == (None if quarter is None else Quarter.parse(quarter))


@pytest.mark.parametrize(
    "lines, codes",
    [
        (["UBND QUẬN ĐÔNG"], {"001"}),
        (["ỦY BAN NHÂN DÂN HUYỆN TÂY HÒA"], {"002"}),
        (["Uỷ ban nhân dân huyện Tây Hoà"], {"002"}),
        (["UBND huyen Tay Hoa"], {"002"}),
        (["PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI QUẬN ĐÔNG"], {"001"}),
        (["Đơn vị báo cáo: Phòng LĐTBXH thị xã Nam"], {"003"}),
        (["UBND TX Nam - Phòng Nội vụ"], {"003"}),
        (["UBND QUẬN ĐÔNG", "Đơn vị báo cáo: Thị xã Nam"], {"003"}),
        (["Q. Đông", "TX. Nam"], {"001", "003"}),
        (["UBND THÀNH PHỐ THÀNH THỬ", "SỞ MỘT"], {"so_mot"}),
        (["Quận Đôg"], set()),
        (["Đông Nam"], set()),
    ],
)
def test_the_reporter_in_a_title_block(province_names, lines, codes):
    assert stated_reporters(lines, province_names) == codes


@pytest.mark.parametrize(
    "district, text, codes",
    [
        ("001", "Phường Hai", {"00012"}),
        ("003", "Hai", {"00031"}),
        ("001", "Xã Hai", set()),
        ("001", "P.07", {"00014"}),
        ("001", "P7", {"00014"}),
        ("001", "7", {"00014"}),
        ("001", "UBND phường Lê Lợi", {"00013"}),
        ("001", "Lê Lợ", set()),
        ("001", "Le Loi", {"00013"}),
        ("001", "Lê Loi", set()),  # half without accents is another word
        ("002", "Thuỷ Xá", {"00022"}),
        ("003", "Mĩ Đức", {"00032"}),
        ("003", "My Duc", {"00032"}),
    ],
)
def test_names_of_communes_are_exact(province_names, district, text, codes):
    assert province_names.communes(district).codes(text) == codes


def test_suggestions_are_full_names(province_names):
    assert province_names.communes("001").suggestions("Lê Lợ") == ["Phường Lê Lợi"]
    assert province_names.communes("001").suggestions("qwxyz") == []
