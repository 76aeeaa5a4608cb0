"""A tiny programme made in a test: two districts, four communes, four indicators, three forms.

It proves that nothing in the code knows a real programme; the workbooks are typed cell by cell.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.programme import Programme, load_programme

PROGRAMME_ID = "thu_nghiem"

FILES = {
    "programme.yml": """
id: thu_nghiem
title: Chương trình thử nghiệm
short_title: Chương trình số 01-CTr/TN
issuer: Cơ quan thử nghiệm
number: 01-CTr/TN
issued_on: 2030-01-01
first_year: 2030
last_year: 2031
indicators_announced: 4
due_days: 5
public_threshold: 5
poverty_standards:
  - {id: thu_2030, name: chuẩn thử nghiệm, first_quarter: 2030-Q1, last_quarter: 2031-Q4}
document:
  profile: A
  kind: BÁO CÁO
  parent_body: CƠ QUAN CẤP TRÊN
  issuing_body: CƠ QUAN THỬ NGHIỆM
  symbol: BC-TN
  place: Thành Thử
  subject: Kết quả thử nghiệm {period}
  authority: KT. THỦ TRƯỞNG
  signatory_title: PHÓ THỦ TRƯỞNG
  area_term: quận, huyện
  top_area_term: Thành phố
  urban_district_term: quận
  rural_district_term: huyện
  recipients: [Cơ quan cấp trên, "Lưu: VT"]
""",
    "areas.csv": """code,name,kind,level,parent_code,urban,valid_from,valid_to,sort,aliases
city,Thành Thử,thanh_pho_tw,city,,,,,0,Toàn thành phố
001,Đông,quan,district,city,yes,,,1,Quận Đông|Q. Đông
002,Tây Hòa,huyen,district,city,no,,,2,Huyện Tây Hòa|H. Tây Hòa
00011,Một,phuong,commune,001,yes,,,1,
00012,Hai,phuong,commune,001,yes,,,2,
00021,Tây Hòa,thi_tran,commune,002,yes,,,3,
00022,Thủy Xá,xa,commune,002,no,,,4,
""",
    "owners.csv": """code,name,short_name,valid_from,valid_to,aliases
so_mot,Sở Một,Sở Một,,,
""",
    "measures.csv": """code,name_vi,unit,decimals,period_kind,level,reported_by,reporter,form,frequency,lower,upper,sum_of,labels
poor_households,Hộ nghèo,hộ,0,stock,commune,area,,dan_cu,quarterly,0,,,
households,Số hộ,hộ,0,stock,commune,area,,dan_cu,quarterly,0,,,
jobs_created,Số người có việc làm,người,0,flow,district,area,,chi_tieu,quarterly,0,,,Việc làm mới
water_households,Số hộ có nước sạch,hộ,0,stock,district,area,,chi_tieu,quarterly,0,,,
water_base,Số hộ nông thôn,hộ,0,stock,district,area,,chi_tieu,quarterly,0,,,
unemployment,Tỷ lệ thất nghiệp,%,2,stock,city,agency,so_mot,cap_tren,yearly,0,100,,
""",
    "indicators.csv": """code,name_vi,short_name,group_code,group_name,sort,counted,unit,direction,aggregation,numerator,denominator,scale,frequency,owner,decimals,min_significant,counts_shown,applies_to,minimum_coverage,baseline,baseline_year,baseline_is_break,basis,definition,method_note,valid_from,valid_to
P1,Tỷ lệ hộ nghèo,Hộ nghèo,A,Nhóm thử nghiệm,1,yes,%,lower,ratio_of_sums,poor_households,households,100,quarterly,so_mot,2,2,yes,all,0.5,,,,published,,,2030-01-01,
J1,Số người có việc làm,Việc làm,A,Nhóm thử nghiệm,2,yes,người,higher,sum,jobs_created,,1,quarterly,so_mot,0,,yes,all,0.5,,,,published,,,2030-01-01,
W1,Tỷ lệ hộ có nước sạch,Nước sạch,A,Nhóm thử nghiệm,3,yes,%,higher,ratio_of_sums,water_households,water_base,100,quarterly,so_mot,1,,yes,rural_areas,0.5,,,,published,,,2030-01-01,
U1,Tỷ lệ thất nghiệp,Thất nghiệp,A,Nhóm thử nghiệm,4,yes,%,lower,city_only,unemployment,,1,yearly,so_mot,2,,yes,all,1,,,,published,,,2030-01-01,
""",
    "targets.csv": """indicator,scope,year,area,op,value,high,measure,completion_decimals,document,issued_on,basis,note
J1,year,2030,,ge,"1000",,,1,Kế hoạch thử,2030-01-01,published,
W1,term_end,2031,,ge,"90,5",,,1,Kế hoạch thử,2030-01-01,published,
""",
    "assessments.csv": "quarter,indicator,status,document,assessed_on,reason,basis\n",
    "layouts/chi_tieu.yml": """
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
  - {series: actual, header: "Thực hiện > Lũy kế"}
  - {series: last_year, header: Cùng kỳ}
footers: [Ghi chú, Người lập biểu]
""",
    "layouts/cap_tren.yml": """
