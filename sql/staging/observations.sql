-- Figures in force: each measure of an area once, however many cells give it.
-- grain:  one row per quarter, measure, area_code, month, series
-- inputs: staging.cells
-- units:  value in the measure's unit; state is value, missing or not_applicable
-- source: forms as sent

with readings as (
    select
        quarter,
        measure,
        area_code,
        month,
        series,
        is_current,
        count(*) as cells,
        count(distinct value)
        + max(case when state = 'not_applicable' then 1 else 0 end) as readings,
        max(case when state = 'not_applicable' then 1 else 0 end) as not_applicable_readings,
        max(value) as value,
        -- an empty cell says nothing about the figure, so only filled ones weigh
        max(case when state = 'value' then basis_rank end) as basis_rank,
        max(case when state = 'value' then estimate_rank end) as estimate_rank
    from staging.cells
    group by quarter, measure, area_code, month, series, is_current
)

select
    quarter,
    measure,
    area_code,
    month,
    series,
    is_current,
    cells,
    -- two different figures: neither is taken silently, the figure is missing until one goes
    readings > 1 as is_contradicted,
    case
        when readings <> 1 then 'missing'
        when not_applicable_readings = 1 then 'not_applicable'
        else 'value'
    end as state,
    case when readings = 1 then value end as value,
    case when readings = 1 then basis_rank end as basis_rank,
    case when readings = 1 then estimate_rank end as estimate_rank
from readings
order by quarter, measure, area_code, month, series
