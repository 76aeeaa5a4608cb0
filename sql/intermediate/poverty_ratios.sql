-- Numerator and denominator of each poverty rate of each place.
-- grain:  one row per quarter, area_code, rate
-- inputs: intermediate.poverty_members, intermediate.poverty_returns
-- units:  households or persons, summed over the communes that reported both parts
-- source: closing stocks of the movement forms, households and persons of the review form

with rates as (
    select rate
    from (
        values
        ('poverty_rate'),
        ('near_poverty_rate'),
        ('multidimensional_poverty_rate'),
        ('poverty_person_rate'),
        ('near_poverty_person_rate'),
        ('multidimensional_poverty_person_rate'),
        ('minority_poverty_rate'),
        ('minority_near_poverty_rate')
    ) as names (rate)
),

-- a sum with a part missing is missing, so both-together needs poor and near-poor
parts as (
    select
        returns.quarter,
        returns.commune_code,
        rates.rate,
        case rates.rate
            when 'poverty_rate' then returns.poor_households
            when 'near_poverty_rate' then returns.near_poor_households
            when 'multidimensional_poverty_rate'
                then returns.poor_households + returns.near_poor_households
            when 'poverty_person_rate' then returns.poor_persons
            when 'near_poverty_person_rate' then returns.near_poor_persons
            when 'multidimensional_poverty_person_rate'
                then returns.poor_persons + returns.near_poor_persons
            when 'minority_poverty_rate' then returns.minority_poor_households
            when 'minority_near_poverty_rate' then returns.minority_near_poor_households
        end as numerator,
        case
            when rates.rate like 'minority%' then returns.minority_households
            when rates.rate like '%person%' then returns.persons
            else returns.households
        end as denominator
    from intermediate.poverty_returns as returns
    cross join rates
)

select
    members.quarter,
    members.area_code,
    parts.rate,
    sum(parts.numerator) as numerator,
    sum(parts.denominator) as denominator
from intermediate.poverty_members as members
inner join parts
    on
        members.quarter = parts.quarter
        and members.commune_code = parts.commune_code
where parts.numerator is not null and parts.denominator is not null
group by members.quarter, members.area_code, parts.rate
order by members.quarter, members.area_code, parts.rate
