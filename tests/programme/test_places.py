"""An area by its code or its name: kinds, case, tone and accents, and names that several areas share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.programme import Programme, area_code, area_listing, load_programme
from pipeline.quarters import Quarter
from tests.tiny import FILES, PROGRAMME_ID, write_programme

Q4 = Quarter(2030, 4)


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    write_programme(tmp_path)
    areas = FILES["areas.csv"] + "00023,Một,xa,commune,002,no,,,5,\n00024,Mốt,xa,commune,002,no,,,6,\n"
    areas += "003,Cũ,huyen,district,city,no,,2029-12-31,3,\n"
    (tmp_path / "raw" / PROGRAMME_ID / "areas.csv").write_text(areas, encoding="utf-8")
    return load_programme(tmp_path, PROGRAMME_ID)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("002", "002"), ("city", "city"), ("Tây Hòa", "002"), ("HUYỆN TÂY HOÀ", "002"), ("h. tây hòa", "002"),
        ("Tay Hoa", "002"), ("Thị trấn Tây Hòa", "00021"), ("phường Một", "00011"), ("Mốt", "00024"),
        ("Thành Thử", "city"), ("toàn thành phố", "city"), ("urban_communes", "urban_communes"), ("Cũ", "Cũ"),
        ("không có", "không có"),
    ],
)  # fmt: skip
def test_a_name_gives_the_code_and_anything_else_comes_back(programme: Programme, asked: str, code: str) -> None:
    assert area_code(programme, Q4, asked) == code


@pytest.mark.parametrize("asked", ["Một", "mot"])
def test_a_shared_name_lists_who_has_it(programme: Programme, asked: str) -> None:
    with pytest.raises(UsageError, match=r"00011 Phường Một \(Quận Đông\), 00023 Xã Một \(Huyện Tây Hòa\)"):
        area_code(programme, Q4, asked)


def test_the_listing_has_the_whole_and_the_districts_in_force(programme: Programme) -> None:
    assert area_listing(programme.districts(Q4)) == "city, 001 Đông, 002 Tây Hòa"
