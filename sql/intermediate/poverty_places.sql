-- Places for which poverty is shown: the city, its zones, districts and communes.
-- grain:  one row per quarter, area_code
-- inputs: staging.areas, raw.measures
-- units:  membership says which communes make up a place; zones go by the class of the commune
--         (class_of_commune) or take a district as a whole (class_of_district)
-- source: raw/<programme>/areas.csv; two readings of urban and rural

with areas as (
    select areas.*
    from staging.areas as areas
    -- a programme without the national forms has no poverty rates
    inner join raw.measures as measures on measures.code = 'poor_households'
),

cities as (
    select *
    from areas
    where area_level = 'city'
),

kinds_of_districts as (
    select
        quarter,
        is_urban,
        'Các ' || concat_ws(
            ', ',
            max(case when area_kind = 'quan' then 'quận' end),
            max(case when area_kind = 'thanh_pho' then 'thành phố' end),
            max(case when area_kind = 'huyen' then 'huyện' end),
            max(case when area_kind = 'thi_xa' then 'thị xã' end)
        ) as zone_name
    from areas
    where area_level = 'district'
    group by quarter, is_urban
),

places as (
    select
        quarter,
        area_code,
        area_name,
        area_full_name,
        area_level,
        parent_code,
        area_sort,
        area_level as membership,
        is_urban
    from areas
    union all
    select
        cities.quarter,
        zones.area_code,
        zones.area_name,
        zones.area_name as area_full_name,
        'zone' as area_level,
        cities.area_code as parent_code,
        zones.area_sort,
        'class_of_commune' as membership,
        zones.is_urban
    from cities
    cross join (
        values
        ('urban_communes', 'Khu vực thành thị (phường, thị trấn)', 1, true),
        ('rural_communes', 'Khu vực nông thôn (xã)', 2, false)
    ) as zones (area_code, area_name, area_sort, is_urban)
    union all
    select
        cities.quarter,
        case when kinds_of_districts.is_urban then 'urban_districts' else 'rural_districts' end
            as area_code,
        kinds_of_districts.zone_name as area_name,
        kinds_of_districts.zone_name as area_full_name,
        'zone' as area_level,
        cities.area_code as parent_code,
        case when kinds_of_districts.is_urban then 3 else 4 end as area_sort,
        'class_of_district' as membership,
        kinds_of_districts.is_urban
    from cities
    inner join kinds_of_districts on cities.quarter = kinds_of_districts.quarter
)

select
    quarter,
    area_code,
    area_name,
    area_full_name,
    area_level,
    parent_code,
    area_sort,
    membership,
    is_urban
from places
order by quarter, area_code
