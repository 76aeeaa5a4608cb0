-- The year plan a reporter states stays the same within the year.
-- title_vi: Kế hoạch năm do đơn vị ghi khác quý trước
-- checks:   intermediate.quarter_changes
-- severity: warn

select
    quarter,
    area_code,
    measure as subject,
    value as found,
    earlier_value as expected
from intermediate.quarter_changes
where series = 'plan'
order by quarter, area_code, measure
