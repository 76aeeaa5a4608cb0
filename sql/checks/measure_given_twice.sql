-- A measure that stands on two places has the same figure on both.
-- title_vi: Một số liệu ghi ở hai nơi với hai giá trị khác nhau: chưa dùng giá trị nào
-- checks:   staging.observations
-- inputs:   staging.cells
-- severity: warn

with readings as (
    select
        cells.quarter,
        cells.area_code,
        cells.measure,
        cells.month,
        cells.series,
        coalesce(cast(cells.value as varchar), cells.state) as reading,
        min(cells.file || ' ' || cells.sheet || '!' || cells.cell) as place
    from staging.cells as cells
    inner join staging.observations as observations
        on
            cells.quarter = observations.quarter
            and cells.measure = observations.measure
            and cells.area_code = observations.area_code
            and cells.month = observations.month
            and cells.series = observations.series
    where observations.is_contradicted and cells.state <> 'missing'
    group by
        cells.quarter,
        cells.area_code,
        cells.measure,
        cells.month,
        cells.series,
        coalesce(cast(cells.value as varchar), cells.state)
),

numbered as (
    select
        *,
        row_number() over (
            partition by quarter, area_code, measure, month, series
            order by place, reading
        ) as place_in_order
    from readings
)

-- the first place is named with each that differs from it
select
    firsts.quarter,
    firsts.area_code,
    firsts.measure || ' ' || firsts.series as subject,
    others.place || ': ' || others.reading as found,
    firsts.place || ': ' || firsts.reading as expected
from numbered as firsts
inner join numbered as others
    on
        firsts.quarter = others.quarter
        and firsts.area_code = others.area_code
        and firsts.measure = others.measure
        and firsts.month = others.month
        and firsts.series = others.series
        and firsts.place_in_order < others.place_in_order
where firsts.place_in_order = 1
order by
    firsts.quarter,
    firsts.area_code,
    firsts.measure,
    firsts.month,
    firsts.series,
    others.place_in_order
