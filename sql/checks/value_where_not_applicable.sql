-- An indicator for rural areas has no figure from an urban district.
-- title_vi: Đơn vị đô thị có số liệu cho chỉ tiêu chỉ áp dụng ở nông thôn: không được tính
-- checks:   intermediate.area_indicators
-- inputs:   staging.indicators, staging.areas, intermediate.area_measures
-- severity: warn

select
    indicators.quarter,
    areas.area_code,
    indicators.indicator_code as subject,
    numerators.value as found,
    'not applicable' as expected
from staging.indicators as indicators
inner join staging.areas as areas
    on
        indicators.quarter = areas.quarter
        and areas.area_level = 'district'
        and areas.is_urban
inner join intermediate.area_measures as numerators
    on
        areas.quarter = numerators.quarter
        and areas.area_code = numerators.area_code
        and indicators.numerator = numerators.measure
        and numerators.series = 'actual'
        and numerators.state = 'value'
where indicators.applies_to = 'rural_areas'
order by indicators.quarter, areas.area_code, indicators.indicator_code
