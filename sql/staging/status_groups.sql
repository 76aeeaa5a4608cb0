-- Groups of statuses as the meeting counts them.
-- grain:  one row per status_group
-- inputs:
-- units:  before_year_end and at_year_end are the plain statuses a recorded group stands for
-- source: headline counts of the year-end meeting

select
    status_groups.status_group,
    status_groups.print,
    status_groups.sort,
    status_groups.before_year_end,
    status_groups.at_year_end
from (
    values
    (
        'term_done',
        'hoàn thành và hoàn thành vượt kế hoạch giai đoạn',
        1,
        'term_met',
        'term_met'
    ),
    ('year_done', 'hoàn thành và vượt kế hoạch năm', 2, 'year_met', 'year_met'),
    ('on_track', 'đạt tiến độ', 3, 'on_track', 'on_track'),
    ('difficult', 'gặp khó khăn', 4, 'behind', 'missed'),
    ('unknown', 'chưa đánh giá', 5, 'no_data', 'no_data')
) as status_groups (status_group, print, sort, before_year_end, at_year_end)
order by status_groups.sort
