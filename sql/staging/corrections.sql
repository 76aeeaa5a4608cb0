-- Corrections agreed upon, the latest for each figure.
-- grain:  one row per quarter, measure, area_code, series
-- inputs: raw.corrections
-- units:  old_value and new_value in the measure's unit; null = no figure; basis_rank 1 published,
--         2 reported, 3 illustrative
-- source: raw/<programme>/corrections.yml

with ranked as (
    select
        *,
        row_number() over (
            partition by quarter, measure, area_code, series
            order by agreed_on desc, reason, agreed_by, new_value
        ) as recency
    from raw.corrections
)

select
    quarter,
    measure,
    area_code,
    series,
    old_value,
    new_value,
    reason,
    agreed_by,
    agreed_on,
    case basis
        when 'published' then 1
        when 'illustrative' then 3
        else 2
    end as basis_rank
from ranked
where recency = 1
order by quarter, measure, area_code, series
