-- How many of the city's figures up to a quarter are comparable with it, and the change over them.
-- grain:  one row per quarter, indicator_code, measure ('' is the indicator itself)
-- inputs: staging.quarters, intermediate.judged_values
-- units:  value in the unit of the indicator or measure; change_per_quarter is the mean change of
--         a stock from the first comparable quarter to this one, null with one point or a flow
-- source: our own figures of one method and one poverty standard, as far as they are covered

with placed as (
    select
        judged_values.*,
        judged_values.year * 4 + judged_values.number as place,
        case
            when judged_values.denominator is null
                then cast(judged_values.numerator * judged_values.scale as double)
            else
                cast(judged_values.numerator * judged_values.scale as double)
                / nullif(cast(judged_values.denominator as double), 0)
        end as value
    from intermediate.judged_values as judged_values
    where judged_values.area_level = 'city' and judged_values.is_covered
),

points as (
    select
        placed.quarter,
        placed.indicator_code,
        placed.measure,
        count(*) as points_used,
        min(earlier.quarter) as first_quarter
    from placed
    inner join placed as earlier
        on
            placed.indicator_code = earlier.indicator_code
            and placed.measure = earlier.measure
            and placed.method = earlier.method
            and placed.standard = earlier.standard
            and placed.quarter >= earlier.quarter
    group by placed.quarter, placed.indicator_code, placed.measure
)

select
    points.quarter,
    points.indicator_code,
    points.measure,
    cast(points.points_used as integer) as points_used,
    points.first_quarter,
    quarters.title as first_title,
    placed.value,
    case
        when not placed.is_flow
            then (placed.value - firsts.value) / nullif(placed.place - firsts.place, 0)
    end as change_per_quarter
from points
inner join placed
    on
        points.quarter = placed.quarter
        and points.indicator_code = placed.indicator_code
        and points.measure = placed.measure
inner join placed as firsts
    on
        points.first_quarter = firsts.quarter
        and points.indicator_code = firsts.indicator_code
        and points.measure = firsts.measure
inner join staging.quarters as quarters on points.first_quarter = quarters.quarter
order by points.quarter, points.indicator_code, points.measure
