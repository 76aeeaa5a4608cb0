-- A rate printed on a form is that of its parts.
-- title_vi: Tỷ lệ ghi trên biểu khác tỷ lệ tính từ số liệu gốc
-- checks:   intermediate.stated_rates
-- units:    found and expected in %
-- severity: warn

select
    quarter,
    area_code,
    indicator_code || ' ' || sheet || '!' || cell as subject,
    stated as found,
    cast(numerator * scale as double) / cast(denominator as double) as expected
from intermediate.stated_rates
where
    abs(
        cast(numerator as decimal(19, 4)) * scale
        - stated * cast(denominator as decimal(19, 4))
    ) > tolerance * cast(denominator as decimal(19, 4))
order by quarter, area_code, indicator_code, sheet, cell
