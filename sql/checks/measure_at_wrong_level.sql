-- A figure is given at the level of its measure; others are not summed.
-- title_vi: Số liệu ghi không đúng cấp báo cáo không được cộng
-- checks:   intermediate.area_measures
-- inputs:   staging.observations, staging.areas, raw.measures
-- severity: warn

select distinct
    observations.quarter,
    observations.area_code,
    observations.measure as subject,
    areas.area_level as found,
    measures.level as expected
from staging.observations as observations
inner join raw.measures as measures on observations.measure = measures.code
inner join staging.areas as areas
    on
        observations.quarter = areas.quarter
        and observations.area_code = areas.area_code
where observations.state = 'value' and areas.area_level <> measures.level
order by observations.quarter, observations.area_code, observations.measure
