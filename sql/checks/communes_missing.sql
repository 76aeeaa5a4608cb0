-- A district that sends figures by commune sends all its communes.
-- title_vi: Đơn vị gửi số liệu theo xã nhưng còn thiếu xã, phường, thị trấn
-- checks:   intermediate.area_measures
-- inputs:   staging.areas
-- severity: warn

with reported_communes as (
    select distinct
        quarter,
        area_code,
        district_code
    from intermediate.area_measures
    where area_level = 'commune' and series = 'actual' and state <> 'missing'
),

reporting_districts as (
    select distinct
        quarter,
        district_code
    from reported_communes
)

select
    areas.quarter,
    areas.area_code,
    areas.district_code as subject,
    'no figure' as found,
    'figures of the commune' as expected
from staging.areas as areas
inner join reporting_districts
    on
        areas.quarter = reporting_districts.quarter
        and areas.district_code = reporting_districts.district_code
left join reported_communes
    on
        areas.quarter = reported_communes.quarter
        and areas.area_code = reported_communes.area_code
where areas.area_level = 'commune' and reported_communes.area_code is null
order by areas.quarter, areas.area_code
