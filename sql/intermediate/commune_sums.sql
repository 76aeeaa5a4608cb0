-- Measures reported by commune, at each level: the commune, its district, the city.
-- grain:  one row per quarter, measure, area_code
-- inputs: staging.areas, raw.measures, intermediate.area_measures
-- units:  value in the measure's unit, a sum over communes_reported of communes_expected
-- source: forms as sent

with communes as (
    select
        areas.quarter,
        measures.code as measure,
        areas.area_code,
        areas.district_code,
        area_measures.value
    from staging.areas as areas
    inner join raw.measures as measures on areas.area_level = measures.level
    left join intermediate.area_measures as area_measures
        on
            areas.quarter = area_measures.quarter
            and areas.area_code = area_measures.area_code
            and measures.code = area_measures.measure
            and area_measures.series = 'actual'
    where areas.area_level = 'commune'
),

sums as (
    select
        quarter,
        measure,
        area_code,
        district_code as parent_code,
        'commune' as area_level,
        value,
        count(value) as communes_reported,
        count(*) as communes_expected
    from communes
    group by quarter, measure, area_code, district_code, value
    union all
    select
        communes.quarter,
        communes.measure,
        communes.district_code as area_code,
        districts.parent_code,
        'district' as area_level,
        sum(communes.value) as value,
        count(communes.value) as communes_reported,
        count(*) as communes_expected
    from communes
    inner join staging.areas as districts
        on
            communes.quarter = districts.quarter
            and communes.district_code = districts.area_code
    group by communes.quarter, communes.measure, communes.district_code, districts.parent_code
    union all
    select
        communes.quarter,
        communes.measure,
        cities.area_code,
        cities.parent_code,
        'city' as area_level,
        sum(communes.value) as value,
        count(communes.value) as communes_reported,
        count(*) as communes_expected
    from communes
    inner join staging.areas as cities
        on
            communes.quarter = cities.quarter
            and cities.area_level = 'city'
    group by communes.quarter, communes.measure, cities.area_code, cities.parent_code
)

select
    quarter,
    measure,
    area_code,
    parent_code,
    area_level,
    value,
    cast(communes_reported as integer) as communes_reported,
    cast(communes_expected as integer) as communes_expected
from sums
where value is not null
order by quarter, measure, area_code
