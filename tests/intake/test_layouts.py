"""What a layout may declare, and how its mistakes are told."""

from __future__ import annotations

import pytest

from pipeline.errors import ProgrammeError
from tests.intake import province

BY_AREA = province.LAYOUTS["dan_cu"]
BY_DISTRICT = province.LAYOUTS["toan_tinh"]


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("dan_cu", BY_AREA.replace("{measure: persons,", "{series: actual,"), "khai báo measure hoặc rate_of"),
        ("dan_cu", BY_AREA.replace("{measure: persons,", "{measure: households,"), "không lặp households"),
        ("dan_cu", BY_AREA.replace('"Dân cư|Tổng số dân cư > Khẩu|Nhân khẩu"', '"Dân cư|Tổng số dân cư > Hộ|Số hộ"'),
         "không lặp 'Dân cư|Tổng số dân cư > Hộ|Số hộ'"),
        ("dan_cu", BY_AREA.replace("sender: area", "sender: any"), "sender: area cho biểu mỗi xã một dòng"),
        ("dan_cu", BY_AREA + "lines: Phân tổ\n", "mỗi cột có line"),
        ("dan_cu", BY_AREA.replace('Hộ|Số hộ"}', 'Hộ|Số hộ", line: Hộ}', 1), "có line như các cột khác"),
        ("dan_cu", BY_AREA + "blank: khong\n", "blank"),
        ("dan_cu", BY_AREA.replace("titles: [BIỂU HỘ DÂN CƯ THỬ NGHIỆM]", "titles: []"), "titles"),
        ("chi_tieu", province.LAYOUTS["chi_tieu"] + "area_level: district\n", "area_level chỉ đi với rows: areas"),
        ("toan_tinh", BY_DISTRICT.replace("measure: loans", "measure: households"), "số liệu cấp huyện"),
        ("dan_cu", BY_AREA.replace("measure: persons", "measure: unemployment"), "số liệu cấp xã hoặc cấp huyện"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file(tmp_path, name, text, expected):
    with pytest.raises(ProgrammeError) as told:
        province.write(tmp_path, **{name: text})
    assert expected in str(told.value) and name in str(told.value)
