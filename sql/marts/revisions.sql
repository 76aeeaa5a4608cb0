-- Figures and statuses that differ from the latest issued briefing of their quarter, and why.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: intermediate.revised_figures, intermediate.revision_causes, marts.indicator_progress,
--         staging.areas
-- units:  numerators and denominators in the measures' units; statuses of the city's row only;
--         reason_vi joins the causes, the first four by kind; mark is always r
-- source: raw/<programme>/issued/<quarter>.json against the figures as computed now

with compared as (
    select
        revised_figures.*,
        progress.status as new_status,
        -- a target or an assessment changes a status, never a figure
        case when revised_figures.old_status <> progress.status then 4 else 2 end as last_kind
    from intermediate.revised_figures as revised_figures
    left join staging.areas as cities
        on
            revised_figures.quarter = cities.quarter
            and revised_figures.area_code = cities.area_code
            and cities.area_level = 'city'
    left join marts.indicator_progress as progress
        on
            cities.quarter = progress.quarter
            and revised_figures.indicator_code = progress.indicator_code
    where revised_figures.is_revised or revised_figures.old_status <> progress.status
),

placed_causes as (
    select
        causes.*,
        row_number() over (
            partition by causes.quarter, causes.indicator_code, causes.area_code
            order by causes.kind, causes.cause_vi
        ) as place
    from intermediate.revision_causes as causes
    inner join compared
        on
            causes.quarter = compared.quarter
            and causes.indicator_code = compared.indicator_code
            and causes.area_code = compared.area_code
            and causes.kind <= compared.last_kind
),

reasons as (
    select
        quarter,
        indicator_code,
        area_code,
        concat_ws(
            '; ',
            max(case when place = 1 then cause_vi end),
            max(case when place = 2 then cause_vi end),
            max(case when place = 3 then cause_vi end),
            max(case when place = 4 then cause_vi end),
            case
                when count(*) > 4
                    then 'và ' || cast(count(*) - 4 as varchar) || ' nguyên nhân khác'
            end
        ) as reason_vi
    from placed_causes
    group by quarter, indicator_code, area_code
)

select
    compared.quarter,
    compared.indicator_code,
    compared.area_code,
    compared.issue_number,
    compared.issued_on,
    compared.old_numerator,
    compared.old_denominator,
    compared.old_status,
    compared.old_printed,
    compared.new_numerator,
    compared.new_denominator,
    compared.new_value,
    compared.new_status,
    coalesce(reasons.reason_vi, 'số liệu tính lại') as reason_vi,
    'r' as mark
from compared
left join reasons
    on
        compared.quarter = reasons.quarter
        and compared.indicator_code = reasons.indicator_code
        and compared.area_code = reasons.area_code
order by compared.quarter, compared.indicator_code, compared.area_code
