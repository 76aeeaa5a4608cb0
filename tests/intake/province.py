"""A made-up province for the habits of offices: three districts, eight communes, five forms.

Two communes of different districts share a name, one shares the name of its district, two have numbers for names.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.programme import Programme, load_programme
from tests import tiny

AREAS = """code,name,kind,level,parent_code,urban,valid_from,valid_to,sort,aliases
city,Thành Thử,thanh_pho_tw,city,,,,,0,Toàn thành phố
001,Đông,quan,district,city,yes,,,1,Q. Đông
002,Tây Hòa,huyen,district,city,no,,,2,
003,Nam,thi_xa,district,city,no,,,3,
00011,Một,phuong,commune,001,yes,,,1,
00012,Hai,phuong,commune,001,yes,,,2,
00013,Lê Lợi,phuong,commune,001,yes,,,3,Lê Lơi cũ
00014,7,phuong,commune,001,yes,,,4,
00021,Tây Hòa,thi_tran,commune,002,yes,,,5,
00022,Thủy Xá,xa,commune,002,no,,,6,
00031,Hai,xa,commune,003,no,,,7,
00032,Mỹ Đức,xa,commune,003,no,,,8,
"""

MEASURES = """code,name_vi,unit,decimals,period_kind,level,reported_by,reporter,form,frequency,lower,upper,sum_of,labels
households,Số hộ,hộ,0,stock,commune,area,,dan_cu,quarterly,0,,,
persons,Nhân khẩu,khẩu,0,stock,commune,area,,dan_cu,quarterly,0,,,
poor_households,Hộ nghèo,hộ,0,stock,commune,area,,dan_cu,quarterly,0,,,
poor_persons,Khẩu nghèo,khẩu,0,stock,commune,area,,dan_cu,quarterly,0,,,
opening_households,Hộ đầu kỳ,hộ,0,stock,commune,area,,dien_bien,quarterly,0,,,
opening_persons,Khẩu đầu kỳ,khẩu,0,stock,commune,area,,dien_bien,quarterly,0,,,
closing_households,Hộ cuối kỳ,hộ,0,stock,commune,area,,dien_bien,quarterly,0,,,
closing_persons,Khẩu cuối kỳ,khẩu,0,stock,commune,area,,dien_bien,quarterly,0,,,
land,Diện tích,ha,2,stock,commune,area,,dien_tich,quarterly,0,,,
roads,Đường bê tông,km,1,stock,district,area,,dien_tich,quarterly,0,,,
school_rate,Tỷ lệ đi học,%,2,stock,district,area,,dien_tich,quarterly,0,100,,
jobs_created,Số người có việc làm,người,0,flow,district,area,,chi_tieu,quarterly,0,,,Việc làm mới
water_households,Số hộ có nước sạch,hộ,0,stock,district,area,,chi_tieu,quarterly,0,,,
water_base,Số hộ nông thôn,hộ,0,stock,district,area,,chi_tieu,quarterly,0,,,
budget,Kinh phí hỗ trợ,triệu đồng,1,flow,district,area,,chi_tieu,quarterly,0,,,
turnout,Tỷ lệ tham gia,%,2,stock,district,area,,chi_tieu,quarterly,0,100,,
plan_issued,Đã ban hành kế hoạch,có/không,0,stock,district,area,,chi_tieu,quarterly,0,1,,
year_end_review,Số cuộc kiểm tra,cuộc,0,flow,district,area,,chi_tieu,yearly,0,,,
loans,Số hộ vay vốn,hộ,0,flow,district,area,,toan_tinh,quarterly,0,,,
loan_money,Dư nợ cho vay,triệu đồng,1,stock,district,area,,toan_tinh,quarterly,0,,,
trained,Số người học nghề,người,0,flow,district,area,,hai_dong,quarterly,0,,,
placed,Số người có việc sau học nghề,người,0,flow,district,area,,hai_dong,quarterly,0,,,
unemployment,Tỷ lệ thất nghiệp,%,2,stock,city,agency,so_mot,cap_tren,yearly,0,100,,
"""

LAYOUTS = {
    "dan_cu": """
