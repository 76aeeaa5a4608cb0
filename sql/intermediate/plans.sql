-- The year plan and the term target in force for each indicator, of the city and of areas.
-- grain:  one row per quarter, indicator_code, area_code, horizon
-- inputs: staging.quarters, staging.indicators, staging.areas, raw.programme, raw.targets
-- units:  area_level city | district: a plan that names no area is the city's, and neither takes
--         the place of the other;
--         value and high in the unit of the indicator, or of measure where one is named;
--         target_year is the year at whose end the value is due; expected_share is the part of
--         the year plan that should be done by the quarter, null where the plan does not say
-- source: raw/<programme>/targets.csv

with given_targets as (
    select
        indicators.quarter,
        quarters.year,
        targets.indicator_code,
        areas.area_code,
        areas.area_level,
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
    inner join staging.areas as areas
        on
            indicators.quarter = areas.quarter
            and areas.area_level in ('city', 'district')
            and (
                targets.area_code = areas.area_code
                or (targets.area_code is null and areas.area_level = 'city')
            )
    cross join raw.programme as programme
    where targets.value is not null or targets.op = 'yes'
),

candidates as (
    select
        quarter,
        indicator_code,
        area_code,
        area_level,
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
    from given_targets
    where scope = 'each_year' or (scope = 'year' and target_year = year)
    union all
    select
        quarter,
        indicator_code,
        area_code,
        area_level,
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
    from given_targets
    where scope <> 'year' and target_year >= year
),

ranked as (
    select
        *,
        row_number() over (
            partition by quarter, indicator_code, area_code, horizon
            -- the nearest milestone, then the latest document; an undated one is the oldest
            order by preference, target_year, issued_on desc nulls last, line desc
        ) as recency
    from candidates
)

select
    quarter,
    indicator_code,
    area_code,
    area_level,
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
order by quarter, indicator_code, area_code, horizon
