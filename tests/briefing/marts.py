"""The marts of one quarter, as the models would leave them, in a DuckDB in memory: plausible figures, no models.

City totals are those of the published year-end results; how they spread over districts is made up.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.programme import load_programme
from pipeline.programme.frames import programme_frames

PROGRAMME_FOLDER = Path(__file__).parents[2] / "raw" / "hanoi_08_ctr_tu"
# the households still poor, by district; every other district has none
POOR = {"271": 264, "016": 80, "250": 40, "272": 36, "275": 45, "276": 32, "277": 58}
POOR |= {"278": 31, "279": 18, "280": 35, "281": 25, "282": 26}
NO_NEAR_POOR = ("001", "002", "005", "007", "009")
# rates of the city in percent, and about how many stand under the line in one district
RATES = {"A05": (45.6, 190000), "A06": (39.4, 190000), "A07": (47.2, 40000), "A08": (93.9, 280000), "A09": (99.9, 60)}
RATES |= {"A10": (100, 6700), "A11": (99.9, 650), "A12": (82.3, 420), "A13": (88.4, 19), "A14": (74.2, 1500)}
RATES |= {"A15": (100, 20), "B04": (89.64, 19), "B05": (85, 270000), "B06": (89.74, 4200), "B07": (89.1, 4200)}
RATES |= {"B10": (75.4, 75), "B11": (99.2, 69000)}
CITY_VALUES = {"A02": 214258, "A03": 2.01, "A04": 73.23, "B01": 76.3, "B02": 36.44, "B03": 16.6, "B09": 0.1}
CITY_VALUES |= {"B12": 29.1, "vocational_enrolment": 261400, "near_poor_households": 15120, "rotating_doctors": 60}
COMPUTED = {
    "A01": "year_exceeded",
    "B08": "not_assessable",
    "B05": "missed",
    "A13": "behind_term",
    "A05": "year_exceeded",
}
COMPUTED |= dict.fromkeys(("A02", "A03", "A14", "B02", "B03", "B06"), "term_exceeded")
COMPUTED |= dict.fromkeys(("A04", "A06", "A08", "A12", "B07", "B09"), "year_exceeded")

STATUSES = """
create table staging.status_groups as select * from (values
    ('term_done', 'hoàn thành và hoàn thành vượt kế hoạch giai đoạn', 1, 'term_met'),
    ('year_done', 'hoàn thành và vượt kế hoạch năm', 2, 'year_met'), ('on_track', 'đạt tiến độ', 3, 'on_track'),
    ('difficult', 'gặp khó khăn', 4, 'missed'), ('unknown', 'chưa đánh giá', 5, null)
) groups (status_group, print, sort, plain_status);
create table staging.statuses as select * from (values
    ('not_assessable', 'chưa có tiêu chí, hướng dẫn đánh giá', 'difficult', 1),
    ('term_exceeded', 'hoàn thành vượt kế hoạch giai đoạn', 'term_done', 2),
    ('term_met', 'hoàn thành kế hoạch giai đoạn', 'term_done', 3),
    ('year_exceeded', 'vượt kế hoạch năm', 'year_done', 4), ('year_met', 'đạt kế hoạch năm', 'year_done', 5),
    ('missed', 'không đạt kế hoạch năm', 'difficult', 6),
    ('behind_term', 'chậm lộ trình giai đoạn', 'difficult', 7), ('no_plan', 'chưa giao kế hoạch', 'unknown', 8)
) statuses (status, print, status_group, sort);
"""

# one indicator has no figure of the last district: 29 of 30
COMPARISON = """
create table marts.area_comparison as
with cells as (
    select rates.indicator_code, areas.*, size + 3 * areas.sort as below, (areas.sort * step) % 11 - 5 as spread, rate
    from rates join raw.areas as areas on areas.level = 'district' and (indicator_code <> 'B11' or not is_urban)
), counts as (
    select *, if(indicator_code = 'B05' and code = '282', null, below)::decimal(18, 4) as denominator,
        if(indicator_code = 'B05' and code = '282', null,
           round(below * (rate + spread * (100 - rate) / 100) / 100))::decimal(18, 4) as numerator
    from cells
), compared as (
    select *, sum(numerator) over indicator as city_numerator, sum(denominator) over indicator as city_denominator
    from counts window indicator as (partition by indicator_code)
)
select '2023-Q4' as quarter, indicator_code, code as area_code, name as area_name, kind as area_kind,
    sort as area_sort, if(numerator is null, 'missing', 'value') as state, numerator * 100 / denominator as value,
    numerator, denominator, 100 as scale, '' as qualifier, false as is_estimate, 'illustrative' as basis,
    city_numerator * 100 / city_denominator as city_value, city_numerator, city_denominator,
    rank() over (partition by indicator_code order by numerator / denominator desc) as rank, 30 as areas_ranked,
    numerator / denominator < city_numerator / city_denominator as is_below_city, '' as mark,
    count(*) over (partition by indicator_code, numerator / denominator) as areas_at_rank,
    null::varchar as plan_op, null::decimal(18, 4) as plan, null::decimal(18, 4) as plan_high,
    null::varchar as plan_measure, null::double as plan_judged, null::decimal(38, 4) as completion_numerator,
    null::decimal(38, 8) as completion_denominator, 1 as completion_decimals, null::boolean as is_on_plan
