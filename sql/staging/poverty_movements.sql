-- Columns of the national forms on the movement of poor and near-poor households.
-- grain:  one row per flow
-- inputs:
-- units:  a flow is the stem of two measures, <flow>_households and <flow>_persons; sign of the
--         change within the class; opening + sum(sign * flow) = closing; the
--         last three rows of a class sum its changes: gross, and net with the sign of the change
-- source: "Tổng hợp diễn biến hộ nghèo", "Tổng hợp diễn biến hộ cận nghèo"

select
    movements.class,
    movements.flow,
    movements.flow_print,
    movements.role,
    movements.sign,
    movements.sort
from (
    values
    ('poor', 'poor_opening', 'Tổng số hộ nghèo đầu kỳ', 'opening', 0, 1),
    ('poor', 'poor_to_near_poor', 'Trở thành hộ cận nghèo', 'change', -1, 2),
    ('poor', 'poor_above_near_poor', 'Vượt chuẩn cận nghèo', 'change', -1, 3),
    ('poor', 'poor_other_decrease', 'Giảm khác', 'change', -1, 4),
    ('poor', 'poor_from_near_poor', 'Hộ cận nghèo trở thành hộ nghèo', 'change', 1, 5),
    ('poor', 'poor_returned', 'Tái nghèo', 'change', 1, 6),
    ('poor', 'poor_new', 'Phát sinh mới', 'change', 1, 7),
    ('poor', 'poor_other_increase', 'Tăng khác', 'change', 1, 8),
    ('poor', 'poor', 'Tổng số hộ nghèo cuối kỳ', 'closing', 0, 9),
    ('poor', 'poor_gross_decrease', 'Tổng số giảm', 'gross_decrease', 0, 10),
    ('poor', 'poor_gross_increase', 'Tổng số tăng', 'gross_increase', 0, 11),
    ('poor', 'poor_net', 'Tăng, giảm ròng', 'net', 0, 12),
    ('near_poor', 'near_poor_opening', 'Tổng số hộ cận nghèo đầu kỳ', 'opening', 0, 13),
    ('near_poor', 'near_poor_to_poor', 'Trở thành hộ nghèo', 'change', -1, 14),
    ('near_poor', 'near_poor_above', 'Vượt chuẩn cận nghèo', 'change', -1, 15),
    ('near_poor', 'near_poor_other_decrease', 'Giảm khác', 'change', -1, 16),
    ('near_poor', 'near_poor_from_poor', 'Hộ nghèo trở thành hộ cận nghèo', 'change', 1, 17),
    ('near_poor', 'near_poor_returned', 'Tái cận nghèo', 'change', 1, 18),
    ('near_poor', 'near_poor_new', 'Phát sinh mới', 'change', 1, 19),
    ('near_poor', 'near_poor_other_increase', 'Tăng khác', 'change', 1, 20),
    ('near_poor', 'near_poor', 'Tổng số hộ cận nghèo cuối kỳ', 'closing', 0, 21),
    ('near_poor', 'near_poor_gross_decrease', 'Tổng số giảm', 'gross_decrease', 0, 22),
    ('near_poor', 'near_poor_gross_increase', 'Tổng số tăng', 'gross_increase', 0, 23),
    ('near_poor', 'near_poor_net', 'Tăng, giảm ròng', 'net', 0, 24)
) as movements (class, flow, flow_print, role, sign, sort)
order by movements.sort
