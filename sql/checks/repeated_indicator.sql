-- An indicator is in force once in a quarter.
-- title_vi: Một chỉ tiêu chỉ có một định nghĩa trong mỗi kỳ
-- checks:   staging.indicators
-- severity: error

select
    quarter,
    cast(null as varchar) as area_code,
    indicator_code as subject,
    count(*) as found,
    1 as expected
from staging.indicators
group by
    quarter,
    indicator_code
having count(*) > 1
order by quarter, indicator_code
