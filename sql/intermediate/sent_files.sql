-- Every receipt with the reporter it is from, and whether anything of it was accepted.
-- grain:  one row per quarter, seq, file
-- inputs: staging.receipts, raw.submissions, staging.forms
-- units:  seq is the order of receipt; is_refused: it was read and no form of it was accepted, for
--         whatever month; bytes that are gone were not read, so nobody refused them;
--         is_locked_out: accepted, but it came after the period was closed
-- source: register.csv of the quarter; forms as sent

with submissions as (
    select distinct
        quarter,
        sha256
    from raw.submissions
),

accepted_hashes as (
    select distinct
        quarter,
        reporter,
        sha256
    from staging.forms
    where is_accepted
)

select
    sent.quarter,
    sent.seq,
    sent.file,
    sent.sha256,
    sent.received_on,
    sent.is_registered,
    sent.reporter,
    submissions.sha256 is not null and accepted_hashes.sha256 is null as is_refused,
    accepted_hashes.sha256 is not null and not sent.is_counted as is_locked_out
from staging.receipts as sent
left join submissions
    on
        sent.quarter = submissions.quarter
        and sent.sha256 = submissions.sha256
left join accepted_hashes
    on
        sent.quarter = accepted_hashes.quarter
        and sent.reporter = accepted_hashes.reporter
        and sent.sha256 = accepted_hashes.sha256
order by sent.quarter, sent.seq, sent.file
