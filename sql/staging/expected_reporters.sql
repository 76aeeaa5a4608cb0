-- Who has to report in each quarter: every district, and every agency with a figure that is due.
-- grain:  one row per quarter, reporter
-- inputs: staging.quarters, staging.areas, raw.measures, raw.owners
-- units:  sort 1, 2, ... districts in their order, then agencies by code
-- source: raw/<programme>/areas.csv, measures.csv, owners.csv

with agencies as (
    select distinct
        quarters.quarter,
        owners.code as reporter,
        owners.name as reporter_name
    from staging.quarters as quarters
    inner join raw.measures as measures
        on
            measures.reported_by = 'agency'
            and (measures.frequency <> 'yearly' or quarters.is_year_end)
    inner join raw.owners as owners
        on
            measures.reporter = owners.code
            and (owners.valid_from is null or owners.valid_from <= quarters.ends_on)
            and (owners.valid_to is null or owners.valid_to >= quarters.ends_on)
),

reporters as (
    select
        quarter,
        area_code as reporter,
        area_full_name as reporter_name,
        'area' as reporter_kind,
        1 as kind_sort,
        area_sort
    from staging.areas
    where area_level = 'district'
    union all
    select
        quarter,
        reporter,
        reporter_name,
        'agency' as reporter_kind,
        2 as kind_sort,
        0 as area_sort
    from agencies
)

select
    quarter,
    reporter,
    reporter_name,
    reporter_kind,
    cast(row_number() over (
        partition by quarter
        order by kind_sort, area_sort, reporter
    ) as integer) as sort
from reporters
order by quarter, reporter
