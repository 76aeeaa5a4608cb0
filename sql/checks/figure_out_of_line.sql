-- A figure stays within a multiple of what the same place reported before.
-- title_vi: Số khác thường so với số chính đơn vị đã báo cáo kỳ trước hoặc cùng kỳ năm trước
-- checks:   intermediate.figure_history
-- severity: warn

select
    quarter,
    area_code,
    measure as subject,
    value as found,
    earlier_value as expected
from intermediate.figure_history
where
    greatest(value, earlier_value) >= outlier_floor
    -- from nothing there is no multiple, but to nothing there is: a figure may have been left out
    and earlier_value > 0
    and (
        value >= outlier_factor * earlier_value
        or earlier_value >= outlier_factor * value
    )
order by quarter, area_code, measure
