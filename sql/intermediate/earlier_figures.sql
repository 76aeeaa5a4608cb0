-- What each indicator of an area was in the same quarter last year and at the end of last year.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.quarters, staging.indicators, intermediate.indicator_figures
-- units:  values in the indicator's unit; source is record (our own figure), form (the form's
--         column), break (not comparable: another method or poverty standard) or null
-- source: our own figures of earlier quarters; forms as sent

with figures as (
    select
        indicator_figures.*,
        indicators.method,
        indicators.standard,
        indicators.is_broken_last_year,
        indicators.is_broken_year_end
    from intermediate.indicator_figures as indicator_figures
    inner join staging.indicators as indicators
        on
            indicator_figures.quarter = indicators.quarter
            and indicator_figures.indicator_code = indicators.indicator_code
),

-- our own figures of other quarters, as far as enough stands behind them
records as (
    select *
    from figures
    where series = 'actual' and state = 'value' and is_covered
),

stated_last_year as (
    select *
    from figures
    where series = 'last_year' and state = 'value' and is_covered
),

-- taken together from one source, never the numerator of one over the denominator of another
found as (
    select
        figures.quarter,
        figures.indicator_code,
        figures.area_code,
        case
            when figures.is_broken_last_year then 'break'
            when same_period.quarter is not null then 'record'
            when stated_last_year.quarter is not null then 'form'
        end as same_period_source,
        case
            when figures.is_broken_year_end then 'break'
            when year_end.quarter is not null then 'record'
            -- in quarter IV the same period last year is the end of last year
            when stated_last_year.quarter is not null and quarters.is_year_end then 'form'
        end as year_end_source,
        same_period.value as record_value,
        same_period.numerator as record_numerator,
        same_period.denominator as record_denominator,
        stated_last_year.value as form_value,
        stated_last_year.numerator as form_numerator,
        stated_last_year.denominator as form_denominator,
        year_end.value as year_end_value,
        year_end.numerator as year_end_numerator,
        year_end.denominator as year_end_denominator
    from figures
    inner join staging.quarters as quarters on figures.quarter = quarters.quarter
    left join records as same_period
        on
            quarters.same_quarter_last_year = same_period.quarter
            and figures.indicator_code = same_period.indicator_code
            and figures.area_code = same_period.area_code
            and figures.method = same_period.method
            and figures.standard = same_period.standard
    left join stated_last_year
        on
            figures.quarter = stated_last_year.quarter
            and figures.indicator_code = stated_last_year.indicator_code
            and figures.area_code = stated_last_year.area_code
    left join records as year_end
        on
            quarters.previous_year_end = year_end.quarter
            and figures.indicator_code = year_end.indicator_code
            and figures.area_code = year_end.area_code
            and figures.method = year_end.method
            and figures.standard = year_end.standard
    where figures.series = 'actual'
)

select
    quarter,
    indicator_code,
    area_code,
    same_period_source,
    case same_period_source when 'record' then record_value when 'form' then form_value end
        as same_period_value,
    case same_period_source when 'record' then record_numerator when 'form' then form_numerator end
        as same_period_numerator,
    case same_period_source
        when 'record' then record_denominator
        when 'form' then form_denominator
    end as same_period_denominator,
    year_end_source,
    case year_end_source when 'record' then year_end_value when 'form' then form_value end
        as year_end_value,
    case year_end_source when 'record' then year_end_numerator when 'form' then form_numerator end
        as year_end_numerator,
    case year_end_source
        when 'record' then year_end_denominator
        when 'form' then form_denominator
    end as year_end_denominator
from found
order by quarter, indicator_code, area_code
