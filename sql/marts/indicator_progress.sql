-- Each indicator of the city with its plan, its target, what it was before, and its status.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.quarters, staging.indicators, staging.statuses,
--         staging.status_groups, raw.assessments, marts.indicator_values,
--         intermediate.city_indicators, intermediate.judgements
-- units:  values, plans and gap_value in the unit of what is judged; completions in percent,
--         = completion_numerator * 100 / completion_denominator exactly
-- source: status function of the design, first match wins; a recorded status goes before it

with city_values as (
    select indicator_values.*
    from marts.indicator_values as indicator_values
    where indicator_values.area_level = 'city'
),

coverage as (
    select
        quarter,
        indicator_code,
        is_covered
    from intermediate.city_indicators
    where series = 'actual'
),

-- our own figures of other quarters, as far as enough areas stand behind them
records as (
    select
        city_values.quarter,
        city_values.indicator_code,
        city_values.value,
        city_values.numerator,
        city_values.denominator,
        case
            when indicators.is_standard_bound then quarters.poverty_standard
            else ''
        end as standard
    from city_values
    inner join coverage
        on
            city_values.quarter = coverage.quarter
            and city_values.indicator_code = coverage.indicator_code
    inner join staging.quarters as quarters on city_values.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            city_values.quarter = indicators.quarter
            and city_values.indicator_code = indicators.indicator_code
    where city_values.state = 'value' and coverage.is_covered
),

-- what the forms themselves say of the same period last year
stated_last_year as (
    select
        quarter,
        indicator_code,
        numerator,
        denominator,
        case
            when denominator is null then cast(numerator * scale as double)
            else cast(numerator * scale as double) / cast(denominator as double)
        end as value
    from intermediate.city_indicators
    where series = 'last_year' and state = 'value' and is_covered
),

year_judgements as (
    select *
    from intermediate.judgements
    where horizon = 'year'
),

