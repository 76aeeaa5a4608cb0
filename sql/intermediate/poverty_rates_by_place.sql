-- Poverty rates of each place, one column a rate.
-- grain:  one row per quarter, area_code
-- inputs: intermediate.poverty_ratios
-- units:  rates are fractions (0.08 = 8 %) given exactly by <rate>_numerator and
--         <rate>_denominator; person rates of all persons, minority rates of minority households
-- source: closing stocks of the movement forms, households and persons of the review form

with ratios as (
    select
        quarter,
        area_code,
        max(case when rate = 'poverty_rate' then numerator end)
            as poverty_rate_numerator,
        max(case when rate = 'poverty_rate' then denominator end)
            as poverty_rate_denominator,
        max(case when rate = 'near_poverty_rate' then numerator end)
            as near_poverty_rate_numerator,
        max(case when rate = 'near_poverty_rate' then denominator end)
            as near_poverty_rate_denominator,
        max(case when rate = 'multidimensional_poverty_rate' then numerator end)
            as multidimensional_poverty_rate_numerator,
        max(case when rate = 'multidimensional_poverty_rate' then denominator end)
            as multidimensional_poverty_rate_denominator,
        max(case when rate = 'poverty_person_rate' then numerator end)
            as poverty_person_rate_numerator,
        max(case when rate = 'poverty_person_rate' then denominator end)
            as poverty_person_rate_denominator,
        max(case when rate = 'near_poverty_person_rate' then numerator end)
            as near_poverty_person_rate_numerator,
        max(case when rate = 'near_poverty_person_rate' then denominator end)
            as near_poverty_person_rate_denominator,
        max(case when rate = 'multidimensional_poverty_person_rate' then numerator end)
            as multidimensional_poverty_person_rate_numerator,
        max(case when rate = 'multidimensional_poverty_person_rate' then denominator end)
            as multidimensional_poverty_person_rate_denominator,
        max(case when rate = 'minority_poverty_rate' then numerator end)
            as minority_poverty_rate_numerator,
        max(case when rate = 'minority_poverty_rate' then denominator end)
            as minority_poverty_rate_denominator,
        max(case when rate = 'minority_near_poverty_rate' then numerator end)
            as minority_near_poverty_rate_numerator,
        max(case when rate = 'minority_near_poverty_rate' then denominator end)
            as minority_near_poverty_rate_denominator
    from intermediate.poverty_ratios
    group by quarter, area_code
)

select
    ratios.quarter,
    ratios.area_code,
    -- an area without a return has no rate: null, never 0
    cast(ratios.poverty_rate_numerator as double)
    / nullif(cast(ratios.poverty_rate_denominator as double), 0)
        as poverty_rate,
    cast(ratios.near_poverty_rate_numerator as double)
    / nullif(cast(ratios.near_poverty_rate_denominator as double), 0)
        as near_poverty_rate,
    cast(ratios.multidimensional_poverty_rate_numerator as double)
    / nullif(cast(ratios.multidimensional_poverty_rate_denominator as double), 0)
        as multidimensional_poverty_rate,
    cast(ratios.poverty_person_rate_numerator as double)
    / nullif(cast(ratios.poverty_person_rate_denominator as double), 0)
        as poverty_person_rate,
    cast(ratios.near_poverty_person_rate_numerator as double)
    / nullif(cast(ratios.near_poverty_person_rate_denominator as double), 0)
        as near_poverty_person_rate,
    cast(ratios.multidimensional_poverty_person_rate_numerator as double)
    / nullif(cast(ratios.multidimensional_poverty_person_rate_denominator as double), 0)
        as multidimensional_poverty_person_rate,
    cast(ratios.minority_poverty_rate_numerator as double)
    / nullif(cast(ratios.minority_poverty_rate_denominator as double), 0)
        as minority_poverty_rate,
    cast(ratios.minority_near_poverty_rate_numerator as double)
    / nullif(cast(ratios.minority_near_poverty_rate_denominator as double), 0)
        as minority_near_poverty_rate,
    ratios.poverty_rate_numerator,
    ratios.poverty_rate_denominator,
    ratios.near_poverty_rate_numerator,
    ratios.near_poverty_rate_denominator,
    ratios.multidimensional_poverty_rate_numerator,
    ratios.multidimensional_poverty_rate_denominator,
    ratios.poverty_person_rate_numerator,
    ratios.poverty_person_rate_denominator,
    ratios.near_poverty_person_rate_numerator,
    ratios.near_poverty_person_rate_denominator,
    ratios.multidimensional_poverty_person_rate_numerator,
    ratios.multidimensional_poverty_person_rate_denominator,
    ratios.minority_poverty_rate_numerator,
    ratios.minority_poverty_rate_denominator,
    ratios.minority_near_poverty_rate_numerator,
    ratios.minority_near_poverty_rate_denominator
from ratios
order by ratios.quarter, ratios.area_code