form: dan_cu
titles: [BIỂU HỘ DÂN CƯ THỬ NGHIỆM]
sender: area
rows: areas
ordinal: STT|TT
label: Xã, phường, thị trấn|Đơn vị
remark: Ghi chú
columns:
  - {measure: households, header: "Dân cư|Tổng số dân cư > Hộ|Số hộ"}
  - {measure: persons, header: "Dân cư|Tổng số dân cư > Khẩu|Nhân khẩu"}
  - {measure: poor_households, header: "Nghèo|Trong đó nghèo > Hộ|Số hộ"}
  - {measure: poor_persons, header: "Nghèo|Trong đó nghèo > Khẩu|Nhân khẩu"}
  - {rate_of: [poor_households, households], header: "Nghèo|Trong đó nghèo > Tỷ lệ (%)|Tỷ lệ"}
same_units: [khẩu|nhân khẩu|người]
groups: [Khu vực thành thị, Khu vực nông thôn]
totals: [Tổng cộng, Cộng, Toàn quận, Toàn huyện]
footers: [Người lập biểu]
""",
    "dien_bien": """
form: dien_bien
titles: [BIỂU DIỄN BIẾN THỬ NGHIỆM]
sender: area
rows: areas
ordinal: STT|TT
label: Xã, phường, thị trấn
lines: Phân tổ
columns:
  - {measure: opening_households, header: Đầu kỳ, line: Hộ|Số hộ}
  - {measure: opening_persons, header: Đầu kỳ, line: Khẩu|Nhân khẩu}
  - {measure: closing_households, header: Cuối kỳ, line: Hộ|Số hộ}
  - {measure: closing_persons, header: Cuối kỳ, line: Khẩu|Nhân khẩu}
totals: [Tổng cộng]
""",
    "dien_tich": """
form: dien_tich
titles: [BIỂU DIỆN TÍCH THỬ NGHIỆM]
sender: area
rows: areas
ordinal: STT|TT
label: Xã, phường, thị trấn
blank: zero
dash: missing
columns:
  - {measure: land, header: Diện tích}
  - {measure: roads, header: Đường bê tông}
  - {measure: school_rate, header: Tỷ lệ đi học}
totals: [Tổng cộng]
""",
    "chi_tieu": """
form: chi_tieu
titles: [BIỂU CHỈ TIÊU THỬ NGHIỆM]
sender: area
rows: measures
ordinal: STT|TT
label: Chỉ tiêu
unit: Đơn vị tính|ĐVT
remark: Ghi chú
columns:
  - {series: plan, header: "Kế hoạch năm|KH năm {year}"}
  - {series: in_period, header: "Thực hiện > Trong kỳ"}
  - {series: actual, header: "Thực hiện > Lũy kế"}
  - {series: last_year, header: Cùng kỳ}
same_units: [người|lượt người]
footers: [Người lập biểu]
""",
    "hai_dong": """
form: hai_dong
titles: [BIỂU HỌC NGHỀ THỬ NGHIỆM]
sender: area
rows: measures
ordinal: STT|TT
label: Chỉ tiêu
columns:
  - {series: plan, header: Số liệu, line: Kế hoạch}
  - {series: actual, header: Số liệu, line: Thực hiện|TH}
""",
    "toan_tinh": """
form: toan_tinh
titles: [BIỂU TOÀN THÀNH PHỐ THỬ NGHIỆM]
sender: any
rows: areas
area_level: district
ordinal: STT|TT
label: Quận, huyện|Đơn vị
columns:
  - {measure: loans, header: Số hộ vay}
  - {measure: loan_money, header: Dư nợ}
totals: [Tổng cộng, Toàn thành phố]
""",
}

QUARTER_TITLE = "Quý IV năm 2030"


def write(home: Path, **layouts: str) -> Programme:
    """raw/thu_nghiem under `home`, loaded; layouts replace those of the same name."""
    files = tiny.FILES | {"areas.csv": AREAS, "measures.csv": MEASURES}
    files |= {f"layouts/{name}.yml": text for name, text in (LAYOUTS | layouts).items()}
    for name, text in files.items():
        path = home / "raw" / tiny.PROGRAMME_ID / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return load_programme(home, tiny.PROGRAMME_ID)
