-- Tasks given by the meetings, as they stood on the day the quarter's inputs are dated.
-- grain:  one row per quarter, task_id
-- inputs: staging.quarters, raw.tasks, raw.owners, raw.areas
-- units:  state_at_quarter open | overdue | done | cancelled; days_overdue of overdue ones, else 0;
--         lead_name is that of an owner or an area, else the text itself
-- source: raw/<programme>/tasks.csv

with dated as (
    select
        quarters.quarter,
        quarters.data_on,
        tasks.*,
        case
            when tasks.state = 'cancelled' then 'cancelled'
            when
                tasks.state = 'done'
                and (tasks.done_on is null or tasks.done_on <= quarters.data_on)
                then 'done'
            when tasks.due_on < quarters.data_on then 'overdue'
            else 'open'
        end as state_at_quarter
    from staging.quarters as quarters
    inner join raw.tasks as tasks on quarters.data_on >= tasks.assigned_on
)

select
    dated.quarter,
    dated.id as task_id,
    dated.indicator_code,
    dated.task,
    dated.lead,
    coalesce(owners.name, areas.full_name, dated.lead) as lead_name,
    dated.partners,
    dated.document,
    dated.assigned_on,
    dated.due_on,
    case when dated.state_at_quarter = 'done' then dated.done_on end as done_on,
    dated.state_at_quarter,
    case
        when dated.state_at_quarter = 'overdue' then cast(dated.data_on - dated.due_on as integer)
        else 0
    end as days_overdue,
    dated.data_on as as_of,
    dated.basis,
    dated.note
from dated
left join raw.owners as owners on dated.lead = owners.code
left join raw.areas as areas on dated.lead = areas.code
order by dated.quarter, dated.id
