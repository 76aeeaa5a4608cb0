-- An area has one poverty rate under each standard.
-- title_vi: Mỗi địa bàn chỉ có một tỷ lệ hộ nghèo theo mỗi chuẩn
-- checks:   marts.poverty_rates
-- severity: error

select
    quarter,
    area_code,
    standard as subject,
    count(*) as found,
    1 as expected
from marts.poverty_rates
group by
    quarter,
    area_code,
    standard
having count(*) > 1
order by quarter, area_code, standard
