-- A percentage of a whole is not above 100.
-- title_vi: Tử số lớn hơn mẫu số của chỉ tiêu tính theo phần trăm
-- checks:   marts.indicator_values
-- severity: warn

select
    quarter,
    area_code,
    indicator_code as subject,
    numerator as found,
    denominator as expected
from marts.indicator_values
where area_level = 'district' and scale = 100 and numerator > denominator
order by quarter, area_code, indicator_code
