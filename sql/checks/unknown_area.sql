-- Every figure in force belongs to an area of the programme.
-- title_vi: Mọi số liệu phải thuộc một địa bàn có trong danh mục
-- checks:   intermediate.area_measures
-- inputs:   staging.observations, raw.areas
-- severity: error

select distinct
    observations.quarter,
    observations.area_code,
    observations.measure as subject,
    observations.area_code as found,
    'a code of areas.csv' as expected
from staging.observations as observations
left join raw.areas as areas on observations.area_code = areas.code
where areas.code is null
order by observations.quarter, observations.area_code, observations.measure
