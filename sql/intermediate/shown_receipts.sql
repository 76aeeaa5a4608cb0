-- The receipt shown for each reporter: the last that counts, else the last that came.
-- grain:  one row per quarter, reporter
-- inputs: staging.quarters, staging.forms_in_force, staging.forms, staging.receipts,
--         intermediate.sent_files
-- units:  state accepted | locked (came after the period was closed) | rejected;
--         first_received_on is the day of the first accepted receipt
-- source: register.csv of the quarter; forms as sent

with shown as (
    select
        forms_in_force.quarter,
        forms_in_force.reporter,
        forms_in_force.seq,
        forms_in_force.file,
        forms_in_force.sha256,
        forms_in_force.received_on,
        forms_in_force.is_registered,
        'accepted' as state
    from staging.forms_in_force as forms_in_force
    inner join staging.quarters as quarters
        on
            forms_in_force.quarter = quarters.quarter
            and forms_in_force.month = quarters.last_month
    union all
    select
        quarter,
        reporter,
        seq,
        file,
        sha256,
        received_on,
        is_registered,
        case when is_refused then 'rejected' else 'locked' end as state
    from intermediate.sent_files
    where is_refused or is_locked_out
),

ranked as (
    select
        *,
        row_number() over (
            partition by quarter, reporter
            order by state, seq desc, sha256, file
        ) as recency
    from shown
),

-- who sent in time and corrected later was not late
first_accepted as (
    select
        forms.quarter,
        forms.reporter,
        min(receipts.received_on) as received_on
    from staging.forms as forms
    inner join staging.quarters as quarters
        on
            forms.quarter = quarters.quarter
            and forms.month = quarters.last_month
    inner join staging.receipts as receipts
        on
            forms.quarter = receipts.quarter
            and forms.sha256 = receipts.sha256
    where forms.is_accepted and receipts.is_counted
    group by forms.quarter, forms.reporter
)

select
    ranked.quarter,
    ranked.reporter,
    ranked.seq,
    ranked.file,
    ranked.sha256,
    ranked.received_on,
    ranked.is_registered,
    ranked.state,
    coalesce(first_accepted.received_on, ranked.received_on) as first_received_on
from ranked
left join first_accepted
    on
        ranked.quarter = first_accepted.quarter
        and ranked.reporter = first_accepted.reporter
where ranked.recency = 1
order by ranked.quarter, ranked.reporter
