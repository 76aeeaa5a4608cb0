-- Measures of each area in the quarter's last month, derived ones and district sums included.
-- grain:  one row per quarter, series, measure, area_code
-- inputs: staging.observations, staging.areas, raw.measures, raw.measure_parts
-- units:  value in the measure's unit; stocks at the end of the quarter, flows from 1 January;
--         communes_reported of communes_expected stand behind a district's sum, null where there is
--         none; a commune to which the measure does not apply is not expected
-- source: forms as sent

with observed as (
    select
        observations.quarter,
        observations.series,
        observations.measure,
        observations.area_code,
        areas.area_level,
        areas.district_code,
        observations.state,
        cast(observations.value as decimal(38, 4)) as value,
        observations.basis_rank,
        observations.estimate_rank
    from staging.observations as observations
    inner join raw.measures as measures on observations.measure = measures.code
    -- a figure given for another level than its own is not summed with the rest
    inner join staging.areas as areas
        on
            observations.quarter = areas.quarter
            and observations.area_code = areas.area_code
            and measures.level = areas.area_level
    where observations.is_current
),

part_counts as (
    select
        measure_code,
        count(*) as parts
    from raw.measure_parts
    group by measure_code
),

part_sums as (
    select
        observed.quarter,
        observed.series,
        measure_parts.measure_code as measure,
        observed.area_code,
        observed.area_level,
        observed.district_code,
        part_counts.parts,
        sum(case when observed.state = 'value' then 1 else 0 end) as value_parts,
        sum(case when observed.state = 'not_applicable' then 1 else 0 end) as not_applicable_parts,
        sum(observed.value) as value,
        max(observed.basis_rank) as basis_rank,
        max(observed.estimate_rank) as estimate_rank
    from raw.measure_parts as measure_parts
    inner join part_counts on measure_parts.measure_code = part_counts.measure_code
    inner join observed on measure_parts.part_code = observed.measure
    group by
        observed.quarter,
        observed.series,
        measure_parts.measure_code,
        observed.area_code,
        observed.area_level,
        observed.district_code,
        part_counts.parts
),

own_level as (
    select
        quarter,
        series,
        measure,
        area_code,
        area_level,
        district_code,
        state,
        value,
        basis_rank,
        estimate_rank
    from observed
    union all
    -- a sum with a part missing is missing, not smaller
    select
        quarter,
        series,
        measure,
        area_code,
        area_level,
        district_code,
        case
            when value_parts = parts then 'value'
            when not_applicable_parts = parts then 'not_applicable'
            else 'missing'
        end as state,
        case when value_parts = parts then value end as value,
        case when value_parts = parts then basis_rank end as basis_rank,
        case when value_parts = parts then estimate_rank end as estimate_rank
    from part_sums
),

districts as (
    select
        quarter,
        district_code,
        count(*) as communes
    from staging.areas
    where area_level = 'commune'
    group by quarter, district_code
),

commune_sums as (
    select
        own_level.quarter,
        own_level.series,
        own_level.measure,
        own_level.district_code,
        -- a commune that sent no row has not said that the measure does not apply to it
        districts.communes,
        sum(case when own_level.state = 'value' then 1 else 0 end) as communes_reported,
        sum(case when own_level.state = 'not_applicable' then 1 else 0 end)
            as communes_not_applicable,
        sum(own_level.value) as value,
        max(own_level.basis_rank) as basis_rank,
        max(own_level.estimate_rank) as estimate_rank
    from own_level
    inner join districts
        on
            own_level.quarter = districts.quarter
            and own_level.district_code = districts.district_code
    where own_level.area_level = 'commune'
    group by
        own_level.quarter, own_level.series, own_level.measure, own_level.district_code,
        districts.communes
)

select
    quarter,
    series,
    measure,
    area_code,
    area_level,
    district_code,
    state,
    value,
    basis_rank,
    estimate_rank,
    cast(null as integer) as communes_reported,
    cast(null as integer) as communes_expected
from own_level
union all
select
    quarter,
    series,
    measure,
    district_code as area_code,
    'district' as area_level,
    district_code,
    case
        when communes_reported > 0 then 'value'
        when communes_not_applicable = communes then 'not_applicable'
        else 'missing'
    end as state,
    value,
    basis_rank,
    estimate_rank,
    cast(communes_reported as integer) as communes_reported,
    cast(communes - communes_not_applicable as integer) as communes_expected
from commune_sums
order by quarter, series, measure, area_code
