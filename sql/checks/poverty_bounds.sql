-- Poor and near-poor are not more than all, minority households not more than their total.
-- title_vi: Hộ nghèo, cận nghèo, dân tộc thiểu số không vượt quá tổng số
-- checks:   intermediate.commune_sums
-- severity: warn

with bounds as (
    select
        part,
        other_part,
        words,
        whole
    from (
        values
        ('poor_households', 'near_poor_households', ' cộng hộ cận nghèo', 'households'),
        ('poor_persons', 'near_poor_persons', ' cộng khẩu cận nghèo', 'persons'),
        ('minority_households', null, '', 'households'),
        ('minority_poor_households', null, '', 'poor_households'),
        ('minority_near_poor_households', null, '', 'near_poor_households')
    ) as names (part, other_part, words, whole)
),

broken as (
    select
        parts.quarter,
        parts.area_code,
        parts.parent_code,
        parts.measure || bounds.words as subject,
        parts.value + coalesce(other_parts.value, 0) as found,
        wholes.value as expected
    from bounds
    inner join intermediate.commune_sums as parts on bounds.part = parts.measure
    inner join intermediate.commune_sums as wholes
        on
            parts.quarter = wholes.quarter
            and parts.area_code = wholes.area_code
            and bounds.whole = wholes.measure
    left join intermediate.commune_sums as other_parts
        on
            parts.quarter = other_parts.quarter
            and parts.area_code = other_parts.area_code
            and bounds.other_part = other_parts.measure
    where parts.value + coalesce(other_parts.value, 0) > wholes.value
),

shown_below as (
    select distinct
        quarter,
        parent_code
    from broken
)

select
    broken.quarter,
    broken.area_code,
    broken.subject,
    broken.found,
    broken.expected
from broken
-- what an area below already shows is said once, there
left join shown_below
    on
        broken.quarter = shown_below.quarter
        and broken.area_code = shown_below.parent_code
where shown_below.quarter is null
order by broken.quarter, broken.area_code, broken.subject
