-- Closing numbers of the movement forms are those of the review form, at each level.
-- title_vi: Số cuối kỳ trên biểu diễn biến phải khớp biểu kết quả rà soát
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
where rule = 'review' and found <> expected and unexplained <> 0
order by quarter, area_code, subject
