-- Every form that was read, with whether it counts: accepted by the reader, or by a waiver of each
-- of its errors.
-- grain:  one row per quarter, sha256, file, sheet, form, reporter, month
-- inputs: raw.forms, raw.findings, staging.waivers
-- units:  is_waived: refused by the reader, accepted by the office all the same
-- source: forms as sent; raw/<programme>/waivers.yml

with errors as (
    select
        findings.quarter,
        findings.sha256,
        findings.sheet,
        waivers.rule is not null as is_waived
    from raw.findings as findings
    left join staging.waivers as waivers
        on
            findings.quarter = waivers.quarter
            and findings.reporter = waivers.reporter
            and findings.rule = waivers.rule
    where findings.severity = 'error'
),

-- an error of the whole file (no sheet) is one of each of its forms
judged as (
    select
        forms.quarter,
        forms.sha256,
        forms.file,
        forms.sheet,
        forms.form,
        min(case when errors.is_waived then 1 else 0 end) = 1 as is_waived
    from raw.forms as forms
    inner join errors
        on
            forms.quarter = errors.quarter
            and forms.sha256 = errors.sha256
            and errors.sheet in ('', forms.sheet)
    -- a form of which nothing could be read has nothing that could be accepted
    where not forms.is_accepted and forms.rows_used > 0
    group by forms.quarter, forms.sha256, forms.file, forms.sheet, forms.form
)

select
    forms.quarter,
    forms.sha256,
    forms.file,
    forms.sheet,
    forms.form,
    forms.reporter,
    forms.month,
    forms.is_accepted or coalesce(judged.is_waived, false) as is_accepted,
    coalesce(judged.is_waived, false) as is_waived
from raw.forms as forms
left join judged
    on
        forms.quarter = judged.quarter
        and forms.sha256 = judged.sha256
        and forms.file = judged.file
        and forms.sheet = judged.sheet
        and forms.form = judged.form
order by forms.quarter, forms.sha256, forms.file, forms.sheet, forms.form
