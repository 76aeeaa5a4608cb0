-- A ratio with something above has something below.
-- title_vi: Tử số khác 0 mà mẫu số bằng 0: không tính được tỷ lệ
-- checks:   intermediate.area_indicators
-- inputs:   staging.indicators, staging.areas, intermediate.area_measures
-- severity: warn

select
    indicators.quarter,
    areas.area_code,
    indicators.indicator_code as subject,
    numerators.value as found,
    denominators.value as expected
from staging.indicators as indicators
inner join staging.areas as areas
    on
        indicators.quarter = areas.quarter
        and indicators.pair_level = areas.area_level
inner join intermediate.area_measures as numerators
    on
        areas.quarter = numerators.quarter
        and areas.area_code = numerators.area_code
        and indicators.numerator = numerators.measure
        and numerators.series = 'actual'
inner join intermediate.area_measures as denominators
    on
        areas.quarter = denominators.quarter
        and areas.area_code = denominators.area_code
        and indicators.denominator = denominators.measure
        and denominators.series = 'actual'
where numerators.value <> 0 and denominators.value = 0
order by indicators.quarter, areas.area_code, indicators.indicator_code
