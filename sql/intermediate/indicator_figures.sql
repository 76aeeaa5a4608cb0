-- Value of every indicator for the city and for each district, as sent and as of last year.
-- grain:  one row per quarter, series, indicator_code, area_code
-- inputs: staging.areas, staging.indicators, intermediate.area_indicators,
--         intermediate.city_indicators
-- units:  value in the indicator's unit = numerator * scale / denominator, or numerator where
--         denominator is null; is_covered: enough stands behind the value to compare it;
--         is_complete: nothing that is expected is missing
-- source: forms as sent; series actual, and last_year from the column of the form itself

with area_figures as (
    select
        area_indicators.quarter,
        area_indicators.series,
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
        area_indicators.units_reported
        >= indicators.minimum_coverage * area_indicators.units_expected as is_covered,
        area_indicators.is_complete,
        area_indicators.basis_rank,
        area_indicators.estimate_rank
    from intermediate.area_indicators as area_indicators
    inner join staging.indicators as indicators
        on
            area_indicators.quarter = indicators.quarter
            and area_indicators.indicator_code = indicators.indicator_code
    where area_indicators.area_level = 'district'
),

city_figures as (
    select
        city_indicators.quarter,
        city_indicators.series,
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
        city_indicators.is_covered,
        city_indicators.is_complete,
        city_indicators.basis_rank,
        city_indicators.estimate_rank
    from intermediate.city_indicators as city_indicators
    inner join staging.areas as areas
        on
            city_indicators.quarter = areas.quarter
            and areas.area_level = 'city'
),

figures as (
    select * from area_figures
    union all
    select * from city_figures
)

select
    quarter,
    series,
    indicator_code,
    area_code,
    area_level,
    state,
    case
        when state = 'value' and denominator is null then cast(numerator * scale as double)
        -- quotients of whole numbers: equal ratios give the same double, so that ties are ties
        when state = 'value'
            then cast(numerator * 10000 * scale as double) / cast(denominator * 10000 as double)
    end as value,
    numerator,
    denominator,
    scale,
    areas_reported,
    areas_expected,
    units_reported,
    units_expected,
    is_covered,
    is_complete,
    basis_rank,
    estimate_rank
from figures
order by quarter, series, indicator_code, area_code
