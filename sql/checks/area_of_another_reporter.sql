-- A district reports on itself and its own communes.
-- title_vi: Đơn vị chỉ báo cáo số liệu của địa bàn mình
-- checks:   intermediate.area_measures
-- inputs:   staging.cells, staging.areas
-- severity: warn

select distinct
    cells.quarter,
    cells.area_code,
    cells.measure as subject,
    cells.reporter as found,
    areas.district_code as expected
from staging.cells as cells
inner join staging.areas as areas
    on
        cells.quarter = areas.quarter
        and cells.area_code = areas.area_code
inner join staging.areas as reporters
    on
        cells.quarter = reporters.quarter
        and cells.reporter = reporters.area_code
where areas.district_code is null or areas.district_code <> cells.reporter
order by cells.quarter, cells.area_code, cells.measure, cells.reporter
