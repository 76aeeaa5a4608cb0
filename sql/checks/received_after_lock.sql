-- A file that came after the figures of its quarter were closed does not count without a waiver.
-- title_vi: Báo cáo nhận sau ngày khóa số liệu, chưa được chấp thuận: không tính
-- checks:   staging.receipts
-- severity: warn

select
    quarter,
    reporter as area_code,
    file as subject,
    cast(received_on as varchar) as found,
    'by the lock day' as expected
from staging.receipts
where not is_counted
order by quarter, seq, file
