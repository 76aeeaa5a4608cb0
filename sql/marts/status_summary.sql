-- How many of the counted indicators stand where, as the meeting counts them.
-- grain:  one row per quarter, status_group
-- inputs: staging.quarters, staging.status_groups, marts.indicator_progress
-- units:  numbers of indicators; indicators = computed + recorded; counted_total of the quarter
-- source: marts.indicator_progress

with counted as (
    select *
    from marts.indicator_progress
    where is_counted
)

select
    quarters.quarter,
    status_groups.status_group,
    status_groups.print as group_print,
    status_groups.sort,
    cast(
        sum(case when counted.status_group = status_groups.status_group then 1 else 0 end)
        as integer
    ) as indicators,
    cast(count(counted.indicator_code) as integer) as counted_total,
    cast(sum(
        case
            when
                counted.status_group = status_groups.status_group
                and counted.status_source = 'computed'
                then 1
            else 0
        end
    ) as integer) as computed,
    cast(sum(
        case
            when
                counted.status_group = status_groups.status_group
                and counted.status_source = 'recorded'
                then 1
            else 0
        end
    ) as integer) as recorded,
    -- what the count would be without any record
    cast(sum(
        case when counted.computed_status_group = status_groups.status_group then 1 else 0 end
    ) as integer) as by_figures
from staging.quarters as quarters
cross join staging.status_groups as status_groups
left join counted on quarters.quarter = counted.quarter
group by
    quarters.quarter,
    status_groups.status_group,
    status_groups.print,
    status_groups.sort
order by quarters.quarter, status_groups.status_group
