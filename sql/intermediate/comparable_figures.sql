-- Earlier figures that can stand beside those of a quarter, the city's over the same areas.
-- grain:  one row per quarter, indicator_code, area_code, reference
-- inputs: staging.quarters, staging.indicators, intermediate.area_indicators,
--         intermediate.indicator_figures
-- units:  reference same_period | year_end (our own figure of that quarter) | form (the column of
--         last year on this quarter's forms); values in the indicator's unit; areas are those
--         behind the value, is_partial: fewer than stand behind the earlier figure itself
-- source: our own figures of earlier quarters; forms as sent. Two complete city figures stand as
--         they are. Else the earlier one is summed again, over the areas that have a figure now:
--         each of them must have had one then, and together they must be enough

with earlier_quarters as (
    select
        quarter,
        'same_period' as reference,
        same_quarter_last_year as earlier_quarter,
        'actual' as series
    from staging.quarters
    union all
    select
        quarter,
        'year_end' as reference,
        previous_year_end as earlier_quarter,
        'actual' as series
    from staging.quarters
    union all
    select
        quarter,
        'form' as reference,
        quarter as earlier_quarter,
        'last_year' as series
    from staging.quarters
),

pairs as (
    select
        earlier_quarters.quarter,
        earlier_quarters.reference,
        figures.indicator_code,
        figures.area_code,
        figures.area_level = 'city' and indicators.aggregation <> 'city_only' as is_summed,
        figures.areas_reported = figures.areas_expected
        and earlier.areas_reported = earlier.areas_expected as is_complete,
        earlier.numerator,
        earlier.denominator,
        earlier.scale,
        earlier.areas_reported as areas,
        earlier.areas_expected,
        earlier_indicators.minimum_coverage
    from earlier_quarters
    inner join intermediate.indicator_figures as figures
        on
            earlier_quarters.quarter = figures.quarter
            and figures.series = 'actual'
    inner join intermediate.indicator_figures as earlier
        on
            earlier_quarters.earlier_quarter = earlier.quarter
            and earlier_quarters.series = earlier.series
            and figures.indicator_code = earlier.indicator_code
            and figures.area_code = earlier.area_code
    inner join staging.indicators as indicators
        on
            figures.quarter = indicators.quarter
            and figures.indicator_code = indicators.indicator_code
    inner join staging.indicators as earlier_indicators
        on
            earlier.quarter = earlier_indicators.quarter
            and earlier.indicator_code = earlier_indicators.indicator_code
            -- another method or poverty standard is another series
            and indicators.method = earlier_indicators.method
            and indicators.standard = earlier_indicators.standard
    where earlier.state = 'value' and earlier.is_covered
),

-- the areas with a figure now, and what they had then
same_areas as (
    select
        earlier_quarters.quarter,
        earlier_quarters.reference,
        areas.indicator_code,
        count(*) as areas_now,
        count(earlier.numerator) as areas,
        sum(earlier.numerator) as numerator,
        sum(earlier.denominator) as denominator
    from earlier_quarters
    inner join intermediate.area_indicators as areas
        on
            earlier_quarters.quarter = areas.quarter
            and areas.series = 'actual'
            and areas.state = 'value'
    left join intermediate.area_indicators as earlier
        on
            earlier_quarters.earlier_quarter = earlier.quarter
            and earlier_quarters.series = earlier.series
            and areas.indicator_code = earlier.indicator_code
            and areas.area_code = earlier.area_code
    group by earlier_quarters.quarter, earlier_quarters.reference, areas.indicator_code
),

compared as (
    select
        pairs.quarter,
        pairs.reference,
        pairs.indicator_code,
        pairs.area_code,
        pairs.numerator,
        pairs.denominator,
        pairs.scale,
        pairs.areas,
        false as is_partial
    from pairs
    where pairs.is_complete or not pairs.is_summed
    union all
    select
        pairs.quarter,
        pairs.reference,
        pairs.indicator_code,
        pairs.area_code,
        same_areas.numerator,
        same_areas.denominator,
        pairs.scale,
        same_areas.areas,
        same_areas.areas < pairs.areas as is_partial
    from pairs
    inner join same_areas
        on
            pairs.quarter = same_areas.quarter
            and pairs.reference = same_areas.reference
            and pairs.indicator_code = same_areas.indicator_code
    where
        pairs.is_summed
        and not pairs.is_complete
        and same_areas.areas = same_areas.areas_now
        and same_areas.areas >= pairs.minimum_coverage * pairs.areas_expected
        and (pairs.denominator is null or same_areas.denominator > 0)
)

select
    quarter,
    indicator_code,
    area_code,
    reference,
    case
        when denominator is null then cast(numerator * scale as double)
        -- quotients of whole numbers, as everywhere: equal ratios give the same double
        else cast(numerator * 10000 * scale as double) / cast(denominator * 10000 as double)
    end as value,
    numerator,
    denominator,
    cast(areas as integer) as areas,
    is_partial
from compared
order by quarter, indicator_code, area_code, reference
