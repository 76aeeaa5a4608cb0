-- Households that change class are the same on the two movement forms, at each level.
-- title_vi: Số hộ chuyển giữa nghèo và cận nghèo phải khớp giữa hai biểu diễn biến
-- checks:   intermediate.poverty_balances
-- severity: warn

select
    quarter,
    area_code,
    subject,
    found,
    expected
from intermediate.poverty_balances
-- what the areas below already show is said once, there
where rule = 'forms' and found <> expected and unexplained <> 0
order by quarter, area_code, subject
