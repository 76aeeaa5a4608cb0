-- Pace needed and observed towards each plan of the city, and where the record leads if it goes on.
-- grain:  one row per quarter, indicator_code, horizon
-- inputs: staging.quarters, staging.indicators, raw.measures, intermediate.judgements,
--         intermediate.comparable_points
-- units:  paces are changes per quarter, negative where less is better, projections values, both
--         in the unit of what is judged; is_open: quarters are left until the plan is due
-- source: no projection on fewer than four comparable figures of our own, none across a break

with judged as (
    select
        judgements.*,
        quarters.title,
        quarters.number,
        indicators.direction,
        indicators.break_from,
        indicators.is_due,
        coalesce(points.points_used, 0) as points_used,
        points.first_quarter,
        points.first_title,
        points.change_per_quarter,
        -- a rate lies between 0 and the whole, a measure within its own bounds
        case
            when judgements.measure is null and indicators.denominator is not null then 0
            else measures.lower
        end as lowest,
        case
            when judgements.measure is not null or indicators.denominator is null
                then measures.upper
            when indicators.scale = 100 then 100
        end as highest,
        case
            when judgements.is_total then judgements.way_in_all - judgements.way_behind
            when judgements.horizon = 'year' or judgements.is_flow then 4 - quarters.number
            else (judgements.target_year - quarters.year) * 4 + 4 - quarters.number
        end as quarters_left
    from intermediate.judgements as judgements
    inner join staging.quarters as quarters on judgements.quarter = quarters.quarter
    inner join staging.indicators as indicators
        on
            judgements.quarter = indicators.quarter
            and judgements.indicator_code = indicators.indicator_code
    left join raw.measures as measures
        on coalesce(judgements.measure, indicators.numerator) = measures.code
    left join intermediate.comparable_points as points
        on
            judgements.quarter = points.quarter
            and judgements.indicator_code = points.indicator_code
            and coalesce(judgements.measure, '') = points.measure
    where judgements.area_level = 'city'
),

reasoned as (
    select
        *,
        case
            when is_flow and is_total then judged / nullif(way_behind, 0)
            when is_flow then judged / number
            else change_per_quarter
        end as pace_observed,
        case
            when direction = 'not_assessable' then 'chưa có tiêu chí, hướng dẫn đánh giá'
            when op = 'yes' then 'chỉ tiêu đạt hay không đạt, không dự báo'
            when judged is null and not is_due then 'chưa đến kỳ báo cáo'
            when is_met is null or not is_covered then 'chưa đủ số liệu của kỳ này'
            when quarters_left <= 0 then 'đã đến hạn của kế hoạch'
            when is_flow and not is_total and horizon = 'term'
                then 'mục tiêu tính theo từng năm'
            when points_used < 4 and break_from is not null
                then
                    'phương pháp tính thay đổi từ quý '
                    || case substr(break_from, 7, 1)
                        when '1' then 'I' when '2' then 'II' when '3' then 'III' else 'IV'
                    end
                    || '/' || substr(break_from, 1, 4) || ', mới có '
                    || cast(points_used as varchar) || ' kỳ cùng phương pháp (cần ít nhất 4)'
            when points_used < 4
                then
                    'mới có ' || cast(points_used as varchar)
                    || ' kỳ có số liệu so sánh được (cần ít nhất 4)'
        end as no_projection_reason_vi
    from judged
),

projected as (
    select
        *,
        case
            when no_projection_reason_vi is not null then null
            -- a flow goes on as the plan spreads it over the year, else as it went so far
            when is_flow then judged * way_in_all / nullif(way_behind, 0)
            else judged + change_per_quarter * quarters_left
        end as unbounded,
        case
            when no_projection_reason_vi is not null then null
            when is_flow and is_total
                then
                    'lũy kế từ đầu giai đoạn chia cho phần thời gian đã qua của giai đoạn ('
                    || cast(way_behind as varchar) || '/' || cast(way_in_all as varchar) || ' quý)'
            when is_flow and expected_share is not null
                then
                    'lũy kế đến hết ' || title || ' chia cho tỷ lệ kế hoạch dự kiến đến kỳ này ('
                    || replace(
                        cast(cast(expected_share * 100 as decimal(6, 1)) as varchar), '.', ','
                    )
                    || '%)'
            when is_flow
                then
                    'lũy kế đến hết ' || title || ' chia cho phần thời gian đã qua của năm ('
                    || cast(number as varchar) || '/4)'
            else
                'giá trị ' || title || ' cộng mức thay đổi bình quân mỗi quý của '
                || cast(points_used as varchar) || ' kỳ cùng phương pháp, từ ' || first_title
        end as projection_method_vi
    from reasoned
)

select
    quarter,
    indicator_code,
    horizon,
    measure,
    points_used,
    quarters_left > 0 as is_open,
    plan_gap as gap,
    case
        when not is_met and op <> 'yes' and quarters_left > 0
            then (cast(plan as double) - judged) / quarters_left
    end as pace_needed,
    case when is_covered and op <> 'yes' then pace_observed end as pace_observed,
    case
        when unbounded < lowest then cast(lowest as double)
        when unbounded > highest then cast(highest as double)
        else unbounded
    end as projected,
    projection_method_vi,
    no_projection_reason_vi
from projected
order by quarter, indicator_code, horizon
