-- Districts side by side on each indicator, against the city's value.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.areas, staging.indicators, marts.indicator_values, intermediate.earlier_figures
-- units:  value, city_value, gap and changes in the indicator's unit (points for %); rank 1 is the
--         best, ties share it; changes since the same quarter and the end of last year
-- source: marts.indicator_values

with city_values as (
    select *
    from marts.indicator_values
    where area_level = 'city' and state = 'value'
),

compared as (
    select
        area_values.*,
        areas.area_name,
        areas.area_full_name,
        areas.area_kind,
        areas.area_sort,
        indicators.direction,
        earlier_figures.same_period_source,
        earlier_figures.same_period_value,
        earlier_figures.year_end_source,
        earlier_figures.year_end_value,
        -- counts of districts of different size compare with each other, not with their sum
        case when area_values.denominator is not null then city_values.value end as city_value,
        case when area_values.denominator is not null then city_values.numerator end
            as city_numerator,
        case when area_values.denominator is not null then city_values.denominator end
            as city_denominator,
        -- ranks and "below" are the wrong way round where less is better
        case indicators.direction when 'lower' then -1 when 'not_assessable' then 0 else 1 end
            as better
    from marts.indicator_values as area_values
    inner join staging.indicators as indicators
        on
            area_values.quarter = indicators.quarter
            and area_values.indicator_code = indicators.indicator_code
    inner join staging.areas as areas
        on
            area_values.quarter = areas.quarter
            and area_values.area_code = areas.area_code
    inner join intermediate.earlier_figures as earlier_figures
        on
            area_values.quarter = earlier_figures.quarter
            and area_values.indicator_code = earlier_figures.indicator_code
            and area_values.area_code = earlier_figures.area_code
    left join city_values
        on
            area_values.quarter = city_values.quarter
            and area_values.indicator_code = city_values.indicator_code
    where area_values.area_level = 'district'
)

select
    quarter,
    indicator_code,
    area_code,
    area_name,
    area_full_name,
    area_kind,
    area_sort,
    state,
    value,
    numerator,
    denominator,
    scale,
    qualifier,
    is_estimate,
    basis,
    city_value,
    city_numerator,
    city_denominator,
    value - city_value as gap,
    case
        when value is not null and better <> 0
            then cast(rank() over (
                partition by quarter, indicator_code
                order by value * better desc nulls last
            ) as integer)
    end as rank,
    cast(count(value) over (partition by quarter, indicator_code) as integer) as areas_ranked,
    -- how many areas share the rank, the area itself among them
    case
        when value is not null and better <> 0
            then cast(count(*) over (partition by quarter, indicator_code, value) as integer)
    end as areas_at_rank,
    case
        when value is null or city_value is null or better = 0 then null
        -- cross-multiplied, so that an area equal to the city is never "below" by rounding
        else
            (
                cast(numerator as decimal(19, 4)) * cast(city_denominator as decimal(19, 4))
                - cast(city_numerator as decimal(19, 4)) * cast(denominator as decimal(19, 4))
            ) * better < 0
    end as is_below_city,
    same_period_value,
    same_period_source,
    value - same_period_value as same_period_change,
    year_end_value,
    year_end_source,
    value - year_end_value as year_end_change,
    mark
from compared
order by quarter, indicator_code, area_code
