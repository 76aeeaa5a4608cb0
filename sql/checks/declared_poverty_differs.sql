-- Poor and all households declared by a district are the sum of its communes.
-- title_vi: Số hộ ghi trên biểu chung khác tổng số hộ của các xã
-- checks:   intermediate.area_measures
-- inputs:   staging.areas
-- severity: warn

with pairs as (
    select
        declared,
        by_commune
    from (
        values
        ('declared_poor_households', 'poor_households'),
        ('declared_households', 'households')
    ) as measures (declared, by_commune)
),

communes as (
    select
        quarter,
        district_code,
        count(*) as communes
    from staging.areas
    where area_level = 'commune'
    group by quarter, district_code
)

select
    declared.quarter,
    declared.area_code,
    declared.measure as subject,
    declared.value as found,
    sums.value as expected
from pairs
inner join intermediate.area_measures as declared
    on
        pairs.declared = declared.measure
        and declared.series = 'actual'
inner join intermediate.area_measures as sums
    on
        declared.quarter = sums.quarter
        and declared.area_code = sums.area_code
        and pairs.by_commune = sums.measure
        and sums.series = 'actual'
-- a sum with communes missing is smaller for that reason, which is said elsewhere
inner join communes
    on
        sums.quarter = communes.quarter
        and sums.area_code = communes.district_code
        and sums.communes_reported = communes.communes
where declared.value <> sums.value
order by declared.quarter, declared.area_code, declared.measure
