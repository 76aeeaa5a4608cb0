-- Figures of the latest issued briefing of each quarter beside the same figures today.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.quarters, staging.issues, raw.issued_figures, intermediate.indicator_figures
-- units:  numerators and denominators in the measures' units; old as issued, new as computed now
-- source: raw/<programme>/issued/<quarter>.json

select
    issued_figures.quarter,
    issued_figures.indicator_code,
    issued_figures.area_code,
    issues.number as issue_number,
    issues.issued_on,
    issued_figures.numerator as old_numerator,
    issued_figures.denominator as old_denominator,
    issued_figures.status as old_status,
    issued_figures.printed as old_printed,
    figures.numerator as new_numerator,
    figures.denominator as new_denominator,
    figures.value as new_value,
    not coalesce(
        issued_figures.numerator = figures.numerator,
        issued_figures.numerator is null and figures.numerator is null
    )
    or not coalesce(
        issued_figures.denominator = figures.denominator,
        issued_figures.denominator is null and figures.denominator is null
    ) as is_revised
from raw.issued_figures as issued_figures
inner join staging.issues as issues on issued_figures.quarter = issues.quarter
inner join staging.quarters as quarters on issued_figures.quarter = quarters.quarter
left join intermediate.indicator_figures as figures
    on
        issued_figures.quarter = figures.quarter
        and issued_figures.indicator_code = figures.indicator_code
        and issued_figures.area_code = figures.area_code
        and figures.series = 'actual'
order by issued_figures.quarter, issued_figures.indicator_code, issued_figures.area_code
