-- How each indicator stands to its year plan and to its term target, of the city and of areas.
-- grain:  one row per quarter, indicator_code, area_code, horizon
-- inputs: staging.quarters, staging.indicators, raw.programme, intermediate.plans,
--         intermediate.judged_values
-- units:  judged and plan_gap in the unit of the plan; completion is the quotient of its two parts;
--         way_behind of way_in_all is the part of the way that should be done by now; pace is
--         where the path stands now, as a part of the plan, null without a completion;
--         is_met, is_exceeded, is_on_path are null where nothing can be judged
-- source: design of the status function; domain rules 2 to 4. Yes or no has no path: until the end
--         of the year it is due at nothing can be said of "not yet"; then it is late. A sum looks
--         the smaller the more is missing of it: it is held below a ceiling only when complete,
--         while one already above its ceiling for good, or above a floor, is judged as it is

-- A rate is compared as numerator * scale against plan * denominator: exactly, never as doubles.
-- One factor of each product has more than 18 digits, so that the product is not cut to 18.
with judged as (
    select
        plans.quarter,
        plans.indicator_code,
        plans.area_code,
        plans.area_level,
        plans.horizon,
        plans.scope,
        plans.target_year,
        plans.op,
        plans.value as plan,
        plans.high as plan_high,
        plans.measure,
        plans.completion_decimals,
        plans.expected_share,
        plans.document,
        plans.basis,
        quarters.year,
        quarters.number,
        programme.first_year,
        judged_values.denominator,
        judged_values.scale,
        judged_values.is_flow,
        judged_values.is_covered,
        judged_values.start_numerator,
        judged_values.start_denominator,
        plans.scope = 'term_total' and judged_values.is_flow as is_total,
        judged_values.is_complete
        and (
            plans.scope <> 'term_total'
            or not judged_values.is_flow
            or judged_values.are_earlier_complete
        ) as is_complete,
        case
            when plans.scope <> 'term_total' or not judged_values.is_flow
                then judged_values.numerator
            -- a total over the term needs every year before this one
            when judged_values.earlier_years = quarters.year - programme.first_year
                then judged_values.numerator + judged_values.earlier_total
        end as numerator,
        -- less is better: the plan is a ceiling
        plans.op in ('le', 'lt') or (plans.op = 'approx' and indicators.direction = 'lower')
            as is_ceiling,
        -- "about" is met by what prints as the plan: half a unit of the last printed place
        case
            when plans.op <> 'approx' then 0
            when indicators.decimals = 0 then 0.5
            when indicators.decimals = 1 then 0.05
            when indicators.decimals = 2 then 0.005
            else 0.0005
        end as tolerance
    from intermediate.plans as plans
    inner join staging.quarters as quarters on plans.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            plans.quarter = indicators.quarter
            and plans.indicator_code = indicators.indicator_code
    cross join raw.programme as programme
    left join intermediate.judged_values as judged_values
        on
            plans.quarter = judged_values.quarter
            and plans.indicator_code = judged_values.indicator_code
            and plans.area_code = judged_values.area_code
            and coalesce(plans.measure, '') = judged_values.measure
),

sides as (
    select
        *,
        cast(numerator * scale as decimal(28, 4)) as attained,
        cast(coalesce(denominator, 1) as decimal(19, 4)) as base,
        cast(coalesce(start_denominator, 1) as decimal(19, 4)) as start_base,
        cast(coalesce(plan, 1) as decimal(18, 4)) as bound,
        -- the share of the way that should lie behind: of the year, or of the years of the term;
        -- a plan that says what share of a flow it expects goes before the calendar
        cast(
            case
                when is_total then (year - first_year) * 4 + number
                when is_flow and expected_share is not null then expected_share * 10000
                else number
            end as integer
        ) as way_behind,
        cast(
            case
                when is_total then (target_year - first_year + 1) * 4
                when is_flow and expected_share is not null then 10000
                when is_flow or horizon = 'year' then 4
                else (target_year - year + 1) * 4
            end as integer
        ) as way_in_all,
        -- a flow keeps below its ceiling only when its time is over
        number = 4 and (not is_total or year = target_year) as is_over,
        number = 4 and (horizon = 'year' or year = target_year) as is_due
    from judged
),

compared as (
    select
        *,
        cast(attained as decimal(38, 8)) as attained_exact,
        cast(bound * base as decimal(38, 8)) as due,
        cast((bound - tolerance) * base as decimal(38, 8)) as due_at_least,
        cast((bound + tolerance) * base as decimal(38, 8)) as due_at_most,
        cast(plan_high * base as decimal(38, 8)) as due_high,
        -- where the path from the start to the plan stands today, times both denominators
        cast(
            case
                when is_flow then bound * base * way_behind
                else
                    start_numerator * scale * base * (way_in_all - way_behind)
                    + bound * base * start_base * way_behind
            end as decimal(38, 12)
        ) as path_due,
        cast(
            case
                when is_flow then attained * way_in_all
                else attained * start_base * way_in_all
            end as decimal(38, 12)
        ) as path_attained
    from sides
),

held as (
    select
        *,
        case
            when op in ('ge', 'range', 'yes') then attained_exact >= due
            when op = 'gt' then attained_exact > due
            when op = 'le' then attained_exact <= due
            when op = 'lt' then attained_exact < due
            when is_ceiling then attained_exact < due_at_most
            else attained_exact >= due_at_least
        end as is_within
    from compared
),

known as (
    select
        *,
        attained is not null
        and (
            not is_ceiling
            or denominator is not null
            or is_complete
            -- a flow does not come down again, a stock may until it is due
            or (not is_within and (is_flow or is_due))
        ) as is_known
    from held
),

decided as (
    select
        *,
        case
            when not is_known then null
            when is_ceiling and is_flow and not is_over then false
            else is_within
        end as is_met,
        case
            when not is_known then null
            when op in ('ge', 'gt') then attained_exact > due
            when op = 'range' then coalesce(attained_exact > due_high, false)
            else false
        end as is_exceeded,
        case
            when not is_known then null
            when op = 'yes' and not is_within and not is_due then null
            when op = 'yes' then is_within
            when is_ceiling then path_attained <= path_due
            else path_attained >= path_due
        end as is_on_path,
        -- no completion for what should be small, of a plan of nothing or of a value below nothing
        op in ('ge', 'gt', 'range') and plan > 0 and attained >= 0 as has_completion
    from known
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
    plan,
    plan_high,
    measure,
    document,
    basis,
    completion_decimals,
    expected_share,
    is_flow,
    is_total,
    way_behind,
    way_in_all,
    is_covered,
    is_met,
    is_exceeded,
    is_on_path,
    cast(attained as double) / base as judged,
    case
        when has_completion then cast(attained as decimal(38, 4))
    end as completion_numerator,
    case
        when has_completion then due
    end as completion_denominator,
    case
        when has_completion then cast(attained as double) * 100 / due
    end as completion,
    case
        when not has_completion then null
        when is_flow then cast(way_behind as double) / way_in_all
        else cast(path_due as double) / (cast(due as double) * start_base * way_in_all)
    end as pace,
    case
        when is_met is null or is_met or op = 'yes' then null
        -- a flow below its ceiling lacks nothing, though only the end of its time says it is met
        when is_ceiling and is_within then null
        when is_ceiling then cast(attained_exact - due as double) / base
        else cast(due - attained_exact as double) / base
    end as plan_gap
from decided
order by quarter, indicator_code, area_code, horizon
