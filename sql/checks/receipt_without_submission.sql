-- Every receipt has a submission that was read.
-- title_vi: Mọi lần nhận trong sổ phải có tệp đã đọc
-- checks:   raw.receipts
-- inputs:   raw.submissions
-- severity: warn

select
    receipts.quarter,
    receipts.sent_by as area_code,
    receipts.file as subject,
    'no submission' as found,
    receipts.sha256 as expected
from raw.receipts as receipts
left join raw.submissions as submissions
    on
        receipts.quarter = submissions.quarter
        and receipts.sha256 = submissions.sha256
where submissions.sha256 is null
order by receipts.quarter, receipts.seq, receipts.file
