-- The opening number stays the same within a year.
-- title_vi: Số đầu kỳ thay đổi giữa các quý trong cùng một năm
-- checks:   intermediate.quarter_changes
-- severity: warn

select
    quarter,
    area_code,
    measure as subject,
    value as found,
    earlier_value as expected
from intermediate.quarter_changes
where series = 'actual' and area_level = 'commune' and measure like '%poor_opening_%'
order by quarter, area_code, measure
