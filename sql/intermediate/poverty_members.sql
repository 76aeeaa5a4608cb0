-- Communes that make up each place for which poverty is shown.
-- grain:  one row per quarter, area_code, commune_code
-- inputs: staging.areas, intermediate.poverty_places
-- units:  a commune is a member of itself, its district, the city and two zones
-- source: raw/<programme>/areas.csv

with communes as (
    select
        communes.quarter,
        communes.area_code as commune_code,
        communes.district_code,
        communes.is_urban,
        districts.is_urban as district_is_urban
    from staging.areas as communes
    inner join staging.areas as districts
        on
            communes.quarter = districts.quarter
            and communes.district_code = districts.area_code
    where communes.area_level = 'commune'
)

select
    places.quarter,
    places.area_code,
    communes.commune_code,
    communes.district_code
from intermediate.poverty_places as places
inner join communes
    on
        places.quarter = communes.quarter
        and case places.membership
            when 'city' then true
            when 'district' then places.area_code = communes.district_code
            when 'commune' then places.area_code = communes.commune_code
            when 'class_of_commune' then places.is_urban = communes.is_urban
            when 'class_of_district' then places.is_urban = communes.district_is_urban
        end
order by places.quarter, places.area_code, communes.commune_code
