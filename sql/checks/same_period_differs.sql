-- The column of the same period last year is what was reported then.
-- title_vi: Số cùng kỳ năm trước ghi trên biểu khác số đã báo cáo
-- checks:   intermediate.area_measures
-- inputs:   staging.quarters, raw.measures
-- severity: warn

select
    stated.quarter,
    stated.area_code,
    stated.measure as subject,
    stated.value as found,
    recorded.value as expected
from intermediate.area_measures as stated
inner join raw.measures as measures
    on
        stated.measure = measures.code
        and stated.area_level = measures.level
inner join staging.quarters as quarters on stated.quarter = quarters.quarter
inner join staging.quarters as last_year
    on
        quarters.same_quarter_last_year = last_year.quarter
        -- poverty under another standard is another series
        and (
            stated.measure not like '%poor%'
            or quarters.poverty_standard = last_year.poverty_standard
        )
inner join intermediate.area_measures as recorded
    on
        last_year.quarter = recorded.quarter
        and stated.measure = recorded.measure
        and stated.area_code = recorded.area_code
        and recorded.series = 'actual'
where stated.series = 'last_year' and stated.value <> recorded.value
order by stated.quarter, stated.area_code, stated.measure
