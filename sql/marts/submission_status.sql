-- Who sent what for each quarter, when, and whether it was accepted.
-- grain:  one row per quarter, reporter
-- inputs: staging.quarters, staging.expected_reporters, staging.forms_in_force, staging.forms,
--         staging.waivers, raw.receipts, raw.findings, intermediate.sent_files,
--         intermediate.shown_receipts
-- units:  state accepted | locked (came after the period was closed) | rejected | missing;
--         days_late of the first accepted receipt, 0 if in time; errors and warns of the files
--         in force, or of the last file where none is accepted; receipts counts every arrival
-- source: register.csv of the quarter; forms as sent

with receipt_counts as (
    select
        quarter,
        reporter,
        count(*) as receipts
    from intermediate.sent_files
    group by quarter, reporter
),

current_forms as (
    select forms_in_force.*
    from staging.forms_in_force as forms_in_force
    inner join staging.quarters as quarters
        on
            forms_in_force.quarter = quarters.quarter
            and forms_in_force.month = quarters.last_month
),

accepted_versions as (
    select
        forms.quarter,
        forms.reporter,
        forms.form,
        count(distinct forms.sha256) as versions
    from staging.forms as forms
    inner join staging.quarters as quarters
        on
            forms.quarter = quarters.quarter
            and forms.month = quarters.last_month
    inner join raw.receipts as receipts
        on
            forms.quarter = receipts.quarter
            and forms.sha256 = receipts.sha256
    where forms.is_accepted
    group by forms.quarter, forms.reporter, forms.form
),

corrected as (
    select distinct
        quarter,
        reporter
    from accepted_versions
    where versions > 1
),

-- a later file in which the form, or everything, was refused: the older one stays in use
rejected_forms as (
    select distinct
        current_forms.quarter,
        current_forms.reporter
    from current_forms
    inner join staging.forms as forms
        on
            current_forms.quarter = forms.quarter
            and current_forms.reporter = forms.reporter
            and current_forms.form = forms.form
            and not forms.is_accepted
    inner join raw.receipts as receipts
        on
            forms.quarter = receipts.quarter
            and forms.sha256 = receipts.sha256
            and current_forms.seq < receipts.seq
    where forms.month is null or forms.month = current_forms.month
),

rejected_files as (
    select distinct
        shown.quarter,
        shown.reporter
    from intermediate.shown_receipts as shown
    inner join intermediate.sent_files as sent_files
        on
            shown.quarter = sent_files.quarter
            and shown.reporter = sent_files.reporter
            and shown.seq < sent_files.seq
    where shown.state = 'accepted' and sent_files.is_refused
),

locked_newer as (
    select distinct
        shown.quarter,
        shown.reporter
    from intermediate.shown_receipts as shown
    inner join intermediate.sent_files as sent_files
        on
            shown.quarter = sent_files.quarter
            and shown.reporter = sent_files.reporter
            and shown.seq < sent_files.seq
    where shown.state = 'accepted' and sent_files.is_locked_out
),

rejected_newer as (
    select * from rejected_forms
    union
    select * from rejected_files
),

files_in_question as (
    select
        quarter,
        reporter,
        sha256
    from current_forms
    union
    select
        quarter,
        reporter,
        sha256
    from intermediate.shown_receipts
),

findings as (
    select distinct
        quarter,
        sha256,
        reporter,
        rule,
        severity,
        sheet,
        cell,
        found,
        expected
    from raw.findings
),

finding_counts as (
    select
        files_in_question.quarter,
        files_in_question.reporter,
        sum(case when findings.severity = 'error' then 1 else 0 end) as errors,
        sum(case when findings.severity = 'warn' then 1 else 0 end) as warns
    from files_in_question
    inner join findings
        on
            files_in_question.quarter = findings.quarter
            and files_in_question.sha256 = findings.sha256
            and files_in_question.reporter
            = coalesce(findings.reporter, files_in_question.reporter)
    group by files_in_question.quarter, files_in_question.reporter
)

select
    reporters.quarter,
    reporters.reporter,
    reporters.reporter_name,
    reporters.reporter_kind,
    reporters.sort,
    coalesce(shown.state, 'missing') as state,
    coalesce(shown.first_received_on > quarters.due_on, false)
    and not coalesce(
        leave.rule is not null
        and shown.first_received_on <= coalesce(leave.valid_until, shown.first_received_on), false
    ) as is_late,
    coalesce(shown.is_registered, false) as is_registered,
    corrected.reporter is not null as is_corrected,
    rejected_newer.reporter is not null as has_rejected_newer,
    locked_newer.reporter is not null as has_locked_newer,
    shown.file,
    shown.seq,
    shown.received_on,
    quarters.due_on,
    case
        when shown.first_received_on > quarters.due_on
            then cast(shown.first_received_on - quarters.due_on as integer)
        when shown.first_received_on is not null then 0
    end as days_late,
    cast(coalesce(receipt_counts.receipts, 0) as integer) as receipts,
    cast(coalesce(finding_counts.errors, 0) as integer) as errors,
    cast(coalesce(finding_counts.warns, 0) as integer) as warns
from staging.expected_reporters as reporters
inner join staging.quarters as quarters on reporters.quarter = quarters.quarter
left join intermediate.shown_receipts as shown
    on
        reporters.quarter = shown.quarter
        and reporters.reporter = shown.reporter
left join receipt_counts
    on
        reporters.quarter = receipt_counts.quarter
        and reporters.reporter = receipt_counts.reporter
left join corrected
    on
        reporters.quarter = corrected.quarter
        and reporters.reporter = corrected.reporter
left join rejected_newer
    on
        reporters.quarter = rejected_newer.quarter
        and reporters.reporter = rejected_newer.reporter
left join locked_newer
    on
        reporters.quarter = locked_newer.quarter
        and reporters.reporter = locked_newer.reporter
left join staging.waivers as leave
    on
        reporters.quarter = leave.quarter
        and reporters.reporter = leave.reporter
        and leave.rule = 'deadline'
left join finding_counts
    on
        reporters.quarter = finding_counts.quarter
        and reporters.reporter = finding_counts.reporter
order by reporters.quarter, reporters.reporter
