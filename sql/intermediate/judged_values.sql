-- Values that plans are judged on: the indicator itself, or the measure a target names.
-- grain:  one row per quarter, indicator_code, area_code, measure ('' is the indicator itself)
-- inputs: staging.quarters, staging.indicators, staging.areas, raw.measures,
--         intermediate.indicator_figures, intermediate.area_measures, intermediate.city_measures,
--         intermediate.plans
-- units:  of the city and the areas that ever have a plan for it;
--         value = numerator * scale / denominator, or numerator where denominator is null;
--         is_complete: nothing that is expected is missing; start is the end of the year before:
--         our own record, in quarter IV else the form's column of last year; earlier_total sums
--         earlier_years year ends, are_earlier_complete says that nothing is missing in any of them
-- source: forms as sent

with judged_subjects as (
    select distinct
        indicator_code,
        area_code,
        area_level,
        coalesce(measure, '') as measure
    from intermediate.plans
),

values_of_indicators as (
    select
        figures.quarter,
        figures.indicator_code,
        subjects.area_code,
        subjects.area_level,
        subjects.measure,
        cast(figures.numerator as decimal(19, 4)) as numerator,
        cast(figures.denominator as decimal(19, 4)) as denominator,
        figures.scale,
        indicators.is_flow,
        indicators.method,
        indicators.standard,
        figures.is_covered,
        figures.is_complete
    from judged_subjects as subjects
    inner join intermediate.indicator_figures as figures
        on
            subjects.indicator_code = figures.indicator_code
            and subjects.area_code = figures.area_code
    inner join staging.indicators as indicators
        on
            figures.quarter = indicators.quarter
            and figures.indicator_code = indicators.indicator_code
    where subjects.measure = '' and figures.series = 'actual' and figures.state = 'value'
),

-- the city's sums stand by measure alone
measure_figures as (
    select
        city_measures.quarter,
        city_measures.measure,
        areas.area_code,
        city_measures.value,
        city_measures.areas_reported as reported,
        city_measures.areas_expected as expected,
        city_measures.is_complete
    from intermediate.city_measures as city_measures
    inner join staging.areas as areas
        on
            city_measures.quarter = areas.quarter
            and areas.area_level = 'city'
    union all
    select
        quarter,
        measure,
        area_code,
        value,
        coalesce(communes_reported, 1) as reported,
        coalesce(communes_expected, 1) as expected,
        coalesce(communes_reported = communes_expected, true) as is_complete
    from intermediate.area_measures
    where series = 'actual' and area_level = 'district'
),

values_of_measures as (
    select
        figures.quarter,
        subjects.indicator_code,
        subjects.area_code,
        subjects.area_level,
        subjects.measure,
        cast(figures.value as decimal(19, 4)) as numerator,
        cast(null as decimal(19, 4)) as denominator,
        1 as scale,
        measures.period_kind = 'flow' as is_flow,
        -- a break of the indicator is taken as one of the measure its plan is judged on
        subjects.measure || ' ' || coalesce(indicators.break_from, '') as method,
        case when subjects.measure like '%poor%' then quarters.poverty_standard else '' end
            as standard,
        figures.reported >= indicators.minimum_coverage * figures.expected as is_covered,
        figures.is_complete
    from judged_subjects as subjects
    inner join raw.measures as measures on subjects.measure = measures.code
    inner join measure_figures as figures
        on
            subjects.measure = figures.measure
            and subjects.area_code = figures.area_code
    inner join staging.quarters as quarters on figures.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            figures.quarter = indicators.quarter
            and subjects.indicator_code = indicators.indicator_code
    where figures.value is not null
),

held_values as (
    select * from values_of_indicators
    union all
    select * from values_of_measures
),

placed_values as (
    select
        held_values.*,
        quarters.year,
        quarters.number,
        quarters.previous_year_end
    from held_values
    inner join staging.quarters as quarters on held_values.quarter = quarters.quarter
),

-- in quarter IV the same period last year is the end of last year
stated_starts as (
    select
        figures.quarter,
        figures.indicator_code,
        figures.area_code,
        figures.numerator,
        figures.denominator
    from intermediate.indicator_figures as figures
    inner join staging.quarters as quarters on figures.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            figures.quarter = indicators.quarter
            and figures.indicator_code = indicators.indicator_code
    where
        figures.series = 'last_year'
        and figures.state = 'value'
        and figures.is_covered
        and quarters.is_year_end
        and not indicators.is_broken_year_end
),

earlier_years as (
    select
        placed_values.quarter,
        placed_values.indicator_code,
        placed_values.area_code,
        placed_values.measure,
        count(*) as earlier_years,
        sum(year_ends.numerator) as earlier_total,
        min(case when year_ends.is_complete then 1 else 0 end) = 1 as are_complete
    from placed_values
    inner join placed_values as year_ends
        on
            placed_values.indicator_code = year_ends.indicator_code
            and placed_values.area_code = year_ends.area_code
            and placed_values.measure = year_ends.measure
            and placed_values.method = year_ends.method
            and placed_values.standard = year_ends.standard
            and year_ends.year < placed_values.year
    where year_ends.number = 4 and year_ends.is_covered
    group by
        placed_values.quarter,
        placed_values.indicator_code,
        placed_values.area_code,
        placed_values.measure
)

select
    placed_values.quarter,
    placed_values.indicator_code,
    placed_values.area_code,
    placed_values.area_level,
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
    placed_values.is_complete,
    case when starts.quarter is null then stated_starts.numerator else starts.numerator end
        as start_numerator,
    case when starts.quarter is null then stated_starts.denominator else starts.denominator end
        as start_denominator,
    coalesce(earlier_years.earlier_years, 0) as earlier_years,
    cast(coalesce(earlier_years.earlier_total, 0) as decimal(19, 4)) as earlier_total,
    coalesce(earlier_years.are_complete, true) as are_earlier_complete
from placed_values
left join placed_values as starts
    on
        placed_values.previous_year_end = starts.quarter
        and placed_values.indicator_code = starts.indicator_code
        and placed_values.area_code = starts.area_code
        and placed_values.measure = starts.measure
        -- the path does not start under another method, figures of two standards do not meet
        and placed_values.method = starts.method
        and placed_values.standard = starts.standard
        and starts.is_covered
left join stated_starts
    on
        placed_values.quarter = stated_starts.quarter
        and placed_values.indicator_code = stated_starts.indicator_code
        and placed_values.area_code = stated_starts.area_code
        and placed_values.measure = ''
left join earlier_years
    on
        placed_values.quarter = earlier_years.quarter
        and placed_values.indicator_code = earlier_years.indicator_code
        and placed_values.area_code = earlier_years.area_code
        and placed_values.measure = earlier_years.measure
order by
    placed_values.quarter,
    placed_values.indicator_code,
    placed_values.area_code,
    placed_values.measure
