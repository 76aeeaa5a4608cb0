-- Figures of a form that differ from those of the quarter before in the same year.
-- grain:  one row per quarter, series, measure, area_code
-- inputs: staging.quarters, raw.measures, intermediate.area_measures
-- units:  value and earlier_value in the measure's unit, at the level the measure is reported at
-- source: forms as sent

select
    figures.quarter,
    figures.series,
    figures.measure,
    figures.area_code,
    figures.area_level,
    measures.period_kind,
    figures.value,
    earlier.value as earlier_value
from intermediate.area_measures as figures
inner join staging.quarters as quarters on figures.quarter = quarters.quarter
inner join raw.measures as measures
    on
        figures.measure = measures.code
        and figures.area_level = measures.level
inner join intermediate.area_measures as earlier
    on
        quarters.previous_quarter = earlier.quarter
        and figures.measure = earlier.measure
        and figures.area_code = earlier.area_code
        and figures.series = earlier.series
where quarters.number > 1 and figures.value <> earlier.value
order by figures.quarter, figures.series, figures.measure, figures.area_code
