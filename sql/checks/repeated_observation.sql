-- A measure of an area and month has one figure in each series.
-- title_vi: Mỗi số liệu của một địa bàn trong kỳ chỉ có một giá trị
-- checks:   staging.observations
-- severity: error

select
    quarter,
    area_code,
    measure as subject,
    count(*) as found,
    1 as expected
from staging.observations
group by
    quarter,
    measure,
    area_code,
    month,
    series
having count(*) > 1
order by quarter, measure, area_code, month, series
