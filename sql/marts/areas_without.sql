-- Districts that report no poor or no near-poor household.
-- grain:  one row per quarter, kind, area_code
-- inputs: staging.areas, intermediate.commune_sums
-- units:  kind poor | near_poor; districts_reported and districts_expected of the kind in the
--         quarter; a district counts only when each of its communes reported 0
-- source: closing stocks of the movement forms

with kinds as (
    select
        kind,
        measure
    from (
        values
        ('poor', 'poor_households'),
        ('near_poor', 'near_poor_households')
    ) as names (kind, measure)
),

reported as (
    select
        areas.quarter,
        kinds.kind,
        areas.area_code,
        areas.area_name,
        areas.area_full_name,
        areas.area_kind,
        areas.is_urban,
        areas.area_sort,
        closings.value as households,
        openings.value as opening_households,
        count(closings.value) over (partition by areas.quarter, kinds.kind) as districts_reported,
        count(*) over (partition by areas.quarter, kinds.kind) as districts_expected
    from staging.areas as areas
    cross join kinds
    left join intermediate.commune_sums as closings
        on
            areas.quarter = closings.quarter
            and areas.area_code = closings.area_code
            and kinds.measure = closings.measure
            and closings.communes_reported = closings.communes_expected
    left join intermediate.commune_sums as openings
        on
            areas.quarter = openings.quarter
            and areas.area_code = openings.area_code
            and kinds.kind || '_opening_households' = openings.measure
    where areas.area_level = 'district'
)

select
    quarter,
    kind,
    area_code,
    area_name,
    area_full_name,
    area_kind,
    is_urban,
    area_sort,
    opening_households,
    cast(districts_reported as integer) as districts_reported,
    cast(districts_expected as integer) as districts_expected
from reported
where households = 0
order by quarter, kind, area_code