from compared
"""

PROGRESS = """
create table marts.indicator_progress as
with figures as (
    select indicator_code, max(city_numerator) as numerator, max(city_denominator) as denominator,
        count(numerator) as areas_reported, count(*) as areas_expected, null as before, null as before_denominator
    from marts.area_comparison group by indicator_code
    union all select code, value, null, 1, 1, case code when 'A02' then 203027 when 'A03' then 2.23 end, null
    from city_values
    union all values ('A01', 690, 2290000, 30, 30, 2134, 2247000), ('near_poor_rate', 15120, 2290000, 30, 30,
        22246, 2247000)
), plans as (
    select *, row_number() over (partition by indicator_code, scope order by issued_on desc nulls last) as place
    from raw.targets where scope in ('term_end', 'each_year') or year = 2023
), judged as (
    select indicators.* exclude (numerator, denominator), figures.*, owners.name as owner_name,
        owners.short_name as owner_short_name,
        coalesce(computed.status, 'no_plan') as computed_status, records.status as recorded_status,
        records.document as recorded_document, records.assessed_on as recorded_on, records.reason as recorded_reason,
        year.op as year_op, year.value as year_value, year.measure as year_measure, year.document as year_document,
        year.completion_decimals as year_completion_decimals, term.op as term_op, term.value as term_value,
        term.high as term_high, term.year as term_year, term.completion_decimals as term_completion_decimals
    from raw.indicators as indicators
    join raw.owners as owners on owners.code = indicators.owner
    left join figures on figures.indicator_code = indicators.code
    left join computed on computed.code = indicators.code
    left join raw.assessments as records on records.indicator_code = indicators.code
    left join plans as year on year.indicator_code = indicators.code and year.scope = 'year' and year.place = 1
    left join plans as term on term.indicator_code = indicators.code and term.scope = 'term_end' and term.place = 1
)
select '2023-Q4' as quarter, code as indicator_code, name_vi, short_name, group_code, group_name, judged.sort,
    is_counted, code in ('A02', 'vocational_enrolment') as is_flow, '' as mark, own.print as computed_status_print,
    if(code = 'B02', 'Phạm vi tính đã thay đổi', null) as break_note, 'record' as same_period_source,
    null as term_measure, null as term_judged,
    unit, direction, owner, owner_name, owner_short_name, decimals, min_significant, counts_shown, definition,
        method_note,
    if(numerator is null, 'missing', 'value') as state, numerator * scale / coalesce(denominator, 1) as value,
        numerator,
    denominator, scale, coalesce(areas_reported, 0) as areas_reported, coalesce(areas_expected, 30) as areas_expected,
    code = 'B05' as is_estimate, if(code = 'B05', 'khoảng', '') as qualifier, 'illustrative' as basis, baseline,
    baseline_year, baseline_is_break, year_op, year_value, null as year_high, year_measure, year_document,
    false as is_same_period_partial, false as is_year_end_partial,
    if(code = 'A01', 1580, null) as year_judged, year_completion_decimals,
    case when year_op in ('ge', 'gt') then if(code = 'A01', 1580, numerator * scale) end as year_completion_numerator,
    year_value * if(code = 'A01', 1, coalesce(denominator, 1)) as year_completion_denominator, term_op, term_value,
    term_high, term_year, term_completion_decimals,
    case when term_op in ('ge', 'gt', 'range') then numerator * scale end as term_completion_numerator,
    term_value * coalesce(denominator, 1) as term_completion_denominator, before as same_period_numerator,
    before_denominator as same_period_denominator, null as year_end_numerator, null as year_end_denominator,
    computed_status, recorded_status, recorded_document, recorded_on, recorded_reason, statuses.status,
    if(statuses.status = computed_status, 'computed', 'recorded') as status_source, statuses.print as status_print,
    statuses.status_group, if(code = 'B05', 9, null) as gap_value
