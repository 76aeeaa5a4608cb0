-- The year plan a reporter states beside the one on record for it.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.indicators, intermediate.plans, intermediate.area_measures
-- units:  value and recorded_value in the measure's unit, at the level the measure is reported at
-- source: forms as sent; raw/<programme>/targets.csv, plans of one year; a ratio's plan is no
--         number of a form, and what holds for each year is no plan given to an office

with recorded as (
    select
        plans.quarter,
        plans.indicator_code,
        plans.area_code,
        plans.area_level,
        coalesce(
            plans.measure,
            case when indicators.denominator is null then indicators.numerator end
        ) as measure,
        case when plans.measure is null then plans.value / indicators.scale else plans.value end
            as value
    from intermediate.plans as plans
    inner join staging.indicators as indicators
        on
            plans.quarter = indicators.quarter
            and plans.indicator_code = indicators.indicator_code
    where plans.horizon = 'year' and plans.scope = 'year' and plans.op in ('ge', 'gt', 'le', 'lt')
)

select
    recorded.quarter,
    recorded.indicator_code,
    recorded.area_code,
    recorded.measure,
    stated.value,
    recorded.value as recorded_value
from recorded
inner join intermediate.area_measures as stated
    on
        recorded.quarter = stated.quarter
        and recorded.measure = stated.measure
        and recorded.area_code = stated.area_code
        and recorded.area_level = stated.area_level
where stated.series = 'plan' and stated.value is not null
order by recorded.quarter, recorded.indicator_code, recorded.area_code
