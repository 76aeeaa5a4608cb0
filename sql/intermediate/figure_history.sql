-- Each figure beside what the same place reported before: a stock of the quarter before, a flow of
-- the same quarter last year.
-- grain:  one row per quarter, measure, area_code
-- inputs: staging.quarters, raw.programme, raw.measures, intermediate.area_measures
-- units:  value and earlier_value in the measure's unit, at the level the measure is reported at;
--         out of line from the programme's outlier_factor on, of figures from outlier_floor on
-- source: forms as sent; poverty under another standard is another series

select
    figures.quarter,
    figures.measure,
    figures.area_code,
    figures.area_level,
    figures.value,
    earlier.value as earlier_value,
    programme.outlier_factor,
    programme.outlier_floor
from intermediate.area_measures as figures
inner join staging.quarters as quarters on figures.quarter = quarters.quarter
inner join raw.measures as measures
    on
        figures.measure = measures.code
        and figures.area_level = measures.level
inner join staging.quarters as before
    on
        before.quarter = case measures.period_kind
            when 'flow' then quarters.same_quarter_last_year
            else quarters.previous_quarter
        end
        and (
            figures.measure not like '%poor%'
            or quarters.poverty_standard = before.poverty_standard
        )
inner join intermediate.area_measures as earlier
    on
        before.quarter = earlier.quarter
        and figures.measure = earlier.measure
        and figures.area_code = earlier.area_code
        and figures.series = earlier.series
cross join raw.programme as programme
where figures.series = 'actual' and figures.value is not null and earlier.value is not null
order by figures.quarter, figures.measure, figures.area_code
