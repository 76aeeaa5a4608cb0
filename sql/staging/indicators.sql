-- Indicators in force at the end of each quarter, with the level at which they are put together.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.quarters, raw.indicators, raw.measures, raw.owners
-- units:  pair_level is the lowest level that reports every part; minimum_coverage is a fraction
-- source: raw/<programme>/indicators.csv

select
    quarters.quarter,
    indicators.code as indicator_code,
    indicators.name_vi,
    indicators.short_name,
    indicators.group_code,
    indicators.group_name,
    indicators.sort,
    indicators.is_counted,
    indicators.unit,
    indicators.direction,
    indicators.aggregation,
    indicators.numerator,
    indicators.denominator,
    indicators.scale,
    indicators.frequency,
    indicators.owner,
    owners.name as owner_name,
    owners.short_name as owner_short_name,
    indicators.decimals,
    indicators.min_significant,
    indicators.counts_shown,
    indicators.applies_to,
    coalesce(indicators.minimum_coverage, 0) as minimum_coverage,
    indicators.baseline,
    indicators.baseline_year,
    indicators.baseline_is_break,
    indicators.basis as indicator_basis,
    indicators.definition,
    indicators.method_note,
    indicators.frequency <> 'yearly' or quarters.is_year_end as is_due,
    -- a ratio of two flows is a level, not something that adds up over the year
    indicators.denominator is null and coalesce(numerators.period_kind, '') = 'flow' as is_flow,
    -- poverty counts of two standards are not comparable
    indicators.numerator like '%poor%' as is_standard_bound,
    case
        when indicators.aggregation = 'city_only' then 'city'
        when
            numerators.level = 'commune'
            and (indicators.denominator is null or denominators.level = 'commune')
            then 'commune'
        else 'district'
    end as pair_level
from staging.quarters as quarters
inner join raw.indicators as indicators
    on
        (indicators.valid_from is null or indicators.valid_from <= quarters.ends_on)
        and (indicators.valid_to is null or indicators.valid_to >= quarters.ends_on)
left join raw.measures as numerators on indicators.numerator = numerators.code
left join raw.measures as denominators on indicators.denominator = denominators.code
left join raw.owners as owners on indicators.owner = owners.code
order by quarters.quarter, indicators.code
