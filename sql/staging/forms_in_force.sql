-- The receipt that counts for each reporter, form and month: the latest that counts and
-- whose form is accepted.
-- grain:  one row per quarter, reporter, form, month
-- inputs: staging.forms, staging.receipts
-- units:  seq is the order of receipt within the quarter; month is 'yyyy-mm'
-- source: register.csv of the quarter

with accepted_forms as (
    select distinct
        quarter,
        reporter,
        form,
        month,
        sha256
    from staging.forms
    where is_accepted and reporter is not null
),

-- receipts are ordered, not files: the same bytes received again count again from then on
received_forms as (
    select
        accepted_forms.quarter,
        accepted_forms.reporter,
        accepted_forms.form,
        accepted_forms.month,
        accepted_forms.sha256,
        receipts.seq,
        receipts.file,
        receipts.received_on,
        receipts.basis,
        receipts.is_registered,
        row_number() over (
            partition by
                accepted_forms.quarter,
                accepted_forms.reporter,
                accepted_forms.form,
                accepted_forms.month
            order by receipts.seq desc, receipts.sha256, receipts.file
        ) as recency
    from accepted_forms
    inner join staging.receipts as receipts
        on
            accepted_forms.quarter = receipts.quarter
            and accepted_forms.sha256 = receipts.sha256
    where receipts.is_counted
)

select
    quarter,
    reporter,
    form,
    month,
    sha256,
    seq,
    file,
    received_on,
    basis,
    is_registered
from received_forms
where recency = 1
order by quarter, reporter, form, month
