-- The quarter's own figure is the growth of the cumulative one.
-- title_vi: Số trong kỳ khác mức tăng của số lũy kế
-- checks:   intermediate.area_measures
-- inputs:   staging.quarters, raw.measures
-- severity: warn

select
    in_period.quarter,
    in_period.area_code,
    in_period.measure as subject,
    in_period.value as found,
    cumulative.value - case when quarters.number = 1 then 0 else earlier.value end as expected
from intermediate.area_measures as in_period
inner join staging.quarters as quarters on in_period.quarter = quarters.quarter
inner join raw.measures as measures
    on
        in_period.measure = measures.code
        and in_period.area_level = measures.level
        and measures.period_kind = 'flow'
inner join intermediate.area_measures as cumulative
    on
        in_period.quarter = cumulative.quarter
        and in_period.measure = cumulative.measure
        and in_period.area_code = cumulative.area_code
        and cumulative.series = 'actual'
left join intermediate.area_measures as earlier
    on
        quarters.previous_quarter = earlier.quarter
        and in_period.measure = earlier.measure
        and in_period.area_code = earlier.area_code
        and earlier.series = 'actual'
where
    in_period.series = 'in_period'
    and in_period.value
    <> cumulative.value - case when quarters.number = 1 then 0 else earlier.value end
order by in_period.quarter, in_period.area_code, in_period.measure
