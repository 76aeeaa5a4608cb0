-- What reporters wrote themselves on the forms in force, by reporter.
-- grain:  one row per quarter, reporter, sha256, sheet, cell
-- inputs: staging.quarters, staging.expected_reporters, staging.forms_in_force, raw.forms,
--         raw.remarks
-- units:  text as sent; place numbers the remarks of a reporter 1, 2, ...
-- source: forms as sent

-- a sheet that carries a form counts with its form; any other with the file
with form_sheets as (
    select distinct
        quarter,
        sha256,
        sheet,
        form
    from raw.forms
),

files_in_force as (
    select
        forms_in_force.quarter,
        forms_in_force.sha256,
        forms_in_force.reporter,
        forms_in_force.form
    from staging.forms_in_force as forms_in_force
    inner join staging.quarters as quarters
        on
            forms_in_force.quarter = quarters.quarter
            and forms_in_force.month = quarters.last_month
),

remarks_in_force as (
    select
        remarks.quarter,
        files_in_force.reporter,
        remarks.sha256,
        min(remarks.file) as file,
        remarks.sheet,
        remarks.cell,
        max(remarks.row_label) as row_label,
        max(remarks.text) as text
    from raw.remarks as remarks
    left join form_sheets
        on
            remarks.quarter = form_sheets.quarter
            and remarks.sha256 = form_sheets.sha256
            and remarks.sheet = form_sheets.sheet
    inner join files_in_force
        on
            remarks.quarter = files_in_force.quarter
            and remarks.sha256 = files_in_force.sha256
            and coalesce(form_sheets.form, files_in_force.form) = files_in_force.form
            and coalesce(remarks.reporter, files_in_force.reporter) = files_in_force.reporter
    group by
        remarks.quarter,
        files_in_force.reporter,
        remarks.sha256,
        remarks.sheet,
        remarks.cell
)

select
    remarks_in_force.quarter,
    remarks_in_force.reporter,
    reporters.reporter_name,
    reporters.reporter_kind,
    reporters.sort as reporter_sort,
    remarks_in_force.sha256,
    remarks_in_force.file,
    remarks_in_force.sheet,
    remarks_in_force.cell,
    remarks_in_force.row_label,
    remarks_in_force.text,
    cast(row_number() over (
        partition by remarks_in_force.quarter, remarks_in_force.reporter
        order by remarks_in_force.sheet, remarks_in_force.cell, remarks_in_force.sha256
    ) as integer) as place
from remarks_in_force
left join staging.expected_reporters as reporters
    on
        remarks_in_force.quarter = reporters.quarter
        and remarks_in_force.reporter = reporters.reporter
order by
    remarks_in_force.quarter,
    remarks_in_force.reporter,
    remarks_in_force.sha256,
    remarks_in_force.sheet,
    remarks_in_force.cell
