-- The opening number is the closing number of the year before under the same standard.
-- title_vi: Số đầu kỳ khác số cuối năm trước
-- checks:   intermediate.area_measures
-- inputs:   staging.quarters
-- severity: warn

with pairs as (
    select
        opening,
        closing
    from (
        values
        ('poor_opening_households', 'poor_households'),
        ('poor_opening_persons', 'poor_persons'),
        ('near_poor_opening_households', 'near_poor_households'),
        ('near_poor_opening_persons', 'near_poor_persons')
    ) as measures (opening, closing)
)

select
    openings.quarter,
    openings.area_code,
    openings.measure as subject,
    openings.value as found,
    closings.value as expected
from pairs
inner join intermediate.area_measures as openings
    on
        pairs.opening = openings.measure
        and openings.series = 'actual'
        and openings.area_level = 'commune'
inner join staging.quarters as quarters on openings.quarter = quarters.quarter
inner join staging.quarters as year_ends
    on
        quarters.previous_year_end = year_ends.quarter
        and quarters.poverty_standard = year_ends.poverty_standard
inner join intermediate.area_measures as closings
    on
        year_ends.quarter = closings.quarter
        and openings.area_code = closings.area_code
        and pairs.closing = closings.measure
        and closings.series = 'actual'
where openings.value <> closings.value
order by openings.quarter, openings.area_code, openings.measure
