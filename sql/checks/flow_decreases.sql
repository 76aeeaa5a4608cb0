-- A figure cumulated from 1 January does not become smaller within the year.
-- title_vi: Số lũy kế từ đầu năm nhỏ hơn quý trước
-- checks:   intermediate.area_measures
-- inputs:   staging.quarters, raw.measures
-- severity: warn

select
    figures.quarter,
    figures.area_code,
    figures.measure as subject,
    figures.value as found,
    earlier.value as expected
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
where
    figures.series = 'actual'
    and quarters.number > 1
    and measures.period_kind = 'flow'
    and figures.value < earlier.value
order by figures.quarter, figures.area_code, figures.measure
