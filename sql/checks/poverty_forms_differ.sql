-- Households that change class are the same on the two movement forms.
-- title_vi: Số hộ chuyển giữa nghèo và cận nghèo phải khớp giữa hai biểu diễn biến
-- checks:   intermediate.area_measures
-- severity: warn

with pairs as (
    select
        on_poor_form,
        on_near_poor_form
    from (
        values
        ('poor_to_near_poor_households', 'near_poor_from_poor_households'),
        ('poor_to_near_poor_persons', 'near_poor_from_poor_persons'),
        ('poor_from_near_poor_households', 'near_poor_to_poor_households'),
        ('poor_from_near_poor_persons', 'near_poor_to_poor_persons')
    ) as measures (on_poor_form, on_near_poor_form)
)

select
    poor_form.quarter,
    poor_form.area_code,
    poor_form.measure as subject,
    poor_form.value as found,
    near_poor_form.value as expected
from pairs
inner join intermediate.area_measures as poor_form
    on
        pairs.on_poor_form = poor_form.measure
        and poor_form.series = 'actual'
        and poor_form.area_level = 'commune'
inner join intermediate.area_measures as near_poor_form
    on
        poor_form.quarter = near_poor_form.quarter
        and poor_form.area_code = near_poor_form.area_code
        and pairs.on_near_poor_form = near_poor_form.measure
        and near_poor_form.series = 'actual'
where poor_form.value <> near_poor_form.value
order by poor_form.quarter, poor_form.area_code, poor_form.measure
