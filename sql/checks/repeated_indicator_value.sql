-- An indicator has one value for each area.
-- title_vi: Mỗi chỉ tiêu của một địa bàn chỉ có một giá trị
-- checks:   marts.indicator_values
-- severity: error

select
    quarter,
    area_code,
    indicator_code as subject,
    count(*) as found,
    1 as expected
from marts.indicator_values
group by
    quarter,
    indicator_code,
    area_code
having count(*) > 1
order by quarter, indicator_code, area_code
