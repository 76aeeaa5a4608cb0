-- Quarters for which something was received; only they have rows in the models.
-- grain:  one row per quarter
-- inputs: raw.quarters, raw.receipts, raw.assessments, raw.corrections, raw.targets
-- units:  the three references are quarter labels and may name a quarter without receipts;
--         data_on is the latest dated receipt, assessment, correction or plan up to the quarter,
--         never before its end: the date of the document
-- source: calendar of raw/<programme>/programme.yml; register.csv, assessments.csv,
--         corrections.yml, targets.csv

with quarters_with_receipts as (
    select distinct quarter
    from raw.receipts
),

dated_inputs as (
    select
        quarter,
        received_on as dated_on
    from raw.receipts
    union all
    select
        quarter,
        assessed_on as dated_on
    from raw.assessments
    union all
    select
        quarter,
        agreed_on as dated_on
    from raw.corrections
    union all
    select
        cast(year as varchar) || '-Q1' as quarter,
        issued_on as dated_on
    from raw.targets
    where scope = 'year'
)

select
    quarters.quarter,
    quarters.year,
    quarters.number,
    'quý ' || case quarters.number when 1 then 'I' when 2 then 'II' when 3 then 'III' else 'IV' end
    || '/' || cast(quarters.year as varchar) as title,
    quarters.first_month,
    quarters.last_month,
    quarters.ends_on,
    quarters.due_on,
    greatest(coalesce(max(dated_inputs.dated_on), quarters.ends_on), quarters.ends_on)
        as data_on,
    quarters.previous_quarter,
    quarters.same_quarter_last_year,
    quarters.previous_year_end,
    quarters.number = 4 as is_year_end,
    -- figures under two standards are two series; without a declared standard there is one
    coalesce(quarters.poverty_standard, '') as poverty_standard
from raw.quarters as quarters
inner join quarters_with_receipts on quarters.quarter = quarters_with_receipts.quarter
left join dated_inputs on quarters.quarter >= dated_inputs.quarter
group by
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
    quarters.poverty_standard
order by quarters.quarter
