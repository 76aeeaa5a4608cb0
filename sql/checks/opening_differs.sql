-- The opening number is the closing one of the year before under the same standard, at each level.
-- title_vi: Số đầu kỳ khác số cuối năm trước
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
where rule = 'opening' and found <> expected and unexplained <> 0
order by quarter, area_code, subject
