-- City value of every indicator: sums over the areas that reported, never a mean of rates.
-- grain:  one row per quarter, series, indicator_code
-- inputs: staging.indicators, intermediate.area_indicators
-- units:  counts in the measures' units; areas_reported of areas_expected districts; is_complete:
--         nothing that is expected is missing, no area and no commune of one
-- source: forms as sent

with sums as (
    select
        quarter,
        series,
        indicator_code,
        sum(case when state = 'value' then 1 else 0 end) as areas_reported,
        -- an area to which the indicator does not apply is not waited for
        sum(case when state <> 'not_applicable' then 1 else 0 end) as areas_expected,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        max(basis_rank) as basis_rank,
        max(estimate_rank) as estimate_rank,
        min(case when is_complete then 1 else 0 end) = 1 as is_complete
    from intermediate.area_indicators
    group by quarter, series, indicator_code
)

select
    sums.quarter,
    sums.series,
    sums.indicator_code,
    indicators.scale,
    case
        when sums.areas_expected = 0 then 'not_applicable'
        when sums.areas_reported = 0 then 'missing'
        when sums.denominator = 0 then 'not_applicable'
        else 'value'
    end as state,
    sums.numerator,
    sums.denominator,
    cast(sums.areas_reported as integer) as areas_reported,
    cast(sums.areas_expected as integer) as areas_expected,
    -- enough areas stand behind the value to compare it with anything
    sums.areas_reported > 0
    and (indicators.denominator is null or sums.denominator > 0)
    and sums.areas_reported >= indicators.minimum_coverage * sums.areas_expected as is_covered,
    sums.is_complete,
    sums.basis_rank,
    sums.estimate_rank
from sums
inner join staging.indicators as indicators
    on
        sums.quarter = indicators.quarter
        and sums.indicator_code = indicators.indicator_code
order by sums.quarter, sums.series, sums.indicator_code
