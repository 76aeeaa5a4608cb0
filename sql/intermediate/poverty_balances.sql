-- Both sides of each equation of the poverty forms, at commune, district and city level.
-- grain:  one row per quarter, rule, subject, area_code
-- inputs: staging.quarters, staging.poverty_movements, intermediate.commune_sums
-- units:  found and expected in households or persons; unexplained is their difference less the
--         differences of the areas one level below: what only this level shows
-- source: conservation, cross-form and continuity of the national forms

with kinds as (
    select suffix
    from (values ('households'), ('persons')) as suffixes (suffix)
),

movements as (
    select
        movements.class,
        movements.role,
        movements.sign,
        kinds.suffix,
        movements.flow || '_' || kinds.suffix as measure
    from staging.poverty_movements as movements
    cross join kinds
    where movements.role in ('opening', 'change', 'closing')
),

conservation as (
    select
        figures.quarter,
        figures.area_code,
        figures.parent_code,
        movements.class || '_' || movements.suffix as subject,
        max(case when movements.role = 'closing' then figures.value end) as found,
        sum(
            case movements.role
                when 'opening' then figures.value
                when 'change' then figures.value * movements.sign
                else 0
            end
        ) as expected
    from intermediate.commune_sums as figures
    inner join movements on figures.measure = movements.measure
    group by
        figures.quarter,
        figures.area_code,
        figures.parent_code,
        movements.class,
        movements.suffix
    -- all nine columns are there, else nothing can be said
    having count(*) = 9
),

pairs as (
    select
        stems.rule,
        stems.subject || '_' || kinds.suffix as subject,
        stems.other || '_' || kinds.suffix as other
    from (
        values
        ('forms', 'poor_to_near_poor', 'near_poor_from_poor'),
        ('forms', 'poor_from_near_poor', 'near_poor_to_poor'),
        ('review', 'poor', 'review_poor'),
        ('review', 'near_poor', 'review_near_poor'),
        ('opening', 'poor_opening', 'poor'),
        ('opening', 'near_poor_opening', 'near_poor')
    ) as stems (rule, subject, other)
    cross join kinds
),

compared as (
    select
        'conservation' as rule,
        quarter,
        area_code,
        parent_code,
        subject,
        found,
        expected
    from conservation
    union all
    select
        pairs.rule,
        figures.quarter,
        figures.area_code,
        figures.parent_code,
        pairs.subject,
        figures.value as found,
        others.value as expected
    from pairs
    inner join intermediate.commune_sums as figures on pairs.subject = figures.measure
    inner join staging.quarters as quarters on figures.quarter = quarters.quarter
    left join staging.quarters as year_ends
        on
            quarters.previous_year_end = year_ends.quarter
            and quarters.poverty_standard = year_ends.poverty_standard
    inner join intermediate.commune_sums as others
        on
            pairs.other = others.measure
            and figures.area_code = others.area_code
            and others.quarter
            = case when pairs.rule = 'opening' then year_ends.quarter else figures.quarter end
    -- sums at two dates compare only where every commune stands behind both
    where
        pairs.rule <> 'opening'
        or (
            figures.communes_reported = figures.communes_expected
            and others.communes_reported = others.communes_expected
        )
),

below as (
    select
        rule,
        quarter,
        subject,
        parent_code,
        sum(found - expected) as difference
    from compared
    group by rule, quarter, subject, parent_code
)

select
    compared.quarter,
    compared.rule,
    compared.subject,
    compared.area_code,
    compared.found,
    compared.expected,
    compared.found - compared.expected - coalesce(below.difference, 0) as unexplained
from compared
left join below
    on
        compared.rule = below.rule
        and compared.quarter = below.quarter
        and compared.subject = below.subject
        and compared.area_code = below.parent_code
order by compared.quarter, compared.rule, compared.subject, compared.area_code
