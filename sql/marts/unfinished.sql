-- Indicators in difficulty at the end of last year: whose they are, where they stand, what is done.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.quarters, staging.indicators, marts.indicator_progress, marts.tasks
-- units:  status_then at the end of last year, status_now null where the indicator is no longer
--         in force; remedy joins the open tasks, the first three by due date
-- source: marts.indicator_progress; raw/<programme>/tasks.csv

with open_tasks as (
    select
        *,
        row_number() over (
            partition by quarter, indicator_code order by due_on nulls last, task_id
        ) as place
    from marts.tasks
    where state_at_quarter in ('open', 'overdue')
),

remedies as (
    select
        quarter,
        indicator_code,
        count(*) as open_tasks,
        sum(case when state_at_quarter = 'overdue' then 1 else 0 end) as overdue_tasks,
        min(due_on) as next_due_on,
        concat_ws(
            '. ',
            max(case when place = 1 then task end),
            max(case when place = 2 then task end),
            max(case when place = 3 then task end)
        ) as remedy
    from open_tasks
    group by quarter, indicator_code
)

select
    quarters.quarter,
    year_ends.indicator_code,
    year_ends.name_vi,
    year_ends.short_name,
    year_ends.sort,
    quarters.previous_year_end,
    coalesce(progress.owner, year_ends.owner) as owner,
    coalesce(progress.owner_name, year_ends.owner_name) as owner_name,
    coalesce(progress.owner_short_name, year_ends.owner_short_name) as owner_short_name,
    year_ends.status as status_then,
    year_ends.status_print as status_then_print,
    year_ends.recorded_reason as reason_then,
    progress.status as status_now,
    progress.status_print as status_now_print,
    progress.status_group as status_group_now,
    indicators.indicator_code is not null as is_in_force,
    coalesce(progress.status_group in ('term_done', 'year_done', 'on_track'), false)
        as is_overcome,
    cast(coalesce(remedies.open_tasks, 0) as integer) as open_tasks,
    cast(coalesce(remedies.overdue_tasks, 0) as integer) as overdue_tasks,
    remedies.next_due_on,
    remedies.remedy
from staging.quarters as quarters
inner join marts.indicator_progress as year_ends
    on
        quarters.previous_year_end = year_ends.quarter
        and year_ends.status_group = 'difficult'
        and year_ends.is_counted
left join staging.indicators as indicators
    on
        quarters.quarter = indicators.quarter
        and year_ends.indicator_code = indicators.indicator_code
left join marts.indicator_progress as progress
    on
        quarters.quarter = progress.quarter
        and year_ends.indicator_code = progress.indicator_code
left join remedies
    on
        quarters.quarter = remedies.quarter
        and year_ends.indicator_code = remedies.indicator_code
order by quarters.quarter, year_ends.indicator_code
