-- The year plan and the term target of the city that are in force for each indicator.
-- grain:  one row per quarter, indicator_code, horizon
-- inputs: staging.quarters, staging.indicators, raw.programme, raw.targets
-- units:  value and high in the unit of the indicator, or of measure where one is named;
--         target_year is the year at whose end the value is due; expected_share is the part of
--         the year plan that should be done by the quarter, null where the plan does not say
-- source: raw/<programme>/targets.csv

with city_targets as (
    select
        indicators.quarter,
        quarters.year,
        targets.indicator_code,
        targets.scope,
        case
            when targets.scope = 'year' then targets.year
            when targets.scope = 'each_year' then programme.last_year
            else coalesce(targets.year, programme.last_year)
        end as target_year,
        targets.op,
        targets.value,
        targets.high,
        targets.measure,
        targets.completion_decimals,
        case quarters.number
            when 1 then targets.share_q1
            when 2 then targets.share_q2
            when 3 then targets.share_q3
        end as expected_share,
        targets.document,
        targets.issued_on,
        targets.basis,
        targets.line
    from staging.indicators as indicators
    inner join staging.quarters as quarters on indicators.quarter = quarters.quarter
    inner join raw.targets as targets on indicators.indicator_code = targets.indicator_code
    cross join raw.programme as programme
    where
        targets.area_code is null
        and (targets.value is not null or targets.op = 'yes')
),

candidates as (
    select
        quarter,
        indicator_code,
        'year' as horizon,
        scope,
        year as target_year,
        op,
        value,
        high,
        measure,
        completion_decimals,
        expected_share,
        document,
        issued_on,
        basis,
        line,
        -- the plan of the year itself goes before what holds for each year
        case when scope = 'year' then 1 else 2 end as preference
    from city_targets
    where scope = 'each_year' or (scope = 'year' and target_year = year)
    union all
    select
        quarter,
        indicator_code,
        'term' as horizon,
        scope,
        target_year,
        op,
        value,
        high,
        measure,
        completion_decimals,
        expected_share,
        document,
        issued_on,
        basis,
        line,
        case when scope = 'each_year' then 2 else 1 end as preference
    from city_targets
    where scope <> 'year' and target_year >= year
),

ranked as (
    select
        *,
        row_number() over (
            partition by quarter, indicator_code, horizon
            -- the nearest milestone, then the latest document; an undated one is the oldest
            order by preference, target_year, issued_on desc nulls last, line desc
        ) as recency
    from candidates
)

select
    quarter,
    indicator_code,
    horizon,
    scope,
    target_year,
    op,
    value,
    high,
    measure,
    completion_decimals,
    expected_share,
    document,
    issued_on,
    basis
from ranked
where recency = 1
order by quarter, indicator_code, horizon
