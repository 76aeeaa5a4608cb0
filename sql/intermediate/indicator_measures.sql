-- Measures each indicator is computed from or the city's plan is judged on, their parts included.
-- grain:  one row per quarter, indicator_code, measure
-- inputs: staging.indicators, raw.measure_parts, intermediate.plans
-- units:  role numerator | denominator | target; the first of them where a measure has several
-- source: raw/<programme>/indicators.csv, measures.csv, targets.csv

with named as (
    select
        quarter,
        indicator_code,
        numerator as measure,
        1 as place
    from staging.indicators
    union all
    select
        quarter,
        indicator_code,
        denominator as measure,
        2 as place
    from staging.indicators
    where denominator is not null
    union all
    select
        quarter,
        indicator_code,
        measure,
        3 as place
    from intermediate.plans
    where area_level = 'city' and measure is not null
),

with_parts as (
    select * from named
    union all
    select
        named.quarter,
        named.indicator_code,
        measure_parts.part_code as measure,
        named.place
    from named
    inner join raw.measure_parts as measure_parts on named.measure = measure_parts.measure_code
)

select
    quarter,
    indicator_code,
    measure,
    case min(place) when 1 then 'numerator' when 2 then 'denominator' else 'target' end as role
from with_parts
group by quarter, indicator_code, measure
order by quarter, indicator_code, measure
