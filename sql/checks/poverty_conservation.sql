-- Opening - decreases + increases is the closing number, at each level.
-- title_vi: Số đầu kỳ trừ giảm cộng tăng phải bằng số cuối kỳ
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
where rule = 'conservation' and found <> expected and unexplained <> 0
order by quarter, area_code, subject
