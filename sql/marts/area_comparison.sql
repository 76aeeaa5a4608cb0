-- Districts side by side on each indicator, against the city's value and their own plans.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.quarters, staging.areas, staging.indicators, marts.indicator_values,
--         intermediate.earlier_figures, intermediate.judgements
-- units:  value, city_value, gap and changes in the indicator's unit (points for %); rank 1 is the
--         best, ties share it; changes since the same quarter and the end of last year;
--         plan and completion are of the area's year plan, term_.. of its term target, as in
--         marts.indicator_progress and null where the area was given none; is_on_plan: met or,
--         before the end of the year, on the path; all three are null where nothing can be judged
-- source: marts.indicator_values; targets.csv

with city_values as (
    select *
    from marts.indicator_values
    where area_level = 'city' and state = 'value'
),

-- what cannot be assessed or has too little behind it is neither met nor missed
area_judgements as (
    select
        judgements.*,
        judgements.is_covered and indicators.direction <> 'not_assessable' as is_judged,
        judgements.is_met
        or (
            not quarters.is_year_end
            -- nothing can be said of a milestone whose day has not come
            and case
                when judgements.op = 'yes' then judgements.is_on_path
                else coalesce(judgements.is_on_path, false)
            end
        ) as is_on_plan
    from intermediate.judgements as judgements
    inner join staging.quarters as quarters on judgements.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            judgements.quarter = indicators.quarter
            and judgements.indicator_code = indicators.indicator_code
    where judgements.area_level = 'district'
),

year_judgements as (
    select *
    from area_judgements
    where horizon = 'year'
),

term_judgements as (
    select *
    from area_judgements
    where horizon = 'term'
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
        year_judgements.op as plan_op,
        year_judgements.plan,
        year_judgements.plan_high,
        year_judgements.measure as plan_measure,
        year_judgements.document as plan_document,
        year_judgements.basis as plan_basis,
        year_judgements.judged as plan_judged,
        year_judgements.completion,
        year_judgements.completion_numerator,
        year_judgements.completion_denominator,
        year_judgements.completion_decimals,
        case when year_judgements.is_judged then year_judgements.is_met end as is_plan_met,
        case when year_judgements.is_judged then year_judgements.is_on_path end as is_plan_on_path,
        case when year_judgements.is_judged then year_judgements.is_on_plan end as is_on_plan,
        case when year_judgements.is_judged then year_judgements.plan_gap end as plan_gap,
        term_judgements.op as term_op,
        term_judgements.plan as term_plan,
        term_judgements.plan_high as term_high,
        term_judgements.measure as term_measure,
        term_judgements.target_year as term_year,
        term_judgements.document as term_document,
        term_judgements.basis as term_basis,
        term_judgements.judged as term_judged,
        term_judgements.completion as term_completion,
        term_judgements.completion_numerator as term_completion_numerator,
        term_judgements.completion_denominator as term_completion_denominator,
        term_judgements.completion_decimals as term_completion_decimals,
        case when term_judgements.is_judged then term_judgements.is_met end as is_term_met,
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
    left join year_judgements
        on
            area_values.quarter = year_judgements.quarter
            and area_values.indicator_code = year_judgements.indicator_code
            and area_values.area_code = year_judgements.area_code
    left join term_judgements
        on
            area_values.quarter = term_judgements.quarter
            and area_values.indicator_code = term_judgements.indicator_code
            and area_values.area_code = term_judgements.area_code
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
    plan_op,
    plan,
    plan_high,
    plan_measure,
    plan_document,
    plan_basis,
    plan_judged,
    completion,
    completion_numerator,
    completion_denominator,
    completion_decimals,
    is_plan_met,
    is_plan_on_path,
    is_on_plan,
    plan_gap,
    term_op,
    term_plan,
    term_high,
    term_measure,
    term_year,
    term_document,
    term_basis,
    term_judged,
    term_completion,
    term_completion_numerator,
    term_completion_denominator,
    term_completion_decimals,
    is_term_met,
    mark
from compared
order by quarter, indicator_code, area_code
