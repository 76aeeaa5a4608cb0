-- Value of every indicator for the city and for each district.
-- grain:  one row per quarter, indicator_code, area_code
-- inputs: staging.issues, intermediate.indicator_figures, intermediate.revised_figures
-- units:  value in the indicator's unit = numerator * scale / denominator, or numerator where
--         denominator is null; qualifier 'khoảng', 'ước' or ''; null = missing or not applicable;
--         mark p = preliminary, the quarter is not issued yet; r = revised since; else ''
-- source: forms as sent; basis is the worst of the cells

select
    figures.quarter,
    figures.indicator_code,
    figures.area_code,
    figures.area_level,
    figures.state,
    figures.value,
    figures.numerator,
    figures.denominator,
    figures.scale,
    figures.areas_reported,
    figures.areas_expected,
    figures.units_reported,
    figures.units_expected,
    coalesce(figures.estimate_rank, 0) > 0 as is_estimate,
    case figures.estimate_rank when 2 then 'khoảng' when 1 then 'ước' else '' end as qualifier,
    case figures.basis_rank
        when 1 then 'published'
        when 2 then 'reported'
        when 3 then 'illustrative'
    end as basis,
    case
        when issues.quarter is null then 'p'
        when revised_figures.is_revised then 'r'
        else ''
    end as mark
from intermediate.indicator_figures as figures
left join staging.issues as issues on figures.quarter = issues.quarter
left join intermediate.revised_figures as revised_figures
    on
        figures.quarter = revised_figures.quarter
        and figures.indicator_code = revised_figures.indicator_code
        and figures.area_code = revised_figures.area_code
where figures.series = 'actual'
order by figures.quarter, figures.indicator_code, figures.area_code
