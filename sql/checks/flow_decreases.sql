-- A figure cumulated from 1 January does not become smaller within the year.
-- title_vi: Số lũy kế từ đầu năm nhỏ hơn quý trước
-- checks:   intermediate.quarter_changes
-- severity: warn

select
    quarter,
    area_code,
    measure as subject,
    value as found,
    earlier_value as expected
from intermediate.quarter_changes
where series = 'actual' and period_kind = 'flow' and value < earlier_value
order by quarter, area_code, measure