term_judgements as (
    select *
    from intermediate.judgements
    where horizon = 'term'
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
        case
            when indicators.direction = 'not_assessable' then 'not_assessable'
            when
                not indicators.is_due
                and not (city_values.state = 'value' and coverage.is_covered)
                then 'not_due'
            when city_values.state <> 'value' or not coverage.is_covered then 'no_data'
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
            when year_judgements.op is not null then 'behind'
            when
                term_judgements.op is not null
                and (term_judgements.is_met is null or not term_judgements.is_covered)
                then 'no_data'
            when term_judgements.is_on_path then 'on_track'
            when term_judgements.op is not null then 'behind_term'
            else 'no_plan'
        end as computed_status
    from staging.indicators as indicators
    inner join staging.quarters as quarters on indicators.quarter = quarters.quarter
    inner join city_values
        on
            indicators.quarter = city_values.quarter
            and indicators.indicator_code = city_values.indicator_code
    inner join coverage
        on
            indicators.quarter = coverage.quarter
            and indicators.indicator_code = coverage.indicator_code
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
        computed.computed_status,
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
            when recorded_groups.status_group is not null and quarters.is_year_end
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
    inner join staging.quarters as quarters on computed.quarter = quarters.quarter
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
    indicators.quarter,
    indicators.indicator_code,
    indicators.name_vi,
    indicators.short_name,
    indicators.group_code,
    indicators.group_name,
    indicators.sort,
    indicators.is_counted,
    indicators.unit,
    indicators.direction,
    indicators.aggregation,
    indicators.frequency,
    indicators.is_flow,
    indicators.owner,
    indicators.owner_name,
    indicators.owner_short_name,
    indicators.decimals,
    indicators.min_significant,
    indicators.counts_shown,
    indicators.definition,
    indicators.method_note,
    indicators.indicator_basis,
    city_values.state,
    city_values.value,
    city_values.numerator,
    city_values.denominator,
    city_values.scale,
    city_values.areas_reported,
    city_values.areas_expected,
    coverage.is_covered,
    indicators.minimum_coverage,
    city_values.is_estimate,
    city_values.qualifier,
    city_values.basis,
    indicators.baseline,
    indicators.baseline_year,
    indicators.baseline_is_break,
    year_judgements.op as year_op,
    year_judgements.plan as year_value,
    year_judgements.plan_high as year_high,
    year_judgements.measure as year_measure,
    year_judgements.document as year_document,
    year_judgements.basis as year_basis,
    year_judgements.judged as year_judged,
    year_judgements.completion as year_completion,
    year_judgements.completion_numerator as year_completion_numerator,
    year_judgements.completion_denominator as year_completion_denominator,
    year_judgements.completion_decimals as year_completion_decimals,
    term_judgements.op as term_op,
    term_judgements.plan as term_value,
    term_judgements.plan_high as term_high,
    term_judgements.scope as term_scope,
    term_judgements.measure as term_measure,
    term_judgements.target_year as term_year,
    term_judgements.document as term_document,
    term_judgements.basis as term_basis,
    term_judgements.judged as term_judged,
    term_judgements.completion as term_completion,
    term_judgements.completion_numerator as term_completion_numerator,
    term_judgements.completion_denominator as term_completion_denominator,
    term_judgements.completion_decimals as term_completion_decimals,
    -- taken together from one source, never the numerator of one over the denominator of another
    case
        when same_period.indicator_code is not null then same_period.value
        else stated_last_year.value
    end as same_period_value,
    case
        when same_period.indicator_code is not null then same_period.numerator
        else stated_last_year.numerator
    end as same_period_numerator,
    case
        when same_period.indicator_code is not null then same_period.denominator
        else stated_last_year.denominator
    end as same_period_denominator,
    case
        when same_period.indicator_code is not null then 'record'
        when stated_last_year.indicator_code is not null then 'form'
    end as same_period_source,
    year_end.value as year_end_value,
    year_end.numerator as year_end_numerator,
    year_end.denominator as year_end_denominator,
    decided.computed_status,
    computed_statuses.print as computed_status_print,
    computed_statuses.status_group as computed_status_group,
    decided.recorded_status,
    decided.recorded_document,
    decided.recorded_on,
    decided.recorded_reason,
    decided.recorded_basis,
    decided.status,
    decided.status_source,
    statuses.print as status_print,
    statuses.status_group,
    case
        when year_judgements.op is not null then year_judgements.plan_gap
        else term_judgements.plan_gap
    end as gap_value
from staging.indicators as indicators
inner join staging.quarters as quarters on indicators.quarter = quarters.quarter
inner join city_values
    on
        indicators.quarter = city_values.quarter
        and indicators.indicator_code = city_values.indicator_code
inner join coverage
    on
        indicators.quarter = coverage.quarter
        and indicators.indicator_code = coverage.indicator_code
inner join decided
    on
        indicators.quarter = decided.quarter
        and indicators.indicator_code = decided.indicator_code
inner join staging.statuses as statuses on decided.status = statuses.status
inner join staging.statuses as computed_statuses
    on decided.computed_status = computed_statuses.status
left join year_judgements
    on
        indicators.quarter = year_judgements.quarter
        and indicators.indicator_code = year_judgements.indicator_code
left join term_judgements
    on
        indicators.quarter = term_judgements.quarter
        and indicators.indicator_code = term_judgements.indicator_code
left join records as same_period
    on
        quarters.same_quarter_last_year = same_period.quarter
        and indicators.indicator_code = same_period.indicator_code
        and same_period.standard
        = case when indicators.is_standard_bound then quarters.poverty_standard else '' end
left join stated_last_year
    on
        indicators.quarter = stated_last_year.quarter
        and indicators.indicator_code = stated_last_year.indicator_code
left join records as year_end
    on
        quarters.previous_year_end = year_end.quarter
        and indicators.indicator_code = year_end.indicator_code
        and year_end.standard
        = case when indicators.is_standard_bound then quarters.poverty_standard else '' end
order by indicators.quarter, indicators.indicator_code
