-- What the office decided to let pass, and until when.
-- grain:  one row per quarter, reporter, rule
-- inputs: raw.waivers
-- units:  valid_until is the last day on which a file may come for it; null = no end
-- source: raw/<programme>/waivers.yml

with ranked as (
    select
        *,
        row_number() over (
            partition by quarter, reporter, rule
            order by agreed_on desc, valid_until desc nulls first, reason, agreed_by
        ) as recency
    from raw.waivers
)

select
    quarter,
    reporter,
    rule,
    reason,
    agreed_by,
    agreed_on,
    valid_until
from ranked
where recency = 1
order by quarter, reporter, rule
