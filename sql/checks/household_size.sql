-- A household has at least 1 person and on average at most 12.
-- title_vi: Số khẩu không khớp số hộ (ít hơn 1 hoặc nhiều hơn 12 khẩu một hộ)
-- checks:   intermediate.poverty_returns
-- severity: warn

with broken as (
    select
        quarter,
        commune_code,
        'persons' as subject,
        persons as found,
        households as expected
    from intermediate.poverty_returns
    where persons < households or persons > households * 12
    union all
    select
        quarter,
        commune_code,
        'poor_persons' as subject,
        poor_persons as found,
        poor_households as expected
    from intermediate.poverty_returns
    where poor_persons < poor_households or poor_persons > poor_households * 12
    union all
    select
        quarter,
        commune_code,
        'near_poor_persons' as subject,
        near_poor_persons as found,
        near_poor_households as expected
    from intermediate.poverty_returns
    where near_poor_persons < near_poor_households or near_poor_persons > near_poor_households * 12
)

select
    quarter,
    commune_code as area_code,
    subject,
    found,
    expected
from broken
order by quarter, commune_code, subject
