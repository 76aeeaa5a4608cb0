-- Figures come only from areas that exist at the end of the quarter.
-- title_vi: Số liệu của địa bàn không còn hoặc chưa có hiệu lực trong kỳ không được tính
-- checks:   intermediate.area_measures
-- inputs:   staging.observations, staging.areas, raw.areas
-- severity: warn

select distinct
    observations.quarter,
    observations.area_code,
    observations.measure as subject,
    'not in force' as found,
    'in force at the end of the quarter' as expected
from staging.observations as observations
inner join raw.areas as known_areas on observations.area_code = known_areas.code
left join staging.areas as areas
    on
        observations.quarter = areas.quarter
        and observations.area_code = areas.area_code
where areas.area_code is null
order by observations.quarter, observations.area_code, observations.measure
