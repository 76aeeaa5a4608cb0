-- Numerator and denominator of every indicator for every area that should report it.
-- grain:  one row per quarter, series, indicator_code, area_code
-- inputs: staging.indicators, staging.areas, intermediate.area_measures
-- units:  counts in the measures' units; areas are districts, or the city for city_only;
--         is_complete: no unit to which the indicator applies is missing
-- source: forms as sent; series actual, and last_year from the column of the form itself

with series as (
    select series
    from (values ('actual'), ('last_year')) as names (series)
),

-- the units whose figures are paired: communes where both parts come by commune, so that a
-- commune with only one of the two is in neither sum
units as (
    select
        indicators.quarter,
        series.series,
        indicators.indicator_code,
        indicators.numerator,
        indicators.denominator,
        case
            when areas.area_level = 'commune' then areas.district_code
            else areas.area_code
        end as area_code,
        areas.area_code as unit_code
    from staging.indicators as indicators
    cross join series
    inner join staging.areas as areas
        on
            indicators.quarter = areas.quarter
            and indicators.pair_level = areas.area_level
),

pairs as (
    select
        units.quarter,
        units.series,
        units.indicator_code,
        units.area_code,
        numerators.value as numerator,
        denominators.value as denominator,
        numerators.basis_rank as numerator_basis_rank,
        denominators.basis_rank as denominator_basis_rank,
        numerators.estimate_rank as numerator_estimate_rank,
        denominators.estimate_rank as denominator_estimate_rank,
        case
            when units.denominator is null then coalesce(numerators.state, 'missing')
            when numerators.state = 'not_applicable' and denominators.state = 'not_applicable'
                then 'not_applicable'
            -- something out of nothing is no ratio; nothing out of nothing adds nothing
            when denominators.value = 0 and numerators.value <> 0 then 'missing'
            when numerators.state = 'value' and denominators.state = 'value' then 'value'
            else 'missing'
        end as state
    from units
    left join intermediate.area_measures as numerators
        on
            units.quarter = numerators.quarter
            and units.series = numerators.series
            and units.numerator = numerators.measure
            and units.unit_code = numerators.area_code
    left join intermediate.area_measures as denominators
        on
            units.quarter = denominators.quarter
            and units.series = denominators.series
            and units.denominator = denominators.measure
            and units.unit_code = denominators.area_code
),

sums as (
    select
        quarter,
        series,
        indicator_code,
        area_code,
        count(*) as units_expected,
        sum(case when state = 'value' then 1 else 0 end) as units_reported,
        sum(case when state = 'not_applicable' then 1 else 0 end) as units_not_applicable,
        sum(case when state = 'value' then numerator end) as numerator,
        sum(case when state = 'value' then denominator end) as denominator,
        max(case when state = 'value' then numerator_basis_rank end) as numerator_basis_rank,
        max(case when state = 'value' then denominator_basis_rank end) as denominator_basis_rank,
        max(case when state = 'value' then numerator_estimate_rank end) as numerator_estimate_rank,
        max(case when state = 'value' then denominator_estimate_rank end)
            as denominator_estimate_rank
    from pairs
    group by quarter, series, indicator_code, area_code
),

-- every area has a row, also a district without communes; where the indicator does not apply
-- nothing is expected and nothing is taken
wanted as (
    select
        indicators.quarter,
        series.series,
        indicators.indicator_code,
        indicators.scale,
        areas.area_code,
        areas.area_level,
        indicators.applies_to <> 'rural_areas' or not coalesce(areas.is_urban, false)
            as is_applicable
    from staging.indicators as indicators
    cross join series
    inner join staging.areas as areas
        on
            indicators.quarter = areas.quarter
            and areas.area_level = case
                when indicators.aggregation = 'city_only' then 'city'
                else 'district'
            end
),

stated as (
    select
        wanted.quarter,
        wanted.series,
        wanted.indicator_code,
        wanted.area_code,
        wanted.area_level,
        wanted.scale,
        case
            when not wanted.is_applicable then 'not_applicable'
            when sums.units_reported > 0 then 'value'
            when sums.units_not_applicable = sums.units_expected then 'not_applicable'
            else 'missing'
        end as state,
        sums.numerator,
        sums.denominator,
        sums.units_reported,
        sums.units_expected,
        sums.units_reported + sums.units_not_applicable = sums.units_expected as is_complete,
        case
            when sums.denominator_basis_rank > sums.numerator_basis_rank
                then sums.denominator_basis_rank
            else sums.numerator_basis_rank
        end as basis_rank,
        case
            when sums.denominator_estimate_rank > sums.numerator_estimate_rank
                then sums.denominator_estimate_rank
            else sums.numerator_estimate_rank
        end as estimate_rank
    from wanted
    left join sums
        on
            wanted.quarter = sums.quarter
            and wanted.series = sums.series
            and wanted.indicator_code = sums.indicator_code
            and wanted.area_code = sums.area_code
)

select
    quarter,
    series,
    indicator_code,
    area_code,
    area_level,
    scale,
    state,
    case when state = 'value' then numerator end as numerator,
    case when state = 'value' then denominator end as denominator,
    cast(coalesce(units_reported, 0) as integer) as units_reported,
    cast(coalesce(units_expected, 0) as integer) as units_expected,
    state = 'not_applicable' or (state = 'value' and is_complete) as is_complete,
    case when state = 'value' then basis_rank end as basis_rank,
    case when state = 'value' then estimate_rank end as estimate_rank
from stated
order by quarter, series, indicator_code, area_code
