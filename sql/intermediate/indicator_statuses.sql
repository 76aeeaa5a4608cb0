-- Status of each indicator: computed, recorded, and which of the two holds.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.quarters, staging.indicators, staging.statuses, staging.status_groups,
--         raw.assessments, intermediate.city_indicators, intermediate.judgements
-- units:  status_source computed | recorded
-- source: status function of the design, first match wins; a recorded status goes before it

with city_values as (
    select *
    from intermediate.city_indicators
    where series = 'actual'
),

year_judgements as (
    select *
    from intermediate.judgements
    where area_level = 'city' and horizon = 'year'
),

term_judgements as (
    select *
    from intermediate.judgements
    where area_level = 'city' and horizon = 'term'
),

latest_assessments as (
    select
        *,
        row_number() over (
            partition by quarter, indicator_code
            order by assessed_on desc nulls last, document, status
        ) as recency
    from raw.assessments
),

computed as (
    select
        indicators.quarter,
        indicators.indicator_code,
        quarters.is_year_end,
        city_values.is_covered,
        case
            when indicators.direction = 'not_assessable' then 'not_assessable'
            when
                not indicators.is_due
                and not (city_values.state = 'value' and city_values.is_covered)
                then 'not_due'
            when city_values.state <> 'value' or not city_values.is_covered then 'no_data'
            when term_judgements.is_exceeded and term_judgements.is_covered then 'term_exceeded'
            when term_judgements.is_met and term_judgements.is_covered then 'term_met'
            -- the plan is judged on another measure, and that one was not reported
            when
                year_judgements.op is not null
                and (year_judgements.is_met is null or not year_judgements.is_covered)
                then 'no_data'
            when year_judgements.is_exceeded then 'year_exceeded'
            when year_judgements.is_met then 'year_met'
            when year_judgements.op is not null and quarters.is_year_end then 'missed'
            when year_judgements.is_on_path then 'on_track'
            when year_judgements.op = 'yes' then 'not_yet'
            when year_judgements.op is not null then 'behind'
            when
                term_judgements.op is not null
                and (term_judgements.is_met is null or not term_judgements.is_covered)
                then 'no_data'
            when term_judgements.is_on_path then 'on_track'
            -- below the path; without a start there is no path to be below of
            when not term_judgements.is_on_path then 'behind_term'
            when term_judgements.op = 'yes' then 'not_yet'
            when term_judgements.op is not null then 'no_data'
            else 'no_plan'
        end as computed_status
    from staging.indicators as indicators
    inner join staging.quarters as quarters on indicators.quarter = quarters.quarter
    inner join city_values
        on
            indicators.quarter = city_values.quarter
            and indicators.indicator_code = city_values.indicator_code
    left join year_judgements
        on
            indicators.quarter = year_judgements.quarter
            and indicators.indicator_code = year_judgements.indicator_code
    left join term_judgements
        on
            indicators.quarter = term_judgements.quarter
            and indicators.indicator_code = term_judgements.indicator_code
),

decided as (
    select
        computed.quarter,
        computed.indicator_code,
        computed.is_covered,
        computed.computed_status,
        computed_statuses.print as computed_status_print,
        computed_statuses.status_group as computed_status_group,
        assessments.status as recorded_status,
        assessments.document as recorded_document,
        assessments.assessed_on as recorded_on,
        assessments.reason as recorded_reason,
        assessments.basis as recorded_basis,
        case
            when recorded_statuses.status is not null then recorded_statuses.status
            -- a recorded group says which count it belongs to, the figures say how
            when recorded_groups.status_group = computed_statuses.status_group
                then computed.computed_status
            when recorded_groups.status_group is not null and computed.is_year_end
                then recorded_groups.at_year_end
            when recorded_groups.status_group is not null then recorded_groups.before_year_end
            else computed.computed_status
        end as status,
        case
            when recorded_statuses.status is not null then 'recorded'
            when recorded_groups.status_group <> computed_statuses.status_group then 'recorded'
            else 'computed'
        end as status_source
    from computed
    inner join staging.statuses as computed_statuses
        on computed.computed_status = computed_statuses.status
    left join latest_assessments as assessments
        on
            computed.quarter = assessments.quarter
            and computed.indicator_code = assessments.indicator_code
            and assessments.recency = 1
    left join staging.statuses as recorded_statuses
        on
            assessments.status = recorded_statuses.status
    left join staging.status_groups as recorded_groups
        on assessments.status = recorded_groups.status_group
)

select
    decided.*,
    statuses.print as status_print,
    statuses.status_group
from decided
inner join staging.statuses as statuses on decided.status = statuses.status
order by decided.quarter, decided.indicator_code
