-- Statuses of an indicator in the order in which they are tried, and what is printed for each.
-- grain:  one row per status
-- inputs:
-- units:  sort 1 is tried first
-- source: design of the status function, first match wins; not_yet is ours: a milestone that is not
--         reached before its day is neither on a path nor behind it

select
    statuses.status,
    statuses.print,
    statuses.status_group,
    statuses.sort
from (
    values
    ('not_assessable', 'chưa có tiêu chí, hướng dẫn đánh giá', 'difficult', 1),
    ('not_due', 'chưa đến kỳ báo cáo', 'unknown', 2),
    ('no_data', 'chưa đủ số liệu', 'unknown', 3),
    ('term_exceeded', 'hoàn thành vượt kế hoạch giai đoạn', 'term_done', 4),
    ('term_met', 'hoàn thành kế hoạch giai đoạn', 'term_done', 5),
    ('year_exceeded', 'vượt kế hoạch năm', 'year_done', 6),
    ('year_met', 'đạt kế hoạch năm', 'year_done', 7),
    ('on_track', 'đạt tiến độ', 'on_track', 8),
    ('not_yet', 'chưa đến hạn hoàn thành', 'unknown', 9),
    ('behind', 'chậm tiến độ', 'difficult', 10),
    ('missed', 'không đạt kế hoạch năm', 'difficult', 11),
    ('behind_term', 'chậm lộ trình giai đoạn', 'difficult', 12),
    ('no_plan', 'chưa giao kế hoạch', 'unknown', 13)
) as statuses (status, print, status_group, sort)
order by statuses.sort
