-- Figures in force: each measure of an area once, however many cells give it, as corrected.
-- grain:  one row per quarter, measure, area_code, month, series
-- inputs: staging.cells, staging.corrections
-- units:  value in the measure's unit; state is value, missing or not_applicable; original_value
--         is the figure as sent where a correction replaces it (correction_reason is not null)
-- source: forms as sent; corrections.yml

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
),

figures as (
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
),

matched as (
    select
        figures.*,
        corrections.reason as correction_reason,
        corrections.agreed_by as corrected_by,
        corrections.agreed_on as corrected_on,
        corrections.new_value,
        corrections.basis_rank as agreed_basis_rank
    from figures
    -- a correction of a figure that is no longer there is not applied, and a check says so
    left join staging.corrections as corrections
        on
            figures.is_current
            and figures.quarter = corrections.quarter
            and figures.measure = corrections.measure
            and figures.area_code = corrections.area_code
            and figures.series = corrections.series
            and (
                figures.value = corrections.old_value
                or (figures.value is null and corrections.old_value is null)
            )
)

select
    quarter,
    measure,
    area_code,
    month,
    series,
    is_current,
    cells,
    is_contradicted and correction_reason is null as is_contradicted,
    case
        when correction_reason is null then state
        when new_value is null then 'missing'
        else 'value'
    end as state,
    case when correction_reason is null then value else new_value end as value,
    case
        when correction_reason is null then basis_rank
        -- the worse of what was sent and what was agreed
        when new_value is not null
            then greatest(coalesce(basis_rank, agreed_basis_rank), agreed_basis_rank)
    end as basis_rank,
    -- what was agreed upon is no estimate
    case
        when correction_reason is null then estimate_rank
        when new_value is not null then 0
    end as estimate_rank,
    case when correction_reason is not null then value end as original_value,
    correction_reason,
    corrected_by,
    corrected_on
from matched
order by quarter, measure, area_code, month, series
