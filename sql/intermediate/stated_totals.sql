-- Totals printed on a district's forms in force beside the sums of its communes.
-- grain:  one row per quarter, measure, area_code, sha256, sheet, cell
-- inputs: raw.stated, staging.forms_in_force, staging.quarters, intermediate.commune_sums
-- units:  stated and computed in the measure's unit
-- source: forms as sent; a stated total is compared, never used

select
    stated.quarter,
    stated.subject as measure,
    stated.area_code,
    stated.sha256,
    stated.sheet,
    stated.cell,
    stated.raw_text,
    stated.value as stated,
    commune_sums.value as computed
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
-- with a commune missing the sum is smaller for that reason, which is said elsewhere
inner join intermediate.commune_sums as commune_sums
    on
        stated.quarter = commune_sums.quarter
        and stated.subject = commune_sums.measure
        and stated.area_code = commune_sums.area_code
        and commune_sums.area_level = 'district'
        and commune_sums.communes_reported = commune_sums.communes_expected
where
    stated.kind = 'total'
    and stated.series = 'actual'
    and stated.value is not null
order by
    stated.quarter,
    stated.subject,
    stated.area_code,
    stated.sha256,
    stated.sheet,
    stated.cell
