-- What intake found in the submissions that count.
-- grain:  one row per quarter, rule, severity
-- inputs: staging.forms_in_force, raw.findings
-- units:  findings; reporters with at least one
-- source: raw.findings of submissions with a form in force

with submissions_in_force as (
    select distinct
        quarter,
        sha256,
        reporter
    from staging.forms_in_force
),

findings_in_force as (
    select distinct
        findings.quarter,
        findings.rule,
        findings.severity,
        findings.sha256,
        findings.sheet,
        findings.cell,
        findings.found,
        findings.expected,
        submissions_in_force.reporter
    from raw.findings as findings
    inner join submissions_in_force
        on
            findings.quarter = submissions_in_force.quarter
            and findings.sha256 = submissions_in_force.sha256
            and submissions_in_force.reporter
            = coalesce(findings.reporter, submissions_in_force.reporter)
)

select
    quarter,
    rule,
    severity,
    cast(count(*) as integer) as findings,
    cast(count(distinct reporter) as integer) as reporters
from findings_in_force
group by quarter, rule, severity
order by quarter, rule, severity
