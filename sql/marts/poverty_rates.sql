-- Poverty counts and rates of communes, districts, zones and the city under the standard in force.
-- grain:  one row per quarter, area_code, standard
-- inputs: staging.quarters, staging.areas, raw.measures, intermediate.poverty_returns
-- units:  rates are fractions of all households (0.08 = 8 %) over the communes that reported both
--         parts, given exactly by <rate>_numerator and <rate>_denominator; null = no return;
--         areas_reported of areas_expected are districts for the city and the zones of districts,
--         else communes; a zone of communes goes by the class of the commune
-- source: closing stocks of the movement forms, households and persons of the review form

with quarters as (
    select
        quarters.quarter,
        quarters.poverty_standard
    from staging.quarters as quarters
    -- a programme without the national forms has no poverty rates
    inner join raw.measures as measures on measures.code = 'poor_households'
),

cities as (
    select *
    from staging.areas
    where area_level = 'city'
),

districts as (
    select *
    from staging.areas
    where area_level = 'district'
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
    from districts
    group by quarter, is_urban
),

returns as (
    select
        poverty_returns.*,
        districts.is_urban as district_is_urban,
        poverty_returns.households is not null and poverty_returns.poor_households is not null
            as is_reported
    from intermediate.poverty_returns as poverty_returns
    inner join quarters on poverty_returns.quarter = quarters.quarter
    inner join districts
        on
            poverty_returns.quarter = districts.quarter
            and poverty_returns.district_code = districts.area_code
),

places as (
    select
        areas.quarter,
        areas.area_code,
        areas.area_name,
        areas.area_full_name,
        areas.area_level,
        areas.parent_code,
        areas.area_sort,
        areas.area_level as membership,
        areas.is_urban
    from staging.areas as areas
    inner join quarters on areas.quarter = quarters.quarter
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
    inner join quarters on cities.quarter = quarters.quarter
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
    inner join quarters on cities.quarter = quarters.quarter
    inner join kinds_of_districts on cities.quarter = kinds_of_districts.quarter
),

sums as (
    select
        places.quarter,
        places.area_code,
        sum(returns.households) as households,
        sum(returns.persons) as persons,
        sum(returns.minority_households) as minority_households,
        sum(returns.poor_households) as poor_households,
        sum(returns.poor_persons) as poor_persons,
        sum(returns.minority_poor_households) as minority_poor_households,
        sum(returns.near_poor_households) as near_poor_households,
        sum(returns.near_poor_persons) as near_poor_persons,
        sum(returns.minority_near_poor_households) as minority_near_poor_households,
        sum(returns.poor_opening_households) as opening_poor_households,
        sum(returns.near_poor_opening_households) as opening_near_poor_households,
        sum(
            case
                when
                    returns.households is not null
                    and returns.poor_households is not null
                    then returns.poor_households
            end
        ) as poverty_rate_numerator,
        sum(
            case
                when
                    returns.households is not null
                    and returns.poor_households is not null
                    then returns.households
            end
        ) as poverty_rate_denominator,
        sum(
            case
                when
                    returns.households is not null
                    and returns.near_poor_households is not null
                    then returns.near_poor_households
            end
        ) as near_poverty_rate_numerator,
        sum(
            case
                when
                    returns.households is not null
                    and returns.near_poor_households is not null
                    then returns.households
            end
        ) as near_poverty_rate_denominator,
        sum(
            case
                when
                    returns.households is not null
                    and returns.poor_households is not null
                    and returns.near_poor_households is not null
                    then returns.poor_households + returns.near_poor_households
            end
        ) as multidimensional_poverty_rate_numerator,
        sum(
            case
                when
                    returns.households is not null
                    and returns.poor_households is not null
                    and returns.near_poor_households is not null
                    then returns.households
            end
        ) as multidimensional_poverty_rate_denominator,
        sum(case when returns.is_reported then 1 else 0 end) as communes_reported,
        count(returns.commune_code) as communes_expected,
        count(distinct case when returns.is_reported then returns.district_code end)
            as districts_reported,
        count(distinct returns.district_code) as districts_expected,
        max(returns.basis_rank) as basis_rank
    from places
    left join returns
        on
            places.quarter = returns.quarter
            and (
                places.membership = 'city'
                or (places.membership = 'district' and places.area_code = returns.district_code)
                or (places.membership = 'commune' and places.area_code = returns.commune_code)
                or (
                    places.membership = 'class_of_commune'
                    and places.is_urban = returns.is_urban
                )
                or (
                    places.membership = 'class_of_district'
                    and places.is_urban = returns.district_is_urban
                )
            )
    group by places.quarter, places.area_code
)

select
    places.quarter,
    places.area_code,
    quarters.poverty_standard as standard,
    places.area_name,
    places.area_full_name,
    places.area_level,
    places.parent_code,
    places.area_sort,
    sums.households,
    sums.persons,
    sums.minority_households,
    sums.poor_households,
    sums.poor_persons,
    sums.minority_poor_households,
    sums.near_poor_households,
    sums.near_poor_persons,
    sums.minority_near_poor_households,
    sums.opening_poor_households,
    sums.opening_near_poor_households,
    -- an area without a return has no rate: null, never 0
    cast(sums.poverty_rate_numerator as double)
    / nullif(cast(sums.poverty_rate_denominator as double), 0) as poverty_rate,
    cast(sums.near_poverty_rate_numerator as double)
    / nullif(cast(sums.near_poverty_rate_denominator as double), 0) as near_poverty_rate,
    cast(sums.multidimensional_poverty_rate_numerator as double)
    / nullif(cast(sums.multidimensional_poverty_rate_denominator as double), 0)
        as multidimensional_poverty_rate,
    sums.poverty_rate_numerator,
    sums.poverty_rate_denominator,
    sums.near_poverty_rate_numerator,
    sums.near_poverty_rate_denominator,
    sums.multidimensional_poverty_rate_numerator,
    sums.multidimensional_poverty_rate_denominator,
    cast(
        case
            when places.membership in ('city', 'class_of_district') then sums.districts_reported
            else sums.communes_reported
        end as integer
    ) as areas_reported,
    cast(
        case
            when places.membership in ('city', 'class_of_district') then sums.districts_expected
            else sums.communes_expected
        end as integer
    ) as areas_expected,
    cast(sums.communes_reported as integer) as communes_reported,
    cast(sums.communes_expected as integer) as communes_expected,
    case sums.basis_rank
        when 1 then 'published'
        when 2 then 'reported'
        when 3 then 'illustrative'
    end as basis
from places
inner join quarters on places.quarter = quarters.quarter
inner join sums
    on
        places.quarter = sums.quarter
        and places.area_code = sums.area_code
order by places.quarter, places.area_code
