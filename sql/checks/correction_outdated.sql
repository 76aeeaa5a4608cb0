-- A correction replaces the figure it was agreed for; once the source is mended it must go.
-- title_vi: Số liệu gốc đã khác số ghi trong bản đính chính: cần bỏ hoặc sửa đính chính
-- checks:   staging.observations
-- inputs:   staging.corrections, staging.quarters
-- severity: error

select
    corrections.quarter,
    corrections.area_code,
    corrections.measure || ' ' || corrections.series as subject,
    case
        when observations.measure is null then 'no row'
        else coalesce(cast(observations.value as varchar), observations.state)
    end as found,
    coalesce(cast(corrections.old_value as varchar), 'missing') as expected
from staging.corrections as corrections
-- a quarter for which nothing is known yet, as before its first receipt, has nothing to correct
inner join staging.quarters as quarters on corrections.quarter = quarters.quarter
left join staging.observations as observations
    on
        corrections.quarter = observations.quarter
        and corrections.measure = observations.measure
        and corrections.area_code = observations.area_code
        and corrections.series = observations.series
        and observations.is_current
where observations.correction_reason is null
order by corrections.quarter, corrections.area_code, corrections.measure, corrections.series
