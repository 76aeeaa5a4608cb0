-- City values that plans are judged on: the indicator itself, or the measure a target names.
-- grain:  one row per quarter, indicator_code, measure ('' is the indicator itself)
-- inputs: staging.quarters, staging.indicators, intermediate.city_indicators,
--         intermediate.city_measures, intermediate.plans
-- units:  value = numerator * scale / denominator, or numerator where denominator is null;
--         start is the end of the year before: our own record, in quarter IV else the form's
--         column of last year; earlier_total sums earlier_years year ends
-- source: forms as sent

with values_of_indicators as (
    select
        city_indicators.quarter,
        city_indicators.indicator_code,
        '' as measure,
        cast(city_indicators.numerator as decimal(19, 4)) as numerator,
        cast(city_indicators.denominator as decimal(19, 4)) as denominator,
        city_indicators.scale,
        indicators.is_flow,
        indicators.method,
        indicators.standard,
        city_indicators.is_covered
    from intermediate.city_indicators as city_indicators
    inner join staging.indicators as indicators
        on
            city_indicators.quarter = indicators.quarter
            and city_indicators.indicator_code = indicators.indicator_code
    where city_indicators.series = 'actual' and city_indicators.state = 'value'
),

named_measures as (
    select distinct
        indicator_code,
        measure
    from intermediate.plans
    where measure is not null
),

values_of_measures as (
    select
        city_measures.quarter,
        named_measures.indicator_code,
        named_measures.measure,
        cast(city_measures.value as decimal(19, 4)) as numerator,
        cast(null as decimal(19, 4)) as denominator,
        1 as scale,
        city_measures.period_kind = 'flow' as is_flow,
        -- a break of the indicator is taken as one of the measure its plan is judged on
        city_measures.measure || ' ' || coalesce(indicators.break_from, '') as method,
        case when city_measures.measure like '%poor%' then quarters.poverty_standard else '' end
            as standard,
        city_measures.areas_reported >= indicators.minimum_coverage * city_measures.areas_expected
            as is_covered
    from named_measures
    inner join intermediate.city_measures as city_measures
        on named_measures.measure = city_measures.measure
    inner join staging.quarters as quarters on city_measures.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            city_measures.quarter = indicators.quarter
            and named_measures.indicator_code = indicators.indicator_code
    where city_measures.value is not null
),

city_values as (
    select * from values_of_indicators
    union all
    select * from values_of_measures
),

placed_values as (
    select
        city_values.*,
        quarters.year,
        quarters.number,
        quarters.previous_year_end
    from city_values
    inner join staging.quarters as quarters on city_values.quarter = quarters.quarter
),

-- in quarter IV the same period last year is the end of last year
stated_starts as (
    select
        city_indicators.quarter,
        city_indicators.indicator_code,
        city_indicators.numerator,
        city_indicators.denominator
    from intermediate.city_indicators as city_indicators
    inner join staging.quarters as quarters on city_indicators.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            city_indicators.quarter = indicators.quarter
            and city_indicators.indicator_code = indicators.indicator_code
    where
        city_indicators.series = 'last_year'
        and city_indicators.state = 'value'
        and city_indicators.is_covered
        and quarters.is_year_end
        and not indicators.is_broken_year_end
),

earlier_years as (
    select
        placed_values.quarter,
        placed_values.indicator_code,
        placed_values.measure,
        count(*) as earlier_years,
        sum(year_ends.numerator) as earlier_total
    from placed_values
    inner join placed_values as year_ends
        on
            placed_values.indicator_code = year_ends.indicator_code
            and placed_values.measure = year_ends.measure
            and placed_values.method = year_ends.method
            and placed_values.standard = year_ends.standard
            and year_ends.year < placed_values.year
    where year_ends.number = 4 and year_ends.is_covered
    group by placed_values.quarter, placed_values.indicator_code, placed_values.measure
)

select
    placed_values.quarter,
    placed_values.indicator_code,
    placed_values.measure,
    placed_values.year,
    placed_values.number,
    placed_values.method,
    placed_values.standard,
    placed_values.numerator,
    placed_values.denominator,
    placed_values.scale,
    placed_values.is_flow,
    placed_values.is_covered,
    case when starts.quarter is null then stated_starts.numerator else starts.numerator end
        as start_numerator,
    case when starts.quarter is null then stated_starts.denominator else starts.denominator end
        as start_denominator,
    coalesce(earlier_years.earlier_years, 0) as earlier_years,
    cast(coalesce(earlier_years.earlier_total, 0) as decimal(19, 4)) as earlier_total
from placed_values
left join placed_values as starts
    on
        placed_values.previous_year_end = starts.quarter
        and placed_values.indicator_code = starts.indicator_code
        and placed_values.measure = starts.measure
        -- the path does not start under another method, figures of two standards do not meet
        and placed_values.method = starts.method
        and placed_values.standard = starts.standard
        and starts.is_covered
left join stated_starts
    on
        placed_values.quarter = stated_starts.quarter
        and placed_values.indicator_code = stated_starts.indicator_code
        and placed_values.measure = ''
left join earlier_years
    on
        placed_values.quarter = earlier_years.quarter
        and placed_values.indicator_code = earlier_years.indicator_code
        and placed_values.measure = earlier_years.measure
order by placed_values.quarter, placed_values.indicator_code, placed_values.measure
