-- Every row read on a form is used, recognised or set aside.
-- title_vi: Mọi dòng đọc được trên biểu phải được dùng, nhận biết hoặc loại ra có lý do
-- checks:   raw.forms
-- severity: error

select
    quarter,
    reporter as area_code,
    file || ' ' || sheet || ' ' || form as subject,
    rows_used + rows_recognised + rows_set_aside as found,
    rows_read as expected
from raw.forms
where rows_read <> rows_used + rows_recognised + rows_set_aside
order by quarter, reporter, file, sheet, form
