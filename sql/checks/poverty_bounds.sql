-- Poor and near-poor are not more than all, minority households not more than their total.
-- title_vi: Hộ nghèo, cận nghèo, dân tộc thiểu số không vượt quá tổng số
-- checks:   intermediate.poverty_returns
-- severity: warn

with broken as (
    select
        quarter,
        commune_code,
        'poor and near-poor households' as subject,
        poor_households + near_poor_households as found,
        households as expected
    from intermediate.poverty_returns
    where poor_households + near_poor_households > households
    union all
    select
        quarter,
        commune_code,
        'poor and near-poor persons' as subject,
        poor_persons + near_poor_persons as found,
        persons as expected
    from intermediate.poverty_returns
    where poor_persons + near_poor_persons > persons
    union all
    select
        quarter,
        commune_code,
        'minority_households' as subject,
        minority_households as found,
        households as expected
    from intermediate.poverty_returns
    where minority_households > households
    union all
    select
        quarter,
        commune_code,
        'minority_poor_households' as subject,
        minority_poor_households as found,
        poor_households as expected
    from intermediate.poverty_returns
    where minority_poor_households > poor_households
    union all
    select
        quarter,
        commune_code,
        'minority_near_poor_households' as subject,
        minority_near_poor_households as found,
        near_poor_households as expected
    from intermediate.poverty_returns
    where minority_near_poor_households > near_poor_households
)

select
    quarter,
    commune_code as area_code,
    subject,
    found,
    expected
from broken
order by quarter, commune_code, subject
