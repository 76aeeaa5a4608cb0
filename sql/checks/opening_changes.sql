-- The opening number stays the same within a year.
-- title_vi: Số đầu kỳ thay đổi giữa các quý trong cùng một năm
-- checks:   intermediate.area_measures
-- inputs:   staging.quarters
-- severity: warn

select
    figures.quarter,
    figures.area_code,
    figures.measure as subject,
    figures.value as found,
    earlier.value as expected
from intermediate.area_measures as figures
inner join staging.quarters as quarters on figures.quarter = quarters.quarter
inner join intermediate.area_measures as earlier
    on
        quarters.previous_quarter = earlier.quarter
        and figures.measure = earlier.measure
        and figures.area_code = earlier.area_code
        and figures.series = earlier.series
where
    figures.series = 'actual'
    and quarters.number > 1
    and figures.area_level = 'commune'
    and figures.measure like '%poor_opening_%'
    and figures.value <> earlier.value
order by figures.quarter, figures.area_code, figures.measure
