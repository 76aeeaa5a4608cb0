-- A waiver that nothing made use of is probably mistyped, or its cause is mended.
-- title_vi: Ngoại lệ đã chấp thuận nhưng không dùng đến: kiểm tra lại quy tắc, kỳ, đơn vị
-- checks:   marts.submission_status
-- inputs:   staging.waivers, staging.receipts, raw.findings, raw.quarters
-- severity: warn

with used as (
    select
        quarter,
        reporter,
        rule
    from raw.findings
    where severity = 'error'
    union
    select
        quarter,
        reporter,
        'period-locked' as rule
    from staging.receipts
    where is_after_lock and is_counted
    union
    select
        receipts.quarter,
        receipts.reporter,
        'deadline' as rule
    from staging.receipts as receipts
    inner join raw.quarters as quarters on receipts.quarter = quarters.quarter
    where receipts.received_on > quarters.due_on
),

-- a quarter for which nothing came yet has nothing to let pass
begun as (
    select distinct quarter
    from staging.receipts
)

select
    waivers.quarter,
    waivers.reporter as area_code,
    waivers.rule as subject,
    'not used' as found,
    'a finding or a date it lets pass' as expected
from staging.waivers as waivers
inner join begun on waivers.quarter = begun.quarter
left join used
    on
        waivers.quarter = used.quarter
        and waivers.reporter = used.reporter
        and waivers.rule = used.rule
where used.rule is null
order by waivers.quarter, waivers.reporter, waivers.rule
