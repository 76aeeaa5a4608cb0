-- Indicators in force at the end of each quarter, and with what their values may be compared.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.quarters, raw.quarters, raw.indicators, raw.measures, raw.owners,
--         raw.method_breaks
-- units:  pair_level is the lowest level that reports every part; minimum_coverage is a fraction;
--         values of one method and one standard are comparable; break_note says why the same
--         quarter last year is not, null where it is
-- source: raw/<programme>/indicators.csv, method_breaks.csv

with latest_breaks as (
    select
        quarters.quarter,
        method_breaks.indicator_code,
        method_breaks.from_quarter,
        method_breaks.note,
        row_number() over (
            partition by quarters.quarter, method_breaks.indicator_code
            order by method_breaks.from_quarter desc, method_breaks.note
        ) as recency
    from staging.quarters as quarters
    inner join raw.method_breaks as method_breaks
        on quarters.quarter >= method_breaks.from_quarter
),

indicators as (
    select
        quarters.quarter,
        quarters.is_year_end,
        quarters.same_quarter_last_year,
        quarters.previous_year_end,
        indicators.*,
        latest_breaks.from_quarter as break_from,
        latest_breaks.note as latest_break_note,
        -- poverty counts of two standards are not comparable
        case
            when indicators.numerator like '%poor%' then quarters.poverty_standard else ''
        end as standard,
        -- a quarter outside the term has no standard that could differ
        indicators.numerator like '%poor%'
        and coalesce(
            coalesce(last_year.poverty_standard, '') <> quarters.poverty_standard
            and last_year.quarter is not null,
            false
        ) as has_other_standard_last_year,
        indicators.numerator like '%poor%'
        and coalesce(
            coalesce(year_end.poverty_standard, '') <> quarters.poverty_standard
            and year_end.quarter is not null,
            false
        ) as has_other_standard_year_end
    from staging.quarters as quarters
    inner join raw.indicators as indicators
        on
            (indicators.valid_from is null or indicators.valid_from <= quarters.ends_on)
            and (indicators.valid_to is null or indicators.valid_to >= quarters.ends_on)
    left join latest_breaks
        on
            quarters.quarter = latest_breaks.quarter
            and indicators.code = latest_breaks.indicator_code
            and latest_breaks.recency = 1
    left join raw.quarters as last_year on quarters.same_quarter_last_year = last_year.quarter
    left join raw.quarters as year_end on quarters.previous_year_end = year_end.quarter
)

select
    indicators.quarter,
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
    indicators.frequency <> 'yearly' or indicators.is_year_end as is_due,
    -- a ratio of two flows is a level, not something that adds up over the year
    indicators.denominator is null and coalesce(numerators.period_kind, '') = 'flow' as is_flow,
    case
        when indicators.aggregation = 'city_only' then 'city'
        when
            numerators.level = 'commune'
            and (indicators.denominator is null or denominators.level = 'commune')
            then 'commune'
        else 'district'
    end as pair_level,
    indicators.break_from,
    indicators.numerator || '/' || coalesce(indicators.denominator, '') || ' '
    || coalesce(indicators.break_from, '') as method,
    indicators.standard,
    coalesce(indicators.break_from > indicators.same_quarter_last_year, false)
    or indicators.has_other_standard_last_year as is_broken_last_year,
    coalesce(indicators.break_from > indicators.previous_year_end, false)
    or indicators.has_other_standard_year_end as is_broken_year_end,
    case
        when indicators.break_from > indicators.same_quarter_last_year
            then indicators.latest_break_note
        when indicators.has_other_standard_last_year
            then 'Chuẩn nghèo thay đổi, không so sánh với số liệu trước đó'
    end as break_note
from indicators
left join raw.measures as numerators on indicators.numerator = numerators.code
left join raw.measures as denominators on indicators.denominator = denominators.code
left join raw.owners as owners on indicators.owner = owners.code
order by indicators.quarter, indicators.code
