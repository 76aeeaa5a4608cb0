-- Who has to report in each quarter: every district, and every agency with a figure that is due.
-- grain:  one row per quarter, reporter
-- inputs: staging.quarters, staging.areas, raw.measures, raw.measure_successors, raw.owners
-- units:  sort 1, 2, ... districts in their order, then agencies by code
-- source: raw/<programme>/areas.csv, measures.csv, owners.csv

with candidates as (
    select
        code as measure,
        frequency,
        0 as place,
        reporter as owner_code
    from raw.measures
    where reported_by = 'agency'
    union all
    select
        measures.code as measure,
        measures.frequency,
        successors.place,
        successors.owner_code
    from raw.measure_successors as successors
    inner join raw.measures as measures on successors.measure_code = measures.code
    where measures.reported_by = 'agency'
),

-- on the quarter's last day the first agency in the order of succession that is in force
in_office as (
    select
        quarters.quarter,
        owners.code as reporter,
        owners.name as reporter_name,
        row_number() over (
            partition by quarters.quarter, candidates.measure
            order by candidates.place
        ) as turn
    from staging.quarters as quarters
    inner join candidates on candidates.frequency <> 'yearly' or quarters.is_year_end
    inner join raw.owners as owners
        on
            candidates.owner_code = owners.code
            and (owners.valid_from is null or owners.valid_from <= quarters.ends_on)
            and (owners.valid_to is null or owners.valid_to >= quarters.ends_on)
),

agencies as (
    select distinct
        quarter,
        reporter,
        reporter_name
    from in_office
    where turn = 1
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
