-- What happened after a briefing was issued that can have changed one of its figures.
-- grain:  one row per quarter, indicator_code, area_code, kind, cause_vi
-- inputs: staging.areas, staging.cells, staging.corrections, staging.forms_in_force,
--         staging.expected_reporters, raw.measures, raw.targets, raw.assessments,
--         intermediate.indicator_measures, intermediate.revised_figures
-- units:  kind 1 resubmission, 2 correction, 3 target, 4 assessment; cause_vi in words
-- source: register.csv, corrections.yml, targets.csv, assessments.csv

with issued as (
    select
        quarter,
        indicator_code,
        area_code,
        issued_on
    from intermediate.revised_figures
),

-- which figures of which area a file gave, communes under their district
cells_of_districts as (
    select distinct
        cells.quarter,
        cells.measure,
        cells.reporter,
        cells.form,
        cells.month,
        coalesce(areas.district_code, areas.area_code) as area_code
    from staging.cells as cells
    inner join staging.areas as areas
        on
            cells.quarter = areas.quarter
            and cells.area_code = areas.area_code
    where cells.is_current and cells.series = 'actual'
),

received as (
    select distinct
        issued.quarter,
        issued.indicator_code,
        issued.area_code,
        coalesce(reporters.reporter_name, forms_in_force.reporter) as reporter_name,
        forms_in_force.received_on
    from issued
    inner join intermediate.indicator_measures as measures
        on
            issued.quarter = measures.quarter
            and issued.indicator_code = measures.indicator_code
    inner join cells_of_districts as cells
        on
            measures.quarter = cells.quarter
            and measures.measure = cells.measure
    inner join staging.areas as areas
        on
            issued.quarter = areas.quarter
            and issued.area_code = areas.area_code
            and (areas.area_level = 'city' or areas.area_code = cells.area_code)
    inner join staging.forms_in_force as forms_in_force
        on
            cells.quarter = forms_in_force.quarter
            and cells.reporter = forms_in_force.reporter
            and cells.form = forms_in_force.form
            and cells.month = forms_in_force.month
            and issued.issued_on < forms_in_force.received_on
    left join staging.expected_reporters as reporters
        on
            forms_in_force.quarter = reporters.quarter
            and forms_in_force.reporter = reporters.reporter
),

corrected as (
    select distinct
        issued.quarter,
        issued.indicator_code,
        issued.area_code,
        raw_measures.name_vi as measure_name,
        places.area_full_name,
        corrections.reason
    from issued
    inner join intermediate.indicator_measures as measures
        on
            issued.quarter = measures.quarter
            and issued.indicator_code = measures.indicator_code
    inner join staging.corrections as corrections
        on
            issued.quarter = corrections.quarter
            and measures.measure = corrections.measure
            and issued.issued_on < corrections.agreed_on
            and corrections.series = 'actual'
    inner join raw.measures as raw_measures on corrections.measure = raw_measures.code
    inner join staging.areas as places
        on
            corrections.quarter = places.quarter
            and corrections.area_code = places.area_code
    inner join staging.areas as areas
        on
            issued.quarter = areas.quarter
            and issued.area_code = areas.area_code
            and (areas.area_level = 'city' or areas.area_code = places.district_code)
),

causes as (
    select
        quarter,
        indicator_code,
        area_code,
        1 as kind,
        reporter_name || ' gửi lại báo cáo ngày '
        || lpad(cast(extract(day from received_on) as varchar), 2, '0')
        || '/' || lpad(cast(extract(month from received_on) as varchar), 2, '0')
        || '/' || cast(extract(year from received_on) as varchar) as cause_vi
    from received
    union all
    select
        quarter,
        indicator_code,
        area_code,
        2 as kind,
        'đính chính ' || measure_name || ' của ' || area_full_name || ': ' || reason as cause_vi
    from corrected
    union all
    select distinct
        issued.quarter,
        issued.indicator_code,
        issued.area_code,
        3 as kind,
        'kế hoạch thay đổi theo ' || targets.document as cause_vi
    from issued
    inner join raw.targets as targets
        on
            issued.indicator_code = targets.indicator_code
            and issued.issued_on < targets.issued_on
            and targets.area_code is null
            and coalesce(targets.year, 9999) >= cast(substr(issued.quarter, 1, 4) as integer)
    union all
    select distinct
        issued.quarter,
        issued.indicator_code,
        issued.area_code,
        4 as kind,
        'đánh giá lại theo ' || assessments.document as cause_vi
    from issued
    inner join raw.assessments as assessments
        on
            issued.quarter = assessments.quarter
            and issued.indicator_code = assessments.indicator_code
            and issued.issued_on < assessments.assessed_on
)

select
    quarter,
    indicator_code,
    area_code,
    kind,
    cause_vi
from causes
order by quarter, indicator_code, area_code, kind, cause_vi