from judged
join staging.statuses as own on own.status = computed_status
left join staging.status_groups as groups on groups.status_group = recorded_status
join staging.statuses as statuses on statuses.status
    = if(recorded_status is null or recorded_status = own.status_group, computed_status, groups.plain_status);
create table staging.indicators as
select progress.indicator_code, '2023-Q4' as quarter, progress.sort, progress.name_vi, progress.short_name,
    progress.decimals, progress.min_significant, indicators.aggregation, indicators.numerator, indicators.denominator,
    true as is_due
from marts.indicator_progress as progress
join raw.indicators as indicators on indicators.code = progress.indicator_code;
create table intermediate.judgements as
select '2023-Q4' as quarter, indicator_code, 'city' as area_code, horizon, true as is_covered, is_met,
    is_met and false as is_exceeded, not is_met as is_on_path, if(horizon = 'year', 4, 2) as way_behind,
    if(horizon = 'year', 4, 10) as way_in_all
from (
    select indicator_code, 'year' as horizon, computed_status not in ('missed', 'behind_term') as is_met
    from marts.indicator_progress where year_op is not null
    union all select indicator_code, 'term', status_group = 'term_done' from marts.indicator_progress
    where term_op is not null
);
create table marts.status_summary as
select '2023-Q4' as quarter, groups.status_group, groups.print as group_print, groups.sort,
    count(indicator_code) as indicators,
    27 as counted_total, count(*) filter (status_source = 'computed') as computed,
    count(*) filter (status_source = 'recorded') as recorded
from staging.status_groups as groups
left join marts.indicator_progress as progress on progress.status_group = groups.status_group and is_counted
group by groups.status_group, groups.print, groups.sort
"""

# a test changes poverty_counts; the marts follow
POVERTY = """
create table marts.poverty_counts as
with districts as (
    select areas.*, coalesce(poor, 0) as poor, if(poor is null, 0, 3 * poor + if(areas.code = '282', -70, 11))
        as opening,
        if(list_contains($no_near_poor, areas.code), 0, if(is_urban, 120, 780)) as near,
        60000 + 1000 * areas.sort + if(areas.code = '282', 25000, 0) as households
    from raw.areas as areas left join poor on poor.code = areas.code where level = 'district'
), places as (
    select *, 'district' as area_level from districts
    union all select * replace ('city' as code, 'Hà Nội' as name, 0 as sort), 'city' from districts
    union all select * replace (if(is_urban, 'urban_districts', 'rural_districts') as code,
        if(is_urban, 'Các quận', 'Các huyện, thị xã') as name, if(is_urban, -2, -1) as sort), 'zone' from districts
    union all select * replace (if(is_urban, 'urban_communes', 'rural_communes') as code,
        if(is_urban, 'Khu vực thành thị', 'Khu vực nông thôn') as name, if(is_urban, -4, -3) as sort), 'zone'
    from districts
)
select '2023-Q4' as quarter, code as area_code, 'tp_2022_2025' as standard, name as area_name, area_level,
    'city' as parent_code,
    sort as area_sort, if(code = 'city', 2290000, sum(households)) as households, sum(poor) as poor_households,
    3 * sum(households) as persons, 3 * sum(poor) as poor_persons, 3 * sum(near) as near_poor_persons,
    500 * count(*) as minority_households, 2 * count(*) as minority_poor_households,
    5 * count(*) as minority_near_poor_households,
    sum(near) as near_poor_households, count(*) as areas_reported, count(*) as areas_expected,
    sum(opening) as opening_poor_households, sum(near) + 40 * count(*) as opening_near_poor_households,
    'illustrative' as basis
from places group by code, name, area_level, sort;
create view marts.poverty_rates as
select *, poor_households as poverty_rate_numerator, households as poverty_rate_denominator,
    near_poor_households as near_poverty_rate_numerator, households as near_poverty_rate_denominator,
    poor_households + near_poor_households as multidimensional_poverty_rate_numerator,
    households as multidimensional_poverty_rate_denominator,
    poor_persons as poverty_person_rate_numerator, persons as poverty_person_rate_denominator,
    near_poor_persons as near_poverty_person_rate_numerator, persons as near_poverty_person_rate_denominator,
    minority_poor_households as minority_poverty_rate_numerator,
    minority_households as minority_poverty_rate_denominator,
    minority_near_poor_households as minority_near_poverty_rate_numerator,
    minority_households as minority_near_poverty_rate_denominator
