-- An indicator stands once in the table of progress.
-- title_vi: Mỗi chỉ tiêu chỉ có một dòng đánh giá trong kỳ
-- checks:   marts.indicator_progress
-- severity: error

select
    quarter,
    cast(null as varchar) as area_code,
    indicator_code as subject,
    count(*) as found,
    1 as expected
from marts.indicator_progress
group by
    quarter,
    indicator_code
having count(*) > 1
order by quarter, indicator_code
