-- Receipts of which the figures may be used: what came before the period was closed, or by leave.
-- grain:  one row per quarter, seq, sha256, file
-- inputs: raw.receipts, raw.quarters, raw.submissions, staging.waivers
-- units:  is_after_lock: came after the day on which the quarter's figures were closed
-- source: register.csv of the quarter; programme.yml (lock_days); raw/<programme>/waivers.yml

-- who a file is from is what it says; the register helps where it says nothing.
-- A file copied under a second name is one submission.
with senders as (
    select
        quarter,
        sha256,
        max(reporter) as reporter
    from raw.submissions
    group by quarter, sha256
),

dated as (
    select
        receipts.quarter,
        receipts.seq,
        receipts.file,
        receipts.sha256,
        receipts.received_on,
        receipts.basis,
        receipts.is_registered,
        coalesce(senders.reporter, receipts.sent_by) as reporter,
        coalesce(receipts.received_on > quarters.locked_on, false) as is_after_lock
    from raw.receipts as receipts
    left join raw.quarters as quarters on receipts.quarter = quarters.quarter
    left join senders
        on
            receipts.quarter = senders.quarter
            and receipts.sha256 = senders.sha256
)

select
    dated.quarter,
    dated.seq,
    dated.file,
    dated.sha256,
    dated.received_on,
    dated.basis,
    dated.is_registered,
    dated.reporter,
    dated.is_after_lock,
    not dated.is_after_lock
    or (
        waivers.rule is not null
        and dated.received_on <= coalesce(waivers.valid_until, dated.received_on)
    ) as is_counted
from dated
left join staging.waivers as waivers
    on
        dated.quarter = waivers.quarter
        and dated.reporter = waivers.reporter
        and waivers.rule = 'period-locked'
order by dated.quarter, dated.seq, dated.sha256, dated.file
