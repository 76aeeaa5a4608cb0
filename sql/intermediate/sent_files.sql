-- Every receipt with the reporter it is from, and whether anything of it was accepted.
-- grain:  one row per quarter, seq, file
-- inputs: raw.receipts, raw.submissions, raw.forms
-- units:  seq is the order of receipt; is_refused: it was read and no form of it was accepted, for
--         whatever month; bytes that are gone were not read, so nobody refused them
-- source: register.csv of the quarter; forms as sent

-- a file copied under a second name is one submission
with submissions as (
    select
        quarter,
        sha256,
        max(reporter) as reporter
    from raw.submissions
    group by quarter, sha256
),

sent as (
    select
        receipts.quarter,
        receipts.seq,
        receipts.file,
        receipts.sha256,
        receipts.received_on,
        receipts.is_registered,
        submissions.sha256 is not null as is_read,
        -- who a file is from is what it says; the register helps where it says nothing
        coalesce(submissions.reporter, receipts.sent_by) as reporter
    from raw.receipts as receipts
    left join submissions
        on
            receipts.quarter = submissions.quarter
            and receipts.sha256 = submissions.sha256
),

accepted_hashes as (
    select distinct
        quarter,
        reporter,
        sha256
    from raw.forms
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
    sent.is_read and accepted_hashes.sha256 is null as is_refused
from sent
left join accepted_hashes
    on
        sent.quarter = accepted_hashes.quarter
        and sent.reporter = accepted_hashes.reporter
        and sent.sha256 = accepted_hashes.sha256
order by sent.quarter, sent.seq, sent.file
