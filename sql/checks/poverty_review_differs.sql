-- Closing numbers of the movement forms are those of the review form.
-- title_vi: Số cuối kỳ trên biểu diễn biến phải khớp biểu kết quả rà soát
-- checks:   intermediate.poverty_returns
-- severity: warn

with broken as (
    select
        quarter,
        commune_code,
        'poor_households' as subject,
        poor_households as found,
        review_poor_households as expected
    from intermediate.poverty_returns
    where poor_households <> review_poor_households
    union all
    select
        quarter,
        commune_code,
        'poor_persons' as subject,
        poor_persons as found,
        review_poor_persons as expected
    from intermediate.poverty_returns
    where poor_persons <> review_poor_persons
    union all
    select
        quarter,
        commune_code,
        'near_poor_households' as subject,
        near_poor_households as found,
        review_near_poor_households as expected
    from intermediate.poverty_returns
    where near_poor_households <> review_near_poor_households
    union all
    select
        quarter,
        commune_code,
        'near_poor_persons' as subject,
        near_poor_persons as found,
        review_near_poor_persons as expected
    from intermediate.poverty_returns
    where near_poor_persons <> review_near_poor_persons
)

select
    quarter,
    commune_code as area_code,
    subject,
    found,
    expected
from broken
order by quarter, commune_code, subject
