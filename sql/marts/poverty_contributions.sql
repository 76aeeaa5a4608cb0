-- What each district adds to the city's change of poor and near-poor households since 1 January.
-- grain:  one row per quarter, area_code
-- inputs: staging.areas, intermediate.commune_sums, intermediate.poverty_places
-- units:  households, over the communes that reported both opening and closing; change negative
--         where there are fewer; share is a fraction of the city's change, null where that is 0
-- source: national forms on the movement of poor and near-poor households

with closings as (
    select
        openings.quarter,
        openings.area_code,
        openings.parent_code as district_code,
        openings.measure = 'poor_opening_households' as is_poor,
        openings.value as opening,
        closings.value as closing
    from intermediate.commune_sums as openings
    inner join intermediate.commune_sums as closings
        on
            openings.quarter = closings.quarter
            and openings.area_code = closings.area_code
            and closings.measure = case openings.measure
                when 'poor_opening_households' then 'poor_households'
                when 'near_poor_opening_households' then 'near_poor_households'
            end
    where openings.area_level = 'commune'
),

districts as (
    select
        areas.quarter,
        areas.area_code,
        areas.area_name,
        areas.area_full_name,
        areas.area_sort,
        sum(case when closings.is_poor then closings.opening end) as opening_poor_households,
        sum(case when closings.is_poor then closings.closing end) as poor_households,
        sum(case when not closings.is_poor then closings.opening end)
            as opening_near_poor_households,
        sum(case when not closings.is_poor then closings.closing end) as near_poor_households
    from staging.areas as areas
    inner join intermediate.poverty_places as places
        on
            areas.quarter = places.quarter
            and areas.area_code = places.area_code
    left join closings
        on
            areas.quarter = closings.quarter
            and areas.area_code = closings.district_code
    where areas.area_level = 'district'
    group by
        areas.quarter,
        areas.area_code,
        areas.area_name,
        areas.area_full_name,
        areas.area_sort
),

changes as (
    select
        *,
        poor_households - opening_poor_households as change,
        near_poor_households - opening_near_poor_households as near_poor_change,
        sum(poor_households - opening_poor_households) over (partition by quarter) as city_change,
        sum(near_poor_households - opening_near_poor_households)
            over (partition by quarter) as city_near_poor_change
    from districts
)

select
    quarter,
    area_code,
    area_name,
    area_full_name,
    area_sort,
    opening_poor_households,
    poor_households,
    change,
    city_change,
    cast(change as double) / nullif(cast(city_change as double), 0) as share,
    opening_near_poor_households,
    near_poor_households,
    near_poor_change,
    city_near_poor_change,
    cast(near_poor_change as double) / nullif(cast(city_near_poor_change as double), 0)
        as near_poor_share
from changes
order by quarter, area_code
