-- City value of every measure: the sum over the districts that reported, or the agency's figure.
-- grain:  one row per quarter, measure
-- inputs: staging.areas, raw.measures, intermediate.area_measures
-- units:  value in the measure's unit; areas_reported of areas_expected; is_complete: no area that
--         is expected is missing, nor a commune of one
-- source: forms as sent

with wanted as (
    select
        areas.quarter,
        areas.area_code,
        measures.code as measure,
        measures.period_kind
    from staging.areas as areas
    inner join raw.measures as measures
        on areas.area_level = case when measures.level = 'city' then 'city' else 'district' end
)

select
    wanted.quarter,
    wanted.measure,
    wanted.period_kind,
    sum(area_measures.value) as value,
    cast(sum(case when area_measures.state = 'value' then 1 else 0 end) as integer)
        as areas_reported,
    cast(
        sum(case when area_measures.state = 'not_applicable' then 0 else 1 end) as integer
    ) as areas_expected,
    min(
        case
            when area_measures.state = 'not_applicable' then 1
            when area_measures.state is null or area_measures.state = 'missing' then 0
            when area_measures.communes_reported < area_measures.communes_expected then 0
            else 1
        end
    ) = 1 as is_complete
from wanted
left join intermediate.area_measures as area_measures
    on
        wanted.quarter = area_measures.quarter
        and wanted.measure = area_measures.measure
        and wanted.area_code = area_measures.area_code
        and area_measures.series = 'actual'
group by wanted.quarter, wanted.measure, wanted.period_kind
order by wanted.quarter, wanted.measure
