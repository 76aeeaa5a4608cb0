-- An area is in force once in a quarter.
-- title_vi: Một địa bàn chỉ có một dòng trong mỗi kỳ
-- checks:   staging.areas
-- severity: error

select
    quarter,
    area_code,
    area_code as subject,
    count(*) as found,
    1 as expected
from staging.areas
group by
    quarter,
    area_code
having count(*) > 1
order by quarter, area_code
