-- Forms in force come from those who have to report in the quarter.
-- title_vi: Báo cáo của đơn vị không thuộc diện báo cáo trong kỳ
-- checks:   marts.submission_status
-- inputs:   staging.forms_in_force, staging.expected_reporters
-- severity: warn

select distinct
    forms_in_force.quarter,
    forms_in_force.reporter as area_code,
    forms_in_force.form as subject,
    forms_in_force.file as found,
    'nothing expected' as expected
from staging.forms_in_force as forms_in_force
left join staging.expected_reporters as expected_reporters
    on
        forms_in_force.quarter = expected_reporters.quarter
        and forms_in_force.reporter = expected_reporters.reporter
where expected_reporters.reporter is null
order by
    forms_in_force.quarter,
    forms_in_force.reporter,
    forms_in_force.form,
    forms_in_force.file