from marts.poverty_counts;
create view marts.areas_without as
with kinds as (
    select *, 'poor' as kind, poor_households as held from marts.poverty_counts where area_level = 'district'
    union all select *, 'near_poor', near_poor_households from marts.poverty_counts where area_level = 'district'
)
select quarter, kind, area_code, area_sort from kinds where held = 0;
create view marts.poverty_contributions as
select quarter, area_code, area_sort, poor_households - opening_poor_households as change,
    sum(poor_households - opening_poor_households) over () as city_change
from marts.poverty_counts where area_level = 'district';
create table staging.poverty_movements as select * from (values
    ('poor', 'poor_opening', 'Tổng số hộ nghèo đầu kỳ', 'opening', 0, 1),
    ('poor', 'poor_above_near_poor', 'Vượt chuẩn cận nghèo', 'change', -1, 2),
    ('poor', 'poor_new', 'Phát sinh mới', 'change', 1, 3),
    ('poor', 'poor', 'Tổng số hộ nghèo cuối kỳ', 'closing', 0, 4),
    ('poor', 'poor_gross_decrease', 'Tổng số giảm', 'gross_decrease', 0, 5),
    ('near_poor', 'near_poor_opening', 'Tổng số hộ cận nghèo đầu kỳ', 'opening', 0, 6),
    ('near_poor', 'near_poor_new', 'Phát sinh mới', 'change', 1, 7),
    ('near_poor', 'near_poor', 'Tổng số hộ cận nghèo cuối kỳ', 'closing', 0, 8)
) movements (class, flow, flow_print, role, sign, sort);
create view marts.poverty_flows as
with stocks as (
    select quarter, area_code, 'poor' as class, opening_poor_households as opening, poor_households as closing
    from marts.poverty_counts where area_level <> 'zone'
    union all select quarter, area_code, 'near_poor', opening_near_poor_households, near_poor_households
    from marts.poverty_counts where area_level <> 'zone'
), flows as (
    select quarter, area_code, movements.*,
        case role when 'opening' then opening when 'closing' then closing when 'gross_decrease' then opening - closing
            else if(sign < 0, opening - closing, 0) end as households
    from stocks join staging.poverty_movements as movements using (class)
)
select *, 3 * households as persons from flows
"""

SOURCES = """
create table marts.submission_status as
select '2023-Q4' as quarter, code as reporter, full_name as reporter_name, 'area' as reporter_kind, sort,
    'accepted' as state,
    code in ('280', '016') as is_late, code <> '003' as is_registered, code = '018' as is_corrected,
    code = '277' as has_rejected_newer, false as has_locked_newer,
    date '2024-01-05' as received_on, date '2024-01-07' as due_on, 2 as days_late,
    3 as errors
from raw.areas where level = 'district'
union all select '2023-Q4', code, name, 'agency', 99, 'accepted', false, true, false, false, false, date '2024-01-05',
    date '2024-01-07', 0, 0
from raw.owners where code in ('so_ldtbxh', 'so_y_te');
create table raw.receipts as select '2023-Q4' as quarter, 1 as seq, '277.xlsx' as file, 's' as sha256,
    date '2024-01-09' as received_on, 'illustrative' as basis, true as is_registered;
create table staging.quarters as select '2023-Q4' as quarter, date '2024-01-12' as data_on;
create table staging.forms_in_force as select '2023-Q4' as quarter, 's' as sha256, unnest(['016', '277']) as reporter;
create table marts.remarks as select '2023-Q4' as quarter, '016' as reporter, 'Huyện Sóc Sơn' as reporter_name,
    'area' as reporter_kind, 16 as reporter_sort, '016.xlsx' as file, 'H22' as cell,
    'Sàng lọc trước sinh' as row_label, 'Khó khăn: thiếu kinh phí mua sinh phẩm xét nghiệm' as text,
    1 as place;
create table raw.submissions as select '2023-Q4' as quarter, 's' as sha256, '277.xlsx' as file, '277' as reporter,
    true as is_accepted;