form: cap_tren
titles: [BIỂU CHỈ TIÊU CẤP TRÊN THỬ NGHIỆM]
sender: agency
rows: measures
ordinal: STT|TT
label: Chỉ tiêu
remark: Ghi chú
columns:
  - {series: actual, header: Thực hiện}
footers: [Người lập biểu]
""",
    "layouts/dan_cu.yml": """
form: dan_cu
titles: [BIỂU HỘ DÂN CƯ THỬ NGHIỆM]
sender: area
rows: areas
ordinal: STT|TT
label: Xã, phường, thị trấn
remark: Ghi chú
columns:
  - {measure: households, header: "Hộ dân cư > Tổng số"}
  - {measure: poor_households, header: "Hộ nghèo > Tổng số"}
  - {rate_of: [poor_households, households], header: "Hộ nghèo > Tỷ lệ (%)"}
groups: [Khu vực thành thị, Khu vực nông thôn]
totals: [Tổng cộng, Cộng]
footers: [Người lập biểu]
""",
}


def set_in(home: Path, label: str = "2030-Q4") -> Path:
    """The folder of a printed set."""
    return home / "build" / PROGRAMME_ID / label


def write_programme(home: Path) -> Programme:
    """raw/thu_nghiem under `home`, loaded."""
    for name, text in FILES.items():
        path = home / "raw" / PROGRAMME_ID / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return load_programme(home, PROGRAMME_ID)


def add_indicator_sheet(workbook: Workbook, reporter: str = "Quận Đông", period: str = "Quý IV năm 2030") -> Worksheet:
    """The form of measures: jobs 250, water 'x' (or figures for the rural district), in tidy cells."""
    sheet = workbook.create_sheet("Biểu 1")
    is_rural = "Tây" in reporter
    rows: list[list[Any]] = [
        [f"UBND {reporter.upper()}"],
        ["BIỂU CHỈ TIÊU THỬ NGHIỆM"],
        [period],
        [f"Đơn vị báo cáo: {reporter}"],
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm", "Thực hiện", "Cùng kỳ", "Ghi chú"],
        [None, None, None, None, "Lũy kế", None, None],
        ["A", "B", "1", "2", "3", "4", "5"],
        ["I", "NHÓM THỬ NGHIỆM"],
        [1, "Số người có việc làm", "người", 500, 250, 200, None],
        [2, "Tỷ lệ hộ có nước sạch", "%", 90, 80 if is_rural else "x", 75 if is_rural else "x", None],
        ["-", "Số hộ có nước sạch", "hộ", None, 800 if is_rural else "x", 750 if is_rural else "x", None],
        ["-", "Số hộ nông thôn", "hộ", None, 1000 if is_rural else "x", 1000 if is_rural else "x", None],
        [None, "Người lập biểu"],
    ]
    for row in rows:
        sheet.append(row)
    return sheet


def add_household_sheet(workbook: Workbook, reporter: str = "Quận Đông", period: str = "Quý IV năm 2030") -> Worksheet:
    """The form with a row per commune: two communes, a group row, a total; poor 3 of 1500 and 1 of 500."""
    sheet = workbook.create_sheet("Biểu 2")
    names = ["Phường Một", "P. Hai"] if "Đông" in reporter else ["TT. Tây Hòa", "Thuỷ Xá"]
    rows: list[list[Any]] = [
        [f"UBND {reporter.upper()}"],
        ["BIỂU HỘ DÂN CƯ THỬ NGHIỆM"],
        [period],
        ["TT", "Xã, phường, thị trấn", "Hộ dân cư", "Hộ nghèo", None, "Ghi chú"],
        [None, None, "Tổng số", "Tổng số", "Tỷ lệ (%)", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)=(4)/(3)", "(6)"],
        ["I", "Khu vực thành thị", 2000, 4, 0.2, None],
        [1, names[0], 1500, 3, 0.2, None],
        [2, names[1], 500, 1, 0.2, "khó khăn <b>nhà ở</b>"],
        [None, "Tổng cộng", 2000, 4, 0.2, None],
        [None, "Người lập biểu"],
        [None, "Thành Thử, ngày 02 tháng 01 năm 2031"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("D4:E4")
    return sheet


def add_agency_sheet(workbook: Workbook, value: Any = 2.01, period: str = "Quý IV năm 2030") -> Worksheet:
    sheet = workbook.create_sheet("Sheet1")
    for row in (
        ["SỞ MỘT"],
        ["BIỂU CHỈ TIÊU CẤP TRÊN THỬ NGHIỆM"],
        [period],
        ["STT", "Chỉ tiêu", "Thực hiện", "Ghi chú"],
        [1, "Tỷ lệ thất nghiệp", value, None],
    ):
        sheet.append(row)
    return sheet


def new_workbook() -> Workbook:
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    return workbook


def district_workbook(reporter: str = "Quận Đông", period: str = "Quý IV năm 2030") -> Workbook:
    """Both forms of a district, without a fault."""
    workbook = new_workbook()
    add_indicator_sheet(workbook, reporter, period)
    add_household_sheet(workbook, reporter, period)
    return workbook


def agency_workbook(value: Any = 2.01) -> Workbook:
    workbook = new_workbook()
    add_agency_sheet(workbook, value)
    return workbook
