-- Quarters for which something was received; only they have rows in the models.
-- grain:  one row per quarter
-- inputs: raw.quarters, raw.receipts
-- units:  the three references are quarter labels and may name a quarter without receipts
-- source: calendar of raw/<programme>/programme.yml

with quarters_with_receipts as (
    select distinct quarter
    from raw.receipts
)

select
    quarters.quarter,
    quarters.year,
    quarters.number,
    quarters.first_month,
    quarters.last_month,
    quarters.ends_on,
    quarters.due_on,
    quarters.previous_quarter,
    quarters.same_quarter_last_year,
    quarters.previous_year_end,
    quarters.number = 4 as is_year_end,
    -- figures under two standards are two series; without a declared standard there is one
    coalesce(quarters.poverty_standard, '') as poverty_standard
from raw.quarters as quarters
inner join quarters_with_receipts on quarters.quarter = quarters_with_receipts.quarter
order by quarters.quarter
