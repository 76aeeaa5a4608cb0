-- The latest briefing issued for each quarter.
-- grain:  one row per quarter
-- inputs: raw.issues
-- units:  issued_on is the date on the document
-- source: raw/<programme>/issued/<quarter>.json

with ranked as (
    select
        *,
        row_number() over (partition by quarter order by issued_on desc, number desc) as recency
    from raw.issues
)

select
    quarter,
    number,
    issued_on,
    inputs_sha256,
    facts_sha256,
    pdf_sha256
from ranked
where recency = 1
order by quarter
