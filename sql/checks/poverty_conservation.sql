-- Opening - decreases + increases is the closing number, of households and of persons.
-- title_vi: Số đầu kỳ trừ giảm cộng tăng phải bằng số cuối kỳ
-- checks:   marts.poverty_flows
-- inputs:   staging.poverty_movements, intermediate.area_measures
-- severity: warn

with kinds as (
    select suffix
    from (values ('households'), ('persons')) as suffixes (suffix)
),

movements as (
    select
        movements.class,
        movements.role,
        movements.sign,
        kinds.suffix,
        movements.flow || '_' || kinds.suffix as measure
    from staging.poverty_movements as movements
    cross join kinds
),

balances as (
    select
        figures.quarter,
        figures.area_code,
        movements.class,
        movements.suffix,
        count(figures.value) as columns_filled,
        max(case when movements.role = 'closing' then figures.value end) as closing,
        sum(
            case movements.role
                when 'opening' then figures.value
                when 'change' then figures.value * movements.sign
                else 0
            end
        ) as balance
    from intermediate.area_measures as figures
    inner join movements on figures.measure = movements.measure
    where figures.series = 'actual' and figures.area_level = 'commune'
    group by figures.quarter, figures.area_code, movements.class, movements.suffix
)

select
    quarter,
    area_code,
    class || '_' || suffix as subject,
    closing as found,
    balance as expected
from balances
-- all nine columns are there, else nothing can be said
where columns_filled = 9 and closing <> balance
order by quarter, area_code, class, suffix
