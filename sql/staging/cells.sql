-- Cells of the forms in force, as they were read.
-- grain:  one row per quarter, sha256, sheet, cell, measure, area_code, series
-- inputs: raw.observations, staging.forms, staging.forms_in_force, staging.quarters
-- units:  value in the measure's unit; basis_rank 1 published, 2 reported, 3 illustrative;
--         estimate_rank 0 none, 1 ước, 2 khoảng; month is that of the form
-- source: forms as sent; the sheet and cell of each figure

with accepted_sheets as (
    select distinct
        quarter,
        sha256,
        sheet,
        form,
        reporter,
        month
    from staging.forms
    where is_accepted
)

select
    observations.quarter,
    observations.measure,
    observations.area_code,
    forms_in_force.month,
    observations.series,
    observations.state,
    case when observations.state = 'value' then observations.value end as value,
    observations.raw_text,
    observations.reporter,
    observations.form,
    observations.sha256,
    observations.file,
    observations.sheet,
    observations.cell,
    forms_in_force.month = quarters.last_month as is_current,
    case forms_in_force.basis
        when 'published' then 1
        when 'reported' then 2
        else 3
    end as basis_rank,
    case
        when lower(observations.qualifier) in ('khoảng', '~', '≈', 'gần', 'xấp xỉ') then 2
        when lower(observations.qualifier) like 'ước%' then 1
        else 0
    end as estimate_rank
from raw.observations as observations
inner join accepted_sheets
    on
        observations.quarter = accepted_sheets.quarter
        and observations.sha256 = accepted_sheets.sha256
        and observations.sheet = accepted_sheets.sheet
        and observations.form = accepted_sheets.form
        and observations.reporter = accepted_sheets.reporter
        -- the column "same period last year" belongs to the form's month, whichever it carries
        and (
            observations.month = accepted_sheets.month
            or (
                observations.series = 'last_year'
                and observations.month
                = cast(cast(substr(accepted_sheets.month, 1, 4) as integer) - 1 as varchar)
                || substr(accepted_sheets.month, 5)
            )
        )
inner join staging.forms_in_force as forms_in_force
    on
        accepted_sheets.quarter = forms_in_force.quarter
        and accepted_sheets.reporter = forms_in_force.reporter
        and accepted_sheets.form = forms_in_force.form
        and accepted_sheets.month = forms_in_force.month
        and accepted_sheets.sha256 = forms_in_force.sha256
inner join staging.quarters as quarters on observations.quarter = quarters.quarter
order by
    observations.quarter,
    observations.sha256,
    observations.sheet,
    observations.cell,
    observations.measure,
    observations.area_code,
    observations.series,
    forms_in_force.month
