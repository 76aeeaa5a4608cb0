-- Every figure in force is a measure of the programme.
-- title_vi: Mọi số liệu phải có trong danh mục số liệu gốc
-- checks:   intermediate.area_measures
-- inputs:   staging.observations, raw.measures
-- severity: error

select distinct
    observations.quarter,
    cast(null as varchar) as area_code,
    observations.measure as subject,
    observations.measure as found,
    'a code of measures.csv' as expected
from staging.observations as observations
left join raw.measures as measures on observations.measure = measures.code
where measures.code is null
order by observations.quarter, observations.measure
