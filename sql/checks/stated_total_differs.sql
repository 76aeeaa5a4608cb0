-- A total printed on a form is the sum of the communes.
-- title_vi: Số tổng cộng ghi trên biểu khác tổng số của các xã, phường, thị trấn
-- checks:   intermediate.stated_totals
-- severity: warn

select
    quarter,
    area_code,
    measure || ' ' || sheet || '!' || cell as subject,
    stated as found,
    computed as expected
from intermediate.stated_totals
where stated <> computed
order by quarter, area_code, measure, sheet, cell
