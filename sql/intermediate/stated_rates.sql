-- Rates printed on the forms in force beside the same rates made from their parts.
-- grain:  one row per quarter, indicator_code, area_code, sha256, sheet, cell
-- inputs: raw.stated, staging.forms_in_force, staging.quarters, intermediate.area_indicators
-- units:  stated and computed in the indicator's unit; tolerance is half a unit of the last
--         decimal place stated
-- source: forms as sent; a stated rate is compared, never used

select
    stated.quarter,
    stated.subject as indicator_code,
    stated.area_code,
    stated.sha256,
    stated.sheet,
    stated.cell,
    stated.raw_text,
    stated.value as stated,
    area_indicators.numerator,
    area_indicators.denominator,
    area_indicators.scale,
    case
        -- a bare 0 means none, not "less than a half"
        when stated.value = 0 then 0.005
        when stated.value = round(stated.value, 0) then 0.5
        when stated.value = round(stated.value, 1) then 0.05
        when stated.value = round(stated.value, 2) then 0.005
        else 0.0005
    end as tolerance
from raw.stated as stated
inner join staging.quarters as quarters
    on
        stated.quarter = quarters.quarter
        and stated.month = quarters.last_month
inner join staging.forms_in_force as forms_in_force
    on
        stated.quarter = forms_in_force.quarter
        and stated.sha256 = forms_in_force.sha256
        and stated.form = forms_in_force.form
        and stated.reporter = forms_in_force.reporter
        and stated.month = forms_in_force.month
inner join intermediate.area_indicators as area_indicators
    on
        stated.quarter = area_indicators.quarter
        and stated.subject = area_indicators.indicator_code
        and stated.area_code = area_indicators.area_code
        and area_indicators.series = 'actual'
where
    stated.kind = 'rate'
    and stated.series = 'actual'
    and stated.value is not null
    and area_indicators.denominator > 0
order by
    stated.quarter,
    stated.subject,
    stated.area_code,
    stated.sha256,
    stated.sheet,
    stated.cell
