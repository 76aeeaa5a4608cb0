-- Each indicator of the city with its plan, its target, what it was before, and its status.
-- grain:  one row per quarter, indicator_code
-- inputs: staging.indicators, marts.indicator_values, intermediate.earlier_figures,
--         intermediate.judgements, intermediate.indicator_statuses, intermediate.revised_figures
-- units:  values, plans and gap_value in the unit of what is judged; completions in percent,
--         = completion_numerator * 100 / completion_denominator exactly; mark p = not issued yet,
--         r = figure or status differs from the issued one, else ''; is_.._partial: the city's
--         earlier figure is summed over the same_period_areas, year_end_areas compared with today,
--         fewer than stood behind it as it was printed then
-- source: forms as sent; targets.csv, assessments.csv

with city_values as (
    select indicator_values.*
    from marts.indicator_values as indicator_values
    where indicator_values.area_level = 'city'
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
    statuses.is_covered,
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
    year_judgements.expected_share as year_expected_share,
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
    earlier_figures.same_period_value,
    earlier_figures.same_period_numerator,
    earlier_figures.same_period_denominator,
    earlier_figures.same_period_source,
    earlier_figures.same_period_areas,
    earlier_figures.is_same_period_partial,
    earlier_figures.year_end_value,
    earlier_figures.year_end_numerator,
    earlier_figures.year_end_denominator,
    earlier_figures.year_end_source,
    earlier_figures.year_end_areas,
    earlier_figures.is_year_end_partial,
    indicators.break_note,
    statuses.computed_status,
    statuses.computed_status_print,
    statuses.computed_status_group,
    statuses.recorded_status,
    statuses.recorded_document,
    statuses.recorded_on,
    statuses.recorded_reason,
    statuses.recorded_basis,
    statuses.status,
    statuses.status_source,
    statuses.status_print,
    statuses.status_group,
    case
        when year_judgements.op is not null then year_judgements.plan_gap
        else term_judgements.plan_gap
    end as gap_value,
    case
        when city_values.mark = '' and revised_figures.old_status <> statuses.status then 'r'
        else city_values.mark
    end as mark
from staging.indicators as indicators
inner join city_values
    on
        indicators.quarter = city_values.quarter
        and indicators.indicator_code = city_values.indicator_code
inner join intermediate.earlier_figures as earlier_figures
    on
        city_values.quarter = earlier_figures.quarter
        and city_values.indicator_code = earlier_figures.indicator_code
        and city_values.area_code = earlier_figures.area_code
inner join intermediate.indicator_statuses as statuses
    on
        indicators.quarter = statuses.quarter
        and indicators.indicator_code = statuses.indicator_code
left join intermediate.revised_figures as revised_figures
    on
        city_values.quarter = revised_figures.quarter
        and city_values.indicator_code = revised_figures.indicator_code
        and city_values.area_code = revised_figures.area_code
left join year_judgements
    on
        indicators.quarter = year_judgements.quarter
        and indicators.indicator_code = year_judgements.indicator_code
left join term_judgements
    on
        indicators.quarter = term_judgements.quarter
        and indicators.indicator_code = term_judgements.indicator_code
order by indicators.quarter, indicators.indicator_code
