-- The year plan a reporter states is the one on record for it.
-- title_vi: Kế hoạch năm ghi trên biểu khác kế hoạch đã giao
-- checks:   intermediate.stated_plans
-- severity: warn

select
    quarter,
    area_code,
    measure as subject,
    value as found,
    recorded_value as expected
from intermediate.stated_plans
where value <> recorded_value
order by quarter, area_code, measure
