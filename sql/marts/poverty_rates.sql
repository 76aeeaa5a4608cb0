-- Poverty counts and rates of communes, districts, zones and the city under the standard in force.
-- grain:  one row per quarter, area_code, standard
-- inputs: staging.quarters, intermediate.poverty_places, intermediate.poverty_members,
--         intermediate.poverty_returns, intermediate.poverty_rates_by_place
-- units:  rates are fractions (0.08 = 8 %) over the communes that reported both parts, given
--         exactly by <rate>_numerator and <rate>_denominator; null = no return;
--         areas_reported of areas_expected are districts for the city and the zones of districts,
--         else communes
-- source: closing stocks of the movement forms, households and persons of the review form

with sums as (
    select
        members.quarter,
        members.area_code,
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
                when returns.households is not null and returns.poor_households is not null then 1
                else 0
            end
        ) as communes_reported,
        count(*) as communes_expected,
        count(distinct case
            when returns.households is not null and returns.poor_households is not null
                then members.district_code
        end) as districts_reported,
        count(distinct members.district_code) as districts_expected,
        max(returns.basis_rank) as basis_rank
    from intermediate.poverty_members as members
    inner join intermediate.poverty_returns as returns
        on
            members.quarter = returns.quarter
            and members.commune_code = returns.commune_code
    group by members.quarter, members.area_code
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
    places.membership as reading,
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
    rates.poverty_rate,
    rates.near_poverty_rate,
    rates.multidimensional_poverty_rate,
    rates.poverty_person_rate,
    rates.near_poverty_person_rate,
    rates.multidimensional_poverty_person_rate,
    rates.minority_poverty_rate,
    rates.minority_near_poverty_rate,
    rates.poverty_rate_numerator,
    rates.poverty_rate_denominator,
    rates.near_poverty_rate_numerator,
    rates.near_poverty_rate_denominator,
    rates.multidimensional_poverty_rate_numerator,
    rates.multidimensional_poverty_rate_denominator,
    rates.poverty_person_rate_numerator,
    rates.poverty_person_rate_denominator,
    rates.near_poverty_person_rate_numerator,
    rates.near_poverty_person_rate_denominator,
    rates.multidimensional_poverty_person_rate_numerator,
    rates.multidimensional_poverty_person_rate_denominator,
    rates.minority_poverty_rate_numerator,
    rates.minority_poverty_rate_denominator,
    rates.minority_near_poverty_rate_numerator,
    rates.minority_near_poverty_rate_denominator,
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
from intermediate.poverty_places as places
inner join staging.quarters as quarters on places.quarter = quarters.quarter
left join sums
    on
        places.quarter = sums.quarter
        and places.area_code = sums.area_code
left join intermediate.poverty_rates_by_place as rates
    on
        places.quarter = rates.quarter
        and places.area_code = rates.area_code
order by places.quarter, places.area_code
