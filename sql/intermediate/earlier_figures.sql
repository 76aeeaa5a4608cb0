-- What each indicator of an area was in the same quarter last year and at the end of last year.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.quarters, staging.indicators, intermediate.indicator_figures,
--         intermediate.comparable_figures
-- units:  values in the indicator's unit; source is record (our own figure), form (the form's
--         column), break (not comparable: another method or poverty standard) or null; areas are
--         those compared, is_.._partial: fewer than stand behind the earlier figure as printed then
-- source: our own figures of earlier quarters; forms as sent

with same_periods as (
    select *
    from intermediate.comparable_figures
    where reference = 'same_period'
),

year_ends as (
    select *
    from intermediate.comparable_figures
    where reference = 'year_end'
),

forms as (
    select *
    from intermediate.comparable_figures
    where reference = 'form'
),

-- taken together from one source, never the numerator of one over the denominator of another
found as (
    select
        figures.quarter,
        figures.indicator_code,
        figures.area_code,
        case
            when indicators.is_broken_last_year then 'break'
            when same_periods.quarter is not null then 'record'
            when forms.quarter is not null then 'form'
        end as same_period_source,
        case
            when indicators.is_broken_year_end then 'break'
            when year_ends.quarter is not null then 'record'
            -- in quarter IV the same period last year is the end of last year
            when forms.quarter is not null and quarters.is_year_end then 'form'
        end as year_end_source,
        same_periods.value as record_value,
        same_periods.numerator as record_numerator,
        same_periods.denominator as record_denominator,
        same_periods.areas as record_areas,
        same_periods.is_partial as is_record_partial,
        forms.value as form_value,
        forms.numerator as form_numerator,
        forms.denominator as form_denominator,
        forms.areas as form_areas,
        forms.is_partial as is_form_partial,
        year_ends.value as year_end_value,
        year_ends.numerator as year_end_numerator,
        year_ends.denominator as year_end_denominator,
        year_ends.areas as year_end_areas,
        year_ends.is_partial as is_year_end_partial
    from intermediate.indicator_figures as figures
    inner join staging.quarters as quarters on figures.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            figures.quarter = indicators.quarter
            and figures.indicator_code = indicators.indicator_code
    left join same_periods
        on
            figures.quarter = same_periods.quarter
            and figures.indicator_code = same_periods.indicator_code
            and figures.area_code = same_periods.area_code
    left join forms
        on
            figures.quarter = forms.quarter
            and figures.indicator_code = forms.indicator_code
            and figures.area_code = forms.area_code
    left join year_ends
        on
            figures.quarter = year_ends.quarter
            and figures.indicator_code = year_ends.indicator_code
            and figures.area_code = year_ends.area_code
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
    case same_period_source when 'record' then record_areas when 'form' then form_areas end
        as same_period_areas,
    coalesce(
        case same_period_source
            when 'record' then is_record_partial
            when 'form' then is_form_partial
        end,
        false
    ) as is_same_period_partial,
    year_end_source,
    case year_end_source when 'record' then year_end_value when 'form' then form_value end
        as year_end_value,
    case year_end_source when 'record' then year_end_numerator when 'form' then form_numerator end
        as year_end_numerator,
    case year_end_source
        when 'record' then year_end_denominator
        when 'form' then form_denominator
    end as year_end_denominator,
    case year_end_source when 'record' then year_end_areas when 'form' then form_areas end
        as year_end_areas,
    coalesce(
        case year_end_source
            when 'record' then is_year_end_partial
            when 'form' then is_form_partial
        end,
        false
    ) as is_year_end_partial
from found
order by quarter, indicator_code, area_code
