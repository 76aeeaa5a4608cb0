-- Value of every indicator for the city and for each district.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.areas, intermediate.area_indicators, intermediate.city_indicators
-- units:  value in the indicator's unit = numerator * scale / denominator, or numerator where
--         denominator is null; qualifier 'khoảng', 'ước' or ''; null = missing or not applicable
-- source: forms as sent; basis is the worst of the cells

with area_figures as (
    select
        area_indicators.quarter,
        area_indicators.indicator_code,
        area_indicators.area_code,
        area_indicators.area_level,
        area_indicators.scale,
        case
            -- nobody to count: the rate has no meaning, which is not a missing figure
            when area_indicators.denominator = 0 then 'not_applicable'
            else area_indicators.state
        end as state,
        area_indicators.numerator,
        area_indicators.denominator,
        case when area_indicators.state = 'value' then 1 else 0 end as areas_reported,
        case when area_indicators.state = 'not_applicable' then 0 else 1 end as areas_expected,
        area_indicators.units_reported,
        area_indicators.units_expected,
        area_indicators.basis_rank,
        area_indicators.estimate_rank
    from intermediate.area_indicators as area_indicators
    where area_indicators.series = 'actual' and area_indicators.area_level = 'district'
),

city_figures as (
    select
        city_indicators.quarter,
        city_indicators.indicator_code,
        areas.area_code,
        areas.area_level,
        city_indicators.scale,
        city_indicators.state,
        city_indicators.numerator,
        city_indicators.denominator,
        city_indicators.areas_reported,
        city_indicators.areas_expected,
        city_indicators.areas_reported as units_reported,
        city_indicators.areas_expected as units_expected,
        city_indicators.basis_rank,
        city_indicators.estimate_rank
    from intermediate.city_indicators as city_indicators
    inner join staging.areas as areas
        on
            city_indicators.quarter = areas.quarter
            and areas.area_level = 'city'
    where city_indicators.series = 'actual'
),

figures as (
    select * from area_figures
    union all
    select * from city_figures
)

select
    quarter,
    indicator_code,
    area_code,
    area_level,
    state,
    case
        when state = 'value' and denominator is null then cast(numerator * scale as double)
        when state = 'value' then cast(numerator * scale as double) / cast(denominator as double)
    end as value,
    numerator,
    denominator,
    scale,
    areas_reported,
    areas_expected,
    units_reported,
    units_expected,
    coalesce(estimate_rank, 0) > 0 as is_estimate,
    case estimate_rank when 2 then 'khoảng' when 1 then 'ước' else '' end as qualifier,
    case basis_rank when 1 then 'published' when 2 then 'reported' when 3 then 'illustrative' end
        as basis
from figures
order by quarter, indicator_code, area_code