create table marts.revisions (
    quarter varchar, indicator_code varchar, area_code varchar, old_printed varchar, old_status varchar,
    new_status varchar, reason_vi varchar
);
create table marts.indicator_outlook as
select '2023-Q4' as quarter, indicator_code, 'term' as pace_horizon, null::varchar as pace_measure,
    null as year_measure, null as term_measure, 1.875::double as pace_needed, 0.6::double as pace_observed,
    null as projected_year_end,
    89.8 as projected_term_end,
    'giá trị quý IV/2023 cộng mức thay đổi bình quân mỗi quý của 8 kỳ' as projection_method_vi,
    null as no_projection_reason_vi
from marts.indicator_progress where indicator_code = 'B05'
union all select '2023-Q4', indicator_code, 'year', null, null, null, null, null, null, null, null,
    'mới có 2 kỳ có số liệu so sánh được (cần ít nhất 4)'
from marts.indicator_progress where status_group <> 'difficult';
create table marts.unfinished as select '2023-Q4' as quarter, code as indicator_code, place as sort, name as short_name,
    'Sở Y tế' as owner_name, 'Sở Y tế' as owner_short_name,
    'không đạt kế hoạch năm' as status_then_print, now as status_now_print,
    place = 1 as is_overcome, remedy
from (values ('B06', 1, 'Sàng lọc trước sinh', 'đạt kế hoạch năm', null),
    ('B05', 2, 'Quản lý sức khỏe', 'không đạt kế hoạch năm', 'Thống nhất cách tính'),
    ('B99', 3, 'Chỉ tiêu cũ', null, null)) as held (code, place, name, now, remedy);
insert into marts.indicator_progress by name select '2022-Q4' as quarter, 'B05' as indicator_code;
create table marts.tasks as
select '2023-Q4' as quarter, id as task_id, 'B05' as indicator_code, task, lead_name, partners,
    'Kết luận hội nghị quý III' as document, due_on, state as state_at_quarter, late as days_overdue
from (values ('1', 'Thống nhất cách tính', 'Sở Y tế', 'UBND quận, huyện, thị xã', date '2023-12-15', 'overdue', 28),
    ('2', 'Trình giải pháp', 'Sở Y tế', '', null, 'open', 0), ('3', 'Báo cáo', 'Sở Y tế', '', null, 'done', 0)
) as held (id, task, lead_name, partners, due_on, state, late);
create table raw.findings as select '2023-Q4' as quarter, 's' as sha256, '277.xlsx' as file, '277' as reporter,
    'total-differs' as rule, 'error' as severity, 'Biểu 02' as sheet, 'E14' as cell, '57' as found, '58' as expected,
    'Đề nghị sửa ô E14 trong tệp gốc rồi gửi lại.' as remedy;
create table checks.poverty_conservation as select '2023-Q4' as quarter, '271' as area_code, 'poor_households'
    as subject,
    264 as found, 266 as expected
"""


def build_marts(database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A connection to a new database with raw, staging, marts and checks tables of 2023-Q4."""
    connection = duckdb.connect(database)
    for schema in ("raw", "staging", "intermediate", "marts", "checks"):
        connection.execute(f"create schema {schema}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        for name, frame in programme_frames(load_programme(PROGRAMME_FOLDER.parents[1], PROGRAMME_FOLDER.name)).items():
            frame.write_parquet(path)
            connection.execute(f"create table raw.{name} as from read_parquet('{path}')")
    _fill(connection, "rates", "indicator_code varchar, rate double, size int, step int", (
        (code, rate, size, step) for step, (code, (rate, size)) in enumerate(RATES.items(), 3)
    ))  # fmt: skip
    _fill(connection, "city_values", "code varchar, value decimal(18, 4)", CITY_VALUES.items())
    _fill(connection, "computed", "code varchar, status varchar", COMPUTED.items())
    _fill(connection, "poor", "code varchar, poor int", POOR.items())
    for script in (STATUSES, COMPARISON, PROGRESS, POVERTY, SOURCES):
        for statement in script.split(";\n"):
            named = {"no_near_poor": list(NO_NEAR_POOR)} if "$no_near_poor" in statement else {}
            connection.execute(statement, named)
    return connection


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """A temporary table of a few small rows."""
    connection.execute(f"create temp table {table} ({columns})")
    held = list(rows)
    marks = f"({', '.join('?' for _ in held[0])})"
    values = [value for row in held for value in row]
    connection.execute(f"insert into {table} values {', '.join(marks for _ in held)}", values)
