-- Areas in force at the end of each quarter.
-- grain:  one row per quarter, area_code
-- inputs: staging.quarters, raw.areas
-- units:  district_code is the district an area lies in or is; null for the city
-- source: raw/<programme>/areas.csv

select
    quarters.quarter,
    areas.code as area_code,
    areas.name as area_name,
    areas.full_name as area_full_name,
    areas.kind as area_kind,
    areas.level as area_level,
    areas.parent_code,
    case
        when areas.level = 'commune' then areas.parent_code
        when areas.level = 'district' then areas.code
    end as district_code,
    areas.is_urban,
    areas.sort as area_sort
from staging.quarters as quarters
-- figures are those of the quarter's last month, so an area must exist on its last day
inner join raw.areas as areas
    on
        (areas.valid_from is null or areas.valid_from <= quarters.ends_on)
        and (areas.valid_to is null or areas.valid_to >= quarters.ends_on)
order by quarters.quarter, areas.code
