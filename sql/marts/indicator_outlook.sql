-- Pace needed against pace observed, and a simple projection to the end of the year and the term.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.indicators, intermediate.horizon_outlooks
-- units:  gaps (missing to the plan), paces (signed change per quarter) and projections in the
--         indicator's unit, or that of year_measure or term_measure where the plan names one;
--         paces are towards pace_horizon: the year plan while it is open, else the term target
-- source: our own figures; the method is said in projection_method_vi, or why there is none

with year_outlooks as (
    select *
    from intermediate.horizon_outlooks
    where horizon = 'year'
),

term_outlooks as (
    select *
    from intermediate.horizon_outlooks
    where horizon = 'term'
),

joined as (
    select
        indicators.quarter,
        indicators.indicator_code,
        case
            when year_outlooks.is_open then 'year'
            when term_outlooks.is_open then 'term'
            when year_outlooks.quarter is not null then 'year'
            when term_outlooks.quarter is not null then 'term'
        end as pace_horizon,
        year_outlooks.measure as year_measure,
        year_outlooks.gap as gap_to_year,
        year_outlooks.pace_needed as year_pace_needed,
        year_outlooks.pace_observed as year_pace_observed,
        year_outlooks.projected as projected_year_end,
        year_outlooks.projection_method_vi as year_method_vi,
        year_outlooks.no_projection_reason_vi as year_reason_vi,
        year_outlooks.points_used as year_points_used,
        term_outlooks.measure as term_measure,
        term_outlooks.gap as gap_to_term,
        term_outlooks.pace_needed as term_pace_needed,
        term_outlooks.pace_observed as term_pace_observed,
        term_outlooks.projected as projected_term_end,
        term_outlooks.projection_method_vi as term_method_vi,
        term_outlooks.no_projection_reason_vi as term_reason_vi,
        term_outlooks.points_used as term_points_used
    from staging.indicators as indicators
    left join year_outlooks
        on
            indicators.quarter = year_outlooks.quarter
            and indicators.indicator_code = year_outlooks.indicator_code
    left join term_outlooks
        on
            indicators.quarter = term_outlooks.quarter
            and indicators.indicator_code = term_outlooks.indicator_code
)

select
    quarter,
    indicator_code,
    pace_horizon,
    case pace_horizon when 'year' then year_measure else term_measure end as pace_measure,
    case pace_horizon when 'year' then year_pace_needed else term_pace_needed end as pace_needed,
    case pace_horizon when 'year' then year_pace_observed else term_pace_observed end
        as pace_observed,
    year_measure,
    term_measure,
    gap_to_year,
    gap_to_term,
    projected_year_end,
    projected_term_end,
    case
        when year_method_vi <> term_method_vi
            then 'Cuối năm: ' || year_method_vi || '. Cuối giai đoạn: ' || term_method_vi
        else coalesce(year_method_vi, term_method_vi)
    end as projection_method_vi,
    case
        when projected_year_end is not null or projected_term_end is not null then null
        when pace_horizon = 'year' then year_reason_vi
        when pace_horizon = 'term' then term_reason_vi
        else 'chưa giao kế hoạch năm, mục tiêu giai đoạn'
    end as no_projection_reason_vi,
    coalesce(
        case pace_horizon when 'year' then year_points_used else term_points_used end,
        0
    ) as points_used
from joined
order by quarter, indicator_code
