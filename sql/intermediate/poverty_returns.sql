-- Poverty returns of each commune: one row a commune, one column a count.
-- grain:  one row per quarter, commune_code
-- inputs: staging.areas, intermediate.area_measures
-- units:  households and persons; poor and near-poor at the end of the quarter, opening at the
--         start of the year; null = no return
-- source: national forms on poor and near-poor households and on the review

with communes as (
    select
        quarter,
        area_code,
        district_code,
        is_urban
    from staging.areas
    where area_level = 'commune'
),

figures as (
    select
        quarter,
        measure,
        area_code,
        value,
        basis_rank
    from intermediate.area_measures
    where series = 'actual' and area_level = 'commune' and state = 'value'
)

select
    communes.quarter,
    communes.area_code as commune_code,
    communes.district_code,
    communes.is_urban,
    max(case when figures.measure = 'households' then figures.value end) as households,
    max(case when figures.measure = 'persons' then figures.value end) as persons,
    max(case when figures.measure = 'minority_households' then figures.value end)
        as minority_households,
    max(case when figures.measure = 'poor_households' then figures.value end) as poor_households,
    max(case when figures.measure = 'poor_persons' then figures.value end) as poor_persons,
    max(case when figures.measure = 'minority_poor_households' then figures.value end)
        as minority_poor_households,
    max(case when figures.measure = 'near_poor_households' then figures.value end)
        as near_poor_households,
    max(case when figures.measure = 'near_poor_persons' then figures.value end)
        as near_poor_persons,
    max(case when figures.measure = 'minority_near_poor_households' then figures.value end)
        as minority_near_poor_households,
    max(case when figures.measure = 'poor_opening_households' then figures.value end)
        as poor_opening_households,
    max(case when figures.measure = 'near_poor_opening_households' then figures.value end)
        as near_poor_opening_households,
    max(case when figures.measure = 'review_poor_households' then figures.value end)
        as review_poor_households,
    max(case when figures.measure = 'review_poor_persons' then figures.value end)
        as review_poor_persons,
    max(case when figures.measure = 'review_near_poor_households' then figures.value end)
        as review_near_poor_households,
    max(case when figures.measure = 'review_near_poor_persons' then figures.value end)
        as review_near_poor_persons,
    max(
        case
            when figures.measure in (
                'households',
                'poor_households',
                'near_poor_households'
            ) then figures.basis_rank
        end
    ) as basis_rank
from communes
left join figures
    on
        communes.quarter = figures.quarter
        and communes.area_code = figures.area_code
group by communes.quarter, communes.area_code, communes.district_code, communes.is_urban
order by communes.quarter, communes.area_code
